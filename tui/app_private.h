/*
 * Shared by the parts of the program: the stack and what screens ask (app.c), keys and commands
 * (app_keys.c), painting (app_paint.c), the loop (app_loop.c). Nobody else includes this.
 */
#ifndef YIMEN_TUI_APP_PRIVATE_H
#define YIMEN_TUI_APP_PRIVATE_H

#include <stddef.h>

#include "core/base/buf.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/widget_line.h"

enum {
	STACK_MAX = 32
};

struct app {
	struct app_options options;
	const struct clock *clock;
	struct terminal *terminal;
	struct canvas *canvas;
	struct session *session;
	struct screen *stack[STACK_MAX];
	size_t depth;
	struct buf said;
	enum role said_role;
	char *question; /* in the message row: a question, or the label of a prompt */
	void (*answer)(void *arg, bool yes);
	void (*prompted)(void *arg, const char *text); /* not NULL: it is a prompt */
	void *answer_arg;
	struct line prompt;
	struct buf event; /* an unfinished line of the deliverer */
	int signal_fd, event_fd;
	bool dirty, blanked, quit, gone, asked;
	int64_t file_due;
};

struct screen *app_top(const struct app *a);
/* The top screen reads anew what it shows. */
void app_refresh_top(struct app *a);
void app_close_top(struct app *a);
/* How much of the keyboard is text on a screen now. */
enum typing app_typing(struct screen *s);
/* What the footer shows: the screen's own acts and the way out; the pages' row has the rest. */
size_t app_footer(struct app *a, struct screen *s, enum command *out);
void app_take_key(struct app *a, const struct key *k);
/* Draws and brings it to the terminal, if something has changed and the terminal takes it. */
void app_paint(struct app *a);

#endif
