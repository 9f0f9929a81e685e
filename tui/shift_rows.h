/*
 * What one operator has open at the end of a shift, as rows, and the end itself.
 */
#ifndef YIMEN_TUI_SHIFT_ROWS_H
#define YIMEN_TUI_SHIFT_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/station/shift.h"

struct buf;
struct session;

struct shift_row {
	char id[ID_UUID_SIZE];
	char *what, *who, *now; /* matter, applicant, what becomes of it */
	bool on_its_way, parked;
};

struct shift_rows {
	struct shift_row *rows;
	size_t count;
};

/* Replaces what is there: drafts, then acts begun. A zeroed one is empty. */
void shift_rows_read(struct shift_rows *r, struct session *s);
void shift_rows_fini(struct shift_rows *r);

/* Appends since when, and what was done here today, in figures; nothing when nothing was. */
void shift_work_words(struct buf *out, struct session *s);
/* Parks what is neither parked nor handed over, and ends the shift; the session stays signed in. */
enum err shift_sign_off(
	const struct shift_rows *r, struct session *s, struct shift_open_items *left);

#endif
