#include "tui/act_keep.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/act_begun.h"
#include "core/station/draft_lock.h"
#include "core/station/store.h"
#include "forms/entry.h"
#include "tui/act_form.h"

struct act_proposed {
	char *place, *value;
};

/* ---- what the form proposes ---- */

static void note_proposed(void *arg, const char *place, const char *value)
{
	struct act_keep *k = arg;

	if (value == NULL)
		return;
	k->list = mem_resize(k->list, k->count + 1, sizeof *k->list);
	k->list[k->count++] = (struct act_proposed){mem_strdup(place), mem_strdup(value)};
}

static const char *proposed_at(const struct act_keep *k, const char *place)
{
	for (size_t i = 0; i < k->count; i++)
		if (strcmp(k->list[i].place, place) == 0)
			return k->list[i].value;
	return NULL;
}

/* ---- putting back ---- */

static bool is_in(const char *place, const char *repetition)
{
	size_t len = strlen(repetition);

	return strncmp(place, repetition, len) == 0 && place[len] == '/';
}

struct emptied {
	const char *repetition;
	bool found;
};

static void see_emptied(void *arg, const char *place, const char *value)
{
	struct emptied *m = arg;

	m->found |= value[0] == '\0' && is_in(place, m->repetition);
}

/* Proposals were taken out of this repetition, and nothing is in it: it had been removed. */
static bool was_removed(struct act_keep *k, const char *repetition)
{
	struct act_form *f = k->form;
	struct emptied m = {repetition, false};
	const struct entry_line *lines;
	struct buf place = {0};
	size_t n = entry_lines(f->entry, &lines), i;

	act_begun_each_answer(f->store, f->case_id, f->act, see_emptied, &m);
	for (i = 0; m.found && i < n; i++) {
		if (lines[i].node == NULL || lines[i].value[0] == '\0')
			continue;
		buf_clear(&place);
		entry_place(f->entry, lines[i].node, &place);
		m.found = !is_in(buf_str(&place), repetition);
	}
	buf_fini(&place);
	return m.found;
}

/* From the end, so that the places before it stay. */
static void remove_repetitions(struct act_keep *k)
{
	struct entry *e = k->form->entry;
	const struct entry_line *lines;
	struct buf place = {0};
	size_t i = entry_lines(e, &lines);

	while (i-- > 0) {
		struct node *node = lines[i].node;
		if (lines[i].field->type != FIELD_REPEAT || lines[i].repetition == 0)
			continue;
		buf_clear(&place);
		entry_place(e, node, &place);
		if (!was_removed(k, buf_str(&place)))
			continue;
		entry_repeat_remove(e, node);
		entry_lines(e, &lines);
	}
	buf_fini(&place);
}

static void put_back(void *arg, const char *place, const char *value)
{
	entry_set_place(((struct act_keep *)arg)->form->entry, place, value);
}

static void read_reason(void *arg, const struct act_reason *r)
{
	reasons_put(arg, r->place, r->reason, r->told);
}

/* Where what they were given for still warns. */
static void put_reasons_back(struct act_keep *k)
{
	struct act_form *f = k->form;

	act_begun_each_reason(f->store, f->case_id, f->act, read_reason, &k->reasons);
	for (size_t i = 0; i < k->reasons.count; i++) {
		const struct kept_reason *r = &k->reasons.list[i];
		struct node *n = entry_find(f->entry, r->place);
		if (n != NULL)
			entry_restore_reason(f->entry, n, r->given, r->told);
	}
}

static void note_begun(void *arg, const struct act_begun *b)
{
	struct act_keep *k = arg;

	if (b->act != k->form->act)
		return;
	k->begun_ms = b->begun_ms;
	k->begun_by = mem_strdup(b->operator_name);
	buf_adds(&k->place, b->place);
}

static void ignore(void *arg, const char *place, const char *value)
{
	(void)arg;
	(void)place;
	(void)value;
}

enum err act_keep_open(struct act_keep **out, struct act_form *f, const char *operator_name,
	const char *window, struct buf *why)
{
	unsigned unread = store_unread(f->store, NULL);
	struct draft_lock *lock = NULL;
	struct act_keep *k;
	enum err e;

	if (draft_lock_take(&lock, f->store, f->case_id) == ERR_BUSY) {
		buf_why(why, "%s", tr("这一件正在别处填写, 请先在那里办完或退出。"));
		return ERR_BUSY; /* any other failure: the work goes on without it */
	}
	k = mem_alloc(sizeof *k);
	*k = (struct act_keep){.form = f,
		.operator_name = mem_strdup(operator_name),
		.window = mem_strdup(window),
		.lock = lock};
	entry_changed(f->entry, note_proposed, k);
	act_begun_each(f->store, NULL, f->case_id, note_begun, k);
	if (k->begun_ms != 0) {
		act_begun_each_answer(f->store, f->case_id, f->act, put_back, k);
		remove_repetitions(k);
		put_reasons_back(k);
		entry_changed(f->entry, ignore, NULL);
	}
	entry_saved(f->entry);
	e = store_read_since(f->store, unread);
	if (e == OK)
		*out = k;
	else
		act_keep_free(k); /* it would be saved without what could not be read */
	return e;
}

/* ---- saving ---- */

struct changed {
	struct act_keep *keep;
	struct act_answer *list;
	size_t count;
	struct act_reason *reasons;
	size_t reason_count;
};

static void add_changed(void *arg, const char *place, const char *value)
{
	struct changed *c = arg;
	const char *proposed = proposed_at(c->keep, place);

	if (value == NULL && proposed != NULL)
		value = "";
	else if (value != NULL && proposed != NULL && strcmp(value, proposed) == 0)
		value = NULL;
	c->list = mem_resize(c->list, c->count + 1, sizeof *c->list);
	c->list[c->count++] = (struct act_answer){mem_strdup(place), mem_strdup(value)};
}

/* Borrowed of what stands now, or of what was saved. */
static void add_reason(void *arg, const struct kept_reason *now)
{
	struct changed *c = arg;

	c->reasons = mem_resize(c->reasons, c->reason_count + 1, sizeof *c->reasons);
	c->reasons[c->reason_count++] = (struct act_reason){now->place, now->given, now->told};
}

static void free_changed(struct changed *c)
{
	for (size_t i = 0; i < c->count; i++) {
		free((char *)(uintptr_t)c->list[i].place);
		free((char *)(uintptr_t)c->list[i].value);
	}
	free(c->list);
	free(c->reasons);
}

static void keep_reasons(struct act_keep *k, struct kept_reasons *now)
{
	reasons_fini(&k->reasons);
	k->reasons = *now;
	*now = (struct kept_reasons){0};
}

enum err act_keep_save(struct act_keep *k)
{
	struct act_form *f = k->form;
	struct changed c = {.keep = k};
	struct kept_reasons now = {0};
	struct act_begun by = {.case_id = f->case_id,
		.act = f->act,
		.operator_name = k->operator_name,
		.window = k->window,
		.place = buf_str(&k->place)};
	enum err e;

	if (k->over)
		return OK;
	entry_changed(f->entry, add_changed, &c);
	reasons_take(&now, f->entry);
	reasons_changed(&k->reasons, &now, add_reason, &c);
	e = act_begun_save(
		f->store, &by, &(struct act_typed){c.list, c.count, c.reasons, c.reason_count});
	if (e == OK) {
		entry_saved(f->entry);
		keep_reasons(k, &now);
	}
	free_changed(&c);
	reasons_fini(&now);
	if (e != ERR_STATE)
		return e;
	k->over = true;
	return OK;
}

enum err act_keep_at(struct act_keep *k, const char *place)
{
	buf_clear(&k->place);
	buf_adds(&k->place, place);
	return k->over ? OK : act_begun_move(k->form->store, k->form->case_id, k->form->act, place);
}

enum err act_keep_drop(struct act_keep *k)
{
	enum err e =
		act_begun_drop(k->form->store, k->form->case_id, k->form->act, k->operator_name);

	if (e == ERR_NOT_FOUND)
		e = OK;
	if (e == OK)
		k->over = true;
	return e;
}

void act_keep_free(struct act_keep *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->count; i++) {
		free(k->list[i].place);
		free(k->list[i].value);
	}
	free(k->list);
	free(k->operator_name);
	free(k->window);
	free(k->begun_by);
	buf_fini(&k->place);
	reasons_fini(&k->reasons);
	draft_lock_free(k->lock);
	free(k);
}
