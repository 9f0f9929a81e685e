#include "core/station/round.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

int64_t round_begin(struct store *s)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT max(seq) FROM audit");
	int64_t seq = db_row(st) ? db_int(st, 0) : 0;

	db_done(st);
	return seq;
}

/* free() it. */
static size_t held_since(struct store *s, int64_t since, char (**out)[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id FROM letter WHERE state = 1 AND id IN (SELECT object FROM audit"
		" WHERE seq > ?1 AND act = 'letter.held') ORDER BY seq");
	size_t count = 0;

	*out = NULL;
	db_bind_int(st, 1, since);
	while (db_row(st)) {
		*out = mem_resize(*out, count + 1, sizeof **out);
		snprintf((*out)[count++], ID_UUID_SIZE, "%s", db_text(st, 0));
	}
	db_done(st);
	return count;
}

size_t round_each_held(
	struct store *s, int64_t since, void (*each)(void *arg, const struct letter *l), void *arg)
{
	char(*ids)[ID_UUID_SIZE] = NULL;
	size_t count = held_since(s, since, &ids), i;
	struct letter l;

	for (i = 0; i < count; i++) {
		if (outbox_get(s, ids[i], &l) != OK)
			continue;
		each(arg, &l);
		letter_fini(&l);
	}
	free(ids);
	return count;
}
