/*
 * Inside of the screen on which a matter is found: what it holds, what is asked of the search
 * (find_query.c), and how it is drawn (find_draw.c); keys and commands are in find.c.
 */
#ifndef YIMEN_TUI_SCREENS_FIND_PRIVATE_H
#define YIMEN_TUI_SCREENS_FIND_PRIVATE_H

#include "core/station/search.h"
#include "tui/screen.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"

struct matter;

enum {
	HITS_MAX = 50,
	DEPTS_MAX = 12
};

/* A hit of the search, kept: its own are borrowed until the next query. */
struct hit {
	char *code, *name, *dept, *region, *via;
	int places;
	struct search_mark marks[SEARCH_MARKS];
	int mark_count;
};

/* One kind of matter after the other, by one key. */
enum kind {
	KIND_ALL,
	KIND_PERSON,
	KIND_BODY,
	KIND_INSTANT,
	KIND_ONLINE,
	KIND__MAX
};

struct find {
	struct screen base;
	struct line words;
	struct list list;
	struct hit hits[HITS_MAX];
	bool more, guess;      /* as in struct search_result, and search_is_guess */
	bool unread;	       /* some of it could not be read: asked again (find_reread) */
	bool fuzzy;	       /* it was asked so last */
	bool in_list;	       /* the focus: the list, else the words */
	int64_t fuzzy_due;     /* -1: done */
	int64_t preview_due;   /* -1: done */
	struct matter *matter; /* of the preview; NULL: none yet */
	char *depts[DEPTS_MAX];
	size_t dept_count, dept; /* 0: all; else depts[dept - 1] */
	enum kind kind;
	char *place_of; /* only the places of this name; NULL: all matters */
	char *theme, *in_dept, *in_region, *type, *level; /* what browsing chose; NULL: nothing */
	char *label;					  /* in words */
};

/* ---- find_query.c ---- */

/* Asks for what is typed and chosen, exactly, or, fuzzy, for what was perhaps meant; the frame
 * after asks so by itself when there is little. The preview waits until the hands rest. */
void find_query(struct find *f, bool fuzzy);
/* The same once more when something of it could not be read; the selection stays. */
void find_reread(struct find *f);
/* Another hit is selected: the preview waits until the hands rest. */
void find_rest(struct find *f);
/* Does what has come due; when to be asked again, -1: not. */
int64_t find_tick(struct screen *s, int64_t mono_ms);
void find_drop_hits(struct find *f);

/* ---- find_draw.c ---- */

void find_draw(struct screen *s, struct canvas *c);

#endif
