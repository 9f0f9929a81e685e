#include "core/base/json.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <endian.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

enum {
	DEPTH_MAX = 64,
	FEW_MEMBERS = 32
};

/* How many bytes from s on are an ordinary part of a string; eight at a time, then one by one. The
 * lowest of the eight that is none is told exactly. */
static size_t plain_bytes(const char *s, size_t len_bytes)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	size_t n = 0;

	while (len_bytes - n >= 8) {
		uint64_t w, quote, slash, odd;
		memcpy(&w, s + n, 8);
		w = le64toh(w);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		/* A byte under 0x20, a quote or a backslash among the eight. */
		odd = (((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
			      ((slash - ones) & ~slash)) &
		      tops;
		if (odd != 0)
			return n + (size_t)__builtin_ctzll(odd) / 8;
		n += 8;
	}
	while (n < len_bytes && (unsigned char)s[n] >= 0x20 && s[n] != '"' && s[n] != '\\')
		n++;
	return n;
}

static bool wrong_byte(size_t at, char c, struct buf *why)
{
	if (c == '\0')
		buf_why(why, tr("JSON 里第 %zu 个字节是空字符, 请检查文件编码 (应为 UTF-8)"),
			at + 1);
	else
		buf_why(why, tr("JSON 字符串里有未转义的控制字符 (第 %zu 个字节)"), at + 1);
	return false;
}

/* Four hexadecimal digits, as they follow \u. */
static bool four_digits(const char *text, size_t len_bytes, size_t at)
{
	for (size_t i = at; i < at + 4; i++)
		if (i >= len_bytes || !isxdigit((unsigned char)text[i]))
			return false;
	return true;
}

/* A string from the byte after its quote; *at is then behind it, or at the end of the text. */
static bool scan_string(const char *text, size_t len_bytes, size_t *at, struct buf *why)
{
	size_t i = *at;

	for (;;) {
		i += plain_bytes(text + i, len_bytes - i);
		if (i >= len_bytes || text[i] == '"')
			break;
		if (text[i] != '\\')
			return wrong_byte(i, text[i], why);
		if (len_bytes - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0) {
			buf_why(why, tr("JSON 字符串里不能有 \\u0000 (第 %zu 个字节)"), i + 1);
			return false;
		}
		if (len_bytes - i >= 2 && text[i + 1] == 'u' &&
			!four_digits(text, len_bytes, i + 2)) {
			buf_why(why, tr("JSON 里第 %zu 个字节起的 \\u 后面要有 4 位十六进制数"),
				i + 1);
			return false;
		}
		i += i + 1 < len_bytes ? 2 : 1;
	}
	*at = i + (i < len_bytes);
	return true;
}

static size_t digits(const char *text, size_t len_bytes, size_t at)
{
	while (at < len_bytes && text[at] >= '0' && text[at] <= '9')
		at++;
	return at;
}

/* A number from its first byte; *at is then behind it. No "01", "1.", "-.5" (RFC 8259 section 6).
 */
static bool scan_number(const char *text, size_t len_bytes, size_t *at, struct buf *why)
{
	size_t start = *at + (text[*at] == '-'), end = digits(text, len_bytes, start), from;
	bool good = end > start && (text[start] != '0' || end == start + 1);

	if (end < len_bytes && text[end] == '.') {
		from = end + 1;
		end = digits(text, len_bytes, from);
		good = good && end > from;
	}
	if (end < len_bytes && (text[end] == 'e' || text[end] == 'E')) {
		from = end + 1;
		if (from < len_bytes && (text[from] == '+' || text[from] == '-'))
			from++;
		end = digits(text, len_bytes, from);
		good = good && end > from;
	}
	if (!good)
		buf_why(why, tr("JSON 里第 %zu 个字节起的数写法不对"), *at + 1);
	*at = end;
	return good;
}

/* What cJSON lets pass and we do not: deep nesting, escapes of NUL, numbers in other writings.
 * Positions count from 1. */
static bool scan(const char *text, size_t len_bytes, struct buf *why)
{
	int depth = 0;
	size_t i = 0;

	while (i < len_bytes) {
		char c = text[i++];
		if (c == '\0')
			return wrong_byte(i - 1, c, why);
		if ((unsigned char)c < ' ' && strchr("\t\n\r", c) == NULL) {
			buf_why(why, tr("JSON 里第 %zu 个字节是控制字符"), i);
			return false;
		}
		if (c == '"' && !scan_string(text, len_bytes, &i, why))
			return false;
		if (c == '-' || (c >= '0' && c <= '9')) {
			i--;
			if (!scan_number(text, len_bytes, &i, why))
				return false;
		}
		depth += (c == '{' || c == '[') - (c == '}' || c == ']');
		if (depth > DEPTH_MAX) {
			buf_why(why, tr("JSON 嵌套超过 %d 层"), DEPTH_MAX);
			return false;
		}
	}
	return true;
}

static bool same_name(const json *a, const json *b)
{
	return a->string[0] == b->string[0] && strcmp(a->string, b->string) == 0;
}

/* Each beside each: the quickest way while they are few. */
static const char *duplicate_of_few(const json *object)
{
	const json *m, *other;

	for (m = object->child; m != NULL; m = m->next)
		for (other = m->next; other != NULL; other = other->next)
			if (same_name(m, other))
				return m->string;
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const json *const *x = a, *const *y = b;

	return strcmp((*x)->string, (*y)->string);
}

/* A key that stands twice in one object, or NULL. Sorted when there are many, so that hostile input
 * stays cheap. */
static const char *duplicate_key(const json *object)
{
	size_t n = json_count(object), i = 0;
	const json **members;
	const json *m;
	const char *twice = NULL;

	if (n <= FEW_MEMBERS)
		return duplicate_of_few(object);
	members = mem_array(n, sizeof *members);
	for (m = object->child; m != NULL && i < n; m = m->next)
		members[i++] = m;
	qsort(members, n, sizeof *members, by_name);
	for (i = 1; i < n && twice == NULL; i++)
		if (strcmp(members[i - 1]->string, members[i]->string) == 0)
			twice = members[i]->string;
	free(members);
	return twice;
}

/* Depth is bounded by scan(). */
static bool inspect(const json *v, struct buf *why)
{
	const json *m;

	if (cJSON_IsNumber(v) && !isfinite(v->valuedouble)) {
		buf_why(why, tr("JSON 里的数字太大"));
		return false;
	}
	if (cJSON_IsObject(v)) {
		const char *twice = duplicate_key(v);
		if (twice != NULL) {
			buf_why(why, tr("JSON 里同一层有两个 \"%s\""), twice);
			return false;
		}
	}
	for (m = v->child; m != NULL; m = m->next)
		if (!inspect(m, why))
			return false;
	return true;
}

/* ---- the memory of a tree ---- */

/*
 * A tree lives and dies whole, so its parts are cut from a few large pieces. What cJSON asks for
 * first is the root: it stands at the beginning of the first piece, and by it json_free finds all.
 */
struct piece {
	struct piece *next;
	size_t used, size; /* bytes of room */
	max_align_t room[];
};

/* Of the tree that is being parsed: cJSON's hooks know no argument. */
static struct piece *newest;

static struct piece *piece_new(size_t size)
{
	/* Never NULL: to cJSON a text for which there is no memory is simply not JSON, and a letter
	 * would be refused. */
	struct piece *p = mem_resize(NULL, sizeof *p + size, 1);

	p->next = NULL;
	p->used = 0;
	p->size = size;
	return p;
}

static void *cut(size_t size)
{
	size_t whole = (size + 7) / 8 * 8;
	char *at;

	if (whole > newest->size - newest->used) {
		size_t more = 2 * newest->size;
		newest->next = piece_new(more > whole ? more : whole);
		newest = newest->next;
	}
	at = (char *)newest->room + newest->used;
	newest->used += whole;
	return at;
}

static void keep(void *p)
{
	(void)p;
}

static void free_pieces(struct piece *p)
{
	while (p != NULL) {
		struct piece *next = p->next;
		free(p);
		p = next;
	}
}

/* NULL: not JSON; *end is where. */
static json *parse(const char *text, size_t len_bytes, const char **end)
{
	cJSON_Hooks memory = {cut, keep};
	struct piece *first = piece_new(2 * len_bytes + sizeof(json));
	json *root;

	newest = first;
	cJSON_InitHooks(&memory);
	root = cJSON_ParseWithLengthOpts(text, len_bytes, end, false);
	if (root == NULL)
		free_pieces(first);
	return root;
}

void json_free(json *root)
{
	if (root != NULL)
		free_pieces((struct piece *)(void *)((char *)root - offsetof(struct piece, room)));
}

enum err json_parse(json **out, const char *text, size_t len_bytes, struct buf *why)
{
	const char *end = NULL;
	json *root;

	if (text == NULL)
		text = ""; /* of an empty struct buf */
	if (!text_valid(text, len_bytes)) {
		buf_why(why, tr("不是 UTF-8 编码的文字, 请另存为 UTF-8 后再试"));
		return ERR_INVALID;
	}
	if (!scan(text, len_bytes, why))
		return ERR_INVALID;
	root = parse(text, len_bytes, &end);
	if (root == NULL) {
		buf_why(why, tr("不是 JSON: 第 %zu 个字节附近看不懂"),
			(size_t)(end != NULL ? end - text : 0) + 1);
		return ERR_INVALID;
	}
	while ((size_t)(end - text) < len_bytes && strchr(" \t\r\n", *end) != NULL)
		end++;
	if ((size_t)(end - text) < len_bytes) {
		buf_why(why, tr("JSON 之后还有多余的内容 (第 %zu 个字节)"),
			(size_t)(end - text) + 1);
		json_free(root);
		return ERR_INVALID;
	}
	if (!inspect(root, why)) {
		json_free(root);
		return ERR_INVALID;
	}
	*out = root;
	return OK;
}

/* ---- reading a tree ---- */

enum json_type json_type(const json *v)
{
	if (v == NULL || cJSON_IsNull(v))
		return JSON_NULL;
	if (cJSON_IsBool(v))
		return JSON_BOOL;
	if (cJSON_IsNumber(v))
		return JSON_NUMBER;
	if (cJSON_IsString(v))
		return JSON_STRING;
	return cJSON_IsArray(v) ? JSON_ARRAY : JSON_OBJECT;
}

const json *json_get(const json *object, const char *key)
{
	const json *m = cJSON_IsObject(object) ? object->child : NULL;

	while (m != NULL && (m->string[0] != key[0] || strcmp(m->string, key) != 0))
		m = m->next;
	return m;
}

const char *json_str(const json *v)
{
	return cJSON_IsString(v) ? v->valuestring : NULL;
}

const char *json_get_str(const json *object, const char *key)
{
	return json_str(json_get(object, key));
}

bool json_num(const json *v, double *out)
{
	if (!cJSON_IsNumber(v))
		return false;
	*out = v->valuedouble;
	return true;
}

int64_t json_get_int(const json *object, const char *key, int64_t absent)
{
	const json *v = json_get(object, key);
	const char *s = json_str(v);
	double d;

	if (json_num(v, &d) && fabs(d) <= 9007199254740992.0)
		return (int64_t)d;
	if (s != NULL && *s != '\0') {
		char *end;
		long long n = strtoll(s, &end, 10);
		if (*end == '\0')
			return n;
	}
	return absent;
}

bool json_get_bool(const json *object, const char *key, bool absent)
{
	const json *v = json_get(object, key);
	const char *s = json_str(v);
	double d;

	if (cJSON_IsBool(v))
		return cJSON_IsTrue(v);
	if (json_num(v, &d))
		return d != 0;
	if (s != NULL)
		return strcmp(s, "1") == 0 || strcmp(s, "true") == 0;
	return absent;
}

size_t json_count(const json *array_or_object)
{
	return array_or_object == NULL ? 0 : (size_t)cJSON_GetArraySize(array_or_object);
}

const json *json_first(const json *array_or_object)
{
	return cJSON_IsArray(array_or_object) || cJSON_IsObject(array_or_object)
		       ? array_or_object->child
		       : NULL;
}

const json *json_next(const json *v)
{
	return v->next;
}

const char *json_key(const json *member)
{
	return member->string;
}

static void put_escaped(struct buf *out, char c)
{
	if (c == '"' || c == '\\') {
		buf_addc(out, '\\');
		buf_addc(out, c);
	} else if (c == '\n') {
		buf_adds(out, "\\n");
	} else if (c == '\t') {
		buf_adds(out, "\\t");
	} else if (c == '\r') {
		buf_adds(out, "\\r");
	} else {
		buf_printf(out, "\\u%04x", (unsigned char)c);
	}
}

/* How many bytes from s on are written as they are. */
static size_t unescaped_bytes(const char *s, size_t len_bytes)
{
	size_t n = plain_bytes(s, len_bytes);
	const char *del = memchr(s, 0x7F, n);

	return del != NULL ? (size_t)(del - s) : n;
}

/* What needs no escape is copied a stretch at a time. */
void json_put_strn(struct buf *out, const char *s, size_t len_bytes)
{
	size_t i = 0;

	buf_reserve(out, len_bytes + 2);
	buf_addc(out, '"');
	while (i < len_bytes) {
		size_t n = unescaped_bytes(s + i, len_bytes - i);
		buf_add(out, s + i, n);
		i += n;
		if (i < len_bytes)
			put_escaped(out, s[i++]);
	}
	buf_addc(out, '"');
}

void json_put_str(struct buf *out, const char *s)
{
	if (s == NULL)
		buf_adds(out, "null");
	else
		json_put_strn(out, s, strlen(s));
}

void json_put_int(struct buf *out, int64_t n)
{
	buf_printf(out, "%lld", (long long)n);
}

void json_put_num(struct buf *out, double n)
{
	char text[40];
	int precision;

	if (!isfinite(n)) {
		buf_adds(out, "null");
		return;
	}
	if (n == floor(n) && fabs(n) < 1e15) {
		buf_printf(out, "%.0f", n == 0 ? 0.0 : n);
		return;
	}
	for (precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof text, "%.*g", precision, n);
		if (strtod(text, NULL) == n)
			break;
	}
	buf_adds(out, text);
}

void json_comma(struct buf *out)
{
	char last = out->len > 0 ? out->data[out->len - 1] : '\0';

	if (last != '\0' && last != '{' && last != '[' && last != ':' && last != ',' &&
		last != '\n')
		buf_addc(out, ',');
}

void json_member(struct buf *out, const char *key)
{
	json_comma(out);
	json_put_str(out, key);
	buf_addc(out, ':');
}

void json_member_str(struct buf *out, const char *key, const char *s)
{
	if (s == NULL)
		return;
	json_member(out, key);
	json_put_str(out, s);
}

void json_member_int(struct buf *out, const char *key, int64_t n)
{
	json_member(out, key);
	json_put_int(out, n);
}

void json_write(struct buf *out, const json *v)
{
	const json *m;

	switch (json_type(v)) {
	case JSON_NULL:
		buf_adds(out, "null");
		break;
	case JSON_BOOL:
		buf_adds(out, cJSON_IsTrue(v) ? "true" : "false");
		break;
	case JSON_NUMBER:
		json_put_num(out, v->valuedouble);
		break;
	case JSON_STRING:
		json_put_str(out, v->valuestring);
		break;
	case JSON_ARRAY:
		buf_addc(out, '[');
		for (m = v->child; m != NULL; m = m->next) {
			json_comma(out);
			json_write(out, m);
		}
		buf_addc(out, ']');
		break;
	case JSON_OBJECT:
		buf_addc(out, '{');
		for (m = v->child; m != NULL; m = m->next) {
			json_member(out, m->string);
			json_write(out, m);
		}
		buf_addc(out, '}');
		break;
	}
}
