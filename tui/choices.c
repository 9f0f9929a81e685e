#include "tui/choices.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "forms/entry.h"
#include "tui/form_line.h"
#include "tui/words.h"

static bool is_meant(struct entry *e, struct node *n, const struct choice *c, const char *words)
{
	return words_in(entry_choice_label(e, n, c), words) || words_in(c->label, words) ||
	       words_in(c->name, words) || (c->label_en != NULL && words_in(c->label_en, words));
}

size_t choices_matching(
	struct entry *e, struct node *n, const char *words, const struct choice ***out)
{
	const struct choice *const *choices;
	size_t count = entry_choices(e, n, &choices), kept = 0, i;

	*out = mem_array(count + 1, sizeof **out);
	for (i = 0; i < count; i++)
		if (is_meant(e, n, choices[i], words))
			(*out)[kept++] = choices[i];
	for (i = 0; i < count && kept == 0; i++)
		if (words_sound_like(choices[i]->label, words) ||
			words_sound_like(entry_choice_label(e, n, choices[i]), words))
			(*out)[kept++] = choices[i];
	return kept;
}

static void add_word(struct buf *b, const char *s, size_t n)
{
	if (b->len)
		buf_addc(b, ' ');
	buf_add(b, s, n);
}

void choices_toggle(struct buf *out, const char *value, const char *name)
{
	for (const char *p = value; *p;) {
		size_t n = strcspn(p, " ");
		if (n > 0 && !(n == strlen(name) && memcmp(p, name, n) == 0))
			add_word(out, p, n);
		p += n;
		p += strspn(p, " ");
	}
	if (!form_line_holds(value, name))
		add_word(out, name, strlen(name));
}
