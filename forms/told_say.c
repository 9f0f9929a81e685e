/* The sentence of a condition. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/told_private.h"

/* Parts of a junction that are still to be said: said ones are marked. */
struct saying {
	const struct told *t;
	bool *said;
	bool any; /* something was said: a joint comes before the next */
};

static void say(const struct told *t, bool bracket, struct buf *out);

static bool is_fact_of(const struct told *t, const char *subject)
{
	return t->kind == TOLD_FACT && subject[0] != '\0' && strcmp(t->subject, subject) == 0;
}

static void say_phrase(const struct told *t, const char *value, struct buf *out)
{
	const char *words = t->denied ? t->denies : t->says;

	if (value != NULL)
		buf_printf(out, words, value);
	else
		buf_adds(out, words);
}

/* That something is filled in goes without saying when more is said of it. */
static void drop_filled(struct saying *s)
{
	const struct told *t = s->t;

	for (size_t i = 0; i < t->count; i++) {
		const struct told *x = t->parts[i];
		if (x->kind != TOLD_FACT || x->sort != TOLD_FILLED || x->denied)
			continue;
		for (size_t k = 0; k < t->count; k++)
			if (k != i && is_fact_of(t->parts[k], x->subject) &&
				!(t->parts[k]->denied && t->parts[k]->sort != TOLD_PLAIN))
				s->said[i] = true;
	}
}

/* Any of all that can be picked: at least one is, where something is done at all. */
static bool is_any_choice(const struct told *t)
{
	if (t->kind != TOLD_ANY || t->count < 2 || t->count != t->parts[0]->choices)
		return false;
	for (size_t i = 0; i < t->count; i++)
		if (t->parts[i]->kind != TOLD_FACT || t->parts[i]->sort != TOLD_PICKED ||
			t->parts[i]->denied ||
			strcmp(t->parts[i]->subject, t->parts[0]->subject) != 0)
			return false;
	return true;
}

/* Beside other conditions it goes without saying. */
static void drop_any_choice(struct saying *s)
{
	for (size_t i = 0; s->t->count > 1 && i < s->t->count; i++)
		s->said[i] |= is_any_choice(s->t->parts[i]);
}

static void joint(struct saying *s, struct buf *out)
{
	if (s->any)
		buf_adds(out, s->t->kind == TOLD_ALL ? tr("，并且 ") : tr("，或者 "));
	s->any = true;
}

/* Values of one subject join where that is what the junction says: is a or is b, is not a and is
 * not b. */
static bool values_join(const struct told *t, const struct told *a, const struct told *b)
{
	return a->value != NULL && is_fact_of(b, a->subject) && b->value != NULL &&
	       a->denied == b->denied && strcmp(a->says, b->says) == 0 &&
	       (t->kind == TOLD_ANY) == !a->denied;
}

/* The values of this part and of those that join it, as one phrase; marks them as said. */
static void say_values(struct saying *s, size_t at, struct buf *out)
{
	const struct told *t = s->t, *x = t->parts[at];
	struct buf values = {0};
	size_t count = 0, left = 0;

	for (size_t i = at; i < t->count; i++)
		left += !s->said[i] && values_join(t, x, t->parts[i]);
	for (size_t i = at; i < t->count; i++) {
		if (s->said[i] || !values_join(t, x, t->parts[i]))
			continue;
		if (count > 0)
			buf_adds(&values, --left > 1 ? tr("、") : tr(" 或 "));
		count++;
		buf_adds(&values, t->parts[i]->value);
		s->said[i] = true;
	}
	if (count > 1 && count == x->choices && x->sort == TOLD_PICKED && !x->denied)
		buf_adds(out, strcmp(x->says, "%s") == 0 ? tr("任何一项") : tr("不论选了哪一项"));
	else
		say_phrase(x, buf_str(&values), out);
	buf_fini(&values);
}

/* The same subject is named once: X is above 1 and below 5; X is a or b or empty. */
static void say_facts(struct saying *s, size_t at, struct buf *out)
{
	const struct told *t = s->t, *x = t->parts[at];
	bool first = true;

	buf_adds(out, x->subject);
	for (size_t i = at; i < t->count; i++) {
		const struct told *part = t->parts[i];
		if (i != at && (s->said[i] || !is_fact_of(part, x->subject)))
			continue;
		if (!first)
			buf_adds(out, t->kind == TOLD_ALL ? tr(" 且 ") : tr(" 或 "));
		else if (x->subject[0] != '\0')
			buf_addc(out, ' ');
		first = false;
		if (values_join(t, part, part) && x->subject[0] != '\0')
			say_values(s, i, out);
		else
			say_phrase(part, part->value, out);
		s->said[i] = true;
	}
}

/* A paper of its kind has more to fulfil: (it is not of this kind, or …) reads as "if it is, …". */
static bool say_if(const struct told *t, struct buf *out)
{
	struct told when = {.kind = TOLD_ALL}, then = {.kind = TOLD_ANY};
	struct buf a = {0}, b = {0};

	when.parts = mem_array(t->count, sizeof *when.parts);
	then.parts = mem_array(t->count, sizeof *then.parts);
	for (size_t i = 0; i < t->count; i++) {
		struct told *x = t->parts[i];
		if (x->kind == TOLD_FACT && x->sort == TOLD_FITS && x->denied)
			when.parts[when.count++] = x;
		else
			then.parts[then.count++] = x;
	}
	if (when.count > 0 && then.count > 0) {
		for (size_t i = 0; i < when.count; i++)
			when.parts[i]->denied = false;
		say(&when, false, &a);
		for (size_t i = 0; i < when.count; i++)
			when.parts[i]->denied = true;
		say(&then, false, &b);
		buf_printf(out, tr("若 %s，则 %s"), buf_str(&a), buf_str(&b));
	}
	buf_fini(&a);
	buf_fini(&b);
	free(when.parts);
	free(then.parts);
	return when.count > 0 && then.count > 0;
}

/* Returns how many pieces it was said in. */
static int say_junction(const struct told *t, struct buf *out)
{
	int pieces = 0;
	struct saying s = {t, mem_array(t->count, sizeof *s.said), false};

	if (t->kind == TOLD_ALL) {
		drop_filled(&s);
		drop_any_choice(&s);
	}
	for (size_t i = 0; i < t->count; i++) {
		const struct told *x = t->parts[i];
		if (s.said[i])
			continue;
		joint(&s, out);
		pieces++;
		if (x->kind != TOLD_FACT) {
			say(x, true, out);
			continue;
		}
		say_facts(&s, i, out);
	}
	free(s.said);
	return pieces;
}

static void say(const struct told *t, bool bracket, struct buf *out)
{
	struct buf inner = {0};
	int pieces = 2;

	if (t->kind == TOLD_ALWAYS || t->kind == TOLD_NEVER) {
		buf_adds(out, t->kind == TOLD_ALWAYS ? tr("总是") : tr("从不"));
		return;
	}
	if (t->kind == TOLD_FACT) {
		struct told *part[1] = {(void *)(uintptr_t)t};
		const struct told one = {.kind = TOLD_ALL, .parts = part, .count = 1};
		say_junction(&one, out);
		return;
	}
	if (t->kind != TOLD_ANY || !say_if(t, &inner))
		pieces = say_junction(t, &inner);
	if (bracket && pieces > 1)
		buf_printf(out, tr("（%s）"), buf_str(&inner));
	else
		buf_adds(out, buf_str(&inner));
	buf_fini(&inner);
}

void told_say(const struct told *t, struct buf *out)
{
	say(t, false, out);
}
