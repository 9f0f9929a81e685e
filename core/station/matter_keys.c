#include "core/station/matter_keys.h"

#include <string.h>

#include "core/base/msg.h"
#include "core/station/matter.h"

#define NOWHERE MATTER_KEY_NOWHERE

const struct matter_key matter_keys[] = {
	{"task_code", MATTER_KEY_TEXT, offsetof(struct matter, code), N_("编码")},
	{"task_name", MATTER_KEY_TEXT, offsetof(struct matter, name), N_("名称")},
	{"catalog_code", MATTER_KEY_TEXT, offsetof(struct matter, catalog_code), N_("基本编码")},
	{"task_version", MATTER_KEY_TEXT, offsetof(struct matter, version), N_("版本")},
	{"task_type", MATTER_KEY_TEXT, offsetof(struct matter, type), N_("类型")},
	{"use_level", MATTER_KEY_TEXT, offsetof(struct matter, level), N_("行使层级")},
	{"dept_code", MATTER_KEY_TEXT, offsetof(struct matter, dept_code), N_("部门代码")},
	{"dept_name", MATTER_KEY_TEXT, offsetof(struct matter, dept_name), N_("部门")},
	{"region_code", MATTER_KEY_TEXT, offsetof(struct matter, region_code), N_("区划代码")},
	{"region_name", MATTER_KEY_TEXT, offsetof(struct matter, region_name), N_("区划")},
	{"server_type", MATTER_KEY_LIST, NOWHERE, N_("服务对象")},
	{"project_type", MATTER_KEY_TEXT, offsetof(struct matter, project_type), N_("办件类型")},
	{"handle_type", MATTER_KEY_LIST, NOWHERE, N_("办理形式")},
	{"limit_scene_num", MATTER_KEY_INT, offsetof(struct matter, limit_scene_num),
		N_("到现场次数")},
	{"anticipate_day", MATTER_KEY_INT, offsetof(struct matter, anticipate_day), N_("法定时限")},
	{"anticipate_type", MATTER_KEY_TEXT, offsetof(struct matter, anticipate_type),
		N_("法定时限单位")},
	{"anticipate_explain", MATTER_KEY_TEXT, offsetof(struct matter, anticipate_explain),
		N_("法定时限说明")},
	{"promise_day", MATTER_KEY_INT, offsetof(struct matter, promise_day), N_("承诺时限")},
	{"promise_type", MATTER_KEY_TEXT, offsetof(struct matter, promise_type),
		N_("承诺时限单位")},
	{"promise_explain", MATTER_KEY_TEXT, offsetof(struct matter, promise_explain),
		N_("承诺时限说明")},
	{"accept_condition", MATTER_KEY_TEXT, offsetof(struct matter, accept_condition),
		N_("受理条件")},
	{"handle_flow", MATTER_KEY_TEXT, offsetof(struct matter, handle_flow), N_("办理流程")},
	{"special_procedure", MATTER_KEY_TEXT, offsetof(struct matter, special_procedure),
		N_("特别程序")},
	{"is_fee", MATTER_KEY_FLAG, offsetof(struct matter, is_fee), N_("是否收费")},
	{"fee_basis", MATTER_KEY_TEXT, offsetof(struct matter, fee_basis), N_("收费依据")},
	{"by_law", MATTER_KEY_TEXT, offsetof(struct matter, by_law), N_("设定依据")},
	{"transact_addr", MATTER_KEY_TEXT, offsetof(struct matter, transact_addr), N_("办理地点")},
	{"transact_time", MATTER_KEY_TEXT, offsetof(struct matter, transact_time), N_("办理时间")},
	{"link_way", MATTER_KEY_TEXT, offsetof(struct matter, link_way), N_("咨询电话")},
	{"supervise_way", MATTER_KEY_TEXT, offsetof(struct matter, supervise_way), N_("监督电话")},
	{"is_online", MATTER_KEY_FLAG, offsetof(struct matter, is_online), N_("可网办")},
	{"online_handle_depth", MATTER_KEY_TEXT, offsetof(struct matter, online_handle_depth),
		N_("网办深度")},
	{"is_express", MATTER_KEY_FLAG, offsetof(struct matter, is_express), N_("可快递")},
	{"is_schedule", MATTER_KEY_FLAG, offsetof(struct matter, is_schedule), N_("可预约")},
	{"is_entry_center", MATTER_KEY_FLAG, offsetof(struct matter, is_entry_center),
		N_("进驻大厅")},
	{"handle_area", MATTER_KEY_TEXT, offsetof(struct matter, handle_area), N_("通办范围")},
	{"result_type", MATTER_KEY_TEXT, offsetof(struct matter, result_type), N_("结果类型")},
	{"result_name", MATTER_KEY_TEXT, offsetof(struct matter, result_name), N_("结果名称")},
	{"user_topic", MATTER_KEY_LIST, NOWHERE, N_("个人主题")},
	{"corp_topic", MATTER_KEY_LIST, NOWHERE, N_("法人主题")},
	{"plan_effective_date", MATTER_KEY_TEXT, offsetof(struct matter, effective_date),
		N_("生效日期")},
	{"plan_cancel_date", MATTER_KEY_TEXT, offsetof(struct matter, cancel_date), N_("取消日期")},
	{"limit_explain", MATTER_KEY_TEXT, offsetof(struct matter, limit_explain), N_("限制说明")},
	{"materials", MATTER_KEY_OBJECTS, NOWHERE, N_("材料")},
	{"fees", MATTER_KEY_OBJECTS, NOWHERE, N_("收费")},
	{"questions", MATTER_KEY_OBJECTS, NOWHERE, N_("常见问题")},
	{"situation", MATTER_KEY_OBJECTS, NOWHERE, N_("情形")},
	{"form", MATTER_KEY_TEXT, offsetof(struct matter, form), N_("申请表")},
	{"bundle", MATTER_KEY_LIST, NOWHERE, N_("包含事项")},
	{"aliases", MATTER_KEY_LIST, NOWHERE, N_("别名")},
	{NULL, 0, 0, NULL},
};

/* Keys inside materials, fees, questions and the situation. */
static const struct {
	const char *name, *label;
} part_labels[] = {
	{"material_name", N_("材料名称")},
	{"order_num", N_("序号")},
	{"is_need", N_("必要性")},
	{"material_type", N_("材料类型")},
	{"material_format", N_("材料形式")},
	{"originals", N_("原件份数")},
	{"copies", N_("复印件份数")},
	{"source_type", N_("来源")},
	{"source_explain", N_("来源说明")},
	{"issuer", N_("出具单位")},
	{"accept_stand", N_("受理标准")},
	{"fill_explain", N_("填报须知")},
	{"certificate", N_("电子证照")},
	{"exempt", N_("免提交")},
	{"relevant", N_("适用情形")},
	{"common_faults", N_("常见退回原因")},
	{"deferral_days", N_("容缺补交天数")},
	{"uses", N_("用于")},
	{"fee_name", N_("收费项目")},
	{"fee_stand", N_("收费标准")},
	{"is_desc", N_("可减免")},
	{"desc_explain", N_("减免说明")},
	{"question", N_("问题")},
	{"answer", N_("回答")},
	{"label", N_("文字")},
	{"choices", N_("选项")},
	{"soft_constraint", N_("少见的情形")},
	{"soft_constraint_message", N_("少见时的提醒")},
};

const struct matter_key *matter_key_find(const char *name)
{
	for (const struct matter_key *k = matter_keys; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

const char *matter_key_label(const char *name)
{
	const struct matter_key *k = matter_key_find(name);
	if (k)
		return tr(k->label);
	for (size_t i = 0; i < sizeof part_labels / sizeof *part_labels; i++)
		if (strcmp(part_labels[i].name, name) == 0)
			return tr(part_labels[i].label);
	return name;
}
