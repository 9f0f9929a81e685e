/*
 * The expression language fed with anything: the first line is an expression, each further line
 * the answer of one field. Whatever it is, it is compiled, told in words and evaluated without a
 * fault of memory, in bounded time, and every refusal is a sentence in UTF-8.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "forms/expr.h"
#include "forms/instance.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t wall(void *arg)
{
	(void)arg;
	return 1795500000123;
}

static const struct clock fixed = {wall, wall, NULL};

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* The next line as a string of its own. */
static char *take_line(const uint8_t **data, size_t *size)
{
	const uint8_t *end = memchr(*data, '\n', *size);
	size_t len = end ? (size_t)(end - *data) : *size;
	char *line = mem_strndup((const char *)*data, len);

	*data += end ? len + 1 : len;
	*size -= end ? len + 1 : len;
	return line;
}

static struct node *add(struct node *parent, const char *name, const char *value)
{
	struct node *n = node_new(name, -1);

	if (value && text_valid(value, strlen(value)))
		node_set(n, value);
	node_append(parent, n);
	return n;
}

/* data: a, b, c, hidden, and two repetitions of r with x and y. */
static struct node *make_form(const uint8_t **data, size_t *size)
{
	static const char *const names[] = {"a", "b", "c", "hidden"};
	struct node *root = node_new("data", -1);
	char *line;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		line = take_line(data, size);
		add(root, names[i], line);
		free(line);
	}
	root->last->relevant = false;
	for (int i = 0; i < 2; i++) {
		struct node *r = add(root, "r", NULL);

		line = take_line(data, size);
		add(r, "x", line);
		add(r, "y", "7");
		free(line);
	}
	return root;
}

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
	(void)context;
	collect(arg, name, nodes, count);
}

static struct node *instance(void *arg, const char *id)
{
	return id[0] == 'i' ? arg : NULL;
}

static const char *label(void *arg, const char *name)
{
	(void)arg;
	return name[0] == 'a' ? "甲" : NULL;
}

static void ignore(void *arg, const char *name, bool path)
{
	(void)arg;
	(void)path;
	require(name != NULL);
}

static void evaluate(const struct expr *e, struct node *root, struct node *at)
{
	const struct expr_env env = {.clock = &fixed,
		.tz_fixed = true,
		.tz_minutes = 480,
		.reference = reference,
		.instance = instance,
		.choice_label = NULL,
		.arg = root};
	struct buf out = {0}, why = {0};
	struct value v;

	if (expr_eval(e, &env, at, &v, &why) == OK) {
		value_string(&v, &out);
		require(text_valid(buf_str(&out), out.len));
		(void)value_number(&v);
		(void)value_boolean(&v);
		value_fini(&v);
	} else {
		require(why.len > 0 && text_valid(why.data, why.len));
	}
	buf_fini(&out);
	buf_fini(&why);
}

static void one(const char *text, struct node *root, bool lenient)
{
	struct buf why = {0}, said = {0};
	const struct expr_words words = {.label = label, .self = "a"};
	struct expr *e = NULL;
	size_t at = 0;
	enum err err = lenient ? expr_compile_lenient(&e, text, &at, &why)
			       : expr_compile(&e, text, &at, &why);

	if (err) {
		require(e == NULL && why.len > 0 && text_valid(why.data, why.len));
		require(at <= strlen(text));
	} else {
		expr_explain(e, &words, &said);
		expr_explain_value(e, &words, &said);
		require(text_valid(buf_str(&said), said.len));
		expr_references(e, ignore, NULL);
		(void)expr_volatile(e);
		evaluate(e, root, root);
		evaluate(e, root, root->last->last);
		evaluate(e, root, NULL);
	}
	expr_free(e);
	buf_fini(&why);
	buf_fini(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = take_line(&data, &size);
	struct node *root = make_form(&data, &size);

	one(text, root, false);
	one(text, root, true);
	node_free(root);
	free(text);
	return 0;
}
