#include "tui/form_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/intake.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_pager.h"

enum {
	SAVE_AFTER_MS = 700,
	LABEL_COL = 3,
	LABEL_MIN = 8,
	LABEL_MAX = 20,
	NOTE_COL = 50,
	SCANNED = 3 /* characters in a row that no person types */
};

/* --- fields ----------------------------------------------------------------------------------- */

static bool is_heading(const struct entry_line *l)
{
	return l->field->type == FIELD_GROUP || l->field->type == FIELD_REPEAT;
}

/* The line that adds a repetition. */
static bool is_adder(const struct entry_line *l)
{
	return l->field->type == FIELD_REPEAT && l->repetition == 0;
}

static bool is_shown(const struct entry_line *l)
{
	if (l->field->type == FIELD_HIDDEN)
		return false;
	return l->field->type != FIELD_CALCULATE || *field_label(l->field);
}

static bool can_focus(const struct entry_line *l)
{
	if (!is_shown(l) || l->readonly)
		return false;
	if (is_heading(l))
		return is_adder(l);
	return l->field->type != FIELD_NOTE && l->field->type != FIELD_CALCULATE;
}

static bool is_select(const struct field *f)
{
	return f->type == FIELD_SELECT_ONE || f->type == FIELD_SELECT_MULTIPLE ||
	       f->type == FIELD_RANK;
}

/* The current line, or NULL. */
static const struct entry_line *current(struct form_view *v)
{
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++)
		if (lines[i].node == v->at && can_focus(&lines[i]) &&
			(v->at != NULL || is_adder(&lines[i])))
			return &lines[i];
	return NULL;
}

static size_t index_of(struct form_view *v, size_t *count, const struct entry_line **lines)
{
	*count = entry_lines(v->entry, lines);
	for (size_t i = 0; i < *count; i++)
		if ((*lines)[i].node == v->at && can_focus(&(*lines)[i]))
			return i;
	return *count;
}

static void count_faults(struct form_view *v)
{
	const struct entry_fault *faults;
	const struct entry_line *lines;
	size_t n = entry_check(v->entry, &faults), all;

	v->errors = v->missing = v->warnings = v->fields = 0;
	for (size_t i = 0; i < n; i++) {
		if (faults[i].verdict == VERDICT_WARNING)
			v->warnings++;
		else if (faults[i].node && faults[i].node->value && !*faults[i].node->value)
			v->missing++;
		else
			v->errors++;
	}
	all = entry_lines(v->entry, &lines);
	for (size_t i = 0; i < all; i++)
		v->fields += can_focus(&lines[i]) && !is_heading(&lines[i]);
}

/* --- storing ---------------------------------------------------------------------------------- */

/* What has changed goes to the draft in one commit; materials and hidden fields follow. */
static void store_changes(struct form_view *v)
{
	enum err e;

	intake_follow(v->intake);
	e = intake_save(v->intake);
	session_saved(app_session(v->app), e);
	v->unsaved = e != OK;
}

/* What is being typed, before the field is left: the checks stay silent until then. */
static void store_typed(struct form_view *v)
{
	entry_set(v->entry, v->at, line_text(&v->line));
	store_changes(v);
	intake_at(v->intake, v->step, buf_str(&v->place), (int)line_cursor_cps(&v->line));
}

/* --- focus ------------------------------------------------------------------------------------ */

static void focus(struct form_view *v, struct node *n)
{
	const struct entry_line *l;

	v->at = n;
	buf_clear(&v->place);
	line_set(&v->line, "");
	v->typed = false;
	l = current(v);
	if (!l)
		return;
	entry_place(v->entry, n, &v->place);
	if (!is_heading(l))
		line_set(&v->line, l->value);
	intake_at(v->intake, v->step, buf_str(&v->place), 0);
}

/* After a change of structure the current field may be gone: the nearest one before, or the first.
 */
static void refocus(struct form_view *v)
{
	const struct entry_line *lines;
	size_t n;
	struct node *same = v->place.len ? entry_find(v->entry, buf_str(&v->place)) : NULL;

	if (same) {
		v->at = same;
		if (current(v))
			return;
	}
	n = entry_lines(v->entry, &lines);
	for (size_t i = 0; i < n; i++)
		if (can_focus(&lines[i])) {
			focus(v, lines[i].node);
			return;
		}
	v->at = NULL;
}

void form_view_leave(struct form_view *v)
{
	if (v->typed && v->at) {
		entry_set(v->entry, v->at, line_text(&v->line));
		v->typed = false;
		store_changes(v);
		refocus(v);
		const struct entry_line *l = current(v);
		if (l && !is_heading(l))
			line_set(&v->line, l->value);
	}
	count_faults(v);
}

static bool step(struct form_view *v, int by)
{
	const struct entry_line *lines;
	size_t n, i;

	form_view_leave(v);
	i = index_of(v, &n, &lines);
	if (i == n)
		return false;
	for (long j = (long)i + by; j >= 0 && j < (long)n; j += by)
		if (can_focus(&lines[j])) {
			focus(v, lines[j].node);
			return true;
		}
	return false;
}

bool form_view_next(struct form_view *v)
{
	return step(v, 1);
}

bool form_view_previous(struct form_view *v)
{
	return step(v, -1);
}

/* The first field after the next heading; forwards it wraps, backwards it is the one before. */
static void change_group(struct form_view *v, int by)
{
	const struct entry_line *lines;
	size_t n, i, first = 0, target, before = 0;
	bool heading = true;

	form_view_leave(v);
	i = index_of(v, &n, &lines);
	target = n;
	first = n;
	for (size_t j = 0; j < n; j++) {
		if (is_heading(&lines[j]) && !is_adder(&lines[j]))
			heading = true;
		if (!can_focus(&lines[j]) || !heading)
			continue;
		heading = false;
		if (first == n)
			first = j;
		if (j < i)
			before = j;
		if (j > i && target == n && by > 0)
			target = j;
	}
	if (by < 0)
		target = before;
	if (target == n)
		target = first;
	if (target < n)
		focus(v, lines[target].node);
}

void form_view_focus(struct form_view *v, const char *place)
{
	struct node *n = entry_find(v->entry, place);

	form_view_leave(v);
	if (n)
		focus(v, n);
}

void form_view_init(struct form_view *v, struct app *app, struct intake *intake,
	enum draft_step at_step, const char *place)
{
	struct entry *entry = at_step == DRAFT_AT_SITUATION ? intake->situation : intake->entry;
	const struct entry_line *lines;
	size_t n;

	memset(v, 0, sizeof(*v));
	v->app = app;
	v->intake = intake;
	v->entry = entry;
	v->step = at_step;
	count_faults(v);
	if (place && *place)
		v->at = entry_find(entry, place);
	if (v->at && current(v)) {
		focus(v, v->at);
		return;
	}
	n = entry_lines(entry, &lines);
	for (size_t i = 0; i < n; i++)
		if (can_focus(&lines[i]) && !is_heading(&lines[i]) && !*lines[i].value) {
			focus(v, lines[i].node);
			return;
		}
	refocus(v);
}

void form_view_fini(struct form_view *v)
{
	buf_fini(&v->place);
	line_fini(&v->line);
}

/* --- faults ----------------------------------------------------------------------------------- */

static void next_fault(struct form_view *v)
{
	const struct entry_fault *faults;
	const struct entry_line *lines;
	size_t n, i, count;

	form_view_leave(v);
	count = entry_check(v->entry, &faults);
	if (count == 0) {
		app_say(v->app, "%s", tr("没有错误, 也没有漏填。"));
		return;
	}
	i = index_of(v, &n, &lines);
	for (size_t step_on = 1; step_on <= n; step_on++) {
		const struct entry_line *l = &lines[(i + step_on) % n];
		for (size_t f = 0; f < count; f++)
			if (faults[f].node == l->node && !is_heading(l)) {
				v->checked = true;
				app_error(
					v->app, "%s: %s", field_label(l->field), faults[f].message);
				focus(v, l->node);
				return;
			}
	}
}

bool form_view_complete(struct form_view *v)
{
	const struct entry_fault *faults;
	struct buf names = {0};
	const struct form *form = entry_form(v->entry);
	size_t count;

	form_view_leave(v);
	v->checked = true;
	count_faults(v);
	count = entry_check(v->entry, &faults);
	if (count == 0)
		return true;
	for (size_t i = 0; i < count && i < 3; i++) {
		if (!faults[i].node || faults[i].node->field < 0)
			continue;
		if (names.len)
			buf_adds(&names, tr("、"));
		buf_adds(&names, field_label(&form->fields[faults[i].node->field]));
	}
	if (count > 3)
		buf_adds(&names, tr(" 等"));
	app_error(v->app, tr("%zu 处: %s。按 Ctrl-N 到下一处。"), count, buf_str(&names));
	buf_fini(&names);
	if (faults[0].node)
		focus(v, faults[0].node);
	return false;
}

/* --- selecting -------------------------------------------------------------------------------- */

/* A value of a select_multiple holds this name. */
static bool holds(const char *value, const char *name)
{
	size_t len = strlen(name);

	for (const char *p = value; *p;) {
		size_t n = strcspn(p, " ");
		if (n == len && memcmp(p, name, n) == 0)
			return true;
		p += n;
		p += strspn(p, " ");
	}
	return false;
}

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
	if (!holds(value, name))
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
	const struct entry_line *l = current(v);

	if (l && is_select(l->field))
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

/* --- repetitions ------------------------------------------------------------------------------ */

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

	if (is_adder(here))
		return here;
	for (size_t i = 0; repetition && i < n; i++)
		if (is_adder(&lines[i]) &&
			lines[i].field == &entry_form(v->entry)->fields[repetition->field])
			return &lines[i];
	return NULL;
}

static void add_repetition(struct form_view *v)
{
	const struct entry_line *l = current(v), *adder, *lines;
	struct node *first = NULL;
	size_t n;
	enum err e;

	form_view_leave(v);
	l = current(v);
	adder = l ? adder_of(v, l) : NULL;
	if (!adder)
		return;
	e = entry_repeat_add(v->entry, adder->node, &first);
	if (e != OK) {
		app_fail(v->app, tr("不能再加"), e, NULL);
		return;
	}
	store_changes(v);
	count_faults(v);
	n = entry_lines(v->entry, &lines);
	for (size_t i = 0; i < n; i++) /* its first field */
		if (lines[i].node == first) {
			while (i < n && !can_focus(&lines[i]))
				i++;
			if (i < n)
				focus(v, lines[i].node);
			return;
		}
}

static void answer_remove(void *arg, bool yes)
{
	struct form_view *v = arg;
	struct node *repetition = repetition_of(v);
	enum err e;

	if (!yes || !repetition)
		return;
	v->typed = false;
	e = entry_repeat_remove(v->entry, repetition);
	v->at = NULL;
	if (e != OK)
		app_fail(v->app, tr("没有删去"), e, NULL);
	store_changes(v);
	refocus(v);
	if (v->at)
		focus(v, v->at);
	count_faults(v);
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
	store_changes(v);
	count_faults(v);
	app_say(v->app, "%s", tr("已记下原因, 随件报送。"));
}

/* --- keys and commands ------------------------------------------------------------------------ */

size_t form_view_commands(struct form_view *v, enum command go_on, enum command *out)
{
	const struct entry_line *l = current(v);
	size_t n = 0;

	if (!l) { /* nothing to fill in */
		out[n++] = CMD_CONTINUE;
		return n;
	}
	out[n++] = is_adder(l) ? CMD_ADD : CMD_NEXT_FIELD;
	out[n++] = is_adder(l) ? CMD_NEXT_FIELD : CMD_PREVIOUS;
	if (is_adder(l))
		out[n++] = CMD_PREVIOUS;
	if (is_select(l->field))
		out[n++] = CMD_CHOOSE;
	if (!is_heading(l) && !v->typed &&
		entry_finding(v->entry, l->node)->verdict == VERDICT_WARNING)
		out[n++] = CMD_ACCEPT;
	if (!is_adder(l) && repetition_of(v)) {
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
	const struct entry_line *l = current(v);

	if (!l)
		return false;
	switch (c) {
	case CMD_PREVIOUS:
		form_view_previous(v);
		return true;
	case CMD_GROUP:
		change_group(v, 1);
		return true;
	case CMD_GROUP_BACK:
		change_group(v, -1);
		return true;
	case CMD_FAULT:
		next_fault(v);
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
	const struct entry_line *l = current(v);

	if (!l)
		return false;
	if (k->code == K_PGUP || k->code == K_PGDN) {
		for (int i = v->rows - 2; i > 0; i--)
			if (!(k->code == K_PGDN ? form_view_next(v) : form_view_previous(v)))
				break;
		return true;
	}
	if (is_adder(l))
		return false;
	if (is_select(l->field))
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

int64_t form_view_tick(struct form_view *v, int64_t mono_ms)
{
	if (!v->typed || !v->unsaved)
		return -1;
	if (mono_ms >= v->typed_ms + SAVE_AFTER_MS) {
		store_typed(v);
		if (v->unsaved) /* the disk is full: try again, not in a tight loop */
			v->typed_ms = mono_ms + SAVE_AFTER_MS;
	}
	return v->unsaved ? v->typed_ms + SAVE_AFTER_MS : -1;
}

/* --- drawing ---------------------------------------------------------------------------------- */

struct layout {
	int label_cols, value_col, note_col, cols;
};

static struct layout lay_out(struct form_view *v, int cols)
{
	struct layout y = {LABEL_MIN, 0, NOTE_COL, cols};
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++) {
		if (is_heading(&lines[i]) || !is_shown(&lines[i]) ||
			lines[i].field->type == FIELD_NOTE)
			continue;
		int w = glyph_cols(field_label(lines[i].field)) + 2 * (lines[i].depth > 1);
		if (w > y.label_cols)
			y.label_cols = w > LABEL_MAX ? LABEL_MAX : w;
	}
	if (cols < NOTE_COL + 20)
		y.note_col = cols - 18;
	y.value_col = LABEL_COL + y.label_cols + 2;
	return y;
}

/* Width of the place to type in: as wide as what belongs there. */
static int value_cols(const struct layout *y, const struct field *f)
{
	int room = y->note_col - 3 - y->value_col, want = room;

	if (f->type == FIELD_DATE)
		want = 12;
	else if (f->type == FIELD_TIME)
		want = 8;
	else if (f->type == FIELD_DATETIME || (f->kind && strcmp(f->kind, "id-card") == 0))
		want = 20;
	else if (f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL || f->type == FIELD_RANGE ||
		 (f->kind && strcmp(f->kind, "mobile") == 0))
		want = 14;
	return want < room ? want : room;
}

static const char *fault_of(struct form_view *v, const struct entry_line *l)
{
	const struct entry_fault *faults;
	size_t n = v->checked ? entry_check(v->entry, &faults) : 0;

	for (size_t i = 0; i < n; i++)
		if (faults[i].node == l->node)
			return faults[i].message;
	return NULL;
}

static void draw_note(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, bool here)
{
	const struct finding *f = entry_finding(v->entry, l->node);
	const char *text = buf_str(&f->message), *mark = " ";
	enum role role = ROLE_TEXT;

	if (here && v->typed) { /* being corrected: what was said of it is over */
		text = field_hint(l->field);
	} else if (f->verdict == VERDICT_ERROR) {
		role = ROLE_ERROR;
		mark = "!";
	} else if (f->verdict == VERDICT_WARNING) {
		role = ROLE_WARN;
		mark = "?";
	} else if (f->verdict == VERDICT_OK || !*text) {
		const char *fault = fault_of(v, l);
		if (fault) {
			text = fault;
			role = ROLE_ERROR;
			mark = "!";
		} else if (l->readonly || l->field->type == FIELD_CALCULATE) {
			text = tr("自动得出");
		} else if (here && is_select(l->field)) {
			text = tr("空格或数字选择");
		} else {
			text = here ? field_hint(l->field) : "";
		}
	}
	canvas_put(c, row, y->note_col - 2, 1, role, mark);
	if (y->cols - y->note_col - 1 < glyph_cols(text))
		canvas_pad(c, row, y->note_col, y->cols - y->note_col - 1, role, text);
	else
		canvas_put(c, row, y->note_col, y->cols - y->note_col - 1, role, text);
}

static void draw_value(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, bool here)
{
	struct buf text = {0}, fitted = {0};
	int cols = value_cols(y, l->field);
	bool fixed = l->readonly || l->field->type == FIELD_CALCULATE;

	if (here && !is_select(l->field) && l->field->type != FIELD_ACKNOWLEDGE) {
		line_draw(&v->line, c, row, y->value_col, cols, ROLE_FIELD, true);
		return;
	}
	if (l->field->type == FIELD_ACKNOWLEDGE)
		buf_adds(&text, *l->value ? tr("[x] 已确认") : tr("[ ] 未确认"));
	else
		entry_text(v->entry, l->node, false, &text);
	canvas_fill(c, row, y->value_col, cols, fixed ? ROLE_TEXT : ROLE_FIELD);
	glyph_fit(&fitted, buf_str(&text), cols);
	canvas_put(c, row, y->value_col, cols, ROLE_TEXT, buf_str(&fitted));
	buf_fini(&fitted);
	if (here)
		canvas_cursor(c, row, y->value_col);
	buf_fini(&text);
}

static void draw_heading(struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, int number, bool here)
{
	struct buf b = {0};
	int col = l->depth > 0 ? 3 : 1;

	if (is_adder(l)) {
		if (here)
			canvas_put(c, row, 1, 1, ROLE_STRONG, ">");
		buf_printf(&b, tr("增加一份: %s"), field_label(l->field));
		canvas_put(c, row, LABEL_COL, y->cols - LABEL_COL, ROLE_FIELD, buf_str(&b));
		if (here)
			canvas_cursor(c, row, LABEL_COL);
	} else {
		if (l->depth == 0)
			buf_printf(&b, "%d ", number);
		buf_adds(&b, field_label(l->field));
		if (l->field->type == FIELD_REPEAT)
			buf_printf(&b, " %d", l->repetition);
		canvas_put(c, row, col, y->cols - col, ROLE_STRONG, buf_str(&b));
	}
	buf_fini(&b);
}

static void draw_field(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, bool here)
{
	int label_col = LABEL_COL + 2 * (l->depth > 1);

	if (l->field->type == FIELD_NOTE) {
		canvas_put(c, row, LABEL_COL, y->cols - LABEL_COL - 1, ROLE_TEXT,
			field_label(l->field));
		return;
	}
	if (here)
		canvas_put(c, row, 1, 1, ROLE_STRONG, ">");
	canvas_pad(c, row, label_col, y->label_cols - (label_col - LABEL_COL),
		here ? ROLE_STRONG : ROLE_LABEL, field_label(l->field));
	if (l->required)
		canvas_put(c, row, LABEL_COL + y->label_cols, 1, ROLE_LABEL, "*");
	draw_value(v, c, row, y, l, here);
	draw_note(v, c, row, y, l, here);
}

/* A blank row stands before each heading but the first row. */
static bool gap_before(const struct entry_line *lines, size_t i)
{
	return i > 0 && is_heading(&lines[i]) && !is_adder(&lines[i]);
}

/* Display row of line i from the top of the whole form; rows of the form when i == n. */
static int display_row(const struct entry_line *lines, size_t n, size_t i)
{
	int row = 0;

	for (size_t j = 0; j < i && j < n; j++) {
		if (!is_shown(&lines[j]))
			continue;
		row += 1 + gap_before(lines, j);
	}
	if (i < n)
		row += gap_before(lines, i);
	return row;
}

void form_view_draw(struct form_view *v, struct canvas *c, int row, int rows, int cols)
{
	const struct entry_line *lines;
	size_t n, at = index_of(v, &n, &lines);
	struct layout y = lay_out(v, cols);
	int here = display_row(lines, n, at), all = display_row(lines, n, n), number = 0;

	v->rows = rows;
	if (here < v->top + 1)
		v->top = here > 1 ? here - 2 : 0;
	if (here >= v->top + rows - 1)
		v->top = here - rows + 2;
	if (v->top > all - rows)
		v->top = all - rows;
	if (v->top < 0)
		v->top = 0;
	for (size_t i = 0; i < n; i++) {
		const struct entry_line *l = &lines[i];
		int r = display_row(lines, n, i) - v->top;
		bool heading = is_heading(l);
		number += heading && !is_adder(l) && l->depth == 0;
		if (!is_shown(l) || r < 0 || r >= rows)
			continue;
		if (heading)
			draw_heading(c, row + r, &y, l, number, i == at);
		else
			draw_field(v, c, row + r, &y, l, i == at);
	}
}

void form_view_message(struct form_view *v, struct buf *out)
{
	const struct entry_line *l = current(v);
	const struct choice *const *choices;
	size_t n;

	if (!l || is_heading(l))
		return;
	const struct finding *f = entry_finding(v->entry, l->node);
	if (!v->typed && f->message.len > 0) {
		buf_adds(out, buf_str(&f->message));
		if (f->verdict == VERDICT_WARNING)
			buf_adds(out, tr(" 核实无误的, 按 Ctrl-R 写明原因。"));
		return;
	}
	if (!is_select(l->field)) {
		buf_adds(out, field_hint(l->field));
		return;
	}
	n = entry_choices(v->entry, l->node, &choices);
	for (size_t i = 0; i < n && i < 9; i++) {
		bool on = holds(l->value, choices[i]->name);
		buf_printf(out, "%s%zu %s%s", i ? "  " : "", i + 1, choice_text(choices[i]),
			on && l->field->type != FIELD_SELECT_ONE ? "[x]" : "");
	}
}

/* --- the second pane -------------------------------------------------------------------------- */

static void aside_choices(struct form_view *v, struct canvas *c, int row, int end, int col)
{
	const struct entry_line *l = current(v);
	const struct choice *const *choices;
	size_t n = entry_choices(v->entry, l->node, &choices);
	struct buf b = {0};

	for (size_t i = 0; i < n && row < end; i++, row++) {
		buf_clear(&b);
		buf_printf(&b, "%s ", holds(l->value, choices[i]->name) ? "[x]" : "[ ]");
		if (i < 9)
			buf_printf(&b, "%zu ", i + 1);
		buf_adds(&b, choice_text(choices[i]));
		canvas_put(c, row, col, canvas_cols(c) - col - 1, ROLE_TEXT, buf_str(&b));
	}
	buf_fini(&b);
}

void form_view_aside(struct form_view *v, struct canvas *c, int row, int rows, int col)
{
	const struct entry_line *l = current(v);
	struct pager p;
	int width = canvas_cols(c) - col - 1, used;

	if (!l)
		return;
	pager_init(&p, width);
	pager_add(&p, 0, ROLE_STRONG, field_label(l->field));
	pager_add(&p, 0, ROLE_TEXT, field_hint(l->field));
	if (!is_heading(l) && !v->typed) {
		const struct finding *f = entry_finding(v->entry, l->node);
		pager_add(&p, 0,
			f->verdict == VERDICT_ERROR	? ROLE_ERROR
			: f->verdict == VERDICT_WARNING ? ROLE_WARN
							: ROLE_TEXT,
			buf_str(&f->message));
	}
	pager_draw(&p, c, row, rows, col);
	used = (int)p.count + 1;
	pager_fini(&p);
	if (is_select(l->field) && used < rows)
		aside_choices(v, c, row + used, row + rows, col);
}
