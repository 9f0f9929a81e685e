/*
 * The workstation: one thread, one poll loop over the keyboard, the deliverer's events and timers;
 * a stack of screens; one paint after all waiting input is read; nothing written while nothing
 * happens but the minute.
 */
#ifndef YIMEN_TUI_APP_H
#define YIMEN_TUI_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "tui/app_options.h"
#include "tui/keys.h"
#include "tui/terminal.h"

struct app;
struct buf;
struct canvas;
struct screen;
struct session;

/* Runs until the clerk leaves. An exit code (core/base/err.h); what went wrong is said on stderr.
 */
int app_run(const struct app_options *options);

/* What screens ask of the program. */
struct session *app_session(struct app *a);
struct terminal *app_terminal(struct app *a);
int64_t app_mono_ms(const struct app *a);
int64_t app_wall_ms(const struct app *a);
bool app_slow(const struct app *a);
/* What an empty list says: `nothing`, unless some of the data could not be read a moment ago, which
 * the message row tells: then that it may only seem empty. */
const char *app_nothing(const struct app *a, const char *nothing);
/*
 * Whether what belongs to the current row or field (a preview, a hint) is drawn now. After a step
 * it waits a tenth of a second, so that a key held down costs little; on a slow line after any key,
 * and until the hands rest. false: the part of the last frame is kept there meanwhile; the frame
 * that has it comes by itself.
 */
bool app_draws_detail(struct app *a, struct canvas *c, int row, int rows, int col);

/* The same where rows have moved: row r of the last frame's part stood in r + by. What was not in
 * it is drawn now. */
bool app_draws_moved(struct app *a, struct canvas *c, int row, int rows, int col, int by);

void app_dirty(struct app *a); /* something changed outside a key: paint */
/* Something on disk was changed by this program: counts and the top screen are read anew. */
void app_reread(struct app *a);
void app_push(struct app *a, struct screen *s); /* owns it from now on */
void app_pop(struct app *a);			/* closes the top one; the first one stays */
void app_pop_to(struct app *a, const struct screen *s); /* closes all above s */
void app_home(struct app *a);				/* closes all but the first */
void app_replace(struct app *a, struct screen *s);
/* Closes every screen and begins with this one: sign-in, today. */
void app_restart(struct app *a, struct screen *s);
struct screen *app_below(struct app *a, const struct screen *s); /* NULL: none */

/* One sentence in the message row until the next key. error: as 错误. */
void app_say(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The Enter that is being done is the end of what a reader sent (Tab counts as one there): it may
 * end a field, it neither goes on nor does anything for good. */
bool app_scan_ended(const struct app *a);
/* What a card reader or a scanner sent has no place here. */
void app_say_unread(struct app *a);
void app_error(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Something is wrong and is said elsewhere: the bell or the flash that was asked for. */
void app_alert(struct app *a);
/* A sentence for a failed call, with the word for it. */
void app_fail(struct app *a, const char *what, enum err e, const struct buf *why);

/* Asks a question in the message row; answer is called with yes or not. 1, y, 是: yes. */
void app_ask(struct app *a, const char *question, void (*answer)(void *arg, bool yes), void *arg);
/* Asks for one line in the message row; answer gets the text, or NULL when it was left with Esc. */
void app_prompt(struct app *a, const char *label, const char *text,
	void (*answer)(void *arg, const char *text), void *arg);
/* The same for a pass phrase: shown as asterisks. */
void app_prompt_secret(
	struct app *a, const char *label, void (*answer)(void *arg, const char *text), void *arg);
/* Runs a command as if its key were pressed. */
void app_command(struct app *a, enum command c);
/* The commands possible now on a screen, its own first. Returns how many (at most COMMANDS_MAX). */
size_t app_commands(struct app *a, struct screen *s, enum command *out);
/* Tells the deliverer: a letter was posted, or (retry) that it shall not wait for its pauses. */
void app_wake(struct app *a, bool retry);
void app_quit(struct app *a);

#endif
