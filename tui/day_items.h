/*
 * What is still open at the end of a day, each by name: what differs from the centre's list,
 * letters that were refused or wait, what is due, what was handed over and not taken, drafts of
 * everybody; of one not touched for a month, for how long.
 */
#ifndef YIMEN_TUI_DAY_ITEMS_H
#define YIMEN_TUI_DAY_ITEMS_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/id.h"

struct buf;
struct day_check;
struct session;
struct store;

enum day_kind {
	DAY_DIFFERENCE,
	DAY_HELD,
	DAY_DUE,
	DAY_HANDED,
	DAY_DRAFT,
	DAY_WAITING,
	DAY__MAX
};
const char *day_kind_name(enum day_kind k); /* 对不上 …, in the language in force */

struct day_item {
	enum day_kind kind;
	char id[ID_UUID_SIZE]; /* of a case, draft or letter */
	char *what, *who;
	char *note; /* of a letter NULL until day_items_tell */
};

/* A zeroed one is empty. Of very many the first are listed; all are counted. */
struct day_items {
	struct day_item *items;
	size_t count, of[DAY__MAX];
};

/* Anew, in the order of the kinds. */
void day_items_read(struct day_items *l, struct store *s, int32_t day);
/* Reads the note of one that is to be shown: of very many letters most are not. */
void day_items_tell(struct day_items *l, size_t i, const struct session *s);
/* How many there are of all kinds. */
size_t day_items_all(const struct day_items *l);
/* Puts into out (empty) how many there are of each kind, and that the day was not reconciled: what
 * whoever closes the day must know. */
void day_items_words(const struct day_items *l, const struct day_check *check, struct buf *out);
void day_items_fini(struct day_items *l);

#endif
