/* Functions that decide: if, coalesce, once, boolean, not, checklist. */
#include <math.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/fn.h"
#include "forms/instance.h"

enum err fn_logic_if(struct call *c, struct value *out)
{
	bool truth;
	enum err err = call_boolean(c, 0, &truth);

	return err ? err : call_value(c, truth ? 1 : 2, out);
}

static bool is_empty(const struct value *v)
{
	if (v->type == VALUE_NUMBER)
		return isnan(v->as.number);
	return (v->type == VALUE_STRING || v->type == VALUE_NODES) && !value_boolean(v);
}

/* The first that is not empty; a number that came of an empty answer (NaN) is empty too. */
enum err fn_logic_coalesce(struct call *c, struct value *out)
{
	struct value v;
	enum err err = call_value(c, 0, &v);

	if (err)
		return err;
	for (int i = 1; i < c->count && is_empty(&v); i++) {
		value_fini(&v);
		err = call_value(c, i, &v);
		if (err)
			return err;
	}
	*out = v;
	return OK;
}

/* What the field holds, hidden or not: a number drawn once stays the same when it comes back. */
enum err fn_logic_once(struct call *c, struct value *out)
{
	const struct node *n = c->run->origin;

	if (n && n->value && n->value[0])
		return put_string(out, n->value);
	return call_value(c, 0, out);
}

enum err fn_logic_true(struct call *c, struct value *out)
{
	(void)c;
	return put_boolean(out, true);
}

enum err fn_logic_false(struct call *c, struct value *out)
{
	(void)c;
	return put_boolean(out, false);
}

enum err fn_logic_boolean(struct call *c, struct value *out)
{
	bool truth;
	enum err err = call_boolean(c, 0, &truth);

	return err ? err : put_boolean(out, truth);
}

enum err fn_logic_from_string(struct call *c, struct value *out)
{
	struct str s;
	enum err err = call_string(c, 0, &s);

	if (err)
		return err;
	put_boolean(out, strcmp(s.s, "1") == 0 || strcmp(s.s, "true") == 0);
	str_fini(&s);
	return OK;
}

enum err fn_logic_not(struct call *c, struct value *out)
{
	bool truth;
	enum err err = call_boolean(c, 0, &truth);

	return err ? err : put_boolean(out, !truth);
}

/* The first argument; the others only name what it depends on. */
enum err fn_logic_depend(struct call *c, struct value *out)
{
	return call_value(c, 0, out);
}

static bool item_true(const struct value *v, const struct node *n)
{
	struct str s;
	bool truth;

	if (!n)
		return value_boolean(v);
	node_str(n, &s);
	truth = s.s[0] != '\0';
	str_fini(&s);
	return truth;
}

static enum err count_true(void *arg, const struct value *v, const struct node *n)
{
	double *count = arg;

	*count += item_true(v, n) ? 1 : 0;
	return OK;
}

/* min and max of both checklists; -1 is no bound. */
static enum err within(struct call *c, double count, struct value *out)
{
	double min, max;
	enum err err = call_number(c, 0, &min);

	if (!err)
		err = call_number(c, 1, &max);
	if (err)
		return err;
	return put_boolean(out, (min == -1 || count >= min) && (max == -1 || count <= max));
}

enum err fn_logic_checklist(struct call *c, struct value *out)
{
	double count = 0;
	enum err err = call_each(c, 2, count_true, &count);

	return err ? err : within(c, count, out);
}

static size_t items(const struct value *v)
{
	return v->type == VALUE_NODES ? v->as.set.count : 1;
}

static double weight_of(const struct run *r, const struct value *v, size_t i)
{
	struct str s;
	double n;

	if (v->type == VALUE_NUMBER)
		return v->as.number;
	if (v->type == VALUE_BOOLEAN)
		return v->as.boolean ? 1 : 0;
	if (v->type == VALUE_STRING)
		return text_number(r->env, v->as.string);
	node_str(v->as.set.nodes[i], &s);
	n = text_number(r->env, s.s);
	str_fini(&s);
	return n;
}

/* One pair of arguments: a value and its weight, or two sets of the same size. */
static enum err add_pair(struct call *c, int i, double *total)
{
	struct value v, w;
	enum err err = call_value(c, i, &v);

	if (err)
		return err;
	err = call_value(c, i + 1, &w);
	if (err) {
		value_fini(&v);
		return err;
	}
	if (items(&v) != items(&w))
		err = run_refuse(c->run, tr("weighted-checklist() 的选项和权重个数不同；请检查"));
	for (size_t k = 0; !err && k < items(&v); k++)
		if (item_true(&v, v.type == VALUE_NODES ? v.as.set.nodes[k] : NULL))
			*total += weight_of(c->run, &w, k);
	value_fini(&v);
	value_fini(&w);
	return err;
}

enum err fn_logic_weighted(struct call *c, struct value *out)
{
	double total = 0;
	enum err err = OK;

	for (int i = 2; i + 1 < c->count && !err; i += 2)
		err = add_pair(c, i, &total);
	return err ? err : within(c, total, out);
}
