/*
 * A small world for tests: a clock and chance of our own, and a station in a folder of its own.
 */
#ifndef YIMEN_TESTS_UNIT_WORLD_H
#define YIMEN_TESTS_UNIT_WORLD_H

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/cases.h"

#include <stdint.h>

struct outbox_outcome;
struct store;

struct world {
	int64_t wall_ms, mono_ms;
	uint64_t chance; /* state of the generator: the same seed tells the same story */
	struct clock clock;
	struct entropy entropy;
	char *folder;
	struct store *store;
};

/* Clock and chance alone: 2026-11-24 10:00 in the zone of the tests. */
void world_init(struct world *w, uint64_t seed);
/* The same with a folder and an open store. */
void world_open(struct world *w, uint64_t seed);
void world_close(struct world *w);
/* The program dies and starts again. */
void world_restart(struct world *w);
void world_pass(struct world *w, int64_t ms);
uint64_t world_chance(struct world *w);

/* Begins a draft with one answer and submits it. */
void world_submit(struct world *w, char receipt[LOCAL_RECEIPT_SIZE], char case_id[ID_UUID_SIZE]);
void world_draft(struct world *w, char id[ID_UUID_SIZE]);
/* Puts a scan of some size with the draft, as "材料N"; the same number gives the same bytes.
 * Returns the file (free it). */
char *world_attach(struct world *w, const char *draft_id, unsigned number, size_t size);
/* A scan that is there, and how it went; how many the draft has. */
enum err world_try_attach(struct world *w, const char *draft_id, const char *file);
int world_papers(struct world *w, const char *draft_id);
/* The application of that draft with little in it. */
struct application world_application(const char *draft_id);
/* 0317 at window 03 accepts the case. */
void world_accept(struct world *w, const char *case_id);
/* What the centre said of the last letter of a case; o names it from then on. */
void world_settle(struct world *w, const char *case_id, struct outbox_outcome *o);

#endif
