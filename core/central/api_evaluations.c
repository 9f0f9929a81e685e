/* What visitors said of the service, for the administrator: JSON lines, slice by slice. */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/central/api_internal.h"

enum {
	SLICE = 200
};

struct evaluation_list {
	struct api *api;
	struct buf ready;
	size_t sent_bytes;
	int64_t last; /* the number of the last event that was read */
	bool finished;
};

/* What the letter says, as it came; a case number and a time are the centre's own. */
static void write_line(void *arg, const struct evaluation_record *r)
{
	static const char *const members[] = {"satisfaction", "cause", "service", "source",
		"station", "window", "operator", "idempotency_key", "case_id"};
	struct evaluation_list *l = arg;
	char iso[CLOCK_ISO_SIZE];
	json *letter = NULL;
	size_t i;

	l->last = r->seq;
	if (r->body == NULL || json_parse(&letter, r->body, strlen(r->body), NULL) != OK)
		letter = NULL;
	buf_addc(&l->ready, '{');
	json_member_str(&l->ready, "project_no", r->project_no);
	json_member_str(&l->ready, "at", clock_iso(r->at_ms, iso));
	json_member_str(&l->ready, "task_name", r->task_name);
	for (i = 0; i < sizeof members / sizeof *members; i++)
		json_member_str(&l->ready, members[i], json_get_str(letter, members[i]));
	buf_adds(&l->ready, "}\n");
	json_free(letter);
}

static ssize_t read_list(void *arg, char *out, size_t room)
{
	struct evaluation_list *l = arg;
	struct central_store *s = l->api->store;
	size_t n;

	if (l->sent_bytes == l->ready.len && !l->finished) {
		buf_clear(&l->ready);
		l->sent_bytes = 0;
		if (s->ops->evaluations(s, l->last, SLICE, write_line, l) != OK)
			return -1;
		l->finished = l->ready.len == 0;
	}
	n = l->ready.len - l->sent_bytes;
	if (n > room)
		n = room;
	if (n > 0)
		memcpy(out, l->ready.data + l->sent_bytes, n);
	l->sent_bytes += n;
	return (ssize_t)n;
}

static void close_list(void *arg)
{
	struct evaluation_list *l = arg;

	buf_fini(&l->ready);
	free(l);
}

void api_admin_evaluation_list(struct api *a, struct exchange *x)
{
	struct evaluation_list *l = mem_alloc(sizeof *l);

	l->api = a;
	x->reader = (struct answer_reader){read_list, close_list, l};
	exchange_answer(x, 200, "application/jsonl");
}
