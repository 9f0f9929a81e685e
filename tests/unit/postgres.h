/*
 * A real PostgreSQL server for a test: made by initdb in a folder of its own, reached by its Unix
 * socket only, flushing as in earnest. PostgreSQL does not run as root: then it runs as the user
 * postgres or nobody. What fails here ends the program with a sentence.
 */
#ifndef YIMEN_TESTS_UNIT_POSTGRES_H
#define YIMEN_TESTS_UNIT_POSTGRES_H

#include <sys/types.h>

struct postgres {
	char dir[64];
	char bin[128];
	pid_t pid; /* 0: does not run */
};

void postgres_make(struct postgres *p); /* and starts it */
void postgres_start(struct postgres *p);
/* SIGQUIT: at once, as if the machine were cut off; SIGINT: closes its connections first. */
void postgres_stop(struct postgres *p, int signo);
void postgres_remove(struct postgres *p);
/* A standby of p, started; p then acknowledges only what it has as well. */
void postgres_make_standby(struct postgres *standby, struct postgres *p);
/* Takes writes from now on, and has no standby of its own. */
void postgres_promote(struct postgres *standby);
/* A new empty database; out: its connection string, without blanks. */
void postgres_database(const struct postgres *p, const char *name, char out[256]);
/* Runs a statement; its first value as a number, 0 if none. */
long postgres_ask(const char *conninfo, const char *sql);

#endif
