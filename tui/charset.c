#include "tui/charset.h"

#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/text.h"

static const char replacement[] = "\xef\xbf\xbd";

enum err charset_take_locale(struct buf *why)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		if (!value || !*value)
			continue;
		if (setlocale(LC_CTYPE, ""))
			return OK;
		buf_why(why,
			"The locale %s=%s is not installed here. Install it (Debian: dpkg-reconfigure "
			"locales) or set LC_ALL=C.UTF-8 on a UTF-8 terminal.",
			names[i], value);
		return ERR_DENIED;
	}
	setlocale(LC_CTYPE, "C.UTF-8");
	return OK;
}

enum err charset_name(char out[CHARSET_SIZE], struct buf *why)
{
	const char *name = nl_langinfo(CODESET);

	if (strcasecmp(name, "UTF-8") != 0 && strcasecmp(name, "GB18030") != 0 &&
		strcasecmp(name, "GBK") != 0) {
		buf_why(why,
			"The locale's character set (%s) has no Chinese. Set LANG=C.UTF-8 or "
			"LANG=zh_CN.GB18030 to match your terminal and start again.",
			name);
		return ERR_DENIED;
	}
	snprintf(out, CHARSET_SIZE, "%s", name);
	return OK;
}

/* One character from one charset to the other; what has no place there becomes `instead`. */
static void convert(struct buf *out, iconv_t coder, const char *s, size_t n, const char *instead)
{
	char coded[16], *in = (char *)(uintptr_t)s, *to = coded;
	size_t left = n, room = sizeof(coded);

	if (iconv(coder, &in, &left, &to, &room) == (size_t)-1) {
		iconv(coder, NULL, NULL, NULL, NULL);
		buf_adds(out, instead);
	} else {
		buf_add(out, coded, sizeof(coded) - room);
	}
}

void charset_encode(struct buf *out, const char *charset, const char *text)
{
	iconv_t coder;

	if (strcasecmp(charset, "UTF-8") == 0) {
		buf_adds(out, text);
		return;
	}
	coder = iconv_open(charset, "UTF-8");
	for (size_t len = strlen(text), i = 0, n; i < len; i += n) {
		uint32_t cp;
		n = text_decode(text + i, len - i, &cp);
		if (cp < 0x80 || coder == (iconv_t)-1)
			buf_add(out, text + i, n);
		else
			convert(out, coder, text + i, n, "?");
	}
	if (coder != (iconv_t)-1)
		iconv_close(coder);
}

/* Bytes of the character that begins at s, in GBK and GB18030. */
static size_t chinese_len(const char *s, size_t len)
{
	unsigned char first = (unsigned char)s[0], second = len > 1 ? (unsigned char)s[1] : 0;
	size_t want = first < 0x81 || first > 0xfe ? 1 : second >= '0' && second <= '9' ? 4 : 2;

	return want < len ? want : len;
}

/* What fails is let go byte by byte, so that the next line feed or character is never eaten. */
static size_t decode_one(struct buf *out, iconv_t coder, const char *s, size_t len)
{
	size_t before = out->len, n = chinese_len(s, len);

	if ((unsigned char)s[0] < 0x80) {
		buf_addc(out, s[0]);
		return 1;
	}
	convert(out, coder, s, n, "");
	if (out->len > before)
		return n;
	buf_adds(out, replacement);
	return 1;
}

void charset_decode(struct buf *out, const char *charset, const char *bytes, size_t len_bytes)
{
	iconv_t coder;

	if (strcasecmp(charset, "UTF-8") == 0) { /* ill-formed bytes: see text_clean */
		buf_add(out, bytes, len_bytes);
		return;
	}
	coder = iconv_open("UTF-8", charset);
	for (size_t i = 0; i < len_bytes;)
		i += coder == (iconv_t)-1 ? (buf_adds(out, replacement), 1)
					  : decode_one(out, coder, bytes + i, len_bytes - i);
	if (coder != (iconv_t)-1)
		iconv_close(coder);
}
