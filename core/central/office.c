#include "core/central/office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/central/dossier.h"
#include "core/central/problem.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"

enum {
	LIST_MAX = 100,
	TEXT_MAX_BYTES = 2000,
	NOTE_MAX_BYTES = 600
};

struct drafting {
	const struct office_case *c;
	const json *given;
	struct buf *out;
	struct problem *p;
};

static int32_t today(const struct drafting *d)
{
	return clock_day(d->c->now_ms);
}

static bool is_blank(const char *s)
{
	return s == NULL || s[strspn(s, " \t\r\n")] == '\0';
}

static void copy_text(struct drafting *d, const char *name)
{
	const char *s = json_get_str(d->given, name);

	if (!is_blank(s) && strlen(s) <= TEXT_MAX_BYTES)
		json_member_str(d->out, name, s);
}

static bool require_text(struct drafting *d, const char *name, const char *sentence)
{
	char pointer[64];

	if (!is_blank(json_get_str(d->given, name))) {
		copy_text(d, name);
		return true;
	}
	snprintf(pointer, sizeof pointer, "/facts/%s", name);
	problem_at(d->p, pointer, "required", "%s", sentence);
	return false;
}

static void put_day(struct drafting *d, const char *name, int32_t day)
{
	char text[DATE_SIZE];

	json_member_str(d->out, name, date_format(date_from_day(day), text));
}

/* The day that was given, not before `least`; `usual` when none was (0: then none is put). */
static void put_given_day(struct drafting *d, const char *name, int32_t least, int32_t usual)
{
	const char *text = json_get_str(d->given, name);
	char pointer[64];
	struct date day;

	snprintf(pointer, sizeof pointer, "/facts/%s", name);
	if (text == NULL) {
		if (usual != 0)
			put_day(d, name, usual);
	} else if (!date_parse(text, &day)) {
		problem_at(d->p, pointer, "date", tr("日期应写成 2026-11-24 这样"));
	} else if (date_to_day(day) < least) {
		problem_at(d->p, pointer, "date", tr("日期太早了"));
	} else {
		put_day(d, name, date_to_day(day));
	}
}

/* ---- defects ---- */

static void put_correction(struct drafting *d, const json *one, size_t i)
{
	const char *name = json_get_str(one, "name"), *defect = json_get_str(one, "defect");
	const char *how = json_get_str(one, "how");
	char pointer[64];

	snprintf(pointer, sizeof pointer, "/facts/corrections/%zu", i);
	if (is_blank(name) || is_blank(defect)) {
		problem_at(d->p, pointer, "required",
			tr("第 %zu 处要补正的内容要写明是哪份材料、哪里不对"), i + 1);
		return;
	}
	json_comma(d->out);
	buf_addc(d->out, '{');
	json_member_str(d->out, "name", name);
	json_member_str(d->out, "defect", defect);
	json_member_str(d->out, "how", is_blank(how) ? "按收取标准重新提交" : how);
	buf_addc(d->out, '}');
}

static void put_corrections(struct drafting *d)
{
	const json *list = json_get(d->given, "corrections"), *one;
	size_t i = 0;

	if (json_type(list) != JSON_ARRAY || json_count(list) == 0 || json_count(list) > LIST_MAX) {
		problem_at(d->p, "/facts/corrections", "required",
			tr("补正要一次列全: 至少写一处, 每处写明材料和问题"));
		return;
	}
	json_member(d->out, "corrections");
	buf_addc(d->out, '[');
	for (one = json_first(list); one != NULL; one = json_next(one))
		put_correction(d, one, i++);
	buf_addc(d->out, ']');
	put_given_day(d, "last_day", today(d) + 1,
		deadline_supplement(calendar_shipped(), today(d), SUPPLEMENT_DAYS));
}

/* ---- clocks ---- */

static struct limit limit_of(const json *matter, const char *days, const char *type)
{
	const char *unit = json_get_str(matter, type);
	struct limit l = {
		(int)json_get_int(matter, days, -1), unit != NULL && *unit == 'Z' ? 'Z' : 'G'};

	return l;
}

/* By the guide: the promised day, never later than the law's; what is done on the spot is due
 * today. 0: nobody promised anything. */
static int32_t promised_day(const struct drafting *d)
{
	const json *m = d->c->matter;
	struct limit promised = limit_of(m, "promise_day", "promise_type");
	struct limit legal = limit_of(m, "anticipate_day", "anticipate_type");
	struct deadline due;

	if (m == NULL)
		return 0;
	if (json_get_int(m, "project_type", 0) == 1 || promised.days == 0)
		return deadline_instant(calendar_shipped(), today(d), 0, -1).day;
	if (legal.days <= 0)
		legal.days = -1;
	return deadline_decide(calendar_shipped(), today(d), promised, legal, 0, &due) ? due.day
										       : 0;
}

/* The clock stood still since the case was suspended. */
static int32_t resumed_day(const struct drafting *d)
{
	const struct dossier *f = d->c->dossier;
	const struct stop stop = {f->suspended_day, today(d)};

	if (f->due_day == 0 || f->suspended_day == 0)
		return f->due_day;
	return calendar_add(calendar_shipped(), f->due_day,
		deadline_stopped(calendar_shipped(), &stop, 1, 'G'));
}

static void put_extension(struct drafting *d)
{
	const struct dossier *f = d->c->dossier;
	const json *given = json_get(d->given, "days");
	bool said = given != NULL && json_type(given) != JSON_NULL;
	int64_t days = json_get_int(d->given, "days", said ? 0 : DECIDE_MORE_WORKDAYS);
	int32_t from = f->due_day != 0 ? f->due_day : today(d);

	require_text(d, "reason", tr("延长期限要写明理由"));
	if (days < 1 || days > DECIDE_MORE_WORKDAYS) {
		problem_at(d->p, "/facts/days", "range", tr("延长应是 1 到 %d 个工作日"),
			DECIDE_MORE_WORKDAYS);
		return;
	}
	json_member_int(d->out, "days", days);
	put_day(d, "due_date", calendar_add(calendar_shipped(), from, (int)days));
}

/* ---- results ---- */

static void put_document(struct drafting *d, const json *one, const char *usual_name, size_t i)
{
	const char *name = json_get_str(one, "name"), *number = json_get_str(one, "number");
	int64_t count = json_get_int(one, "count", 1);
	struct buf own = {0};
	char year[8];

	if (is_blank(name))
		name = usual_name;
	if (is_blank(number)) {
		clock_format(d->c->now_ms, "%Y", year, sizeof year);
		buf_printf(&own, "〔%s〕%s", year, d->c->project_no);
		if (i > 0)
			buf_printf(&own, "-%zu", i + 1);
		buf_adds(&own, "号");
		number = own.data;
	}
	json_comma(d->out);
	buf_addc(d->out, '{');
	json_member_str(d->out, "name", name);
	json_member_str(d->out, "number", number);
	json_member_int(d->out, "count", count > 0 && count < 100 ? count : 1);
	buf_addc(d->out, '}');
	buf_fini(&own);
}

static bool is_refusal(const json *facts)
{
	const char *type = json_get_str(facts, "result_type");

	return type != NULL && strcmp(type, "1") == 0;
}

static const char *usual_document(const struct drafting *d, bool refused)
{
	const char *type = json_get_str(d->c->matter, "task_type");
	const char *name = json_get_str(d->c->matter, "result_name");

	/* Kept in the centre's file and printed on slips: Chinese whatever language is in force. */
	if (refused)
		return type != NULL && strcmp(type, "01") == 0 ? "不予许可决定书"
							       : "不予办理决定书";
	return is_blank(name) ? "办理结果通知书" : name;
}

static void put_documents(struct drafting *d, bool refused)
{
	const json *list = json_get(d->given, "documents"), *one = json_first(list);
	const char *usual = usual_document(d, refused);
	size_t i = 0;

	json_member(d->out, "documents");
	buf_addc(d->out, '[');
	if (one == NULL)
		put_document(d, NULL, usual, 0);
	for (; one != NULL && i < LIST_MAX; one = json_next(one))
		put_document(d, one, usual, i++);
	buf_addc(d->out, ']');
}

static void put_remedy(struct drafting *d)
{
	if (is_blank(json_get_str(d->given, "remedy")))
		json_member_str(d->out, "remedy",
			"可以自收到之日起六十日内申请行政复议, 或者六个月内提起行政诉讼");
	else
		copy_text(d, "remedy");
}

static void put_result(struct drafting *d)
{
	bool refused = is_refusal(d->given);

	json_member_str(d->out, "result_type", refused ? "1" : "0");
	put_day(d, "result_date", today(d));
	if (refused) {
		require_text(d, "reason", tr("不予许可要写明理由"));
		put_remedy(d);
	} else {
		copy_text(d, "reason");
	}
	put_documents(d, refused);
}

/* ---- the acts ---- */

static void put_act(struct drafting *d, enum case_act act)
{
	switch (act) {
	case ACT_REQUEST_CORRECTION:
		put_corrections(d);
		break;
	case ACT_ACCEPT:
		put_day(d, "accept_date", today(d));
		put_given_day(d, "due_date", today(d), promised_day(d));
		break;
	case ACT_REFUSE:
		require_text(d, "reason", tr("不予受理要写明理由"));
		copy_text(d, "competent_body");
		copy_text(d, "legal_basis");
		put_remedy(d);
		break;
	case ACT_RETURN:
		require_text(d, "reason", tr("退件要写明原因"));
		put_remedy(d);
		break;
	case ACT_SUSPEND:
		require_text(d, "reason", tr("挂起要写明原因"));
		if (json_get_int(d->given, "stopped_days", 0) > 0)
			json_member_int(
				d->out, "stopped_days", json_get_int(d->given, "stopped_days", 0));
		break;
	case ACT_RESUME:
		copy_text(d, "reason");
		put_given_day(d, "due_date", today(d), resumed_day(d));
		break;
	case ACT_EXTEND:
		put_extension(d);
		break;
	case ACT_DECIDE:
		put_result(d);
		break;
	default:
		copy_text(d, "reason");
		break;
	}
}

enum err office_facts(const struct office_case *c, enum case_act act, const json *given,
	const char *who, struct buf *out, struct problem *p)
{
	struct drafting d = {c, given, out, p};

	if (given != NULL && json_type(given) != JSON_NULL && json_type(given) != JSON_OBJECT)
		problem_at(p, "/facts", "type", tr("facts 应是对象"));
	buf_addc(out, '{');
	if (!is_blank(who))
		json_member_str(out, "handle_user_name", who);
	json_member_str(out, "dept_name", json_get_str(c->matter, "dept_name"));
	put_act(&d, act);
	copy_text(&d, "remark");
	buf_addc(out, '}');
	return p->error_count > 0 ? ERR_INVALID : OK;
}

/* ---- what is said of it ---- */

static void note_list(struct buf *out, const json *list, const char *second)
{
	const json *one;

	for (one = json_first(list); one != NULL && out->len < NOTE_MAX_BYTES; one = json_next(one))
		buf_printf(out, "%s%s%s%s", out->len > 0 ? "; " : "", json_get_str(one, "name"),
			strcmp(second, "defect") == 0 ? ": " : " ", json_get_str(one, second));
}

void office_note(enum case_act act, const json *facts, struct buf *out)
{
	const char *reason = json_get_str(facts, "reason"), *day = NULL;

	if (reason != NULL)
		buf_adds(out, reason);
	if (act == ACT_REQUEST_CORRECTION)
		note_list(out, json_get(facts, "corrections"), "defect");
	else if (act == ACT_DECIDE)
		note_list(out, json_get(facts, "documents"), "number");
	else if (act == ACT_ACCEPT || act == ACT_RESUME || act == ACT_EXTEND)
		day = json_get_str(facts, "due_date");
	if (day != NULL)
		buf_printf(out, "%s办结到期 %s", out->len > 0 ? "; " : "", day);
}

/* ---- what stands in the way beside the state ---- */

bool office_forbids(const struct office_case *c, enum case_act act, struct buf *why)
{
	int32_t day = clock_day(c->now_ms);

	if (act == ACT_DECIDE && c->dossier->owed_count > 0) {
		buf_adds(why, tr("还有容缺的材料没有补交: "));
		dossier_list_owed(c->dossier, 0, why);
		return true;
	}
	if (act == ACT_EXTEND && c->dossier->extended) {
		buf_adds(why, tr("办理期限已经延长过一次, 不能再延长"));
		return true;
	}
	/* What was accepted is only returned when what it was accepted on did not come. */
	if (act == ACT_RETURN && c->dossier->accepting != NULL &&
		!dossier_is_overdue(c->dossier, day)) {
		buf_adds(why, tr("已经受理的, 只有容缺材料逾期没有补交才能退件"));
		return true;
	}
	return false;
}
