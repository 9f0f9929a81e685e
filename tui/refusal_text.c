#include "tui/refusal_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "core/station/store.h"
#include "forms/entry.h"
#include "forms/form_library.h"
#include "tui/intake.h"

struct telling {
	struct entry *entry; /* NULL: the form is not here */
	struct refusal_told *told;
	const char *reason; /* as it is told */
};

/* Twice: what one answer lets in comes after it. */
static void load(struct entry *e, const json *answers)
{
	struct buf text = {0}, unknown = {0};

	if (answers == NULL)
		return;
	json_write(&text, answers);
	entry_load(e, buf_str(&text), text.len, &unknown);
	entry_load(e, buf_str(&text), text.len, &unknown);
	buf_fini(&text);
	buf_fini(&unknown);
}

/* What is of no answer and stands in the reason is not said again. */
static void tell(void *arg, const char *place, const char *message)
{
	const struct telling *t = arg;
	struct refusal_told *told = t->told;
	struct node *n = t->entry != NULL && *place ? entry_find(t->entry, place) : NULL;
	struct buf field = {0};

	if (*place == '\0' && t->reason != NULL && strstr(t->reason, message) != NULL)
		return;
	if (n != NULL)
		intake_say_field(t->entry, n, &field);
	told->faults = mem_resize(told->faults, told->count + 1, sizeof *told->faults);
	told->faults[told->count++] = (struct refusal_fault){
		mem_strdup(place), mem_strdup(buf_str(&field)), mem_strdup(message)};
	buf_fini(&field);
}

static void see_place(void *arg, const char *place, const char *message)
{
	bool *any = arg;

	(void)message;
	*any |= *place != '\0';
}

/* What is said of answers stands beside them, and the reason need not name it as well; a reason of
 * a person or of the line is said whole. */
static char *reason_of(const struct letter *l)
{
	struct buf whole = {0}, lead = {0};
	bool answers = false;
	char *reason;

	if (l->problem != NULL)
		refusal_each(l->problem, see_place, &answers);
	if (answers && l->reason != NULL && refusal_reason(l->problem, &whole) &&
		strcmp(l->reason, buf_str(&whole)) == 0)
		refusal_lead(l->problem, &lead);
	reason = lead.len > 0 ? mem_strdup(lead.data) : mem_strdup(l->reason);
	buf_fini(&whole);
	buf_fini(&lead);
	return reason;
}

static void tell_faults(struct store *s, const struct letter *l, struct telling *t)
{
	struct form *form = NULL;
	json *body = NULL;
	const char *id = NULL;

	if (l->body != NULL && json_parse(&body, l->body, l->body_len, NULL) == OK)
		id = json_get_str(body, "form_id");
	if (id != NULL && form_library_read(&form, store_home(s), id, NULL) == OK) {
		t->entry = entry_new(form, store_clock(s));
		load(t->entry, json_get(body, "answers"));
	}
	refusal_each(l->problem, tell, t);
	if (t->entry != NULL)
		entry_free(t->entry);
	form_free(form);
	json_free(body);
}

void refusal_tell(struct store *s, const struct letter *l, struct refusal_told *out)
{
	struct telling t = {NULL, out, NULL};

	*out = (struct refusal_told){.reason = reason_of(l)};
	t.reason = out->reason;
	if (l->problem != NULL)
		tell_faults(s, l, &t);
}

void refusal_told_fini(struct refusal_told *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->faults[i].place);
		free(t->faults[i].field);
		free(t->faults[i].message);
	}
	free(t->faults);
	free(t->reason);
	*t = (struct refusal_told){0};
}
