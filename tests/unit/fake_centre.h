/*
 * A centre and a line in memory, ruled by chance: the transport of delivery tests. It keeps what a
 * real centre keeps (key -> body and answer, case -> current version, papers by digest) and loses,
 * repeats, delays and garbles what a real line does.
 */
#ifndef YIMEN_TESTS_UNIT_FAKE_CENTRE_H
#define YIMEN_TESTS_UNIT_FAKE_CENTRE_H

#include "core/base/buf.h"
#include "core/base/id.h"
#include "core/station/papers.h"
#include "core/station/transport.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world;

enum {
	FAKE_FLYING_MAX = 64,
	FAKE_LETTERS_MAX = 512,
	FAKE_PAPERS_MAX = 64
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
	FATE_HALF,    /* half of the request arrives: of a paper's piece it is kept */
	FATE_ERROR_500,
	FATE_BUSY_503, /* with Retry-After */
	FATE_RUNNING_409,
	FATE__MAX
};

/* A letter that was taken. */
struct fake_letter {
	char key[ID_UUID_SIZE], case_id[ID_UUID_SIZE];
	char *body;
	char number[32];
	int heard; /* how often its receipt was given */
};

struct fake_case {
	char id[ID_UUID_SIZE], key[ID_UUID_SIZE]; /* key: its current version */
	char number[32];
	int versions;
};

struct fake_paper {
	char sha256[PAPER_HEX_SIZE];
	struct buf bytes; /* received so far */
	int64_t size;
	bool complete;
	int completed; /* how often: once is right */
	size_t taken;  /* bytes that came with pieces, repeated ones included */
};

struct fake_flight {
	void *tag;
	char method[8], path[128], key[ID_UUID_SIZE];
	char *body;
	size_t body_len;
	int64_t offset, length;
	enum fake_fate fate;
	int64_t due_mono;
};

struct fake_centre {
	struct world *world;
	int trouble_percent;	/* how often fate is not good */
	int refuse_percent;	/* how often a letter's content is refused (422) */
	bool refuse, forbid;	/* answers every letter with 422 / 403 */
	bool busy;		/* every request: 503, again in ten minutes */
	const char *busy_until; /* of busy: another Retry-After; NULL: none */
	bool dead;		/* nobody answers at all */
	bool no_papers;		/* a centre that knows no papers */
	bool papers_full;	/* its disk has room for letters only: 503 for each piece */
	bool strict;		/* a version of a case it does not know is refused */
	bool wordy;		/* a refusal is longer than a station reads */
	char refused[64];	/* this key's content is refused (422) */
	char poison[64]; /* this key's answer is never the centre's: something between garbles it */
	int slow_ms;	 /* every piece takes so long */
	struct fake_letter letters[FAKE_LETTERS_MAX];
	size_t letter_count;
	struct fake_case cases[FAKE_LETTERS_MAX];
	size_t case_count;
	struct fake_paper papers[FAKE_PAPERS_MAX];
	size_t paper_count;
	struct fake_flight flying[FAKE_FLYING_MAX];
	size_t flying_count;
	struct fake_lent {
		char body[512], key[ID_UUID_SIZE];
	} lent[FAKE_FLYING_MAX]; /* lent until the next poll */
	bool other_body_for_key; /* a repeat differed: never allowed */
	bool paper_not_as_named; /* a whole paper whose digest is another */
	size_t most_in_flight;
	size_t largest_piece;
};

void fake_centre_init(struct fake_centre *f, struct world *w);
void fake_centre_fini(struct fake_centre *f);
struct transport fake_centre_transport(struct fake_centre *f);
/* What was in the air is gone: the deliverer died. */
void fake_centre_forget_flying(struct fake_centre *f);
struct fake_letter *fake_centre_find(struct fake_centre *f, const char *key);
struct fake_case *fake_centre_case(struct fake_centre *f, const char *case_id);
struct fake_paper *fake_centre_paper(struct fake_centre *f, const char *sha256);

#endif
