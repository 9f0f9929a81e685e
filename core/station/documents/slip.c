#include "core/station/documents/slip.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/template.h"

enum {
	TEMPLATE_MAX_BYTES = 1 << 20,
	NEEDS_MAX = 4
};

/* Sets of states of a case. */
enum {
	RUNNING = 1U << CASE_RECEIVED | 1U << CASE_ACCEPTED, /* its clock */
	DECIDED = 1U << CASE_DECIDED | 1U << CASE_DELIVERED | 1U << CASE_ARCHIVED,
	ACCEPTED = DECIDED | 1U << CASE_ACCEPTED | 1U << CASE_SUSPENDED
};

static const struct kind {
	const char *name, *title, *word;
	const char *needs[NEEDS_MAX]; /* "list.member": each element must have it */
	unsigned states;	      /* bits: of cases that have one; 0: any */
	const char *since;	      /* what makes it one of those, N_() */
} kinds[SLIP__MAX] = {
	[SLIP_RECEIPT] = {"receipt", N_("收件凭证"), "收件", {"applicant", "matter"}},
	[SLIP_ACCEPTANCE] = {"acceptance", N_("受理通知书"), "受理",
		{"applicant", "matter", "accept_date", "due_date"}, ACCEPTED, N_("受理以后才有")},
	[SLIP_NOTICE] = {"notice", N_("一次性告知单"), "告知", {"matter"}},
	[SLIP_CORRECTION] = {"correction", N_("补正告知书"), "补正",
		{"applicant", "corrections", "corrections.defect", "last_day"},
		1U << CASE_CORRECTING, N_("告知补正以后才有")},
	[SLIP_RESTART] = {"restart", N_("重新启动通知"), "重启", {"applicant", "due_date"}, RUNNING,
		N_("收下补正或恢复以后、办结以前才有")},
	[SLIP_REJECTION] = {"rejection", N_("不予受理通知书"), "不予受理", {"applicant", "reason"},
		1U << CASE_REFUSED, N_("不予受理以后才有")},
	[SLIP_RETURN] = {"return", N_("退件通知"), "退件", {"applicant", "reason"},
		1U << CASE_RETURNED | 1U << CASE_WITHDRAWN, N_("退件或撤回以后才有")},
	[SLIP_PROMISE] = {"promise", N_("告知承诺书"), "承诺", {"applicant", "matter"}},
	[SLIP_DEFERRAL] = {"deferral", N_("容缺承诺书"), "容缺",
		{"applicant", "owed", "owed.due_date"}},
	[SLIP_DELIVERY] = {"delivery", N_("送达回证"), "送达", {"recipient", "documents"}, DECIDED,
		N_("办结以后才有")},
	[SLIP_HANDOVER] = {"handover", N_("材料移交单"), "移交", {"materials", "handover_to"}},
};

/* Every name a template may use. A list stands before its members. */
static const struct name {
	const char *list, *name, *help;
} names[] = {
	{"", "hall", N_("大厅")},
	{"", "window", N_("窗口")},
	{"", "window_phone", N_("窗口电话")},
	{"", "supervise_phone", N_("监督投诉电话")},
	{"", "clerk", N_("经办人")},
	{"", "document_no", N_("文书编号")},
	{"", "date", N_("日期")},
	{"", "case_no", N_("办件编号")},
	{"", "local_receipt", N_("本地收件号")},
	{"", "query_password", N_("查询密码")},
	{"", "query_url", N_("查询网址")},
	{"", "matter", N_("事项")},
	{"", "matter_code", N_("事项编码")},
	{"", "dept", N_("实施机关")},
	{"", "applicant", N_("申请人")},
	{"", "applicant_type", N_("申请人类型")},
	{"", "agent", N_("代办人")},
	{"", "contact", N_("联系人")},
	{"", "contact_mobile", N_("联系电话")},
	{"", "address", N_("地址")},
	{"", "received_date", N_("收件日期")},
	{"", "accept_date", N_("受理日期")},
	{"", "instant", N_("即办件")},
	{"", "promise_days", N_("承诺时限, 天")},
	{"", "promise_calendar", N_("承诺时限按自然日算")},
	{"", "legal_days", N_("法定时限, 天")},
	{"", "legal_calendar", N_("法定时限按自然日算")},
	{"", "due_date", N_("到期日")},
	{"", "provisional", N_("到期日所在年份的放假安排尚未公布")},
	{"", "last_day", N_("补正最后日期")},
	{"", "supplement_days", N_("补正期限, 天")},
	{"", "supplement_date", N_("补正收到日期")},
	{"", "stopped_days", N_("停止计时的工作日")},
	{"", "reason", N_("理由")},
	{"", "licence", N_("行政许可事项")},
	{"", "legal_basis", N_("依据的条款")},
	{"", "competent_body", N_("有权办理的机关")},
	{"", "reconsider_body", N_("行政复议机关")},
	{"", "court", N_("有管辖权的法院")},
	{"", "accept_condition", N_("受理条件")},
	{"", "special_procedure", N_("特别程序")},
	{"", "free", N_("不收费")},
	{"", "fees", N_("收费")},
	{"", "result", N_("办理结果")},
	{"", "place", N_("办理地点")},
	{"", "hours", N_("办理时间")},
	{"", "by_law", N_("设定依据")},
	{"", "guide_version", N_("依据的办事指南")},
	{"", "recipient", N_("受送达人")},
	{"", "delivery_way", N_("送达方式")},
	{"", "delivery_time", N_("送达时间")},
	{"", "delivery_place", N_("送达地点")},
	{"", "tracking_no", N_("邮件号码")},
	{"", "taken_by", N_("代收人")},
	{"", "taken_page_code", N_("代收人证件号码")},
	{"", "taken_relation", N_("代收人与受送达人的关系")},
	{"", "taken_why", N_("代收理由")},
	{"", "consequence", N_("不履行的后果")},
	{"", "handover_to", N_("接收单位")},
	{"", "remark", N_("备注")},
	{"", "materials", N_("材料 (收到的, 或移交、退还的)")},
	{"materials", "name", N_("名称")},
	{"materials", "form", N_("形式")},
	{"materials", "originals", N_("原件份数")},
	{"materials", "copies", N_("复印件份数")},
	{"materials", "note", N_("备注")},
	{"", "owed", N_("容缺的材料")},
	{"owed", "name", N_("名称")},
	{"owed", "form", N_("形式")},
	{"owed", "due_date", N_("补交期限")},
	{"", "bring", N_("要带的材料")},
	{"bring", "name", N_("名称")},
	{"bring", "form", N_("形式")},
	{"bring", "originals", N_("原件份数")},
	{"bring", "copies", N_("复印件份数")},
	{"bring", "how", N_("怎样取得")},
	{"bring", "standard", N_("受理标准")},
	{"bring", "note", N_("备注")},
	{"", "at_hand", N_("已带来或免交的材料")},
	{"at_hand", "name", N_("名称")},
	{"at_hand", "exempt", N_("免交: 不用带")},
	{"at_hand", "note", N_("备注")},
	{"", "corrections", N_("要补正的材料和内容")},
	{"corrections", "name", N_("名称")},
	{"corrections", "defect", N_("问题")},
	{"corrections", "how", N_("怎样补正")},
	{"", "promises", N_("承诺的条件")},
	{"promises", "name", N_("内容")},
	{"", "documents", N_("送达的文书证照")},
	{"documents", "name", N_("名称")},
	{"documents", "number", N_("编号")},
	{"documents", "count", N_("份数")},
};

enum {
	NAMES = sizeof names / sizeof names[0]
};

const char *slip_name(enum slip k)
{
	return kinds[k].name;
}

const char *slip_title(enum slip k)
{
	return tr(kinds[k].title);
}

const char *slip_word(enum slip k)
{
	return kinds[k].word;
}

bool slip_is_of(enum slip k, enum case_state s)
{
	return kinds[k].states == 0 || (kinds[k].states & 1U << s) != 0;
}

const char *slip_since(enum slip k)
{
	return kinds[k].since != NULL ? tr(kinds[k].since) : "";
}

bool slip_parse(const char *name, enum slip *out)
{
	for (int k = 0; k < SLIP__MAX; k++)
		if (strcmp(name, kinds[k].name) == 0 || strcmp(name, kinds[k].title) == 0) {
			*out = (enum slip)k;
			return true;
		}
	return false;
}

void slip_each_name(
	void (*each)(void *arg, const char *list, const char *name, const char *help), void *arg)
{
	for (size_t i = 0; i < NAMES; i++)
		each(arg, names[i].list, names[i].name, names[i].help);
}

static const char *help_of(const char *list, const char *name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(names[i].list, list) == 0 && strcmp(names[i].name, name) == 0)
			return names[i].help;
	return NULL;
}

static bool is_known(const char *list, const char *name)
{
	return help_of(list, name) != NULL;
}

static bool is_list(const char *name)
{
	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(names[i].list, name) == 0 && *name != '\0')
			return true;
	return false;
}

/* ---- what must not be lacking ---- */

/* A need is a name, or "list.member" that each element must have. */
static bool is_met(const json *facts, const char *need, const char **help)
{
	const char *dot = strchr(need, '.');
	char list[32] = "";

	if (dot == NULL) {
		*help = help_of("", need);
		return template_holds(json_get(facts, need));
	}
	strncat(list, need, (size_t)(dot - need));
	*help = help_of(list, dot + 1);
	for (const json *e = json_first(json_get(facts, list)); e != NULL; e = json_next(e))
		if (!template_holds(json_get(e, dot + 1)))
			return false;
	return true;
}

const char *slip_first_lack(enum slip k, const json *facts, const char **help)
{
	const char *said;

	for (size_t i = 0; i < NEEDS_MAX && kinds[k].needs[i] != NULL; i++)
		if (!is_met(facts, kinds[k].needs[i], &said)) {
			if (help != NULL)
				*help = said;
			return kinds[k].needs[i];
		}
	return "";
}

bool slip_lacks(enum slip k, const json *facts, struct buf *missing)
{
	const char *help;
	const char *comma = msg_english() ? ", " : "、";
	bool some = false;

	for (size_t i = 0; i < NEEDS_MAX && kinds[k].needs[i] != NULL; i++) {
		if (is_met(facts, kinds[k].needs[i], &help))
			continue;
		buf_printf(missing, "%s%s (%s)", some ? comma : "", kinds[k].needs[i], tr(help));
		some = true;
	}
	return some;
}

/* ---- templates ---- */

char *slip_template_path(const char *home, enum slip k, bool english)
{
	struct buf own = {0}, shipped = {0};
	char *path;

	buf_printf(&own, "%s/slips/%s%s.tmpl", home, kinds[k].name, english ? ".en" : "");
	buf_printf(&shipped, "data/slips/%s%s.tmpl", kinds[k].name, english ? ".en" : "");
	path = access(own.data, F_OK) == 0 ? buf_take(&own) : paths_share(shipped.data);
	buf_fini(&own);
	buf_fini(&shipped);
	return path;
}

static enum err read_template(
	struct template **out, const char *home, enum slip k, bool english, struct buf *why)
{
	static const struct template_names known = {is_known, is_list};
	char *path = slip_template_path(home, k, english);
	struct buf text = {0}, faults = {0};
	enum err e = paths_read(&text, path, TEMPLATE_MAX_BYTES);

	if (e == OK)
		e = template_parse(out, path, buf_str(&text), text.len, &known, &faults);
	else
		buf_printf(&faults, tr("读不了模板 %s: %s"), path, err_text(e));
	if (e != OK)
		buf_why(why, "%s", buf_str(&faults));
	buf_fini(&text);
	buf_fini(&faults);
	free(path);
	return e;
}

enum err slip_compose(struct paper *out, const char *home, enum slip k, bool english,
	const json *facts, struct buf *why)
{
	struct template *t = NULL;
	enum err e = read_template(&t, home, k, english, why);

	if (e == OK)
		template_render(t, facts, !english, out);
	template_free(t);
	return e;
}

int slip_check(struct buf *out, const char *home)
{
	int wrong = 0;

	for (int i = 0; i < 2 * SLIP__MAX; i++) {
		struct paper p = {0};
		struct buf why = {0};
		if (slip_compose(&p, home, (enum slip)(i / 2), i % 2 == 1, NULL, &why) != OK) {
			buf_adds(out, buf_str(&why));
			if (out->len > 0 && out->data[out->len - 1] != '\n')
				buf_addc(out, '\n');
			wrong++;
		}
		paper_fini(&p);
		buf_fini(&why);
	}
	return wrong;
}
