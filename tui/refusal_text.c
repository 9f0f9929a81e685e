#include "tui/refusal_text.h"

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "core/station/store.h"
#include "forms/entry.h"
#include "forms/form_library.h"
#include "tui/intake.h"

struct telling {
	struct entry *entry; /* NULL: the form is not here */
	void (*each)(void *arg, const char *field, const char *message);
	void *arg;
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

static void tell(void *arg, const char *place, const char *message)
{
	const struct telling *t = arg;
	struct node *n = t->entry != NULL && *place ? entry_find(t->entry, place) : NULL;
	struct buf field = {0};

	if (n != NULL)
		intake_say_field(t->entry, n, &field);
	t->each(t->arg, field.len > 0 ? field.data : place, message);
	buf_fini(&field);
}

void refusal_each_field(struct store *s, const struct letter *l,
	void (*each)(void *arg, const char *field, const char *message), void *arg)
{
	struct telling t = {NULL, each, arg};
	struct form *form = NULL;
	json *body = NULL;
	const char *id = NULL;

	if (l->body != NULL && json_parse(&body, l->body, l->body_len, NULL) == OK)
		id = json_get_str(body, "form_id");
	if (id != NULL && form_library_read(&form, store_home(s), id, NULL) == OK) {
		t.entry = entry_new(form, store_clock(s));
		load(t.entry, json_get(body, "answers"));
	}
	refusal_each(l->problem, tell, &t);
	if (t.entry != NULL)
		entry_free(t.entry);
	form_free(form);
	json_free(body);
}
