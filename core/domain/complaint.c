#include "core/domain/complaint.h"

#include <stddef.h>
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/workday.h"

static const char *const marks[MARK_WORST + 1] = {
	NULL, N_("非常满意"), N_("满意"), N_("基本满意"), N_("不满意"), N_("非常不满意")};

bool mark_valid(int mark)
{
	return mark >= MARK_BEST && mark <= MARK_WORST;
}

bool mark_is_bad(int mark)
{
	return mark >= MARK_BAD && mark <= MARK_WORST;
}

const char *mark_label(int mark)
{
	return mark_valid(mark) ? tr(marks[mark]) : "";
}

struct naming {
	const char *name, *label;
};

static const struct naming causes[COMPLAINT_CAUSE__MAX] = {
	[CAUSE_NONE] = {"", N_("没有说明")},
	[CAUSE_ATTITUDE] = {"attitude", N_("服务态度")},
	[CAUSE_SPEED] = {"speed", N_("办事太慢")},
	[CAUSE_NOTICE] = {"notice", N_("没有一次说清")},
	[CAUSE_MATERIAL] = {"material", N_("多要材料")},
	[CAUSE_TRIPS] = {"trips", N_("多跑了路")},
	[CAUSE_OTHER] = {"other", N_("其他原因")},
};

static const struct naming states[COMPLAINT_STATE__MAX] = {
	[COMPLAINT_OPEN] = {"open", N_("待核实")},
	[COMPLAINT_VERIFIED] = {"verified", N_("属实, 待整改")},
	[COMPLAINT_EXTENDED] = {"extended", N_("整改延期")},
	[COMPLAINT_MENDED] = {"mended", N_("已整改")},
	[COMPLAINT_DISMISSED] = {"dismissed", N_("查不属实")},
};

static const struct naming acts[COMPLAINT_ACT__MAX] = {
	[COMPLAINT_VERIFY] = {"verify", N_("核实: 属实")},
	[COMPLAINT_DISMISS] = {"dismiss", N_("核实: 不属实")},
	[COMPLAINT_EXTEND] = {"extend", N_("延期整改")},
	[COMPLAINT_MEND] = {"mend", N_("整改完成")},
};

enum {
	NO = COMPLAINT_STATE__MAX
};

static const unsigned char table[COMPLAINT_STATE__MAX][COMPLAINT_ACT__MAX] = {
	/* VERIFY, DISMISS, EXTEND, MEND */
	[COMPLAINT_OPEN] = {COMPLAINT_VERIFIED, COMPLAINT_DISMISSED, NO, NO},
	[COMPLAINT_VERIFIED] = {NO, NO, COMPLAINT_EXTENDED, COMPLAINT_MENDED},
	[COMPLAINT_EXTENDED] = {NO, NO, NO, COMPLAINT_MENDED},
	[COMPLAINT_MENDED] = {NO, NO, NO, NO},
	[COMPLAINT_DISMISSED] = {NO, NO, NO, NO},
};

static const char *refusal(enum complaint_state from, enum complaint_act act)
{
	if (complaint_ended(from))
		return tr("这一条已经了结");
	if (from == COMPLAINT_OPEN)
		return tr("还没有核实, 请先核实");
	return act == COMPLAINT_EXTEND ? tr("只能延期一次") : tr("已经核实过了");
}

bool complaint_next(enum complaint_state from, enum complaint_act act, enum complaint_state *to,
	const char **why)
{
	unsigned next = table[from][act];

	if (next != NO) {
		*to = (enum complaint_state)next;
		return true;
	}
	if (why != NULL)
		*why = refusal(from, act);
	return false;
}

bool complaint_ended(enum complaint_state s)
{
	return s == COMPLAINT_MENDED || s == COMPLAINT_DISMISSED;
}

int32_t complaint_due(const struct calendar *c, int32_t evaluated_day, enum complaint_state s,
	const struct complaint_days *days)
{
	switch (s) {
	case COMPLAINT_OPEN:
		return calendar_add(c, evaluated_day, days->verify);
	case COMPLAINT_VERIFIED:
		return calendar_add(c, evaluated_day, days->mend);
	case COMPLAINT_EXTENDED:
		return calendar_add(c, evaluated_day, days->mend + days->extend);
	default:
		return -1;
	}
}

const char *complaint_cause_name(enum complaint_cause c)
{
	return causes[c].name;
}

const char *complaint_cause_label(enum complaint_cause c)
{
	return tr(causes[c].label);
}

const char *complaint_state_name(enum complaint_state s)
{
	return states[s].name;
}

const char *complaint_act_name(enum complaint_act a)
{
	return acts[a].name;
}

const char *complaint_state_label(enum complaint_state s)
{
	return tr(states[s].label);
}

const char *complaint_act_label(enum complaint_act a)
{
	return tr(acts[a].label);
}

static int find(const struct naming *list, int count, const char *name)
{
	int i = 0;

	while (name != NULL && i < count && strcmp(list[i].name, name) != 0)
		i++;
	return name != NULL && i < count ? i : -1;
}

bool complaint_cause_parse(const char *name, enum complaint_cause *out)
{
	int i = find(causes, COMPLAINT_CAUSE__MAX, name);

	if (i >= 0)
		*out = (enum complaint_cause)i;
	return i >= 0;
}

bool complaint_state_parse(const char *name, enum complaint_state *out)
{
	int i = find(states, COMPLAINT_STATE__MAX, name);

	if (i >= 0)
		*out = (enum complaint_state)i;
	return i >= 0;
}

bool complaint_act_parse(const char *name, enum complaint_act *out)
{
	int i = find(acts, COMPLAINT_ACT__MAX, name);

	if (i >= 0)
		*out = (enum complaint_act)i;
	return i >= 0;
}
