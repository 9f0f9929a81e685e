#include "tui/intake_private.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/bundle.h"
#include "core/station/catalogue.h"
#include "core/station/draft_lock.h"
#include "core/station/store.h"
#include "forms/form_library.h"
#include "forms/form_merge.h"
#include "forms/instance.h"

/* ---- opening ---- */

static const char *form_of(const struct matter *m)
{
	return m->form[0] != '\0' ? m->form : "general";
}

/* The members' own forms, and one form of them all. */
static enum err read_member_forms(struct intake *in, struct buf *why)
{
	const char *home = store_home(in->store);
	struct form_part *parts = mem_array(in->member_count, sizeof *parts);
	struct buf *whens = mem_array(in->member_count, sizeof *whens);
	enum err e = OK;
	size_t i;

	for (i = 0; i < in->member_count; i++) {
		const struct matter *m = in->members[i].matter;
		bundle_when(&whens[i], m->code);
		parts[i] =
			(struct form_part){form_library_path(home, form_of(m)), buf_str(&whens[i])};
		if (e == OK)
			e = form_read(&in->members[i].form, parts[i].path, why);
	}
	if (e == OK)
		e = form_read_merged(&in->form, in->matter->code, in->matter->name, BUNDLE_ITEMS,
			parts, in->member_count, why);
	for (i = 0; i < in->member_count; i++) {
		free((char *)(uintptr_t)parts[i].path);
		buf_fini(&whens[i]);
	}
	free(parts);
	free(whens);
	return e;
}

static enum err read_form(struct intake *in, struct buf *why)
{
	if (in->member_count > 0)
		return read_member_forms(in, why);
	return form_library_read(&in->form, store_home(in->store), form_of(in->matter), why);
}

/* The matters of a bundle; one that is not in the catalogue is left out, as in its guide. */
static enum err read_members(struct intake *in, struct catalogue *catalogue)
{
	const struct matter *m = in->matter;
	enum err e = OK;
	size_t i;

	in->members = mem_array(m->bundle_count + 1, sizeof *in->members);
	for (i = 0; i < m->bundle_count && e == OK; i++) {
		e = catalogue_get(catalogue, m->bundle[i], &in->members[in->member_count].matter);
		if (e == OK)
			in->member_count++;
		else if (e == ERR_NOT_FOUND)
			e = OK;
	}
	return e;
}

static enum err read_situation(struct intake *in, struct buf *why)
{
	const json *questions = json_get(in->matter->doc, "situation");
	struct buf text = {0};
	enum err e;

	if (json_count(questions) == 0)
		return OK;
	json_write(&text, questions);
	e = form_read_situation(&in->situation_form, text.data, text.len, why);
	buf_fini(&text);
	return e;
}

static enum err open_parts(struct intake *in, struct buf *why)
{
	const struct clock *clock = store_clock(in->store);
	enum err e = read_situation(in, why);

	if (e == OK)
		e = read_form(in, why);
	if (e != OK)
		return e == ERR_NOT_FOUND ? ERR_INVALID : e;
	if (in->situation_form != NULL) {
		form_adopt_words(in->form, in->situation_form);
		in->situation = entry_new(in->situation_form, clock);
	}
	in->entry = entry_new(in->form, clock);
	intake_compile_rules(in);
	checklist_init(&in->checklist, in->matter, intake_holds, in);
	checklist_init(&in->saved, in->matter, NULL, NULL);
	return OK;
}

enum err intake_open(struct intake **out, struct catalogue *catalogue, struct store *store,
	const char *task_code, const char *operator_name, const char *window, struct buf *why)
{
	struct intake *in = mem_alloc(sizeof *in);
	enum err e = catalogue_get(catalogue, task_code, &in->matter);

	in->store = store;
	in->operator_name = mem_strdup(operator_name);
	in->window = mem_strdup(window);
	in->seq = in->began_seq = catalogue_seq(catalogue, task_code);
	if (e == ERR_NOT_FOUND)
		catalogue_say_missing(catalogue, task_code, store_now_ms(store), why);
	if (e == OK)
		e = read_members(in, catalogue);
	if (e == OK)
		e = open_parts(in, why);
	if (e != OK) {
		intake_free(in);
		return e;
	}
	intake_follow(in);
	buf_clear(&in->followed);
	*out = in;
	return OK;
}

void intake_free(struct intake *in)
{
	size_t i;

	if (in == NULL)
		return;
	for (i = 0; i < in->member_count; i++) {
		matter_free(in->members[i].matter);
		form_free(in->members[i].form);
	}
	free(in->members);
	intake_free_carry(&in->carry);
	buf_fini(&in->followed);
	buf_fini(&in->refused);
	free(in->refused_at);
	if (in->rules != NULL) {
		checklist_fini(&in->checklist);
		checklist_fini(&in->saved);
	}
	entry_free(in->situation);
	entry_free(in->entry);
	form_free(in->form); /* it borrows words of the questions */
	form_free(in->situation_form);
	matter_free(in->matter);
	intake_free_rules(in->rules);
	for (i = 0; i < INTAKE_REASONS; i++)
		reasons_fini(&in->saved_reasons[i]);
	free(in->saved_facts);
	draft_lock_free(in->lock);
	free(in->operator_name);
	free(in->window);
	free(in);
}

/* ---- taking up again ---- */

/* One part's answers going back into their places. */
struct restoring {
	struct intake *in;
	struct entry *entry;
	size_t refused; /* by a field that is not asked for until another answer is back */
};

static void restore_answer(void *arg, const char *place, const char *value)
{
	struct restoring *r = arg;

	if (entry_set_place(r->entry, place, value) == ERR_STATE)
		r->refused++;
}

/* An answer of the form for which the form in force has no field. */
static void see_lost(void *arg, const char *place, const char *value)
{
	struct restoring *r = arg;
	struct intake_carry *c = &r->in->carry;

	if (entry_find(r->entry, place) != NULL)
		return;
	c->lost = mem_resize(c->lost, c->lost_count + 1, sizeof *c->lost);
	c->lost[c->lost_count++] =
		(struct carried_field){.label = mem_strdup(place), .value = mem_strdup(value)};
}

static void restore_part(struct intake *in, struct entry *e, enum draft_part part)
{
	struct restoring r = {in, e, SIZE_MAX};
	size_t before;

	if (e == NULL)
		return;
	do {
		before = r.refused;
		r.refused = 0;
		draft_each_answer(in->store, in->draft_id, part, restore_answer, &r);
	} while (r.refused > 0 && r.refused < before);
	if (part == DRAFT_FORM)
		draft_each_answer(in->store, in->draft_id, part, see_lost, &r);
}

static void restore_material(void *arg, const char *name, const char *value)
{
	struct intake *in = arg;
	enum checklist_state state;

	if (checklist_state_parse(value, &state)) {
		checklist_restore(&in->checklist, name, state);
		checklist_restore(&in->saved, name, state);
	}
}

static void restore_note(void *arg, const char *name, const char *value)
{
	struct intake *in = arg;

	checklist_note(&in->checklist, name, value);
	checklist_note(&in->saved, name, value);
}

static void forget_change(void *arg, const char *place, const char *value)
{
	(void)arg;
	(void)place;
	(void)value;
}

/* What was just read from disk is not news for it. */
static void note_read(struct intake *in)
{
	entry_changed(in->entry, forget_change, NULL);
	entry_saved(in->entry);
	if (in->situation != NULL) {
		entry_changed(in->situation, forget_change, NULL);
		entry_saved(in->situation);
	}
}

static void restore_version(void *arg, const char *place, const char *value)
{
	struct intake *in = arg;

	if (strcmp(place, "seq") == 0)
		in->began_seq = atoi(value);
}

/* What was told of no longer stands: it goes from the draft first, or it would come back by the
 * version that is noted now. */
enum err intake_note_version(struct intake *in)
{
	enum err e = intake_save(in);

	return e == OK ? intake_write_version(in) : e;
}

enum err intake_write_version(struct intake *in)
{
	char seq[16];
	struct draft_answer a = {DRAFT_GUIDE, "seq", seq};
	const struct draft_facts facts = {
		.form_id = in->form->id, .form_version = in->form->version};
	enum err e;

	snprintf(seq, sizeof seq, "%d", in->seq);
	in->began_seq = in->seq;
	e = draft_save(in->store, in->draft_id, &a, 1, &facts);
	return e == OK ? intake_note_fields(in) : e;
}

enum err intake_resume(struct intake **out, struct catalogue *catalogue, struct store *store,
	const char *draft_id, struct buf *why)
{
	unsigned unread = store_unread(store, NULL);
	struct draft d;
	struct intake *in;
	enum err e = draft_get(store, draft_id, &d);

	if (e != OK)
		return e;
	e = intake_open(&in, catalogue, store, d.task_code, d.operator_name, d.window, why);
	if (e != OK) {
		draft_fini(&d);
		return e;
	}
	memcpy(in->draft_id, draft_id, sizeof in->draft_id);
	entry_identify(in->entry, draft_id);
	restore_part(in, in->situation, DRAFT_SITUATION);
	intake_follow(in);
	restore_part(in, in->entry, DRAFT_FORM);
	in->revising = d.revising;
	if (d.revising)
		intake_take_letter(in);
	intake_follow(in);
	draft_each_answer(store, draft_id, DRAFT_MATERIALS, restore_material, in);
	draft_each_answer(store, draft_id, DRAFT_NOTE, restore_note, in);
	draft_each_answer(store, draft_id, DRAFT_GUIDE, restore_version, in);
	intake_restore_reasons(in, &d);
	intake_compare(in, catalogue, &d);
	draft_fini(&d);
	e = store_read_since(store, unread);
	if (e != OK) {
		intake_free(in); /* with what lacks it would be sent, or saved over what is there */
		return e;
	}
	if (!in->from_letter)
		note_read(in);
	buf_clear(&in->followed);
	*out = in;
	return OK;
}

/* ---- keeping in step ---- */

const char *intake_answer(struct entry *e, const char *place)
{
	const struct node *n = e != NULL ? entry_find(e, place) : NULL;

	return n != NULL && n->relevant && n->value != NULL ? n->value : "";
}

/* Hidden fields of the form that are named like a question take its answer. */
static void pass_answers(struct intake *in)
{
	size_t i;

	if (in->situation == NULL)
		return;
	for (i = 0; i < in->form->count; i++) {
		const struct field *f = &in->form->fields[i];
		if (f->type == FIELD_HIDDEN && form_find(in->situation_form, f->name) >= 0)
			entry_set_place(in->entry, f->name, intake_answer(in->situation, f->name));
	}
}

static bool among(
	const struct matter_material *m, const struct matter_material *const *list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (list[i] == m)
			return true;
	return false;
}

static void name_paper(struct buf *out, size_t *named, const char *heading, const char *name)
{
	if (*named == 0)
		buf_printf(out, "%s%s", out->len > 0 ? "; " : "", heading);
	buf_printf(out, "%s%s", *named > 0 ? tr("、") : "", name);
	++*named;
}

/* "材料多了: 授权委托书、…; 不再要: …" */
static void tell_papers(struct intake *in, const struct matter_material *const *was, size_t before)
{
	const struct checklist *c = &in->checklist;
	size_t named = 0, i;

	for (i = 0; i < c->count; i++)
		if (!among(c->items[i].material, was, before))
			name_paper(&in->followed, &named, tr("材料多了: "),
				c->items[i].material->name);
	named = 0;
	for (i = 0; i < before; i++)
		if (checklist_find(c, was[i]->name) == NULL)
			name_paper(&in->followed, &named, tr("不再要: "), was[i]->name);
}

/* How many questions the form asks now. */
static size_t asked(const struct intake *in)
{
	const struct entry_line *lines;
	size_t n = entry_lines(in->entry, &lines), count = 0;

	for (size_t i = 0; i < n; i++)
		count += form_asks(lines[i].field);
	return count;
}

static void tell_fields(struct intake *in, size_t before)
{
	size_t now = asked(in);

	if (now == before)
		return;
	buf_adds(&in->followed, in->followed.len > 0 ? "; " : "");
	buf_printf(&in->followed, now > before ? tr("表里多 %zu 栏") : tr("表里少 %zu 栏"),
		now > before ? now - before : before - now);
}

bool intake_follow(struct intake *in)
{
	size_t before = in->checklist.count, fields = asked(in), i;
	const struct matter_material **was = mem_array(before, sizeof *was);

	for (i = 0; i < before; i++)
		was[i] = in->checklist.items[i].material;
	buf_clear(&in->followed);
	pass_answers(in);
	checklist_refresh(&in->checklist, intake_holds, in);
	tell_papers(in, was, before);
	tell_fields(in, fields);
	free(was);
	return in->followed.len > 0;
}

/* ---- who ---- */

static const char *first_answer(const struct intake *in, const char *const *places, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const char *answer = intake_answer(in->entry, places[i]);
		if (answer[0] != '\0')
			return answer;
	}
	return "";
}

/* A draft is known by a name that is still being typed: it may never be left. */
const char *intake_applicant(const struct intake *in)
{
	static const char *const places[] = {"applicant_name", "org_name", "org_contact"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct node *n = entry_find(in->entry, places[i]);
		if (n != NULL && n->relevant && n->value != NULL &&
			entry_standing(in->entry, n)[0] != '\0')
			return entry_standing(in->entry, n);
	}
	return "";
}

const char *intake_person(const struct intake *in)
{
	static const char *const places[] = {"applicant_id", "org_uscc"};

	return first_answer(in, places, 2);
}

const char *intake_mobile(const struct intake *in)
{
	static const char *const places[] = {"applicant_mobile", "org_contact_mobile"};

	return first_answer(in, places, 2);
}
