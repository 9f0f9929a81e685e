/* The figures of a summary by name, and as tables for other programs. */
#include "core/station/summary.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/station/operator.h"

static const struct {
	const char *name, *label;
} figures[FIGURE__MAX] = {
	[FIGURE_SUBMITTED] = {"submitted", N_("收件数")},
	[FIGURE_REVISED] = {"revised", N_("更正重报数")},
	[FIGURE_CORRECTION] = {"corrections", N_("一次性告知补正数")},
	[FIGURE_SUPPLEMENT] = {"supplements", N_("收到补正数")},
	[FIGURE_SUPPLIED] = {"supplied", N_("补交容缺数")},
	[FIGURE_ACCEPTED] = {"accepted", N_("受理数")},
	[FIGURE_REFUSED] = {"refused", N_("不予受理数")},
	[FIGURE_SUSPENDED] = {"suspended", N_("挂起数")},
	[FIGURE_RESUMED] = {"resumed", N_("恢复数")},
	[FIGURE_DELIVERED] = {"delivered", N_("送达数")},
	[FIGURE_ARCHIVED] = {"archived", N_("归档数")},
	[FIGURE_RETURNED] = {"returned", N_("退件数")},
	[FIGURE_WITHDRAWN] = {"withdrawn", N_("撤回数")},
	[FIGURE_VOID] = {"void", N_("作废数")},
	[FIGURE_DECIDED] = {"decided", N_("办结数")},
	[FIGURE_ANSWERS] = {"answers", N_("收件后答复")},
	[FIGURE_ANSWERS_IN_TIME] = {"answers_in_time", N_("五日内答复")},
	[FIGURE_PROMISES] = {"promises", N_("有承诺时限的办结")},
	[FIGURE_PROMISES_KEPT] = {"promises_kept", N_("承诺时限内办结")},
	[FIGURE_DELIVERIES] = {"deliveries", N_("办结后送达")},
	[FIGURE_DELIVERIES_IN_TIME] = {"deliveries_in_time", N_("十日内送达")},
	[FIGURE_LETTERS] = {"letters", N_("报送中心的信件")},
	[FIGURE_ARRIVED] = {"arrived", N_("中心已收")},
	[FIGURE_LATE] = {"late", N_("晚到")},
	[FIGURE_OFFLINE] = {"offline", N_("断网时提交")},
	[FIGURE_WAITING] = {"waiting", N_("还没有送到")},
	[FIGURE_BOUNCED] = {"bounced", N_("中心退回数")},
	[FIGURE_TIMED] = {"timed", N_("计时的件")},
	[FIGURE_TIME] = {"time_s", N_("窗口用时合计")},
	[FIGURE_TIME_MEDIAN] = {"time_median_s", N_("窗口用时中位")},
	[FIGURE_TIME_LONGEST] = {"time_longest_s", N_("窗口用时最长")},
};

static const struct {
	const char *name, *label;
} groups[SUMMARY_GROUP__MAX] = {
	[SUMMARY_ALL] = {"all", N_("合计")},
	[SUMMARY_DAY] = {"day", N_("日期")},
	[SUMMARY_MATTER] = {"matter", N_("事项")},
	[SUMMARY_BODY] = {"body", N_("部门")},
	[SUMMARY_OPERATOR] = {"operator", N_("人员和窗口")},
};

const char *figure_name(enum figure f)
{
	return figures[f].name;
}

const char *figure_label(enum figure f)
{
	return tr(figures[f].label);
}

bool figure_is_time(enum figure f)
{
	return f >= FIGURE_TIME;
}

const char *summary_group_name(enum summary_group g)
{
	return groups[g].name;
}

const char *summary_group_label(enum summary_group g)
{
	return tr(groups[g].label);
}

void summary_put_share(struct buf *out, int64_t part, int64_t whole)
{
	int share = summary_share(part, whole);

	if (share < 0)
		buf_adds(out, "-");
	else
		buf_printf(out, "%d%% (%lld/%lld)", share, (long long)part, (long long)whole);
}

void summary_put_time(struct buf *out, int64_t ms, bool any)
{
	long long s = (long long)(ms / 1000);

	if (!any)
		buf_adds(out, "-");
	else if (s < 60)
		buf_printf(out, tr("%lld秒"), s);
	else if (s < 3600)
		buf_printf(out, tr("%lld分%02lld秒"), s / 60, s % 60);
	else
		buf_printf(out, tr("%lld小时%02lld分"), s / 3600, s / 60 % 60);
}

void summary_put_period(struct buf *out, const struct summary *s)
{
	struct date d = date_from_day(s->from_day);
	char text[DATE_SIZE];

	date_format(d, text);
	if (s->to_day - s->from_day > 1)
		text[7] = '\0';
	buf_adds(out, text);
}

static void put_operator(struct buf *out, struct store *s, const struct summary_line *l)
{
	struct operator who = {0};

	if (operator_get(s, l->key, &who) == OK && who.full_name != NULL)
		buf_printf(out, "%s ", who.full_name);
	operator_fini(&who);
	buf_printf(out, "%s  ", l->key);
	buf_printf(out, tr("%s号窗口"), l->name);
}

void summary_put_label(
	struct buf *out, struct store *s, enum summary_group g, const struct summary_line *l)
{
	if (g == SUMMARY_OPERATOR)
		put_operator(out, s, l);
	else if (g == SUMMARY_MATTER && l->name[0] != '\0')
		buf_adds(out, l->name);
	else
		buf_adds(out, l->key[0] != '\0' ? l->key : tr("(没有记下)"));
}

static int64_t figure_of(const struct summary_line *l, int f)
{
	return figure_is_time((enum figure)f) ? l->figures[f] / 1000 : l->figures[f];
}

/* A field that would begin a formula is text; quotes are doubled. */
static void put_field(struct buf *out, const char *text)
{
	const char *at;

	buf_addc(out, '"');
	if (text[0] != '\0' && strchr("=+-@", text[0]) != NULL)
		buf_addc(out, '\'');
	for (at = text; *at != '\0'; at++) {
		if (*at == '"')
			buf_addc(out, '"');
		buf_addc(out, *at);
	}
	buf_addc(out, '"');
}

void summary_csv(struct buf *out, const struct summary *s)
{
	int f, g;
	size_t i;

	buf_adds(out, "\xEF\xBB\xBF"); /* so that a spreadsheet knows it is UTF-8 */
	buf_adds(out, tr("分类,编码,名称"));
	for (f = 0; f < FIGURE__MAX; f++) {
		buf_printf(out, ",%s", tr(figures[f].label));
		if (figure_is_time((enum figure)f))
			buf_adds(out, tr(" (秒)"));
	}
	buf_adds(out, "\r\n");
	for (g = 0; g < SUMMARY_GROUP__MAX; g++)
		for (i = 0; i < s->counts[g]; i++) {
			const struct summary_line *l = &s->lines[g][i];
			buf_printf(out, "%s,", tr(groups[g].label));
			put_field(out, l->key);
			buf_addc(out, ',');
			put_field(out, l->name);
			for (f = 0; f < FIGURE__MAX; f++)
				buf_printf(out, ",%lld", (long long)figure_of(l, f));
			buf_adds(out, "\r\n");
		}
}

void summary_json(struct buf *out, const struct summary *s)
{
	int f, g;
	size_t i;

	for (g = 0; g < SUMMARY_GROUP__MAX; g++)
		for (i = 0; i < s->counts[g]; i++) {
			const struct summary_line *l = &s->lines[g][i];
			buf_addc(out, '{');
			json_member_str(out, "group", groups[g].name);
			json_member_str(out, "key", l->key);
			json_member_str(out, "name", l->name);
			for (f = 0; f < FIGURE__MAX; f++)
				json_member_int(out, figures[f].name, figure_of(l, f));
			buf_adds(out, "}\n");
		}
}
