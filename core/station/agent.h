/*
 * The deliverer at work: opens the station's file and the line, delivers, listens. One at a time
 * per station (flock on HOME/deliver.lock: a lock of the system, never a flag in a row).
 *
 * Events for the workstation, one line each, fields separated by TAB:
 *	link	up|down|unknown|none	round trip in ms	reason
 *	pause	ms until the line is tried again
 *	changed
 * reason: a sentence when down or none (the station is not enrolled; it is looked again every
 * second). changed: something in the station's file has.
 *
 * Wishes from the workstation: "retry" (forget every pause), "look" (a letter was posted). End of
 * file: the workstation is gone, finish and stop.
 */
#ifndef YIMEN_CORE_STATION_AGENT_H
#define YIMEN_CORE_STATION_AGENT_H

#include "core/base/err.h"

#include <stdbool.h>

struct buf;

enum agent_mode {
	AGENT_ONCE,
	AGENT_WATCH,
	AGENT_EVENTS,
	AGENT_SYNC,
	AGENT_RECONCILE,
	AGENT_ENROL,
	AGENT_LOOK
};

struct agent_options {
	enum agent_mode mode;
	char *home;
	int stop_fd;	  /* readable: stop; -1: none */
	const char *url;  /* AGENT_ENROL */
	const char *code; /* AGENT_ENROL */
	const char *date; /* AGENT_RECONCILE: YYYY-MM-DD; NULL: today */
	bool as_json;	  /* AGENT_RECONCILE */
	bool send_again;  /* AGENT_RECONCILE: what the centre has lost waits again */
	bool restored;	  /* AGENT_SYNC: also what this station has lost (recover.h) */
};

/*
 * EXIT_DONE: nothing waits any more but behind what is held (ONCE), or told to stop. EXIT_REFUSED:
 * letters were held in this round (what was refused or kept back before does not count). EXIT_ENV:
 * the line or the disk failed and letters still wait. RECONCILE: EXIT_DONE no difference,
 * EXIT_REFUSED differences, EXIT_ENV the centre was not reached. LOOK: EXIT_DONE the centre answers
 * and admits this station, EXIT_REFUSED it does not admit it, EXIT_ENV it was not reached or can
 * take nothing. why gets the sentence for the person.
 */
enum exit_code agent_run(const struct agent_options *o, struct buf *why);

#endif
