/*
 * The six layers around every screen: title, pages, blank, body, message, keys, status. See
 * screen.h for the rows.
 */
#ifndef YIMEN_TUI_FRAME_H
#define YIMEN_TUI_FRAME_H

#include "tui/canvas.h"
#include "tui/keys.h"

struct frame {
	const char *title;   /* left of row 0 */
	const char *whose;   /* right of row 0: banner, window, operator, time */
	enum command page;   /* CMD_GO_…, CMD_NONE: none of them, CMD_QUIT: no row of pages */
	enum typing typing;  /* while every character is text, ? and : are not keys */
	const char *message; /* row rows-3 */
	enum role message_role;
	const enum command *commands; /* row rows-2: as many as fit */
	size_t command_count;
	const char *status_left, *status_right; /* last row */
};

void frame_draw(struct canvas *c, const struct frame *f);
/* The keys of these acts from column 1 up to `end` (exclusive): as many as fit. */
void frame_keys(struct canvas *c, int row, int end, const enum command *commands, size_t count,
	enum typing typing);
/* The row of the message: where a question has its cursor. */
int frame_message_row(const struct canvas *c);

#endif
