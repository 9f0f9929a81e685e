/*
 * Talking in lines: one question, one answer. No cursor, no colour, nothing is drawn again. Lines
 * out are wrapped at 79 columns and never padded; lines in may be of any length and any bytes.
 * Everything inside is UTF-8, the other charset of the field exists only here.
 *
 * At each question a few signs have their own meaning, each also full width and as Chinese input
 * methods write it; a line that begins with a blank is never a sign:
 *	?	what can be answered here
 *	=	the question once more
 *	-	back
 *	*	list what there is
 *	+	take what is offered
 *	/	what else can be done here
 *	:words	the same, the act that these words mean
 */
#ifndef YIMEN_TUI_PLAIN_TALK_H
#define YIMEN_TUI_PLAIN_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

struct buf;
struct pager;
struct talk;

struct talk_options {
	int in_fd, out_fd;
	/* Lines of another program that come meanwhile; fd -1: none. The line is cut up; NULL: that
	 * was its end. */
	int event_fd;
	void (*event)(void *arg, char *line);
	/* About once a second while nothing is typed. */
	void (*idle)(void *arg);
	/* Before each question: what is new is said there. May be NULL. */
	void (*news)(void *arg);
	void *arg;
};

/* ERR_DENIED with a sentence in why: a charset without Chinese. Takes SIGINT, SIGTERM and SIGHUP:
 * they end the talk as the end of the input does. */
enum err talk_open(struct talk **out, const struct talk_options *o, struct buf *why);
void talk_close(struct talk *t); /* NULL does nothing */
void talk_listen(struct talk *t, int event_fd);
/* The input has ended: nothing more is asked. */
bool talk_over(const struct talk *t);

/* One sentence, on a line of its own (more when it is long). */
void talk_say(struct talk *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "label: text"; nothing when there is no text. */
void talk_pair(struct talk *t, const char *label, const char *text);
/* A sentence for a failed call, with the word for it. */
void talk_fail(struct talk *t, const char *what, enum err e, const struct buf *why);
/* What fill adds, a line each, a label before its text, some lines at a time; `from` and `to`: only
 * the lines of these sections (0 and a large number: all). false: the rest is not wanted. */
bool talk_text(struct talk *t, void (*fill)(void *arg, struct pager *p), void *arg, size_t from,
	size_t to);

enum reply {
	REPLY_TEXT,
	REPLY_NONE, /* an empty line */
	REPLY_BACK,
	REPLY_LIST,
	REPLY_TAKE,
	REPLY_AGAIN, /* see question.again */
	REPLY_LATE,  /* question.seconds have passed */
	REPLY_MENU,  /* the answer is the words after the colon, "" none */
	REPLY_END    /* of the input */
};

struct question {
	const char *ask;  /* without a colon */
	const char *help; /* sentences, a line each; NULL: none but the signs */
	bool secret;	  /* not echoed, never a sign */
	bool turned;	  /* to the visitor: no news of the work is told before it */
	int seconds;	  /* to answer; 0: as long as it takes */
	bool again;	  /* more belongs to the question than its line: = is REPLY_AGAIN */
};
/* answer: replaced; without control characters, blanks at both ends taken off. */
enum reply talk_ask(struct talk *t, const struct question *q, struct buf *answer);

/* On a terminal: what was typed before it was asked for is thrown away. */
void talk_discard(struct talk *t);

/* What is new is said now: before a list that a question follows. */
void talk_news(struct talk *t);

/* A whole number from 0, full width as well; -1: it is none, or over max. */
long talk_number(const char *text, long max);

#endif
