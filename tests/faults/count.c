#include "tests/faults/count.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/mem.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"

enum {
	NOTES_MAX = 10
};

/* A line of either list. */
struct entry_line {
	char *receipt, *number, *key, *case_id, *state;
};

struct list {
	struct entry_line *lines;
	size_t count;
};

static char *copy(const json *row, const char *name)
{
	const char *text = json_get_str(row, name);

	return mem_strdup(text != NULL ? text : "");
}

static void read_list(struct list *l, const struct buf *text, const char *key_name)
{
	const char *at = buf_str(text), *end;

	for (; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		json *row = NULL;
		if (json_parse(&row, at, (size_t)(end - at), NULL) != OK)
			continue;
		l->lines = mem_resize(l->lines, l->count + 1, sizeof *l->lines);
		l->lines[l->count++] =
			(struct entry_line){copy(row, "local_receipt"), copy(row, "project_no"),
				copy(row, key_name), copy(row, "case_id"), copy(row, "state")};
		json_free(row);
	}
}

static void free_list(struct list *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		free(l->lines[i].receipt);
		free(l->lines[i].number);
		free(l->lines[i].key);
		free(l->lines[i].case_id);
		free(l->lines[i].state);
	}
	free(l->lines);
}

static int by_receipt(const void *a, const void *b)
{
	const struct entry_line *x = a, *y = b;

	return strcmp(x->receipt, y->receipt);
}

static int by_key(const void *a, const void *b)
{
	const struct entry_line *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static int by_case(const void *a, const void *b)
{
	const struct entry_line *x = a, *y = b;

	return strcmp(x->case_id, y->case_id);
}

static const struct entry_line *find(const struct list *sorted, const char *receipt)
{
	struct entry_line wanted = {.receipt = (char *)(uintptr_t)receipt};

	if (sorted->count == 0)
		return NULL;
	return bsearch(&wanted, sorted->lines, sorted->count, sizeof wanted, by_receipt);
}

static size_t repeats(struct list *l, int (*order)(const void *, const void *))
{
	size_t i, n = 0;

	if (l->count > 1)
		qsort(l->lines, l->count, sizeof *l->lines, order);
	for (i = 1; i < l->count; i++)
		n += order(&l->lines[i - 1], &l->lines[i]) == 0;
	return n;
}

static void compare(
	const struct stage *s, const struct list *here, struct list *there, struct count *out)
{
	const struct entry_line *line, *other;
	size_t i;

	out->twice = repeats(there, by_key) + repeats(there, by_case) + repeats(there, by_receipt);
	for (i = 0; i < s->receipt_count; i++)
		if (find(there, s->receipts[i]) == NULL) {
			if (out->lost++ < NOTES_MAX)
				report_note("lost: %s", s->receipts[i]);
		}
	for (i = 0; i < here->count; i++) {
		line = &here->lines[i];
		other = find(there, line->receipt);
		if (strcmp(line->state, "delivered") != 0 && strcmp(line->state, "replaced") != 0)
			out->stuck++;
		else if (other == NULL)
			out->lost++;
		else if (strcmp(other->number, line->number) != 0)
			out->unequal++;
	}
}

void count_both(struct stage *s, struct count *out)
{
	const char *const letters[] = {"yimen", "outbox", "list", "--json", NULL};
	const char *const audit[] = {"yimen", "audit", "verify", NULL};
	const char *const cases[] = {"case", "list", "--json", NULL};
	struct list here = {0}, there = {0};
	struct program p = {0};

	*out = (struct count){0};
	out->broken += stage_station(s, &p, letters) != 0;
	read_list(&here, &p.said, "id");
	if (stage_central(s, &p, cases) == 0) {
		read_list(&there, &p.said, "idempotency_key");
		compare(s, &here, &there, out);
	} else { /* nothing is known of what is there */
		out->broken++;
		report_note("the centre's list: %.300s", buf_str(&p.sighed));
	}
	if (stage_station(s, &p, audit) != 0) {
		out->broken++;
		report_note("audit: %s%s", buf_str(&p.said), buf_str(&p.sighed));
	}
	out->letters = here.count;
	out->cases = there.count;
	free_list(&here);
	free_list(&there);
	program_fini(&p);
}

void count_into(const struct count *c, struct row *r)
{
	size_t other = c->unequal + c->stuck + c->broken;

	r->lost += c->lost;
	r->twice += c->twice;
	r->other += other;
	if (c->lost + c->twice + other > 0)
		report_note("%zu letters here, %zu cases there: %zu lost, %zu twice, %zu unequal, "
			    "%zu stuck, %zu broken",
			c->letters, c->cases, c->lost, c->twice, c->unequal, c->stuck, c->broken);
}
