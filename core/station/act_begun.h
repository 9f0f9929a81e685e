/*
 * An act that was begun on a case and is not done yet: what has been typed into its form, on disk
 * answer by answer like a draft, so that a program that is killed loses nothing of it. It ends with
 * the act itself (acts.h), when it is begun anew, and when the case moves on so that the act is no
 * longer possible. Only what differs from what the form proposes by itself is kept: a moment or a
 * last day that nobody touched is proposed anew.
 */
#ifndef YIMEN_CORE_STATION_ACT_BEGUN_H
#define YIMEN_CORE_STATION_ACT_BEGUN_H

#include "core/base/err.h"
#include "core/domain/lifecycle.h"

#include <stddef.h>
#include <stdint.h>

struct store;

struct act_begun {
	const char *case_id, *task_name, *applyer_name; /* of the case; "" if not known */
	enum case_act act;
	const char *operator_name, *window; /* who typed last, and where */
	int64_t begun_ms, touched_ms;
	const char *place; /* the field with the cursor, "" if none */
};

struct act_answer {
	const char *place; /* as in forms/entry.h */
	const char *value; /* "": what was proposed was taken out; NULL: as proposed again */
};
/* Why a warning was accepted there. */
struct act_reason {
	const char *place;
	const char *reason; /* NULL: it is taken back */
	const char *told;   /* for what it was given, as in forms/entry.h */
};
/* What has changed since it was last saved. */
struct act_typed {
	const struct act_answer *answers;
	size_t answer_count;
	const struct act_reason *reasons;
	size_t reason_count;
};
/*
 * All of it in one commit; durable when it returns OK. The first time begins the act, which is
 * logged in the audit trail. Of `by` the members case_id, act, operator_name, window and place are
 * used. ERR_STATE: the case is not there, or moved on, and the act is not possible any more.
 * Nothing typed changes nothing.
 */
enum err act_begun_save(struct store *s, const struct act_begun *by, const struct act_typed *typed);
/* Where the clerk is; does nothing when nothing was begun. */
enum err act_begun_move(struct store *s, const char *case_id, enum case_act act, const char *place);

/* Those begun, last touched first. operator_name NULL: of everybody; case_id NULL: on all cases.
 * Each may use the store. */
void act_begun_each(struct store *s, const char *operator_name, const char *case_id,
	void (*each)(void *arg, const struct act_begun *b), void *arg);
/* In the order of their places. Each must not use the store. */
void act_begun_each_answer(struct store *s, const char *case_id, enum case_act act,
	void (*each)(void *arg, const char *place, const char *value), void *arg);

void act_begun_each_reason(struct store *s, const char *case_id, enum case_act act,
	void (*each)(void *arg, const struct act_reason *r), void *arg);

/* Begun anew: the answers go, which is logged in the audit trail. ERR_NOT_FOUND: nothing was begun.
 */
enum err act_begun_drop(
	struct store *s, const char *case_id, enum case_act act, const char *operator_name);

/* Part of the caller's transaction: the case was handed over, and with it what was typed. */
enum err act_begun_take(
	struct store *s, const char *case_id, const char *operator_name, const char *window);

#endif
