/* Answers longer than memory should hold: made a slice at a time, as the line takes them. */
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/central/api_internal.h"

struct sliced {
	struct slices from;
	struct buf ready;
	size_t sent_bytes;
	bool finished;
};

static bool next_slice(struct sliced *s)
{
	buf_clear(&s->ready);
	s->sent_bytes = 0;
	if (!s->from.fill(s->from.arg, &s->ready))
		return false;
	s->finished = s->ready.len == 0;
	return true;
}

static ssize_t read_slices(void *arg, char *out, size_t room)
{
	struct sliced *s = arg;
	size_t n;

	if (s->sent_bytes == s->ready.len && !s->finished && !next_slice(s))
		return -1;
	n = s->ready.len - s->sent_bytes;
	if (n > room)
		n = room;
	if (n > 0)
		memcpy(out, s->ready.data + s->sent_bytes, n);
	s->sent_bytes += n;
	return (ssize_t)n;
}

static void close_slices(void *arg)
{
	struct sliced *s = arg;

	s->from.close(s->from.arg);
	buf_fini(&s->ready);
	free(s);
}

void api_answer_slices(struct exchange *x, const struct slices *from)
{
	struct sliced *s = mem_alloc(sizeof *s);

	s->from = *from;
	x->reader = (struct answer_reader){read_slices, close_slices, s};
	exchange_answer(x, 200, "application/jsonl");
}
