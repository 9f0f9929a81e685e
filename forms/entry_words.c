/* Labels, hints and messages with what was answered in them: “${name} 的出生日期”. */
#include "forms/entry_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"

enum {
	SAID_MAX_BYTES = 16 << 10, /* with so much said, no more is put in */
	SAID_DEPTH_MAX = 3,	   /* the words of an answer mention another, which … */
	SAID_ANSWERS_MAX = 500	   /* in one text, those within answers among them */
};

static void put_label(struct entry *e, const char *name, struct buf *out)
{
	int field = form_find(e->form, name);
	const char *label = field >= 0 ? field_label(&e->form->fields[field]) : "";

	if (field >= 0)
		buf_printf(out, "[%s]", strstr(label, "${") == NULL ? label : name);
}

/* What the field of this name, seen from the context, says; else its own label in brackets. */
static void put_answer(struct entry *e, struct node *context, const char *name, struct buf *out)
{
	struct node **nodes = NULL;
	size_t count = 0, before = out->len;

	e->context = context;
	e->env.reference(e->env.arg, context, name, &nodes, &count);
	if (count > 0 && nodes[0]->relevant && nodes[0]->field >= 0)
		entry_text(e, nodes[0], true, out);
	else if (count > 0 && nodes[0]->relevant)
		node_text(nodes[0], out);
	free(nodes);
	if (out->len == before)
		put_label(e, name, out);
}

void entry_say(struct entry *e, struct node *context, const char *text, struct buf *out)
{
	const char *mark, *end;
	char *name;

	if (e->saying++ == 0) {
		e->mentioned = 0;
		e->said_up_to = out->len + SAID_MAX_BYTES;
	}
	while (out->len < e->said_up_to && (mark = strstr(text, "${")) != NULL &&
		(end = strchr(mark, '}')) != NULL) {
		buf_add(out, text, (size_t)(mark - text));
		name = mem_strndup(mark + 2, (size_t)(end - mark) - 2);
		if (e->saying <= SAID_DEPTH_MAX && e->mentioned++ < SAID_ANSWERS_MAX)
			put_answer(e, context, name, out);
		else
			put_label(e, name, out);
		free(name);
		text = end + 1;
	}
	buf_adds(out, out->len < e->said_up_to ? text : tr("……"));
	e->saying--;
}

/* A line that adds a repetition stands in no tree: it is seen from the form. */
const char *entry_said(struct entry *e, struct node *context, const char *text, enum said which)
{
	if (strstr(text, "${") == NULL)
		return text;
	if (context->parent == NULL)
		context = e->root;
	buf_clear(&e->said[which]);
	entry_say(e, context, text, &e->said[which]);
	return buf_str(&e->said[which]);
}

const char *entry_label(const struct entry_line *l)
{
	return entry_said(l->entry, l->node, field_label(l->field), SAID_LABEL);
}

const char *entry_hint(const struct entry_line *l)
{
	return entry_said(l->entry, l->node, field_hint(l->field), SAID_HINT);
}

const char *entry_node_label(struct entry *e, struct node *n)
{
	return entry_said(e, n, field_label(entry_field(e, n)), SAID_LABEL);
}

const char *entry_choice_label(struct entry *e, struct node *n, const struct choice *c)
{
	return entry_said(e, n, choice_text(c), SAID_CHOICE);
}
