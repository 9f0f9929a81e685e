/* What a newer form or guide did to a draft that was begun under an older one. */
#include "tui/intake_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/draft.h"
#include "forms/instance.h"

static void free_fields(struct carried_field *fields, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		free(fields[i].label);
		free(fields[i].value);
		free(fields[i].why);
	}
	free(fields);
}

void intake_free_carry(struct intake_carry *c)
{
	size_t i;

	free_fields(c->lost, c->lost_count);
	free_fields(c->gained, c->gained_count);
	free_fields(c->refused, c->refused_count);
	free_fields(c->unreasoned, c->unreasoned_count);
	for (i = 0; i < c->papers_lost_count; i++)
		free(c->papers_lost[i]);
	for (i = 0; i < c->papers_gained_count; i++)
		free(c->papers_gained[i]);
	free(c->papers_lost);
	free(c->papers_gained);
	free(c->form_version);
	*c = (struct intake_carry){0};
}

/* Which of today's fields the older form had. */
struct older {
	const struct form *form;
	bool *known; /* of each field of the form in force */
	size_t count;
};

static void see_field(void *arg, const struct draft_field *f)
{
	struct older *o = arg;
	int at = form_find(o->form, f->name);

	o->count++;
	if (at >= 0)
		o->known[at] = true;
}

static void take_words(void *arg, const struct draft_field *f)
{
	struct carried_field *lost = arg;

	if (f->label[0] == '\0')
		return;
	free(lost->label);
	lost->label = mem_strdup(msg_english() && f->label_en[0] != '\0' ? f->label_en : f->label);
}

/* What is lost is told in the words that it was asked in, however many versions ago. */
static void name_lost(struct intake *in, const struct draft *d)
{
	struct intake_carry *c = &in->carry;

	for (size_t i = 0; i < c->lost_count; i++) {
		char *place = mem_strdup(c->lost[i].label);
		const char *slash = strrchr(place, '/');

		draft_see_field(in->store, d->form_id != NULL ? d->form_id : in->form->id,
			slash != NULL ? slash + 1 : place, take_words, &c->lost[i]);
		free(place);
	}
}

static void compare_fields(struct intake *in, const struct draft *d)
{
	struct intake_carry *c = &in->carry;
	struct older o = {in->form, mem_array(in->form->count + 1, sizeof *o.known), 0};
	size_t i;

	if (d->form_id != NULL && d->form_version != NULL)
		draft_each_field(in->store, d->form_id, d->form_version, see_field, &o);
	for (i = 0; o.count > 0 && i < in->form->count; i++) {
		if (o.known[i] || !form_asks(&in->form->fields[i]))
			continue;
		c->gained = mem_resize(c->gained, c->gained_count + 1, sizeof *c->gained);
		c->gained[c->gained_count++] = (struct carried_field){
			.label = mem_strdup(field_label(&in->form->fields[i]))};
	}
	free(o.known);
}

/* What was answered and is not taken as it is; what is still open is no news. */
static void see_refused(struct intake *in)
{
	struct intake_carry *c = &in->carry;
	const struct entry_fault *faults;
	size_t count = entry_check(in->entry, &faults), i;

	for (i = 0; i < count; i++) {
		const struct entry_fault *f = &faults[i];
		struct buf label = {0}, value = {0};
		if (f->rule == NULL || f->node->value == NULL || f->node->value[0] == '\0')
			continue;
		intake_say_field(in->entry, f->node, &label);
		entry_text(in->entry, f->node, false, &value);
		c->refused = mem_resize(c->refused, c->refused_count + 1, sizeof *c->refused);
		c->refused[c->refused_count++] = (struct carried_field){
			buf_take(&label), buf_take(&value), mem_strdup(f->message)};
	}
}

/* The names of the materials of a that b does not have. */
static size_t papers_without(const struct matter *a, const struct matter *b, char ***out)
{
	char **list = NULL;
	size_t count = 0, i, k;

	for (i = 0; i < a->material_count; i++) {
		for (k = 0; k < b->material_count &&
			    strcmp(a->materials[i].name, b->materials[k].name) != 0;
			k++)
			;
		if (k < b->material_count)
			continue;
		list = mem_resize(list, count + 1, sizeof *list);
		list[count++] = mem_strdup(a->materials[i].name);
	}
	*out = list;
	return count;
}

static void compare_papers(struct intake *in, struct catalogue *catalogue)
{
	struct intake_carry *c = &in->carry;
	struct matter *old;

	if (in->member_count > 0 || in->began_seq == in->seq ||
		catalogue_get_version(catalogue, in->matter->code, in->began_seq, &old) != OK)
		return;
	c->papers_lost_count = papers_without(old, in->matter, &c->papers_lost);
	c->papers_gained_count = papers_without(in->matter, old, &c->papers_gained);
	matter_free(old);
}

void intake_compare(struct intake *in, struct catalogue *catalogue, const struct draft *d)
{
	if (d->form_version != NULL && strcmp(d->form_version, in->form->version) != 0) {
		in->carry.form_version = mem_strdup(d->form_version);
		compare_fields(in, d);
		see_refused(in);
	}
	name_lost(in, d);
	compare_papers(in, catalogue);
}

bool intake_carried(const struct intake *in)
{
	const struct intake_carry *c = &in->carry;

	return c->form_version != NULL ||
	       c->lost_count + c->papers_lost_count + c->papers_gained_count + c->unreasoned_count >
		       0;
}
