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
 * typed: as it came into the field of this line; today: days since 1970. false: it is no card, and
 * nothing was done. What was typed before is not overwritten: differs is a sentence that names it.
 */
bool card_fill(struct entry *e, const struct entry_line *l, const char *typed, int32_t today,
	struct buf *differs);

#endif
