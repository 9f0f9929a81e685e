#include "core/central/store_move.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/store_move_rows.h"
#include "core/central/store_postgres.h"
#include "core/central/store_sqlite.h"

enum {
	LIMIT_MS = 180000
};

/* ---- numbers of cases: the last one of each region and day ---- */

struct series {
	char name[24];
	int64_t n;
};

struct all_series {
	struct series *list;
	size_t count;
};

/* "37132320261128" of "3713232026112800017": the day says where the number begins. */
static size_t series_length(const char *project_no, int64_t received_ms)
{
	size_t len = strlen(project_no), at;
	char day[12];

	clock_format(received_ms, "%Y%m%d", day, sizeof day);
	for (at = len; at >= 5 + 8; at--)
		if (memcmp(project_no + at - 5 - 8, day, 8) == 0)
			return at - 5;
	return len > 5 ? len - 5 : 0;
}

static void count_number(struct all_series *all, const char *project_no, int64_t received_ms)
{
	size_t len = series_length(project_no, received_ms), i;
	int64_t n = strtoll(project_no + len, NULL, 10);

	for (i = all->count; i-- > 0;) {
		struct series *s = &all->list[i];
		if (strlen(s->name) != len || memcmp(s->name, project_no, len) != 0)
			continue;
		s->n = n > s->n ? n : s->n;
		return;
	}
	if (len >= sizeof all->list->name)
		return;
	all->list = mem_resize(all->list, all->count + 1, sizeof *all->list);
	all->list[all->count] = (struct series){.n = n};
	memcpy(all->list[all->count++].name, project_no, len);
}

static enum err write_series(struct pg *pg, const struct all_series *all)
{
	struct pg_stmt *st = pg_prepare(pg, "INSERT INTO series (name, n)"
					    " SELECT * FROM unnest($1::text[], $2::bigint[])");
	size_t i;

	pg_bind_texts(st, 1, all->count);
	pg_bind_ints(st, 2, all->count);
	for (i = 0; i < all->count; i++) {
		pg_add_text(st, 1, all->list[i].name);
		pg_add_int(st, 2, all->list[i].n);
	}
	return pg_run(st);
}

/* ---- the move ---- */

struct move {
	struct db *db;
	struct pg *pg;
	struct batch batch;
	struct all_series series;
	int table;
	struct sum file;
	char digest[CRYPTO_HEX_SIZE];
};

static enum err add_to_sum(void *arg, const struct batch *b)
{
	struct move *m = arg;

	move_sum_add(&m->file, m->table, b);
	return OK;
}

static enum err copy(void *arg, const struct batch *b)
{
	struct move *m = arg;
	size_t i;

	for (i = 0; m->table == CASES && i < b->rows; i++) {
		const struct cell *c = &b->cells[i * (size_t)b->columns];
		count_number(&m->series, c[0].data, c[10].n);
	}
	return move_write(m->pg, b);
}

static enum err each_table(struct move *m, enum err (*each)(void *arg, const struct batch *b))
{
	enum err e = OK;

	for (m->table = 0; e == OK && m->table < TABLES; m->table++) {
		move_begin_table(&m->batch, &move_tables[m->table]);
		e = move_read_file(m->db, &m->batch, each, m);
	}
	return e;
}

static enum err sum_up_file(struct move *m)
{
	enum err e;

	m->file.run = crypto_run_new(DIGEST_SHA256);
	e = each_table(m, add_to_sum);
	crypto_run_end(m->file.run, m->digest);
	crypto_run_free(m->file.run);
	return e;
}

static void begin(struct pg *pg)
{
	pg_limit(pg, LIMIT_MS);
	pg_begin(pg);
	pg_send(pg_prepare(pg, "SET LOCAL statement_timeout = '170s'"));
	pg_send(pg_prepare(pg, "SET LOCAL idle_in_transaction_session_timeout = 0"));
	pg_send(pg_prepare(pg, "LOCK TABLE meta, event, case_, series, matter, station, paper"
			       " IN EXCLUSIVE MODE"));
}

/* What the database is made from; "" : it is empty. ERR_EXISTS: it was made otherwise. */
static enum err look(struct pg *pg, struct buf *from)
{
	struct pg_stmt *st = pg_prepare(pg,
		"SELECT (SELECT value FROM meta WHERE key = '" META_FROM "'),"
		" ((SELECT count(*) FROM (SELECT FROM event LIMIT 1) e)"
		" + (SELECT count(*) FROM (SELECT FROM case_ LIMIT 1) c)"
		" + (SELECT count(*) FROM matter) + (SELECT count(*) FROM station)"
		" + (SELECT count(*) FROM paper) + (SELECT count(*) FROM meta))::bigint");
	bool empty = true;
	enum err e;

	if (pg_row(st)) {
		buf_adds(from, pg_text(st, 0) != NULL ? pg_text(st, 0) : "");
		empty = pg_int(st, 1) == 0;
	}
	e = pg_done(st);
	return e == OK && !empty && from->len == 0 ? ERR_EXISTS : e;
}

static enum err compare(struct move *m)
{
	struct sum there = {.run = crypto_run_new(DIGEST_SHA256)};
	char digest[CRYPTO_HEX_SIZE];
	enum err e = OK;
	int i;

	for (i = 0; e == OK && i < TABLES; i++) {
		move_begin_table(&m->batch, &move_tables[i]);
		e = move_read_back(m->pg, &m->batch, i, &there);
	}
	crypto_run_end(there.run, digest);
	crypto_run_free(there.run);
	if (e == OK && (memcmp(there.rows, m->file.rows, sizeof there.rows) != 0 ||
			       strcmp(digest, m->digest) != 0))
		e = ERR_DAMAGED;
	return e;
}

/* New stations get numbers after those that are there. */
static enum err move_on_stations(struct pg *pg)
{
	return pg_run(pg_prepare(pg,
		"SELECT setval(pg_get_serial_sequence('station', 'id'), max(id)) FROM station"
		" HAVING max(id) IS NOT NULL"));
}

static enum err note_origin(struct pg *pg, const char *digest)
{
	struct pg_stmt *st =
		pg_prepare(pg, "INSERT INTO meta (key, value) VALUES ('" META_FROM "', $1)");

	pg_bind_text(st, 1, digest);
	return pg_run(st);
}

static enum err copy_all(struct move *m)
{
	enum err e = each_table(m, copy);

	if (e == OK)
		e = write_series(m->pg, &m->series);
	if (e == OK)
		e = move_on_stations(m->pg);
	if (e == OK)
		e = note_origin(m->pg, m->digest);
	return e == OK ? compare(m) : e;
}

static void say_why(enum err e, struct buf *why)
{
	if (e == ERR_EXISTS)
		buf_why(why, tr("库里已有别的数据, 一行也没有搬: 请给一个空的库"));
	else if (e == ERR_DAMAGED)
		buf_why(why, tr("写进去的和读出来的对不上, 已全部撤回; 请检查数据库和本机的磁盘"));
	else if (e == ERR_UNSURE || e == ERR_BUSY)
		buf_why(why, tr("库没有答复, 不知道搬成了没有: 请再运行一次, 搬成了的会认出来"));
	else
		buf_why(why, tr("没有搬成, 库里什么也没有留下: %s"), err_text(e));
}

enum err store_move(struct central_store *from, struct central_store *to, struct move_result *out,
	struct buf *why)
{
	struct move m = {.db = sqlite_store_of(from)->db, .pg = postgres_store_of(to)->pg};
	struct buf origin = {0};
	enum err e;

	m.batch.cells = mem_array(ROWS_MAX * COLUMNS_MAX, sizeof *m.batch.cells);
	e = sum_up_file(&m);
	begin(m.pg);
	if (e == OK)
		e = look(m.pg, &origin);
	out->again = e == OK && origin.len > 0;
	if (out->again)
		e = strcmp(origin.data, m.digest) == 0 ? OK : ERR_EXISTS;
	else if (e == OK)
		e = copy_all(&m);
	if (e == OK && !out->again)
		e = pg_commit(m.pg);
	else
		pg_rollback(m.pg);
	if (e != OK)
		say_why(e, why);
	out->events = m.file.rows[EVENTS];
	out->cases = m.file.rows[CASES];
	out->matters = m.file.rows[MATTERS];
	out->stations = m.file.rows[STATIONS];
	out->papers = m.file.rows[PAPERS];
	free(m.batch.cells);
	free(m.series.list);
	buf_fini(&origin);
	return e;
}
