/*
 * What comes back over the line, fed with anything: the first line of an input is status, content
 * type, Retry-After and echoed key parted by tabs, the rest is the body. Whatever it says, only an
 * answer that echoes our key is a receipt, nothing of it reaches a terminal unclean, and no delay
 * is longer than an hour. A body that is JSON is written and read again as the same.
 */
#define _GNU_SOURCE /* strcasestr, strsep */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/station/answer.h"
#include "core/station/refusal.h"

#define KEY    "018f0000-0000-7000-9000-000000000001"
#define SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum {
	HOUR_MS = 3600000
};

static const int64_t now_ms = 1795500000123;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* For a person to read: UTF-8, and nothing that moves a cursor. */
static void is_clean(const char *s)
{
	require(text_valid(s, strlen(s)));
	for (; *s != '\0'; s++)
		require((unsigned char)*s >= 0x20 && *s != 0x7F);
}

static void see_fault(void *arg, const char *place, const char *message)
{
	(void)arg;
	require(text_valid(place, strlen(place)));
	is_clean(message);
}

static void see_reading(
	const struct transport_answer *a, const struct answer_reading *r, bool letter)
{
	is_clean(buf_str(&r->reason));
	is_clean(buf_str(&r->project_no));
	require(!r->has_delay || (r->delay_ms >= 0 && r->delay_ms <= HOUR_MS));
	if (letter && r->meaning == ANSWER_RECEIPT) {
		require(a->fault == LINE_OK && a->status >= 200 && a->status < 300);
		require(strcasestr(a->body, KEY) != NULL || strcasestr(a->key, KEY) != NULL);
		require(r->project_no.len > 0);
	}
	require(r->meaning == ANSWER_RECEIPT || r->reason.len > 0);
}

static void read_as_all(const struct transport_answer *a)
{
	struct answer_reading r = {.received = 0};
	struct buf said = {0};

	answer_read(a, KEY, now_ms, &r);
	see_reading(a, &r, true);
	answer_reading_fini(&r);
	for (int piece = 0; piece < 2; piece++) {
		r = (struct answer_reading){.received = 0};
		answer_read_paper(a, SHA256, piece != 0, now_ms, &r);
		see_reading(a, &r, false);
		answer_reading_fini(&r);
	}
	answer_say_busy(a, &said);
	is_clean(buf_str(&said));
	buf_fini(&said);
	refusal_is_final(a->body);
	refusal_each(a->body, see_fault, NULL);
}

static void read_as_json(const char *body, size_t len)
{
	struct buf once = {0}, twice = {0}, why = {0};
	json *root = NULL, *again = NULL;

	if (json_parse(&root, body, len, &why) == OK) {
		json_write(&once, root);
		require(json_parse(&again, buf_str(&once), once.len, &why) == OK);
		json_write(&twice, again);
		require(strcmp(buf_str(&once), buf_str(&twice)) == 0);
	} else {
		require(why.len > 0 && text_valid(buf_str(&why), why.len));
	}
	json_free(root);
	json_free(again);
	buf_fini(&once);
	buf_fini(&twice);
	buf_fini(&why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_strndup((const char *)data, size), *rest = text, *head, *field[4];
	static char nothing[] = "";
	struct transport_answer a = {.fault = LINE_OK, .etag = ""};

	head = strsep(&rest, "\n");
	for (size_t i = 0; i < 4; i++) {
		field[i] = strsep(&head, "\t");
		if (field[i] == NULL)
			field[i] = nothing;
	}
	a.status = strtol(field[0], NULL, 10);
	a.content_type = field[1];
	a.retry_after = field[2];
	a.key = field[3];
	a.body = rest != NULL ? rest : nothing;
	a.body_len = strlen(a.body);
	if (a.status == 0)
		a.fault = (enum line_fault)(1 + size % (LINE__MAX - 1));
	read_as_all(&a);
	read_as_json(a.body, a.body_len);
	free(text);
	return 0;
}
