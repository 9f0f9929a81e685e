#include "tui/review_text.h"

#include <stddef.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "forms/entry.h"
#include "forms/instance.h"
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
