/* What keys and commands do to the current field. */
#include "tui/form_view.h"

#include <string.h>

#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/choices.h"
#include "tui/form_view_private.h"
#include "tui/intake.h"
#include "tui/screens/screens.h"

void form_view_put(struct form_view *v, const char *value)
{
	line_set(&v->line, value);
	v->typed = true;
	form_view_leave(v);
}

static void choose(struct form_view *v, const struct entry_line *l, const char *name)
{
	struct buf value = {0};

	if (l->field->type == FIELD_SELECT_ONE)
		buf_adds(&value, name);
	else
		choices_toggle(&value, line_text(&v->line), name);
	form_view_put(v, buf_str(&value));
	buf_fini(&value);
}

static void chosen(void *arg, const char *name)
{
	struct form_view *v = arg;
	const struct entry_line *l = form_view_current(v);

	if (l && form_line_is_select(l->field))
		choose(v, l, name);
}

static void open_picker(struct form_view *v, const struct entry_line *l, const char *words)
{
	app_push(
		v->app, choice_screen(v->app, v->entry, l->node, words, chosen, form_view_read, v));
}

/* A hand begins with one character. A reader's first ones may have chosen something: that is taken
 * back, and all of them are looked for. */
static bool look_for(struct form_view *v, const struct key *k)
{
	bool whole = v->run_at == v->at;
	const struct entry_line *l;
	char typed[8] = "";

	typed[text_encode(k->ch, typed)] = '\0';
	if (whole && k->run > 0)
		form_view_put(v, buf_str(&v->run_before));
	l = form_view_current(v);
	if (l)
		open_picker(v, l, whole ? buf_str(&v->run_text) : typed);
	return true;
}

/* A digit behind the last of a few choices, and in none of their words: a slip of the hand, told
 * where it happened. */
static bool beyond_choices(struct form_view *v, const struct entry_line *l, const struct key *k,
	const struct choice *const *choices, size_t n)
{
	if (k->run > 0 || n > 9 || k->plain < '0' || k->plain > '9')
		return false;
	for (size_t i = 0; i < n; i++)
		if (strchr(entry_choice_label(v->entry, l->node, choices[i]), k->plain))
			return false;
	app_error(v->app, tr("没有第 %c 项, 请按 1 到 %zu。"), k->plain, n);
	return true;
}

static bool select_key(struct form_view *v, const struct entry_line *l, const struct key *k)
{
	const struct choice *const *choices;
	size_t n = entry_choices(v->entry, l->node, &choices), i;

	if (k->code == K_BACKSPACE || k->code == K_DELETE) {
		form_view_put(v, "");
		return true;
	}
	if (k->code != K_CHAR || n == 0)
		return false;
	if (k->plain >= '1' && k->plain <= '9' && k->plain - '1' < n) {
		choose(v, l, choices[k->plain - '1']->name);
		return true;
	}
	if (k->plain != ' ')
		return beyond_choices(v, l, k, choices, n) || look_for(v, k);
	if (n > 9 || l->field->type != FIELD_SELECT_ONE) {
		open_picker(v, l, "");
		return true;
	}
	for (i = 0; i < n && strcmp(choices[i]->name, l->value) != 0; i++)
		;
	choose(v, l, choices[i >= n ? 0 : (i + 1) % n]->name);
	return true;
}

/* The repetition that holds the current field, or NULL. */
static struct node *repetition_of(struct form_view *v)
{
	const struct form *form = entry_form(v->entry);

	for (struct node *n = v->at; n; n = n->parent)
		if (n->field >= 0 && form->fields[n->field].type == FIELD_REPEAT)
			return n;
	return NULL;
}

static const struct entry_line *adder_of(struct form_view *v, const struct entry_line *here)
{
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);
	struct node *repetition = repetition_of(v);

	if (form_line_is_adder(here))
		return here;
	for (size_t i = 0; repetition && i < n; i++)
		if (form_line_is_adder(&lines[i]) &&
			lines[i].field == &entry_form(v->entry)->fields[repetition->field])
			return &lines[i];
	return NULL;
}

static void add_repetition(struct form_view *v)
{
	const struct entry_line *l = form_view_current(v), *adder, *lines;
	struct node *first = NULL;
	size_t n;
	enum err e;

	form_view_leave(v);
	l = form_view_current(v);
	adder = l ? adder_of(v, l) : NULL;
	if (!adder)
		return;
	e = entry_repeat_add(v->entry, adder->node, &first);
	if (e != OK) {
		app_fail(v->app, tr("不能再加"), e, NULL);
		return;
	}
	history_note(v->history);
	form_view_store(v);
	form_view_count(v);
	n = entry_lines(v->entry, &lines);
	for (size_t i = 0; i < n; i++) /* its first field */
		if (lines[i].node == first) {
			while (i < n && !form_line_can_focus(&lines[i]))
				i++;
			if (i < n)
				form_view_to(v, lines[i].node);
			return;
		}
}

/* Space adds one, as it chooses and confirms elsewhere; what else is typed here has no field. */
static bool adder_key(struct form_view *v, const struct key *k)
{
	if (k->code != K_CHAR)
		return false;
	if (k->run >= KEY_BURST)
		app_say_unread(v->app);
	else if (k->plain == ' ' && k->run == 0)
		add_repetition(v);
	else
		app_say(v->app, "%s", tr("这里没有可填的栏: 按 Enter 或空格增加一份。"));
	return true;
}

/* After a repetition has gone: the line that adds one, if the form lets one be added. */
static void to_adder(struct form_view *v, const struct field *repeat)
{
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++)
		if (form_line_is_adder(&lines[i]) && lines[i].field == repeat) {
			form_view_to(v, lines[i].node);
			return;
		}
	form_view_refocus(v);
}

static void answer_remove(void *arg, bool yes)
{
	struct form_view *v = arg;
	struct node *repetition = repetition_of(v);
	const struct field *repeat;
	enum err e;

	if (!yes || !repetition)
		return;
	repeat = &entry_form(v->entry)->fields[repetition->field];
	v->typed = false;
	v->at = NULL;
	e = entry_repeat_remove(v->entry, repetition);
	if (e != OK)
		app_fail(v->app, tr("没有删去"), e, NULL);
	history_note(v->history);
	form_view_store(v);
	to_adder(v, repeat);
	form_view_count(v);
}

static void accepted(void *arg, const char *reason)
{
	struct form_view *v = arg;
	enum err e;

	if (!reason || !*reason || !v->at)
		return;
	e = entry_accept(v->entry, v->at, reason);
	if (e == ERR_STATE && entry_doubts(v->entry, v->at) > 0)
		return; /* blanks are no reason, as an empty answer is none */
	if (e != OK) {
		app_fail(v->app, tr("这一栏不需要写原因"), e, NULL);
		return;
	}
	history_note(v->history);
	form_view_store(v);
	form_view_count(v);
	form_view_say_also(v, "%s", tr("已记下原因, 随件报送。"));
}

/* What the checks say of the current field as it was left. */
static enum verdict verdict_here(struct form_view *v, const struct entry_line *l)
{
	return form_line_is_heading(l) || v->typed ? VERDICT_OK
						   : entry_finding(v->entry, l->node)->verdict;
}

/* It stands in the way until it is put right or a reason is given. */
static bool wants_reason(struct form_view *v, const struct entry_line *l)
{
	return verdict_here(v, l) == VERDICT_WARNING && !entry_reason(l->entry, l->node);
}

/* What this person answered before, besides taking it for this field. */
static size_t offer_commands(struct form_view *v, enum command *out)
{
	size_t n = 0;

	if (offers_open(&v->offers, v->entry) > 0)
		out[n++] = CMD_TAKE_ALL;
	if (form_view_offer(v))
		out[n++] = CMD_REFUSE_OFFER;
	return n;
}

/* Where its value may come from. */
static size_t source_commands(struct form_view *v, const struct entry_line *l, enum command *out)
{
	size_t n = 0;

	if (v->step != DRAFT_AT_FORM || form_line_is_heading(l))
		return 0;
	out[n++] = CMD_PERSON;
	out[n++] = CMD_RECALL;
	return n;
}

/* What can be done with the field itself. */
static size_t field_commands(struct form_view *v, const struct entry_line *l, enum command *out)
{
	enum verdict verdict = verdict_here(v, l);
	size_t n = 0;

	if (form_line_is_select(l->field))
		out[n++] = CMD_CHOOSE;
	if (verdict == VERDICT_WARNING && !wants_reason(v, l)) /* the reason can be put better */
		out[n++] = CMD_ACCEPT;
	if (verdict == VERDICT_ERROR && v->step == DRAFT_AT_FORM)
		out[n++] = CMD_DOUBT;
	if (!form_line_is_adder(l) && repetition_of(v)) {
		if (adder_of(v, l))
			out[n++] = CMD_ADD;
		out[n++] = CMD_REMOVE;
	}
	return n;
}

size_t form_view_commands(struct form_view *v, enum command go_on, enum command *out)
{
	const struct entry_line *l = form_view_current(v);
	size_t n = 0;

	if (!l) { /* nothing to fill in */
		out[n++] = CMD_CONTINUE;
		return n;
	}
	out[n++] = form_line_is_adder(l) ? CMD_ADD : CMD_NEXT_FIELD;
	if (form_view_offer(v)) /* wanted first */
		out[n++] = CMD_TAKE_OFFER;
	if (form_line_is_adder(l))
		out[n++] = CMD_NEXT_FIELD;
	out[n++] = go_on;
	if (wants_reason(v, l)) /* else a narrow window has no room to say how it is given */
		out[n++] = CMD_ACCEPT;
	if (v->errors + v->missing + v->warnings > 0)
		out[n++] = CMD_FAULT;
	n += offer_commands(v, out + n);
	n += field_commands(v, l, out + n);
	n += source_commands(v, l, out + n);
	out[n++] = CMD_WHY;
	out[n++] = CMD_PREVIOUS;
	if (v->typed || history_can_undo(v->history))
		out[n++] = CMD_UNDO;
	if (!v->typed && history_can_redo(v->history))
		out[n++] = CMD_REDO;
	out[n++] = CMD_GROUP;
	out[n++] = CMD_GROUP_BACK;
	out[n++] = CMD_CLEAR;
	if (v->errors + v->missing + v->warnings == 0)
		out[n++] = CMD_FAULT;
	return n;
}

/* The commands that bring a value from elsewhere. */
static bool source_command(struct form_view *v, enum command c)
{
	switch (c) {
	case CMD_TAKE_OFFER:
		form_view_take_offer(v);
		return true;
	case CMD_TAKE_ALL:
		form_view_take_all(v);
		return true;
	case CMD_REFUSE_OFFER:
		form_view_refuse_offer(v);
		return true;
	case CMD_RECALL:
		form_view_recall(v);
		return true;
	case CMD_PERSON:
		form_view_person(v);
		return true;
	case CMD_UNDO:
	case CMD_REDO:
		form_view_travel(v, c == CMD_UNDO);
		return true;
	case CMD_WHY:
		form_view_why(v);
		return true;
	default:
		return false;
	}
}

bool form_view_command(struct form_view *v, enum command c)
{
	const struct entry_line *l = form_view_current(v);

	if (!l)
		return false;
	switch (c) {
	case CMD_PREVIOUS:
		form_view_previous(v);
		return true;
	case CMD_GROUP:
		form_view_change_group(v, 1);
		return true;
	case CMD_GROUP_BACK:
		form_view_change_group(v, -1);
		return true;
	case CMD_FAULT:
		form_view_next_fault(v);
		return true;
	case CMD_CHOOSE:
		open_picker(v, l, "");
		return true;
	case CMD_ADD:
		add_repetition(v);
		return true;
	case CMD_REMOVE:
		app_ask(v->app, tr("删去这一份? 这份里填的都会删去。"), answer_remove, v);
		return true;
	case CMD_ACCEPT:
		app_prompt(v->app,
			entry_doubts(v->entry, v->at) > 1 ? tr("这几处提醒核实的情况, 都采用的原因")
							  : tr("核实的情况和采用的原因"),
			entry_reason(v->entry, v->at) ? entry_reason(v->entry, v->at) : "",
			accepted, v);
		return true;
	case CMD_CLEAR:
		form_view_key(v, &(struct key){.code = K_CTRL, .ch = 'u'});
		return true;
	default:
		return source_command(v, c);
	}
}

enum typing form_view_typing(struct form_view *v)
{
	const struct entry_line *l = form_view_current(v);

	if (!l || form_line_is_heading(l) || form_line_is_select(l->field) ||
		l->field->type == FIELD_ACKNOWLEDGE)
		return TYPING_CHOICE;
	return TYPING_TEXT;
}

static bool toggle_acknowledge(struct form_view *v, const struct entry_line *l, const struct key *k)
{
	if (k->code != K_CHAR || (k->plain != ' ' && k->plain != '1'))
		return false;
	form_view_put(v, *l->value ? "" : "OK");
	return true;
}

/* A reader's line came to where one chooses: what its first characters chose is taken back. */
static bool is_lost_scan(struct form_view *v, const struct key *k)
{
	if (k->code != K_CHAR)
		return false;
	if (k->run < KEY_BURST)
		return false;
	if (k->run == KEY_BURST && v->run_at == v->at)
		form_view_put(v, buf_str(&v->run_before));
	app_say_unread(v->app);
	return true;
}

bool form_view_lost_scan(struct form_view *v)
{
	const struct entry_line *l = form_view_current(v);

	if (v->run <= KEY_BURST || !l || v->run_at != v->at || form_view_typing(v) == TYPING_TEXT)
		return false;
	app_say_unread(v->app);
	return true;
}

/* Where a run of characters began, what stood there, and what came. */
static void note_run(struct form_view *v, const struct key *k)
{
	char typed[8];

	if (k->code == K_PASTE || k->code == K_CHAR) {
		if (k->run == 0 || k->code == K_PASTE) {
			v->run_at = v->at;
			buf_clear(&v->run_before);
			buf_adds(&v->run_before, line_text(&v->line));
			buf_clear(&v->run_text);
		}
		if (k->code == K_CHAR)
			buf_add(&v->run_text, typed, text_encode(k->ch, typed));
	}
}

static enum line_result type(struct form_view *v, const struct key *k)
{
	enum line_result r = line_key(&v->line, k);

	if (v->line.lost > 0)
		app_error(v->app, tr("这一栏最多 %zu 字, 多出来的没有放进去。"),
			line_max_cps(&v->line));
	return r;
}

bool form_view_key(struct form_view *v, const struct key *k)
{
	const struct entry_line *l = form_view_current(v);

	if (!l)
		return false;
	note_run(v, k);
	if (k->code == K_CTRL && (k->ch == 'z' || k->ch == 'y')) { /* else it were a command */
		app_say(v->app, "%s", k->ch == 'z' ? tr("没有可撤销的。") : tr("没有可重做的。"));
		return true;
	}
	if (k->code == K_PGUP || k->code == K_PGDN) {
		for (int i = v->rows - 2; i > 0; i--)
			if (!(k->code == K_PGDN ? form_view_next(v) : form_view_previous(v)))
				break;
		return true;
	}
	if (form_line_is_adder(l))
		return adder_key(v, k);
	if (form_line_is_select(l->field))
		return is_lost_scan(v, k) || select_key(v, l, k);
	if (l->field->type == FIELD_ACKNOWLEDGE)
		return is_lost_scan(v, k) || toggle_acknowledge(v, l, k);
	switch (type(v, k)) {
	case LINE_CHANGED:
		if (!v->unsaved)
			v->typed_ms = app_mono_ms(v->app);
		v->typed = v->unsaved = true;
		return true;
	case LINE_MOVED:
		if (!v->moved)
			v->moved_ms = app_mono_ms(v->app);
		v->moved = true;
		return true;
	default:
		return false;
	}
}
