/*
 * A station and a centre of the real programs, in a folder of their own, with the demo matters in
 * both and an application that is right. The centre keeps its port when it dies and comes back.
 */
#ifndef YIMEN_TESTS_FAULTS_STAGE_H
#define YIMEN_TESTS_FAULTS_STAGE_H

#include "tests/faults/program.h"

#include <stdbool.h>
#include <stddef.h>

struct stage {
	char folder[64];
	char home[280], data[80], answers[96]; /* of the station, of the centre, the application */
	char matter[64];
	char url[160]; /* of the centre: the station's setting */
	int port;
	struct program centre;
	char **receipts; /* local receipts that a person was given */
	size_t receipt_count;
	char env_home[300], env_url[192];
	const char *env[8]; /* for programs of the station */
};

/* Exits when it cannot be set up. */
void stage_open(struct stage *s);
/* The same matter and application over another folder, laid out in the same way. */
void stage_move(struct stage *s, const char *folder);
void stage_close(struct stage *s); /* ends what runs, removes the folder */

/* options: words for the command line, closed by NULL; may be NULL. extra: more environment. false:
 * it did not come up (it has ended then, centre.sighed says why). */
bool stage_centre_start(struct stage *s, const char *const *options, const char *const *extra);
void stage_centre_kill(struct stage *s); /* SIGKILL, whatever it does */
int stage_centre_stop(struct stage *s);	 /* SIGTERM; its exit code */
bool stage_centre_runs(const struct stage *s);
/* The station is to use this address instead of the centre's own (a proxy in between). */
void stage_url(struct stage *s, const char *url);

/* From now on applications carry this paper; NULL: none. */
void stage_write_answers(struct stage *s, const char *paper);

/* Starts "yimen apply" / "yimen-deliver MODE"; extra as above. */
void stage_apply(struct stage *s, struct program *p, const char *const *extra);
void stage_deliver(struct stage *s, struct program *p, const char *mode, const char *const *extra);
/* What an apply has printed is a promise: remembers the receipt, if it is there. */
bool stage_promise(struct stage *s, const struct program *p);
void stage_promise_receipt(struct stage *s, const char *receipt);
/* One application by a run that must succeed. */
void stage_apply_now(struct stage *s);
/* deliver --once until nothing waits, at most `rounds` times; false: something still waits. */
bool stage_peace(struct stage *s, int rounds);

/* Runs a command of the station ("yimen", …) or the centre; the exit code. */
int stage_station(struct stage *s, struct program *p, const char *const *words);
int stage_central(struct stage *s, struct program *p, const char *const *words);

#endif
