/*
 * The demo hall: a throw-away county hall with its own centre on loopback, in a folder under the
 * temporary directory that goes away with it. Real programs and real files throughout; only the
 * hall, its people and its applications are invented.
 */
#ifndef YIMEN_TUI_DEMO_H
#define YIMEN_TUI_DEMO_H

#include "core/base/err.h"
#include "tui/demo_folder.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct buf;

struct demo {
	struct demo_folder folder; /* in it: station, the HOME of the station; centre, its data */
	char *url;		   /* of the centre */
	pid_t centre;		   /* 0: not running */
	pid_t office;		   /* its back office, that decides by rule; 0: there is none */
	bool cut;		   /* the line is cut for the exercise */
	sigset_t signals_before;
};

/*
 * Says each step on stderr. On failure everything begun is taken back. office: a back office
 * (data/demo/backoffice.csv) asks for corrections, decides and delays while one works. fault:
 * trouble on demand, as yimen-central's --fault has it; NULL: none. From here until demo_close the
 * signals that end a program are only noted: whoever works in the hall takes them from a
 * descriptor, and none of them, however many come, ends it with its folder left behind.
 */
enum err demo_open(struct demo *d, bool office, const char *fault, struct buf *why);
/* Stops the centre and removes the folder; then a signal that nobody took strikes. Nothing for a
 * zeroed one. */
void demo_close(struct demo *d);

/* The exercise “断网”: the centre stands still (or goes on), as if the line were cut. */
void demo_cut(struct demo *d, bool cut);

#endif
