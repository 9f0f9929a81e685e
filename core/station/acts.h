/*
 * What the window does with a case after it was submitted: accept, ask for corrections, refuse,
 * suspend, hand over … (core/domain/lifecycle.h says what is possible when). One transaction moves
 * the case, writes its history, sets its clock and posts the letter that tells the centre; offline
 * and online are the same. Sources: 行政许可法 arts 32, 42, 44, 45.
 *
 * What an act says (reasons, defects, dates, who took the result) is a JSON object, its facts: the
 * answers to the form of the act (forms/acts), under the names that slips use.
 */
#ifndef YIMEN_CORE_STATION_ACTS_H
#define YIMEN_CORE_STATION_ACTS_H

#include "core/base/err.h"
#include "core/domain/lifecycle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

struct act_order {
	const char *case_number; /* any of its numbers */
	enum case_act act;
	const char *station, *operator_name, *window;
	const char *second;   /* ACT_VOID: the operator who confirms it, another one; else NULL */
	const char *facts;    /* JSON object; NULL: {} */
	const char *accepted; /* warnings of its form that were accepted (accepted.h); NULL: none */
};

/*
 * Durable when it returns OK. ERR_STATE: not possible now, ERR_INVALID: the facts are no object, a
 * reason is lacking or the second person is the first; why says which. ERR_NOT_FOUND: no such case.
 */
enum err act_do(struct store *s, const struct act_order *o, struct buf *why);

/* The acts of a window that are possible in this state, in the order of the table; at most
 * CASE_ACT__MAX. Submitting and correcting the application itself are not among them. */
size_t acts_open(const char *state, enum case_act *out);
/* The same for one case: without those that act_obstacle speaks of. */
size_t acts_open_for(struct store *s, const char *case_id, const char *state, enum case_act *out);
/*
 * What beside the state stands in the way of an act, a sentence in the language in force: nothing
 * is owed that could be supplied; what was accepted is only returned when something owed is
 * overdue. NULL: nothing.
 */
const char *act_obstacle(
	struct store *s, const char *case_id, const char *state, enum case_act act);

/* Appends the facts of the last act of this kind that counts, of this window or of the back office;
 * *at_ms (may be NULL): when it was done. ERR_NOT_FOUND: there was none. */
enum err act_facts(
	struct store *s, const char *case_id, enum case_act act, struct buf *out, int64_t *at_ms);

/*
 * An act that the centre refused (its letter is held, or waits and may be counted as refused:
 * outbox_count_as_refused) is taken back: the letter is done with, and
 * the case is again in the state it had before, unless the centre, or a correction that waits, has
 * moved it since. Steps that
 * were built on it and wait behind it are taken back with it; not those behind a correction that
 * waits, too. A refused
 * letter that is carried for another station is carried no more, with what waits behind it.
 * ERR_STATE: it is no such letter.
 */
enum err act_take_back(
	struct store *s, const char *letter_id, const char *operator_name, struct buf *why);

/* ---- clocks ---- */

enum due_kind {
	DUE_ACCEPT,	/* 收件: after five working days without a word it counts as accepted */
	DUE_SUPPLEMENT, /* 待补正: the last day for the supplement */
	DUE_DECIDE,	/* 受理: promised, never later than the law's */
	DUE_OWED,	/* 容缺: a material still owed */
	DUE_DELIVER,	/* 办结: ten days to hand it over (art 44) */
	DUE__MAX
};

struct due {
	const char *case_id, *task_name, *applyer_name;
	enum due_kind kind;
	const char *material; /* DUE_OWED: its name; else "" */
	int32_t day;	      /* the last day, since 1970 */
};
const char *due_label(enum due_kind k); /* 满 5 日视为受理 …, in the language in force */
/* The last day of the state a case is in; false: no clock runs. */
bool due_of_case(struct store *s, const char *case_id, int32_t *day);
/* All that fall due on or before `until`, the earliest first; each may use the store. */
void dues_each(
	struct store *s, int32_t until, void (*each)(void *arg, const struct due *d), void *arg);

#endif
