#include "tui/glyph.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"

/* Characters of ambiguous or narrow width and what stands for them, sorted by code point. */
static const struct likeness {
	uint32_t cp;
	const char *as;
} likenesses[] = {
	{0x00a0, " "},
	{0x00a3, "￡"},
	{0x00a5, "￥"},
	{0x00a7, "#"},
	{0x00a8, " "},
	{0x00a9, "(c)"},
	{0x00ab, "〈"},
	{0x00ad, "-"},
	{0x00ae, "(R)"},
	{0x00b0, "度"},
	{0x00b1, "+-"},
	{0x00b2, "2"},
	{0x00b3, "3"},
	{0x00b4, "'"},
	{0x00b7, "-"},
	{0x00bb, "〉"},
	{0x00bc, "1/4"},
	{0x00bd, "1/2"},
	{0x00be, "3/4"},
	{0x00c6, "AE"},
	{0x00d7, "x"},
	{0x00d8, "O"},
	{0x00df, "ss"},
	{0x00e6, "ae"},
	{0x00f7, "/"},
	{0x00f8, "o"},
	{0x0111, "d"},
	{0x0131, "i"},
	{0x0141, "L"},
	{0x0142, "l"},
	{0x0152, "OE"},
	{0x0153, "oe"},
	{0x2010, "-"},
	{0x2011, "-"},
	{0x2012, "-"},
	{0x2013, "-"},
	{0x2014, "－"},
	{0x2015, "－"},
	{0x2016, "||"},
	{0x2018, "'"},
	{0x2019, "'"},
	{0x201a, ","},
	{0x201c, "〝"},
	{0x201d, "〞"},
	{0x201e, "〝"},
	{0x2022, "-"},
	{0x2025, ".."},
	{0x2026, "..."},
	{0x2027, "-"},
	{0x2030, "o/oo"},
	{0x2032, "'"},
	{0x2033, "''"},
	{0x203b, "*"},
	{0x2044, "/"},
	{0x20ac, "EUR"},
	{0x2103, "C"},
	{0x2109, "F"},
	{0x2116, "No."},
	{0x2121, "Tel"},
	{0x2122, "TM"},
	{0x2190, "<-"},
	{0x2191, "^"},
	{0x2192, "->"},
	{0x2193, "v"},
	{0x2194, "<->"},
	{0x21d2, "=>"},
	{0x2212, "-"},
	{0x2215, "/"},
	{0x221a, "v"},
	{0x2227, "^"},
	{0x2236, ":"},
	{0x223c, "~"},
	{0x2248, "~"},
	{0x2260, "!="},
	{0x2264, "<="},
	{0x2265, ">="},
	{0x2266, "<="},
	{0x2267, ">="},
	{0x2500, "-"},
	{0x2501, "-"},
	{0x2502, "|"},
	{0x2503, "|"},
	{0x25a0, "#"},
	{0x25a1, "口"},
	{0x25b2, "^"},
	{0x25b3, "^"},
	{0x25b6, ">"},
	{0x25b7, ">"},
	{0x25bc, "v"},
	{0x25c6, "*"},
	{0x25c7, "*"},
	{0x25cb, "o"},
	{0x25ce, "o"},
	{0x25cf, "*"},
	{0x2605, "*"},
	{0x2606, "*"},
	{0x2610, "[ ]"},
	{0x2611, "[x]"},
	{0x2612, "[x]"},
	{0x2640, "女"},
	{0x2642, "男"},
	{0x2713, "v"},
	{0x2714, "v"},
	{0x2715, "x"},
	{0x2717, "x"},
	{0x2776, "(1)"},
	{0xfffd, "?"},
};

/* Wide characters of GBK, as ranges. Ideographs of any plane count as drawable. */
static const struct range {
	uint32_t first, last;
} drawable[] = {
	{0x3000, 0x3003},
	{0x3005, 0x3017},
	{0x301d, 0x301e},
	{0x3021, 0x3029},
	{0x3041, 0x3093},
	{0x309b, 0x309e},
	{0x30a1, 0x30f6},
	{0x30fc, 0x30fe},
	{0x3105, 0x3129},
	{0x3220, 0x3229},
	{0x3231, 0x3231},
	{0x32a3, 0x32a3},
	{0x338e, 0x338f},
	{0x339c, 0x339e},
	{0x33a1, 0x33a1},
	{0x33c4, 0x33c4},
	{0x33ce, 0x33ce},
	{0x33d1, 0x33d2},
	{0x33d5, 0x33d5},
	{0x3400, 0x4dbf},
	{0x4e00, 0x9fff},
	{0xf900, 0xfaff},
	{0xfe30, 0xfe31},
	{0xfe33, 0xfe44},
	{0xfe49, 0xfe52},
	{0xfe54, 0xfe57},
	{0xfe59, 0xfe66},
	{0xfe68, 0xfe6b},
	{0xff01, 0xff5e},
	{0xffe0, 0xffe5},
	{0x20000, 0x3fffd},
};

static const char *likeness_of(uint32_t cp)
{
	size_t low = 0, high = sizeof(likenesses) / sizeof(*likenesses);

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (likenesses[mid].cp == cp)
			return likenesses[mid].as;
		if (likenesses[mid].cp < cp)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static int is_drawable(uint32_t cp)
{
	for (size_t i = 0; i < sizeof(drawable) / sizeof(*drawable); i++)
		if (cp >= drawable[i].first && cp <= drawable[i].last)
			return 1;
	return 0;
}

/* Series that are numbered: circled, bracketed and Roman numerals. */
static int add_numeral(struct buf *out, uint32_t cp)
{
	static const char *const roman[] = {
		"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"};

	if (cp >= 0x2460 && cp <= 0x2473)
		buf_printf(out, "(%d)", (int)(cp - 0x2460 + 1));
	else if (cp >= 0x2474 && cp <= 0x2487)
		buf_printf(out, "(%d)", (int)(cp - 0x2474 + 1));
	else if (cp >= 0x2488 && cp <= 0x249b)
		buf_printf(out, "%d.", (int)(cp - 0x2488 + 1));
	else if (cp >= 0x2160 && cp <= 0x216b)
		buf_adds(out, roman[cp - 0x2160]);
	else if (cp >= 0x2170 && cp <= 0x217b)
		buf_adds(out, roman[cp - 0x2170]);
	else if (cp >= 0x2776 && cp <= 0x277f)
		buf_printf(out, "(%d)", (int)(cp - 0x2776 + 1));
	else
		return 0;
	return 1;
}

static bool is_plain(uint32_t cp)
{
	return cp >= ' ' && cp < 0x7f;
}

/* No likeness is known: without its marks it may be one that can be drawn (é, a radical). */
static void add_base(struct buf *out, uint32_t cp)
{
	uint32_t base = text_base(cp);
	char bytes[4];

	if (text_cp_cols(cp) == 0)
		return;
	if (is_plain(base) || (text_cp_cols(base) == 2 && is_drawable(base)))
		buf_add(out, bytes, text_encode(base, bytes));
	else
		buf_adds(out, text_cp_cols(cp) == 2 ? "〓" : "?");
}

static void add_other(struct buf *out, uint32_t cp)
{
	const char *as = likeness_of(cp);

	if (as)
		buf_adds(out, as);
	else if (!add_numeral(out, cp))
		add_base(out, cp);
}

/* All but rare ones: nothing joins an ideograph that is followed by ASCII or by another. */
static bool stands_alone(const char *text, size_t len_bytes, size_t next)
{
	unsigned char c = next < len_bytes ? (unsigned char)text[next] : 0;

	return c < 0x80 || (c >= 0xe4 && c <= 0xe9);
}

/* Two of them are a flag. */
static bool is_regional(uint32_t cp)
{
	return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

/* One character that is not ASCII, with all that joins it. Returns where the next begins. */
static size_t add_cluster(struct buf *out, const char *text, size_t len_bytes, size_t at)
{
	uint32_t cp;
	size_t next = at + text_decode(text + at, len_bytes - at, &cp);

	if (cp >= 0x7f && cp < 0xa0) {
		buf_addc(out, ' ');
		return next;
	}
	if (cp >= 0x4e00 && cp <= 0x9fef) { /* nearly all that is shown: not looked up */
		buf_add(out, text + at, next - at);
		return stands_alone(text, len_bytes, next) ? next : text_next(text, len_bytes, at);
	}
	next = text_next(text, len_bytes, at);
	if (is_regional(cp))
		buf_adds(out, "〓");
	else
		add_other(out, cp);
	return next;
}

void glyph_text(struct buf *out, const char *text, size_t len_bytes)
{
	size_t at = 0;

	while (at < len_bytes) {
		size_t plain = at;
		while (plain < len_bytes && is_plain((unsigned char)text[plain]))
			plain++;
		if (plain > at) {
			buf_add(out, text + at, plain - at);
			at = plain;
		} else if ((unsigned char)text[at] < 0x80) {
			buf_addc(out, ' ');
			at++;
		} else {
			at = add_cluster(out, text, len_bytes, at);
		}
	}
}

void glyph_fit(struct buf *out, const char *text, int cols)
{
	struct buf drawn = {0};

	glyph_text(&drawn, text, strlen(text));
	if (text_cols(buf_str(&drawn)) <= cols) {
		buf_adds(out, buf_str(&drawn));
	} else {
		buf_add(out, buf_str(&drawn), text_fit(buf_str(&drawn), cols - 2, NULL));
		buf_adds(out, "..");
	}
	buf_fini(&drawn);
}

int glyph_cols(const char *text)
{
	struct buf b = {0};
	int cols;

	glyph_text(&b, text, strlen(text));
	cols = text_cols(buf_str(&b));
	buf_fini(&b);
	return cols;
}

uint32_t glyph_half(uint32_t cp)
{
	if (cp >= 0xff01 && cp <= 0xff5e)
		return cp - 0xff01 + 0x21;
	switch (cp) {
	case 0x3000:
		return ' ';
	case 0x3001: /* the / key of a Chinese input method */
		return '/';
	case 0x3002:
		return '.';
	default:
		return cp;
	}
}
