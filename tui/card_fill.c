#include "tui/card_fill.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/card.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/form_line.h"

struct reading {
	struct entry *entry;
	const struct node *at; /* where it was read */
	struct buf prefix;     /* whose card it is: "applicant_" of "applicant_id" */
	struct buf differs;
	struct buf *filled; /* NULL: nobody asks */
};

/* The field of that person: beside the one it was read in, or wherever there is only one. */
static struct node *part_of(const struct reading *r, const char *name)
{
	struct buf whole = {0};
	struct node *found = NULL;

	buf_printf(&whole, "%s%s", buf_str(&r->prefix), name);
	for (struct node *up = r->at->parent; up && !found; up = up->parent)
		for (struct node *n = up->first; n && !found; n = n->next)
			if (n->value && strcmp(n->name, buf_str(&whole)) == 0)
				found = n;
	if (!found)
		found = entry_find(r->entry, buf_str(&whole));
	buf_fini(&whole);
	return found && found->value ? found : NULL;
}

/* What is before an underscore, as long as can be, so that there is such a person: of
 * "applicant_bank_name" it is "applicant_". */
static bool person_by_name(struct reading *r, const char *name)
{
	for (size_t len = strlen(name); len > 0; len--) {
		if (name[len - 1] != '_')
			continue;
		buf_clear(&r->prefix);
		buf_add(&r->prefix, name, len);
		if (part_of(r, "id"))
			return true;
	}
	buf_clear(&r->prefix);
	return false;
}

/* The person asked for last before this field, or else the next one. */
static bool person_near(struct reading *r)
{
	const struct form *form = entry_form(r->entry);
	int at = r->at->field, count = (int)form->count;

	for (int step = 0; step < count; step++) {
		int i = step <= at ? at - step : step;
		const struct field *f = &form->fields[i];
		size_t len = strlen(f->name);
		if (!form_line_is_certificate(f) || len < 3 || strcmp(f->name + len - 2, "id") != 0)
			continue;
		buf_clear(&r->prefix);
		buf_add(&r->prefix, f->name, len - 2);
		if (part_of(r, "id"))
			return true;
	}
	return false;
}

static void note_difference(struct reading *r, struct node *n)
{
	buf_printf(
		&r->differs, "%s%s", r->differs.len ? tr("、") : "", entry_node_label(r->entry, n));
}

static bool differs(const struct node *n, const struct buf *value)
{
	return n && value->len && *n->value && strcmp(n->value, buf_str(value)) != 0;
}

/* Another number, or another name where no number is yet: nothing of this card is taken. */
static bool is_of_another(struct reading *r, const struct card *card)
{
	struct node *id = part_of(r, "id"), *name = part_of(r, "name");

	if (differs(id, &card->number)) {
		note_difference(r, id);
		if (differs(name, &card->name))
			note_difference(r, name);
		return true;
	}
	if (!differs(name, &card->name) || (id && *id->value))
		return false;
	note_difference(r, name);
	return true;
}

/* Puts it there, and notes the place when nothing stood there. */
static void put(struct reading *r, struct node *n, const struct buf *value)
{
	bool was_empty = !*n->value;

	entry_set(r->entry, n, buf_str(value));
	if (r->filled && was_empty && *n->value) {
		entry_place(r->entry, n, r->filled);
		buf_addc(r->filled, '\n');
	}
}

/* What was typed before is not overwritten in silence. */
static void put_part(struct reading *r, const char *name, const struct buf *value)
{
	struct node *n = value->len ? part_of(r, name) : NULL;

	if (differs(n, value))
		note_difference(r, n);
	else if (n)
		put(r, n, value);
}

static void put_parts(struct reading *r, const struct card *card, struct buf *said)
{
	if (is_of_another(r, card)) {
		buf_printf(said, tr("读出的与已填的不同: %s。是另一个人的证, 什么都没有改。"),
			buf_str(&r->differs));
		return;
	}
	put_part(r, "name", &card->name);
	put_part(r, "id", &card->number);
	put_part(r, "nation", &card->nation);
	put_part(r, "residence", &card->address);
	if (!part_of(r, "residence"))
		put_part(r, "address", &card->address);
	if (r->differs.len)
		buf_printf(
			said, tr("读出的与已填的不同, 没有改: %s。请核对。"), buf_str(&r->differs));
}

/* A number alone, in its own field or one that has rules of its own, is just typed. */
static bool is_asked_for(const struct reading *r, const struct entry_line *l)
{
	static const char *const parts[] = {"name", "address", "nation", "residence"};
	const char *part = l->field->name + r->prefix.len;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strcmp(part, parts[i]) == 0)
			return !l->field->kind || strcmp(l->field->kind, "name") == 0;
	return false;
}

static bool put_card(
	struct reading *r, const struct entry_line *l, const struct card *card, struct buf *said)
{
	bool named = person_by_name(r, l->field->name);

	if (card->name.len ? !named && !person_near(r) : !named || !is_asked_for(r, l))
		return false;
	put_parts(r, card, said);
	return true;
}

bool card_fill(struct entry *e, const struct entry_line *l, const char *typed, const char *stood,
	int32_t today, struct buf *said, struct buf *filled)
{
	struct reading r = {.entry = e, .at = l->node, .filled = filled};
	struct card card = {0};
	bool is_card = l->node && card_parse(typed, today, &card), done = false;

	if (is_card && stood)
		entry_set(e, l->node, stood);
	if (is_card) {
		done = put_card(&r, l, &card, said);
	} else if (l->node && card.wrong && strpbrk(typed, "|,;^{")) {
		buf_adds(said,
			tr("读出的身份证号码校验不对, 没有填。请再读一次, 还不对就照原件输入。"));
		done = true;
	}
	card_fini(&card);
	buf_fini(&r.prefix);
	buf_fini(&r.differs);
	return done;
}
