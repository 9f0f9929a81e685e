/*
 * Bytes from a keyboard, fed with anything, in pieces and with silences: the first byte of an input
 * says how long the pieces are. Every byte is a key in the end, each key is one the program knows,
 * text is UTF-8; and a line of it is read as what a card reader sends.
 */
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/domain/card.h"
#include "tui/decode.h"

enum {
	TODAY = 20786, /* 2026-11-29 */
	KEYS_MAX = 100000
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void see_key(const struct key *k)
{
	require(k->code > K_NONE && k->code < K__MAX);
	require(k->run >= 0 && k->burst >= 0 && k->ahead >= 0);
	if (k->code == K_CHAR)
		require(k->ch > 0 && k->ch <= 0x10FFFF);
	if (k->code == K_PASTE)
		require(k->text != NULL && text_valid(k->text, strlen(k->text)));
	if (k->code == K_F)
		require(k->ch >= 1 && k->ch <= 12);
}

static void take_all(struct decoder *d, bool quiet)
{
	struct key k;
	int count = 0;

	while (decoder_next(d, quiet, &k)) {
		see_key(&k);
		require(count++ < KEYS_MAX);
	}
}

static void type(const uint8_t *data, size_t size)
{
	struct decoder *d = decoder_new();
	size_t step = size > 0 ? 1 + data[0] % 64 : 1, at;
	bool slow = size > 0 && data[0] >= 128;
	int64_t now_ms = 1000;

	decoder_bind(d, "\033[28~", K_F, 11);
	decoder_bind(d, "\033[2", K_INSERT, 0); /* the beginning of another one */
	for (at = 1; at < size; at += step) {
		decoder_feed(d, data + at, size - at < step ? size - at : step, now_ms);
		take_all(d, slow);
		now_ms += slow ? 400 : 3;
	}
	/* silence: what has begun ends, a paste as well */
	now_ms += 10000;
	decoder_feed(d, "", 0, now_ms);
	take_all(d, true);
	decoder_torn(d);
	decoder_feed(d, "x", 1, now_ms + 10000);
	take_all(d, true);
	require(!decoder_pending(d));
	decoder_free(d);
}

static void swipe(const uint8_t *data, size_t size)
{
	char *line = mem_strndup((const char *)data, size);
	struct card c = {.wrong = false};

	if (text_valid(line, strlen(line)) && card_parse(line, TODAY, &c))
		require(c.number.len > 0);
	require(text_valid(buf_str(&c.name), c.name.len));
	require(text_valid(buf_str(&c.address), c.address.len));
	require(text_valid(buf_str(&c.nation), c.nation.len));
	card_fini(&c);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	type(data, size);
	swipe(data, size);
	return 0;
}
