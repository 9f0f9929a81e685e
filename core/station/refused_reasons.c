#include "core/station/refused_reasons.h"

#include <stdbool.h>
#include <string.h>

#include "core/base/db.h"
#include "core/station/draft.h"
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "core/station/store.h"

struct forgetting {
	struct store *store;
	const char *case_id, *refused;
	enum err e;
};

/* Which repetition it is counts otherwise in the letter. */
static bool same_field(const char *a, const char *b)
{
	while (*a == *b && *a != '\0') {
		if (*a == '[') {
			a += strcspn(a, "]");
			b += strcspn(b, "]");
		} else {
			a++;
			b++;
		}
	}
	return *a == *b;
}

static void forget_one(struct forgetting *f, const char *place)
{
	struct stmt *st = db_prepare(store_db(f->store),
		"DELETE FROM answer WHERE case_id = ?1 AND part = ?2 AND place = ?3");

	db_bind_text(st, 1, f->case_id);
	db_bind_int(st, 2, DRAFT_ACCEPTED);
	db_bind_text(st, 3, place);
	f->e = db_run(st);
}

static void see_reason(void *arg, const char *place, const char *reason)
{
	struct forgetting *f = arg;

	(void)reason;
	if (f->e == OK && same_field(place, f->refused))
		forget_one(f, place);
}

static void see_fault(void *arg, const char *place, const char *message)
{
	struct forgetting *f = arg;

	(void)message;
	f->refused = place;
	draft_each_answer(f->store, f->case_id, DRAFT_ACCEPTED, see_reason, f);
}

enum err refused_reasons_forget(struct store *s, const char *case_id)
{
	struct forgetting f = {.store = s, .case_id = case_id, .e = OK};
	struct letter l;
	enum err e = outbox_get_application(s, case_id, &l);

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	if (l.problem != NULL)
		refusal_each(l.problem, see_fault, &f);
	letter_fini(&l);
	return f.e;
}
