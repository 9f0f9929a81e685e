/* The tables of a move: their rows read from the file, written to the database, read back. */
#include "core/central/store_move_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum {
	BYTES_MAX = 4 << 20 /* of a batch, about */
};

#define WHO \
	"CASE WHEN json_valid(CAST(body AS TEXT)) THEN json_extract(CAST(body AS TEXT)," \
	" iif(key IS NULL, '$.handle_user_name', '$.operator')) END"
#define SERVICE \
	"CASE WHEN kind = 'evaluation' THEN" \
	" coalesce(json_extract(CAST(body AS TEXT), '$.service'), '') END"
#define EVENT "seq, at_ms, kind, project_no, prev, state, owner, source, note"
#define CASE \
	"project_no, case_id, key, station, task_code, task_name, applyer_name, local_receipt," \
	" query_password, state, received_ms, updated_ms, last_seq"
#define STATION "id, name, code_digest, code_until_ms, token_digest, added_ms, enrolled_ms"
#define LIMIT	" LIMIT $2::bigint"

/* What says how far an import has come is of the file alone. */
const struct table move_tables[TABLES] = {
	[EVENTS] = {"iittitiittttbbt",
		"SELECT " EVENT ", " WHO ", " SERVICE ", key, digest, body, answer FROM event"
		" ORDER BY seq",
		"INSERT INTO event (" EVENT ", who, service, key, digest, body, answer)"
		" SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[],"
		" $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[],"
		" $11::text[], $12::text[], $13::bytea[], $14::bytea[], $15::text[])",
		"SELECT " EVENT ", who, service, key, digest, body, answer FROM event"
		" WHERE seq > $1::bigint ORDER BY seq" LIMIT},
	[CASES] = {"tttittttttiii", "SELECT " CASE " FROM case_ ORDER BY project_no",
		"INSERT INTO case_ (" CASE ") SELECT * FROM unnest($1::text[], $2::text[],"
		" $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],"
		" $9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::bigint[])",
		"SELECT " CASE " FROM case_ WHERE project_no > $1::text ORDER BY project_no" LIMIT},
	[MATTERS] = {"ttbt", "SELECT code, name, digest, body FROM matter ORDER BY code",
		"INSERT INTO matter (code, name, digest, body)"
		" SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[])",
		"SELECT code, name, digest, body FROM matter WHERE code > $1::text"
		" ORDER BY code" LIMIT},
	[STATIONS] = {"itbibii", "SELECT " STATION " FROM station ORDER BY id",
		"INSERT INTO station (" STATION ") OVERRIDING SYSTEM VALUE"
		" SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bigint[],"
		" $5::bytea[], $6::bigint[], $7::bigint[])",
		"SELECT " STATION " FROM station WHERE id > $1::bigint ORDER BY id" LIMIT},
	[PAPERS] = {"ttiii", "SELECT sha256, sm3, size, station, at_ms FROM paper ORDER BY sha256",
		"INSERT INTO paper (sha256, sm3, size, station, at_ms) SELECT * FROM"
		" unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[])",
		"SELECT sha256, sm3, size, station, at_ms FROM paper WHERE sha256 > $1::text"
		" ORDER BY sha256" LIMIT},
	[FACTS] = {"tt",
		"SELECT key, value FROM meta WHERE key NOT IN ('catalogue.import', 'letters.log') ORDER BY key",
		"INSERT INTO meta (key, value) SELECT * FROM unnest($1::text[], $2::text[])",
		"SELECT key, value FROM meta WHERE key > $1::text AND key <> '" META_FROM "'"
		" ORDER BY key" LIMIT},
};

/* ---- rows, and the digest over all of them ---- */

static void batch_clear(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->rows * (size_t)b->columns; i++)
		free(b->cells[i].data);
	b->rows = b->bytes = 0;
}

void move_begin_table(struct batch *b, const struct table *t)
{
	b->table = t;
	b->columns = (int)strlen(t->types);
}

static void cell_copy(struct batch *b, struct cell *c, const void *data, size_t len)
{
	*c = (struct cell){.null = data == NULL, .len = len};
	if (data == NULL)
		return;
	c->data = mem_alloc(len + 1);
	memcpy(c->data, data, len);
	b->bytes += len;
}

void move_sum_add(struct sum *sum, int table, const struct batch *b)
{
	size_t i;

	for (i = 0; i < b->rows * (size_t)b->columns; i++) {
		const struct cell *c = &b->cells[i];
		char head[48];
		int n = snprintf(head, sizeof head, "%d,%d,%lld,%zu:", table, c->null,
			(long long)c->n, c->len);
		crypto_run_add(sum->run, head, (size_t)n);
		crypto_run_add(sum->run, c->data != NULL ? c->data : "", c->len);
	}
	sum->rows[table] += (int64_t)b->rows;
}

/* ---- the file ---- */

static void take_file_row(struct batch *b, struct stmt *st)
{
	struct cell *c = &b->cells[b->rows * (size_t)b->columns];
	int i;

	for (i = 0; i < b->columns; i++, c++) {
		size_t len = 0;
		const void *data = NULL;
		if (b->table->types[i] == 'i') {
			*c = (struct cell){.null = db_is_null(st, i), .n = db_int(st, i)};
			continue;
		}
		if (!db_is_null(st, i))
			data = db_blob(st, i, &len);
		cell_copy(b, c, db_is_null(st, i) ? NULL : data != NULL ? data : "", len);
	}
	b->rows++;
}

/* Hands out the rows of a table, a batch at a time. */
enum err move_read_file(struct db *db, struct batch *b,
	enum err (*each)(void *arg, const struct batch *b), void *arg)
{
	struct stmt *st = db_prepare(db, b->table->read);
	enum err e = OK, done;

	while (e == OK && db_row(st)) {
		take_file_row(b, st);
		if (b->rows < ROWS_MAX && b->bytes < BYTES_MAX)
			continue;
		e = each(arg, b);
		batch_clear(b);
	}
	done = db_done(st);
	if (e == OK)
		e = done;
	if (e == OK && b->rows > 0)
		e = each(arg, b);
	batch_clear(b);
	return e;
}

/* ---- the database ---- */

static void bind_column(struct pg_stmt *st, const struct batch *b, int column)
{
	char type = b->table->types[column];
	size_t i;

	if (type == 'i')
		pg_bind_ints(st, column + 1, b->rows);
	else if (type == 't')
		pg_bind_texts(st, column + 1, b->rows);
	else
		pg_bind_blobs(st, column + 1, b->rows);
	for (i = 0; i < b->rows; i++) {
		const struct cell *c = &b->cells[i * (size_t)b->columns + (size_t)column];
		if (c->null)
			pg_add_null(st, column + 1);
		else if (type == 'i')
			pg_add_int(st, column + 1, c->n);
		else
			pg_add_blob(st, column + 1, c->data, c->len);
	}
}

enum err move_write(struct pg *pg, const struct batch *b)
{
	struct pg_stmt *st = pg_prepare(pg, b->table->write);
	int i;

	for (i = 0; i < b->columns; i++)
		bind_column(st, b, i);
	return pg_run(st);
}

static void take_database_row(struct batch *b, const struct pg_stmt *st)
{
	struct cell *c = &b->cells[b->rows * (size_t)b->columns];
	int i;

	for (i = 0; i < b->columns; i++, c++) {
		size_t len = 0;
		const void *data = pg_blob(st, i, &len);
		if (b->table->types[i] == 'i')
			*c = (struct cell){
				.null = data == NULL, .n = data != NULL ? pg_int(st, i) : 0};
		else
			cell_copy(b, c, data, len);
	}
	b->rows++;
}

/* Rows after `last` (*last is then the key of the last one): as many as were asked for, or all. */
static enum err read_page(struct pg *pg, struct batch *b, struct cell *last)
{
	struct pg_stmt *st = pg_prepare(pg, b->table->read_back);

	if (b->table->types[0] == 'i')
		pg_bind_int(st, 1, last->n);
	else
		pg_bind_text(st, 1, last->data != NULL ? last->data : "");
	pg_bind_int(st, 2, ROWS_MAX);
	while (pg_row(st))
		take_database_row(b, st);
	return pg_done(st);
}

enum err move_read_back(struct pg *pg, struct batch *b, int table, struct sum *sum)
{
	struct cell last = {.n = INT64_MIN};
	enum err e = OK;
	size_t rows = ROWS_MAX;

	while (e == OK && rows == ROWS_MAX) {
		e = read_page(pg, b, &last);
		rows = b->rows;
		move_sum_add(sum, table, b);
		if (rows > 0) {
			struct cell *c = &b->cells[(rows - 1) * (size_t)b->columns];
			free(last.data);
			last = *c;
			c->data = NULL;
		}
		batch_clear(b);
	}
	free(last.data);
	return e;
}
