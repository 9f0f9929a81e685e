/*
 * The six layers around every screen: title, pages, blank, body, message, keys, status. See
 * screen.h for the rows.
 */
#ifndef YIMEN_TUI_FRAME_H
#define YIMEN_TUI_FRAME_H

#include "tui/canvas.h"
#include "tui/keys.h"

struct frame {
	const char *title;	 /* left of row 0 */
	const char *whose;	 /* right of row 0: banner, window, operator, time */
	const char *whose_brief; /* the same where the title has no room beside that */
	enum command page;	 /* CMD_GO_…, CMD_NONE: none of them, CMD_QUIT: no row of pages */
	enum typing typing;	 /* while every character is text, ? and : are not keys */
	const char *message;	 /* row rows-3, and above it as far as frame_message_top */
	enum role message_role;
	const char *below;   /* what stays in view under the message, "" nothing */
	const char *answers; /* not NULL: the message is a question; "" when its answer is typed */
	int answer_cols;     /* kept free for typing it */
	const enum command *commands; /* row rows-2: see frame_keys */
	size_t command_count;
	const char *status_left, *status_right; /* last row */
};

void frame_draw(struct canvas *c, const struct frame *f);
/*
 * The first row of a message with what stands below it. One row is enough for most; more takes up
 * to two rows of the body above it, so that the whole of it is read when it appears, but not the
 * row with the cursor.
 */
int frame_message_top(const struct canvas *c, const char *message, const char *below);
/*
 * The keys of its acts from column 1 up to `end` (exclusive): as many as fit, the first of them
 * first; how to leave and how to get help always, and last.
 */
void frame_keys(struct canvas *c, int row, int end, const struct frame *f);
/* Draws the question and gives where its answer begins: after it, or in a row of its own. */
void frame_question(struct canvas *c, const struct frame *f, int *row, int *col);

#endif
