/* Parameters in PostgreSQL's binary formats. */
#include <stdlib.h>
#include <string.h>

#include "core/central/pg_private.h"

enum { /* of pg_type; fixed for ever */
	OID_BYTEA = 17,
	OID_BIGINT = 20,
	OID_TEXT = 25,
	OID_BYTEA_ARRAY = 1001,
	OID_TEXT_ARRAY = 1009,
	OID_BIGINT_ARRAY = 1016
};

void pg_stmt_free(struct pg_stmt *s)
{
	int i;

	PQclear(s->result);
	for (i = 0; i < PG_PARAMS_MAX; i++)
		buf_fini(&s->params[i].array);
	free(s->sql);
	free(s);
}

static struct pg_param *param(struct pg_stmt *s, int i, Oid type)
{
	struct pg_param *p = &s->params[i - 1];

	if (i > s->param_count)
		s->param_count = i;
	p->type = type;
	p->value = NULL;
	p->len = 0;
	p->binary = 1;
	p->is_array = false;
	return p;
}

/* Network order. */
static void put(char *at, uint64_t n, int bytes)
{
	int i;

	for (i = bytes - 1; i >= 0; i--, n >>= 8)
		at[i] = (char)(n & 0xFF);
}

void pg_bind_int(struct pg_stmt *s, int i, int64_t n)
{
	pg_bind_int_or_null(s, i, n, false);
}

void pg_bind_int_or_null(struct pg_stmt *s, int i, int64_t n, bool null)
{
	struct pg_param *p = param(s, i, OID_BIGINT);

	put(p->number, (uint64_t)n, 8);
	p->value = null ? NULL : p->number;
	p->len = 8;
}

void pg_bind_text(struct pg_stmt *s, int i, const char *text)
{
	struct pg_param *p = param(s, i, OID_TEXT);

	p->value = text;
	p->len = text != NULL ? strlen(text) : 0;
}

void pg_bind_blob(struct pg_stmt *s, int i, const void *data, size_t len_bytes)
{
	struct pg_param *p = param(s, i, OID_BYTEA);

	p->value = data;
	p->len = len_bytes;
}

/* ---- arrays: dimensions, a word that NULLs may come, the type; then length and bytes of each ----
 */

static void begin_array(struct pg_stmt *s, int i, Oid type, Oid element, size_t count)
{
	struct pg_param *p = param(s, i, type);
	char head[20];

	p->is_array = true;
	put(head, count > 0, 4);
	put(head + 4, 1, 4);
	put(head + 8, element, 4);
	put(head + 12, count, 4);
	put(head + 16, 1, 4); /* the first index */
	buf_clear(&p->array);
	buf_add(&p->array, head, count > 0 ? 20 : 12);
}

void pg_bind_ints(struct pg_stmt *s, int i, size_t count)
{
	begin_array(s, i, OID_BIGINT_ARRAY, OID_BIGINT, count);
}

void pg_bind_texts(struct pg_stmt *s, int i, size_t count)
{
	begin_array(s, i, OID_TEXT_ARRAY, OID_TEXT, count);
}

void pg_bind_blobs(struct pg_stmt *s, int i, size_t count)
{
	begin_array(s, i, OID_BYTEA_ARRAY, OID_BYTEA, count);
}

void pg_add_blob(struct pg_stmt *s, int i, const void *data, size_t len_bytes)
{
	struct buf *b = &s->params[i - 1].array;
	char size[4];

	put(size, len_bytes, 4);
	buf_add(b, size, 4);
	buf_add(b, data, len_bytes);
}

void pg_add_null(struct pg_stmt *s, int i)
{
	static const char minus_one[] = "\xFF\xFF\xFF\xFF";

	buf_add(&s->params[i - 1].array, minus_one, 4);
}

void pg_add_text(struct pg_stmt *s, int i, const char *text)
{
	if (text != NULL)
		pg_add_blob(s, i, text, strlen(text));
	else
		pg_add_null(s, i);
}

void pg_add_int(struct pg_stmt *s, int i, int64_t n)
{
	char number[8];

	put(number, (uint64_t)n, 8);
	pg_add_blob(s, i, number, 8);
}
