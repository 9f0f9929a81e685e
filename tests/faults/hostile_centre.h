/*
 * A centre that means no good, in a process of its own: whatever it is asked, it answers in one
 * manner. It reads whole requests and serves any number of connections at once.
 */
#ifndef YIMEN_TESTS_FAULTS_HOSTILE_CENTRE_H
#define YIMEN_TESTS_FAULTS_HOSTILE_CENTRE_H

#include <stdint.h>
#include <sys/types.h>

struct manner {
	const char *name;
	/* Answers one request (method and path in `request`); the connection is closed after it. */
	void (*answer)(int fd, const char *request);
};

extern const struct manner manners[]; /* closed by a NULL name */
/* To who wants to be admitted: commands of a terminal in a name, in a sentence; a token of two
 * lines. */
extern const struct manner admission_with_commands, refusal_with_commands, admission_with_a_header;
/* Of them, and one that never ends by itself. */
extern const struct manner refusal_at_length;
extern const struct manner catalogue_of_3_gb, catalogue_unreadable, catalogue_without_end;

struct hostile {
	pid_t pid;
	int port;
	volatile uint64_t *asked; /* how many requests it has had */
};

void hostile_start(struct hostile *h, const struct manner *m);
void hostile_stop(struct hostile *h);

#endif
