/* A correction: the answers as they were sent, and beside them what the centre found wrong. */
#include "tui/intake_private.h"

#include <string.h>

#include "core/base/json.h"
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "core/station/store.h"
#include "forms/instance.h"

struct taking {
	struct intake *in;
	const json *body;   /* of the letter */
	struct entry *sent; /* its answers, by the form of today */
};

/* Twice: what one answer lets in comes after it. */
static void load(struct entry *e, const json *answers)
{
	struct buf text = {0}, unknown = {0};

	if (e == NULL || answers == NULL)
		return;
	json_write(&text, answers);
	entry_load(e, buf_str(&text), text.len, &unknown);
	entry_load(e, buf_str(&text), text.len, &unknown);
	buf_fini(&text);
	buf_fini(&unknown);
}

/* ---- a case whose answers are in its letter only ---- */

static void see_answer(void *arg, const char *place, const char *value)
{
	bool *any = arg;

	(void)place;
	(void)value;
	*any = true;
}

static void take_materials(struct intake *in, const json *list)
{
	enum checklist_state state;
	const json *m;

	for (m = json_first(list); m != NULL; m = json_next(m)) {
		const char *name = json_get_str(m, "material_name");
		if (name != NULL && checklist_state_parse(json_get_str(m, "state"), &state))
			checklist_set(&in->checklist, name, state, NULL);
	}
}

static void take_answers(struct taking *t)
{
	struct intake *in = t->in;
	bool any = false;

	draft_each_answer(in->store, in->draft_id, DRAFT_FORM, see_answer, &any);
	if (any)
		return;
	load(in->situation, json_get(t->body, "situation"));
	intake_follow(in);
	load(in->entry, json_get(t->body, "answers"));
	intake_follow(in);
	take_materials(in, json_get(t->body, "materials"));
	in->from_letter = true;
}

/* ---- what the centre said ---- */

static void add_general(struct intake *in, const char *message)
{
	buf_printf(&in->refused, "%s%s", in->refused.len > 0 ? "; " : "", message);
}

/* What has been changed since it was sent is no longer objected to. */
static void take_fault(void *arg, const char *place, const char *message)
{
	struct taking *t = arg;
	struct intake *in = t->in;
	struct node *now = place[0] != '\0' ? entry_find_sent(in->entry, place) : NULL;
	struct buf here = {0};

	if (now == NULL || now->value == NULL) {
		add_general(in, message);
		return;
	}
	if (strcmp(intake_answer(t->sent, place), now->value) != 0)
		return;
	entry_object(in->entry, now, message);
	if (in->refused_at != NULL)
		return;
	entry_place(in->entry, now, &here);
	in->refused_at = buf_take(&here);
}

static void take_refusal(struct taking *t, const struct letter *l)
{
	t->sent = entry_new(t->in->form, store_clock(t->in->store));
	load(t->sent, json_get(t->body, "answers"));
	if (l->problem != NULL)
		refusal_each(l->problem, take_fault, t);
	else if (l->reason != NULL)
		add_general(t->in, l->reason);
	entry_free(t->sent);
}

void intake_take_letter(struct intake *in)
{
	struct taking t = {.in = in};
	struct letter l;
	json *body = NULL;

	if (outbox_get_application(in->store, in->draft_id, &l) != OK)
		return;
	if (l.body != NULL && json_parse(&body, l.body, l.body_len, NULL) == OK) {
		t.body = body;
		take_answers(&t);
		if (l.state == LETTER_HELD && l.hold == HOLD_REFUSED)
			take_refusal(&t, &l);
	}
	json_free(body);
	letter_fini(&l);
}

/* ---- at its beginning ---- */

enum err intake_begin_correction(struct store *s, const char *any_number, const char *operator_name,
	char id[ID_UUID_SIZE], struct buf *why)
{
	struct case_view v;
	enum err e = case_get(s, any_number, &v);

	if (e != OK)
		return e;
	e = case_revise(s, v.id, operator_name, why);
	if (e == OK)
		memcpy(id, v.id, ID_UUID_SIZE);
	case_view_fini(&v);
	return e;
}
