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
	struct buf *out;
	int64_t last; /* the number of the last event that was read */
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
	buf_addc(l->out, '{');
	json_member_str(l->out, "project_no", r->project_no);
	json_member_str(l->out, "at", clock_iso(r->at_ms, iso));
	json_member_str(l->out, "task_name", r->task_name);
	for (i = 0; i < sizeof members / sizeof *members; i++)
		json_member_str(l->out, members[i], json_get_str(letter, members[i]));
	buf_adds(l->out, "}\n");
	json_free(letter);
}

static bool fill_list(void *arg, struct buf *out)
{
	struct evaluation_list *l = arg;
	struct central_store *s = l->api->store;

	l->out = out;
	return s->ops->evaluations(s, l->last, SLICE, write_line, l) == OK;
}

void api_admin_evaluation_list(struct api *a, struct exchange *x)
{
	struct evaluation_list *l = mem_alloc(sizeof *l);

	l->api = a;
	api_answer_slices(x, &(struct slices){fill_list, free, l});
}
