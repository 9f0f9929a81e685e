/* The draft on disk: what has changed since it was last written, in one commit. */
#include "tui/intake_private.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/station/draft_lock.h"
#include "core/station/store.h"

struct changes {
	struct draft_answer *list;
	size_t count;
	enum draft_part part;
	size_t reasons; /* which of intake_reasons */
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

static void on_reason(void *arg, const struct kept_reason *now)
{
	struct changes *c = arg;

	add_change(c, intake_reasons[c->reasons].given, now->place, now->given);
	add_change(c, intake_reasons[c->reasons].told, now->place, now->told);
}

static void collect_reasons(struct intake *in, struct changes *c, struct kept_reasons now[])
{
	for (c->reasons = 0; c->reasons < INTAKE_REASONS; c->reasons++) {
		reasons_take(&now[c->reasons], intake_reasoned(in, c->reasons));
		reasons_changed(&in->saved_reasons[c->reasons], &now[c->reasons], on_reason, c);
	}
}

static void keep_reasons(struct intake *in, struct kept_reasons now[])
{
	for (size_t i = 0; i < INTAKE_REASONS; i++) {
		reasons_fini(&in->saved_reasons[i]);
		in->saved_reasons[i] = now[i];
		now[i] = (struct kept_reasons){0};
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

enum err intake_note_fields(struct intake *in)
{
	struct draft_field *fields = mem_array(in->form->count + 1, sizeof *fields);
	size_t count = 0, i;
	enum err e;

	for (i = 0; i < in->form->count; i++) {
		const struct field *f = &in->form->fields[i];
		if (form_asks(f))
			fields[count++] = (struct draft_field){
				f->name, f->label, f->label_en != NULL ? f->label_en : ""};
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
		.dept_name = mem_strdup(m->dept_name),
		.form_id = mem_strdup(in->form->id),
		.form_version = mem_strdup(in->form->version),
		.operator_name = mem_strdup(in->operator_name),
		.window = mem_strdup(in->window)};
	enum err e = draft_begin(in->store, &origin, in->draft_id);

	draft_fini(&origin);
	if (e == OK) {
		entry_identify(in->entry, in->draft_id);
		/* without it the work goes on all the same */
		draft_lock_take(&in->lock, in->store, in->draft_id);
	}
	return e == OK ? intake_write_version(in) : e;
}

static void note_saved(struct intake *in, const struct changes *c)
{
	enum checklist_state state;
	size_t i;

	if (in->situation != NULL)
		entry_saved(in->situation);
	entry_saved(in->entry);
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

/* What lists and lookups know the draft by; text: the same, to tell whether it has changed. */
static void collect_facts(struct intake *in, struct draft_facts *facts, struct buf *text)
{
	*facts = (struct draft_facts){.applyer_name = or_null(intake_applicant(in)),
		.person = or_null(intake_person(in)),
		.mobile = or_null(intake_mobile(in))};
	buf_printf(text, "%s\n%s\n%s", intake_applicant(in), intake_person(in), intake_mobile(in));
}

static void keep(char **saved, struct buf *now)
{
	free(*saved);
	*saved = buf_take(now);
}

enum err intake_save(struct intake *in)
{
	struct kept_reasons reasons[INTAKE_REASONS] = {0};
	struct buf known_by = {0};
	struct changes c = {0};
	struct draft_facts facts;
	enum err e = OK;

	if (in->consult)
		return OK;
	c.part = DRAFT_SITUATION;
	if (in->situation != NULL)
		entry_changed(in->situation, on_change, &c);
	c.part = DRAFT_FORM;
	entry_changed(in->entry, on_change, &c);
	collect_reasons(in, &c, reasons);
	collect_materials(in, &c);
	collect_facts(in, &facts, &known_by);
	if (c.count > 0 && in->draft_id[0] == '\0')
		e = intake_begin_draft(in);
	if (e == OK && c.count > 0)
		e = draft_save(in->store, in->draft_id, c.list, c.count,
			differs(in->saved_facts, buf_str(&known_by)) ? &facts : NULL);
	if (e == OK && c.count > 0) {
		note_saved(in, &c);
		keep_reasons(in, reasons);
		keep(&in->saved_facts, &known_by);
	}
	for (size_t i = 0; i < INTAKE_REASONS; i++)
		reasons_fini(&reasons[i]);
	buf_fini(&known_by);
	free_changes(&c);
	return e;
}

enum err intake_at(struct intake *in, enum draft_step step, const char *place, int cursor_cps)
{
	return in->draft_id[0] != '\0'
		       ? draft_move(in->store, in->draft_id, step, place, cursor_cps)
		       : OK;
}
