/*
 * A demo back office: moves the cases of a running centre by rules (office_rules.h), through the
 * administrator's socket like any command. It remembers nothing: what a case waits for follows from
 * the centre's own file, so it may be killed and started again at any moment, and nothing is done
 * twice (each act names the event it goes by).
 */
#ifndef YIMEN_CORE_CENTRAL_BACKOFFICE_H
#define YIMEN_CORE_CENTRAL_BACKOFFICE_H

#include <stdbool.h>
#include <stdint.h>

struct backoffice_options {
	const char *rules; /* file; NULL: the shipped ones of the demo hall */
	uint64_t seed;
	int speed;  /* so many demo seconds a second */
	int day_s;  /* demo seconds of a working day */
	int wait_s; /* for a centre that is not there, or not any more */
	bool once;  /* what is due now, then the end; also without a running centre */
	bool quiet;
};

/* Prints a line for each act; returns the exit code. Without once: until it is stopped, or the
 * centre has not been there for wait_s; that it waits is said when that begins. */
int backoffice_run(const char *dir, const struct backoffice_options *o);

#endif
