/*
 * Undo and redo of one entry: every act of the clerk (an answer, a choice, a repetition added or
 * removed) is one step. It lives as long as the form is open; nothing of it is on disk.
 */
#ifndef YIMEN_FORMS_ENTRY_HISTORY_H
#define YIMEN_FORMS_ENTRY_HISTORY_H

#include "core/base/err.h"

#include <stdbool.h>

struct buf;
struct entry;
struct history;

struct history *history_new(struct entry *e); /* e is borrowed; begins with how it stands now */
void history_free(struct history *h);	      /* NULL does nothing */

/* After an act: what has changed since the last call becomes a step; what was taken back before
 * can no longer be done again. Nothing changed: nothing happens. */
void history_note(struct history *h);

bool history_can_undo(const struct history *h);
bool history_can_redo(const struct history *h);
/*
 * Takes the last step back, does the one taken back again. Appends the place of its first field
 * (it may be gone now). ERR_NOT_FOUND: there is none.
 */
enum err history_undo(struct history *h, struct buf *place);
enum err history_redo(struct history *h, struct buf *place);

#endif
