#include "core/station/people.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"
#include "core/station/name_match.h"
#include "core/station/store.h"

enum {
	PERSONS_LOOKED_AT = 20000, /* the last ones */
	RECENT_LOOKED_AT = 2000
};

static bool matches(const struct person *p, const char *words)
{
	return words[0] == '\0' || strstr(p->name, words) != NULL ||
	       strstr(p->number, words) != NULL || identifier_telephone_holds(p->mobile, words) ||
	       (name_is_letters(words) && name_sounds_like(p->name, words));
}

void people_find(struct store *s, const char *words, const char *except_id, size_t max,
	void (*each)(void *arg, const struct person *p), void *arg)
{
	/* SQLite gives the bare columns of the row with the maximum. */
	struct stmt *st = db_prepare(store_db(s),
		"SELECT person, applyer_name, mobile, task_name, max(updated_ms) FROM case_"
		" WHERE person IS NOT NULL AND person <> '' AND id <> ?2 GROUP BY person"
		" ORDER BY 5 DESC LIMIT ?1");
	struct buf folded = {0};
	size_t found = 0;

	text_fold(&folded, words);
	db_bind_int(st, 1, PERSONS_LOOKED_AT);
	db_bind_text(st, 2, except_id);
	while (found < max && db_row(st)) {
		struct person p = {db_text(st, 0), db_text(st, 1), db_text(st, 2), db_text(st, 3),
			db_int(st, 4)};
		p.name = p.name != NULL ? p.name : "";
		p.mobile = p.mobile != NULL ? p.mobile : "";
		if (matches(&p, words) || matches(&p, buf_str(&folded))) {
			each(arg, &p);
			found++;
		}
	}
	db_done(st);
	buf_fini(&folded);
}

/* ---- cases ---- */

struct kept_case {
	char *texts[6];
	int64_t at_ms;
};

void people_cases(struct store *s, const char *number, const char *except_id,
	void (*each)(void *arg, const struct person_case *c), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, task_code, task_name, form_id, state, local_receipt,"
		" coalesce(submitted_ms, updated_ms) FROM case_"
		" WHERE person = ?1 AND id <> ?2 ORDER BY 7 DESC");
	struct kept_case *all = NULL;
	size_t count = 0, i;
	int k;

	db_bind_text(st, 1, number);
	db_bind_text(st, 2, except_id);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		for (k = 0; k < 6; k++) {
			const char *text = db_text(st, k);
			all[count].texts[k] = mem_strdup(text != NULL ? text : "");
		}
		all[count++].at_ms = db_int(st, 6);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		char **t = all[i].texts;
		each(arg, &(struct person_case){t[0], t[1], t[2], t[3], t[4], t[5], all[i].at_ms});
		for (k = 0; k < 6; k++)
			free(t[k]);
	}
	free(all);
}

/* ---- values ---- */

static bool seen(char *const *list, size_t count, const char *value)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(list[i], value) == 0)
			return true;
	return false;
}

void people_recent(struct store *s, const char *place, const char *except_id, size_t max,
	void (*each)(void *arg, const char *value), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT a.value FROM (SELECT id, updated_ms FROM case_ WHERE id <> ?2"
		" ORDER BY updated_ms DESC LIMIT ?3) c JOIN answer a ON a.case_id = c.id"
		" WHERE a.part = 2 AND a.place = ?1 ORDER BY c.updated_ms DESC");
	char **found = mem_array(max, sizeof *found);
	size_t count = 0, i;

	db_bind_text(st, 1, place);
	db_bind_text(st, 2, except_id);
	db_bind_int(st, 3, RECENT_LOOKED_AT);
	while (count < max && db_row(st)) {
		const char *value = db_text(st, 0);
		if (value != NULL && value[0] != '\0' && !seen(found, count, value))
			found[count++] = mem_strdup(value);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, found[i]);
		free(found[i]);
	}
	free(found);
}

void people_previous(struct store *s, const char *window, char id[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id FROM case_ WHERE submitted_ms IS NOT NULL AND window = ?1"
		" ORDER BY submitted_ms DESC LIMIT 1");

	id[0] = '\0';
	db_bind_text(st, 1, window);
	if (db_row(st))
		strncat(id, db_text(st, 0), ID_UUID_SIZE - 1);
	db_done(st);
}
