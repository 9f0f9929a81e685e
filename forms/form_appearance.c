/* The appearance column: our own words in it, and those that were meant to be. Words of XLSForm's
 * other clients (minimal, w1, likert …) are taken and passed over. */
#include "forms/form_check.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "core/domain/identifier.h"
#include "forms/near.h"

static const char twice[] = "twice", same_as[] = "same-as", optional[] = "optional",
		  code[] = "code";

/* What an official writes who does not know the word. */
static const struct {
	const char *written, *word;
} meant[] = {{"身份证", "id-card"}, {"身份证号", "id-card"}, {"身份证号码", "id-card"},
	{"居民身份证", "id-card"}, {"公民身份号码", "id-card"}, {"idno", "id-card"},
	{"统一社会信用代码", "uscc"}, {"社会信用代码", "uscc"}, {"信用代码", "uscc"},
	{"组织机构代码", "org-code"}, {"手机", "mobile"}, {"手机号", "mobile"},
	{"手机号码", "mobile"}, {"cellphone", "mobile"}, {"电话", "phone"}, {"电话号码", "phone"},
	{"联系电话", "contact"}, {"固定电话", "phone"}, {"telephone", "phone"}, {"tel", "phone"},
	{"邮编", "postcode"}, {"邮政编码", "postcode"}, {"zipcode", "postcode"},
	{"银行卡", "bank-card"}, {"银行卡号", "bank-card"}, {"银行账号", "bank-card"},
	{"护照", "passport"}, {"护照号", "passport"}, {"护照号码", "passport"},
	{"港澳通行证", "hkm-permit"}, {"台胞证", "tw-permit"}, {"外国人永久居留证", "foreigner-id"},
	{"工商注册号", "business-reg"}, {"注册号", "business-reg"}, {"区划", "region"},
	{"行政区划", "region"}, {"区划代码", "region"}, {"行政区划代码", "region"},
	{"证件", "person-id"}, {"证件号", "person-id"}, {"证件号码", "person-id"}, {"姓名", "name"},
	{"人名", "name"}, {"fullname", "name"}, {"person-name", "name"}, {"编号", "code"},
	{"号码", "code"}, {"证书编号", "code"}, {"两遍", "twice"}, {"打两遍", "twice"}};

static bool is_latin(const char *word)
{
	for (; *word != '\0'; word++)
		if ((unsigned char)*word >= 0x80)
			return false;
	return true;
}

static const char *kind_of(const char *word)
{
	enum identifier_kind kind;

	return identifier_kind_by_name(word, &kind) ? identifier_kind_name(kind) : NULL;
}

/* The word of ours that this one, none of them, was meant to be; NULL: it is another's. */
static const char *word_meant(const char *word)
{
	struct near n = {word, NULL, 0};

	for (size_t i = 0; i < sizeof meant / sizeof meant[0]; i++)
		if (strcmp(meant[i].written, word) == 0)
			return meant[i].word;
	for (int k = 0; k < IDENTIFIER__MAX; k++)
		near_try(&n, identifier_kind_name((enum identifier_kind)k));
	near_try(&n, twice);
	near_try(&n, same_as);
	near_try(&n, optional);
	return n.best;
}

static void check_word(struct builder *b, int at, const char *word)
{
	const char *ours = word_meant(word);

	if (ours != NULL && strcmp(ours, same_as) == 0)
		builder_fault(
			b, at, tr("appearance 里没有 %s, 同一件事的另一栏请写 same-as:栏名"), word);
	else if (ours != NULL)
		builder_fault(b, at, tr("appearance 里没有 %s, 是不是 %s?"), word, ours);
	else if (!is_latin(word))
		builder_doubt(b, at,
			tr("appearance 里没有 %s, 它不起作用; 号码的种类要写英文的词, 如 id-card、mobile"),
			word);
}

static void take_word(struct builder *b, struct field *f, int at, const char *word)
{
	const char *colon = strchr(word, ':');

	if (colon != NULL && (size_t)(colon - word) == strlen(same_as) &&
		strncmp(word, same_as, strlen(same_as)) == 0) {
		f->same_as = form_keep(b->form, colon + 1);
		return;
	}
	if (strcmp(word, optional) == 0) {
		f->may_be_none = true;
		return;
	}
	if (strcmp(word, code) == 0) {
		f->is_code = true;
		return;
	}
	if (f->kind == NULL)
		f->kind = kind_of(word);
	if (kind_of(word) != NULL || strcmp(word, twice) == 0)
		return;
	if (colon == NULL) {
		check_word(b, at, word);
	} else {
		struct buf before = {0};
		buf_add(&before, word, (size_t)(colon - word));
		if (colon > word && word_meant(buf_str(&before)) != NULL)
			check_word(b, at, buf_str(&before));
		buf_fini(&before);
	}
}

/* A number of the kind begins with zeros, or is too long for a number. */
static void check_kind_type(struct builder *b, const struct field *f, int at)
{
	const char *name = builder_cell(b, COL_NAME, NULL);

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_CALCULATE:
	case FIELD_HIDDEN:
		return;
	case FIELD_INTEGER:
	case FIELD_DECIMAL:
		builder_doubt(b, at,
			tr("%s 是号码 (%s), 填在数的栏里会丢掉开头的 0: 请把 type 改成 text"), name,
			f->kind);
		return;
	default:
		builder_doubt(b, at, tr("%s 只用在 text 栏上, %s 不是"), f->kind, name);
	}
}

void read_appearance(struct builder *b, struct field *f)
{
	struct buf word = {0};
	const char *p = f->appearance;
	int at = 0;

	builder_cell(b, COL_APPEARANCE, &at);
	while (*(p += strspn(p, " ")) != '\0') {
		size_t n = strcspn(p, " ");
		buf_clear(&word);
		buf_add(&word, p, n);
		if (strchr(word.data, '(') != NULL) /* search('…') and the like to their end */
			break;
		take_word(b, f, at, word.data);
		p += n;
	}
	buf_fini(&word);
	if (f->kind != NULL)
		check_kind_type(b, f, at);
}
