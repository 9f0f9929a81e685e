/*
 * Numbered lists: a number picks, 0 goes back, an empty line goes on to the next page. Words after
 * a colon pick too: a name, its pinyin or its initials.
 */
#ifndef YIMEN_TUI_PLAIN_MENU_H
#define YIMEN_TUI_PLAIN_MENU_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/keys.h"
#include "tui/plain/talk.h"

struct menu_item {
	char *text;	      /* NULL: the name of the command */
	enum command command; /* CMD_NONE: what the caller knows by its place */
};

/* A zeroed one is empty. Items are numbered from 1. */
struct menu {
	const char *title; /* a line before the items; NULL: none */
	const char *ask;   /* NULL: the usual question */
	const char *words; /* typed text that is no number means this ("查事项"); NULL: nothing */
	const char *back;  /* what 0 does, in words; NULL: 返回 */
	const char *enter; /* an empty line is the first item; in words; NULL: it is not */
	struct menu_item *items;
	size_t count;
	size_t page; /* items at a time; 0: 9 */
};
void menu_add(struct menu *m, const char *text);
void menu_command(struct menu *m, enum command c);
void menu_fini(struct menu *m);

enum {
	MENU_BACK = 0,
	MENU_END = -1,	/* of the input */
	MENU_WORDS = -2 /* words were typed */
};
/* The number of the item, or one of the above. words: what was typed; NULL: not wanted. */
long menu_ask(struct talk *t, struct menu *m, struct buf *words);
/* Picks by words (of REPLY_MENU) where there are some, else asks. CMD_NONE: none, or the end. */
enum command menu_pick(struct talk *t, struct menu *m, const char *words);

/* 1 is yes, everything else is no. */
bool menu_yes(struct talk *t, const char *question);
/* A line of text; false: nothing was typed, or back. */
bool menu_line(struct talk *t, const char *ask, const char *help, struct buf *answer);

#endif
