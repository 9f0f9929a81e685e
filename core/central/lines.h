/*
 * The connections (lines) of the HTTP server as far as time and room are concerned: each has a
 * moment by which something must have happened, and when there are too many the one that has been
 * idle for longest makes room. Knows descriptors and times, nothing of HTTP.
 */
#ifndef YIMEN_CORE_CENTRAL_LINES_H
#define YIMEN_CORE_CENTRAL_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
	struct line *prev, *next;
	int fd;
	bool loopback;
	uint64_t origin; /* where it comes from: listen_origin */
	bool proxied;	 /* a proxy that is named: its requests come from others */
	bool busy;	 /* a request has begun on it */
	bool waiting;	 /* it has a request whose answer is not there yet */
	bool shut;	 /* shut by us, its end is only a matter of turns; not counted any more */
	int64_t deadline_ms; /* 0: none */
	void *request;	     /* the server's, while busy */
};

/* Zeroed: none. */
struct lines {
	struct line *first; /* the newest */
	unsigned count;
	int64_t swept_ms;
};

struct line *lines_add(struct lines *ls, int fd, bool loopback, int64_t deadline_ms);
void lines_remove(struct lines *ls, struct line *l);
/* Ends it: whoever reads or writes it finds it closed. */
void lines_shut(struct lines *ls, struct line *l);

/* Shuts the line that has been idle for longest, but not this one. false: all are busy. */
bool lines_make_room(struct lines *ls, const struct line *for_this);
/*
 * To be called in every turn; does its work a few times a second: shuts what is past its deadline,
 * and tells `gone` of each waiting line whose other end has stopped sending.
 */
void lines_sweep(struct lines *ls, int64_t now_ms, void (*gone)(struct line *l));

#endif
