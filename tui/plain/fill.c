#include "tui/plain/fill_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/form_line.h"
#include "tui/intake.h"

void fill_store(struct fill *f)
{
	enum err e;

	if (f->intake == NULL) {
		desk_saved(f->desk, f->keeper->save ? f->keeper->save(f->keeper->arg) : OK);
		return;
	}
	if (intake_follow(f->intake))
		talk_say(f->talk, "%s", buf_str(&f->intake->followed));
	if (f->intake->consult)
		return;
	e = intake_save(f->intake);
	desk_saved(f->desk, e);
}

static void note_place(struct fill *f)
{
	if (f->intake)
		intake_at(f->intake, f->step, buf_str(&f->place), -1);
	else if (f->keeper->at)
		f->keeper->at(f->keeper->arg, buf_str(&f->place));
}

void fill_to(struct fill *f, struct node *n)
{
	buf_clear(&f->place);
	entry_place(f->entry, n, &f->place);
}

/* ---- where ---- */

/* The first line from `from` on that one can answer; count: there is none. */
static size_t next_open(const struct entry_line *lines, size_t count, size_t from)
{
	while (from < count && !form_line_can_focus(&lines[from]))
		from++;
	return from;
}

/* The same, but what a card has filled is passed. */
static size_t next_asked(struct fill *f, const struct entry_line *lines, size_t count, size_t from)
{
	size_t to = next_open(lines, count, from);

	while (to < count && fill_is_from_card(f, &lines[to]))
		to = next_open(lines, count, to + 1);
	return to;
}

/* The first line from `from` on that has no answer yet, or a wrong one; count: there is none. */
static size_t next_empty(struct fill *f, const struct entry_line *lines, size_t count, size_t from)
{
	size_t to = next_open(lines, count, from);

	while (to < count && !form_line_is_heading(&lines[to]) && *lines[to].value &&
		!fill_is_wrong(f, lines[to].node))
		to = next_open(lines, count, to + 1);
	return to;
}

static size_t last_open(const struct entry_line *lines, size_t count, size_t before)
{
	while (before-- > 0)
		if (form_line_can_focus(&lines[before]))
			return before;
	return count;
}

/* Where the field that was asked is now. */
static size_t where(struct fill *f, const struct entry_line *lines, size_t count)
{
	const struct node *same;

	for (size_t i = 0; i < count; i++)
		if (lines[i].node == f->at)
			return i;
	same = entry_find(f->entry, buf_str(&f->place));
	for (size_t i = 0; i < count; i++)
		if (same && lines[i].node == same)
			return i;
	return 0;
}

/* At the place, or where the first answer is wanted. */
static size_t begin_at(struct fill *f, const char *place)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);
	const struct node *wanted = place && *place ? entry_find(f->entry, place) : NULL;

	if (place && strcmp(place, FILL_LAST) == 0)
		return last_open(lines, n, n);
	for (size_t i = 0; i < n; i++)
		if (wanted && lines[i].node == wanted && form_line_can_focus(&lines[i]))
			return i;
	for (size_t i = 0; i < n; i++)
		if (form_line_can_focus(&lines[i]) && !form_line_is_heading(&lines[i]) &&
			!*lines[i].value)
			return i;
	return next_open(lines, n, 0);
}

/* ---- saying what stands between ---- */

static int of_how_many(const struct entry_line *lines, size_t count, const struct entry_line *l)
{
	int all = 0;

	for (size_t i = 0; i < count; i++)
		if (lines[i].field == l->field && lines[i].repetition > all &&
			lines[i].node->parent == l->node->parent)
			all = lines[i].repetition;
	return all;
}

/* The heading that line i stands under; NULL: none. */
static const struct entry_line *heading_of(const struct entry_line *lines, size_t i)
{
	int depth = lines[i].depth;

	while (i-- > 0)
		if (form_line_is_heading(&lines[i]) && !form_line_is_adder(&lines[i]) &&
			lines[i].depth < depth)
			return &lines[i];
	return NULL;
}

static void say_group(struct fill *f, const struct entry_line *lines, size_t count, size_t i)
{
	const struct entry_line *h = heading_of(lines, i);
	struct buf name = {0};

	if (h && h->repetition > 0)
		buf_printf(&name, tr("%s, 第 %d 份, 共 %d 份"), entry_label(h), h->repetition,
			of_how_many(lines, count, h));
	else if (h)
		buf_printf(&name, tr("%s 部分"), entry_label(h));
	if (name.len > 0 && strcmp(buf_str(&name), buf_str(&f->group)) != 0)
		talk_say(f->talk, "%s", name.data);
	buf_clear(&f->group);
	buf_adds(&f->group, buf_str(&name));
	buf_fini(&name);
}

/* Notes that one passes on the way. */
static void say_notes(struct fill *f, const struct entry_line *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (lines[i].field->type == FIELD_NOTE)
			talk_say(f->talk, "%s", entry_label(&lines[i]));
}

/* ---- walking ---- */

static enum fill_next ask_at(struct fill *f, const struct entry_line *lines, size_t n, size_t i)
{
	say_group(f, lines, n, i);
	f->at = lines[i].node;
	fill_to(f, f->at);
	note_place(f);
	return fill_ask(f, &lines[i]);
}

bool fill_is_wrong(struct fill *f, const struct node *n)
{
	const struct entry_fault *faults;
	size_t count = entry_check(f->entry, &faults);

	for (size_t i = 0; i < count; i++)
		if (faults[i].node == n)
			return true;
	return false;
}

/* The next line with a fault, when one mends; count: there is none after this one. */
static size_t next_wrong(struct fill *f, const struct entry_line *lines, size_t count, size_t from)
{
	while (from < count &&
		!(form_line_can_focus(&lines[from]) && fill_is_wrong(f, lines[from].node)))
		from++;
	return from;
}

/* The line to ask next; count: all have been. */
static size_t follow(struct fill *f, enum fill_next next, size_t was)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines), at = where(f, lines, n), to;

	switch (next) {
	case FILL_ON:
		if (f->mending)
			return next_wrong(f, lines, n, at + 1);
		to = next_asked(f, lines, n, at + 1);
		say_notes(f, lines, at + 1, to);
		return to;
	case FILL_OPEN:
		if (f->mending)
			return next_wrong(f, lines, n, at);
		to = next_empty(f, lines, n, at);
		say_notes(f, lines, at + 1, to);
		return to;
	case FILL_BEFORE:
		f->mending = false;
		return last_open(lines, n, at);
	case FILL_THERE:
		return begin_at(f, buf_str(&f->place));
	case FILL_AGAIN:
		return form_line_can_focus(&lines[at]) ? at : next_open(lines, n, at);
	default:
		return was;
	}
}

/* Before the first field is the step before. */
static bool is_first(struct fill *f)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);

	return last_open(lines, n, where(f, lines, n)) == n;
}

static enum way run(struct fill *f, const char *place)
{
	size_t at = begin_at(f, place);
	enum fill_next next = FILL_AGAIN;

	while (next != FILL_LEAVE) {
		const struct entry_line *lines;
		size_t n = entry_lines(f->entry, &lines);
		if (at >= n || next == FILL_CHECK) {
			next = fill_faults(f);
			if (next == FILL_CHECK) /* nothing is wrong */
				return WAY_ON;
		} else {
			f->once_more = next == FILL_AGAIN && lines[at].node == f->at;
			next = ask_at(f, lines, n, at);
		}
		if (next == FILL_BEFORE && is_first(f))
			return WAY_BACK;
		at = follow(f, next, at);
	}
	return f->left_for;
}

static void open_fill(struct fill *f)
{
	f->talk = f->desk->talk;
	f->history = history_new(f->entry);
}

static void close_fill(struct fill *f)
{
	history_free(f->history);
	offers_fini(&f->offers);
	buf_fini(&f->place);
	buf_fini(&f->group);
	buf_fini(&f->card);
}

enum way fill_intake(struct desk *d, struct intake *in, enum draft_step step, const char *place)
{
	struct fill f = {.desk = d,
		.intake = in,
		.entry = step == DRAFT_AT_SITUATION ? in->situation : in->entry,
		.step = step};
	enum way w;

	open_fill(&f);
	talk_say(d->talk, "%s",
		step == DRAFT_AT_SITUATION ? tr("先问几句情形, 只收该收的材料。")
					   : form_title(in->form));
	fill_meet(&f);
	w = run(&f, place);
	close_fill(&f);
	return w;
}

enum way fill_entry(
	struct desk *d, struct entry *e, const struct fill_keeper *keeper, const char *place)
{
	struct fill f = {.desk = d, .keeper = keeper, .entry = e, .step = DRAFT_AT_SITUATION};
	enum way w;

	open_fill(&f);
	talk_say(d->talk, "%s", form_title(entry_form(e)));
	w = run(&f, place);
	close_fill(&f);
	return w;
}
