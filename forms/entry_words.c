/* Labels, hints and messages with what was answered in them: “${name} 的出生日期”. */
#include "forms/entry_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum {
	SAID_MAX_BYTES = 16 << 10 /* with so much said, no more is put in */
};

/* What the field of this name, seen from the context, says; else its own label in brackets. */
static void put_answer(struct entry *e, struct node *context, const char *name, struct buf *out)
{
	struct node **nodes = NULL;
	size_t count = 0, before = out->len;
	const char *label;
	int field = form_find(e->form, name);

	e->context = context;
	e->env.reference(e->env.arg, context, name, &nodes, &count);
	if (count > 0 && nodes[0]->relevant && nodes[0]->field >= 0)
		entry_text(e, nodes[0], true, out);
	else if (count > 0 && nodes[0]->relevant)
		node_text(nodes[0], out);
	free(nodes);
	if (out->len > before || field < 0)
		return;
	label = field_label(&e->form->fields[field]);
	buf_printf(out, "[%s]", strstr(label, "${") == NULL ? label : name);
}

void entry_say(struct entry *e, struct node *context, const char *text, struct buf *out)
{
	const char *mark, *end;
	char *name;

	while (out->len < SAID_MAX_BYTES && (mark = strstr(text, "${")) != NULL &&
		(end = strchr(mark, '}')) != NULL) {
		buf_add(out, text, (size_t)(mark - text));
		name = mem_strndup(mark + 2, (size_t)(end - mark) - 2);
		put_answer(e, context, name, out);
		free(name);
		text = end + 1;
	}
	buf_adds(out, text);
}

/* A line that adds a repetition stands in no tree: it is seen from the form. */
static const char *said_of(struct entry *e, struct node *context, const char *text, size_t which)
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
	return said_of(l->entry, l->node, field_label(l->field), 0);
}

const char *entry_hint(const struct entry_line *l)
{
	return said_of(l->entry, l->node, field_hint(l->field), 1);
}

const char *entry_node_label(struct entry *e, struct node *n)
{
	return said_of(e, n, field_label(entry_field(e, n)), 0);
}
