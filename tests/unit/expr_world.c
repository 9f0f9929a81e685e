#include "tests/unit/expr_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "forms/instance.h"

struct node *expr_world_add(struct node *parent, const char *name, const char *value)
{
	struct node *n = node_new(name, -1);

	if (value)
		node_set(n, value);
	node_append(parent, n);
	return n;
}

static int64_t wall(void *arg)
{
	(void)arg;
	return 1795500000123; /* 2026-11-24T06:00:00.123Z, 14:00 in China */
}

static const struct clock at_noon = {wall, wall, NULL};

static void collect(struct node *n, const char *name, struct node ***nodes, size_t *count)
{
	if (strcmp(n->name, name) == 0) {
		*nodes = mem_resize(*nodes, *count + 1, sizeof **nodes);
		(*nodes)[(*count)++] = n;
	}
	for (struct node *c = n->first; c; c = c->next)
		collect(c, name, nodes, count);
}

static void reference(
	void *arg, struct node *context, const char *name, struct node ***nodes, size_t *count)
{
	struct expr_world *w = arg;

	for (struct node *at = context ? context : w->data; at && *count == 0; at = at->parent)
		collect(at, name, nodes, count);
}

static struct node *instance(void *arg, const char *id)
{
	struct expr_world *w = arg;

	if (strcmp(id, "letters") == 0)
		return w->letters;
	return strcmp(id, "towns") == 0 ? w->towns : NULL;
}

static const char *choice_label(void *arg, const char *field, const char *value)
{
	(void)arg;
	return strcmp(field, "sex") == 0 && strcmp(value, "2") == 0 ? "女" : NULL;
}

int expr_world_make(void **state)
{
	struct expr_world *w = mem_alloc(sizeof *w);
	static const char *const members[][3] = {{"李四", "17", "1200.50"}, {"王五", "40", ""}};
	static const char *const towns[][3] = {
		{"a", "甲镇", "x"}, {"b", "乙镇", "y"}, {"c", "丙镇", "x"}};

	w->data = node_new("data", -1);
	expr_world_add(w->data, "name", "张三");
	expr_world_add(w->data, "age", "61");
	expr_world_add(w->data, "sex", "2");
	expr_world_add(w->data, "birth", "1965-03-01");
	expr_world_add(w->data, "empty", "");
	expr_world_add(w->data, "hobbies", "read  sing");
	expr_world_add(w->data, "secret", "7")->relevant = false;
	for (size_t i = 0; i < 2; i++) {
		struct node *m = expr_world_add(w->data, "member", NULL);
		struct node *group = expr_world_add(m, "facts", NULL);

		expr_world_add(m, "m_name", members[i][0]);
		expr_world_add(group, "m_age", members[i][1]);
		w->income = expr_world_add(group, "m_income", members[i][2]);
	}
	w->towns = node_new("root", -1);
	for (size_t i = 0; i < 3; i++) {
		struct node *item = expr_world_add(w->towns, "item", NULL);

		expr_world_add(item, "name", towns[i][0]);
		expr_world_add(item, "label", towns[i][1]);
		expr_world_add(item, "county", towns[i][2]);
	}
	w->letters = node_new("root", -1);
	for (char c = 'A'; c <= 'F'; c++)
		expr_world_add(w->letters, "x", (char[]){c, '\0'});
	w->env = (struct expr_env){.clock = &at_noon,
		.tz_fixed = true,
		.tz_minutes = 480,
		.reference = reference,
		.instance = instance,
		.choice_label = choice_label,
		.arg = w};
	*state = w;
	return 0;
}

int expr_world_drop(void **state)
{
	struct expr_world *w = *state;

	node_free(w->data);
	node_free(w->towns);
	node_free(w->letters);
	free(w);
	return 0;
}

void expr_world_value(struct expr_world *w, struct node *at, const char *text, struct buf *out)
{
	struct expr *e = NULL;
	struct value v;
	struct buf why = {0};
	size_t place;
	enum err err = expr_compile(&e, text, &place, &why);

	buf_clear(out);
	if (!err)
		err = expr_eval(e, &w->env, at, &v, &why);
	if (err) {
		buf_printf(out, "!%s", buf_str(&why));
	} else {
		value_string(&v, out);
		value_fini(&v);
	}
	expr_free(e);
	buf_fini(&why);
}

void expr_world_rows(
	struct expr_world *w, struct node *at, const struct expr_row *rows, size_t count)
{
	struct buf got = {0};

	for (size_t i = 0; i < count; i++) {
		expr_world_value(w, at, rows[i].expr, &got);
		if (strcmp(buf_str(&got), rows[i].value) != 0)
			fail_msg("%s\n  is     %s\n  not    %s", rows[i].expr, buf_str(&got),
				rows[i].value);
	}
	buf_fini(&got);
}
