#include "tui/card_fill.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/card.h"
#include "forms/entry.h"
#include "forms/instance.h"

/* "applicant_" of "applicant_name"; whose card it is follows from the field it was read in. */
static void prefix_of(const char *name, struct buf *out)
{
	static const char *const ends[] = {"name", "id", "address", "nation", "residence"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t len = strlen(name), end = strlen(ends[i]);
		if (len > end && strcmp(name + len - end, ends[i]) == 0 &&
			name[len - end - 1] == '_') {
			buf_add(out, name, len - end);
			return;
		}
	}
}

struct reading {
	struct entry *entry;
	const struct node *at; /* where it was typed: that is no answer */
	struct buf prefix, differs;
};

/* What was typed before is not overwritten in silence. */
static void put_part(struct reading *r, const char *name, const struct buf *value)
{
	struct buf place = {0};
	struct node *n;

	buf_printf(&place, "%s%s", buf_str(&r->prefix), name);
	n = value->len ? entry_find(r->entry, buf_str(&place)) : NULL;
	if (n && n->value && n != r->at && *n->value && strcmp(n->value, buf_str(value)) != 0)
		buf_printf(&r->differs, "%s%s", r->differs.len ? tr("、") : "",
			field_label(&entry_form(r->entry)->fields[n->field]));
	else if (n && n->value)
		entry_set(r->entry, n, buf_str(value));
	buf_fini(&place);
}

static void put_parts(struct reading *r, const struct card *card)
{
	put_part(r, "name", &card->name);
	put_part(r, "id", &card->number);
	put_part(r, "nation", &card->nation);
	put_part(r, "residence", &card->address);
	if (!entry_find(r->entry, "applicant_residence"))
		put_part(r, "address", &card->address);
}

bool card_fill(struct entry *e, const struct entry_line *l, const char *typed, int32_t today,
	struct buf *differs)
{
	struct reading r = {.entry = e, .at = l->node};
	struct card card = {0};
	bool is_card = false;

	if (l->field->type == FIELD_TEXT && l->node)
		prefix_of(l->field->name, &r.prefix);
	/* A number alone in its own field is just typed. */
	if (r.prefix.len && card_parse(typed, today, &card))
		is_card = card.name.len > 0 || !l->field->kind;
	if (is_card)
		put_parts(&r, &card);
	if (r.differs.len)
		buf_printf(differs, tr("读出的与已填的不同, 没有改: %s。请核对是不是同一个人。"),
			buf_str(&r.differs));
	card_fini(&card);
	buf_fini(&r.prefix);
	buf_fini(&r.differs);
	return is_card;
}
