/*
 * The functions of the expression language, and those of other systems that it leaves out on
 * purpose. One place for both: the README's list is written from here.
 */
#include <string.h>

#include "core/base/msg.h"
#include "forms/fn.h"

static const struct fn functions[] = {
	/* text */
	{"string", 0, 1, 0, fn_string_string, "{1}"},
	{"concat", 0, -1, 0, fn_string_concat, NULL},
	{"join", 1, -1, 0, fn_string_join, "{2}"},
	{"substr", 2, 3, 0, fn_string_substr, NULL},
	{"substring", 2, 3, 0, fn_string_substring, NULL},
	{"substring-before", 2, 2, 0, fn_string_before, N_("{1}里{2}之前的部分")},
	{"substring-after", 2, 2, 0, fn_string_after, N_("{1}里{2}之后的部分")},
	{"translate", 3, 3, 0, fn_string_translate, NULL},
	{"string-length", 0, 1, 0, fn_string_length, N_("{1}的字数")},
	{"normalize-space", 0, 1, 0, fn_string_normalize, "{1}"},
	{"contains", 2, 2, FN_BOOLEAN, fn_string_contains, N_("{1}含有{2}")},
	{"starts-with", 2, 2, FN_BOOLEAN, fn_string_starts, N_("{1}以{2}开头")},
	{"ends-with", 2, 2, FN_BOOLEAN, fn_string_ends, N_("{1}以{2}结尾")},
	{"regex", 2, 2, FN_BOOLEAN, fn_string_regex, N_("{1}合乎格式{2}")},
	{"uuid", 0, 1, FN_VOLATILE | FN_CHECKED, fn_string_uuid, N_("一个新的编号")},
	{"digest", 2, 3, FN_CHECKED, fn_string_digest, N_("{1}的摘要")},
	{"base64-decode", 1, 1, FN_CHECKED, fn_string_base64, NULL},
	/* decisions */
	{"if", 3, 3, 0, fn_logic_if, N_("（若{1}则{2}，否则{3}）")},
	{"coalesce", 2, -1, 0, fn_logic_coalesce, N_("{1}（未填时用{2}）")},
	{"once", 1, 1, 0, fn_logic_once, "{1}"},
	{"true", 0, 0, FN_BOOLEAN, fn_logic_true, N_("总是")},
	{"false", 0, 0, FN_BOOLEAN, fn_logic_false, N_("从不")},
	{"boolean", 1, 1, FN_BOOLEAN, fn_logic_boolean, N_("{1}有内容")},
	{"boolean-from-string", 1, 1, FN_BOOLEAN, fn_logic_from_string, N_("{1}为真")},
	{"not", 1, 1, FN_BOOLEAN, fn_logic_not, N_("并非（{1}）")},
	{"checklist", 2, -1, FN_BOOLEAN, fn_logic_checklist, NULL},
	{"weighted-checklist", 2, -1, FN_BOOLEAN | FN_PAIRS | FN_CHECKED, fn_logic_weighted, NULL},
	{"depend", 1, -1, 0, fn_logic_depend, "{1}"},
	/* numbers */
	{"number", 0, 1, 0, fn_number_number, "{1}"},
	{"int", 1, 1, 0, fn_number_int, N_("{1}的整数部分")},
	{"round", 1, 2, 0, fn_number_round, N_("{1}四舍五入")},
	{"floor", 1, 1, 0, fn_number_floor, N_("{1}向下取整")},
	{"ceiling", 1, 1, 0, fn_number_ceiling, N_("{1}向上取整")},
	{"abs", 1, 1, 0, fn_number_abs, N_("{1}的绝对值")},
	{"pow", 2, 2, 0, fn_number_pow, N_("{1}的{2}次方")},
	{"log", 1, 1, 0, fn_number_log, NULL},
	{"log10", 1, 1, 0, fn_number_log10, NULL},
	{"exp", 1, 1, 0, fn_number_exp, NULL},
	{"exp10", 1, 1, 0, fn_number_exp10, NULL},
	{"sqrt", 1, 1, 0, fn_number_sqrt, N_("{1}的平方根")},
	{"pi", 0, 0, 0, fn_number_pi, N_("圆周率")},
	{"random", 0, 0, FN_VOLATILE, fn_number_random, N_("一个随机数")},
	{"sum", 1, 1, FN_OF_NODES, fn_number_sum, N_("{1}的合计")},
	{"min", 0, -1, 0, fn_number_min, N_("{1}中最小的")},
	{"max", 0, -1, 0, fn_number_max, N_("{1}中最大的")},
	/* dates */
	{"today", 0, 0, FN_VOLATILE, fn_date_today, N_("今天")},
	{"now", 0, 0, FN_VOLATILE, fn_date_now, N_("现在")},
	{"date", 1, 1, FN_CHECKED, fn_date_date, "{1}"},
	{"date-time", 1, 1, FN_CHECKED, fn_date_date, "{1}"},
	{"decimal-date-time", 1, 1, FN_CHECKED, fn_date_decimal, "{1}"},
	{"decimal-time", 1, 1, 0, fn_date_decimal_time, "{1}"},
	{"format-date", 2, 2, 0, fn_date_format, "{1}"},
	{"format-date-time", 2, 2, 0, fn_date_format, "{1}"},
	/* node sets */
	{"count", 1, 1, FN_OF_NODES, fn_set_count, N_("{1}的个数")},
	{"count-non-empty", 1, 1, FN_OF_NODES, fn_set_count_non_empty, N_("已填的{1}的个数")},
	{"position", 0, 1, FN_VOLATILE | FN_OF_NODES, fn_set_position, N_("第几项")},
	{"last", 0, 0, FN_VOLATILE, fn_set_last, N_("最后一项的序号")},
	{"current", 0, 0, 0, fn_set_current, N_("本项")},
	{"instance", 1, 1, 0, fn_set_instance, N_("数据表{1}")},
	{"name", 0, 1, FN_OF_NODES, fn_set_name, NULL},
	{"local-name", 0, 1, FN_OF_NODES, fn_set_name, NULL},
	{"randomize", 1, 2, FN_VOLATILE | FN_OF_NODES, fn_set_randomize, "{1}"},
	{"indexed-repeat", 3, -1, FN_PAIRS | FN_OF_NODES, fn_set_indexed_repeat,
		N_("第{3}份的{1}")},
	{"pulldata", 4, 4, 0, fn_set_pulldata, N_("数据表{1}里{3}为{4}的{2}")},
	/* choices */
	{"selected", 2, 2, FN_BOOLEAN, fn_select_selected, N_("{1}选了{2}")},
	{"is-selected", 2, 2, FN_BOOLEAN, fn_select_selected, N_("{1}选了{2}")},
	{"selected-at", 2, 2, 0, fn_select_at, N_("{1}所选的一项")},
	{"count-selected", 1, 1, 0, fn_select_count, N_("{1}所选的项数")},
	{"jr:choice-name", 2, 2, 0, fn_select_choice_name, "{1}"},
	/* the clerk's */
	{"id-card-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是居民身份证号")},
	{"uscc-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是统一社会信用代码")},
	{"org-code-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是组织机构代码")},
	{"mobile-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是手机号")},
	{"contact-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是联系电话")},
	{"phone-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是电话号码")},
	{"postcode-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是邮政编码")},
	{"bank-card-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是银行卡号")},
	{"passport-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是护照号")},
	{"hkm-permit-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是港澳居民通行证号")},
	{"tw-permit-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是台湾居民通行证号")},
	{"foreigner-id-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是外国人永久居留证号")},
	{"business-reg-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是工商注册号")},
	{"region-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是行政区划代码")},
	{"name-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是人的姓名")},
	{"person-id-valid", 1, 1, FN_BOOLEAN, fn_clerk_valid, N_("{1}是有效的证件号码")},
	{"person-id-type", 1, 1, 0, fn_clerk_person_type, N_("{1}的证件种类")},
	{"id-card-birth", 1, 1, 0, fn_clerk_birth, N_("{1}上的出生日期")},
	{"id-card-sex", 1, 1, 0, fn_clerk_sex, N_("{1}上的性别")},
	{"id-card-region", 1, 1, 0, fn_clerk_region, N_("{1}上的地区代码")},
	{"age", 1, 2, FN_VOLATILE, fn_clerk_age, N_("按{1}算的周岁")},
	{"rmb-words", 1, 1, FN_CHECKED, fn_clerk_rmb_words, N_("{1}的人民币大写")},
	{"number-words", 1, 1, FN_CHECKED, fn_clerk_number_words, N_("{1}的中文写法")},
	{"workday-add", 2, 2, FN_CHECKED, fn_clerk_workday_add, N_("{1}后的第{2}个工作日")},
	{"workday-count", 2, 2, FN_CHECKED, fn_clerk_workday_count, N_("{1}到{2}的工作日数")},
};

struct left_out {
	const char *name;
	const char *why; /* N_() */
};

static const char geo[] = N_("政务柜台不量经纬度，地理函数未收入");
static const char trigonometry[] = N_("表单里用不到三角函数，未收入");
static const char languages[] = N_("多种语言由 label::中文 (zh) 这样的列给出，不用译文编号");
static const char namespaces[] = N_("表单里没有命名空间和 XML 标识");
static const char device[] = N_("窗口程序没有采集设备的属性；请用隐藏字段带入");

static const struct left_out left_out[] = {
	{"area", geo},
	{"enclosed-area", geo},
	{"distance", geo},
	{"geofence", geo},
	{"sin", trigonometry},
	{"cos", trigonometry},
	{"tan", trigonometry},
	{"asin", trigonometry},
	{"acos", trigonometry},
	{"atan", trigonometry},
	{"atan2", trigonometry},
	{"jr:itext", languages},
	{"itext", languages},
	{"namespace-uri", namespaces},
	{"lang", namespaces},
	{"id", namespaces},
	{"property", device},
	{"version", device},
	{"extract-signed", device},
};

const struct fn *fn_find(const char *name, size_t len_bytes)
{
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (functions[i].name[0] == name[0] && strlen(functions[i].name) == len_bytes &&
			memcmp(functions[i].name, name, len_bytes) == 0)
			return &functions[i];
	return NULL;
}

const char *fn_name(size_t i)
{
	return i < sizeof functions / sizeof *functions ? functions[i].name : NULL;
}

const char *fn_left_out(const char *name, size_t len_bytes)
{
	for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
		if (strlen(left_out[i].name) == len_bytes &&
			memcmp(left_out[i].name, name, len_bytes) == 0)
			return tr(left_out[i].why);
	return NULL;
}
