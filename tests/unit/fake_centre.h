/*
 * A centre and a line in memory, ruled by chance: the transport of delivery tests. It keeps what a
 * real centre keeps (key -> body and answer) and loses, repeats, delays and garbles what a real
 * line does.
 */
#ifndef YIMEN_TESTS_UNIT_FAKE_CENTRE_H
#define YIMEN_TESTS_UNIT_FAKE_CENTRE_H

#include "core/station/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

enum {
	FAKE_FLYING_MAX = 64,
	FAKE_CASES_MAX = 256
};

/* What may happen to one exchange. */
enum fake_fate {
	FATE_GOOD,
	FATE_REQUEST_LOST,
	FATE_ANSWER_LOST, /* the centre took it, nobody hears */
	FATE_TWICE,	  /* the line repeats the request */
	FATE_PORTAL,	  /* 200, HTML */
	FATE_REDIRECT,
	FATE_FOREIGN, /* a receipt of another letter */
	FATE_CUT,     /* half a JSON document */
	FATE_ERROR_500,
	FATE_BUSY_503, /* with Retry-After */
	FATE_RUNNING_409,
	FATE__MAX
};

struct fake_case {
	char key[64];
	char body[2048];
	char number[32];
	int heard; /* how often its receipt was given */
};

struct fake_flight {
	void *tag;
	char key[64], body[2048];
	enum fake_fate fate;
	int64_t due_mono;
};

struct fake_centre {
	struct world *world;
	int trouble_percent; /* how often fate is not good */
	bool refuse, forbid; /* answers every letter with 422 / 403 */
	bool dead;	     /* nobody answers at all */
	struct fake_case cases[FAKE_CASES_MAX];
	size_t case_count;
	struct fake_flight flying[FAKE_FLYING_MAX];
	size_t flying_count;
	struct fake_lent {
		char body[512], key[64];
	} lent[FAKE_FLYING_MAX]; /* lent until the next poll */
	bool other_body_for_key; /* a repeat differed: never allowed */
	size_t most_in_flight;
};

void fake_centre_init(struct fake_centre *f, struct world *w);
struct transport fake_centre_transport(struct fake_centre *f);
struct fake_case *fake_centre_find(struct fake_centre *f, const char *key);

#endif
