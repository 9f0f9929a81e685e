/* Values that need not be typed: earlier answers, a card reader, a person found, another field. */
#include "tui/form_view.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/people.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/card_fill.h"
#include "tui/form_view_private.h"
#include "tui/intake.h"
#include "tui/screens/screens.h"
#include "tui/session.h"

enum {
	RECENT_MAX = 6
};

/* ---- earlier answers ---- */

struct offer *form_view_offer(struct form_view *v)
{
	return v->at && !v->typed ? offers_at(&v->offers, v->entry, v->at) : NULL;
}

void form_view_meet(struct form_view *v)
{
	if (v->step != DRAFT_AT_FORM || !offers_update(&v->offers, v->intake))
		return;
	form_view_say_also(v,
		tr("这个人在本机办过事: %zu 栏有上次填的, Ctrl-F 全部取用, 或逐栏 Ctrl-E。"),
		offers_open(&v->offers, v->entry));
}

/* After values were put in from elsewhere: one step to take back, one commit. */
static void settle(struct form_view *v)
{
	history_note(v->history);
	form_view_store(v);
	form_view_meet(v);
	v->typed = false;
	form_view_refocus(v);
	form_view_reline(v);
	form_view_count(v);
}

void form_view_take_offer(struct form_view *v)
{
	struct offer *o = form_view_offer(v);

	if (!o)
		return;
	o->taken = true;
	form_view_put(v, o->value);
	form_view_next(v);
}

/* Focus goes to the first field that is still to be filled in. */
static void to_first_open(struct form_view *v)
{
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++)
		if (form_line_can_focus(&lines[i]) && !form_line_is_heading(&lines[i]) &&
			lines[i].required && !*lines[i].value) {
			form_view_to(v, lines[i].node);
			return;
		}
}

void form_view_take_all(struct form_view *v)
{
	size_t taken;

	form_view_leave(v);
	taken = offers_take_all(&v->offers, v->entry);
	settle(v);
	to_first_open(v);
	form_view_say_also(v, tr("取用了 %zu 栏, 请逐栏核对有没有变。"), taken);
}

void form_view_refuse_offer(struct form_view *v)
{
	struct offer *o = form_view_offer(v);

	if (o)
		o->refused = true;
}

/* ---- another field, another case ---- */

struct recalling {
	struct form_view *view;
	const struct node *node;
	const char *place, *from;
	struct pick_row *rows;
	size_t count;
};

static void add_value(struct recalling *r, const char *from, const char *value)
{
	struct buf shown = {0};

	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->rows[i].value, value) == 0)
			return;
	entry_value_text(r->view->entry, r->node, value, true, &shown);
	pick_add(&r->rows, &r->count, from, buf_str(&shown), value);
	buf_fini(&shown);
}

static void add_recent(void *arg, const char *value)
{
	add_value(arg, tr("最近填过"), value);
}

static void add_same_place(void *arg, const char *place, const char *value)
{
	struct recalling *r = arg;

	if (strcmp(place, r->place) == 0)
		add_value(r, r->from, value);
}

/* The nearest field above with a value of the same kind. */
static void add_above(struct recalling *r)
{
	struct form_view *v = r->view;
	const struct entry_line *lines, *here = form_view_current(v);
	size_t n, i = form_view_index(v, &n, &lines);

	while (here && i-- > 0) {
		const struct entry_line *l = &lines[i];
		if (form_line_is_heading(l) || !*l->value || l->field->list != here->field->list ||
			(l->field->kind != here->field->kind &&
				(!l->field->kind || !here->field->kind ||
					strcmp(l->field->kind, here->field->kind) != 0)))
			continue;
		if (l->field->type == here->field->type) {
			struct buf from = {0};
			buf_printf(&from, tr("上面: %s"), entry_label(l));
			add_value(r, buf_str(&from), l->value);
			buf_fini(&from);
			return;
		}
	}
}

static void picked(void *arg, const char *value)
{
	struct form_view *v = arg;

	form_view_put(v, value);
	form_view_next(v);
}

void form_view_recall(struct form_view *v)
{
	struct session *s = app_session(v->app);
	const struct entry_line *l = form_view_current(v);
	struct recalling r = {.view = v, .node = v->at, .place = buf_str(&v->place)};
	char previous[ID_UUID_SIZE];
	const struct offer *o;

	if (!l || form_line_is_heading(l))
		return;
	o = offers_at(&v->offers, v->entry, v->at);
	if (o)
		add_value(&r, tr("本人上次"), o->value);
	add_above(&r);
	people_previous(s->store, s->window, previous);
	r.from = tr("上一位办事人");
	if (previous[0])
		draft_each_answer(s->store, previous, DRAFT_FORM, add_same_place, &r);
	/* A number belongs to one person: other people's are not proposed. */
	if (!l->field->kind)
		people_recent(s->store, buf_str(&v->place), v->intake->draft_id, RECENT_MAX,
			add_recent, &r);
	app_push(v->app, pick_screen(v->app, entry_label(l), r.rows, r.count, picked, v));
}

/* ---- a person ---- */

static void chosen(void *arg, const struct person *p)
{
	struct form_view *v = arg;

	line_set(&v->line, v->at && v->at->value ? v->at->value : "");
	v->typed = false;
	offers_take_person(v->intake, p);
	settle(v);
	to_first_open(v);
}

void form_view_person(struct form_view *v)
{
	const struct entry_line *l = form_view_current(v);
	const char *words = l && !form_line_is_heading(l) && l->field->type == FIELD_TEXT
				    ? line_text(&v->line)
				    : "";

	app_push(v->app, person_screen(v->app, words, v->intake->draft_id, chosen, v));
}

/* ---- a card reader ---- */

/* What was read goes to its fields; the current one keeps its answer. */
static bool take_card(struct form_view *v, const char *typed, const char *stood)
{
	const struct entry_line *l = form_view_current(v);
	struct buf said = {0};
	bool is_card = v->step == DRAFT_AT_FORM && l && !form_line_is_heading(l) &&
		       card_fill(v->entry, l, typed, stood, app_session(v->app)->day, &said, NULL);

	if (is_card) {
		v->typed = false;
		v->card_taken = !said.len;
		settle(v);
		form_view_reline(v);
		if (said.len)
			app_error(v->app, "%s", buf_str(&said));
	}
	buf_fini(&said);
	return is_card;
}

bool form_view_card(struct form_view *v)
{
	const char *text = line_text(&v->line);
	size_t stood = v->run_at == v->at ? v->run_before.len : 0;

	/* alone what came at once, behind what stood there; or the whole of it */
	if (stood > 0 && strncmp(text, buf_str(&v->run_before), stood) == 0 &&
		take_card(v, text + stood, buf_str(&v->run_before)))
		return true;
	return take_card(v, text, v->run_at == v->at && stood == 0 ? "" : NULL);
}

void form_view_read(void *arg, const char *text)
{
	struct form_view *v = arg;

	if (!take_card(v, text, NULL))
		app_say_unread(v->app);
}

/* ---- twice ---- */

/* The second time: the same, or the first one does not count. */
static void typed_again(void *arg, const char *text)
{
	struct form_view *v = arg;
	struct node *n = entry_find(v->entry, buf_str(&v->twice));

	if (!n || !n->value)
		return;
	if (form_line_same(text ? text : "", n->value)) {
		app_say(v->app, "%s", tr("两遍一致。"));
	} else {
		form_view_leave(v);
		entry_set(v->entry, n, "");
		settle(v);
		form_view_to(v, n);
		app_error(v->app, "%s", tr("两遍不一致, 已清空。请看着卡重新输入。"));
	}
}

void form_view_ask_twice(struct form_view *v, struct node *n)
{
	const struct field *f = &entry_form(v->entry)->fields[n->field];
	struct buf label = {0};

	if (!form_line_is_twice(f) || !n->value || !*n->value || app_scan_ended(v->app) ||
		entry_finding(v->entry, n)->verdict == VERDICT_ERROR)
		return;
	buf_clear(&v->twice);
	entry_place(v->entry, n, &v->twice);
	buf_printf(&label, tr("再输一遍 %s"), entry_node_label(v->entry, n));
	app_prompt(v->app, buf_str(&label), "", typed_again, v);
	buf_fini(&label);
}
