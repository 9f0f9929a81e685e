/* Functions of text. Positions and lengths count code points. */
#include <math.h>
#include <string.h>

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/expr_number.h"
#include "forms/fn.h"
#include "forms/regex.h"

#define UUID_MAX_CPS 1000
#define REGEX_WORK   2000 /* a search counts for more than a step of a path */

struct joiner {
	struct run *run;
	struct buf out;
	const char *between;
	bool any;
};

static enum err join_item(void *arg, const struct value *v, const struct node *n)
{
	struct joiner *j = arg;
	size_t before = j->out.len;
	struct str s;

	if (j->any)
		buf_adds(&j->out, j->between);
	j->any = true;
	if (n) {
		node_str(n, &s);
		buf_adds(&j->out, s.s);
		str_fini(&s);
	} else if (v->type == VALUE_NUMBER && v->as.number != floor(v->as.number)) {
		number_write(&j->out, number_sure(v->as.number)); /* as an answer keeps it */
	} else {
		value_string(v, &j->out);
	}
	return run_spend(j->run, (j->out.len - before) / 4 + 1);
}

static enum err join(struct call *c, int first, const char *between, struct value *out)
{
	struct joiner j = {.run = c->run, .between = between};
	enum err err = call_each(c, first, join_item, &j);

	if (err) {
		buf_fini(&j.out);
		return err;
	}
	return put_buf(out, &j.out);
}

enum err fn_string_concat(struct call *c, struct value *out)
{
	return join(c, 0, "", out);
}

enum err fn_string_join(struct call *c, struct value *out)
{
	struct str between;
	enum err err = call_string(c, 0, &between);

	if (err)
		return err;
	err = join(c, 1, between.s, out);
	str_fini(&between);
	return err;
}

/* The byte where code point `cps` begins, or the end. */
static size_t byte_of(const char *s, double cps)
{
	size_t at = 0, len = strlen(s);
	uint32_t cp;

	for (double i = 0; i < cps && at < len; i++)
		at += text_decode(s + at, len - at, &cp);
	return at;
}

/* A 0-based place; negative counts from the end; kept inside the text. */
static double place(double n, double length)
{
	n = isnan(n) ? 0 : trunc(n);
	if (n < 0)
		n += length;
	return fmin(fmax(n, 0), length);
}

enum err fn_string_substr(struct call *c, struct value *out)
{
	struct str s;
	double start, end = INFINITY, length;
	enum err err = call_number(c, 1, &start);

	if (!err && c->count > 2)
		err = call_number(c, 2, &end);
	if (!err)
		err = call_string(c, 0, &s);
	if (err)
		return err;
	length = (double)text_len_cps(s.s);
	start = place(start, length);
	end = place(end, length);
	if (start < end) {
		size_t from = byte_of(s.s, start), to = byte_of(s.s, end);

		put_bytes(out, s.s + from, to - from);
	} else {
		put_string(out, "");
	}
	str_fini(&s);
	return OK;
}

/* XPath 1.0 §4.2: the characters whose position, from 1, is at or after round(start) and before
 * round(start) + round(length). */
enum err fn_string_substring(struct call *c, struct value *out)
{
	struct str s;
	struct buf kept = {0};
	double start, length = INFINITY, end;
	size_t len;
	enum err err = call_number(c, 1, &start);

	if (!err && c->count > 2)
		err = call_number(c, 2, &length);
	if (!err)
		err = call_string(c, 0, &s);
	if (err)
		return err;
	start = floor(start + 0.5);
	end = c->count > 2 ? start + floor(length + 0.5) : INFINITY;
	len = strlen(s.s);
	for (size_t at = 0, position = 1, step; at < len; at += step, position++) {
		uint32_t cp;

		step = text_decode(s.s + at, len - at, &cp);
		if ((double)position >= start && (double)position < end)
			buf_add(&kept, s.s + at, step);
	}
	str_fini(&s);
	return put_buf(out, &kept);
}

/* Both arguments as text. On an error neither needs releasing. */
static enum err two_strings(struct call *c, struct str *a, struct str *b)
{
	enum err err = call_string(c, 0, a);

	if (err)
		return err;
	err = call_string(c, 1, b);
	if (err)
		str_fini(a);
	return err;
}

enum err fn_string_before(struct call *c, struct value *out)
{
	struct str s, part;
	const char *at;
	enum err err = two_strings(c, &s, &part);

	if (err)
		return err;
	at = strstr(s.s, part.s);
	put_bytes(out, s.s, at ? (size_t)(at - s.s) : 0);
	str_fini(&s);
	str_fini(&part);
	return OK;
}

enum err fn_string_after(struct call *c, struct value *out)
{
	struct str s, part;
	const char *at;
	enum err err = two_strings(c, &s, &part);

	if (err)
		return err;
	at = strstr(s.s, part.s);
	put_string(out, at ? at + strlen(part.s) : "");
	str_fini(&s);
	str_fini(&part);
	return OK;
}

enum err fn_string_contains(struct call *c, struct value *out)
{
	struct str s, part;
	enum err err = two_strings(c, &s, &part);

	if (err)
		return err;
	put_boolean(out, strstr(s.s, part.s) != NULL);
	str_fini(&s);
	str_fini(&part);
	return OK;
}

enum err fn_string_starts(struct call *c, struct value *out)
{
	struct str s, part;
	enum err err = two_strings(c, &s, &part);

	if (err)
		return err;
	put_boolean(out, strncmp(s.s, part.s, strlen(part.s)) == 0);
	str_fini(&s);
	str_fini(&part);
	return OK;
}

enum err fn_string_ends(struct call *c, struct value *out)
{
	struct str s, part;
	size_t len, tail;
	enum err err = two_strings(c, &s, &part);

	if (err)
		return err;
	len = strlen(s.s);
	tail = strlen(part.s);
	put_boolean(out, tail <= len && strcmp(s.s + len - tail, part.s) == 0);
	str_fini(&s);
	str_fini(&part);
	return OK;
}

/* Appends what code point cp becomes: from's n-th becomes to's n-th, or nothing. */
static void translate_cp(
	struct buf *out, const char *cp, size_t cp_len, const char *from, const char *to)
{
	uint32_t unused;

	while (*from) {
		size_t step = text_decode(from, strlen(from), &unused);

		if (step == cp_len && memcmp(from, cp, step) == 0) {
			if (*to)
				buf_add(out, to, text_decode(to, strlen(to), &unused));
			return;
		}
		from += step;
		if (*to)
			to += text_decode(to, strlen(to), &unused);
	}
	buf_add(out, cp, cp_len);
}

enum err fn_string_translate(struct call *c, struct value *out)
{
	struct str s, from, to;
	struct buf b = {0};
	size_t len;
	uint32_t cp;
	enum err err = two_strings(c, &s, &from);

	if (err)
		return err;
	err = call_string(c, 2, &to);
	if (!err) {
		len = strlen(s.s);
		err = run_spend(c->run, len / 4 * (strlen(from.s) + 1));
		for (size_t at = 0, step; !err && at < len; at += step) {
			step = text_decode(s.s + at, len - at, &cp);
			translate_cp(&b, s.s + at, step, from.s, to.s);
		}
		str_fini(&to);
	}
	str_fini(&s);
	str_fini(&from);
	if (err) {
		buf_fini(&b);
		return err;
	}
	return put_buf(out, &b);
}

enum err fn_string_length(struct call *c, struct value *out)
{
	struct str s;
	enum err err = call_string_or_self(c, 0, &s);

	if (err)
		return err;
	put_number(out, (double)text_len_cps(s.s));
	str_fini(&s);
	return OK;
}

enum err fn_string_normalize(struct call *c, struct value *out)
{
	struct str s;
	struct buf b = {0};
	bool gap = false;
	enum err err = call_string_or_self(c, 0, &s);

	if (err)
		return err;
	for (const char *p = s.s; *p; p++) {
		if (strchr(" \t\r\n", *p)) {
			gap = b.len > 0;
			continue;
		}
		if (gap)
			buf_addc(&b, ' ');
		gap = false;
		buf_addc(&b, *p);
	}
	str_fini(&s);
	return put_buf(out, &b);
}

enum err fn_string_string(struct call *c, struct value *out)
{
	struct str s;
	enum err err = call_string_or_self(c, 0, &s);

	if (err)
		return err;
	put_string(out, s.s);
	str_fini(&s);
	return OK;
}

enum err fn_string_regex(struct call *c, struct value *out)
{
	struct regex *constant = c->run->e->nodes[c->at].pattern, *made = NULL;
	struct str s, pattern;
	bool found = false;
	enum err err = call_string(c, 0, &s);

	if (err)
		return err;
	if (!constant) {
		err = call_string(c, 1, &pattern);
		if (!err) {
			err = regex_compile(&made, pattern.s, c->run->why);
			str_fini(&pattern);
		}
	}
	if (!err)
		err = run_spend(c->run, REGEX_WORK);
	if (!err)
		err = regex_search(constant ? constant : made, s.s, &found, c->run->why);
	regex_free(made);
	str_fini(&s);
	return err ? err : put_boolean(out, found);
}

/* RFC 4122 version 4. */
static void add_uuid(struct buf *b)
{
	unsigned char r[16];

	entropy_system.fill(entropy_system.arg, r, sizeof r);
	r[6] = (unsigned char)((r[6] & 0x0f) | 0x40);
	r[8] = (unsigned char)((r[8] & 0x3f) | 0x80);
	for (int i = 0; i < 16; i++)
		buf_printf(b, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", r[i]);
}

enum err fn_string_uuid(struct call *c, struct value *out)
{
	struct buf b = {0};
	double length = 36;
	enum err err = c->count > 0 ? call_number(c, 0, &length) : OK;

	if (err)
		return err;
	if (!(length >= 0 && length <= UUID_MAX_CPS))
		return run_refuse(c->run, tr("uuid() 的长度要在 0 到 %d 之间"), UUID_MAX_CPS);
	do
		add_uuid(&b);
	while (b.len < (size_t)length);
	put_bytes(out, b.data, (size_t)length);
	buf_fini(&b);
	return OK;
}

static const struct {
	const char *name;
	enum digest digest;
} digests[] = {
	{"MD5", DIGEST_MD5},
	{"SHA-1", DIGEST_SHA1},
	{"SHA-256", DIGEST_SHA256},
	{"SHA-384", DIGEST_SHA384},
	{"SHA-512", DIGEST_SHA512},
	{"SM3", DIGEST_SM3},
};

static bool digest_named(const char *name, enum digest *out)
{
	for (size_t i = 0; i < sizeof digests / sizeof *digests; i++) {
		if (strcmp(digests[i].name, name) == 0) {
			*out = digests[i].digest;
			return true;
		}
	}
	return false;
}

static enum err put_digest(
	struct call *c, const char *text, const char *name, const char *encoding, struct value *out)
{
	unsigned char raw[64];
	char hex[CRYPTO_HEX_SIZE];
	enum digest d;

	if (!digest_named(name, &d))
		return run_refuse(c->run,
			tr("digest() 不认识算法“%.*s”；可用 MD5、SHA-1、SHA-256、SHA-384、SHA-512、SM3"),
			shown_bytes(name), name);
	if (strcmp(encoding, "hex") == 0)
		return put_string(out, crypto_hex(d, text, strlen(text), hex));
	if (strcmp(encoding, "base64") != 0)
		return run_refuse(c->run, tr("digest() 不认识编码“%.*s”；可用 base64、hex"),
			shown_bytes(encoding), encoding);
	out->type = VALUE_STRING;
	out->as.string = crypto_base64(raw, crypto_digest(d, text, strlen(text), raw));
	return OK;
}

enum err fn_string_digest(struct call *c, struct value *out)
{
	struct str text, name, encoding = {"base64", NULL};
	enum err err = two_strings(c, &text, &name);

	if (err)
		return err;
	if (c->count > 2)
		err = call_string(c, 2, &encoding);
	if (!err)
		err = put_digest(c, text.s, name.s, encoding.s, out);
	str_fini(&text);
	str_fini(&name);
	str_fini(&encoding);
	return err;
}

static int base64_value(char c)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* RFC 4648 §4; white space between is ignored. false: not base64. */
static bool base64_decode(const char *s, struct buf *out)
{
	unsigned bits = 0;
	int have = 0, padding = 0;
	size_t symbols = 0;

	for (; *s; s++) {
		if (strchr(" \t\r\n", *s))
			continue;
		symbols++;
		if (*s == '=') {
			padding++;
			continue;
		}
		if (base64_value(*s) < 0 || padding > 0)
			return false;
		bits = bits << 6 | (unsigned)base64_value(*s);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_addc(out, (char)(bits >> have & 0xff));
		}
	}
	return padding <= 2 && (padding == 0 ? symbols % 4 != 1 : symbols % 4 == 0);
}

/* Text that is not base64 gives '', as ODK has it; bytes that are no text are refused. */
enum err fn_string_base64(struct call *c, struct value *out)
{
	struct str s;
	struct buf b = {0};
	enum err err = call_string(c, 0, &s);

	if (err)
		return err;
	if (!base64_decode(s.s, &b))
		buf_clear(&b);
	str_fini(&s);
	if (b.len > 0 && (memchr(b.data, '\0', b.len) || !text_valid(b.data, b.len))) {
		buf_fini(&b);
		return run_refuse(
			c->run, tr("base64-decode() 解出的内容不是 UTF-8 文字，不能填进表单"));
	}
	return put_buf(out, &b);
}
