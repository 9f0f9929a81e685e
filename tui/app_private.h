/*
 * Shared by the parts of the program: the stack and what screens ask (app.c), keys and commands
 * (app_keys.c), painting (app_paint.c), the loop (app_loop.c). Nobody else includes this but the
 * tests that drive the program in their own process.
 */
#ifndef YIMEN_TUI_APP_PRIVATE_H
#define YIMEN_TUI_APP_PRIVATE_H

#include <signal.h>
#include <stddef.h>

#include "core/base/buf.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/widget_line.h"

enum {
	STACK_MAX = 32
};

struct app {
	struct app_options options;
	const struct clock *clock;
	struct terminal *terminal;
	struct canvas *canvas;
	struct canvas *before;		/* the last frame, */
	const struct screen *before_of; /* and whose it was, */
	bool before_asked;		/* and whether a question stood in it */
	bool stepped; /* the last key was one that is held down: to the next row or field */
	int64_t key_ms, detail_due; /* the last key; when a preview that waits is drawn, -1: none */
	struct session *session;
	struct screen *stack[STACK_MAX];
	size_t depth;
	struct buf said;
	enum role said_role;
	struct key held; /* an answer or a pick that waits: was it a hand's? */
	bool holding;
	bool scan_ended; /* the key that is being done is the end of what a reader sent */
	char *question;	 /* in the message row: a question, or the label of a prompt */
	void (*answer)(void *arg, bool yes);
	void (*prompted)(void *arg, const char *text); /* not NULL: it is a prompt */
	void *answer_arg;
	struct line prompt;
	struct buf event; /* an unfinished line of the deliverer */
	int signal_fd, event_fd;
	bool dirty, blanked, quit, gone, alert;
	int64_t file_due, minute; /* the minute the clock shows */
	unsigned unread;	  /* reads of the file that had failed when it was last told */
	int64_t reread_due;	  /* when all is read again because some did; -1: none did */
	int64_t deliverer_due;	  /* when it is begun (again); -1: it runs, or there is none */
	sigset_t signals_before;
};

/* Opens session and terminal and begins with the first screen. Not OK: nothing is left open. */
enum err app_open(struct app *a, const struct app_options *options, struct buf *why);
void app_close(struct app *a);
/* Takes what waits: keys, signals, lines of the deliverer. Never waits itself. */
void app_take_input(struct app *a);
/* Runs what is due and paints once. Returns when the next thing is due (monotonic ms). */
int64_t app_turn(struct app *a);
struct screen *app_top(const struct app *a);
/* The top screen reads anew what it shows. */
void app_refresh_top(struct app *a);
void app_close_top(struct app *a);
/* How much of the keyboard is text on a screen now. */
enum typing app_typing(struct screen *s);
/* What the footer shows: the screen's own acts, the way out and help, or how to answer what is
 * asked; the pages' row has the rest. */
size_t app_footer(struct app *a, struct screen *s, enum command *out);
void app_take_key(struct app *a, const struct key *k);
/* Does the key that was held back, once nothing has come right behind it. Returns when that will be
 * known (monotonic ms), -1: none is held. */
int64_t app_release_key(struct app *a);
/* Draws and brings it to the terminal, if something has changed and the terminal takes it. */
void app_paint(struct app *a);

#endif
