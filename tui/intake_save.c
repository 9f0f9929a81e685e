/* The draft on disk: what has changed since it was last written, in one commit. */
#include "tui/intake_private.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/station/papers.h"
#include "core/station/store.h"

struct changes {
	struct draft_answer *list;
	size_t count;
	enum draft_part part;
};

static void add_change(
	struct changes *c, enum draft_part part, const char *place, const char *value)
{
	c->list = mem_resize(c->list, c->count + 1, sizeof *c->list);
	c->list[c->count++] = (struct draft_answer){part, mem_strdup(place), mem_strdup(value)};
}

static void on_change(void *arg, const char *place, const char *value)
{
	struct changes *c = arg;

	add_change(c, c->part, place, value);
}

static bool differs(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0;
}

static void collect_materials(struct intake *in, struct changes *c)
{
	size_t i;

	for (i = 0; i < in->checklist.count; i++) {
		const struct checklist_item *now = &in->checklist.items[i];
		const char *name = now->material->name;
		const struct checklist_item *was = checklist_find(&in->saved, name);
		if (was == NULL || was->state != now->state)
			add_change(c, DRAFT_MATERIALS, name, checklist_state_name(now->state));
		if (differs(was != NULL ? was->note : NULL, now->note))
			add_change(c, DRAFT_NOTE, name, now->note);
	}
}

static void free_changes(struct changes *c)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		free((char *)(uintptr_t)c->list[i].place);
		free((char *)(uintptr_t)c->list[i].value);
	}
	free(c->list);
}

/* What could not be written is written with the next save; the rest is collected again then. */
static void keep_answers(struct intake *in, struct changes *c)
{
	struct changes rest = {0};
	size_t i;

	for (i = 0; i < c->count; i++) {
		const struct draft_answer *a = &c->list[i];
		if (a->part == DRAFT_SITUATION || a->part == DRAFT_FORM)
			add_change(&rest, a->part, a->place, a->value);
	}
	free_changes(c);
	free(in->saved_accepted);
	in->saved_accepted = NULL;
	in->pending = rest.list;
	in->pending_count = rest.count;
}

void intake_free_pending(struct intake *in)
{
	struct changes c = {in->pending, in->pending_count, DRAFT_FORM};

	free_changes(&c);
}

static const char *reason_at(const json *list, const char *place)
{
	const json *one;

	for (one = json_first(list); one != NULL; one = json_next(one))
		if (strcmp(json_get_str(one, "field"), place) == 0)
			return json_get_str(one, "reason");
	return NULL;
}

static void add_place(void *arg, const char *place, const char *reason)
{
	(void)reason;
	add_change(arg, DRAFT_ACCEPTED, place, NULL);
}

/* The accepted warnings change seldom and are few: written whole when they differ. A reason whose
 * answer has changed goes: it was another value's. */
static void collect_accepted(struct intake *in, struct changes *c)
{
	struct changes on_disk = {0};
	struct buf text = {0};
	json *list = NULL;
	const json *one;
	size_t i;

	entry_accepted_json(in->entry, &text);
	if (in->saved_accepted != NULL && strcmp(in->saved_accepted, buf_str(&text)) == 0) {
		buf_fini(&text);
		return;
	}
	free(in->saved_accepted);
	in->saved_accepted = mem_strdup(buf_str(&text));
	if (json_parse(&list, buf_str(&text), text.len, NULL) == OK) {
		if (in->draft_id[0] != '\0')
			draft_each_answer(
				in->store, in->draft_id, DRAFT_ACCEPTED, add_place, &on_disk);
		for (i = 0; i < on_disk.count; i++)
			if (reason_at(list, on_disk.list[i].place) == NULL)
				add_change(c, DRAFT_ACCEPTED, on_disk.list[i].place, NULL);
		for (one = json_first(list); one != NULL; one = json_next(one))
			add_change(c, DRAFT_ACCEPTED, json_get_str(one, "field"),
				json_get_str(one, "reason"));
	}
	free_changes(&on_disk);
	json_free(list);
	buf_fini(&text);
}

enum err intake_note_fields(struct intake *in)
{
	struct draft_field *fields = mem_array(in->form->count + 1, sizeof *fields);
	size_t count = 0, i;
	enum err e;

	for (i = 0; i < in->form->count; i++) {
		const struct field *f = &in->form->fields[i];
		if (form_asks(f))
			fields[count++] = (struct draft_field){f->name, f->label};
	}
	e = draft_note_fields(in->store, in->form->id, in->form->version, fields, count);
	free(fields);
	return e;
}

enum err intake_begin_draft(struct intake *in)
{
	const struct matter *m = in->matter;
	struct draft origin = {.task_code = mem_strdup(m->code),
		.task_name = mem_strdup(m->name),
		.task_version = mem_strdup(m->version),
		.form_id = mem_strdup(in->form->id),
		.form_version = mem_strdup(in->form->version),
		.operator_name = mem_strdup(in->operator_name),
		.window = mem_strdup(in->window)};
	enum err e = draft_begin(in->store, &origin, in->draft_id);

	draft_fini(&origin);
	return e == OK ? intake_note_version(in) : e;
}

static void note_saved(struct intake *in, const struct changes *c)
{
	enum checklist_state state;
	size_t i;

	for (i = 0; i < c->count; i++) {
		const struct draft_answer *a = &c->list[i];
		if (a->part == DRAFT_MATERIALS && checklist_state_parse(a->value, &state))
			checklist_set(&in->saved, a->place, state, NULL);
		else if (a->part == DRAFT_NOTE)
			checklist_note(&in->saved, a->place, a->value);
	}
}

static const char *or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

/* Lists and lookups know the draft by its applicant. */
static enum err describe(struct intake *in)
{
	const struct draft_facts facts = {.applyer_name = or_null(intake_applicant(in)),
		.person = or_null(intake_person(in)),
		.mobile = or_null(intake_mobile(in))};

	if (facts.applyer_name == NULL && facts.person == NULL && facts.mobile == NULL)
		return OK;
	return draft_describe(in->store, in->draft_id, &facts);
}

enum err intake_save(struct intake *in)
{
	struct changes c = {in->pending, in->pending_count, DRAFT_SITUATION};
	enum err e = OK;

	in->pending = NULL;
	in->pending_count = 0;
	if (in->situation != NULL)
		entry_changed(in->situation, on_change, &c);
	c.part = DRAFT_FORM;
	entry_changed(in->entry, on_change, &c);
	collect_accepted(in, &c);
	collect_materials(in, &c);
	if (c.count > 0 && in->draft_id[0] == '\0')
		e = intake_begin_draft(in);
	if (e == OK && c.count > 0)
		e = draft_put(in->store, in->draft_id, c.list, c.count);
	if (e == OK && c.count > 0)
		e = describe(in);
	if (e != OK) {
		keep_answers(in, &c);
		return e;
	}
	note_saved(in, &c);
	free_changes(&c);
	return OK;
}

enum err intake_at(struct intake *in, enum draft_step step, const char *place, int cursor_cps)
{
	return in->draft_id[0] != '\0'
		       ? draft_move(in->store, in->draft_id, step, place, cursor_cps)
		       : OK;
}

enum err intake_attach(struct intake *in, const char *material, const char *path, struct buf *why)
{
	enum err e = intake_save(in);

	if (e == OK && in->draft_id[0] == '\0')
		e = intake_begin_draft(in);
	return e == OK ? paper_attach(in->store, in->draft_id, material, NULL, path, why) : e;
}
