#include "core/domain/ticket.h"

#include <stddef.h>
#include <string.h>

#include "core/base/msg.h"

struct naming {
	const char *name, *label;
};

static const struct naming states[TICKET_STATE__MAX] = {
	[TICKET_WAITING] = {"waiting", N_("等候")},
	[TICKET_CALLED] = {"called", N_("已叫")},
	[TICKET_SERVING] = {"serving", N_("办理中")},
	[TICKET_SKIPPED] = {"skipped", N_("过号")},
	[TICKET_PAUSED] = {"paused", N_("暂离")},
	[TICKET_DONE] = {"done", N_("办完")},
	[TICKET_LEFT] = {"left", N_("已取消")},
};

static const struct naming acts[TICKET_ACT__MAX] = {
	[TICKET_CALL] = {"call", N_("叫号")},
	[TICKET_RECALL] = {"recall", N_("重呼")},
	[TICKET_START] = {"start", N_("开始")},
	[TICKET_SKIP] = {"skip", N_("过号")},
	[TICKET_PAUSE] = {"pause", N_("暂离")},
	[TICKET_RESUME] = {"resume", N_("继续")},
	[TICKET_TRANSFER] = {"transfer", N_("转发")},
	[TICKET_FINISH] = {"finish", N_("办完")},
	[TICKET_CANCEL] = {"cancel", N_("取消")},
};

static const struct naming outcomes[TICKET_OUTCOME__MAX] = {
	[TICKET_ACCEPTED] = {"accepted", N_("受理")},
	[TICKET_COLLECTED] = {"collected", N_("领证")},
	[TICKET_CHECKED] = {"checked", N_("核验办结")},
	[TICKET_CONSULTED] = {"consulted", N_("咨询")},
	[TICKET_OTHER] = {"other", N_("其他")},
};

/* What is not here (NO) is not possible. */
enum {
	NO = TICKET_STATE__MAX
};

static const unsigned char table[TICKET_STATE__MAX][TICKET_ACT__MAX] = {
	/* CALL, RECALL, START, SKIP, PAUSE, RESUME, TRANSFER, FINISH, CANCEL */
	[TICKET_WAITING] = {TICKET_CALLED, NO, NO, NO, NO, NO, TICKET_WAITING, NO, TICKET_LEFT},
	[TICKET_CALLED] = {NO, TICKET_CALLED, TICKET_SERVING, TICKET_SKIPPED, NO, NO,
		TICKET_WAITING, TICKET_DONE, TICKET_LEFT},
	[TICKET_SERVING] = {NO, NO, NO, NO, TICKET_PAUSED, NO, TICKET_WAITING, TICKET_DONE, NO},
	[TICKET_SKIPPED] = {TICKET_CALLED, NO, NO, NO, NO, TICKET_SERVING, TICKET_WAITING, NO,
		TICKET_LEFT},
	[TICKET_PAUSED] = {TICKET_CALLED, NO, NO, NO, NO, TICKET_SERVING, TICKET_WAITING,
		TICKET_DONE, TICKET_LEFT},
	[TICKET_DONE] = {NO, NO, NO, NO, NO, NO, NO, NO, NO},
	[TICKET_LEFT] = {NO, NO, NO, NO, NO, NO, NO, NO, NO},
};

static const char *refusal(enum ticket_state from, enum ticket_act act)
{
	if (ticket_ended(from))
		return tr("这个号已经结束, 需要时请另发一个号");
	if (from == TICKET_WAITING)
		return tr("还没有叫这个号, 请先叫号");
	if (act == TICKET_CALL)
		return tr("已经叫到窗口, 没来可以重呼或过号");
	if (from == TICKET_SERVING)
		return tr("正在办理, 可以办完、暂离或转发");
	if (from == TICKET_CALLED)
		return tr("人还没有到窗口, 可以开始、重呼或过号");
	return tr("人不在窗口, 可以叫号或继续");
}

bool ticket_next(
	enum ticket_state from, enum ticket_act act, enum ticket_state *to, const char **why)
{
	unsigned next = table[from][act];

	if (next != NO) {
		*to = (enum ticket_state)next;
		return true;
	}
	if (why != NULL)
		*why = refusal(from, act);
	return false;
}

bool ticket_is_current(enum ticket_state s)
{
	return s == TICKET_CALLED || s == TICKET_SERVING;
}

bool ticket_ended(enum ticket_state s)
{
	return s == TICKET_DONE || s == TICKET_LEFT;
}

const char *ticket_state_name(enum ticket_state s)
{
	return states[s].name;
}

const char *ticket_act_name(enum ticket_act a)
{
	return acts[a].name;
}

const char *ticket_outcome_name(enum ticket_outcome o)
{
	return outcomes[o].name;
}

const char *ticket_state_label(enum ticket_state s)
{
	return tr(states[s].label);
}

const char *ticket_act_label(enum ticket_act a)
{
	return tr(acts[a].label);
}

const char *ticket_outcome_label(enum ticket_outcome o)
{
	return trc("outcome", outcomes[o].label);
}

static bool find(const struct naming *list, int count, const char *name, int *out)
{
	int i;

	for (i = 0; name != NULL && i < count; i++) {
		if (strcmp(list[i].name, name) == 0 || strcmp(list[i].label, name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool ticket_state_parse(const char *name, enum ticket_state *out)
{
	int i;
	bool found = find(states, TICKET_STATE__MAX, name, &i);

	if (found)
		*out = (enum ticket_state)i;
	return found;
}

bool ticket_act_parse(const char *name, enum ticket_act *out)
{
	int i;
	bool found = find(acts, TICKET_ACT__MAX, name, &i);

	if (found)
		*out = (enum ticket_act)i;
	return found;
}

bool ticket_outcome_parse(const char *name, enum ticket_outcome *out)
{
	int i;
	bool found = find(outcomes, TICKET_OUTCOME__MAX, name, &i);

	if (found)
		*out = (enum ticket_outcome)i;
	return found;
}
