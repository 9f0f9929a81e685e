#include "tests/screens/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app_private.h"

enum {
	SENDING_MAX = 256, /* keys and answers under way */
	QUEUE_MAX = 1 << 20,
	BITS_A_BYTE = 10,
	DEADLINE_MS = 60000
};

/* To the program: a key by its name, or bytes of the terminal's own. */
struct sending {
	int64_t at_ms;
	char text[72];
	size_t len;
	bool key;
};

struct wire {
	struct inside *in;
	int bits_a_second, way_ms;
	int64_t now_ms;
	struct sending up[SENDING_MAX];
	size_t up_first, up_end;
	char *down;	     /* all that was ever written */
	int64_t *arrives_ms; /* when each byte of it that has left is seen */
	size_t written, left, seen, queued;
	double room; /* bytes that may leave now */
	int64_t pressed_ms;
	size_t before, mark; /* written before the key was drawn, and after */
	bool drawing, drawn; /* the last key: with the program; in a paint */
};

struct wire *wire_new(struct inside *in, int bits_a_second, int round_trip_ms)
{
	struct wire *w = calloc(1, sizeof(*w));

	w->in = in;
	w->bits_a_second = bits_a_second;
	w->way_ms = round_trip_ms / 2;
	w->down = malloc(QUEUE_MAX);
	w->arrives_ms = malloc(QUEUE_MAX * sizeof(*w->arrives_ms));
	return w;
}

void wire_free(struct wire *w)
{
	free(w->down);
	free(w->arrives_ms);
	free(w);
}

static void send_up(struct wire *w, const char *text, size_t len, bool key)
{
	struct sending *s = &w->up[w->up_end++ % SENDING_MAX];

	assert_true(w->up_end - w->up_first < SENDING_MAX && len < sizeof(s->text));
	*s = (struct sending){.at_ms = w->now_ms + w->way_ms, .len = len, .key = key};
	memcpy(s->text, text, len);
	s->text[len] = '\0';
}

void wire_key(struct wire *w, const char *key)
{
	w->pressed_ms = w->now_ms;
	w->drawn = w->drawing = false;
	send_up(w, key, strlen(key), true);
}

static void arrive_up(struct wire *w)
{
	while (w->up_first < w->up_end) {
		const struct sending *s = &w->up[w->up_first % SENDING_MAX];
		if (s->at_ms > w->now_ms)
			return;
		w->up_first++;
		if (!s->key) {
			term_send(inside_term(w->in), s->text, s->len);
			continue;
		}
		term_keys(inside_term(w->in), s->text);
		if (s->at_ms == w->pressed_ms + w->way_ms) {
			w->drawing = true;
			w->before = w->written;
		}
	}
}

/* As many as the line carries in a millisecond. */
static void leave_down(struct wire *w)
{
	w->room += (double)w->bits_a_second / BITS_A_BYTE / 1000;
	for (; w->room >= 1 && w->left < w->written; w->room--)
		w->arrives_ms[w->left++] = w->now_ms + w->way_ms;
	if (w->room > 1)
		w->room = 1;
}

static void arrive_down(struct wire *w)
{
	size_t n = w->seen;
	char answer[256];

	while (n < w->left && w->arrives_ms[n] <= w->now_ms)
		n++;
	if (n == w->seen)
		return;
	size_t len = term_see(
		inside_term(w->in), w->down + w->seen, n - w->seen, answer, sizeof(answer));
	w->seen = n;
	if (len > 0)
		send_up(w, answer, len, false);
}

void wire_pass(struct wire *w, int ms)
{
	for (; ms > 0; ms--) {
		w->now_ms++;
		arrive_up(w);
		inside_step(w->in, 1);
		w->written +=
			term_take(inside_term(w->in), w->down + w->written, QUEUE_MAX - w->written);
		if (w->drawing && !inside_app(w->in)->dirty) {
			w->drawing = false;
			w->mark = w->written;
			w->drawn = true;
		}
		if (w->written - w->left > w->queued)
			w->queued = w->written - w->left;
		leave_down(w);
		arrive_down(w);
	}
}

void wire_wait(struct wire *w, const char *text)
{
	for (int ms = 0; !term_has(inside_term(w->in), text); ms++) {
		if (ms > DEADLINE_MS)
			fail_msg("%s was not seen in a minute", text);
		wire_pass(w, 1);
	}
}

static bool resting(const struct wire *w)
{
	return w->seen == w->written && w->up_first == w->up_end && !inside_app(w->in)->dirty;
}

void wire_rest(struct wire *w)
{
	for (int quiet = 0, ms = 0; quiet < 600 && ms < DEADLINE_MS; ms++) {
		wire_pass(w, 1);
		quiet = resting(w) ? quiet + 1 : 0;
	}
}

struct wire_figure wire_shown(struct wire *w)
{
	struct wire_figure out;

	for (int ms = 0; !w->drawn || w->seen < w->mark; ms++) {
		if (ms > DEADLINE_MS)
			fail_msg("a key was not drawn in a minute");
		wire_pass(w, 1);
	}
	out.bytes = w->mark - w->before;
	out.after_ms = w->now_ms - w->pressed_ms;
	return out;
}

size_t wire_queued(struct wire *w)
{
	size_t n = w->queued;

	w->queued = 0;
	return n;
}

size_t wire_bytes(const struct wire *w)
{
	return w->written;
}

int64_t wire_now(const struct wire *w)
{
	return w->now_ms;
}
