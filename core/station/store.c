#include "core/station/store.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"

struct store {
	struct db *db;
	char *home, *path;
	const struct clock *clock;
	const struct entropy *entropy;
	unsigned unread_before; /* in the file as it was open before it was opened again */
};

static const char *const migrations[] = {
#include "sql_station_1.h"
	,
#include "sql_station_2.h"
	,
#include "sql_station_3.h"
	,
#include "sql_station_4.h"
	,
#include "sql_station_5.h"
	,
#include "sql_station_6.h"
	,
#include "sql_station_7.h"
	,
#include "sql_station_8.h"
	,
#include "sql_station_9.h"
	,
#include "sql_station_10.h"
	,
#include "sql_station_11.h"
	,
#include "sql_station_12.h"
	,
#include "sql_station_13.h"
	,
#include "sql_station_14.h"
	,
#include "sql_station_15.h"
	,
#include "sql_station_16.h"
	,
};

static enum err open_file(struct db **out, const char *path, struct buf *why)
{
	struct db *db = NULL;
	enum err e = db_open(&db, path, DB_SHARED, why);

	if (e == OK)
		e = db_migrate(db, migrations, sizeof migrations / sizeof migrations[0], why);
	if (e == ERR_DAMAGED)
		buf_why(why,
			tr("本机数据文件 %s 已损坏。请不要删除它: 先复制一份, 再请管理员用备份恢复。"),
			path);
	if (e != OK)
		db_close(db);
	else
		*out = db;
	return e;
}

enum err store_open(struct store **out, const char *home, const struct clock *clock,
	const struct entropy *entropy, struct buf *why)
{
	char *path = paths_join(home, "station.db");
	struct db *db;
	enum err e = open_file(&db, path, why);

	if (e != OK) {
		free(path);
		return e;
	}
	*out = mem_alloc(sizeof **out);
	**out = (struct store){db, mem_strdup(home), path, clock, entropy, 0};
	return OK;
}

enum err store_reopen(struct store *s)
{
	struct db *db;
	enum err e = db_settle(s->db); /* it knows what has failed, who opens it does not */

	if (e == OK)
		e = open_file(&db, s->path, NULL);
	if (e == OK) {
		s->unread_before += db_unread(s->db, NULL);
		db_close(s->db);
		s->db = db;
	}
	return e;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	db_close(s->db);
	free(s->home);
	free(s->path);
	free(s);
}

const char *store_home(const struct store *s)
{
	return s->home;
}

unsigned store_unread(const struct store *s, enum err *why)
{
	return s->unread_before + db_unread(s->db, why);
}

enum err store_read_since(const struct store *s, unsigned before)
{
	enum err why;

	return store_unread(s, &why) == before ? OK : why;
}

int64_t store_version(struct store *s)
{
	return db_data_version(s->db);
}

int64_t store_now_ms(const struct store *s)
{
	return clock_wall_ms(s->clock);
}

const struct clock *store_clock(const struct store *s)
{
	return s->clock;
}

const struct entropy *store_entropy(const struct store *s)
{
	return s->entropy;
}

struct db *store_db(struct store *s)
{
	return s->db;
}

enum err store_set(struct store *s, const char *key, const char *value)
{
	struct stmt *st =
		db_prepare(s->db, "INSERT INTO setting (key, value) VALUES (?1, ?2)"
				  " ON CONFLICT (key) DO UPDATE SET value = excluded.value");

	db_bind_text(st, 1, key);
	db_bind_text(st, 2, value);
	return db_run(st);
}

char *store_get(struct store *s, const char *key)
{
	struct stmt *st = db_prepare(s->db, "SELECT value FROM setting WHERE key = ?1");
	char *value = NULL;

	db_bind_text(st, 1, key);
	if (db_row(st))
		value = mem_strdup(db_text(st, 0));
	db_done(st);
	return value;
}

static const double half_life_ms = 30.0 * 86400 * 1000;

static double decayed(double score, int64_t age_ms)
{
	return age_ms <= 0 ? score : score * exp2(-(double)age_ms / half_life_ms);
}

enum err store_used(struct store *s, const char *task_code)
{
	int64_t now = store_now_ms(s);
	struct stmt *st = db_prepare(s->db, "SELECT score, at_ms FROM used WHERE task_code = ?1");
	double score = 0;

	db_bind_text(st, 1, task_code);
	if (db_row(st))
		score = decayed(db_real(st, 0), now - db_int(st, 1));
	db_done(st);
	st = db_prepare(s->db, "INSERT OR REPLACE INTO used (task_code, score, at_ms)"
			       " VALUES (?1, ?2, ?3)");
	db_bind_text(st, 1, task_code);
	db_bind_real(st, 2, score + 1);
	db_bind_int(st, 3, now);
	return db_run(st);
}

struct usage {
	char *code;
	double score;
};

static int by_score(const void *a, const void *b)
{
	const struct usage *x = a, *y = b;

	return (x->score < y->score) - (x->score > y->score);
}

void store_each_used(struct store *s, int limit,
	void (*each)(void *arg, const char *task_code, double score), void *arg)
{
	struct stmt *st = db_prepare(s->db, "SELECT task_code, score, at_ms FROM used");
	struct usage *all = NULL;
	size_t count = 0, i;

	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		all[count].code = mem_strdup(db_text(st, 0));
		all[count++].score = decayed(db_real(st, 1), store_now_ms(s) - db_int(st, 2));
	}
	db_done(st);
	if (count > 1)
		qsort(all, count, sizeof *all, by_score);
	for (i = 0; i < count; i++) {
		if ((int)i < limit)
			each(arg, all[i].code, all[i].score);
		free(all[i].code);
	}
	free(all);
}
