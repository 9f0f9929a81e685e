/*
 * What a card reader typed into one field, put where it belongs: name, number, nation and address
 * of the person whose card it is.
 */
#ifndef YIMEN_TUI_CARD_FILL_H
#define YIMEN_TUI_CARD_FILL_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct entry;
struct entry_line;

/*
 * typed: as it came into the field of this line; stood: what was there before it and is not yet
 * an answer (NULL: nothing else than the answer); today: days since 1970. Whose card it is follows
 * from the field: the person it belongs to, or else the one asked for last. false: it is no card,
 * and nothing was done. What was typed before is not overwritten, and of another person's card
 * nothing is taken: said is then a sentence that names what differs. filled (NULL: not wanted) gets
 * the place of each field that was empty and now has its part, a line each.
 */
bool card_fill(struct entry *e, const struct entry_line *l, const char *typed, const char *stood,
	int32_t today, struct buf *said, struct buf *filled);

#endif
