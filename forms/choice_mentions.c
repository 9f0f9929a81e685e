#include "forms/choice_mentions.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/expr.h"
#include "forms/form.h"

struct mentions {
	const struct form *form;
	bool *seen; /* by field: its words were gone through */
	bool *fields;
	bool unknown; /* a name is no field's */
};

static void of_field(struct mentions *m, size_t field);

static void of_text(struct mentions *m, const char *text)
{
	const char *end;

	while (text != NULL && (text = strstr(text, "${")) != NULL &&
		(end = strchr(text, '}')) != NULL) {
		const int *named;
		size_t n = form_named_part(m->form, text + 2, (size_t)(end - text) - 2, &named);
		m->unknown |= n == 0;
		for (size_t i = 0; i < n; i++) {
			m->fields[named[i]] = true;
			of_field(m, (size_t)named[i]);
		}
		text = end + 1;
	}
}

static void of_list(struct mentions *m, const struct choice_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		of_text(m, l->choices[i].label);
		of_text(m, l->choices[i].label_en);
	}
}

static void of_field(struct mentions *m, size_t field)
{
	const struct choice_list *l = m->form->fields[field].list;

	if (l == NULL || m->seen[field])
		return;
	m->seen[field] = true;
	of_list(m, l);
}

static void see_table(void *arg, const char *name)
{
	struct mentions *m = arg;
	const struct choice_list *l = form_table(m->form, name);

	if (l != NULL && !l->own_columns)
		of_list(m, l);
}

static void see_choice_name(void *arg, const char *name)
{
	struct mentions *m = arg;
	const int *named;
	size_t n = name != NULL ? form_named(m->form, name, &named) : 0;

	for (size_t i = 0; i < n; i++)
		of_field(m, (size_t)named[i]);
	for (size_t i = 0; name == NULL && i < m->form->count; i++)
		of_field(m, i);
}

bool choice_mentions(const struct form *form, const struct expr *rule, bool *fields)
{
	struct mentions m = {
		.form = form, .seen = mem_array(form->count + 1, sizeof *m.seen), .fields = fields};

	expr_choice_names(rule, see_choice_name, &m);
	expr_instances(rule, see_table, &m);
	expr_tables(rule, see_table, &m);
	free(m.seen);
	return m.unknown;
}
