/*
 * The kin of the workstation in Debian: full-screen programs, each over some sixty lines of
 * Chinese. What they look at is made by peers.sh.
 */
#ifndef YIMEN_TESTS_BENCH_PEERS_H
#define YIMEN_TESTS_BENCH_PEERS_H

#include <stddef.h>

struct peer {
	const char *name;
	const char *argv[24];
	const char *before; /* keys to where one steps; NULL: none */
	const char *key;
};

enum {
	PEERS_MAX = 5
};
struct peers {
	struct peer list[PEERS_MAX];
	size_t count;
	const char *env[4];
	char home[300], repo[300], mbox[300], rc[300], urls[300], cache[300], config[300];
};

/* Borrows nothing; argv and env point into p. Whether they are installed is not looked at. */
void peers_make(struct peers *p, const char *folder);

#endif
