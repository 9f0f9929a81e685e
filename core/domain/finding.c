#include "core/domain/finding.h"

#include <stddef.h>
#include <string.h>

#include "core/base/msg.h"

void finding_fini(struct finding *f)
{
	buf_fini(&f->normalised);
	buf_fini(&f->message);
	f->verdict = VERDICT_OK;
	f->rule = NULL;
}

void finding_clear(struct finding *f)
{
	buf_clear(&f->normalised);
	buf_clear(&f->message);
	f->verdict = VERDICT_OK;
	f->rule = NULL;
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = {"ok", "info", "warning", "error"};

	return names[v];
}

const char *finding_source(const char *rule)
{
	static const struct {
		const char *kind, *words; /* words: N_() */
	} sources[] = {
		{"id-card", N_("公民身份号码, 国家标准 GB 11643")},
		{"uscc", N_("统一社会信用代码, 国家标准 GB 32100")},
		{"org-code", N_("组织机构代码, 国家标准 GB 11714")},
		{"business-reg", N_("工商注册号的位数和校验码")},
		{"bank-card", N_("银行卡号的位数和末位校验")},
		{"passport", N_("护照号码的写法")},
		{"hkm-permit", N_("港澳居民来往内地通行证号码的写法")},
		{"tw-permit", N_("台湾居民来往大陆通行证号码的写法")},
		{"foreigner-id", N_("外国人永久居留身份证号码的写法")},
		{"person-id", N_("证件号码要和证件种类相符")},
		{"name",
			N_("姓名照身份证件的写法: 汉字, 少数民族姓名的间隔点, 外文姓名的字母和符号")},
		{"mobile", N_("手机号的位数和号段")},
		{"phone", N_("固定电话的区号和位数")},
		{"contact", N_("手机号的位数和号段, 固定电话的区号和位数")},
		{"postcode", N_("邮政编码的位数和省份")},
		{"region", N_("行政区划代码表")},
		{"number", N_("数字放得下的位数")},
		{"type", N_("这一栏只收哪一类答案")},
		{"centre", N_("中心的答复")},
	};
	size_t len = strcspn(rule, ".");

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
		if (strlen(sources[i].kind) == len && strncmp(sources[i].kind, rule, len) == 0)
			return tr(sources[i].words);
	return tr("这张表自己的规则");
}
