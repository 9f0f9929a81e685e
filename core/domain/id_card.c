/* 公民身份号码 (GB 11643-1999) and numbers built like it. */
#include <stdio.h>
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/identifier_rules.h"
#include "core/domain/mrz.h"

enum {
	OLDEST_YEARS = 130,
	FIRST_YEAR = 1800 /* nobody born earlier can have a number */
};

char id_card_check_char(const char *digits17)
{
	static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0, i;

	for (i = 0; i < 17; i++)
		sum += (digits17[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

static int number(const char *s, int n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*s++ - '0');
	return v;
}

static bool has_form(const char *s)
{
	size_t n = strlen(s);

	if (n == 15)
		return rule_digits(s, 15);
	return n == 18 && rule_digits(s, 17) && (s[17] == 'X' || rule_digits(s + 17, 1));
}

bool id_card_facts(const char *value, struct id_card_facts *out)
{
	bool old = strlen(value) == 15;
	struct id_card_facts f;

	if (!has_form(value))
		return false;
	if (old)
		f.birth = (struct date){
			1900 + number(value + 6, 2), number(value + 8, 2), number(value + 10, 2)};
	else
		f.birth = (struct date){
			number(value + 6, 4), number(value + 10, 2), number(value + 12, 2)};
	if (!date_valid(f.birth))
		return false;
	f.male = (value[old ? 14 : 16] - '0') % 2 == 1;
	memcpy(f.region, value, 6);
	f.region[6] = '\0';
	*out = f;
	return true;
}

int id_card_age(struct date birth, int32_t today)
{
	struct date now = date_from_day(today);

	return now.year - birth.year -
	       (now.month < birth.month || (now.month == birth.month && now.day < birth.day));
}

/* The same number in its form of 18 characters. */
static void upgrade(const char *s15, char out[19])
{
	snprintf(out, 19, "%.6s19%.9s", s15, s15 + 6);
	out[17] = id_card_check_char(out);
	out[18] = '\0';
}

static enum verdict check_form(const char *s, struct finding *out)
{
	size_t n = strlen(s), i = rule_plain(s);

	if (i < n)
		return rule_say(out, VERDICT_ERROR, "id-card.form",
			tr("身份证号码只有数字 (末位可以是 X), 第 %zu 个字不是"), i + 1);
	if (n != 18 && n != 15)
		return rule_say(out, VERDICT_ERROR, "id-card.length",
			tr("应为 18 位, 现在是 %zu 位, 请对照原件"), n);
	for (i = 0; i < n; i++)
		if (!rule_digits(s + i, 1) && !(n == 18 && i == 17 && s[i] == 'X'))
			return rule_say(out, VERDICT_ERROR, "id-card.form",
				tr("第 %zu 位应为数字%s"), i + 1,
				n == 18 && i == 17 ? tr("或 X") : "");
	return VERDICT_OK;
}

/* last: the last digit of the birth in the number at hand, 14 of 18 or 12 of 15. */
static enum verdict check_birth(const char *s18, int last, int32_t today, struct finding *out)
{
	struct date d = {number(s18 + 6, 4), number(s18 + 10, 2), number(s18 + 12, 2)};

	if (!date_valid(d))
		return rule_say(out, VERDICT_ERROR, "id-card.birth",
			tr("第 7 到 %d 位是出生日期, 但 %04d-%02d-%02d 不存在"), last, d.year,
			d.month, d.day);
	if (date_to_day(d) > today)
		return rule_say(out, VERDICT_ERROR, "id-card.future",
			tr("出生日期 %04d-%02d-%02d 还没有到"), d.year, d.month, d.day);
	if (d.year < FIRST_YEAR)
		return rule_say(out, VERDICT_ERROR, "id-card.birth",
			tr("第 7 到 %d 位是出生日期, %d 年不可能"), last, d.year);
	if (id_card_age(d, today) > OLDEST_YEARS)
		return rule_say(out, VERDICT_WARNING, "id-card.age",
			tr("按号码已 %d 岁, 请核对原件"), id_card_age(d, today));
	return VERDICT_OK;
}

static enum verdict check_citizen(const char *s, int32_t today, struct finding *out)
{
	char full[19];
	enum verdict v = check_form(s, out), birth;

	if (v == VERDICT_ERROR)
		return v;
	if (strlen(s) == 15)
		upgrade(s, full);
	else
		memcpy(full, s, 19);
	birth = check_birth(full, strlen(s) == 15 ? 12 : 14, today, out);
	if (birth == VERDICT_ERROR)
		return birth;
	if (full[17] != id_card_check_char(full))
		return rule_say(out, VERDICT_ERROR, "id-card.check-digit",
			tr("第 18 位校验码应为 %c, 请对照原件"), id_card_check_char(full));
	if (rule_province(full) == NULL)
		return rule_say(out, VERDICT_ERROR, "id-card.region",
			tr("前两位 %.2s 不是任何省的代码, 请对照原件"), full);
	if (full[0] == '8' && strncmp(full + 2, "0000", 4) != 0)
		return rule_say(out, VERDICT_ERROR, "id-card.region",
			tr("%.2s 开头的是港澳台居民居住证, 前 6 位只有 %.2s0000, 请对照原件"), full,
			full);
	if (birth == VERDICT_WARNING)
		return birth;
	if (!rule_region_known(full))
		return rule_say(out, VERDICT_WARNING, "id-card.region",
			tr("前 6 位 %.6s 不在历年区划表里, 请核对原件"), full);
	if (strlen(s) == 15) {
		buf_clear(&out->normalised);
		buf_adds(&out->normalised, full);
		return rule_say(out, VERDICT_INFO, "id-card.upgraded", tr("15 位旧号已升为 18 位"));
	}
	return VERDICT_OK;
}

/* ---- 外国人永久居留身份证 ---- */

/* ISO 3166-1 alpha-3 and numeric codes, six characters each. */
static const char *const countries[] = {
	"ABW533",
	"AFG004",
	"AGO024",
	"AIA660",
	"ALA248",
	"ALB008",
	"AND020",
	"ARE784",
	"ARG032",
	"ARM051",
	"ASM016",
	"ATA010",
	"ATF260",
	"ATG028",
	"AUS036",
	"AUT040",
	"AZE031",
	"BDI108",
	"BEL056",
	"BEN204",
	"BES535",
	"BFA854",
	"BGD050",
	"BGR100",
	"BHR048",
	"BHS044",
	"BIH070",
	"BLM652",
	"BLR112",
	"BLZ084",
	"BMU060",
	"BOL068",
	"BRA076",
	"BRB052",
	"BRN096",
	"BTN064",
	"BVT074",
	"BWA072",
	"CAF140",
	"CAN124",
	"CCK166",
	"CHE756",
	"CHL152",
	"CHN156",
	"CIV384",
	"CMR120",
	"COD180",
	"COG178",
	"COK184",
	"COL170",
	"COM174",
	"CPV132",
	"CRI188",
	"CUB192",
	"CUW531",
	"CXR162",
	"CYM136",
	"CYP196",
	"CZE203",
	"DEU276",
	"DJI262",
	"DMA212",
	"DNK208",
	"DOM214",
	"DZA012",
	"ECU218",
	"EGY818",
	"ERI232",
	"ESH732",
	"ESP724",
	"EST233",
	"ETH231",
	"FIN246",
	"FJI242",
	"FLK238",
	"FRA250",
	"FRO234",
	"FSM583",
	"GAB266",
	"GBR826",
	"GEO268",
	"GGY831",
	"GHA288",
	"GIB292",
	"GIN324",
	"GLP312",
	"GMB270",
	"GNB624",
	"GNQ226",
	"GRC300",
	"GRD308",
	"GRL304",
	"GTM320",
	"GUF254",
	"GUM316",
	"GUY328",
	"HKG344",
	"HMD334",
	"HND340",
	"HRV191",
	"HTI332",
	"HUN348",
	"IDN360",
	"IMN833",
	"IND356",
	"IOT086",
	"IRL372",
	"IRN364",
	"IRQ368",
	"ISL352",
	"ISR376",
	"ITA380",
	"JAM388",
	"JEY832",
	"JOR400",
	"JPN392",
	"KAZ398",
	"KEN404",
	"KGZ417",
	"KHM116",
	"KIR296",
	"KNA659",
	"KOR410",
	"KWT414",
	"LAO418",
	"LBN422",
	"LBR430",
	"LBY434",
	"LCA662",
	"LIE438",
	"LKA144",
	"LSO426",
	"LTU440",
	"LUX442",
	"LVA428",
	"MAC446",
	"MAF663",
	"MAR504",
	"MCO492",
	"MDA498",
	"MDG450",
	"MDV462",
	"MEX484",
	"MHL584",
	"MKD807",
	"MLI466",
	"MLT470",
	"MMR104",
	"MNE499",
	"MNG496",
	"MNP580",
	"MOZ508",
	"MRT478",
	"MSR500",
	"MTQ474",
	"MUS480",
	"MWI454",
	"MYS458",
	"MYT175",
	"NAM516",
	"NCL540",
	"NER562",
	"NFK574",
	"NGA566",
	"NIC558",
	"NIU570",
	"NLD528",
	"NOR578",
	"NPL524",
	"NRU520",
	"NZL554",
	"OMN512",
	"PAK586",
	"PAN591",
	"PCN612",
	"PER604",
	"PHL608",
	"PLW585",
	"PNG598",
	"POL616",
	"PRI630",
	"PRK408",
	"PRT620",
	"PRY600",
	"PSE275",
	"PYF258",
	"QAT634",
	"REU638",
	"ROU642",
	"RUS643",
	"RWA646",
	"SAU682",
	"SDN729",
	"SEN686",
	"SGP702",
	"SGS239",
	"SHN654",
	"SJM744",
	"SLB090",
	"SLE694",
	"SLV222",
	"SMR674",
	"SOM706",
	"SPM666",
	"SRB688",
	"SSD728",
	"STP678",
	"SUR740",
	"SVK703",
	"SVN705",
	"SWE752",
	"SWZ748",
	"SXM534",
	"SYC690",
	"SYR760",
	"TCA796",
	"TCD148",
	"TGO768",
	"THA764",
	"TJK762",
	"TKL772",
	"TKM795",
	"TLS626",
	"TON776",
	"TTO780",
	"TUN788",
	"TUR792",
	"TUV798",
	"TWN158",
	"TZA834",
	"UGA800",
	"UKR804",
	"UMI581",
	"URY858",
	"USA840",
	"UZB860",
	"VAT336",
	"VCT670",
	"VEN862",
	"VGB092",
	"VIR850",
	"VNM704",
	"VUT548",
	"WLF876",
	"WSM882",
	"YEM887",
	"ZAF710",
	"ZMB894",
	"ZWE716",
};

static bool is_country(const char *code, int offset)
{
	size_t i;

	for (i = 0; i < sizeof countries / sizeof countries[0]; i++)
		if (memcmp(countries[i] + offset, code, 3) == 0)
			return true;
	return false;
}

/* 2023: 9, province 2, country 3, birth 8, order 3, check 1 (MOD 11-2). */
static enum verdict check_new_foreigner(const char *s, int32_t today, struct finding *out)
{
	enum verdict v = check_form(s, out);

	if (v == VERDICT_OK)
		v = check_birth(s, 14, today, out);
	if (v == VERDICT_ERROR)
		return v;
	if (s[17] != id_card_check_char(s))
		return rule_say(out, VERDICT_ERROR, "foreigner-id.check-digit",
			tr("第 18 位校验码应为 %c, 请对照原件"), id_card_check_char(s));
	if (rule_province(s + 1) == NULL)
		return rule_say(out, VERDICT_ERROR, "foreigner-id.region",
			tr("第 2、3 位 %.2s 不是任何省的代码"), s + 1);
	if (!is_country(s + 3, 3))
		return rule_say(out, VERDICT_ERROR, "foreigner-id.country",
			tr("第 4 到 6 位 %.3s 不是任何国家的代码"), s + 3);
	return v;
}

/* 2017: country 3 letters, province and city 4, birth YYMMDD 6, order 1, check 1. */
static enum verdict check_old_foreigner(const char *s, struct finding *out)
{
	struct date d = {2000 + number(s + 7, 2), number(s + 9, 2), number(s + 11, 2)};

	if (!is_country(s, 0))
		return rule_say(out, VERDICT_ERROR, "foreigner-id.country",
			tr("前三位 %.3s 不是任何国家的代码"), s);
	if (rule_province(s + 3) == NULL)
		return rule_say(out, VERDICT_ERROR, "foreigner-id.region",
			tr("第 4、5 位 %.2s 不是任何省的代码"), s + 3);
	if (!date_valid(d) && !date_valid((struct date){d.year - 100, d.month, d.day}))
		return rule_say(out, VERDICT_ERROR, "foreigner-id.birth",
			tr("第 8 到 13 位应为出生日期 (年月日各两位)"));
	if (mrz_sum(s, 14, 0) % 10 != s[14] - '0')
		return rule_say(out, VERDICT_ERROR, "foreigner-id.check-digit",
			tr("第 15 位校验码应为 %d, 请对照原件"), mrz_sum(s, 14, 0) % 10);
	return VERDICT_OK;
}

static enum verdict check_foreigner_number(const char *s, int32_t today, struct finding *out)
{
	size_t n = strlen(s), i;

	if (n == 18 && s[0] == '9')
		return check_new_foreigner(s, today, out);
	if (n == 15) {
		for (i = 0; i < 3 && s[i] >= 'A' && s[i] <= 'Z'; i++)
			continue;
		if (i == 3 && rule_digits(s + 3, 12))
			return check_old_foreigner(s, out);
	}
	return rule_say(out, VERDICT_ERROR, "foreigner-id.form",
		tr("应为 9 开头的 18 位数字 (2023 版) 或 3 个字母加 12 位数字 (2017 版)"));
}

/* A good number of another kind is called by its name: none of its digits is wrong. */
enum verdict check_id_card(const char *s, int32_t today, struct finding *out)
{
	enum verdict v = check_citizen(s, today, out);
	struct finding other = {0};

	if (v != VERDICT_ERROR)
		return v;
	if (check_foreigner_number(s, today, &other) != VERDICT_ERROR)
		v = rule_say(out, v, "id-card.foreigner",
			tr("这是外国人永久居留身份证的号码, 不是公民身份号码, 请改选证件类型"));
	else if (rule_is_company(s))
		v = rule_say(out, v, "id-card.company",
			tr("这是单位的统一社会信用代码, 不是人的证件号码"));
	finding_fini(&other);
	return v;
}

/* The card's own lines, from a reader: the number stands at one of two places. */
static enum verdict check_card_lines(
	const struct mrz_card *card, int32_t today, struct finding *out)
{
	const char *const numbers[] = {card->number, card->optional};

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		enum verdict v = check_foreigner_number(numbers[i], today, out);
		if (v == VERDICT_ERROR)
			continue;
		buf_clear(&out->normalised);
		buf_adds(&out->normalised, numbers[i]);
		return v == VERDICT_OK ? rule_say(out, v, NULL, "%s", "") : v;
	}
	return rule_say(out, VERDICT_ERROR, "foreigner-id.mrz-number",
		tr("机读码里没有永久居留身份证的号码, 请打证件上的号码"));
}

enum verdict check_foreigner_id(const char *s, int32_t today, struct finding *out)
{
	struct mrz_card card;
	const char *what = NULL;

	switch (mrz_read_card(s, &card, &what)) {
	case MRZ_CARD:
		return check_card_lines(&card, today, out);
	case MRZ_LENGTH:
		return rule_say(out, VERDICT_ERROR, "foreigner-id.mrz-length",
			tr("机读码应为三行各 30 个字符, 现在共 %zu 个, 请再扫一次或打证件号码"),
			strlen(s));
	case MRZ_WRONG:
		return rule_say(out, VERDICT_ERROR, "foreigner-id.mrz-check-digit",
			tr("机读码里%s的校验码对不上, 请再扫一次或打证件号码"), tr(what));
	default:
		return check_foreigner_number(s, today, out);
	}
}
