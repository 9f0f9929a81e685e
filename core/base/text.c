#include "core/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "core/base/buf.h"

size_t text_decode(const char *s, size_t len_bytes, uint32_t *cp)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n;

	if ((unsigned char)s[0] < 0x80) {
		*cp = (unsigned char)s[0];
		return 1;
	}
	n = utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len_bytes, &c);
	if (n <= 0 || c < 0) {
		*cp = 0xFFFD;
		return 1;
	}
	*cp = (uint32_t)c;
	return (size_t)n;
}

size_t text_encode(uint32_t cp, char out[4])
{
	if (!utf8proc_codepoint_valid((utf8proc_int32_t)cp))
		cp = 0xFFFD;
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)cp, (utf8proc_uint8_t *)out);
}

/* How many bytes from s on are ASCII; most of a letter is. */
static size_t ascii_bytes(const char *s, size_t len_bytes)
{
	size_t n = 0;

	while (len_bytes - n >= 8) {
		uint64_t w;
		memcpy(&w, s + n, 8);
		if ((w & 0x8080808080808080u) != 0)
			break;
		n += 8;
	}
	while (n < len_bytes && (unsigned char)s[n] < 0x80)
		n++;
	return n;
}

bool text_valid(const char *s, size_t len_bytes)
{
	size_t at = 0;
	utf8proc_int32_t c;

	while ((at += ascii_bytes(s + at, len_bytes - at)) < len_bytes) {
		utf8proc_ssize_t n = utf8proc_iterate(
			(const utf8proc_uint8_t *)s + at, (utf8proc_ssize_t)(len_bytes - at), &c);
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	return true;
}

size_t text_len_cps(const char *s)
{
	size_t len = strlen(s), at = 0, n = 0;
	uint32_t cp;

	while (at < len) {
		size_t ascii = ascii_bytes(s + at, len - at);
		at += ascii;
		n += ascii;
		if (at < len) {
			at += text_decode(s + at, len - at, &cp);
			n++;
		}
	}
	return n;
}

int text_cp_cols(uint32_t cp)
{
	int w;

	if (cp >= 0x4e00 && cp <= 0x9fef) /* nearly all of it: not looked up */
		return 2;
	if (cp >= 0x20 && cp <= 0x7e)
		return 1;
	/* Wide also where nothing stands yet (EastAsianWidth.txt): names get characters there. */
	if (cp >= 0x20000 && cp <= 0x3fffd && (cp & 0xffff) <= 0xfffd)
		return 2;
	w = utf8proc_charwidth((utf8proc_int32_t)cp);
	/* Spacing marks take a cell of their own in terminals; the library calls them combining. */
	if (w == 0 && utf8proc_category((utf8proc_int32_t)cp) == UTF8PROC_CATEGORY_MC)
		return 1;
	return w < 0 ? 0 : w;
}

int text_cols(const char *s)
{
	int cols;

	text_fit(s, INT32_MAX, &cols);
	return cols;
}

size_t text_fit(const char *s, int max_cols, int *used_cols)
{
	size_t len = strlen(s), at = 0;
	int cols = 0;

	while (at < len) {
		uint32_t cp;
		size_t n = text_decode(s + at, len - at, &cp);
		int w = text_cp_cols(cp);
		if (cols + w > max_cols)
			break;
		cols += w;
		at += n;
	}
	if (used_cols != NULL)
		*used_cols = cols;
	return at;
}

void text_pad(struct buf *out, const char *s, int cols)
{
	int used;
	size_t n = text_fit(s, cols, &used);

	if (s[n] != '\0') {
		n = text_fit(s, cols > 2 ? cols - 2 : cols, &used);
		buf_add(out, s, n);
		for (; cols > 2 && used < cols; used++)
			buf_addc(out, '.');
	} else {
		buf_add(out, s, n);
	}
	for (; used < cols; used++)
		buf_addc(out, ' ');
}

size_t text_next(const char *s, size_t len_bytes, size_t at)
{
	utf8proc_int32_t state = 0;
	uint32_t prev, cp;

	if (at >= len_bytes)
		return len_bytes;
	at += text_decode(s + at, len_bytes - at, &prev);
	while (at < len_bytes) {
		size_t n = text_decode(s + at, len_bytes - at, &cp);
		if (utf8proc_grapheme_break_stateful(
			    (utf8proc_int32_t)prev, (utf8proc_int32_t)cp, &state))
			break;
		prev = cp;
		at += n;
	}
	return at;
}

size_t text_prev(const char *s, size_t len_bytes, size_t at)
{
	size_t start = 0, next;

	/* Boundaries depend on what stands before: walk from the start (a field is short). */
	if (at > len_bytes)
		at = len_bytes;
	while (start < at && (next = text_next(s, len_bytes, start)) < at)
		start = next;
	return start;
}

uint32_t text_base(uint32_t cp)
{
	utf8proc_int32_t parts[18]; /* as many as any character has */
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts,
		sizeof(parts) / sizeof(*parts), UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);

	if (n < 1 || n > (utf8proc_ssize_t)(sizeof(parts) / sizeof(*parts)))
		return cp;
	for (utf8proc_ssize_t i = 1; i < n; i++)
		if (utf8proc_category(parts[i]) != UTF8PROC_CATEGORY_MN)
			return cp;
	return (uint32_t)parts[0];
}

bool text_is_letter(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_NL:
		return true;
	default:
		return false;
	}
}

bool text_is_digit(uint32_t cp)
{
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)cp);

	return category == UTF8PROC_CATEGORY_ND || category == UTF8PROC_CATEGORY_NO;
}

void text_halfwidth(struct buf *out, const char *s)
{
	size_t len = strlen(s), at = 0;

	while (at < len) {
		uint32_t cp;
		size_t n = ascii_bytes(s + at, len - at);
		buf_add(out, s + at, n);
		at += n;
		if (at == len)
			break;
		n = text_decode(s + at, len - at, &cp);
		if (cp >= 0xFF01 && cp <= 0xFF5E)
			buf_addc(out, (char)(cp - 0xFF01 + '!'));
		else if (cp == 0x3000)
			buf_addc(out, ' ');
		else
			buf_add(out, s + at, n);
		at += n;
	}
}

void text_fold(struct buf *out, const char *s)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)s, 0, &folded,
		UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
			UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);

	if (n < 0)
		buf_adds(out, s);
	else
		buf_add(out, folded, (size_t)n);
	free(folded);
}

bool text_is_unseen(uint32_t cp)
{
	static const uint32_t ranges[][2] = {{9, 13}, {' ', ' '}, {0xA0, 0xA0}, {0xAD, 0xAD},
		{0x34F, 0x34F}, {0x61C, 0x61C}, {0x180E, 0x180E}, {0x2000, 0x200F},
		{0x2028, 0x202F}, {0x205F, 0x206F}, {0x3000, 0x3000}};
	size_t i;

	if (cp > 0x3000)
		return cp == 0xFEFF;
	if (cp > ' ' && cp < 0xA0)
		return false;
	for (i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (cp >= ranges[i][0] && cp <= ranges[i][1])
			return true;
	return false;
}

void text_trim(char *s)
{
	size_t len = strlen(s), at = 0, start, end;
	uint32_t cp;

	while (at < len) {
		size_t n = text_decode(s + at, len - at, &cp);
		if (!text_is_unseen(cp))
			break;
		at += n;
	}
	start = end = at;
	while (at < len) {
		if ((unsigned char)s[at] > ' ' && (unsigned char)s[at] < 0x80) {
			end = ++at;
			continue;
		}
		at += text_decode(s + at, len - at, &cp);
		if (!text_is_unseen(cp))
			end = at;
	}
	memmove(s, s + start, end - start);
	s[end - start] = '\0';
}

static bool is_unsafe(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF || cp == 0x061C;
}

/* Eight bytes of printable ASCII: none has its top bit, is under 0x20 or is 0x7F. */
static bool is_printable(const char *s)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
	uint64_t w;

	memcpy(&w, s, sizeof w);
	return ((w | (w - ones * 0x20) | (w + ones)) & tops) == 0;
}

/* U+4000 to U+9FFF, nearly all Chinese text: three bytes each. */
static bool is_han(const char *s)
{
	unsigned char lead = (unsigned char)s[0];

	return lead >= 0xE4 && lead <= 0xE9 && ((unsigned char)s[1] & 0xC0) == 0x80 &&
	       ((unsigned char)s[2] & 0xC0) == 0x80;
}

/* How many bytes from s on need not be looked at one by one. */
static size_t harmless_bytes(const char *s, size_t len_bytes)
{
	size_t n = 0;

	for (;;) {
		if (len_bytes - n >= 8 && is_printable(s + n))
			n += 8;
		else if (len_bytes - n >= 3 && is_han(s + n))
			n += 3;
		else if (n < len_bytes && s[n] >= 0x20 && s[n] < 0x7F)
			n++;
		else
			return n;
	}
}

/* How long a command to a terminal at s is: ESC [ or CSI to its last byte (ECMA-48 5.4), ESC ] or
 * OSC to its end; 0: none, or one without an end. */
static size_t command_bytes(const char *s, size_t len_bytes)
{
	bool two = len_bytes > 1 && s[0] == '\x1B' && (s[1] == '[' || s[1] == ']');
	bool one = len_bytes > 1 && s[0] == '\xC2' && (s[1] == '\x9B' || s[1] == '\x9D');
	size_t at = 2;

	if (!two && !one)
		return 0;
	if (s[1] == '[' || s[1] == '\x9B') {
		while (at < len_bytes && s[at] >= 0x20 && s[at] < 0x40)
			at++;
		return at < len_bytes && s[at] >= 0x40 && s[at] < 0x7F ? at + 1 : 0;
	}
	for (; at < len_bytes; at++) {
		if (s[at] == '\a')
			return at + 1;
		if (s[at] == '\x1B' && at + 1 < len_bytes && s[at + 1] == '\\')
			return at + 2;
	}
	return 0;
}

void text_clean(struct buf *out, const char *s, size_t len_bytes)
{
	size_t at = 0;

	while (at < len_bytes) {
		uint32_t cp;
		char enc[4];
		size_t n = harmless_bytes(s + at, len_bytes - at);
		buf_add(out, s + at, n);
		at += n;
		if (at == len_bytes)
			break;
		n = command_bytes(s + at, len_bytes - at);
		if (n > 0) {
			at += n;
			continue;
		}
		n = text_decode(s + at, len_bytes - at, &cp);
		if (cp == '\t' || cp == '\n')
			buf_addc(out, ' ');
		else if (!is_unsafe(cp))
			buf_add(out, enc, text_encode(cp, enc));
		at += n;
	}
}

void text_clean_some(struct buf *out, const char *s, size_t most_bytes)
{
	size_t len = strlen(s), cut = len;

	if (cut > most_bytes)
		for (cut = most_bytes; cut > 0 && ((unsigned char)s[cut] & 0xC0) == 0x80;)
			cut--;
	text_clean(out, s, cut);
	if (cut < len)
		buf_adds(out, "..");
}

bool text_is_plain(const char *s, bool lines)
{
	size_t len = strlen(s), at = harmless_bytes(s, len);

	while (at < len) {
		uint32_t cp;
		at += text_decode(s + at, len - at, &cp);
		if (is_unsafe(cp) && !(lines && (cp == '\t' || cp == '\n' || cp == '\r')))
			return false;
		at += harmless_bytes(s + at, len - at);
	}
	return true;
}

void text_moment(char *s)
{
	static const char shape[] = "0000-00-00T00:00";
	size_t i;

	for (i = 0; shape[i] != '\0'; i++)
		if (shape[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != shape[i])
			return;
	s[10] = ' ';
}

bool text_is_name_dot(uint32_t cp)
{
	return cp == 0xb7 || cp == 0x2022 || cp == 0x2027 || cp == 0x30fb || cp == 0xff65;
}

void text_mask(struct buf *out, const char *s, int head, int tail)
{
	size_t len = strlen(s), at = 0;
	int total = (int)text_len_cps(s), i = 0;
	bool whole = total <= head + tail;

	for (; at < len; i++) {
		uint32_t cp;
		size_t n = text_decode(s + at, len - at, &cp);
		if (!whole && (i < head || i >= total - tail))
			buf_add(out, s + at, n);
		else
			buf_addc(out, '*');
		at += n;
	}
}
