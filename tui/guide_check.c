#include "tui/guide_check.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/matter.h"
#include "forms/expr.h"
#include "forms/form_library.h"
#include "forms/guide_rule.h"

/* A form that was looked for; form NULL: there is none, or it cannot be read. */
struct looked_for {
	char *id;
	struct form *form;
};

struct guide_check {
	char *home;
	struct looked_for *forms;
	size_t count;
};

struct guide_check *guide_check_new(const char *home)
{
	struct guide_check *c = mem_alloc(sizeof *c);

	*c = (struct guide_check){.home = home != NULL ? mem_strdup(home) : NULL};
	return c;
}

void guide_check_free(struct guide_check *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->count; i++) {
		free(c->forms[i].id);
		form_free(c->forms[i].form);
	}
	free(c->forms);
	free(c->home);
	free(c);
}

/* Each form is read once, however many guides use it. */
static const struct form *form_of(struct guide_check *c, const struct matter *m)
{
	const char *id = m->form[0] != '\0' ? m->form : "general";
	struct looked_for *one;

	if (m->bundle_count > 0) /* its form is made of those of its matters */
		return NULL;
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->forms[i].id, id) == 0)
			return c->forms[i].form;
	c->forms = mem_resize(c->forms, c->count + 1, sizeof *c->forms);
	one = &c->forms[c->count++];
	*one = (struct looked_for){.id = mem_strdup(id)};
	if (form_library_read(&one->form, c->home, id, NULL) != OK)
		one->form = NULL;
	return one->form;
}

struct saying {
	const char *material;
	void (*each)(void *arg, const char *fault);
	void *arg;
};

static void say_of_material(void *arg, const char *sentence)
{
	const struct saying *s = arg;
	struct buf out = {0};

	buf_printf(&out, tr("材料 %s 的条件 (relevant): %s"), s->material, sentence);
	s->each(s->arg, out.data);
	buf_fini(&out);
}

static void check_material(const struct matter_material *t, const struct guide_rule_sources *from,
	const struct saying *saying)
{
	struct saying s = {t->name, saying->each, saying->arg};
	struct expr *rule = NULL;
	struct buf why = {0};
	size_t at;

	if (t->relevant[0] == '\0')
		return;
	if (expr_compile(&rule, t->relevant, &at, &why) == OK)
		guide_rule_check(rule, from, say_of_material, &s);
	else
		say_of_material(&s, buf_str(&why));
	expr_free(rule);
	buf_fini(&why);
}

static void say_lines(const char *lines, const struct saying *s)
{
	struct buf one = {0};

	while (*lines != '\0') {
		size_t len = strcspn(lines, "\n");
		buf_clear(&one);
		buf_add(&one, lines, len);
		s->each(s->arg, buf_str(&one));
		lines += len;
		lines += strspn(lines, "\n");
	}
	buf_fini(&one);
}

/* The questions as a form of their own; NULL: there are none, or they cannot be read as they stand,
 * which is told: no application of this matter could be begun. */
static struct form *questions_of(const struct matter *m, const struct saying *s)
{
	const json *questions = json_get(m->doc, "situation");
	struct buf text = {0}, faults = {0};
	struct form *f = NULL;

	if (json_count(questions) > 0) {
		json_write(&text, questions);
		if (form_read_situation(&f, buf_str(&text), text.len, &faults) != OK)
			f = NULL;
		say_lines(f != NULL ? f->doubts : buf_str(&faults), s);
	}
	buf_fini(&text);
	buf_fini(&faults);
	return f;
}

void guide_check_matter(struct guide_check *c, const struct matter *m,
	void (*each)(void *arg, const char *fault), void *arg)
{
	const struct saying s = {NULL, each, arg};
	struct form *questions = questions_of(m, &s);
	const struct guide_rule_sources from = {questions, form_of(c, m)};

	/* Questions that cannot be read are not said to be missing as well. */
	if (questions != NULL || m->situation_count == 0)
		for (size_t i = 0; i < m->material_count; i++)
			check_material(&m->materials[i], &from, &s);
	form_free(questions);
}
