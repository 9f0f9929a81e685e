/*
 * Shared by the two sides of a talk: talk.c says and asks, talk_line.c reads a line. Nobody else
 * includes this.
 */
#ifndef YIMEN_TUI_PLAIN_TALK_PRIVATE_H
#define YIMEN_TUI_PLAIN_TALK_PRIVATE_H

#include <signal.h>

#include "core/base/buf.h"
#include "tui/charset.h"
#include "tui/plain/talk.h"

struct talk {
	struct talk_options options;
	char charset[CHARSET_SIZE];
	bool echoes; /* what is typed is shown by the terminal */
	bool over;
	int signal_fd;
	sigset_t signals_before;
	struct buf in;	  /* bytes that were read and not yet taken */
	struct buf event; /* the same of the other program */
};

/* Takes the signals that end a talk. */
void talk_line_begin(struct talk *t);
void talk_line_end(struct talk *t);

enum {
	TALK_LINE_MAX = 16 * 1024, /* bytes; what is longer is no answer */
	TALK_TYPED_MAX = 4094	   /* likewise on a terminal: it cuts a line at 4 095, unasked */
};
enum line {
	LINE_CAME,
	LINE_TOO_LONG, /* nothing of it is in out */
	LINE_LATE,     /* seconds have passed; 0: never */
	LINE_NONE      /* any more */
};
/* The next line without its end, in UTF-8 as it came. */
size_t talk_line_max(const struct talk *t); /* bytes */
enum line talk_line(struct talk *t, bool secret, int seconds, struct buf *out);

#endif
