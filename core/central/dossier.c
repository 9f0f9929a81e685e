#include "core/central/dossier.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/store.h"

/* Newest first: what is known already is not asked of older events. */
struct reading {
	struct dossier *d;
	json **supplies; /* letters that brought what was owed, since the acceptance */
	size_t supply_count;
};

static bool is(const char *kind, const char *name)
{
	return strcmp(kind, name) == 0;
}

static int32_t day_said(const json *facts, const char *name)
{
	const char *text = json_get_str(facts, name);
	struct date d;

	return text != NULL && date_parse(text, &d) ? date_to_day(d) : 0;
}

static bool moves_due(const char *kind)
{
	return is(kind, "accept") || is(kind, "resume") || is(kind, "extend");
}

static void keep_supply(struct reading *r, json *root)
{
	r->supplies = mem_resize(r->supplies, r->supply_count + 1, sizeof(json *));
	r->supplies[r->supply_count++] = root;
}

/* A copy: the letter itself may be kept for what else it says. */
static void keep_warned(struct dossier *d, const struct event_body *b, const json *root)
{
	json *copy = NULL;

	if (b->of_office || is(b->kind, "application") ||
		json_first(json_get(root, "accepted_warnings")) == NULL ||
		json_parse(&copy, b->text, b->len_bytes, NULL) != OK)
		return;
	d->warned = mem_resize(d->warned, d->warned_count + 1, sizeof *d->warned);
	d->warned[d->warned_count++] = (struct dossier_act){json_get_str(copy, "kind"), copy};
}

/* Takes root over, or frees it. */
static void take(struct reading *r, const struct event_body *b, json *root)
{
	struct dossier *d = r->d;
	const json *facts = b->of_office ? root : json_get(root, "answers");

	keep_warned(d, b, root);
	if (d->due_day == 0 && d->accepting == NULL && moves_due(b->kind))
		d->due_day = day_said(facts, "due_date");
	d->extended |= is(b->kind, "extend");
	if (d->suspended_day == 0 && is(b->kind, "suspend"))
		d->suspended_day = clock_day(b->at_ms);
	if (d->application == NULL && is(b->kind, "application")) {
		d->application = root;
	} else if (d->accepting == NULL && is(b->kind, "accept")) {
		d->accepting = root;
		d->acceptance = facts;
		d->accepted_day = clock_day(b->at_ms);
	} else if (d->accepting == NULL && is(b->kind, "supply")) {
		keep_supply(r, root);
	} else {
		json_free(root);
	}
}

static void each_body(void *arg, const struct event_body *b)
{
	json *root = NULL;

	if (json_parse(&root, b->text, b->len_bytes, NULL) == OK)
		take(arg, b, root);
}

static bool is_supplied(const struct reading *r, const char *name)
{
	const json *one;
	size_t i;

	for (i = 0; i < r->supply_count; i++) {
		const json *list = json_get(json_get(r->supplies[i], "answers"), "supplied");
		for (one = json_first(list); one != NULL; one = json_next(one))
			if (json_str(one) != NULL && strcmp(json_str(one), name) == 0)
				return true;
	}
	return false;
}

static void find_owed(struct reading *r)
{
	struct dossier *d = r->d;
	const json *one;

	for (one = json_first(json_get(d->acceptance, "owed")); one != NULL; one = json_next(one)) {
		const char *name = json_get_str(one, "name");
		if (name == NULL || is_supplied(r, name))
			continue;
		d->owed = mem_resize(d->owed, d->owed_count + 1, sizeof *d->owed);
		d->owed[d->owed_count++] = (struct dossier_owed){name, day_said(one, "due_date")};
	}
}

enum err dossier_read(struct dossier *d, struct central_store *s, const char *project_no)
{
	struct reading r = {.d = d};
	enum err e;
	size_t i;

	*d = (struct dossier){0};
	e = s->ops->bodies(s, project_no, each_body, &r);
	if (e == OK)
		find_owed(&r);
	for (i = 0; i < r.supply_count; i++)
		json_free(r.supplies[i]);
	free(r.supplies);
	if (e != OK)
		dossier_fini(d);
	return e;
}

void dossier_fini(struct dossier *d)
{
	json_free(d->application);
	json_free(d->accepting);
	free(d->owed);
	for (size_t i = 0; i < d->warned_count; i++)
		json_free(d->warned[i].letter);
	free(d->warned);
	*d = (struct dossier){0};
}

void dossier_list_owed(const struct dossier *d, int32_t before_day, struct buf *out)
{
	size_t i;
	bool any = false;

	for (i = 0; i < d->owed_count; i++) {
		if (before_day != 0 && d->owed[i].day >= before_day)
			continue;
		buf_printf(out, "%s%s", any ? tr("、") : "", d->owed[i].name);
		any = true;
	}
}

bool dossier_is_overdue(const struct dossier *d, int32_t day)
{
	size_t i;

	for (i = 0; i < d->owed_count; i++)
		if (d->owed[i].day < day)
			return true;
	return false;
}
