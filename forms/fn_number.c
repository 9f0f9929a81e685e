/* Functions of numbers. An unanswered field counts for nothing in a sum, a smallest, a largest. */
#include <math.h>
#include <string.h>

#include "core/base/id.h"
#include "forms/expr_number.h"
#include "forms/fn.h"

enum err fn_number_number(struct call *c, struct value *out)
{
	struct str s;
	double n;
	enum err err;

	if (c->count > 0) {
		err = call_number(c, 0, &n);
		return err ? err : put_number(out, n);
	}
	err = call_string_or_self(c, 0, &s);
	if (err)
		return err;
	put_number(out, text_number(c->run->env, s.s));
	str_fini(&s);
	return OK;
}

static enum err apply(struct call *c, double (*f)(double), struct value *out)
{
	double n;
	enum err err = call_number(c, 0, &n);

	return err ? err : put_number(out, f(n));
}

enum err fn_number_int(struct call *c, struct value *out)
{
	return apply(c, trunc, out);
}

enum err fn_number_floor(struct call *c, struct value *out)
{
	return apply(c, floor, out);
}

enum err fn_number_ceiling(struct call *c, struct value *out)
{
	return apply(c, ceil, out);
}

enum err fn_number_abs(struct call *c, struct value *out)
{
	return apply(c, fabs, out);
}

enum err fn_number_log(struct call *c, struct value *out)
{
	return apply(c, log, out);
}

enum err fn_number_log10(struct call *c, struct value *out)
{
	return apply(c, log10, out);
}

enum err fn_number_exp(struct call *c, struct value *out)
{
	return apply(c, exp, out);
}

static double exp_10(double n)
{
	return pow(10, n);
}

enum err fn_number_exp10(struct call *c, struct value *out)
{
	return apply(c, exp_10, out);
}

enum err fn_number_sqrt(struct call *c, struct value *out)
{
	return apply(c, sqrt, out);
}

enum err fn_number_pi(struct call *c, struct value *out)
{
	(void)c;
	return put_number(out, 3.14159265358979323846);
}

enum err fn_number_round(struct call *c, struct value *out)
{
	double n, places = 0;
	enum err err = call_number(c, 0, &n);

	if (!err && c->count > 1)
		err = call_number(c, 1, &places);
	if (err)
		return err;
	if (isnan(places) || places > 1000 || places < -1000)
		return put_number(out, NAN);
	return put_number(out, number_round(n, (int)places));
}

/* pow() of the C library gives 1 for pow(1, NaN) and pow(NaN, 0): an empty answer must not. */
enum err fn_number_pow(struct call *c, struct value *out)
{
	double a, b;
	enum err err = call_number(c, 0, &a);

	if (!err)
		err = call_number(c, 1, &b);
	if (err)
		return err;
	return put_number(out, isnan(a) || isnan(b) ? NAN : pow(a, b));
}

enum err fn_number_random(struct call *c, struct value *out)
{
	uint64_t bits;

	(void)c;
	entropy_system.fill(entropy_system.arg, &bits, sizeof bits);
	return put_number(out, (double)(bits >> 11) * 0x1p-53);
}

/* What is added up or compared so far. */
struct tally {
	const struct run *run;
	double sum, min, max;
	size_t count;
};

static enum err tally_add(void *arg, const struct value *v, const struct node *n)
{
	struct tally *t = arg;
	struct str s = {"", NULL};
	double number;

	if (n) {
		node_str(n, &s);
		if (!s.s[0]) {
			str_fini(&s);
			return OK;
		}
		number = text_number(t->run->env, s.s);
		str_fini(&s);
	} else {
		number = v->type == VALUE_STRING ? text_number(t->run->env, v->as.string)
						 : value_number(v);
	}
	t->sum += number;
	t->min = t->count == 0 || isnan(number) || number < t->min ? number : t->min;
	t->max = t->count == 0 || isnan(number) || number > t->max ? number : t->max;
	if (isnan(t->sum) && isnan(number))
		t->min = t->max = NAN;
	t->count++;
	return OK;
}

enum err fn_number_sum(struct call *c, struct value *out)
{
	struct tally t = {.run = c->run};
	struct value v;
	enum err err = call_nodes(c, 0, &v);

	if (err)
		return err;
	for (size_t i = 0; i < v.as.set.count; i++)
		tally_add(&t, &v, v.as.set.nodes[i]);
	value_fini(&v);
	return put_number(out, t.sum);
}

enum err fn_number_min(struct call *c, struct value *out)
{
	struct tally t = {.run = c->run};
	enum err err = call_each(c, 0, tally_add, &t);

	return err ? err : put_number(out, t.count == 0 ? NAN : t.min);
}

enum err fn_number_max(struct call *c, struct value *out)
{
	struct tally t = {.run = c->run};
	enum err err = call_each(c, 0, tally_add, &t);

	return err ? err : put_number(out, t.count == 0 ? NAN : t.max);
}
