#include "tui/review_text.h"

#include <stddef.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "forms/entry.h"
#include "tui/case_text.h"
#include "tui/correction.h"
#include "tui/form_line.h"
#include "tui/intake.h"

static void heading_text(const struct entry_line *l, struct buf *out)
{
	buf_adds(out, entry_label(l));
	if (l->field->type == FIELD_REPEAT)
		buf_printf(out, " %d", l->repetition);
}

/* Where the rows go, and what is told of the version before. */
struct reviewing {
	struct correction *before;
	bool mask;
	review_row_fn *each;
	void *arg;
	const struct entry_line *group; /* of which no row was told yet */
};

static void tell_row(struct reviewing *g, const char *label, const struct buf *text, bool changed)
{
	struct buf heading = {0};

	if (g->group)
		heading_text(g->group, &heading);
	g->each(g->arg, &(struct review_row){g->group ? buf_str(&heading) : NULL, label,
				buf_str(text), changed});
	g->group = NULL;
	buf_fini(&heading);
}

static void tell_line(struct reviewing *g, struct entry *e, const struct entry_line *l)
{
	struct buf text = {0};
	bool changed;

	entry_text(e, l->node, g->mask, &text);
	changed = correction_answer(g->before, e, l->node, g->mask, &text);
	if (*l->value || changed)
		tell_row(g, entry_label(l), &text, changed);
	if (*l->value && entry_reason(l->entry, l->node)) {
		buf_clear(&text);
		buf_adds(&text, entry_reason(l->entry, l->node));
		changed = correction_reason(g->before, e, l->node, &text);
		tell_row(g, tr("  提醒已写明"), &text, changed);
	}
	buf_fini(&text);
}

static void tell_lines(struct reviewing *g, struct entry *e)
{
	const struct entry_line *lines;
	size_t n = e ? entry_lines(e, &lines) : 0;

	g->group = NULL;
	for (size_t i = 0; i < n; i++) {
		if (form_line_is_heading(&lines[i])) /* what follows the last repetition has none */
			g->group = form_line_is_adder(&lines[i]) ? NULL : &lines[i];
		else if (form_line_is_reviewed(&lines[i]))
			tell_line(g, e, &lines[i]);
	}
}

struct going {
	struct reviewing *to;
	bool any;
};

static void tell_gone(void *arg, const char *label, const char *text)
{
	struct going *g = arg;
	const char *heading = g->any ? NULL : tr("上一版有, 这一版没有");

	g->any = true;
	g->to->each(g->to->arg, &(struct review_row){heading, label, text, true});
}

void review_answers(
	const struct intake *in, struct correction *c, bool mask, review_row_fn *each, void *arg)
{
	struct reviewing g = {c, mask, each, arg, NULL};

	tell_lines(&g, in->situation);
	tell_lines(&g, in->entry);
	correction_each_gone(c, mask, tell_gone, &(struct going){&g, false});
}

enum {
	NAMED_MAX = 6 /* the others are counted */
};

struct counting {
	size_t count;
	struct buf *names;
};

static void count_one(struct counting *n, const char *label)
{
	label += strspn(label, " ");
	if (n->count++ < NAMED_MAX)
		buf_printf(n->names, "%s%s", n->count > 1 ? tr("、") : "", label);
}

static void count_row(void *arg, const struct review_row *row)
{
	if (row->changed)
		count_one(arg, row->label);
}

size_t review_changes(const struct intake *in, struct correction *c, struct buf *out)
{
	struct buf text = {0}, names = {0};
	struct counting n = {0, &names};

	review_answers(in, c, true, count_row, &n);
	for (size_t i = 0; i < in->checklist.count; i++)
		if (correction_material(c, &in->checklist.items[i], &text))
			count_one(&n, in->checklist.items[i].material->name);
	if (c && out && n.count == 0)
		buf_adds(out, tr("与上一版相同, 没有改动。"));
	else if (c && out)
		buf_printf(out, tr("与上一版相比改了 %zu 处: %s%s"), n.count, buf_str(&names),
			n.count > NAMED_MAX ? tr(" 等") : "");
	buf_fini(&names);
	buf_fini(&text);
	return n.count;
}

const char *review_same_question(void)
{
	return tr("与上一版相同, 没有改动: 中心会再收到一遍同样的内容。仍要提交?");
}

static bool can_be_revised(const char *name)
{
	enum case_state state, then;

	return !case_state_parse(name, &state) ||
	       lifecycle_next(state, ACT_REVISE, ACTOR_WINDOW, &then, NULL);
}

void review_ask_knowing(struct store *s, const char *case_id, struct buf *out)
{
	struct case_view v;

	if (case_get(s, case_id, &v) != OK) {
		buf_adds(out, tr("中心那边变了, 仍要提交更正?"));
		return;
	}
	if (can_be_revised(v.state))
		buf_printf(out, "%s (%s%s%s)", tr("中心那边变了, 仍要提交更正?"),
			case_state_text(v.state), v.note ? ": " : "", v.note ? v.note : "");
	else
		buf_printf(out,
			tr("中心那边已是“%s”, 更正交去会退回; 不交的到办件里 Ctrl-D 放弃更正。仍要提交?"),
			case_state_text(v.state));
	case_view_fini(&v);
}
