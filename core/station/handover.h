/*
 * Handing a case or a draft to another operator or window, with a note. It stays where it is until
 * it is taken; then it is the taker's: their list of drafts, their name on what is submitted. Each
 * step has its row in the audit trail; the note, which may name persons, stands in the station's
 * file only.
 */
#ifndef YIMEN_CORE_STATION_HANDOVER_H
#define YIMEN_CORE_STATION_HANDOVER_H

#include "core/base/err.h"
#include "core/base/id.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct store;

struct handover_order {
	const char *number;		     /* of a draft (its id) or any number of a case */
	const char *operator_name, *window;  /* who hands over */
	const char *to_operator, *to_window; /* one of them, or both; else NULL */
	const char *note;		     /* "" none */
};

/*
 * Durable when it returns OK. What was on its way to somebody else goes to the new one instead.
 * ERR_NOT_FOUND: no such case or operator. ERR_BUSY: the draft stands open on a screen. ERR_STATE:
 * the case has ended. ERR_INVALID: nobody is named, or the one who has it already.
 */
enum err handover_give(struct store *s, const struct handover_order *o, struct buf *why);
/*
 * Takes what was handed to this operator or window; a draft or correction opens with draft_open,
 * which takes it too. ERR_STATE: nothing is on its way; ERR_DENIED: to somebody else.
 */
enum err handover_take(struct store *s, const char *number, const char *operator_name,
	const char *window, struct buf *why);
/* The giver keeps it after all. ERR_STATE: nothing is on its way. */
enum err handover_withdraw(
	struct store *s, const char *number, const char *operator_name, struct buf *why);

struct handover {
	char case_id[ID_UUID_SIZE];
	char *task_name, *applyer_name, *local_receipt; /* NULL: not known yet */
	bool draft; /* opens as a form: a draft, or a case under correction */
	char *from_operator, *from_window;
	char *to_operator, *to_window; /* NULL: not said */
	char *note;
	int64_t at_ms;
};
void handover_fini(struct handover *h);

/* What waits to be taken by this operator or at this window, oldest first. operator_name NULL: all
 * that is on its way. Each may use the store. */
void handover_each(struct store *s, const char *operator_name, const char *window,
	void (*each)(void *arg, const struct handover *h), void *arg);
/* Of one case or draft; ERR_NOT_FOUND: it is not on its way. */
enum err handover_find(struct store *s, const char *case_id, struct handover *out);

/* Appends who has it now, and to whom it is on its way: "0317 (03号窗口), 已交 0318, 还没有接". */
void handover_whose(struct store *s, const char *case_id, struct buf *out);
/* Appends whom it goes to: "0318" or "05号窗口". */
void handover_to(const struct handover *h, struct buf *out);

#endif
