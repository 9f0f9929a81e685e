#include "tui/change_rows.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

enum {
	DAY_MS = 86400000,
	CHANGES_MAX = 20000
};

const char *change_kind_name(enum catalogue_change_kind k)
{
	static const char *const names[CATALOGUE_CHANGE__MAX] = {[CATALOGUE_ADDED] = N_("新增"),
		[CATALOGUE_CHANGED] = N_("变更"),
		[CATALOGUE_WITHDRAWN] = N_("取消")};

	return tr(names[k]);
}

void change_rows_fini(struct change_rows *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->rows[i].code);
		free(r->rows[i].name);
		free(r->rows[i].dept);
	}
	free(r->rows);
	*r = (struct change_rows){0};
}

struct reading {
	struct change_rows *rows;
	int32_t day;
};

static void add_change(void *arg, const struct catalogue_change *c)
{
	const struct reading *g = arg;
	struct change_rows *r = g->rows;

	if (clock_day(c->at_ms) != g->day || r->count == CHANGES_MAX)
		return;
	r->rows = mem_resize(r->rows, r->count + 1, sizeof(*r->rows));
	r->rows[r->count++] = (struct change_row){c->kind, mem_strdup(c->code), mem_strdup(c->name),
		mem_strdup(c->dept_name), c->seq_before, c->seq_after};
	r->by_kind[c->kind]++;
}

static int by_weight(const void *a, const void *b)
{
	static const int weight[CATALOGUE_CHANGE__MAX] = {
		[CATALOGUE_CHANGED] = 0, [CATALOGUE_WITHDRAWN] = 1, [CATALOGUE_ADDED] = 2};
	const struct change_row *x = a, *y = b;

	return weight[x->kind] - weight[y->kind];
}

void change_rows_read(struct change_rows *r, struct catalogue *c, int32_t day)
{
	struct reading g = {r, day};

	change_rows_fini(r);
	/* A day more covers every time zone; add_change takes the local day. */
	catalogue_changes(c, (int64_t)(day - 1) * DAY_MS, 0, add_change, &g);
	if (r->count > 0)
		qsort(r->rows, r->count, sizeof(*r->rows), by_weight);
}
