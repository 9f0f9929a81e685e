/* 统一社会信用代码 (GB 32100-2015), 组织机构代码 (GB 11714-1997), 工商注册号 (GB/T 17710 MOD
 * 11,10). */
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/identifier_rules.h"

static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/* The value of a character of GB 32100, -1 for one it leaves out (I O S V Z). */
static int value_of(char c)
{
	const char *at = c != '\0' ? strchr(alphabet, c) : NULL;

	return at != NULL ? (int)(at - alphabet) : -1;
}

static char uscc_check_char(const char *s)
{
	static const int weights[17] = {
		1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
	int sum = 0, i;

	for (i = 0; i < 17; i++)
		sum += value_of(s[i]) * weights[i];
	return alphabet[(31 - sum % 31) % 31];
}

/* Letters count from A = 10 here, and all of them may stand. */
static char org_check_char(const char *s)
{
	static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0, i, check;

	for (i = 0; i < 8; i++)
		sum += (s[i] >= 'A' ? s[i] - 'A' + 10 : s[i] - '0') * weights[i];
	check = 11 - sum % 11;
	return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

/* 登记管理部门 and the kinds of bodies each enters (GB 32100-2015 table 1 with its amendments). */
static const struct {
	char office;
	const char *kinds;
} offices[] = {
	{'1', "1239"},	  /* 机构编制 */
	{'2', "19"},	  /* 外交 */
	{'3', "1234569"}, /* 司法行政 */
	{'4', "19"},	  /* 文化 */
	{'5', "123459"},  /* 民政 */
	{'6', "129"},	  /* 旅游 */
	{'7', "129"},	  /* 宗教 */
	{'8', "129"},	  /* 工会 */
	{'9', "1239"},	  /* 市场监督管理 */
	{'A', "19"},	  /* 中央军委改革和编制办公室 */
	{'G', "19"},	  /* 公安 */
	{'J', "19"},	  /* 住房和城乡建设 */
	{'N', "1239"},	  /* 农业农村 */
	{'Q', "1239"},	  /* 侨联 */
	{'Y', "19"},	  /* 其他 */
};

static bool is_entered_by(char office, char kind)
{
	size_t i;

	for (i = 0; i < sizeof offices / sizeof offices[0]; i++)
		if (offices[i].office == office)
			return strchr(offices[i].kinds, kind) != NULL;
	return false;
}

/* 100000: entered by an office of the whole country. */
static bool is_region(const char *six)
{
	return rule_province(six) != NULL || strncmp(six, "100000", 6) == 0;
}

static enum verdict check_credit_code(const char *s, struct finding *out)
{
	size_t n = strlen(s), i = rule_plain(s);

	if (i < n)
		return rule_say(out, VERDICT_ERROR, "uscc.form",
			tr("统一社会信用代码只有数字和大写字母, 第 %zu 个字不是"), i + 1);
	if (n != 18)
		return rule_say(out, VERDICT_ERROR, "uscc.length",
			tr("应为 18 位, 现在是 %zu 位, 请对照执照"), n);
	for (i = 0; i < 18; i++) {
		if (value_of(s[i]) < 0)
			return rule_say(out, VERDICT_ERROR, "uscc.form",
				tr("第 %zu 位 %c 不会出现在统一社会信用代码里 (不用 I O S V Z)"),
				i + 1, (unsigned char)s[i] < 0x80 ? s[i] : '?');
		if (i >= 2 && i < 8 && !rule_digits(s + i, 1))
			return rule_say(out, VERDICT_ERROR, "uscc.region",
				tr("第 3 到 8 位是登记机关区划, 第 %zu 位应为数字"), i + 1);
	}
	if (s[17] != uscc_check_char(s))
		return rule_say(out, VERDICT_ERROR, "uscc.check-char",
			tr("第 18 位校验码应为 %c, 请对照执照"), uscc_check_char(s));
	if (s[16] != org_check_char(s + 8))
		return rule_say(out, VERDICT_WARNING, "uscc.org-code",
			tr("第 17 位与组织机构代码的校验不符 (应为 %c), 请核对执照"),
			org_check_char(s + 8));
	if (!is_entered_by(s[0], s[1]))
		return rule_say(out, VERDICT_WARNING, "uscc.office",
			tr("前两位 %.2s 不是已知的登记管理部门和机构类别, 请核对执照"), s);
	if (!is_region(s + 2))
		return rule_say(out, VERDICT_WARNING, "uscc.region",
			tr("第 3、4 位 %.2s 不是任何省的代码, 请核对执照"), s + 2);
	return VERDICT_OK;
}

bool rule_is_company(const char *s)
{
	struct finding f = {0};
	bool is = (s[0] == '9' || strspn(s, "0123456789") < 17) &&
		  check_credit_code(s, &f) == VERDICT_OK;

	finding_fini(&f);
	return is;
}

/* The elder codes of a company are still on its papers: a good one is called by its name. */
enum verdict check_uscc(const char *s, int32_t today, struct finding *out)
{
	enum verdict v = check_credit_code(s, out);
	struct finding other = {0};

	if (v != VERDICT_ERROR)
		return v;
	if (check_org_code(s, today, &other) == VERDICT_OK)
		v = rule_say(out, v, "uscc.org-code-alone",
			tr("这是 9 位的组织机构代码, 统一社会信用代码有 18 位 (它在第 9 到 17 位), "
			   "请对照执照"));
	else if (check_business_reg(s, today, &other) == VERDICT_OK)
		v = rule_say(out, v, "uscc.business-reg",
			tr("这是 15 位的工商注册号, 统一社会信用代码有 18 位, 请对照执照"));
	else if (strlen(s) == 18 && check_id_card(s, today, &other) != VERDICT_ERROR)
		v = rule_say(
			out, v, "uscc.id-card", tr("这是公民身份号码, 不是单位的统一社会信用代码"));
	finding_fini(&other);
	return v;
}

enum verdict check_org_code(const char *s, int32_t today, struct finding *out)
{
	size_t n = strlen(s), i = rule_plain(s);

	(void)today;
	if (i < n)
		return rule_say(out, VERDICT_ERROR, "org-code.form",
			tr("组织机构代码只有数字和大写字母, 第 %zu 个字不是"), i + 1);
	if (n != 9)
		return rule_say(out, VERDICT_ERROR, "org-code.length",
			tr("应为 9 位 (8 位本体加 1 位校验码), 现在是 %zu 位"), n);
	for (i = 0; i < 8; i++)
		if (!rule_digits(s + i, 1) && !(s[i] >= 'A' && s[i] <= 'Z'))
			return rule_say(out, VERDICT_ERROR, "org-code.form",
				tr("第 %zu 位应为数字或大写字母"), i + 1);
	if (s[8] != org_check_char(s))
		return rule_say(out, VERDICT_ERROR, "org-code.check-char",
			tr("末位校验码应为 %c, 请对照证书"), org_check_char(s));
	return VERDICT_OK;
}

enum verdict check_business_reg(const char *s, int32_t today, struct finding *out)
{
	int product = 10, i;

	(void)today;
	if (strlen(s) == 13 && rule_digits(s, 13))
		return rule_say(out, VERDICT_WARNING, "business-reg.old",
			tr("13 位的旧注册号没有校验码, 请核对执照"));
	if (strlen(s) != 15 || !rule_digits(s, 15))
		return rule_say(out, VERDICT_ERROR, "business-reg.form", tr("应为 15 位数字"));
	for (i = 0; i < 14; i++) {
		int sum = (product + s[i] - '0') % 10;
		product = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	if ((product + s[14] - '0') % 10 != 1)
		return rule_say(out, VERDICT_ERROR, "business-reg.check-digit",
			tr("末位校验码应为 %d, 请对照执照"), (11 - product) % 10);
	return VERDICT_OK;
}
