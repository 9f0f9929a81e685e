/*
 * The terminal: ncursesw's only home. It opens the screen after checks that say in one sentence
 * what is missing, paints a canvas with as few bytes as the terminal needs, and hands out decoded
 * keys. Everything inside is UTF-8; the terminal's charset (UTF-8, GB18030, GBK) exists only here.
 *
 * Nothing here waits: reading takes what is there; when the terminal is paused (XOFF) painting is
 * put off, never queued.
 */
#ifndef YIMEN_TUI_TERMINAL_H
#define YIMEN_TUI_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "tui/key.h"

struct buf;
struct canvas;
struct clock;
struct terminal;

enum theme {
	THEME_DEFAULT,
	THEME_CONTRAST,	   /* bold, white and yellow only */
	THEME_COLOURBLIND, /* errors in magenta reversed, nothing told apart by red and green */
	THEME_MONO,	   /* also with NO_COLOR, or fewer than 8 colours */
	THEME__MAX
};

/* What is done besides words when something is wrong. */
enum alert {
	ALERT_OFF,
	ALERT_BELL,
	ALERT_FLASH /* a tenth of a second; rings where the terminal cannot */
};

struct terminal_options {
	const struct clock *clock;
	enum theme theme;
	bool slow; /* as if the line were slow from the start */
	enum alert alert;
};

/* Whether terminal_open will find one: OK, or ERR_DENIED with its sentence. Nothing is drawn. */
enum err terminal_usable(struct buf *why);

/*
 * Takes standard input and output. ERR_DENIED with a sentence in why: no terminal, TERM unknown or
 * without cursor addressing, a charset without Chinese, a Linux console that has no Chinese glyphs.
 */
enum err terminal_open(
	struct terminal **out, const struct terminal_options *options, struct buf *why);
void terminal_close(struct terminal *t); /* restores the terminal; NULL does nothing */

int terminal_fd(const struct terminal *t); /* to poll for reading */
int terminal_rows(const struct terminal *t);
int terminal_cols(const struct terminal *t);
/* After SIGWINCH: asks for the new size. true: it changed. */
bool terminal_resize(struct terminal *t);

/* Reads what is there. false: the terminal is gone. */
bool terminal_read(struct terminal *t);
/* The next key, in order. */
bool terminal_key(struct terminal *t, struct key *out);
/* When an unfinished escape sequence must be decided (monotonic ms); -1: none. */
int64_t terminal_due(const struct terminal *t);

/* Brings the canvas to the screen. false: the terminal is paused, has not yet got what was
 * painted before, or did not get this; paint later. */
bool terminal_paint(struct terminal *t, const struct canvas *c);
/* Forgets what is on the screen: the next paint draws all. */
void terminal_forget(struct terminal *t);
void terminal_alert(struct terminal *t);
/* Puts text (UTF-8) into the terminal's clipboard by OSC 52. false: too long for one, or gone. */
bool terminal_copy(struct terminal *t, const char *text);
/* Prints text on the printer of the terminal (ESC [5i … ESC [4i, or as terminfo has it), in the
 * terminal's charset. false: the terminal took no more. */
bool terminal_print(struct terminal *t, const char *text);
/* Gives the terminal back for a while (a child program, Ctrl-Z) and takes it again. */
void terminal_suspend(struct terminal *t);
void terminal_resume(struct terminal *t);

/* How long the terminal took to answer, at best; the answers come as keys (K_REPORT) that
 * terminal_key keeps for itself. -1: not known. */
int terminal_round_trip_ms(const struct terminal *t);
/* A slow line: asked for, or found to be one (pace.h). There a paint waits for the one before. */
bool terminal_slow(const struct terminal *t);
void terminal_set_slow(struct terminal *t, bool slow);

const char *terminal_charset(const struct terminal *t);
/* The theme in force: THEME_MONO where there are no colours. */
enum theme terminal_theme(const struct terminal *t);
/* Takes another one for all that is drawn from now on; false: there are no colours, or NO_COLOR
 * forbids them, and THEME_MONO stays. */
bool terminal_set_theme(struct terminal *t, enum theme theme);
int terminal_colours(const struct terminal *t); /* 0: monochrome */

#endif
