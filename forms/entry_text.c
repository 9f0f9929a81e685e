/* The choices of a question, and how answers are read. */
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"
#include "forms/entry_private.h"

/* ---- choices ---- */

size_t entry_choices(struct entry *e, const struct node *n, const struct choice *const **out)
{
	const struct field *f = entry_field(e, n);
	const struct choice_list *l = f->list;
	struct node *item = NULL;
	size_t i, count = 0;

	*out = NULL;
	if (l == NULL)
		return 0;
	e->choices = mem_resize(e->choices, l->count + 1, sizeof *e->choices);
	if (f->choice_filter != NULL)
		item = entry_list_tree(e, l)->first;
	for (i = 0; i < l->count; i++) {
		bool keep = true;
		if (item != NULL) {
			struct value v;
			e->context = e->env.origin = (struct node *)(uintptr_t)n;
			if (expr_eval(f->choice_filter, &e->env, item, &v, NULL) == OK) {
				keep = value_boolean(&v);
				value_fini(&v);
			}
			e->env.origin = NULL;
			item = item->next;
		}
		if (keep)
			e->choices[count++] = &l->choices[i];
	}
	*out = e->choices;
	return count;
}

/* ---- reading ---- */

static void choice_words(struct entry *e, struct node *n, const char *value, struct buf *out)
{
	const struct field *f = entry_field(e, n);
	const char *at = value;
	bool first = true;

	while (*at != '\0') {
		size_t len = f->type == FIELD_SELECT_ONE ? strlen(at) : strcspn(at, " "), i;
		const char *word = NULL;
		for (i = 0; i < f->list->count; i++)
			if (strlen(f->list->choices[i].name) == len &&
				memcmp(f->list->choices[i].name, at, len) == 0)
				word = choice_text(&f->list->choices[i]);
		if (!first)
			buf_adds(out, msg_english() ? ", " : "、");
		first = false;
		if (word != NULL && strstr(word, "${") != NULL)
			entry_say(e, n, word, out);
		else if (word != NULL)
			buf_adds(out, word);
		else
			buf_add(out, at, len);
		at += len;
		at += strspn(at, " ");
	}
}

/*
 * A computed value in the language of the screen: of a field that says the same as a question, the
 * words of that question's choice; else those of the sex (GB/T 2261.1), which forms compute from
 * the identity card. What is computed, kept and sent stays as it is. NULL: nothing better is known.
 */
static const char *computed_words(const struct entry *e, const struct field *f, const char *value)
{
	static const char *const sexes[] = {N_("男"), N_("女")};
	int at = f->same_as != NULL ? form_find(e->form, f->same_as) : -1;
	const struct choice_list *l = at >= 0 ? e->form->fields[at].list : NULL;

	for (size_t i = 0; l != NULL && i < l->count; i++)
		if (l->choices[i].label != NULL && strcmp(l->choices[i].label, value) == 0)
			return choice_text(&l->choices[i]);
	for (size_t i = 0; i < sizeof sexes / sizeof *sexes; i++)
		if (strcmp(sexes[i], value) == 0)
			return trc("value", sexes[i]);
	return NULL;
}

struct masking {
	const char *kind;
	int head, tail;
};

enum {
	CITIZEN_DIGITS = 18
};

/* An identity card's number is masked alike in each field that takes it. */
static const char *masked_as(const struct field *f, const char *value)
{
	bool citizen = f->kind != NULL && strcmp(f->kind, "person-id") == 0 &&
		       strlen(value) == CITIZEN_DIGITS;

	return citizen ? "id-card" : f->kind;
}

static bool is_telephone(const char *kind)
{
	return strcmp(kind, "mobile") == 0 || strcmp(kind, "phone") == 0 ||
	       strcmp(kind, "contact") == 0;
}

/* false: a value of this kind is no secret. */
static bool put_masked(const char *kind, const char *value, struct buf *out)
{
	static const struct masking rules[] = {{"id-card", 6, 4}, {"bank-card", 4, 4},
		{"passport", 2, 2}, {"hkm-permit", 2, 2}, {"tw-permit", 2, 2},
		{"foreigner-id", 3, 4}, {"person-id", 2, 2}};

	if (is_telephone(kind)) {
		identifier_mask_telephone(out, value);
		return true;
	}
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (strcmp(rules[i].kind, kind) == 0) {
			text_mask(out, value, rules[i].head, rules[i].tail);
			return true;
		}
	}
	return false;
}

void entry_value_text(
	struct entry *e, const struct node *n, const char *value, bool mask, struct buf *out)
{
	const struct field *f = entry_field(e, n);
	const char *words = f->type == FIELD_CALCULATE ? computed_words(e, f, value) : NULL;
	const char *kind = masked_as(f, value);
	size_t i;

	if (words != NULL) {
		buf_adds(out, words);
		return;
	}
	if (f->list != NULL) {
		choice_words(e, (struct node *)(uintptr_t)n, value, out);
		return;
	}
	if (f->type == FIELD_ACKNOWLEDGE && value[0] != '\0') {
		buf_adds(out, tr("已确认"));
		return;
	}
	if (mask && kind != NULL && put_masked(kind, value, out))
		return;
	i = out->len;
	buf_adds(out, value);
	if (f->type == FIELD_DATETIME && value[0] != '\0')
		text_moment(out->data + i);
}

void entry_text(struct entry *e, const struct node *n, bool mask, struct buf *out)
{
	if (n->value != NULL)
		entry_value_text(e, n, n->value, mask, out);
}
