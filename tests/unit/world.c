#include "tests/unit/world.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/station/acts.h"
#include "core/station/draft.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/scratch.h"

static int64_t wall(void *arg)
{
	return ((struct world *)arg)->wall_ms;
}

static int64_t mono(void *arg)
{
	return ((struct world *)arg)->mono_ms;
}

/* xorshift64* */
uint64_t world_chance(struct world *w)
{
	w->chance ^= w->chance >> 12;
	w->chance ^= w->chance << 25;
	w->chance ^= w->chance >> 27;
	return w->chance * 0x2545F4914F6CDD1DULL;
}

static void fill(void *arg, void *out, size_t len_bytes)
{
	unsigned char *at = out;

	while (len_bytes-- > 0)
		*at++ = (unsigned char)(world_chance(arg) >> 56);
}

static void open_store(struct world *w)
{
	if (store_open(&w->store, w->folder, &w->clock, &w->entropy, NULL) != OK)
		abort();
}

void world_init(struct world *w, uint64_t seed)
{
	*w = (struct world){.mono_ms = 1000, .chance = seed * 2 + 1};
	clock_parse_iso("2026-11-24T10:00:00+08:00", &w->wall_ms);
	w->clock = (struct clock){wall, mono, w};
	w->entropy = (struct entropy){fill, w};
}

void world_open(struct world *w, uint64_t seed)
{
	world_init(w, seed);
	w->folder = scratch_folder();
	open_store(w);
}

void world_close(struct world *w)
{
	store_close(w->store);
	scratch_remove(w->folder);
}

void world_restart(struct world *w)
{
	store_close(w->store);
	open_store(w);
}

void world_pass(struct world *w, int64_t ms)
{
	w->wall_ms += ms;
	w->mono_ms += ms;
}

void world_draft(struct world *w, char id[ID_UUID_SIZE])
{
	static char code[] = "11371323X", name[] = "测试事项", who[] = "0317", window[] = "03";
	const struct draft origin = {
		.task_code = code, .task_name = name, .operator_name = who, .window = window};

	if (draft_begin(w->store, &origin, id) != OK)
		abort();
}

struct application world_application(const char *draft_id)
{
	return (struct application){.draft_id = draft_id,
		.station = "test",
		.applyer_name = "李样例",
		.applyer_type = "1",
		.answers_json = "{\"applicant_name\":\"李样例\"}"};
}

void world_submit(struct world *w, char receipt[LOCAL_RECEIPT_SIZE], char case_id[ID_UUID_SIZE])
{
	struct application a;

	world_draft(w, case_id);
	a = world_application(case_id);
	if (case_submit(w->store, &a, receipt, NULL) != OK)
		abort();
}

enum err world_try_attach(struct world *w, const char *draft_id, const char *file)
{
	return paper_attach(w->store, draft_id, "材料", NULL, file, NULL);
}

static void count_paper(void *arg, const struct paper *p)
{
	(void)p;
	++*(int *)arg;
}

int world_papers(struct world *w, const char *draft_id)
{
	int n = 0;

	papers_each(w->store, draft_id, count_paper, &n);
	return n;
}

char *world_attach(struct world *w, const char *draft_id, unsigned number, size_t size)
{
	struct buf path = {0}, material = {0};
	FILE *f;
	size_t i;

	buf_printf(&path, "%s/scan-%u.pdf", w->folder, number);
	buf_printf(&material, "材料%u", number);
	f = fopen(path.data, "w");
	if (f == NULL)
		abort();
	fputs("%PDF-", f);
	for (i = 5; i < size; i++)
		putc((int)((i * 31 + number * 7 + i / 251) & 0xFF), f);
	fclose(f);
	if (paper_attach(w->store, draft_id, material.data, NULL, path.data, NULL) != OK)
		abort();
	buf_fini(&material);
	return buf_take(&path);
}

void world_accept(struct world *w, const char *case_id)
{
	const struct act_order order = {.case_number = case_id,
		.act = ACT_ACCEPT,
		.station = "乡镇01",
		.operator_name = "0317",
		.window = "03",
		.facts = "{}"};

	if (act_do(w->store, &order, NULL) != OK)
		abort();
}

void world_settle(struct world *w, const char *case_id, struct outbox_outcome *o)
{
	struct letter l;

	if (outbox_get(w->store, case_id, &l) != OK)
		abort();
	memcpy(o->id, l.id, sizeof o->id);
	letter_fini(&l);
	if (outbox_settle(w->store, o, 1) != OK)
		abort();
}
