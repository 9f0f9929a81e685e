#include "tui/form_view.h"

#include <stdarg.h>
#include <string.h>

#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/form_view_private.h"
#include "tui/glyph.h"
#include "tui/intake.h"
#include "tui/session.h"

enum {
	SAVE_AFTER_MS = 700
};

const struct entry_line *form_view_current(struct form_view *v)
{
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++)
		if (lines[i].node == v->at && form_line_can_focus(&lines[i]) &&
			(v->at != NULL || form_line_is_adder(&lines[i])))
			return &lines[i];
	return NULL;
}

size_t form_view_index(struct form_view *v, size_t *count, const struct entry_line **lines)
{
	*count = entry_lines(v->entry, lines);
	for (size_t i = 0; i < *count; i++)
		if ((*lines)[i].node == v->at && form_line_can_focus(&(*lines)[i]))
			return i;
	return *count;
}

void form_view_count(struct form_view *v)
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
		v->fields += form_line_can_focus(&lines[i]) && !form_line_is_heading(&lines[i]);
}

/* What has changed goes to the draft, in one commit, with what is being typed. */
static void keep(struct form_view *v)
{
	enum err e;

	if (v->intake && v->intake->consult)
		return;
	entry_typing(v->entry, v->typed ? v->at : NULL, line_text(&v->line));
	if (v->intake)
		e = intake_save(v->intake);
	else
		e = v->keeper.save ? v->keeper.save(v->keeper.arg) : OK;
	session_saved(app_session(v->app), e);
	v->unsaved = e != OK;
}

void form_view_store(struct form_view *v)
{
	if (v->intake && intake_follow(v->intake))
		app_say(v->app, "%s", buf_str(&v->intake->followed));
	keep(v);
}

void form_view_say_also(struct form_view *v, const char *fmt, ...)
{
	struct buf text = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	if (v->intake && v->intake->followed.len)
		app_say(v->app, "%s; %s", buf_str(&v->intake->followed), buf_str(&text));
	else
		app_say(v->app, "%s", buf_str(&text));
	buf_fini(&text);
}

static void note_place(struct form_view *v)
{
	v->moved = false;
	if (v->intake != NULL)
		intake_at(v->intake, v->step, buf_str(&v->place), (int)line_cursor_cps(&v->line));
	else if (v->keeper.at)
		v->keeper.at(v->keeper.arg, buf_str(&v->place));
}

/* What is being typed, before the field is left: all that follows from it waits until then. */
static void store_typed(struct form_view *v)
{
	keep(v);
	note_place(v);
}

void form_view_reline(struct form_view *v)
{
	const struct entry_line *l = form_view_current(v);
	struct buf text = {0};

	if (!l || form_line_is_heading(l))
		return;
	buf_adds(&text, l->value);
	if (l->field->type == FIELD_DATETIME && text.len > 0)
		text_moment(text.data);
	line_set(&v->line, buf_str(&text));
	buf_fini(&text);
}

void form_view_to(struct form_view *v, struct node *n)
{
	v->at = n;
	buf_clear(&v->place);
	line_set(&v->line, "");
	v->typed = false;
	if (!form_view_current(v))
		return;
	entry_place(v->entry, n, &v->place);
	form_view_reline(v);
	note_place(v);
}

void form_view_caret(struct form_view *v, size_t cps)
{
	size_t before = line_cursor_cps(&v->line);

	line_move_cps(&v->line, cps);
	if (line_cursor_cps(&v->line) != before)
		note_place(v);
}

/* After a change of structure the current field may be gone: the nearest one before, or the first.
 */
void form_view_refocus(struct form_view *v)
{
	const struct entry_line *lines;
	size_t n;
	struct node *same = v->place.len ? entry_find(v->entry, buf_str(&v->place)) : NULL;

	if (same) {
		v->at = same;
		if (form_view_current(v))
			return;
	}
	n = entry_lines(v->entry, &lines);
	for (size_t i = 0; i < n; i++)
		if (form_line_can_focus(&lines[i])) {
			form_view_to(v, lines[i].node);
			return;
		}
	v->at = NULL;
}

/* What is wrong or doubtful and does not fit beside the field it was said of: it stands in the
 * message until the next key. */
static void say_finding(struct form_view *v, struct node *n)
{
	const struct finding *f = entry_finding(v->entry, n);
	const char *also = v->intake ? buf_str(&v->intake->followed) : "";
	const char *between = *also ? "; " : "";
	const char *label = entry_node_label(v->entry, n);

	if (f->verdict == VERDICT_ERROR)
		app_alert(v->app);
	if (glyph_cols(buf_str(&f->message)) <= v->note_cols)
		return;
	if (f->verdict == VERDICT_ERROR)
		app_error(v->app, "%s: %s%s%s", label, buf_str(&f->message), between, also);
	else if (f->verdict == VERDICT_WARNING && !entry_reason(v->entry, n))
		app_say(v->app, "%s: %s%s%s", label, buf_str(&f->message), between, also);
}

void form_view_leave(struct form_view *v)
{
	if (v->typed && v->at && !form_view_card(v)) {
		struct node *n = v->at;
		entry_set(v->entry, n, line_text(&v->line));
		v->typed = false;
		history_note(v->history);
		form_view_store(v);
		form_view_ask_twice(v, n);
		form_view_meet(v);
		form_view_refocus(v);
		if (n->relevant)
			say_finding(v, n);
		form_view_reline(v);
	}
	form_view_count(v);
}

/* Behind a card that was read it goes on at what is still open: the next card is another's. */
static bool past_card(struct form_view *v)
{
	const struct entry_line *lines;
	size_t n, i = form_view_index(v, &n, &lines);

	while (++i < n)
		if (form_line_can_focus(&lines[i]) && !form_line_is_heading(&lines[i]) &&
			!*lines[i].value) {
			form_view_to(v, lines[i].node);
			return true;
		}
	return false;
}

static bool step(struct form_view *v, int by)
{
	const struct entry_line *lines;
	size_t n, i;

	v->card_taken = false;
	form_view_leave(v);
	if (v->card_taken && by > 0 && past_card(v))
		return true;
	i = form_view_index(v, &n, &lines);
	if (i == n)
		return false;
	for (long j = (long)i + by; j >= 0 && j < (long)n; j += by)
		if (form_line_can_focus(&lines[j])) {
			form_view_to(v, lines[j].node);
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
void form_view_change_group(struct form_view *v, int by)
{
	const struct entry_line *lines;
	size_t n, i, first, target, before;
	bool heading = true;

	form_view_leave(v);
	i = form_view_index(v, &n, &lines);
	target = first = before = n;
	for (size_t j = 0; j < n; j++) {
		if (form_line_is_heading(&lines[j]) && !form_line_is_adder(&lines[j]))
			heading = true;
		if (!form_line_can_focus(&lines[j]) || !heading)
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
		form_view_to(v, lines[target].node);
}

void form_view_focus(struct form_view *v, const char *place)
{
	struct node *n = entry_find(v->entry, place);

	form_view_leave(v);
	if (n)
		form_view_to(v, n);
}

/* At the place, or where the first answer is wanted. */
static void begin_at(struct form_view *v, const char *place)
{
	const struct entry_line *lines;
	size_t n;

	form_view_count(v);
	form_view_meet(v);
	if (place && *place)
		v->at = entry_find(v->entry, place);
	if (v->at && form_view_current(v)) {
		form_view_to(v, v->at);
		return;
	}
	n = entry_lines(v->entry, &lines);
	for (size_t i = 0; i < n; i++)
		if (form_line_can_focus(&lines[i]) && !form_line_is_heading(&lines[i]) &&
			!*lines[i].value) {
			form_view_to(v, lines[i].node);
			return;
		}
	form_view_refocus(v);
}

void form_view_init(struct form_view *v, struct app *app, struct intake *intake,
	enum draft_step at_step, const char *place)
{
	memset(v, 0, sizeof(*v));
	v->app = app;
	v->intake = intake;
	v->entry = at_step == DRAFT_AT_SITUATION ? intake->situation : intake->entry;
	v->step = at_step;
	v->history = history_new(v->entry);
	begin_at(v, place);
}

void form_view_init_entry(struct form_view *v, struct app *app, struct entry *e,
	const struct form_keeper *keeper, const char *place)
{
	memset(v, 0, sizeof(*v));
	v->app = app;
	v->keeper = *keeper;
	v->entry = e;
	v->step = DRAFT_AT_SITUATION;
	v->history = history_new(e);
	begin_at(v, place);
}

void form_view_fini(struct form_view *v)
{
	history_free(v->history);
	offers_fini(&v->offers);
	buf_fini(&v->place);
	buf_fini(&v->twice);
	buf_fini(&v->run_before);
	buf_fini(&v->run_text);
	line_fini(&v->line);
}

/* Nothing is wrong: the next field that was left empty, required or not. */
static void to_next_empty(
	struct form_view *v, const struct entry_line *lines, size_t n, size_t here)
{
	for (size_t step_on = 1; step_on <= n; step_on++) {
		const struct entry_line *l = &lines[(here + step_on) % n];
		if (form_line_can_focus(l) && !form_line_is_heading(l) && !*l->value) {
			app_say(v->app, "%s", tr("没有错误; 这一栏空着, 不是必填。"));
			form_view_to(v, l->node);
			return;
		}
	}
	app_say(v->app, "%s", tr("没有错误, 也没有漏填。"));
}

/* Itself, or the first field in it. */
static struct node *first_field(struct form_view *v, struct node *top)
{
	const struct entry_line *lines;
	size_t n = entry_lines(v->entry, &lines);

	for (size_t i = 0; i < n; i++)
		for (struct node *up = lines[i].node; up; up = up->parent)
			if (up == top && form_line_can_focus(&lines[i]))
				return lines[i].node;
	return NULL;
}

/* Takes back the last step, or does it again; the focus goes to where it was. */
void form_view_travel(struct form_view *v, bool back)
{
	struct buf place = {0};
	enum err e;

	form_view_leave(v);
	e = back ? history_undo(v->history, &place) : history_redo(v->history, &place);
	if (e == OK) {
		struct node *n = entry_find(v->entry, buf_str(&place));
		offers_untake(&v->offers);
		form_view_store(v);
		form_view_count(v);
		v->at = NULL;
		if (n)
			n = first_field(v, n);
		if (n)
			form_view_to(v, n);
		if (!form_view_current(v))
			form_view_refocus(v);
		form_view_say_also(v, "%s", back ? tr("已撤销一步。") : tr("已重做一步。"));
	}
	buf_fini(&place);
}

void form_view_next_fault(struct form_view *v)
{
	const struct entry_fault *faults;
	const struct entry_line *lines;
	size_t n, i, count;

	form_view_leave(v);
	count = entry_check(v->entry, &faults);
	i = form_view_index(v, &n, &lines);
	if (count == 0) {
		to_next_empty(v, lines, n, i);
		return;
	}
	for (size_t step_on = 1; step_on <= n; step_on++) {
		const struct entry_line *l = &lines[(i + step_on) % n];
		for (size_t f = 0; f < count; f++)
			if (faults[f].node == l->node && !form_line_is_heading(l)) {
				v->checked = true;
				/* of a warning, and what can be done, the field itself tells */
				if (faults[f].verdict != VERDICT_WARNING)
					app_error(v->app, "%s: %s", entry_label(l),
						faults[f].message);
				form_view_to(v, l->node);
				return;
			}
	}
}

/* How many stand in the way: wrong ones, empty ones, warnings that want a reason. */
static void say_count(const struct form_view *v, struct buf *out)
{
	const struct {
		size_t count;
		const char *says; /* N_() */
	} kinds[] = {{v->errors, N_("%zu 处要改")}, {v->missing, N_("%zu 处没填")},
		{v->warnings, N_("%zu 处提醒要写明原因")}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].count == 0)
			continue;
		if (out->len > 0)
			buf_adds(out, tr("、"));
		buf_printf(out, tr(kinds[i].says), kinds[i].count);
	}
}

bool form_view_complete(struct form_view *v)
{
	const struct entry_fault *faults;
	struct buf names = {0}, counted = {0};
	size_t count;

	form_view_leave(v);
	v->checked = true;
	form_view_count(v);
	count = entry_check(v->entry, &faults);
	if (count == 0)
		return true;
	for (size_t i = 0; i < count && i < 3; i++) {
		if (!faults[i].node || faults[i].node->field < 0)
			continue;
		if (names.len)
			buf_adds(&names, tr("、"));
		buf_adds(&names, entry_node_label(v->entry, faults[i].node));
	}
	if (count > 3)
		buf_adds(&names, tr(" 等"));
	say_count(v, &counted);
	app_error(v->app,
		faults[0].node && faults[0].verdict == VERDICT_WARNING
			? tr("%s。这里按 Ctrl-R 写, Ctrl-N 到下一处: %s")
			: tr("%s。Ctrl-N 到下一处: %s"),
		buf_str(&counted), buf_str(&names));
	buf_fini(&counted);
	buf_fini(&names);
	if (faults[0].node)
		form_view_to(v, faults[0].node);
	return false;
}

int64_t form_view_tick(struct form_view *v, int64_t mono_ms)
{
	int64_t due;

	if (v->moved && mono_ms >= v->moved_ms + SAVE_AFTER_MS)
		note_place(v);
	if (v->unsaved && mono_ms >= v->typed_ms + SAVE_AFTER_MS) {
		if (v->typed)
			store_typed(v);
		else /* the field was left, and that could not be saved */
			form_view_store(v);
		if (v->unsaved) /* the disk is full: try again, not in a tight loop */
			v->typed_ms = mono_ms + SAVE_AFTER_MS;
	}
	due = v->unsaved ? v->typed_ms + SAVE_AFTER_MS : -1;
	if (v->moved && (due < 0 || v->moved_ms + SAVE_AFTER_MS < due))
		due = v->moved_ms + SAVE_AFTER_MS;
	return due;
}
