/* 行政区划代码 (GB/T 2260, GB/T 10114). */
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/identifier_rules.h"
#include "core/domain/region.h"

struct province {
	char code[3];
	const char *name;
};

static const struct province provinces[] = {{"11", "北京市"}, {"12", "天津市"}, {"13", "河北省"},
	{"14", "山西省"}, {"15", "内蒙古自治区"}, {"21", "辽宁省"}, {"22", "吉林省"},
	{"23", "黑龙江省"}, {"31", "上海市"}, {"32", "江苏省"}, {"33", "浙江省"}, {"34", "安徽省"},
	{"35", "福建省"}, {"36", "江西省"}, {"37", "山东省"}, {"41", "河南省"}, {"42", "湖北省"},
	{"43", "湖南省"}, {"44", "广东省"}, {"45", "广西壮族自治区"}, {"46", "海南省"},
	{"50", "重庆市"}, {"51", "四川省"}, {"52", "贵州省"}, {"53", "云南省"},
	{"54", "西藏自治区"}, {"61", "陕西省"}, {"62", "甘肃省"}, {"63", "青海省"},
	{"64", "宁夏回族自治区"}, {"65", "新疆维吾尔自治区"}, {"71", "台湾省"},
	{"81", "香港特别行政区"}, {"82", "澳门特别行政区"}, {"83", "台湾居民"}};

const char *rule_province(const char *two)
{
	size_t i;

	for (i = 0; i < sizeof provinces / sizeof provinces[0]; i++)
		if (memcmp(provinces[i].code, two, 2) == 0)
			return provinces[i].name;
	return NULL;
}

bool rule_region_known(const char *six)
{
	/* Residence permits of people from Hong Kong, Macao and Taiwan have one code each. */
	if (memcmp(six, "810000", 6) == 0 || memcmp(six, "820000", 6) == 0 ||
		memcmp(six, "830000", 6) == 0)
		return true;
	return region_ever(six);
}

/* A province, a city or a county of some year. */
static bool is_division(const char *s)
{
	if (strncmp(s + 2, "0000", 4) == 0)
		return true;
	return strncmp(s + 4, "00", 2) == 0 ? region_is_city(s) : region_ever(s);
}

enum verdict check_region(const char *s, int32_t today, struct finding *out)
{
	size_t n = strlen(s);

	(void)today;
	if ((n != 6 && n != 9 && n != 12) || !rule_digits(s, n))
		return rule_say(
			out, VERDICT_ERROR, "region.form", tr("区划代码是 6、9 或 12 位数字"));
	if (rule_province(s) == NULL || strncmp(s, "83", 2) == 0)
		return rule_say(
			out, VERDICT_ERROR, "region.province", tr("%.2s 不是任何省的代码"), s);
	if (!is_division(s))
		return rule_say(out, VERDICT_WARNING, "region.unknown",
			tr("%.6s 不在历年区划表里, 请核对"), s);
	return VERDICT_OK;
}
