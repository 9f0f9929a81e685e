#include "core/central/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"

const char *const request_header_names[REQUEST_HEADER__MAX] = {
	[REQUEST_HOST] = "Host",
	[REQUEST_AUTHORIZATION] = "Authorization",
	[REQUEST_IDEMPOTENCY_KEY] = "Idempotency-Key",
	[REQUEST_CONTENT_TYPE] = "Content-Type",
	[REQUEST_CONTENT_ENCODING] = "Content-Encoding",
	[REQUEST_CONTENT_LENGTH] = "Content-Length",
	[REQUEST_TRANSFER_ENCODING] = "Transfer-Encoding",
	[REQUEST_EXPECT] = "Expect",
	[REQUEST_IF_NONE_MATCH] = "If-None-Match",
	[REQUEST_QUERY_PASSWORD] = "Query-Password",
	[REQUEST_UPLOAD_OFFSET] = "Upload-Offset",
	[REQUEST_UPLOAD_LENGTH] = "Upload-Length",
};

void exchange_fini(struct exchange *x)
{
	size_t i;

	if (x->forget != NULL)
		x->forget(x);
	if (x->reader.close != NULL)
		x->reader.close(x->reader.arg);
	for (i = 0; i < x->answer_header_count; i++)
		free(x->answer_headers[i].value);
	buf_fini(&x->body);
	buf_fini(&x->answer);
	*x = (struct exchange){0};
}

void exchange_header(struct exchange *x, const char *name, const char *value)
{
	if (x->answer_header_count == ANSWER_HEADERS_MAX)
		return;
	x->answer_headers[x->answer_header_count].name = name;
	x->answer_headers[x->answer_header_count++].value = mem_strdup(value);
}

void exchange_speak(const struct exchange *x)
{
	msg_speak(language_wish_best(&x->languages));
}

bool exchange_speak_other(const struct exchange *x)
{
	bool english;

	exchange_speak(x);
	english = msg_english();
	msg_speak(english ? MSG_CHINESE : MSG_ENGLISH);
	if (msg_english() != english)
		return true;
	exchange_speak(x);
	return false;
}

void exchange_worded(struct exchange *x)
{
	exchange_header(x, "Content-Language", msg_tag());
	exchange_header(x, "Vary", "Accept-Language");
}

void exchange_answer(struct exchange *x, int status, const char *content_type)
{
	x->status = status;
	x->content_type = content_type;
	if (x->wake != NULL)
		x->wake(x);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool exchange_decode(const char *s, size_t len_bytes, struct buf *out)
{
	size_t start = out->len, i;

	buf_reserve(out, len_bytes); /* of nothing too: out->data is never NULL then */
	for (i = 0; i < len_bytes; i++) {
		int high, low;
		if (s[i] != '%') {
			buf_addc(out, s[i]);
			continue;
		}
		if (len_bytes - i < 3)
			return false;
		high = hex_digit(s[i + 1]);
		low = hex_digit(s[i + 2]);
		if (high < 0 || low < 0 || high + low == 0)
			return false;
		buf_addc(out, (char)(high * 16 + low));
		i += 2;
	}
	return out->len == start || text_valid(out->data + start, out->len - start);
}

enum query_value exchange_query(const struct exchange *x, const char *name, struct buf *out)
{
	enum query_value given = QUERY_ABSENT;
	const char *at = x->query;
	size_t name_len = strlen(name);

	while (at != NULL && *at != '\0') {
		size_t len = strcspn(at, "&");
		if (len > name_len && memcmp(at, name, name_len) == 0 && at[name_len] == '=') {
			if (given != QUERY_ABSENT) /* which of them? */
				return QUERY_BROKEN;
			buf_clear(out);
			given = exchange_decode(at + name_len + 1, len - name_len - 1, out) &&
						text_is_plain(out->data, false)
					? QUERY_GIVEN
					: QUERY_BROKEN;
		}
		at += len + (at[len] == '&');
	}
	return given;
}
