#include "tui/intake.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/store.h"
#include "forms/expr.h"
#include "forms/instance.h"

/* One material's expression and whose answers it speaks of. */
struct rule {
	const char *text;  /* borrowed from the matter */
	struct expr *expr; /* NULL: does not compile, so the material is asked for */
	bool about_form;   /* it names a field of the form; else questions of the situation */
};

struct intake_rules {
	struct rule *list;
	size_t count;
};

/* ---- rules ---- */

struct naming {
	const struct intake *in;
	bool about_form;
};

static void see_name(void *arg, const char *name, bool path)
{
	struct naming *n = arg;
	const struct form *questions = n->in->situation_form;

	if (!path && (questions == NULL || form_find(questions, name) < 0))
		n->about_form = true;
}

static void compile_rules(struct intake *in)
{
	const struct matter *m = in->matter;
	size_t i, at;

	in->rules = mem_alloc(sizeof *in->rules);
	in->rules->list = mem_array(m->material_count, sizeof *in->rules->list);
	for (i = 0; i < m->material_count; i++) {
		struct rule *r = &in->rules->list[in->rules->count];
		struct naming n = {in, false};
		struct buf why = {0};
		if (m->materials[i].relevant[0] == '\0')
			continue;
		r->text = m->materials[i].relevant;
		if (expr_compile(&r->expr, r->text, &at, &why) == OK)
			expr_references(r->expr, see_name, &n);
		else
			log_warn("intake", "%s: material rule: %s", m->code, buf_str(&why));
		r->about_form = n.about_form;
		in->rules->count++;
		buf_fini(&why);
	}
}

static void free_rules(struct intake_rules *rules)
{
	size_t i;

	if (rules == NULL)
		return;
	for (i = 0; i < rules->count; i++)
		expr_free(rules->list[i].expr);
	free(rules->list);
	free(rules);
}

/* What cannot be decided is asked for: a paper too many is a question, one too few a second trip.
 */
static bool holds(void *arg, const char *expression)
{
	struct intake *in = arg;
	size_t i;

	for (i = 0; i < in->rules->count; i++) {
		const struct rule *r = &in->rules->list[i];
		struct entry *e = r->about_form ? in->entry : in->situation;
		if (strcmp(r->text, expression) == 0)
			return r->expr == NULL || e == NULL || entry_holds(e, r->expr);
	}
	return true;
}

/* ---- opening ---- */

static enum err read_form(struct intake *in, struct buf *why)
{
	const char *id = in->matter->form[0] != '\0' ? in->matter->form : "general";
	struct buf name = {0};
	char *path;
	enum err e;

	buf_printf(&name, "forms/library/%s", id);
	path = paths_share(name.data);
	e = form_read_folder(&in->form, path, why);
	free(path);
	buf_fini(&name);
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
	if (in->situation_form != NULL)
		in->situation = entry_new(in->situation_form, clock);
	in->entry = entry_new(in->form, clock);
	compile_rules(in);
	checklist_init(&in->checklist, in->matter, holds, in);
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
		buf_why(why, tr("事项目录里没有编码 %s, 请用 yimen search 查找"), task_code);
	if (e == OK)
		e = open_parts(in, why);
	if (e != OK) {
		intake_free(in);
		return e;
	}
	intake_follow(in);
	*out = in;
	return OK;
}

void intake_free(struct intake *in)
{
	if (in == NULL)
		return;
	if (in->rules != NULL) {
		checklist_fini(&in->checklist);
		checklist_fini(&in->saved);
	}
	entry_free(in->situation);
	entry_free(in->entry);
	form_free(in->situation_form);
	form_free(in->form);
	matter_free(in->matter);
	free_rules(in->rules);
	free(in->saved_accepted);
	free(in->operator_name);
	free(in->window);
	free(in);
}

/* ---- taking up again ---- */

/* One part's answers going back into their places. */
struct restoring {
	struct entry *entry;
	size_t refused; /* by a field that is not asked for until another answer is back */
};

static void restore_answer(void *arg, const char *place, const char *value)
{
	struct restoring *r = arg;

	if (entry_set_place(r->entry, place, value) == ERR_STATE)
		r->refused++;
}

static void restore_part(struct intake *in, struct entry *e, enum draft_part part)
{
	struct restoring r = {e, SIZE_MAX};
	size_t before;

	if (e == NULL)
		return;
	do {
		before = r.refused;
		r.refused = 0;
		draft_each_answer(in->store, in->draft_id, part, restore_answer, &r);
	} while (r.refused > 0 && r.refused < before);
}

static void restore_material(void *arg, const char *name, const char *value)
{
	struct intake *in = arg;
	enum checklist_state state;

	if (checklist_state_parse(value, &state)) {
		checklist_set(&in->checklist, name, state, NULL);
		checklist_set(&in->saved, name, state, NULL);
	}
}

static void restore_note(void *arg, const char *name, const char *value)
{
	struct intake *in = arg;

	checklist_note(&in->checklist, name, value);
	checklist_note(&in->saved, name, value);
}

static void restore_accepted(void *arg, const char *place, const char *reason)
{
	struct intake *in = arg;
	struct node *n = entry_find(in->entry, place);

	if (n != NULL)
		entry_accept(in->entry, n, reason);
}

static void forget_change(void *arg, const char *place, const char *value)
{
	(void)arg;
	(void)place;
	(void)value;
}

static void restore_version(void *arg, const char *place, const char *value)
{
	struct intake *in = arg;

	if (strcmp(place, "seq") == 0)
		in->began_seq = atoi(value);
}

enum err intake_note_version(struct intake *in)
{
	char seq[16];
	struct draft_answer a = {DRAFT_GUIDE, "seq", seq};

	snprintf(seq, sizeof seq, "%d", in->seq);
	in->began_seq = in->seq;
	return draft_put(in->store, in->draft_id, &a, 1);
}

enum err intake_resume(struct intake **out, struct catalogue *catalogue, struct store *store,
	const char *draft_id, struct buf *why)
{
	struct draft d;
	struct intake *in;
	enum err e = draft_get(store, draft_id, &d);

	if (e != OK)
		return e;
	e = intake_open(&in, catalogue, store, d.task_code, d.operator_name, d.window, why);
	draft_fini(&d);
	if (e != OK)
		return e;
	memcpy(in->draft_id, draft_id, sizeof in->draft_id);
	restore_part(in, in->situation, DRAFT_SITUATION);
	intake_follow(in);
	restore_part(in, in->entry, DRAFT_FORM);
	draft_each_answer(store, draft_id, DRAFT_ACCEPTED, restore_accepted, in);
	intake_follow(in);
	draft_each_answer(store, draft_id, DRAFT_MATERIALS, restore_material, in);
	draft_each_answer(store, draft_id, DRAFT_NOTE, restore_note, in);
	draft_each_answer(store, draft_id, DRAFT_GUIDE, restore_version, in);
	/* What was just read from disk is not news for it. */
	if (in->situation != NULL)
		entry_changed(in->situation, forget_change, NULL);
	entry_changed(in->entry, forget_change, NULL);
	*out = in;
	return OK;
}

/* ---- keeping in step ---- */

static const char *answer_of(struct entry *e, const char *place)
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
			entry_set_place(in->entry, f->name, answer_of(in->situation, f->name));
	}
}

bool intake_follow(struct intake *in)
{
	size_t before = in->checklist.count, i;
	const struct matter_material **was = mem_array(before, sizeof *was);
	bool same;

	for (i = 0; i < before; i++)
		was[i] = in->checklist.items[i].material;
	pass_answers(in);
	checklist_refresh(&in->checklist, holds, in);
	same = in->checklist.count == before;
	for (i = 0; same && i < before; i++)
		same = was[i] == in->checklist.items[i].material;
	free(was);
	return !same;
}

/* ---- saving ---- */

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

/* The accepted warnings change seldom and are few: written whole when they differ. */
static void collect_accepted(struct intake *in, struct changes *c)
{
	struct buf text = {0};
	json *list = NULL;
	const json *one;

	entry_accepted_json(in->entry, &text);
	if (in->saved_accepted != NULL && strcmp(in->saved_accepted, buf_str(&text)) == 0) {
		buf_fini(&text);
		return;
	}
	free(in->saved_accepted);
	in->saved_accepted = mem_strdup(buf_str(&text));
	if (json_parse(&list, buf_str(&text), text.len, NULL) == OK)
		for (one = json_first(list); one != NULL; one = json_next(one))
			add_change(c, DRAFT_ACCEPTED, json_get_str(one, "field"),
				json_get_str(one, "reason"));
	json_free(list);
	buf_fini(&text);
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

static enum err begin_draft(struct intake *in)
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

enum err intake_save(struct intake *in)
{
	struct changes c = {0};
	enum err e = OK;

	c.part = DRAFT_SITUATION;
	if (in->situation != NULL)
		entry_changed(in->situation, on_change, &c);
	c.part = DRAFT_FORM;
	entry_changed(in->entry, on_change, &c);
	collect_accepted(in, &c);
	collect_materials(in, &c);
	if (c.count > 0 && in->draft_id[0] == '\0')
		e = begin_draft(in);
	if (e == OK && c.count > 0)
		e = draft_put(in->store, in->draft_id, c.list, c.count);
	if (e == OK && c.count > 0 && intake_applicant(in)[0] != '\0')
		e = draft_describe(in->store, in->draft_id, NULL, NULL, intake_applicant(in));
	if (e == OK)
		note_saved(in, &c);
	free_changes(&c);
	return e;
}

enum err intake_at(struct intake *in, enum draft_step step, const char *place, int cursor_cps)
{
	return in->draft_id[0] != '\0'
		       ? draft_move(in->store, in->draft_id, step, place, cursor_cps)
		       : OK;
}

/* ---- submitting ---- */

const char *intake_applicant(const struct intake *in)
{
	static const char *const places[] = {"applicant_name", "org_name", "org_contact"};
	size_t i;

	for (i = 0; i < sizeof places / sizeof places[0]; i++) {
		const char *name = answer_of(in->entry, places[i]);
		if (name[0] != '\0')
			return name;
	}
	return "";
}

static void add_faults(struct entry *e, struct buf *why)
{
	const struct entry_fault *faults;
	struct buf place = {0};
	size_t count, i;

	if (e == NULL)
		return;
	count = entry_check(e, &faults);
	for (i = 0; i < count; i++) {
		const struct field *f = &entry_form(e)->fields[faults[i].node->field];
		buf_clear(&place);
		entry_place(e, faults[i].node, &place);
		buf_printf(why, "%s%s (%s): %s", why->len > 0 ? "\n" : "", field_label(f),
			buf_str(&place), faults[i].message);
	}
	buf_fini(&place);
}

static void add_missing(struct intake *in, struct buf *why)
{
	struct checklist_summary sum;
	size_t i;

	checklist_sum(&in->checklist, &sum);
	if (sum.conclusion != CHECKLIST_INCOMPLETE)
		return;
	for (i = 0; i < in->checklist.count; i++) {
		const struct checklist_item *item = &in->checklist.items[i];
		if (item->state == CHECKLIST_MISSING &&
			item->material->need == MATTER_NEED_REQUIRED)
			buf_printf(why, tr("%s缺材料: %s。请收齐后再提交。"),
				why->len > 0 ? "\n" : "", item->material->name);
	}
}

enum err intake_check(struct intake *in, struct buf *why)
{
	struct buf found = {0};
	enum err e;

	add_faults(in->situation, &found);
	add_missing(in, &found);
	add_faults(in->entry, &found);
	e = found.len > 0 ? ERR_INVALID : OK;
	if (e != OK)
		buf_why(why, "%s", found.data);
	buf_fini(&found);
	return e;
}

static const char *or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

enum err intake_submit(
	struct intake *in, const char *station, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	struct buf situation = {0}, materials = {0}, answers = {0}, accepted = {0};
	const char *uscc = answer_of(in->entry, "org_uscc");
	const char *id = answer_of(in->entry, "applicant_id");
	const char *id_type = answer_of(in->entry, "applicant_id_type");
	bool body = uscc[0] != '\0' && id[0] == '\0';
	struct application a = {.station = station};
	enum err e = intake_save(in);

	if (e == OK && in->draft_id[0] == '\0')
		e = begin_draft(in); /* a form without a single answer */
	if (e != OK) {
		buf_why(why, tr("没有存进本机: %s"), err_text(e));
		return e;
	}
	if (in->situation != NULL)
		entry_json(in->situation, &situation);
	else
		buf_adds(&situation, "{}");
	checklist_write(&materials, &in->checklist);
	entry_json(in->entry, &answers);
	entry_accepted_json(in->entry, &accepted);
	a.draft_id = in->draft_id;
	a.applyer_name = or_null(intake_applicant(in));
	a.applyer_type = body ? "2" : "1";
	a.applyer_page_type = body ? NULL : id_type[0] != '\0' ? id_type : "111";
	a.applyer_page_code = or_null(body ? uscc : id);
	a.contact_mobile =
		or_null(answer_of(in->entry, body ? "org_contact_mobile" : "applicant_mobile"));
	a.situation_json = situation.data;
	a.materials_json = materials.data;
	a.answers_json = answers.data;
	a.accepted_json = accepted.data;
	e = case_submit(in->store, &a, receipt, why);
	buf_fini(&situation);
	buf_fini(&materials);
	buf_fini(&answers);
	buf_fini(&accepted);
	return e;
}
