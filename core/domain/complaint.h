/*
 * 好差评: the five levels of an evaluation, and the life of an entry in the ledger of bad ones
 * (差评台账) as one table. The levels are the national code of satisfaction: 1 非常满意, 2 满意, 3
 * 基本满意, 4 不满意, 5 非常不满意; the last two are 差评 (some interfaces count the other way
 * round: they are to be translated at the border). Sources: 国办发〔2019〕51号; GB/T 39735.
 */
#ifndef YIMEN_CORE_DOMAIN_COMPLAINT_H
#define YIMEN_CORE_DOMAIN_COMPLAINT_H

#include <stdbool.h>
#include <stdint.h>

struct calendar;

enum {
	MARK_BEST = 1,
	MARK_WORST = 5,
	MARK_BAD = 4 /* from here on it goes into the ledger */
};
bool mark_valid(int mark);
bool mark_is_bad(int mark);
const char *mark_label(int mark); /* 非常满意 …, in the language in force */

/* What a visitor was not satisfied with; he may leave it open. */
enum complaint_cause {
	CAUSE_NONE,
	CAUSE_ATTITUDE, /* 服务态度 */
	CAUSE_SPEED,	/* 办事效率 */
	CAUSE_NOTICE,	/* 没有一次说清 */
	CAUSE_MATERIAL, /* 多要材料 */
	CAUSE_TRIPS,	/* 多跑了路 */
	CAUSE_OTHER,
	COMPLAINT_CAUSE__MAX
};
const char *complaint_cause_name(enum complaint_cause c); /* "attitude" …; "" for none */
const char *complaint_cause_label(enum complaint_cause c);
bool complaint_cause_parse(const char *name, enum complaint_cause *out);

enum complaint_state {
	COMPLAINT_OPEN,	     /* 待核实 */
	COMPLAINT_VERIFIED,  /* 属实, 待整改 */
	COMPLAINT_EXTENDED,  /* 整改延期 */
	COMPLAINT_MENDED,    /* 已整改 */
	COMPLAINT_DISMISSED, /* 查不属实 */
	COMPLAINT_STATE__MAX
};

enum complaint_act {
	COMPLAINT_VERIFY,  /* 核实, 属实 */
	COMPLAINT_DISMISS, /* 核实, 不属实 */
	COMPLAINT_EXTEND,  /* 延期整改, once */
	COMPLAINT_MEND,	   /* 整改完成 */
	COMPLAINT_ACT__MAX
};

/* false: not possible; *why (may be NULL) is then a sentence in the language in force, borrowed. */
bool complaint_next(enum complaint_state from, enum complaint_act act, enum complaint_state *to,
	const char **why);
bool complaint_ended(enum complaint_state s);

/* How many working days each step has: verify and mend from the day of the evaluation, extend from
 * the day that mend would have ended. Settings, no law: halls differ. */
struct complaint_days {
	int verify, mend, extend;
};
/* The last day of the step that is now to be done; -1 when it has ended. */
int32_t complaint_due(const struct calendar *c, int32_t evaluated_day, enum complaint_state s,
	const struct complaint_days *days);

const char *complaint_state_name(enum complaint_state s);
const char *complaint_act_name(enum complaint_act a);
const char *complaint_state_label(enum complaint_state s);
const char *complaint_act_label(enum complaint_act a);
bool complaint_state_parse(const char *name, enum complaint_state *out);
bool complaint_act_parse(const char *name, enum complaint_act *out);

#endif
