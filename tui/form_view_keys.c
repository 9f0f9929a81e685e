/* What keys and commands do to the current field. */
#include "tui/form_view.h"

#include <string.h>

#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/form_view_private.h"
#include "tui/intake.h"
#include "tui/screens/screens.h"

static void add_word(struct buf *b, const char *s, size_t n)
{
	if (b->len)
		buf_addc(b, ' ');
	buf_add(b, s, n);
}

/* Takes the name out, or puts it at the end. */
static void toggle_word(struct buf *out, const char *value, const char *name)
{
	for (const char *p = value; *p;) {
		size_t n = strcspn(p, " ");
		if (n > 0 && !(n == strlen(name) && memcmp(p, name, n) == 0))
			add_word(out, p, n);
		p += n;
		p += strspn(p, " ");
	}
	if (!form_line_holds(value, name))
		add_word(out, name, strlen(name));
}

static void answer(struct form_view *v, const char *value)
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
		toggle_word(&value, line_text(&v->line), name);
	answer(v, buf_str(&value));
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
	app_push(v->app, choice_screen(v->app, v->entry, l->node, words, chosen, v));
}

static bool select_key(struct form_view *v, const struct entry_line *l, const struct key *k)
{
	const struct choice *const *choices;
	size_t n = entry_choices(v->entry, l->node, &choices), i;
	char typed[8] = "";

	if (k->code == K_BACKSPACE || k->code == K_DELETE) {
		answer(v, "");
		return true;
	}
	if (k->code != K_CHAR || n == 0)
		return false;
	if (k->plain >= '1' && k->plain <= '9' && k->plain - '1' < n) {
		choose(v, l, choices[k->plain - '1']->name);
		return true;
	}
	if (k->plain != ' ') {
		typed[text_encode(k->ch, typed)] = '\0';
		open_picker(v, l, typed);
		return true;
	}
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
	if (e != OK) {
		app_fail(v->app, tr("这一栏不需要写原因"), e, NULL);
		return;
	}
	form_view_store(v);
	form_view_count(v);
	app_say(v->app, "%s", tr("已记下原因, 随件报送。"));
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
	out[n++] = form_line_is_adder(l) ? CMD_NEXT_FIELD : CMD_PREVIOUS;
	if (form_line_is_adder(l))
		out[n++] = CMD_PREVIOUS;
	if (form_line_is_select(l->field))
		out[n++] = CMD_CHOOSE;
	if (!form_line_is_heading(l) && !v->typed &&
		entry_finding(v->entry, l->node)->verdict == VERDICT_WARNING)
		out[n++] = CMD_ACCEPT;
	if (!form_line_is_adder(l) && repetition_of(v)) {
		if (adder_of(v, l))
			out[n++] = CMD_ADD;
		out[n++] = CMD_REMOVE;
	}
	if (v->errors + v->missing + v->warnings > 0)
		out[n++] = CMD_FAULT;
	out[n++] = go_on;
	out[n++] = CMD_GROUP;
	out[n++] = CMD_GROUP_BACK;
	out[n++] = CMD_CLEAR;
	return n;
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
		app_prompt(v->app, tr("核实的情况和采用的原因"), "", accepted, v);
		return true;
	case CMD_CLEAR:
		form_view_key(v, &(struct key){.code = K_CTRL, .ch = 'u'});
		return true;
	default:
		return false;
	}
}

static bool toggle_acknowledge(struct form_view *v, const struct entry_line *l, const struct key *k)
{
	if (k->code != K_CHAR || (k->plain != ' ' && k->plain != '1'))
		return false;
	answer(v, *l->value ? "" : "OK");
	return true;
}

bool form_view_key(struct form_view *v, const struct key *k)
{
	const struct entry_line *l = form_view_current(v);

	if (!l)
		return false;
	if (k->code == K_PGUP || k->code == K_PGDN) {
		for (int i = v->rows - 2; i > 0; i--)
			if (!(k->code == K_PGDN ? form_view_next(v) : form_view_previous(v)))
				break;
		return true;
	}
	if (form_line_is_adder(l))
		return false;
	if (form_line_is_select(l->field))
		return select_key(v, l, k);
	if (l->field->type == FIELD_ACKNOWLEDGE)
		return toggle_acknowledge(v, l, k);
	switch (line_key(&v->line, k)) {
	case LINE_CHANGED:
		if (!v->unsaved)
			v->typed_ms = app_mono_ms(v->app);
		v->typed = v->unsaved = true;
		return true;
	case LINE_MOVED:
		return true;
	default:
		return false;
	}
}
