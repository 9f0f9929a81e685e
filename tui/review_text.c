#include "tui/review_text.h"

#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/case_text.h"
#include "tui/form_line.h"

static bool is_answer(const struct entry_line *l)
{
	enum field_type type = l->field->type;

	return *l->value && type != FIELD_NOTE && type != FIELD_HIDDEN && type != FIELD_GROUP &&
	       type != FIELD_REPEAT && *entry_label(l);
}

static void heading_text(const struct entry_line *l, struct buf *out)
{
	buf_adds(out, entry_label(l));
	if (l->field->type == FIELD_REPEAT)
		buf_printf(out, " %d", l->repetition);
}

void review_each(struct entry *e, bool mask,
	void (*each)(void *arg, const char *heading, const char *label, const char *text),
	void *arg)
{
	const struct entry_line *lines, *group = NULL;
	size_t n = e ? entry_lines(e, &lines) : 0;
	struct buf text = {0}, heading = {0};

	for (size_t i = 0; i < n; i++) {
		const struct entry_line *l = &lines[i];
		if (form_line_is_heading(l)) /* what follows the last repetition has no heading */
			group = form_line_is_adder(l) ? NULL : l;
		if (!is_answer(l))
			continue;
		buf_clear(&heading);
		if (group)
			heading_text(group, &heading);
		buf_clear(&text);
		entry_text(e, l->node, mask, &text);
		each(arg, group ? buf_str(&heading) : NULL, entry_label(l), buf_str(&text));
		if (entry_reason(l->entry, l->node))
			each(arg, NULL, tr("  提醒已写明"), entry_reason(l->entry, l->node));
		group = NULL;
	}
	buf_fini(&heading);
	buf_fini(&text);
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
