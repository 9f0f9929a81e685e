/*
 * The life of a visitor's ticket (号) as one table: which act is possible in which state and what
 * the ticket is then. Acts are those of the halls' systems: 叫号, 过号, 转发, 继续; a ticket ends
 * as 受理, 领证, 核验办结, 咨询 or 其他.
 */
#ifndef YIMEN_CORE_DOMAIN_TICKET_H
#define YIMEN_CORE_DOMAIN_TICKET_H

#include <stdbool.h>

enum ticket_state {
	TICKET_WAITING, /* 等候 */
	TICKET_CALLED,	/* 已叫: at a window, the visitor has not come yet */
	TICKET_SERVING, /* 办理中 */
	TICKET_SKIPPED, /* 过号: called, nobody came */
	TICKET_PAUSED,	/* 暂离: was at the window and comes back (to copy, to fetch something) */
	TICKET_DONE,	/* 办完 */
	TICKET_LEFT,	/* 取消: the visitor has gone */
	TICKET_STATE__MAX
};

enum ticket_act {
	TICKET_CALL,	 /* 叫号; also one that was skipped or has paused */
	TICKET_RECALL,	 /* 重呼 */
	TICKET_START,	 /* 开始: the visitor is at the window */
	TICKET_SKIP,	 /* 过号 */
	TICKET_PAUSE,	 /* 暂离 */
	TICKET_RESUME,	 /* 继续: is back, without being called */
	TICKET_TRANSFER, /* 转发: to another group or window, keeping the place in the queue */
	TICKET_FINISH,	 /* 办完, with an outcome */
	TICKET_CANCEL,	 /* 取消 */
	TICKET_ACT__MAX
};

enum ticket_outcome {
	TICKET_ACCEPTED,  /* 受理 */
	TICKET_COLLECTED, /* 领证 */
	TICKET_CHECKED,	  /* 核验办结 */
	TICKET_CONSULTED, /* 咨询 */
	TICKET_OTHER,	  /* 其他 */
	TICKET_OUTCOME__MAX
};

/* false: not possible; *why (may be NULL) is then a sentence in the language in force, borrowed. */
bool ticket_next(
	enum ticket_state from, enum ticket_act act, enum ticket_state *to, const char **why);
/* At a window now: called or being served. */
bool ticket_is_current(enum ticket_state s);
/* No act leads out of it. */
bool ticket_ended(enum ticket_state s);

/* Stable names: "waiting", "call", "accepted"; and how people call them, in the language in force.
 */
const char *ticket_state_name(enum ticket_state s);
const char *ticket_act_name(enum ticket_act a);
const char *ticket_outcome_name(enum ticket_outcome o);
const char *ticket_state_label(enum ticket_state s);
const char *ticket_act_label(enum ticket_act a);
const char *ticket_outcome_label(enum ticket_outcome o);
bool ticket_state_parse(const char *name, enum ticket_state *out);
/* By name or by the Chinese label, as they are typed in a command. */
bool ticket_act_parse(const char *name, enum ticket_act *out);
bool ticket_outcome_parse(const char *name, enum ticket_outcome *out);

#endif
