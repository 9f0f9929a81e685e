/* One run of a real program: its output kept, its end awaited or brought about. */
#ifndef YIMEN_TESTS_FAULTS_PROGRAM_H
#define YIMEN_TESTS_FAULTS_PROGRAM_H

#include "core/base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	PROGRAM_PATIENCE_US = 60 * 1000 * 1000 /* longer than any honest run */
};

struct program {
	pid_t pid;		 /* 0: not running */
	int fds[2];		 /* its output and error; -1: closed */
	struct buf said, sighed; /* what came there */
	bool late;		 /* it did not end by itself within its time */
	long peak_kib;		 /* most memory it had resident */
};

/*
 * argv[0] is a program of $BUILD, or a path with a slash. env: NAME=VALUE over our own environment,
 * closed by NULL; may be NULL. A zeroed struct is ready for use, and again after program_end. Exits
 * when nothing can be started at all.
 */
void program_start(struct program *p, const char *const *argv, const char *const *env);

/*
 * Reads its output until it has ended; after patience_us it is sent the signal (and SIGKILL if that
 * does not end it). Returns the exit code, or 128 + the signal that ended it.
 */
int program_end(struct program *p, int64_t patience_us, int signal_number);

/* Reads until the text was said (true), the program closed its output or the time is over. */
bool program_says(struct program *p, const char *text, int64_t patience_us);

/* start and end. */
int program_run(struct program *p, const char *const *argv, const char *const *env);

void program_fini(struct program *p); /* kills what still runs */

int64_t program_now_us(void); /* monotonic */

#endif
