/*
 * One key as the program understands it, whatever the terminal sent: control keys, function keys
 * and composed text are decoded by tui/decode.c, so that nothing above knows an escape sequence.
 */
#ifndef YIMEN_TUI_KEY_H
#define YIMEN_TUI_KEY_H

#include <stdbool.h>
#include <stdint.h>

enum key_code {
	K_NONE,
	K_CHAR,	 /* ch: a character, plain: its half-width twin */
	K_PASTE, /* text: a bracketed paste, one event */
	K_CTRL,	 /* ch: 'a' to 'z', '\\', ']', '^', '_' */
	K_ALT,	 /* ch: the digit after Esc */
	K_ENTER,
	K_TAB,
	K_BACKTAB,
	K_ESC,
	K_BACKSPACE,
	K_DELETE,
	K_INSERT,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_F,	  /* ch: 1 to 12 */
	K_REPORT, /* the terminal answered where its cursor is: row in ch, column in plain */
	K__MAX
};

enum {
	KEY_BURST = 6, /* with so many beside it, where nothing is to be typed, it is a reader's */
	KEY_SCANNED = 3, /* so many just before an Enter: no hand was so quick */
	KEY_GAP_MS = 30	 /* what follows quicker is not from a hand */
};

struct key {
	enum key_code code;
	uint32_t ch;
	uint32_t plain;
	const char *text; /* K_PASTE: UTF-8 without line ends; borrowed until the next key */
	int64_t at_ms;	  /* monotonic, when its bytes were read */
	int run;   /* characters before it that followed each other within 30 ms: a scanner */
	int burst; /* the same, but Enter and Tab among them count too: a reader's may end in one */
	int ahead; /* characters that came with it and stand right behind it */
};

/* The Enter or Tab at the end of what a reader sent: it ends its field, and decides nothing. */
static inline bool key_ends_scan(const struct key *k)
{
	return (k->code == K_ENTER || k->code == K_TAB) && k->burst >= KEY_SCANNED;
}

#endif
