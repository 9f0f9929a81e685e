/*
 * What the first screen lists: what wants this clerk, what is new, what is half done, what waits to
 * be sent. Read anew as a whole; in order of the groups, within one as it is to be shown.
 */
#ifndef YIMEN_TUI_TODAY_ROWS_H
#define YIMEN_TUI_TODAY_ROWS_H

#include <stddef.h>

#include "core/base/id.h"
#include "core/domain/lifecycle.h"

struct session;

enum today_group {
	TODAY_ACT,  /* refused or held letters, cases that want correcting */
	TODAY_NEWS, /* results, other changes, notices */
	TODAY_DRAFTS,
	TODAY_WAITING,
	TODAY__MAX
};

enum today_row_kind {
	TODAY_ROW_LETTER,
	TODAY_ROW_CASE,
	TODAY_ROW_DRAFT,
	TODAY_ROW_ACT, /* begun on a case, and not done */
	TODAY_ROW_NOTICES,
	TODAY_ROW_LEDGER,
	TODAY_ROW_HANDED, /* to this operator or window */
	TODAY_ROW_PICKUP  /* results that wait to be fetched */
};

struct today_row {
	enum today_group group;
	enum today_row_kind kind;
	char id[ID_UUID_SIZE];
	enum case_act act; /* TODAY_ROW_ACT */
	char *when, *what, *who;
	char *note; /* of a letter NULL until today_rows_tell */
	char *due;  /* after the note, never cut; NULL: none */
};

/* Empty when all is 0. */
struct today_rows {
	struct today_row *rows;
	size_t count, in_group[TODAY__MAX];
};

/* For the operator and the window that are signed in. Strings that were borrowed are gone. */
void today_rows_read(struct today_rows *t, const struct session *session);
/* Reads the note of a row that is to be shown: of very many letters most are not. */
void today_rows_tell(struct today_rows *t, size_t i, const struct session *session);
void today_rows_fini(struct today_rows *t);

#endif
