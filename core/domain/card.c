#include "core/domain/card.h"

#include <stddef.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"

enum {
	TEXT_MAX_BYTES = 2000,
	NAME_MAX_CPS = 25,
	PARTS_MAX = 24
};

void card_fini(struct card *c)
{
	buf_fini(&c->number);
	buf_fini(&c->name);
	buf_fini(&c->address);
	buf_fini(&c->nation);
}

static bool take_number(struct card *c, const char *text, int32_t today)
{
	struct finding f = {0};
	bool right = strlen(text) >= 15 &&
		     identifier_check(IDENTIFIER_ID_CARD, text, today, &f) < VERDICT_ERROR;

	if (right) {
		buf_clear(&c->number);
		buf_adds(&c->number, buf_str(&f.normalised));
	} else if (strspn(text, "0123456789") >= 17 && strlen(text) == 18) {
		c->wrong = true;
	}
	finding_fini(&f);
	return right;
}

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

static bool is_han(const char *text)
{
	uint32_t cp;
	size_t len = strlen(text), at = 0;

	while (at < len) {
		size_t n = text_decode(text + at, len - at, &cp);
		if (n == 0 || (cp < 0x3400 && cp != 0xB7) || (cp > 0x9FFF && cp < 0x20000))
			return false;
		at += n;
	}
	return len > 0;
}

static void put(struct buf *where, const char *text)
{
	if (where->len == 0)
		buf_adds(where, text);
}

/* ---- named values ---- */

static const struct {
	const char *word;
	size_t member; /* offset in struct card; 0: the number */
} words[] = {{"姓名", offsetof(struct card, name)}, {"name", offsetof(struct card, name)},
	{"民族", offsetof(struct card, nation)}, {"nation", offsetof(struct card, nation)},
	{"住址", offsetof(struct card, address)}, {"地址", offsetof(struct card, address)},
	{"address", offsetof(struct card, address)}, {"公民身份号码", 0}, {"身份证号", 0},
	{"身份证号码", 0}, {"证件号码", 0}, {"number", 0}, {"id", 0}, {"idcard", 0}, {"id_no", 0},
	{"idnum", 0}, {"cardno", 0}};

static void take_named(struct card *c, const char *name, const char *value, int32_t today)
{
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(words[i].word, name) != 0)
			continue;
		if (words[i].member == 0)
			take_number(c, value, today);
		else
			put((struct buf *)(void *)((char *)c + words[i].member), value);
		return;
	}
}

static void take_json(struct card *c, const char *text, int32_t today)
{
	json *root = NULL;
	const json *m;

	if (json_parse(&root, text, strlen(text), NULL) != OK)
		return;
	for (m = json_first(root); m != NULL; m = json_next(m)) {
		struct buf key = {0};
		text_fold(&key, json_key(m) != NULL ? json_key(m) : "");
		if (json_str(m) != NULL)
			take_named(c, buf_str(&key), json_str(m), today);
		buf_fini(&key);
	}
	json_free(root);
}

/* ---- parted values ---- */

/* What one part is can be seen: a number, a group's name, a place; the first name-like one is the
 * name. */
static void take_part(struct card *c, char *part, int32_t today)
{
	char *colon = strpbrk(part, ":=");

	if (colon != NULL) {
		struct buf key = {0};
		*colon = '\0';
		text_fold(&key, part);
		take_named(c, buf_str(&key), colon + 1, today);
		buf_fini(&key);
	} else if (c->number.len == 0 && take_number(c, part, today)) {
		return;
	} else if (!is_han(part) && !ends_with(part, "号") && !ends_with(part, "室")) {
		return;
	} else if (ends_with(part, "族") && text_len_cps(part) <= 8) {
		put(&c->nation, part);
	} else if (strcmp(part, "男") != 0 && strcmp(part, "女") != 0 && strcmp(part, "汉") != 0) {
		put(text_len_cps(part) >= 6 && !strstr(part, "·") ? &c->address : &c->name, part);
	}
}

bool card_parse(const char *text, int32_t today, struct card *out)
{
	struct buf copy = {0};
	char *rest, *part;
	int parts = 0;

	if (strlen(text) > TEXT_MAX_BYTES)
		return false;
	if (text[0] == '{') {
		take_json(out, text, today);
		return out->number.len > 0;
	}
	text_halfwidth(&copy, text);
	if (copy.len == 0 || take_number(out, copy.data, today)) {
		buf_fini(&copy);
		return out->number.len > 0;
	}
	rest = copy.data;
	while (rest != NULL && parts++ < PARTS_MAX &&
		(part = strtok_r(NULL, "|,;\t\r\n^#$", &rest)) != NULL) {
		text_trim(part);
		take_part(out, part, today);
	}
	buf_fini(&copy);
	if (text_len_cps(buf_str(&out->name)) > NAME_MAX_CPS)
		buf_clear(&out->name);
	return out->number.len > 0;
}
