#include "core/station/fold.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/station/pinyin.h"

bool fold_is_han(uint32_t cp)
{
	return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xF900 && cp <= 0xFAFF) ||
	       (cp >= 0x20000 && cp <= 0x3FFFF) || cp == 0x3007;
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\t' || cp == 0x3000 || cp == 0xA0;
}

/* Punctuation and signs, of which names have many that nobody types. */
static bool is_left_out(uint32_t cp)
{
	if (cp < 0x80)
		return !((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z'));
	return cp < 0xC0 || (cp >= 0x2000 && cp <= 0x2BFF) || (cp >= 0x3000 && cp <= 0x3006) ||
	       (cp >= 0x3008 && cp <= 0x303F) || cp == 0x30FB || (cp >= 0xE000 && cp <= 0xF8FF) ||
	       (cp >= 0xFE00 && cp <= 0xFE6F) || cp >= 0xFFF0;
}

static void put(struct fold *f, uint32_t cp, size_t at, size_t len, bool gap)
{
	if (f->len == FOLD_MAX)
		return;
	f->cp[f->len] = cp;
	f->at_bytes[f->len] = (uint16_t)at;
	f->len_bytes[f->len] = (uint16_t)len;
	f->gap_before[f->len] = gap;
	f->len++;
}

/* The rare ones (Roman numerals, circled digits, Greek …) by Unicode's own folding. */
static void put_folded(struct fold *f, const char *s, size_t len, size_t at, bool gap)
{
	char one[8] = "";
	struct buf b = {0};
	memcpy(one, s, len);
	text_fold(&b, one);
	for (size_t i = 0; i < b.len;) {
		uint32_t cp;
		i += text_decode(b.data + i, b.len - i, &cp);
		if (!is_left_out(cp))
			put(f, pinyin_simplify(cp), at, len, gap);
	}
	buf_fini(&b);
}

void fold_text(struct fold *f, const char *text, size_t len_bytes)
{
	bool gap = false;
	f->len = 0;
	if (len_bytes > UINT16_MAX)
		len_bytes = UINT16_MAX;
	for (size_t i = 0; i < len_bytes;) {
		uint32_t cp;
		size_t n = text_decode(text + i, len_bytes - i, &cp), before = f->len;
		if (cp >= 0xFF01 && cp <= 0xFF5E)
			cp -= 0xFEE0;
		if (cp >= 'A' && cp <= 'Z')
			cp += 'a' - 'A';
		if (is_blank(cp))
			gap = true;
		else if (cp >= 0x3400 && cp <= 0x9FFF)
			put(f, pinyin_simplify(cp), i, n, gap);
		else if (cp < 0x80 && !is_left_out(cp))
			put(f, cp, i, n, gap);
		else if (cp >= 0x80 && cp != 0xFFFD)
			put_folded(f, text + i, n, i, gap);
		if (f->len > before)
			gap = false;
		i += n;
	}
}
