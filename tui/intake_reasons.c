/* Why warnings were accepted: the draft's reasons go back to what they were given for. */
#include "tui/intake_private.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "forms/instance.h"

const struct intake_reason_parts intake_reasons[INTAKE_REASONS] = {
	{DRAFT_ACCEPTED, DRAFT_TOLD}, {DRAFT_SITUATION_ACCEPTED, DRAFT_SITUATION_TOLD}};

struct entry *intake_reasoned(const struct intake *in, size_t which)
{
	return which == 0 ? in->entry : in->situation;
}

/* Another one than the reasons were given in. */
static bool is_newer(const struct intake *in, const struct draft *d, size_t which)
{
	return which == 0
		       ? d->form_version != NULL && strcmp(d->form_version, in->form->version) != 0
		       : in->began_seq != in->seq;
}

static void read_given(void *arg, const char *place, const char *value)
{
	reasons_put(arg, place, value, NULL);
}

static void read_told(void *arg, const char *place, const char *value)
{
	reasons_put(arg, place, NULL, value);
}

/* One of which is not known what it was given for was given for what warns, if that is the same
 * form. */
static bool restore(struct entry *e, struct node *n, const struct kept_reason *r, bool newer)
{
	if (n == NULL || n->value == NULL || !n->relevant)
		return false;
	if (r->told != NULL)
		return entry_restore_reason(e, n, r->given, r->told);
	return !newer && entry_accept(e, n, r->given) == OK;
}

static void tell_gone(
	struct intake *in, struct entry *e, struct node *n, const struct kept_reason *r)
{
	struct intake_carry *c = &in->carry;
	struct buf label = {0};

	if (n == NULL)
		return; /* the field itself is gone, and told */
	intake_say_field(e, n, &label);
	c->unreasoned = mem_resize(c->unreasoned, c->unreasoned_count + 1, sizeof *c->unreasoned);
	c->unreasoned[c->unreasoned_count++] =
		(struct carried_field){.label = buf_take(&label), .value = mem_strdup(r->given)};
}

void intake_restore_reasons(struct intake *in, const struct draft *d)
{
	for (size_t which = 0; which < INTAKE_REASONS; which++) {
		struct kept_reasons *kept = &in->saved_reasons[which];
		struct entry *e = intake_reasoned(in, which);
		const bool newer = is_newer(in, d, which);
		draft_each_answer(
			in->store, in->draft_id, intake_reasons[which].given, read_given, kept);
		draft_each_answer(
			in->store, in->draft_id, intake_reasons[which].told, read_told, kept);
		for (size_t i = 0; e != NULL && i < kept->count; i++) {
			const struct kept_reason *r = &kept->list[i];
			struct node *n = entry_find(e, r->place);
			if (r->given != NULL && !restore(e, n, r, newer) && newer)
				tell_gone(in, e, n, r);
		}
	}
}
