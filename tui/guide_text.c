#include "tui/guide_text.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/bundle.h"
#include "core/station/matter.h"

enum {
	LABEL_COLS = 10,
	LAW_FOLD_COLS = 300, /* longer law texts are folded */
	LAW_SHOWN_COLS = 200
};

static const char *const section_names[GUIDE_SECTION__MAX] = {
	[GUIDE_SUMMARY] = N_("概要"),
	[GUIDE_MATERIALS] = N_("材料"),
	[GUIDE_CONDITION] = N_("条件"),
	[GUIDE_FLOW] = N_("流程"),
	[GUIDE_FEES] = N_("收费"),
	[GUIDE_LAW] = N_("依据"),
	[GUIDE_QUESTIONS] = N_("常见问答"),
};

const char *guide_section_name(enum guide_section s)
{
	return tr(section_names[s]);
}

const char *guide_type_name(const char *code)
{
	static const struct {
		const char *code, *name;
	} types[] = {{"01", N_("行政许可")}, {"02", N_("行政处罚")}, {"03", N_("行政强制")},
		{"04", N_("行政征收")}, {"05", N_("行政给付")}, {"06", N_("行政检查")},
		{"07", N_("行政确认")}, {"08", N_("行政奖励")}, {"09", N_("行政裁决")},
		{"10", N_("其他行政权力")}, {"20", N_("公共服务")}};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].code, code) == 0)
			return tr(types[i].name);
	return code;
}

const char *guide_level_name(const char *code)
{
	static const char *const names[] = {
		N_("国家级"), N_("省级"), N_("市级"), N_("县级"), N_("乡镇级"), N_("村级")};

	if (code[0] >= '1' && code[0] <= '6' && code[1] == '\0')
		return tr(names[code[0] - '1']);
	return code;
}

static void add_days(struct buf *out, int days, const char *unit)
{
	if (strcmp(unit, "Z") == 0)
		buf_printf(out, days == 1 ? tr("1 日") : tr("%d 日"), days);
	else
		buf_printf(out, days == 1 ? tr("1 个工作日") : tr("%d 个工作日"), days);
}

void guide_limit(struct buf *out, const struct matter *m)
{
	if (strcmp(m->project_type, "1") == 0 || m->promise_day == 0) {
		buf_adds(out, tr("当场办结"));
	} else if (m->promise_day > 0) {
		buf_adds(out, tr("承诺 "));
		add_days(out, m->promise_day, m->promise_type);
	}
	if (m->anticipate_day > 0) {
		buf_adds(out, out->len ? tr(" (法定 ") : tr("法定 "));
		add_days(out, m->anticipate_day, m->anticipate_type);
		if (strchr(buf_str(out), '('))
			buf_addc(out, ')');
	}
	if (out->len == 0)
		buf_adds(out, tr("未写明"));
}

void guide_material_form(struct buf *out, const struct matter *m, size_t material)
{
	const struct matter_material *x = &m->materials[material];

	if (x->exempt) {
		buf_adds(out, tr("免交"));
		return;
	}
	if (x->originals > 0)
		buf_printf(out, tr("原件 %d"), x->originals);
	if (x->copies > 0) {
		buf_adds(out, out->len ? " " : "");
		buf_printf(out, tr("复印件 %d"), x->copies);
	}
	if (out->len == 0)
		buf_adds(out, *x->kind ? x->kind : x->format);
}

static void heading(struct pager *p, enum guide_section s)
{
	struct buf b = {0};

	pager_gap(p);
	pager_section(p);
	buf_printf(&b, "%d %s", (int)s + 1, guide_section_name(s));
	pager_add(p, 0, ROLE_STRONG, buf_str(&b));
	buf_fini(&b);
}

static void pair_if(struct pager *p, const char *label, const char *text)
{
	if (*text)
		pager_pair(p, 2, LABEL_COLS, label, text);
}

static void add_visits(struct pager *p, const struct matter *m)
{
	struct buf b = {0};

	if (m->limit_scene_num >= 0)
		buf_printf(&b, tr("最多 %d 次"), m->limit_scene_num);
	if (m->is_online == 1)
		buf_printf(&b, "%s%s", b.len ? ", " : "", tr("可网上办"));
	if (m->is_express == 1)
		buf_printf(&b, "%s%s", b.len ? ", " : "", tr("可邮寄"));
	pair_if(p, tr("跑动"), buf_str(&b));
	buf_fini(&b);
}

static void add_unknown(struct pager *p, const struct matter *m)
{
	struct buf b = {0};

	for (const json *v = matter_unknown(m, NULL); v; v = matter_unknown(m, v)) {
		buf_clear(&b);
		buf_printf(&b, "%s: ", json_key(v));
		matter_value_text(&b, v);
		pager_add(p, 2, ROLE_TEXT, buf_str(&b));
	}
	buf_fini(&b);
}

/* 一件事: the matters in it, by their names. */
static void add_members(struct pager *p, const struct matter *m)
{
	struct buf names = {0};

	for (size_t i = 0; i < m->situation_count; i++) {
		const struct matter_situation *q = &m->situation[i];
		if (m->bundle_count == 0 || strcmp(q->name, BUNDLE_ITEMS) != 0)
			continue;
		for (size_t k = 0; k < q->choice_count; k++)
			buf_printf(&names, "%s%zu %s", k ? "\n" : "", k + 1, q->choices[k].label);
	}
	pair_if(p, tr("包含事项"), buf_str(&names));
	buf_fini(&names);
}

static void add_summary(struct pager *p, const struct matter *m, const char *origin)
{
	struct buf b = {0};

	pager_section(p);
	pager_add(p, 0, ROLE_STRONG, m->name);
	pair_if(p, tr("编码"), m->code);
	pair_if(p, tr("类型"), guide_type_name(m->type));
	add_members(p, m);
	pair_if(p, tr("部门"), m->dept_name);
	pair_if(p, tr("地区"), m->region_name);
	if (m->for_person || m->for_body)
		pair_if(p, tr("对象"),
			m->for_person && m->for_body ? tr("个人, 单位")
			: m->for_person		     ? tr("个人")
						     : tr("单位"));
	guide_limit(&b, m);
	pair_if(p, tr("时限"), buf_str(&b));
	add_visits(p, m);
	pair_if(p, tr("结果"), m->result_name);
	pair_if(p, tr("地点"), m->transact_addr);
	pair_if(p, tr("时间"), m->transact_time);
	pair_if(p, tr("咨询"), m->link_way);
	pair_if(p, tr("监督"), m->supervise_way);
	pair_if(p, tr("通办"), m->handle_area);
	pair_if(p, tr("版本"), origin);
	add_unknown(p, m);
	buf_fini(&b);
}

static void add_material(struct pager *p, const struct matter *m, size_t i)
{
	const struct matter_material *x = &m->materials[i];
	struct buf b = {0}, form = {0};

	guide_material_form(&form, m, i);
	buf_printf(&b, "%zu %s  %s", i + 1, x->name, buf_str(&form));
	if (x->need == MATTER_NEED_OPTIONAL)
		buf_printf(&b, "  %s", tr("非必要"));
	if (x->need == MATTER_NEED_DEFERRABLE)
		buf_printf(&b, "  %s", tr("可容缺"));
	if (*x->relevant)
		buf_printf(&b, "  %s", tr("按情形"));
	pager_add(p, 2, ROLE_TEXT, buf_str(&b));
	if (*x->source || *x->source_explain) {
		buf_clear(&b);
		const char *source = matter_material_source(x);
		buf_adds(&b, source);
		if (strcmp(source, x->source_explain) != 0)
			buf_printf(&b, "%s%s", *source && *x->source_explain ? ", " : "",
				x->source_explain);
		pager_pair(p, 4, LABEL_COLS, tr("来源"), buf_str(&b));
	}
	if (*x->accept_stand)
		pager_pair(p, 4, LABEL_COLS, tr("标准"), x->accept_stand);
	if (*x->fill_explain)
		pager_pair(p, 4, LABEL_COLS, tr("填写"), x->fill_explain);
	for (size_t f = 0; f < x->fault_count; f++)
		pager_pair(p, 4, LABEL_COLS, tr("常见退回"), x->faults[f]);
	buf_fini(&b);
	buf_fini(&form);
}

static void text_or_none(struct pager *p, const char *text)
{
	pager_add(p, 2, ROLE_TEXT, *text ? text : tr("未写明"));
}

static void add_fees(struct pager *p, const struct matter *m)
{
	struct buf b = {0};

	if (m->fee_count == 0)
		pager_add(p, 2, ROLE_TEXT,
			m->is_fee == 0	 ? tr("不收费")
			: m->is_fee == 1 ? tr("收费, 标准未写明")
					 : tr("未写明"));
	for (size_t i = 0; i < m->fee_count; i++) {
		buf_clear(&b);
		buf_printf(&b, "%s  %s  %s", m->fees[i].name, m->fees[i].stand,
			m->fees[i].desc_explain);
		pager_add(p, 2, ROLE_TEXT, buf_str(&b));
		pair_if(p, tr("依据"), m->fees[i].by_law);
	}
	pair_if(p, tr("依据"), m->fee_basis);
	buf_fini(&b);
}

static void add_law(struct pager *p, const char *law, bool folded)
{
	struct buf b = {0};

	if (!folded || text_cols(law) <= LAW_FOLD_COLS) {
		text_or_none(p, law);
		return;
	}
	buf_add(&b, law, text_fit(law, LAW_SHOWN_COLS, NULL));
	buf_printf(&b, tr("... (全文 %zu 字, 再按 6 展开)"), text_len_cps(law));
	pager_add(p, 2, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

void guide_contact(struct buf *out, const struct matter *m)
{
	if (*m->link_way)
		buf_printf(out, "%s %s   ", tr("咨询"), m->link_way);
	if (*m->transact_addr)
		buf_printf(out, "%s %s", tr("地点"), m->transact_addr);
}

void guide_fill(struct pager *p, const struct matter *m, const char *origin, bool folded)
{
	add_summary(p, m, origin);
	heading(p, GUIDE_MATERIALS);
	if (m->material_count == 0)
		text_or_none(p, "");
	for (size_t i = 0; i < m->material_count; i++)
		add_material(p, m, i);
	heading(p, GUIDE_CONDITION);
	text_or_none(p, m->accept_condition);
	heading(p, GUIDE_FLOW);
	text_or_none(p, m->handle_flow);
	if (*m->special_procedure)
		pager_pair(p, 2, LABEL_COLS, tr("特别程序"), m->special_procedure);
	heading(p, GUIDE_FEES);
	add_fees(p, m);
	heading(p, GUIDE_LAW);
	add_law(p, m->by_law, folded);
	heading(p, GUIDE_QUESTIONS);
	if (m->question_count == 0)
		pager_add(p, 2, ROLE_TEXT, tr("没有"));
	for (size_t i = 0; i < m->question_count; i++) {
		pager_pair(p, 2, 4, tr("问"), m->questions[i].question);
		pager_pair(p, 2, 4, tr("答"), m->questions[i].answer);
	}
}

static void preview_materials(struct pager *p, const struct matter *m)
{
	struct buf b = {0};
	size_t exempt = 0, deferrable = 0;

	for (size_t i = 0; i < m->material_count; i++) {
		exempt += m->materials[i].exempt;
		deferrable += m->materials[i].need == MATTER_NEED_DEFERRABLE;
	}
	if (m->material_count == 0) {
		pair_if(p, tr("材料"), tr("未写明"));
		return;
	}
	buf_printf(&b, tr("%zu 份"), m->material_count);
	if (exempt)
		buf_printf(&b, tr(", %zu 份免交"), exempt);
	if (deferrable)
		buf_printf(&b, tr(", %zu 份可容缺"), deferrable);
	buf_adds(&b, ": ");
	for (size_t i = 0; i < m->material_count; i++)
		buf_printf(&b, "%s%s", i ? tr("、") : "", m->materials[i].name);
	pair_if(p, tr("材料"), buf_str(&b));
	buf_fini(&b);
}

void guide_preview(struct pager *p, const struct matter *m)
{
	struct buf b = {0};

	pager_add(p, 2, ROLE_STRONG, m->name);
	guide_limit(&b, m);
	if (m->is_fee == 0)
		buf_printf(&b, "   %s", tr("不收费"));
	if (m->limit_scene_num >= 0) {
		buf_adds(&b, "   ");
		buf_printf(&b, tr("最多跑 %d 次"), m->limit_scene_num);
	}
	pair_if(p, tr("时限"), buf_str(&b));
	preview_materials(p, m);
	pair_if(p, tr("条件"), m->accept_condition);
	pair_if(p, tr("结果"), m->result_name);
	pair_if(p, tr("地点"), m->transact_addr);
	pair_if(p, tr("咨询"), m->link_way);
	pair_if(p, tr("编码"), m->code);
	buf_fini(&b);
}
