/*
 * A bad line: a small proxy on loopback between the station and the centre, in a process of its
 * own. It does its mischief to the first connections and then carries everything as it is, so that
 * what follows shows whether anything was lost.
 */
#ifndef YIMEN_TESTS_FAULTS_PROXY_H
#define YIMEN_TESTS_FAULTS_PROXY_H

#include <stddef.h>
#include <sys/types.h>

enum mischief {
	PROXY_NONE,
	PROXY_CUT_REQUEST, /* both sides are closed after `at` bytes of the request */
	PROXY_CUT_ANSWER,  /* … after `at` bytes of the answer; the centre has taken it */
	PROXY_DELAY,	   /* each piece comes `at` ms later */
	PROXY_SLOW,	   /* `at` bytes a second, both ways */
	PROXY_DEAF,	   /* accepts, reads, never answers */
	PROXY_TWICE,	   /* the request arrives twice, the second answer is given */
	PROXY_SWAP,	   /* two requests get each other's answers */
	PROXY_SAY	   /* reads the request and says `text` */
};

struct proxy_plan {
	enum mischief what;
	size_t at;
	const char *text;
	size_t connections; /* how many suffer it; 0: all */
};

struct proxy {
	pid_t pid;
	int port;
};

/* Begins to listen on a port of its own; what comes goes to to_port. Exits when it cannot. */
void proxy_start(struct proxy *p, const struct proxy_plan *plan, int to_port);
void proxy_stop(struct proxy *p);

#endif
