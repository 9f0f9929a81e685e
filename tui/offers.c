#include "tui/offers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/station/draft.h"
#include "core/station/people.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/intake.h"

enum {
	CASES_MAX = 20 /* earlier ones that are looked at */
};

void offers_fini(struct offers *o)
{
	size_t i;

	for (i = 0; i < o->count; i++) {
		free(o->list[i].name);
		free(o->list[i].value);
		free(o->list[i].from);
	}
	free(o->list);
	free(o->person);
	*o = (struct offers){0};
}

/* Standard data elements mean the same on every form; other names only on the same form. An agent
 * is another person each time. */
static bool is_shared(const char *name)
{
	static const char *const prefixes[] = {"applicant_", "org_", "employer_", "spouse_",
		"mother_", "father_", "guardian_", "child_", "dead_"};
	size_t i;

	for (i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

static bool has_choice(const struct field *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->list->count; i++)
		if (strcmp(f->list->choices[i].name, name) == 0)
			return true;
	return false;
}

/* Whether an earlier answer can stand in this form. */
static bool fits(const struct intake *in, const char *place, const char *value, bool same_form)
{
	int at = strchr(place, '[') == NULL ? form_find(in->form, place) : -1;
	const struct field *f = at >= 0 ? &in->form->fields[at] : NULL;

	if (f == NULL || !form_asks(f) || value[0] == '\0' || f->type == FIELD_ACKNOWLEDGE ||
		f->type == FIELD_FILE || strncmp(place, "agent_", 6) == 0)
		return false;
	if (f->type == FIELD_SELECT_ONE && !has_choice(f, value))
		return false;
	return same_form || is_shared(place);
}

/* ---- collecting ---- */

struct collecting {
	struct offers *offers;
	struct intake *in;
	struct buf from;
	bool same_form;
	size_t cases;
};

static void add_answer(void *arg, const char *place, const char *value)
{
	struct collecting *c = arg;
	struct offers *o = c->offers;
	size_t i;

	if (!fits(c->in, place, value, c->same_form))
		return;
	for (i = 0; i < o->count; i++)
		if (strcmp(o->list[i].name, place) == 0)
			return; /* a later case has said it */
	o->list = mem_resize(o->list, o->count + 1, sizeof *o->list);
	o->list[o->count++] = (struct offer){
		mem_strdup(place), mem_strdup(value), mem_strdup(buf_str(&c->from)), false, false};
}

static void add_case(void *arg, const struct person_case *p)
{
	struct collecting *c = arg;
	char day[8];

	if (c->cases++ >= CASES_MAX)
		return;
	buf_clear(&c->from);
	buf_printf(
		&c->from, "%s %s", clock_format(p->at_ms, "%m-%d", day, sizeof day), p->task_name);
	c->same_form = strcmp(p->form_id, c->in->form->id) == 0;
	draft_each_answer(c->in->store, p->id, DRAFT_FORM, add_answer, c);
}

/* A number that is found wrong is nobody's. */
static const char *person_of(struct intake *in)
{
	static const char *const places[] = {"applicant_id", "org_uscc"};
	size_t i;

	for (i = 0; i < sizeof places / sizeof places[0]; i++) {
		const struct node *n = entry_find(in->entry, places[i]);
		if (n != NULL && n->value != NULL && n->value[0] != '\0' && n->relevant &&
			entry_finding(in->entry, n)->verdict == VERDICT_ERROR)
			return "";
	}
	return intake_person(in);
}

bool offers_update(struct offers *o, struct intake *in)
{
	struct collecting c = {.offers = o, .in = in};
	const char *person = person_of(in);

	if (strcmp(person, o->person != NULL ? o->person : "") == 0)
		return false;
	offers_fini(o);
	if (person[0] == '\0')
		return false;
	o->person = mem_strdup(person);
	people_cases(in->store, person, in->draft_id, add_case, &c);
	buf_fini(&c.from);
	return offers_open(o, in->entry) > 0;
}

/* ---- taking ---- */

static bool is_over(const struct offer *x)
{
	return x->taken || x->refused;
}

void offers_untake(struct offers *o)
{
	size_t i;

	for (i = 0; i < o->count; i++)
		o->list[i].taken = false;
}

struct offer *offers_at(struct offers *o, struct entry *e, const struct node *n)
{
	size_t i;

	if (n == NULL || n->value == NULL || n->value[0] != '\0')
		return NULL;
	for (i = 0; i < o->count; i++)
		if (!is_over(&o->list[i]) && strcmp(o->list[i].name, n->name) == 0 &&
			entry_find(e, n->name) == n)
			return &o->list[i];
	return NULL;
}

static struct node *open_node(struct entry *e, const struct offer *x)
{
	struct node *n = is_over(x) ? NULL : entry_find(e, x->name);

	return n != NULL && n->relevant && n->value != NULL && n->value[0] == '\0' ? n : NULL;
}

size_t offers_open(struct offers *o, struct entry *e)
{
	size_t count = 0, i;

	for (i = 0; i < o->count; i++)
		count += open_node(e, &o->list[i]) != NULL;
	return count;
}

size_t offers_take_all(struct offers *o, struct entry *e)
{
	size_t taken = 0, before, i;

	do { /* an answer may open the field of another offer */
		before = taken;
		for (i = 0; i < o->count; i++) {
			struct node *n = open_node(e, &o->list[i]);
			if (n == NULL || entry_set(e, n, o->list[i].value) != OK)
				continue;
			o->list[i].taken = true;
			taken++;
		}
	} while (taken > before);
	return taken;
}

/* ---- the same visit ---- */

struct visit {
	struct intake *in;
	size_t taken;
};

static void fill_answer(void *arg, const char *place, const char *value)
{
	struct visit *v = arg;
	struct node *n = entry_find(v->in->entry, place);

	if (fits(v->in, place, value, false) && n != NULL && n->relevant && n->value != NULL &&
		n->value[0] == '\0' && entry_set(v->in->entry, n, value) == OK)
		v->taken++;
}

size_t offers_same_visit(struct intake *in, const char *case_id)
{
	struct visit v = {in, 0};
	size_t before;

	do {
		before = v.taken;
		draft_each_answer(in->store, case_id, DRAFT_FORM, fill_answer, &v);
	} while (v.taken > before);
	return v.taken;
}

/* ---- a person ---- */

static void fill_place(struct intake *in, const char *prefix, const char *name, const char *value)
{
	struct buf place = {0};
	struct node *n;

	buf_printf(&place, "%s%s", prefix, name);
	n = entry_find(in->entry, buf_str(&place));
	if (n != NULL && n->value != NULL && value[0] != '\0')
		entry_set(in->entry, n, value);
	buf_fini(&place);
}

void offers_take_person(struct intake *in, const struct person *p)
{
	bool body = form_find(in->form, "applicant_id") < 0;

	fill_place(in, body ? "org_" : "applicant_", "name", p->name);
	fill_place(in, body ? "org_" : "applicant_", body ? "uscc" : "id", p->number);
	fill_place(in, body ? "org_contact_" : "applicant_", "mobile", p->mobile);
}
