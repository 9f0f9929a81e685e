/*
 * The life of a case (办件) as one table, the same in the workstation and the centre: which act is
 * possible in which state, who may do it, and what the state is then. Sources: 行政许可法 arts 32,
 * 42, 44, 45; the lifecycle of a comprehensive service window.
 */
#ifndef YIMEN_CORE_DOMAIN_LIFECYCLE_H
#define YIMEN_CORE_DOMAIN_LIFECYCLE_H

#include <stdbool.h>

enum case_state {
	CASE_DRAFT,    /* 草稿: only at the station */
	CASE_RECEIVED, /* 收件: taken, not yet found complete; day 5 makes it accepted (art 32) */
	CASE_CORRECTING, /* 待补正: told once what is missing */
	CASE_ACCEPTED,	 /* 受理: the clock runs */
	CASE_SUSPENDED,	 /* 挂起: hearing, inspection, expert review; the clock stands still */
	CASE_DECIDED,	 /* 办结: the result is there */
	CASE_DELIVERED,	 /* 送达 */
	CASE_ARCHIVED,	 /* 归档 */
	CASE_REFUSED,	 /* 不予受理 */
	CASE_RETURNED,	 /* 退件: not supplemented in time, or withdrawn by the body */
	CASE_WITHDRAWN,	 /* 撤回 by the applicant */
	CASE_VOID,	 /* 作废 */
	CASE_STATE__MAX
};

/* In the order of the procedure, in which lists of what can be done have them. */
enum case_act {
	ACT_SUBMIT,
	ACT_REVISE, /* a new version of what was submitted */
	ACT_ACCEPT, /* also with named materials deferred (容缺) or promised (告知承诺) */
	ACT_REQUEST_CORRECTION, /* all defects at once */
	ACT_REFUSE,
	ACT_SUPPLEMENT,
	ACT_SUPPLY, /* a deferred material (容缺) comes: the case stays where it is */
	ACT_SUSPEND,
	ACT_RESUME,
	ACT_EXTEND, /* art 42: with approval ten working days more, once */
	ACT_DECIDE,
	ACT_DELIVER,
	ACT_ARCHIVE,
	ACT_RETURN, /* the time for the supplement, or for a deferred material, has passed */
	ACT_WITHDRAW,
	ACT_VOID, /* needs a second person and a reason */
	CASE_ACT__MAX
};

enum case_actor {
	ACTOR_WINDOW,
	ACTOR_SECOND, /* another person than the one who took the case */
	ACTOR_OFFICE, /* the back office, through the centre */
	CASE_ACTOR__MAX
};

/* false: not possible; *why (may be NULL) is then a sentence in the language in force, borrowed. */
bool lifecycle_next(enum case_state from, enum case_act act, enum case_actor actor,
	enum case_state *to, const char **why);

/* Some act of somebody leads from one state to the other. */
bool lifecycle_leads(enum case_state from, enum case_state to);
/* What the office does next when nothing is the matter (收件, 受理, 办结, 送达, 归档). false:
 * nothing. */
bool lifecycle_ordinary(enum case_state from, enum case_state *to);

/* Stable names: "received", "request-correction". */
const char *case_state_name(enum case_state s);
const char *case_act_name(enum case_act a);
bool case_state_parse(const char *name, enum case_state *out);
bool case_act_parse(const char *name, enum case_act *out);
/* The act that a letter of this kind asks for ("correction", "reject", "void"); false: none. */
bool case_act_of_letter(const char *kind, enum case_act *out);
/* The other way; NULL: no letter asks for it. */
const char *case_act_letter(enum case_act a);
/* 收件, 待补正 … in the language in force. */
const char *case_state_label(enum case_state s);
const char *case_act_label(enum case_act a);
/* The same in a history: Accepted, not Accept. */
const char *case_act_told(enum case_act a);
/* By the name as it travels; the name itself when it is none of ours. */
const char *case_state_label_of(const char *name);
/* No act leads out of it any more. */
bool case_state_ended(enum case_state s);

#endif
