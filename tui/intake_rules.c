/* What the materials' rules say of the answers. */
#include "tui/intake_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr.h"

/* One material's expression and whose answers it speaks of. */
struct rule {
	const char *text;  /* borrowed from the matter */
	struct expr *expr; /* NULL: does not compile, so the material is asked for */
	bool about_form;   /* it names a field of the form; else questions of the situation */
};

struct intake_rules {
	struct rule *list;
	size_t count;
};

struct naming {
	const struct intake *in;
	bool about_form;
};

static void see_name(void *arg, const char *name, bool path)
{
	struct naming *n = arg;
	const struct form *questions = n->in->situation_form;

	if (!path && (questions == NULL || form_find(questions, name) < 0))
		n->about_form = true;
}

void intake_compile_rules(struct intake *in)
{
	const struct matter *m = in->matter;
	size_t i, at;

	in->rules = mem_alloc(sizeof *in->rules);
	in->rules->list = mem_array(m->material_count, sizeof *in->rules->list);
	for (i = 0; i < m->material_count; i++) {
		struct rule *r = &in->rules->list[in->rules->count];
		struct naming n = {in, false};
		struct buf why = {0};
		if (m->materials[i].relevant[0] == '\0')
			continue;
		r->text = m->materials[i].relevant;
		if (expr_compile(&r->expr, r->text, &at, &why) == OK)
			expr_references(r->expr, see_name, &n);
		else
			log_warn("intake", "%s: material rule: %s", m->code, buf_str(&why));
		r->about_form = n.about_form;
		in->rules->count++;
		buf_fini(&why);
	}
}

void intake_free_rules(struct intake_rules *rules)
{
	size_t i;

	if (rules == NULL)
		return;
	for (i = 0; i < rules->count; i++)
		expr_free(rules->list[i].expr);
	free(rules->list);
	free(rules);
}

/* What cannot be decided is asked for: a paper too many is a question, one too few a second trip.
 */
bool intake_holds(void *arg, const char *expression)
{
	struct intake *in = arg;
	size_t i;

	for (i = 0; i < in->rules->count; i++) {
		const struct rule *r = &in->rules->list[i];
		struct entry *e = r->about_form ? in->entry : in->situation;
		if (strcmp(r->text, expression) == 0)
			return r->expr == NULL || e == NULL || entry_holds(e, r->expr);
	}
	return true;
}

/* ---- why ---- */

/* Whose field it is: a question of the situation, or one of the form. */
static struct entry *entry_of(void *arg, const char *name)
{
	const struct intake *in = arg;
	char *field = mem_strndup(name, strcspn(name, "="));
	bool question = in->situation != NULL && form_find(in->situation_form, field) >= 0;

	free(field);
	return question ? in->situation : in->entry;
}

static const char *label_of(void *arg, const char *name)
{
	return entry_word_label(entry_of(arg, name), name);
}

static const struct expr *origin_of(void *arg, const char *name)
{
	return entry_word_origin(entry_of(arg, name), name);
}

static bool is_day(void *arg, const char *name)
{
	return entry_word_is_day(entry_of(arg, name), name);
}

static size_t choices_of(void *arg, const char *name)
{
	return entry_word_choices(entry_of(arg, name), name);
}

static const char *group_of(void *arg, const char *name, const char *near)
{
	return entry_word_group(entry_of(arg, name), name, near);
}

/* Of one that is asked for: what of it lets it be. */
static bool holds_now(void *arg, const struct expr *part)
{
	const struct intake *in = arg;
	struct naming n = {in, false};
	struct entry *e;

	expr_references(part, see_name, &n);
	e = n.about_form ? in->entry : in->situation;
	return e == NULL || entry_holds(e, part);
}

void intake_why(const struct intake *in, const struct matter_material *m, struct buf *out)
{
	const bool asked = checklist_find(&in->checklist, m->name) != NULL;
	const struct expr_words words = {.label = label_of,
		.origin = origin_of,
		.is_day = is_day,
		.choices = choices_of,
		.group = group_of,
		.arg = (void *)(uintptr_t)in,
		.holds = asked ? holds_now : NULL};
	size_t i;

	if (m->relevant[0] == '\0') {
		buf_adds(out, tr("办这个事项都要"));
		return;
	}
	for (i = 0; i < in->rules->count; i++)
		if (strcmp(in->rules->list[i].text, m->relevant) == 0) {
			if (in->rules->list[i].expr != NULL)
				expr_explain(in->rules->list[i].expr, &words, out);
			else
				buf_adds(out, tr("指南里的条件读不懂, 所以要收; 请报告目录管理员"));
			return;
		}
}
