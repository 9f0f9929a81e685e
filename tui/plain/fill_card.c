/* A card read where an answer is asked for. */
#include "tui/plain/fill_private.h"

#include <string.h>

#include "core/base/msg.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/card_fill.h"

/* Is this place among the lines of the list? */
static bool has_line(const struct buf *list, const char *place)
{
	size_t len = strlen(place);

	for (const char *at = buf_str(list); *at;) {
		size_t n = strcspn(at, "\n");
		if (n == len && memcmp(at, place, n) == 0)
			return true;
		at += n + (at[n] == '\n');
	}
	return false;
}

static bool is_at_one_of(struct fill *f, const struct entry_line *l, const struct buf *places)
{
	struct buf place = {0};
	bool found;

	entry_place(f->entry, l->node, &place);
	found = has_line(places, buf_str(&place));
	buf_fini(&place);
	return found;
}

bool fill_is_from_card(struct fill *f, const struct entry_line *l)
{
	return f->card.len > 0 && *l->value && is_at_one_of(f, l, &f->card) &&
	       !fill_is_wrong(f, l->node);
}

static void tell_filled(struct fill *f, const struct buf *filled)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);
	struct buf text = {0};

	for (size_t i = 0; i < n; i++) {
		if (!lines[i].node || !is_at_one_of(f, &lines[i], filled))
			continue;
		buf_clear(&text);
		fill_field_text(f, &lines[i], &text);
		talk_say(f->talk, tr("由证填上 %s"), buf_str(&text));
	}
	buf_fini(&text);
}

static void tell(struct fill *f, const struct buf *filled, const struct buf *differs)
{
	if (filled->len)
		talk_say(f->talk, "%s", tr("读到一张证, 已各归各栏。"));
	else if (!differs->len)
		talk_say(f->talk, "%s", tr("读到一张证, 与已填的一致。"));
	tell_filled(f, filled);
}

bool fill_card(struct fill *f, const struct entry_line *l, const char *typed, enum fill_next *next)
{
	struct buf differs = {0}, filled = {0};
	struct derived before = {0};
	bool is_card;

	if (f->step != DRAFT_AT_FORM)
		return false;
	fill_remember(f, &before);
	is_card = card_fill(f->entry, l, typed, NULL, f->desk->session->day, &differs, &filled);
	if (is_card) {
		history_note(f->history);
		fill_store(f);
		buf_adds(&f->card, buf_str(&filled));
		tell(f, &filled, &differs);
	}
	fill_tell_derived(f, &before);
	if (differs.len)
		talk_say(f->talk, tr("错误: %s"), differs.data);
	if (filled.len)
		talk_say(f->talk, "%s",
			tr("证上填好的不再逐栏问; 要改打减号往回, 或打星号去那一栏。"));
	if (is_card) {
		fill_meet(f);
		*next = filled.len || !differs.len ? FILL_OPEN : FILL_AGAIN;
	}
	buf_fini(&differs);
	buf_fini(&filled);
	return is_card;
}
