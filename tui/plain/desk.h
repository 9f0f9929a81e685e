/*
 * What the parts of the line mode share: the talk, the session, the deliverer; and the parts
 * themselves. Each part talks until it is left, and says where to go on.
 */
#ifndef YIMEN_TUI_PLAIN_DESK_H
#define YIMEN_TUI_PLAIN_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/domain/lifecycle.h"
#include "core/station/draft.h"
#include "core/station/search.h"
#include "tui/plain/menu.h"
#include "tui/plain/talk.h"
#include "tui/session.h"

struct entry;
struct intake;

struct desk {
	struct talk *talk;
	struct session *session;
	const struct app_options *options;
	int wish_fd;	       /* of the deliverer; -1: none */
	int64_t deliverer_due; /* when it is begun again; -1: it runs, or there is none */
	/* what was said last of the line, the letters and the centre's news */
	enum centre_link said_link;
	size_t said_held, said_news;
	unsigned said_unread;	     /* reads of the file that had failed by then */
	char awaiting[ID_UUID_SIZE]; /* the case whose number of the centre is told when it comes */
};

enum way {
	WAY_ON,
	WAY_BACK,
	WAY_HOME, /* to the main menu */
	WAY_END	  /* of the input */
};

int64_t desk_now(const struct desk *d); /* wall ms */
/* A letter was posted; retry: it shall not wait for its pauses. Counts are read anew. */
void desk_wake(struct desk *d, bool retry);
/* Says a failure to put something on disk. */
void desk_saved(struct desk *d, enum err e);

enum way desk_sign_in(struct desk *d);
enum way desk_menu(struct desk *d);

/* words "": they are asked for. */
enum way desk_find(struct desk *d, const char *words);
enum way desk_matter(struct desk *d, const char *task_code);
/* One application, from its first step to its receipt. consult: only asked about. */
enum way desk_begin(struct desk *d, const char *task_code, bool consult);
enum way desk_resume(struct desk *d, const char *draft_id);
/* The steps of an application. */
enum way desk_materials(struct desk *d, struct intake *in);
enum way desk_review(struct desk *d, struct intake *in, char *receipt);
void desk_receipt(struct desk *d, const char *any_number);
/* Says the number that was waited for, once it is there. */
void desk_tell_number(struct desk *d);
/* The sheet for the visitor; in: of one who has only asked, what is here and what is not; or NULL.
 */
enum way desk_notice(struct desk *d, const char *task_code, const struct intake *in);

enum way desk_drafts(struct desk *d);
/* One of them: go on with it, hear it, or drop it. */
enum way desk_draft(struct desk *d, const char *id);
enum way desk_outbox(struct desk *d);
enum way desk_letter(struct desk *d, const char *id);
enum way desk_cases(struct desk *d);
enum way desk_case(struct desk *d, const char *any_number);
/* Opens a submitted case for correction. */
enum way desk_correct(struct desk *d, const char *any_number);
/* The acts that are possible now; one of them. WAY_ON: it was done. */
enum way desk_acts(struct desk *d, const char *case_id);
enum way desk_act(struct desk *d, const char *any_number, enum case_act act);
/* The papers of a case, by any of its numbers. */
enum way desk_slips(struct desk *d, const char *number);
/* To another operator or window. */
enum way desk_hand(struct desk *d, const char *id);
enum way desk_today(struct desk *d);
enum way desk_pickup(struct desk *d);
enum way desk_queue(struct desk *d);
enum way desk_browse(struct desk *d);
/* What is of one theme, body, place …; label: how it is called. */
enum way desk_find_within(
	struct desk *d, enum search_facet facet, const char *value, const char *label);
enum way desk_changes(struct desk *d);
enum way desk_ledger(struct desk *d);
enum way desk_ledger_entry(struct desk *d, const char *id);
/* WAY_BACK: the shift has ended. */
enum way desk_shift(struct desk *d);
/* The visitor is asked for his evaluation of this case. */
void desk_evaluate(struct desk *d, const char *any_number);
void desk_call_next(struct desk *d);
enum way desk_day(struct desk *d);

#endif
