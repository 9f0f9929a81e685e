/* How an entry looks: labels, values, what the checks say beside them. */
#include "tui/form_view.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/form_view_private.h"
#include "tui/glyph.h"
#include "tui/intake.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COL = 3,
	LABEL_MIN = 8,
	LABEL_MAX = 20,
	NOTE_COL = 50
};

struct layout {
	int label_cols, value_col, note_col, cols;
};

static int label_width(const struct entry_line *l)
{
	return glyph_cols(entry_label(l)) + 2 * (l->depth > 1);
}

/* A label too wide for its column stands above its value, on as many rows as it needs; a note is
 * nothing but such rows. */
static bool is_tall(const struct entry_line *l)
{
	if (l->field->type == FIELD_NOTE)
		return true;
	return !form_line_is_heading(l) && label_width(l) > LABEL_MAX;
}

static void wrap_label(const struct layout *y, const struct entry_line *l, struct pager *p)
{
	pager_init(p, y->cols - LABEL_COL - 3);
	pager_add(p, 0, ROLE_TEXT, entry_label(l));
}

/* Rows of a line: those of a tall label, and that of the value. */
static int rows_of(const struct layout *y, const struct entry_line *l)
{
	struct pager p;
	int rows;

	if (!is_tall(l))
		return 1;
	wrap_label(y, l, &p);
	rows = (int)p.count + (l->field->type != FIELD_NOTE);
	pager_fini(&p);
	return rows > 0 ? rows : 1;
}

static struct layout lay_out(struct form_view *v, int cols)
{
	struct layout y = {LABEL_MIN, 0, NOTE_COL, cols};
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++) {
		if (form_line_is_heading(&lines[i]) || !form_line_is_shown(&lines[i]) ||
			lines[i].field->type == FIELD_NOTE)
			continue;
		int w = label_width(&lines[i]);
		if (w > y.label_cols && w <= LABEL_MAX)
			y.label_cols = w;
	}
	if (cols < NOTE_COL + 20)
		y.note_col = cols - 18;
	y.value_col = LABEL_COL + y.label_cols + 2;
	return y;
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

static int note_cols(const struct layout *y)
{
	return y->cols - y->note_col - 1;
}

/* Width of the place to type in: as wide as what belongs there. */
static int value_cols(const struct layout *y, const struct field *f)
{
	int room = y->note_col - 3 - y->value_col, want = room;

	if (f->type == FIELD_DATE)
		want = 12;
	else if (f->type == FIELD_TIME)
		want = 8;
	else if (f->type == FIELD_DATETIME || form_line_is_certificate(f))
		want = 20;
	else if (f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL || f->type == FIELD_RANGE ||
		 (f->kind && (strcmp(f->kind, "mobile") == 0 || strcmp(f->kind, "contact") == 0)))
		want = 14;
	return want < room ? want : room;
}

static bool is_computed(const struct entry_line *l)
{
	return l->readonly || l->field->type == FIELD_CALCULATE;
}

/* What was computed and is longer than its place, as an amount in words. */
static bool is_long(struct form_view *v, const struct layout *y, const struct entry_line *l)
{
	struct buf text = {0};
	bool longer;

	entry_text(v->entry, l->node, false, &text);
	longer = glyph_cols(buf_str(&text)) > value_cols(y, l->field);
	buf_fini(&text);
	return longer;
}

static bool is_silent(struct form_view *v, const struct entry_line *l)
{
	return entry_finding(v->entry, l->node)->verdict == VERDICT_OK && !fault_of(v, l);
}

/* Nothing stands beside an answer that is not being given and needs no word. */
static bool is_alone(struct form_view *v, const struct entry_line *l)
{
	return l->node != v->at && is_silent(v, l) && !offers_at(&v->offers, v->entry, l->node);
}

/*
 * With nothing to say beside it a long text has the whole row. The few questions of an act have
 * long answers, and their hints stand in the message row; the answers of a form have it when they
 * are too long for their place.
 */
static bool has_the_row(struct form_view *v, const struct layout *y, const struct entry_line *l)
{
	bool being_typed = v->typed && l->node == v->at;

	if (is_computed(l))
		return is_long(v, y, l) && is_silent(v, l);
	if (v->intake != NULL || l->field->type != FIELD_TEXT || l->field->kind != NULL)
		return is_alone(v, l) && is_long(v, y, l);
	return being_typed || is_silent(v, l);
}

/* "上次: 示范村人民路18号": an earlier answer, not taken yet. */
static bool draw_offer(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l)
{
	const struct offer *o = offers_at(&v->offers, v->entry, l->node);
	struct buf b = {0};

	if (!o)
		return false;
	buf_adds(&b, tr("上次: "));
	entry_value_text(v->entry, l->node, o->value, true, &b);
	canvas_pad(c, row, y->note_col, note_cols(y), ROLE_LABEL, buf_str(&b));
	buf_fini(&b);
	return true;
}

static void draw_note(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, bool here)
{
	const struct finding *f = entry_finding(v->entry, l->node);
	const char *text = buf_str(&f->message), *mark = " ";
	const char *reason = entry_reason(l->entry, l->node);
	enum role role = ROLE_TEXT;
	struct buf said = {0};

	if (here && v->typed) { /* being corrected: what was said of it is over */
		text = entry_hint(l);
	} else if (f->verdict == VERDICT_ERROR) {
		role = ROLE_ERROR;
		mark = "!";
	} else if (f->verdict == VERDICT_WARNING && reason) {
		buf_printf(&said, tr("已写明: %s"), reason);
		text = buf_str(&said);
	} else if (f->verdict == VERDICT_WARNING) {
		role = ROLE_WARN;
		mark = "?";
	} else if (f->verdict == VERDICT_OK || !*text) {
		const char *fault = fault_of(v, l);
		if (fault) { /* what ticks it is said nowhere else */
			text = here && l->field->type == FIELD_ACKNOWLEDGE ? tr("必填, 空格确认")
									   : fault;
			role = ROLE_ERROR;
			mark = "!";
		} else if (draw_offer(v, c, row, y, l)) {
			return;
		} else if (is_computed(l)) {
			text = tr("自动得出");
		} else if (here && form_line_is_select(l->field)) {
			text = tr("空格或数字选择");
		} else if (here && l->field->type == FIELD_ACKNOWLEDGE) {
			text = tr("空格确认");
		} else {
			text = here ? entry_hint(l) : "";
		}
	}
	canvas_put(c, row, y->note_col - 2, 1, role, mark);
	if (note_cols(y) < glyph_cols(text))
		canvas_pad(c, row, y->note_col, note_cols(y), role, text);
	else
		canvas_put(c, row, y->note_col, note_cols(y), role, text);
	buf_fini(&said);
}

static void draw_value(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, bool here)
{
	struct buf text = {0}, fitted = {0};
	int cols = has_the_row(v, y, l) ? y->cols - 2 - y->value_col : value_cols(y, l->field);
	bool fixed = is_computed(l);

	if (here && !form_line_is_select(l->field) && l->field->type != FIELD_ACKNOWLEDGE) {
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

	if (form_line_is_adder(l)) {
		if (here)
			canvas_put(c, row, 1, 1, ROLE_STRONG, ">");
		buf_printf(&b, tr("增加一份: %s"), entry_label(l));
		canvas_put(c, row, LABEL_COL, y->cols - LABEL_COL, ROLE_FIELD, buf_str(&b));
		if (here)
			canvas_cursor(c, row, LABEL_COL);
	} else {
		if (l->depth == 0)
			buf_printf(&b, "%d ", number);
		buf_adds(&b, entry_label(l));
		if (l->field->type == FIELD_REPEAT)
			buf_printf(&b, " %d", l->repetition);
		canvas_put(c, row, col, y->cols - col, ROLE_STRONG, buf_str(&b));
	}
	buf_fini(&b);
}

/* Returns the row under it. */
static int draw_tall_label(struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, enum role role)
{
	int col = LABEL_COL + 2 * (l->depth > 1), used = 0;
	struct pager p;

	wrap_label(y, l, &p);
	for (size_t i = 0; i < p.count; i++)
		used = canvas_put(c, row++, col, y->cols - col, role, p.lines[i].text);
	if (l->required && p.count > 0)
		canvas_put(c, row - 1, col + used, 1, ROLE_LABEL, "*");
	pager_fini(&p);
	return row;
}

static void draw_label(struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, enum role role)
{
	int col = LABEL_COL + 2 * (l->depth > 1);

	canvas_pad(c, row, col, y->label_cols - (col - LABEL_COL), role, entry_label(l));
	if (l->required)
		canvas_put(c, row, LABEL_COL + y->label_cols, 1, ROLE_LABEL, "*");
}

static void draw_field(struct form_view *v, struct canvas *c, int row, const struct layout *y,
	const struct entry_line *l, bool here)
{
	enum role role = here && !app_slow(v->app) ? ROLE_STRONG : ROLE_LABEL;

	if (l->field->type == FIELD_NOTE) {
		draw_tall_label(c, row, y, l, ROLE_TEXT);
		return;
	}
	if (is_tall(l))
		row = draw_tall_label(c, row, y, l, role);
	else
		draw_label(c, row, y, l, role);
	if (here)
		canvas_put(c, row, 1, 1, role == ROLE_STRONG ? role : ROLE_TEXT, ">");
	draw_value(v, c, row, y, l, here);
	if (!has_the_row(v, y, l))
		draw_note(v, c, row, y, l, here);
}

/* A blank row stands before each heading but the first row. */
static bool gap_before(const struct entry_line *lines, size_t i)
{
	return i > 0 && form_line_is_heading(&lines[i]) && !form_line_is_adder(&lines[i]);
}

/* Display row of each line from the top of the whole form; at [n] the rows of the form. Owned. */
static int *place_lines(const struct layout *y, const struct entry_line *lines, size_t n)
{
	int *rows = mem_array(n + 1, sizeof(*rows)), row = 0;

	for (size_t i = 0; i < n; i++) {
		row += form_line_is_shown(&lines[i]) && gap_before(lines, i);
		rows[i] = row;
		if (form_line_is_shown(&lines[i]))
			row += rows_of(y, &lines[i]);
	}
	rows[n] = row;
	return rows;
}

/* The current line is in view whole, with a row around it. */
static void scroll(struct form_view *v, int first, int last, int all, int rows)
{

	v->rows = rows;
	if (last >= v->top + rows - 1)
		v->top = last - rows + 2;
	if (first < v->top + 1)
		v->top = first > 1 ? first - 2 : 0;
	if (v->top > all - rows)
		v->top = all - rows;
	if (v->top < 0)
		v->top = 0;
}

/* What stands beside the fields follows when the hands rest, unless there are other rows now. */
static void hold_notes(
	struct form_view *v, struct canvas *c, int row, int rows, int all, const struct layout *y)
{
	int by = v->top - v->held_top;
	bool same = v->held_all == all;

	v->held_top = v->top;
	v->held_all = all;
	if (v->intake != NULL && same)
		app_draws_moved(v->app, c, row, rows, y->note_col - 2, by);
}

void form_view_draw(struct form_view *v, struct canvas *c, int row, int rows, int cols)
{
	const struct entry_line *lines;
	size_t n, at = form_view_index(v, &n, &lines);
	struct layout y = lay_out(v, cols);
	int *rows_at = place_lines(&y, lines, n), number = 0;
	int more = at < n ? rows_of(&y, &lines[at]) - 1 : 0;

	v->note_cols = note_cols(&y);
	scroll(v, rows_at[at], rows_at[at] + more, rows_at[n], rows);
	v->below = 0;
	for (size_t i = 0; i < n; i++) {
		const struct entry_line *l = &lines[i];
		int r = rows_at[i] - v->top;
		bool heading = form_line_is_heading(l);
		number += heading && !form_line_is_adder(l) && l->depth == 0;
		v->below += form_line_is_shown(l) && !heading && r + rows_of(&y, l) > rows;
		if (!form_line_is_shown(l) || r < 0 || r >= rows)
			continue;
		if (heading)
			draw_heading(c, row + r, &y, l, number, i == at);
		else if (r + rows_of(&y, l) <= rows)
			draw_field(v, c, row + r, &y, l, i == at);
	}
	hold_notes(v, c, row, rows, rows_at[n], &y);
	free(rows_at);
}

void form_view_message(struct form_view *v, struct buf *out)
{
	const struct entry_line *l = form_view_current(v);

	if (!l || form_line_is_heading(l))
		return;
	const struct finding *f = entry_finding(v->entry, l->node);
	if (!v->typed && f->message.len > 0) {
		/* what can be done first, should the sentence be cut at its end */
		if (f->verdict == VERDICT_WARNING && !entry_reason(l->entry, l->node))
			buf_adds(out, tr("无误的按 Ctrl-R 写明原因: "));
		buf_adds(out, buf_str(&f->message));
		if (f->verdict == VERDICT_WARNING && entry_reason(l->entry, l->node))
			buf_printf(out, tr(" 已写明: %s。"), entry_reason(l->entry, l->node));
		return;
	}
	const struct offer *o = form_view_offer(v);
	if (o) {
		buf_adds(out, tr("上次填的: "));
		entry_value_text(v->entry, l->node, o->value, true, out);
		buf_printf(out, tr(" (%s)。Ctrl-E 取用, 退格不用。"), o->from);
		return;
	}
	if (!form_line_is_select(l->field))
		buf_adds(out, entry_hint(l));
}

void form_view_below(struct form_view *v, struct buf *out)
{
	const struct entry_line *l = form_view_current(v);
	const struct choice *const *choices;
	size_t n;

	if (!l || form_line_is_heading(l) || !form_line_is_select(l->field))
		return;
	n = entry_choices(v->entry, l->node, &choices);
	for (size_t i = 0; i < n && i < 9; i++) {
		bool on = form_line_holds(l->value, choices[i]->name);
		buf_printf(out, "%s%zu %s%s", i ? "  " : "", i + 1,
			entry_choice_label(v->entry, l->node, choices[i]),
			on && l->field->type != FIELD_SELECT_ONE ? "[x]" : "");
	}
	if (n > 9)
		buf_printf(out, tr("  空格看全部 %zu 项"), n);
}

static void aside_choices(struct form_view *v, struct canvas *c, int row, int end, int col)
{
	const struct entry_line *l = form_view_current(v);
	const struct choice *const *choices;
	size_t n = entry_choices(v->entry, l->node, &choices);
	struct buf b = {0};

	for (size_t i = 0; i < n && row < end; i++, row++) {
		buf_clear(&b);
		buf_printf(&b, "%s ", form_line_holds(l->value, choices[i]->name) ? "[x]" : "[ ]");
		if (i < 9)
			buf_printf(&b, "%zu ", i + 1);
		buf_adds(&b, entry_choice_label(v->entry, l->node, choices[i]));
		canvas_put(c, row, col, canvas_cols(c) - col - 1, ROLE_TEXT, buf_str(&b));
	}
	buf_fini(&b);
}

void form_view_aside(struct form_view *v, struct canvas *c, int row, int rows, int col)
{
	const struct entry_line *l = form_view_current(v);
	struct pager p;
	int width = canvas_cols(c) - col - 1, used;

	if (!l)
		return;
	pager_init(&p, width);
	pager_add(&p, 0, ROLE_STRONG, entry_label(l));
	pager_add(&p, 0, ROLE_TEXT, entry_hint(l));
	if (!form_line_is_heading(l) && !v->typed) {
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
	if (form_line_is_select(l->field) && used < rows)
		aside_choices(v, c, row + used, row + rows, col);
}
