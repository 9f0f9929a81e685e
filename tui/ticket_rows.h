/*
 * What can be chosen for a ticket, as rows for pick_screen (tui/screens/screens.h): outcomes, where
 * to transfer it, the groups to draw one of.
 */
#ifndef YIMEN_TUI_TICKET_ROWS_H
#define YIMEN_TUI_TICKET_ROWS_H

#include <stddef.h>

#include "core/domain/ticket.h"

struct pick_row;

/* The one that the work shows comes first; values are names of outcomes. */
void ticket_rows_outcomes(enum ticket_outcome work, struct pick_row **rows, size_t *count);
/* Values: 'w' and a window of station.windows, 'g' and a letter of queue.groups. */
void ticket_rows_goals(
	const char *windows, const char *groups, struct pick_row **rows, size_t *count);
/* Values: 'n', or 'p' with priority, and a letter of queue.groups. */
void ticket_rows_groups(const char *groups, struct pick_row **rows, size_t *count);

#endif
