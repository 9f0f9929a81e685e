#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/told_private.h"

/* The question of which this is a choice, or one of several; NULL: it is something else. */
static const char *picked_of(const struct told *t)
{
	const char *subject;

	if (t->kind == TOLD_FACT)
		return t->sort == TOLD_PICKED && !t->denied ? t->subject : NULL;
	subject = t->kind == TOLD_ANY && t->count > 0 ? picked_of(t->parts[0]) : NULL;
	for (size_t i = 1; subject && i < t->count; i++) {
		const char *other = picked_of(t->parts[i]);
		if (!other || strcmp(other, subject) != 0)
			return NULL;
	}
	return subject;
}

/* Which part of an ALL says what was picked; its count: none. */
static size_t pick(const struct told *t)
{
	size_t i = 0;

	while (i < t->count && !picked_of(t->parts[i]))
		i++;
	return i;
}

static struct told *copy(const struct told *t)
{
	struct told **parts;

	if (t->kind == TOLD_FACT)
		return told_fact(&(struct told_fact){
			t->sort, t->subject, t->says, t->denies, t->value, t->denied, t->choices});
	parts = mem_array(t->count, sizeof *parts);
	for (size_t i = 0; i < t->count; i++)
		parts[i] = copy(t->parts[i]);
	return told_join(t->kind == TOLD_ALL, parts, t->count);
}

static bool has(const struct told *t, const struct told *part, size_t but)
{
	for (size_t i = 0; i < t->count; i++)
		if (i != but && told_same(t->parts[i], part))
			return true;
	return false;
}

/* All parts of a, but its pick, are parts of b. */
static bool has_rest(const struct told *b, size_t b_but, const struct told *a, size_t a_but)
{
	for (size_t i = 0; i < a->count; i++)
		if (i != a_but && !has(b, a->parts[i], b_but))
			return false;
	return true;
}

/* b is asked for where a is picked too; before: a stands first. */
static void pick_with(
	struct told *b, size_t b_pick, const struct told *a, size_t a_pick, bool before)
{
	struct told *own = b->parts[b_pick], *other = copy(a->parts[a_pick]);

	b->parts[b_pick] = told_pair(false, before ? other : own, before ? own : other);
}

/* Part k goes into part i when but for the choice they are the same. */
static bool merge(struct told *t, size_t i, size_t k)
{
	struct told *a = t->parts[i], *b = t->parts[k];
	size_t at = pick(a), to = pick(b);

	if (a->count != b->count || !has_rest(b, to, a, at) || !has_rest(a, at, b, to))
		return false;
	pick_with(a, at, b, to, false);
	told_take_out(t, k);
	return true;
}

/* Takes out of an ANY what the rest of b says; false: it does not say that. */
static bool take_rest(struct told *any, const struct told *b, size_t but)
{
	const struct told *rest = b->count == 2 ? b->parts[1 - but] : NULL;

	if (rest && rest->kind == TOLD_ANY) { /* each of them */
		if (rest->count >= any->count || !has_rest(any, any->count, rest, rest->count))
			return false;
		for (size_t i = any->count; i-- > 0;)
			if (has(rest, any->parts[i], rest->count))
				told_take_out(any, i);
		return true;
	}
	for (size_t i = 0; i < any->count; i++) {
		const struct told *x = any->parts[i];
		if (rest ? told_same(x, rest)
			 : x->kind == TOLD_ALL && x->count == b->count - 1 &&
					has_rest(x, x->count, b, but)) {
			told_take_out(any, i);
			return true;
		}
	}
	return false;
}

/* Part i asks for the rest of part k or something else: what they share goes to k. */
static bool share(struct told *t, size_t i, size_t k)
{
	struct told *a = t->parts[i], *b = t->parts[k];
	size_t at = pick(a), to = pick(b);
	struct told *any = a->count == 2 ? a->parts[1 - at] : NULL;

	if (!any || any->kind != TOLD_ANY || picked_of(any) || !take_rest(any, b, to))
		return false;
	pick_with(b, to, a, at, i < k);
	a->parts[1 - at] = told_join(false, any->parts, any->count);
	any->parts = NULL;
	any->count = 0;
	told_free(any);
	any = told_join(true, a->parts, a->count);
	a->parts = NULL;
	a->count = 0;
	told_free(a);
	t->parts[i < k ? i : k] = b; /* what is asked for of all comes first */
	t->parts[i < k ? k : i] = any;
	return true;
}

static bool alike(const struct told *a, const struct told *b)
{
	const char *one, *other;

	if (a->kind != TOLD_ALL || b->kind != TOLD_ALL || pick(a) == a->count ||
		pick(b) == b->count)
		return false;
	one = picked_of(a->parts[pick(a)]);
	other = picked_of(b->parts[pick(b)]);
	return strcmp(one, other) == 0;
}

static bool gather_one(struct told *t, bool (*step)(struct told *, size_t, size_t))
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = 0; k < t->count; k++)
			if (i != k && alike(t->parts[i], t->parts[k]) && step(t, i, k))
				return true;
	return false;
}

void told_gather(struct told *t)
{
	while (gather_one(t, merge) || gather_one(t, share))
		;
}
