/*
 * Inside of store_move.c: the tables of a centre, the same on both sides, and their rows on the
 * way. What each side has is summed up as a digest over every value of every row in order.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_MOVE_ROWS_H
#define YIMEN_CORE_CENTRAL_STORE_MOVE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/err.h"
#include "core/central/pg.h"

/* In the database's meta: the digest of what it was made from. */
#define META_FROM "moved.from"

enum {
	EVENTS,
	CASES,
	MATTERS,
	STATIONS,
	PAPERS,
	FACTS,
	TABLES
};

enum {
	COLUMNS_MAX = 15,
	ROWS_MAX = 200 /* sent, and read back, at a time */
};

/*
 * One table. types: a letter a column, i bigint, t text, b bytea; the first is the key by which
 * rows are in order on both sides.
 */
struct table {
	const char *types;
	const char *read;      /* from the file, in order */
	const char *write;     /* an array a column */
	const char *read_back; /* what comes after $1, $2 rows of it */
};
extern const struct table move_tables[TABLES];

struct cell {
	bool null;
	int64_t n;
	char *data; /* of text and bytes */
	size_t len;
};

/* So many rows of one table. */
struct batch {
	const struct table *table;
	int columns;
	struct cell *cells; /* room for ROWS_MAX of COLUMNS_MAX */
	size_t rows, bytes;
};
void move_begin_table(struct batch *b, const struct table *t);

/* What a side has: how many rows of each table, and a digest over them. */
struct sum {
	int64_t rows[TABLES];
	struct crypto_run *run;
};
void move_sum_add(struct sum *sum, int table, const struct batch *b);

/* Hands out the rows of the batch's table, some at a time. */
enum err move_read_file(struct db *db, struct batch *b,
	enum err (*each)(void *arg, const struct batch *b), void *arg);
enum err move_write(struct pg *pg, const struct batch *b);
/* Reads the whole table, and adds it to the sum. */
enum err move_read_back(struct pg *pg, struct batch *b, int table, struct sum *sum);

#endif
