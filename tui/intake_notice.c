/* 咨询: what the visitor has with them and what is still to be brought, for the notice slip. */
#include "tui/intake.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"

static void put(struct buf *out, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
		json_member_str(out, key, value);
}

static void put_item(struct buf *out, const struct checklist_item *x)
{
	const struct matter_material *m = x->material;

	json_comma(out);
	buf_addc(out, '{');
	json_member_str(out, "name", m->name);
	if (m->originals <= 0 && m->copies <= 0)
		put(out, "form", m->kind); /* else the numbers say it */
	if (m->originals >= 0)
		json_member_int(out, "originals", m->originals);
	if (m->copies >= 0)
		json_member_int(out, "copies", m->copies);
	put(out, "how", m->source_explain[0] != '\0' ? m->source_explain : m->source);
	put(out, "standard", m->accept_stand);
	if (x->state == CHECKLIST_EXEMPT)
		put(out, "exempt", "1");
	put(out, "note",
		x->note != NULL && x->note[0] != '\0' ? x->note
		: x->state == CHECKLIST_EXEMPT	      ? m->certificate
						      : "");
	buf_addc(out, '}');
}

static void put_list(struct buf *out, const char *name, const struct checklist *c, bool at_hand)
{
	size_t i;

	json_member(out, name);
	buf_addc(out, '[');
	for (i = 0; i < c->count; i++) {
		enum checklist_state s = c->items[i].state;
		if (s != CHECKLIST_NONE &&
			(s == CHECKLIST_RECEIVED || s == CHECKLIST_EXEMPT) == at_hand)
			put_item(out, &c->items[i]);
	}
	buf_addc(out, ']');
}

void intake_notice_facts(const struct intake *in, struct buf *out)
{
	buf_addc(out, '{');
	put_list(out, "at_hand", &in->checklist, true);
	put_list(out, "bring", &in->checklist, false);
	buf_addc(out, '}');
}
