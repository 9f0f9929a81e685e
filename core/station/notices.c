#include "core/station/notices.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/station/store.h"

enum {
	NOTICE_MAX_BYTES = 8000
};

void notice_each(
	struct store *s, size_t limit, void (*each)(void *arg, const struct notice *n), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT seq, at_ms, text, seen_ms > 0 FROM notice ORDER BY seq DESC LIMIT ?1");
	struct notice *all = NULL;
	size_t count = 0, i;

	db_bind_int(st, 1, limit > 0 ? (int64_t)limit : -1);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		all[count++] = (struct notice){db_int(st, 0), db_int(st, 1),
			mem_strdup(db_text(st, 2)), db_int(st, 3) != 0};
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		free((char *)(uintptr_t)all[i].text);
	}
	free(all);
}

size_t notice_count_unseen(struct store *s)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT count(*) FROM notice WHERE seen_ms = 0");
	size_t n = db_row(st) ? (size_t)db_int(st, 0) : 0;

	db_done(st);
	return n;
}

enum err notice_seen(struct store *s, int64_t seq)
{
	struct stmt *st = db_prepare(
		store_db(s), "UPDATE notice SET seen_ms = ?2 WHERE seq <= ?1 AND seen_ms = 0");

	db_bind_int(st, 1, seq);
	db_bind_int(st, 2, store_now_ms(s));
	return db_run(st);
}

enum err notice_put(
	struct store *s, const char *source, int64_t at_ms, const char *text, bool *fresh)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT OR IGNORE INTO notice (source, at_ms, text) VALUES (?1, ?2, ?3)");
	struct buf clean = {0};
	enum err e;

	text_clean_some(&clean, text, NOTICE_MAX_BYTES);
	db_bind_text(st, 1, source);
	db_bind_int(st, 2, at_ms);
	db_bind_text(st, 3, buf_str(&clean));
	e = db_run(st);
	if (e == OK)
		*fresh = db_changes(store_db(s)) > 0;
	buf_fini(&clean);
	return e;
}
