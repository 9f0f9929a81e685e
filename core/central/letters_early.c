#include "core/central/letters_early.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/domain/lifecycle.h"
#include "core/domain/parcel.h"

enum {
	ACTS_MAX = 32, /* of one case that are followed: more nobody does while a line is dead */
	SLOTS_FIRST = 64
};

/* What of a case was not taken and may come yet. */
struct late_case {
	enum case_act acts[ACTS_MAX];
	size_t count;
	bool application; /* one is among them */
	bool unknown;	  /* more, or others than are known here */
};

/* By name: a case, or a letter that was not taken. */
struct slot {
	char *name;
	struct late_case *of;
	bool owns; /* the name is the case's */
};

struct letters_early {
	struct slot *slots;
	size_t size, used; /* size: a power of two */
};

struct letters_early *letters_early_new(void)
{
	struct letters_early *f = mem_alloc(sizeof *f);

	f->size = SLOTS_FIRST;
	f->slots = mem_array(f->size, sizeof *f->slots);
	return f;
}

void letters_early_free(struct letters_early *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->size; i++) {
		free(f->slots[i].name);
		if (f->slots[i].owns)
			free(f->slots[i].of);
	}
	free(f->slots);
	free(f);
}

/* ---- names ---- */

/* FNV-1a. */
static uint32_t mix(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

/* Where it is, or where it belongs. */
static struct slot *place(const struct letters_early *f, const char *name)
{
	size_t at = mix(name) & (f->size - 1);

	while (f->slots[at].name != NULL && strcmp(f->slots[at].name, name) != 0)
		at = (at + 1) & (f->size - 1);
	return &f->slots[at];
}

static void grow(struct letters_early *f)
{
	struct slot *old = f->slots;
	size_t size = f->size, i;

	f->size *= 2;
	f->slots = mem_array(f->size, sizeof *f->slots);
	for (i = 0; i < size; i++)
		if (old[i].name != NULL)
			*place(f, old[i].name) = old[i];
	free(old);
}

static struct slot *put(struct letters_early *f, const char *name)
{
	struct slot *s = place(f, name);

	if (s->name != NULL)
		return s;
	if (2 * f->used >= f->size) {
		grow(f);
		s = place(f, name);
	}
	f->used++;
	s->name = mem_strdup(name);
	return s;
}

static struct late_case *case_of(struct letters_early *f, const char *case_id)
{
	struct slot *s = put(f, case_id);

	s->owns |= s->of == NULL;
	if (s->of == NULL)
		s->of = mem_alloc(sizeof *s->of);
	return s->of;
}

static void put_letter(struct letters_early *f, const char *letter_id, struct late_case *c)
{
	struct slot *s = put(f, letter_id);

	if (s->of == NULL)
		s->of = c;
}

/* ---- the life of the case ---- */

static bool is_application(const struct parcel_letter *l)
{
	return strcmp(l->kind, "application") == 0;
}

/* false: it moves no case. */
static bool act_of(const struct parcel_letter *l, enum case_act *act)
{
	*act = ACT_SUBMIT;
	return is_application(l) || case_act_of_letter(l->kind, act);
}

static bool go_on(enum case_state *state, enum case_act act, const char **why)
{
	enum case_act here = act == ACT_SUBMIT && *state != CASE_DRAFT ? ACT_REVISE : act;

	return lifecycle_next(
		*state, here, act == ACT_VOID ? ACTOR_SECOND : ACTOR_WINDOW, state, why);
}

/* Whether it would be possible in that state once what goes before it is there. One of those that
 * would not be, even then, does not come. */
static bool comes_after(const struct late_case *c, enum case_state state,
	const struct parcel_letter *l, const char **why)
{
	enum case_act act;
	size_t i;

	for (i = 0; i < c->count; i++)
		go_on(&state, c->acts[i], NULL);
	return c->unknown || !act_of(l, &act) || go_on(&state, act, why);
}

/* ---- what the centre said ---- */

static bool is_type(const json *problem, const char *name)
{
	static const char prefix[] = "urn:yimen:problem:";
	const char *type = json_get_str(problem, "type");

	return type != NULL && strncmp(type, prefix, sizeof prefix - 1) == 0 &&
	       strcmp(type + sizeof prefix - 1, name) == 0;
}

/* The case is in a state in which the step is not possible. A second evaluation of one service is
 * refused in the same words and moves nothing. */
static bool is_early_there(const struct late_case *c, const struct parcel_letter *l,
	const json *problem, const char **why)
{
	enum case_state state;
	enum case_act act;

	return (c->count > 0 || c->unknown) && act_of(l, &act) &&
	       case_state_parse(json_get_str(problem, "state"), &state) &&
	       comes_after(c, state, l, why);
}

/* It names the version before it: is that one of those that were not taken? */
static bool names_late_one(
	const struct letters_early *f, const struct late_case *c, const struct parcel_letter *l)
{
	const char *replaces;
	json *body = NULL;
	bool late;

	if (json_parse(&body, l->body, l->body_len, NULL) != OK)
		return false;
	replaces = json_get_str(body, "replaces");
	late = replaces != NULL && place(f, replaces)->of == c;
	json_free(body);
	return late;
}

static enum early judge(const struct letters_early *f, const struct late_case *c,
	const struct parcel_letter *l, const json *problem, const char **why)
{
	bool ahead = false;

	if (is_type(problem, "in-progress"))
		return EARLY_RUNNING;
	if (is_type(problem, "attachment-missing"))
		return EARLY_PAPER;
	if (is_type(problem, "unknown-case")) /* its application may be in another file */
		ahead = !c->application || comes_after(c, CASE_DRAFT, l, why);
	else if (is_type(problem, "case-state"))
		ahead = is_early_there(c, l, problem, why);
	else if (is_type(problem, "stale-version"))
		ahead = names_late_one(f, c, l);
	return ahead ? EARLY_AHEAD : EARLY_NOT;
}

/* What is wrong with it can be put right by its window: it comes, if in another letter. */
static bool may_be_corrected(const json *problem)
{
	static const char *const final[] = {
		"case-state", "stale-version", "case-exists", "idempotency-key-reused"};
	size_t i;

	for (i = 0; i < sizeof final / sizeof final[0]; i++)
		if (is_type(problem, final[i]))
			return false;
	return !is_type(problem, "unknown-case");
}

static void note(struct late_case *c, const struct parcel_letter *l)
{
	enum case_act act;

	if (!act_of(l, &act))
		return;
	c->application |= is_application(l);
	if (c->count < ACTS_MAX)
		c->acts[c->count++] = act;
	else
		c->unknown = true;
}

enum early letters_early_judge(struct letters_early *f, const struct parcel_letter *l,
	const json *problem, const char **why)
{
	struct late_case *c = case_of(f, l->case_id);
	enum early early = EARLY_NOT;

	if (problem == NULL)
		c->unknown = true;
	else
		early = judge(f, c, l, problem, why);
	if (early != EARLY_NOT || (problem != NULL && may_be_corrected(problem)))
		note(c, l);
	put_letter(f, l->id, c);
	return early;
}
