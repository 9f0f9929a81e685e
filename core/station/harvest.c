#include "core/station/harvest.h"

#include <string.h>

void harvest_add(struct harvest *h, const struct letter *l, const struct answer_reading *r,
	const struct transport_answer *a)
{
	struct gathered *g = &h->items[h->count++];

	*g = (struct gathered){.letter = *l, .reading = *r};
	if (!r->unread)
		buf_add(&g->document, a->body, a->body_len);
}

void harvest_outcome(const struct gathered *g, int64_t next_ms, struct outbox_outcome *out)
{
	const struct answer_reading *r = &g->reading;
	const char *document = g->document.len > 0 ? g->document.data : NULL;

	*out = (struct outbox_outcome){.state = LETTER_WAITING,
		.reason = buf_str(&r->reason),
		.next_ms = next_ms,
		.papers_missing = r->meaning == ANSWER_PAPERS,
		.unread = r->unread};
	memcpy(out->id, g->letter.id, sizeof out->id);
	switch (r->meaning) {
	case ANSWER_RECEIPT:
		out->state = LETTER_DELIVERED;
		out->receipt = document;
		out->reason = NULL;
		break;
	case ANSWER_REFUSED:
	case ANSWER_PERSON:
		out->state = LETTER_HELD;
		out->hold = r->meaning == ANSWER_REFUSED ? HOLD_REFUSED : HOLD_PERSON;
		out->problem = document;
		break;
	default:
		break; /* again */
	}
}

void harvest_clear(struct harvest *h)
{
	while (h->count > 0) {
		struct gathered *g = &h->items[--h->count];
		letter_fini(&g->letter);
		answer_reading_fini(&g->reading);
		buf_fini(&g->document);
	}
}
