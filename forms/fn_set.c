/* Functions of node sets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/fn.h"
#include "forms/instance.h"

enum err fn_set_count(struct call *c, struct value *out)
{
	struct value v;
	size_t count;
	enum err err = call_nodes(c, 0, &v);

	if (err)
		return err;
	count = v.as.set.count;
	value_fini(&v);
	return put_number(out, (double)count);
}

enum err fn_set_count_non_empty(struct call *c, struct value *out)
{
	struct value v;
	size_t count = 0;
	struct str s;
	enum err err = call_nodes(c, 0, &v);

	if (err)
		return err;
	for (size_t i = 0; i < v.as.set.count; i++) {
		node_str(v.as.set.nodes[i], &s);
		count += s.s[0] != '\0';
		str_fini(&s);
	}
	value_fini(&v);
	return put_number(out, (double)count);
}

/* With a node: its place among its siblings of the same name. Without: the place in the predicate
 * it is in, else that of the node it is asked at. */
enum err fn_set_position(struct call *c, struct value *out)
{
	struct value v;
	double position = NAN;
	enum err err;

	if (c->count == 0) {
		if (c->ctx->position > 0)
			return put_number(out, (double)c->ctx->position);
		return put_number(out, c->ctx->node ? (double)node_position(c->ctx->node) : NAN);
	}
	err = call_nodes(c, 0, &v);
	if (err)
		return err;
	if (v.as.set.count > 0)
		position = (double)node_position(v.as.set.nodes[0]);
	value_fini(&v);
	return put_number(out, position);
}

enum err fn_set_last(struct call *c, struct value *out)
{
	return put_number(out, c->ctx->size > 0 ? (double)c->ctx->size : 1);
}

/* A set of one node, or of none. */
static enum err put_node(struct value *out, struct node *n)
{
	out->type = VALUE_NODES;
	out->as.set.count = n ? 1 : 0;
	out->as.set.nodes = NULL;
	if (n) {
		out->as.set.nodes = mem_alloc(sizeof(struct node *));
		out->as.set.nodes[0] = n;
	}
	return OK;
}

enum err fn_set_current(struct call *c, struct value *out)
{
	return put_node(out, c->run->origin);
}

enum err fn_set_instance(struct call *c, struct value *out)
{
	const struct expr_env *env = c->run->env;
	struct node *root;
	struct str id;
	enum err err = call_string(c, 0, &id);

	if (err)
		return err;
	root = env->instance ? env->instance(env->arg, id.s) : NULL;
	err = root ? put_node(out, root)
		   : run_refuse(c->run, tr("没有名为“%.*s”的选项表或数据表；请检查名称"),
			     shown_bytes(id.s), id.s);
	str_fini(&id);
	return err;
}

enum err fn_set_name(struct call *c, struct value *out)
{
	struct value v;
	struct node *n = c->ctx->node;
	enum err err = OK;

	if (c->count > 0) {
		err = call_nodes(c, 0, &v);
		if (err)
			return err;
		n = v.as.set.count > 0 ? v.as.set.nodes[0] : NULL;
		value_fini(&v);
	}
	return put_string(out, n ? n->name : "");
}

/*
 * Park and Miller's generator, seeded as JavaRosa and ODK Web Forms do, so that the same seed gives
 * the same order everywhere.
 */
#define PM_MODULUS    2147483647
#define PM_MULTIPLIER 16807

static double pm_next(int64_t *seed)
{
	*seed = *seed * PM_MULTIPLIER % PM_MODULUS;
	return (double)(*seed - 1) / (PM_MODULUS - 1);
}

static int64_t pm_seed(int64_t seed)
{
	seed %= PM_MODULUS;
	return seed <= 0 ? seed + PM_MODULUS - 1 : seed;
}

/* A double as Java makes it a long. */
static int64_t long_of(double n)
{
	if (isnan(n))
		return 0;
	if (n >= 9223372036854775807.0)
		return INT64_MAX;
	if (n <= -9223372036854775808.0)
		return INT64_MIN;
	return (int64_t)n;
}

/* The first eight bytes of the SHA-256 of a seed that is no number. */
static int64_t hash_of(const char *text)
{
	unsigned char raw[64];
	uint64_t n = 0;

	if (!text[0])
		return 0;
	crypto_digest(DIGEST_SHA256, text, strlen(text), raw);
	for (int i = 0; i < 8; i++)
		n = n << 8 | raw[i];
	return (int64_t)n;
}

static enum err read_seed(struct call *c, int64_t *seed)
{
	struct str s;
	double n;
	enum err err;

	if (c->count < 2) {
		entropy_system.fill(entropy_system.arg, seed, sizeof *seed);
		*seed = pm_seed(*seed & INT64_MAX);
		return OK;
	}
	err = call_number(c, 1, &n);
	if (!err)
		err = call_string(c, 1, &s);
	if (err)
		return err;
	*seed = pm_seed(isnan(n) && strcmp(s.s, "NaN") != 0 ? hash_of(s.s) : long_of(n));
	str_fini(&s);
	return OK;
}

/* Fisher and Yates, inside out. */
enum err fn_set_randomize(struct call *c, struct value *out)
{
	struct value v;
	struct node **mixed;
	int64_t seed;
	enum err err = read_seed(c, &seed);

	if (!err)
		err = call_nodes(c, 0, &v);
	if (err)
		return err;
	mixed = mem_array(v.as.set.count + 1, sizeof(struct node *));
	for (size_t i = 0; i < v.as.set.count; i++) {
		size_t j = (size_t)floor(pm_next(&seed) * (double)(i + 1));

		if (j != i)
			mixed[i] = mixed[j];
		mixed[j] = v.as.set.nodes[i];
	}
	free(v.as.set.nodes);
	v.as.set.nodes = mixed;
	*out = v;
	return OK;
}

static bool below(const struct node *n, const struct node *ancestor)
{
	for (n = n->parent; n; n = n->parent)
		if (n == ancestor)
			return true;
	return false;
}

/* Seen from the top of the form: here ${name} means the nodes of all repetitions. */
static enum err all_nodes(struct call *c, int i, struct value *out)
{
	struct run *r = c->run;
	struct run from_top = *r;
	struct ctx ctx = {r->origin, 0, 0};
	enum err err;

	while (ctx.node && ctx.node->parent)
		ctx.node = ctx.node->parent;
	if (r->e->nodes[call_arg(c, i)].kind != EN_REF)
		return call_nodes(c, i, out);
	err = run_nodes(&from_top, call_arg(c, i), &ctx, out);
	r->work = from_top.work;
	return err;
}

/* Keeps the nodes that are below, all of them when below is NULL. */
static void keep_below(struct value *v, const struct node *ancestor)
{
	size_t kept = 0;

	for (size_t i = 0; ancestor && i < v->as.set.count; i++)
		if (below(v->as.set.nodes[i], ancestor))
			v->as.set.nodes[kept++] = v->as.set.nodes[i];
	if (ancestor)
		v->as.set.count = kept;
}

/* One pair, repeat and index: *at becomes that repetition inside the one before, or NULL. */
static enum err pick_repetition(struct call *c, int i, struct node **at)
{
	struct value v;
	double index;
	enum err err = call_number(c, i + 1, &index);

	if (!err)
		err = all_nodes(c, i, &v);
	if (err)
		return err;
	keep_below(&v, *at);
	*at = index >= 1 && index <= (double)v.as.set.count ? v.as.set.nodes[(size_t)index - 1]
							    : NULL;
	value_fini(&v);
	return OK;
}

/* indexed-repeat(arg, repeat, index, …): the repeats from the outer one to the inner one. */
enum err fn_set_indexed_repeat(struct call *c, struct value *out)
{
	struct node *at = NULL;
	enum err err = OK;

	for (int i = 1; i + 1 < c->count && !err; i += 2) {
		err = pick_repetition(c, i, &at);
		if (!err && !at)
			return put_node(out, NULL);
	}
	if (!err)
		err = all_nodes(c, 0, out);
	if (!err)
		keep_below(out, at);
	return err;
}

/* instance(table)/root/item[key = value]/column, when the host has no faster way. */
static enum err look_up(struct call *c, const struct value *args, struct value *out)
{
	const struct expr_env *env = c->run->env;
	struct node *root = env->instance ? env->instance(env->arg, args[0].as.string) : NULL;
	const struct node *key, *found;
	enum err err;

	if (!root)
		return run_refuse(c->run, tr("没有名为“%.*s”的选项表或数据表；请检查名称"),
			shown_bytes(args[0].as.string), args[0].as.string);
	for (const struct node *item = root->first; item; item = item->next) {
		err = run_spend(c->run, 1);
		if (err)
			return err;
		key = node_child(item, args[2].as.string, 0);
		if (!key || !key->value || strcmp(key->value, args[3].as.string) != 0)
			continue;
		found = node_child(item, args[1].as.string, 0);
		return put_string(out, found && found->value ? found->value : "");
	}
	return put_string(out, "");
}

/* pulldata(table, column, key column, key). */
enum err fn_set_pulldata(struct call *c, struct value *out)
{
	const struct expr_env *env = c->run->env;
	struct value args[4];
	struct str s;
	int given = 0;
	enum err err = OK;

	while (given < 4 && !err) {
		err = call_string(c, given, &s);
		if (err)
			break;
		put_string(&args[given++], s.s);
		str_fini(&s);
	}
	if (!err && !(env->function && env->function(env->arg, "pulldata", args, 4, out)))
		err = look_up(c, args, out);
	while (given > 0)
		value_fini(&args[--given]);
	return err;
}
