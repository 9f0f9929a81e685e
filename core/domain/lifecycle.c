#include "core/domain/lifecycle.h"

#include <stddef.h>
#include <string.h>

#include "core/base/msg.h"

struct naming {
	const char *name, *label;
};

struct act_naming {
	const char *name, *label;
	const char *when;   /* it is possible, for somebody who tries it at another time */
	const char *letter; /* kind of the letter that asks for it; NULL: none does */
};

static const struct naming states[CASE_STATE__MAX] = {
	[CASE_DRAFT] = {"draft", N_("草稿")},
	[CASE_RECEIVED] = {"received", N_("收件")},
	[CASE_CORRECTING] = {"correcting", N_("待补正")},
	[CASE_ACCEPTED] = {"accepted", N_("受理")},
	[CASE_SUSPENDED] = {"suspended", N_("挂起")},
	[CASE_DECIDED] = {"completed", N_("办结")},
	[CASE_DELIVERED] = {"delivered", N_("送达")},
	[CASE_ARCHIVED] = {"archived", N_("归档")},
	[CASE_REFUSED] = {"rejected", N_("不予受理")},
	[CASE_RETURNED] = {"returned", N_("退件")},
	[CASE_WITHDRAWN] = {"withdrawn", N_("撤回")},
	[CASE_VOID] = {"voided", N_("作废")},
};

static const struct act_naming acts[CASE_ACT__MAX] = {
	[ACT_SUBMIT] = {"submit", N_("提交"), N_("草稿才能提交"), NULL},
	[ACT_REVISE] = {"revise", N_("更正"), N_("收件以后、受理以前才能更正"), NULL},
	[ACT_REQUEST_CORRECTION] = {"request-correction", N_("一次性告知补正"),
		N_("受理以前才能告知补正"), "correction"},
	[ACT_SUPPLEMENT] = {"supplement", N_("收下补正"), N_("告知补正以后才有补正可收"),
		"supplement"},
	[ACT_SUPPLY] = {"supply", N_("补交容缺材料"), N_("受理以后、送达以前才能补交"), "supply"},
	[ACT_ACCEPT] = {"accept", N_("受理"), N_("收件以后才能受理; 待补正的先收下补正"), "accept"},
	[ACT_REFUSE] = {"refuse", N_("不予受理"), N_("受理以前才能不予受理"), "reject"},
	[ACT_SUSPEND] = {"suspend", N_("挂起"), N_("受理以后、办结以前才能挂起"), "suspend"},
	[ACT_RESUME] = {"resume", N_("恢复"), N_("挂起的才能恢复"), "resume"},
	[ACT_EXTEND] = {"extend", N_("延长期限"), N_("受理以后、办结以前才能延长"), NULL},
	[ACT_DECIDE] = {"decide", N_("办结"), N_("受理以后才能办结"), NULL},
	[ACT_DELIVER] = {"deliver", N_("送达"), N_("中心办结以后才能送达"), "deliver"},
	[ACT_ARCHIVE] = {"archive", N_("归档"), N_("送达以后才能归档"), "archive"},
	[ACT_RETURN] = {"return", N_("退件"), N_("待补正时, 或受理以后、办结以前才能退件"),
		"return"},
	[ACT_WITHDRAW] = {"withdraw", N_("撤回"), N_("办结以前才能撤回"), "withdraw"},
	[ACT_VOID] = {"voided", N_("作废"), N_("办结以前才能作废"), "void"},
};

enum {
	BY_WINDOW = 1 << ACTOR_WINDOW,
	BY_SECOND = 1 << ACTOR_SECOND,
	BY_OFFICE = 1 << ACTOR_OFFICE
};

struct step {
	enum case_state from;
	enum case_act act;
	enum case_state to;
	unsigned who;
};

/* The whole life, one row a step. What is not here is not possible. */
static const struct step steps[] = {
	{CASE_DRAFT, ACT_SUBMIT, CASE_RECEIVED, BY_WINDOW},
	{CASE_RECEIVED, ACT_REVISE, CASE_RECEIVED, BY_WINDOW},
	{CASE_RECEIVED, ACT_REQUEST_CORRECTION, CASE_CORRECTING, BY_WINDOW | BY_OFFICE},
	{CASE_RECEIVED, ACT_ACCEPT, CASE_ACCEPTED, BY_WINDOW | BY_OFFICE},
	{CASE_RECEIVED, ACT_REFUSE, CASE_REFUSED, BY_WINDOW | BY_OFFICE},
	{CASE_RECEIVED, ACT_WITHDRAW, CASE_WITHDRAWN, BY_WINDOW},
	{CASE_RECEIVED, ACT_VOID, CASE_VOID, BY_SECOND},
	{CASE_CORRECTING, ACT_REVISE, CASE_RECEIVED, BY_WINDOW},
	{CASE_CORRECTING, ACT_SUPPLEMENT, CASE_RECEIVED, BY_WINDOW},
	{CASE_CORRECTING, ACT_RETURN, CASE_RETURNED, BY_WINDOW | BY_OFFICE},
	{CASE_CORRECTING, ACT_WITHDRAW, CASE_WITHDRAWN, BY_WINDOW},
	{CASE_CORRECTING, ACT_VOID, CASE_VOID, BY_SECOND},
	{CASE_ACCEPTED, ACT_SUPPLY, CASE_ACCEPTED, BY_WINDOW},
	{CASE_ACCEPTED, ACT_SUSPEND, CASE_SUSPENDED, BY_WINDOW | BY_OFFICE},
	{CASE_ACCEPTED, ACT_EXTEND, CASE_ACCEPTED, BY_OFFICE},
	{CASE_ACCEPTED, ACT_DECIDE, CASE_DECIDED, BY_OFFICE},
	{CASE_ACCEPTED, ACT_RETURN, CASE_RETURNED, BY_WINDOW | BY_OFFICE},
	{CASE_ACCEPTED, ACT_WITHDRAW, CASE_WITHDRAWN, BY_WINDOW},
	{CASE_ACCEPTED, ACT_VOID, CASE_VOID, BY_SECOND},
	{CASE_SUSPENDED, ACT_SUPPLY, CASE_SUSPENDED, BY_WINDOW},
	{CASE_SUSPENDED, ACT_RESUME, CASE_ACCEPTED, BY_WINDOW | BY_OFFICE},
	{CASE_SUSPENDED, ACT_WITHDRAW, CASE_WITHDRAWN, BY_WINDOW},
	{CASE_SUSPENDED, ACT_VOID, CASE_VOID, BY_SECOND},
	{CASE_DECIDED, ACT_SUPPLY, CASE_DECIDED, BY_WINDOW},
	{CASE_DECIDED, ACT_DELIVER, CASE_DELIVERED, BY_WINDOW | BY_OFFICE},
	{CASE_DELIVERED, ACT_ARCHIVE, CASE_ARCHIVED, BY_WINDOW | BY_OFFICE},
};

static const struct step *find(enum case_state from, enum case_act act)
{
	size_t i;

	for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (steps[i].from == from && steps[i].act == act)
			return &steps[i];
	return NULL;
}

bool case_state_ended(enum case_state s)
{
	size_t i;

	for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (steps[i].from == s)
			return false;
	return true;
}

static const char *refusal(enum case_state from, enum case_act act, const struct step *s)
{
	if (case_state_ended(from))
		return tr("这件已经了结, 不能再改; 需要时请另办一件");
	if (s == NULL)
		return tr(acts[act].when);
	if (s->who == BY_SECOND)
		return tr("作废要由另一位工作人员确认, 并写明原因");
	return s->who == BY_OFFICE ? tr("结果由审批部门在中心办理") : tr("这一步要在窗口办理");
}

bool lifecycle_next(enum case_state from, enum case_act act, enum case_actor actor,
	enum case_state *to, const char **why)
{
	const struct step *s = find(from, act);

	if (s != NULL && (s->who & 1u << actor) != 0) {
		*to = s->to;
		return true;
	}
	if (why != NULL)
		*why = refusal(from, act, s);
	return false;
}

bool lifecycle_leads(enum case_state from, enum case_state to)
{
	size_t i;

	for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
		if (steps[i].from == from && steps[i].to == to)
			return true;
	return false;
}

bool lifecycle_ordinary(enum case_state from, enum case_state *to)
{
	static const enum case_act ordinary[] = {ACT_ACCEPT, ACT_DECIDE, ACT_DELIVER, ACT_ARCHIVE};
	size_t i;

	for (i = 0; i < sizeof ordinary / sizeof ordinary[0]; i++)
		if (lifecycle_next(from, ordinary[i], ACTOR_OFFICE, to, NULL))
			return true;
	return false;
}

const char *case_state_name(enum case_state s)
{
	return states[s].name;
}

const char *case_act_name(enum case_act a)
{
	return acts[a].name;
}

bool case_state_parse(const char *name, enum case_state *out)
{
	int i;

	for (i = 0; name != NULL && i < CASE_STATE__MAX; i++) {
		if (strcmp(states[i].name, name) == 0) {
			*out = (enum case_state)i;
			return true;
		}
	}
	return false;
}

bool case_act_parse(const char *name, enum case_act *out)
{
	int i;

	for (i = 0; name != NULL && i < CASE_ACT__MAX; i++) {
		if (strcmp(acts[i].name, name) == 0) {
			*out = (enum case_act)i;
			return true;
		}
	}
	return false;
}

bool case_act_of_letter(const char *kind, enum case_act *out)
{
	int i;

	for (i = 0; kind != NULL && i < CASE_ACT__MAX; i++) {
		if (acts[i].letter != NULL && strcmp(acts[i].letter, kind) == 0) {
			*out = (enum case_act)i;
			return true;
		}
	}
	return false;
}

const char *case_act_letter(enum case_act a)
{
	return acts[a].letter;
}

const char *case_state_label(enum case_state s)
{
	return tr(states[s].label);
}

const char *case_act_label(enum case_act a)
{
	return trc("act", acts[a].label);
}

const char *case_act_told(enum case_act a)
{
	return trc("event", acts[a].label);
}

const char *case_state_label_of(const char *name)
{
	enum case_state s;

	return case_state_parse(name, &s) ? case_state_label(s) : name;
}
