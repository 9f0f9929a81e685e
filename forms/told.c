#include "forms/told.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/told_private.h"

enum {
	COMPARED_MAX = 48 /* parts that are looked at against each other */
};

/* ---- making ---- */

struct told *told_fact(const struct told_fact *f)
{
	struct told *t = mem_alloc(sizeof *t);

	t->kind = TOLD_FACT;
	t->sort = f->sort;
	t->subject = mem_strdup(f->subject);
	t->says = mem_strdup(f->says);
	t->denies = mem_strdup(f->denies);
	t->value = mem_strdup(f->value);
	t->denied = f->denied;
	t->choices = f->choices;
	return t;
}

struct told *told_phrases(
	const char *subject, const char *says, const char *denies, const char *value, bool denied)
{
	struct buf a = {0}, b = {0};
	struct told *t;

	buf_printf(&a, says, value);
	buf_printf(&b, denies, value);
	t = told_fact(&(struct told_fact){
		.subject = subject, .says = buf_str(&a), .denies = buf_str(&b), .denied = denied});
	buf_fini(&a);
	buf_fini(&b);
	return t;
}

struct told *told_filled(const char *subject, bool no)
{
	return told_fact(&(struct told_fact){.sort = no ? TOLD_EMPTY : TOLD_FILLED,
		.subject = subject,
		.says = trc("fact", "已填"),
		.denies = trc("fact", "未填"),
		.denied = no});
}

struct told *told_constant(bool truth)
{
	struct told *t = mem_alloc(sizeof *t);

	t->kind = truth ? TOLD_ALWAYS : TOLD_NEVER;
	return t;
}

void told_free(struct told *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->count; i++)
		told_free(t->parts[i]);
	free(t->parts);
	free(t->subject);
	free(t->says);
	free(t->denies);
	free(t->value);
	free(t);
}

struct told *told_pair(bool all, struct told *a, struct told *b)
{
	struct told **parts = mem_array(2, sizeof *parts);

	parts[0] = a;
	parts[1] = b;
	return told_join(all, parts, 2);
}

/* ---- sameness ---- */

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_matter(const struct told *a, const struct told *b)
{
	return a->kind == TOLD_FACT && b->kind == TOLD_FACT && same_text(a->subject, b->subject) &&
	       same_text(a->says, b->says) && same_text(a->value, b->value);
}

bool told_same(const struct told *a, const struct told *b)
{
	if (a->kind == TOLD_FACT)
		return same_matter(a, b) && a->denied == b->denied;
	if (a->kind != b->kind || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!told_same(a->parts[i], b->parts[i]))
			return false;
	return true;
}

static bool opposite(const struct told *a, const struct told *b)
{
	return same_matter(a, b) && a->denied != b->denied;
}

/* ---- making it shorter ---- */

void told_take_out(struct told *t, size_t at)
{
	told_free(t->parts[at]);
	memmove(t->parts + at, t->parts + at + 1, (t->count - at - 1) * sizeof *t->parts);
	t->count--;
}

/* a and (b and c) is a and b and c. */
static void flatten(struct told *t)
{
	for (size_t i = 0; i < t->count; i++) {
		struct told *inner = t->parts[i];
		if (inner->kind != t->kind)
			continue;
		t->parts = mem_resize(t->parts, t->count + inner->count, sizeof *t->parts);
		memmove(t->parts + i + inner->count, t->parts + i + 1,
			(t->count - i - 1) * sizeof *t->parts);
		memcpy(t->parts + i, inner->parts, inner->count * sizeof *t->parts);
		t->count += inner->count - 1;
		i += inner->count - 1;
		inner->count = 0;
		told_free(inner);
	}
}

static bool holds(const struct told *t, const struct told *part)
{
	if (t->kind == TOLD_FACT)
		return told_same(t, part);
	for (size_t i = 0; i < t->count; i++)
		if (told_same(t->parts[i], part))
			return true;
	return false;
}

static void drop_doubles(struct told *t)
{
	for (size_t i = 0; i < t->count; i++)
		for (size_t k = t->count; --k > i;)
			if (told_same(t->parts[i], t->parts[k]))
				told_take_out(t, k);
}

/* a and (a or b) is a: the junction `inner` says nothing beside one that it holds. */
static bool says_nothing(const struct told *t, size_t inner)
{
	const struct told *x = t->parts[inner];

	if (x->kind != TOLD_ALL && x->kind != TOLD_ANY)
		return false;
	for (size_t i = 0; i < t->count; i++)
		if (i != inner && holds(x, t->parts[i]))
			return true;
	return false;
}

/* a and (not a or b) is a and b. true: something went. */
static bool drop_opposites(struct told *t)
{
	bool went = false;

	for (size_t i = 0; i < t->count; i++) {
		struct told *x = t->parts[i];
		for (size_t k = x->count; k-- > 0;)
			for (size_t s = 0; s < t->count; s++)
				if (s != i && opposite(x->parts[k], t->parts[s])) {
					told_take_out(x, k);
					went = true;
					break;
				}
		if (went && x->count == 0 && x->kind != TOLD_FACT)
			x->kind = t->kind == TOLD_ALL ? TOLD_NEVER : TOLD_ALWAYS;
		if (went && x->count == 1) {
			t->parts[i] = x->parts[0];
			x->count = 0;
			told_free(x);
		}
	}
	return went;
}

/* (p and a) or (p and b) is p and (a or b). */
static struct told *factor(struct told *t)
{
	struct told **common = NULL;
	size_t count = 0;

	if (t->kind != TOLD_ANY || t->count < 2 || t->parts[0]->kind != TOLD_ALL)
		return t;
	for (size_t c = t->parts[0]->count; c-- > 0;) {
		bool everywhere = true;
		for (size_t i = 1; i < t->count && everywhere; i++)
			everywhere = holds(t->parts[i], t->parts[0]->parts[c]);
		if (!everywhere)
			continue;
		common = mem_resize(common, count + 2, sizeof *common);
		memmove(common + 1, common, count * sizeof *common);
		common[0] = t->parts[0]->parts[c];
		memmove(t->parts[0]->parts + c, t->parts[0]->parts + c + 1,
			(t->parts[0]->count - c - 1) * sizeof *t->parts[0]->parts);
		t->parts[0]->count--;
		for (size_t i = 1; i < t->count; i++)
			for (size_t k = t->parts[i]->count; k-- > 0;)
				if (told_same(t->parts[i]->parts[k], common[0]))
					told_take_out(t->parts[i], k);
		count++;
	}
	if (count == 0)
		return t;
	for (size_t i = 0; i < t->count; i++) {
		struct told *x = t->parts[i];
		if (x->kind == TOLD_FACT)
			x->kind = TOLD_ALWAYS; /* it was the common one itself */
		else
			t->parts[i] = told_join(true, x->parts, x->count), x->parts = NULL,
			x->count = 0, told_free(x);
	}
	common[count++] = told_join(false, t->parts, t->count);
	t->parts = NULL;
	t->count = 0;
	told_free(t);
	return told_join(true, common, count);
}

/* The one part that is left, or the constant that an empty junction is. */
static struct told *unwrap(struct told *t)
{
	struct told *one;

	if (t->count > 1)
		return t;
	if (t->count == 0) {
		t->kind = t->kind == TOLD_ALL ? TOLD_ALWAYS : TOLD_NEVER;
		return t;
	}
	one = t->parts[0];
	t->count = 0;
	told_free(t);
	return one;
}

/* Takes out what says nothing; true: one part decides the whole. */
static bool drop_constants(struct told *t)
{
	enum told_kind nothing = t->kind == TOLD_ALL ? TOLD_ALWAYS : TOLD_NEVER;
	enum told_kind decides = t->kind == TOLD_ALL ? TOLD_NEVER : TOLD_ALWAYS;

	for (size_t i = t->count; i-- > 0;) {
		if (t->parts[i]->kind == decides)
			return true;
		if (t->parts[i]->kind == nothing)
			told_take_out(t, i);
	}
	for (size_t i = 0; i < t->count && t->count <= COMPARED_MAX; i++)
		for (size_t k = i + 1; k < t->count; k++)
			if (opposite(t->parts[i], t->parts[k]))
				return true;
	return false;
}

struct told *told_join(bool all, struct told **parts, size_t count)
{
	struct told *t = mem_alloc(sizeof *t);

	t->kind = all ? TOLD_ALL : TOLD_ANY;
	t->parts = parts;
	t->count = count;
	flatten(t);
	if (drop_constants(t)) {
		told_free(t);
		return told_constant(!all);
	}
	if (t->count > COMPARED_MAX)
		return t;
	drop_doubles(t);
	if (drop_opposites(t)) {
		parts = t->parts;
		count = t->count;
		t->parts = NULL;
		t->count = 0;
		told_free(t);
		return told_join(all, parts, count);
	}
	for (size_t i = t->count; i-- > 0;)
		if (says_nothing(t, i))
			told_take_out(t, i);
	if (t->kind == TOLD_ANY)
		told_gather(t);
	return unwrap(factor(t));
}

bool told_guards(const struct told *t)
{
	if (t->kind == TOLD_FACT)
		return t->sort == TOLD_FILLED || t->sort == TOLD_EMPTY || t->sort == TOLD_FITS;
	for (size_t i = 0; i < t->count; i++)
		if (!told_guards(t->parts[i]))
			return false;
	return true;
}
