/* From a draft to an application: what stands in the way, and the letter. */
#include "tui/intake_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/bundle.h"
#include "core/station/draft_lock.h"
#include "core/station/store.h"
#include "forms/instance.h"

static void accept_own(void *arg, const char *place, const char *reason, const char *told)
{
	struct entry *own = arg;
	struct node *n = entry_find(own, place);

	if (n != NULL)
		entry_restore_reason(own, n, reason, told);
}

/* What a member's own form makes of the answers to the one form. free it. */
static struct entry *own_entry(struct intake *in, const struct intake_member *m)
{
	struct entry *own = entry_new(m->form, store_clock(in->store));
	struct buf text = {0}, ignored = {0};

	entry_json(in->entry, &text);
	entry_identify(own, in->draft_id);
	entry_load(own, buf_str(&text), text.len, &ignored);
	entry_load(own, buf_str(&text), text.len, &ignored); /* what another answer let in */
	/* the reasons that were given in the one form are the members' too, for what was told */
	entry_each_reason_sent(in->entry, accept_own, own);
	buf_fini(&text);
	buf_fini(&ignored);
	return own;
}

static bool is_wanted(const struct intake *in, const struct intake_member *m)
{
	const char *wanted = intake_answer(in->situation, BUNDLE_ITEMS), *at;
	size_t len = strlen(m->matter->code);

	for (at = strstr(wanted, m->matter->code); at != NULL; at = strstr(at + 1, m->matter->code))
		if ((at == wanted || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

void intake_say_field(struct entry *e, struct node *n, struct buf *out)
{
	const struct field *fields = entry_form(e)->fields;
	struct node *up = n->parent;

	buf_adds(out, entry_node_label(e, n));
	while (up != NULL && !(up->field >= 0 && fields[up->field].type == FIELD_REPEAT))
		up = up->parent;
	if (up != NULL)
		buf_printf(out, " (%s %zu)", entry_node_label(e, up), node_position(up));
}

static void add_faults(struct entry *e, bool places, struct buf *why)
{
	const struct entry_fault *faults;
	struct buf field = {0};
	size_t count, i;

	if (e == NULL)
		return;
	count = entry_check(e, &faults);
	for (i = 0; i < count; i++) {
		buf_clear(&field);
		if (places) {
			buf_printf(&field, "%s (", entry_node_label(e, faults[i].node));
			entry_place(e, faults[i].node, &field);
			buf_addc(&field, ')');
		} else {
			intake_say_field(e, faults[i].node, &field);
		}
		buf_printf(why, "%s%s: %s", why->len > 0 ? "\n" : "", buf_str(&field),
			faults[i].message);
	}
	buf_fini(&field);
}

/* A bundle's form is joined from its members': each of them has the last word on its own part. */
static void add_member_faults(struct intake *in, bool places, struct buf *why)
{
	bool any = false;
	size_t i;

	for (i = 0; i < in->member_count; i++) {
		struct entry *own;
		if (!is_wanted(in, &in->members[i]))
			continue;
		any = true;
		own = own_entry(in, &in->members[i]);
		add_faults(own, places, why);
		entry_free(own);
	}
	if (in->member_count > 0 && !any)
		buf_printf(why, tr("%s一项都没有选, 请在情形里选要办的事项。"),
			why->len > 0 ? "\n" : "");
}

/* All of them in one sentence: it may be the only one that is read. */
static void add_missing(struct intake *in, struct buf *why)
{
	struct checklist_summary sum;
	struct buf names = {0};
	size_t i;

	checklist_sum(&in->checklist, &sum);
	if (sum.conclusion != CHECKLIST_INCOMPLETE)
		return;
	for (i = 0; i < in->checklist.count; i++) {
		const struct checklist_item *item = &in->checklist.items[i];
		if (item->state == CHECKLIST_MISSING &&
			item->material->need == MATTER_NEED_REQUIRED)
			buf_printf(&names, "%s%s", names.len > 0 ? tr("、") : "",
				item->material->name);
	}
	buf_printf(why, tr("%s缺材料: %s。请收齐后再提交。"), why->len > 0 ? "\n" : "",
		buf_str(&names));
	buf_fini(&names);
}

enum err intake_check(struct intake *in, bool places, struct buf *why)
{
	struct buf found = {0};
	enum err e;

	add_faults(in->situation, places, &found);
	add_missing(in, &found);
	add_faults(in->entry, places, &found);
	if (found.len == 0)
		add_member_faults(in, places, &found);
	e = found.len > 0 ? ERR_INVALID : OK;
	if (e != OK)
		buf_why(why, "%s", found.data);
	buf_fini(&found);
	return e;
}

/* ---- the letter ---- */

static const char *or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

/* The texts of one letter; they live until the application is submitted. */
struct letter_parts {
	struct buf situation, situation_accepted, materials, answers, accepted;
	struct application_matter matter;
};

static void free_parts(struct letter_parts *p)
{
	buf_fini(&p->situation);
	buf_fini(&p->situation_accepted);
	buf_fini(&p->materials);
	buf_fini(&p->answers);
	buf_fini(&p->accepted);
}

/* Who applies: the same in every letter of a bundle. */
static void put_applicant(const struct intake *in, struct application *a)
{
	const char *uscc = intake_answer(in->entry, "org_uscc");
	const char *id = intake_answer(in->entry, "applicant_id");
	const char *id_type = intake_answer(in->entry, "applicant_id_type");
	bool body = uscc[0] != '\0' && id[0] == '\0';

	a->draft_id = in->draft_id;
	a->applyer_name = or_null(intake_applicant(in));
	a->applyer_type = body ? "2" : "1";
	a->applyer_page_type = body ? NULL : id_type[0] != '\0' ? id_type : "111";
	a->applyer_page_code = or_null(body ? uscc : id);
	a->contact_mobile =
		or_null(intake_answer(in->entry, body ? "org_contact_mobile" : "applicant_mobile"));
}

static void put_texts(struct application *a, const struct letter_parts *p)
{
	a->situation_json = p->situation.data;
	a->materials_json = p->materials.data;
	a->answers_json = p->answers.data;
	a->accepted_json = p->accepted.data;
	a->situation_accepted_json = p->situation_accepted.data;
}

static void put_situation(const struct intake *in, struct letter_parts *p)
{
	if (in->situation == NULL) {
		buf_adds(&p->situation, "{}");
		return;
	}
	entry_json(in->situation, &p->situation);
	entry_accepted_sent(in->situation, &p->situation_accepted);
}

static enum err submit_one(
	struct intake *in, const char *station, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	struct application a = {.station = station, .knowing = in->knowing};
	struct letter_parts p = {0};
	enum err e;

	put_situation(in, &p);
	checklist_write(&p.materials, &in->checklist);
	entry_json(in->entry, &p.answers);
	entry_accepted_sent(in->entry, &p.accepted);
	put_applicant(in, &a);
	put_texts(&a, &p);
	e = case_submit(in->store, &a, receipt, why);
	free_parts(&p);
	return e;
}

/* ---- the letters of a bundle ---- */

/* The members of an object whose names the form has: what one matter asked. */
static void put_own_answers(struct buf *out, const char *text, size_t len, const struct matter *m)
{
	json *all = NULL;
	const json *v;
	size_t i;

	buf_addc(out, '{');
	if (json_parse(&all, text, len, NULL) == OK)
		for (v = json_first(all); v != NULL; v = json_next(v))
			for (i = 0; i < m->situation_count; i++)
				if (strcmp(m->situation[i].name, json_key(v)) == 0) {
					json_member(out, json_key(v));
					json_write(out, v);
					break;
				}
	buf_addc(out, '}');
	json_free(all);
}

/* Of why answers about the situation were accepted, what this matter asked. */
static void put_own_accepted(struct buf *out, const struct buf *text, const struct matter *m)
{
	json *all = NULL;
	const json *w;
	size_t i;

	buf_addc(out, '[');
	if (json_parse(&all, buf_str(text), text->len, NULL) == OK)
		for (w = json_first(all); w != NULL; w = json_next(w))
			for (i = 0; i < m->situation_count; i++)
				if (strcmp(m->situation[i].name, json_get_str(w, "field")) == 0) {
					json_comma(out);
					json_write(out, w);
					break;
				}
	buf_addc(out, ']');
	json_free(all);
}

/* The papers of the one list that this matter asks for. */
static void put_own_materials(struct buf *out, const char *text, size_t len, const struct matter *m)
{
	json *all = NULL;
	const json *v;
	size_t i;

	buf_addc(out, '[');
	if (json_parse(&all, text, len, NULL) == OK)
		for (v = json_first(all); v != NULL; v = json_next(v)) {
			const char *name = json_get_str(v, "material_name");
			for (i = 0; name != NULL && i < m->material_count; i++)
				if (strcmp(m->materials[i].name, name) == 0) {
					json_comma(out);
					json_write(out, v);
					break;
				}
		}
	buf_addc(out, ']');
	json_free(all);
}

static void write_member(struct intake *in, const struct intake_member *m,
	const struct letter_parts *whole, struct letter_parts *p)
{
	struct entry *own = own_entry(in, m);

	put_own_answers(&p->situation, buf_str(&whole->situation), whole->situation.len, m->matter);
	put_own_accepted(&p->situation_accepted, &whole->situation_accepted, m->matter);
	put_own_materials(
		&p->materials, buf_str(&whole->materials), whole->materials.len, m->matter);
	entry_json(own, &p->answers);
	entry_accepted_sent(own, &p->accepted);
	p->matter = (struct application_matter){m->matter->code, m->matter->name,
		m->matter->version, m->form->id, m->form->version, m->matter->dept_name};
	entry_free(own);
}

static enum err submit_bundle(
	struct intake *in, const char *station, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	struct application *list = mem_array(in->member_count, sizeof *list);
	struct letter_parts *parts = mem_array(in->member_count, sizeof *parts), whole = {0};
	size_t count = 0, i;
	enum err e;

	put_situation(in, &whole);
	checklist_write(&whole.materials, &in->checklist);
	for (i = 0; i < in->member_count; i++) {
		if (!is_wanted(in, &in->members[i]))
			continue;
		write_member(in, &in->members[i], &whole, &parts[count]);
		list[count].station = station;
		put_applicant(in, &list[count]);
		put_texts(&list[count], &parts[count]);
		list[count].matter = &parts[count].matter;
		count++;
	}
	e = case_submit_bundle(in->store, list, count, receipt, why);
	for (i = 0; i < count; i++)
		free_parts(&parts[i]);
	free_parts(&whole);
	free(parts);
	free(list);
	return e;
}

enum err intake_submit(
	struct intake *in, const char *station, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	enum err e = intake_save(in);

	if (e == OK && in->draft_id[0] == '\0')
		e = intake_begin_draft(in); /* a form without a single answer */
	if (e != OK) {
		buf_why(why, tr("没有提交成功: %s。填的都还在, 处理后再提交一次即可, 不会重复。"),
			err_text(e));
		return e;
	}
	e = intake_take_files(in, why);
	if (e != OK)
		return e;
	e = in->member_count > 0 ? submit_bundle(in, station, receipt, why)
				 : submit_one(in, station, receipt, why);
	if (e == OK) { /* a draft no more: it may be corrected anywhere */
		draft_lock_free(in->lock);
		in->lock = NULL;
	}
	return e;
}
