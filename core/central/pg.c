#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/pg_private.h"

enum {
	DIALING_MS = 20,     /* how often one looks whether the connection is there */
	SAY_AGAIN_MS = 30000 /* that it is still away */
};

static int64_t now_ms(void)
{
	return clock_mono_ms(&clock_system);
}

/* ---- errors, by what the caller does next ---- */

enum err pg_error_of(const PGresult *result, const PGconn *conn)
{
	const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	if (state == NULL || PQstatus(conn) == CONNECTION_BAD)
		return ERR_IO;
	if (strcmp(state, "23505") == 0)
		return ERR_EXISTS;
	/* 54000: a text too long for an index */
	if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0 ||
		strcmp(state, "54000") == 0)
		return ERR_INVALID;
	if (strcmp(state, "57014") == 0 || strcmp(state, "55P03") == 0 ||
		strncmp(state, "40", 2) == 0)
		return ERR_BUSY;
	if (strcmp(state, "53100") == 0)
		return ERR_FULL;
	if (strncmp(state, "28", 2) == 0 || strcmp(state, "42501") == 0)
		return ERR_DENIED;
	return strncmp(state, "XX00", 4) == 0 ? ERR_DAMAGED : ERR_IO;
}

/* A server that takes no writes any more is not the one that we want: another one may be. */
static bool is_of_no_use(const PGresult *r, const PGconn *conn)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return PQstatus(conn) == CONNECTION_BAD ||
	       (state != NULL && (strcmp(state, "25006") == 0 || strncmp(state, "57P", 3) == 0));
}

static void note_failure(struct pg *pg, enum err e)
{
	if (pg->failed == OK)
		pg->failed = e;
}

static void fail(struct pg_stmt *s, enum err e)
{
	s->failed = e;
	s->answered = true;
	note_failure(s->pg, e);
}

void pg_lose(struct pg *pg, enum err as, const char *why)
{
	struct pg_stmt *s;

	if (pg->conn == NULL)
		return;
	log_error("store", "the connection to the database is lost: %.*s", (int)strcspn(why, "\n"),
		why);
	while ((s = pg->sent) != NULL) {
		pg->sent = s->next_sent;
		fail(s, as);
	}
	pg->sent_end = &pg->sent;
	pg->lost_as = as;
	note_failure(pg, as);
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->losses++;
	pg->dial_at_ms = 0;
}

/* ---- waiting ---- */

/* A round of moving bytes either way. What the server said before it went is still to be read. */
static void move_bytes(struct pg *pg, int64_t until_ms)
{
	int unsent = PQflush(pg->conn);
	struct pollfd p = {
		.fd = PQsocket(pg->conn), .events = (short)(POLLIN | (unsent > 0 ? POLLOUT : 0))};
	int64_t left_ms = until_ms - now_ms();
	int n;

	if (unsent < 0 || p.fd < 0) {
		pg_lose(pg, ERR_IO, PQerrorMessage(pg->conn));
		return;
	}
	n = left_ms > 0 ? poll(&p, 1, (int)left_ms) : 0;
	if (n == 0)
		pg_lose(pg, ERR_BUSY, "it does not answer in time");
	else if (n > 0 && (p.revents & ~POLLOUT) != 0)
		PQconsumeInput(pg->conn);
}

static void take_notices(struct pg *pg)
{
	PGnotify *n;
	char *self;

	while (pg->conn != NULL && (n = PQnotifies(pg->conn)) != NULL) {
		unsigned long bits = strtoul(n->extra, &self, 10);
		if (strcmp(self + (*self == ' '), pg->self) != 0)
			pg->news |= (unsigned)bits;
		PQfreemem(n);
	}
}

static void complain(struct pg_stmt *s, const PGresult *r)
{
	enum err e = pg_error_of(r, s->pg->conn);

	fail(s, e);
	if (strcmp(s->sql, "COMMIT") != 0)
		s->pg->refused = true;
	if (e != ERR_EXISTS)
		log_error("store", "%s: %s", s->sql, PQresultErrorMessage(r));
}

/* One answer of those that are awaited. The statement whose preparing it ends stays the first. */
static void take_result(struct pg *pg, PGresult *r)
{
	struct pg_stmt *s = pg->sent;
	ExecStatusType status = PQresultStatus(r);

	if (s == NULL) {
		PQclear(r);
		pg_lose(pg, ERR_IO, PQerrorMessage(pg->conn));
	} else if (status == PGRES_PIPELINE_ABORTED) {
		if (s->failed == OK)
			fail(s, pg->failed != OK ? pg->failed : ERR_IO);
		PQclear(r);
	} else if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		complain(s, r);
		if (is_of_no_use(r, pg->conn))
			pg_lose(pg, ERR_IO, PQresultErrorMessage(r));
		PQclear(r);
	} else if (s->preparing) {
		s->prepared = true;
		PQclear(r);
	} else {
		s->result = r;
	}
}

/* The answers to one statement, or to its preparing, have ended. */
static void end_of_one(struct pg *pg)
{
	struct pg_stmt *s = pg->sent;

	if (s == NULL) {
		if (PQstatus(pg->conn) == CONNECTION_BAD)
			pg_lose(pg, ERR_IO, PQerrorMessage(pg->conn));
		return;
	}
	if (s->preparing) {
		s->preparing = false;
		return;
	}
	s->answered = true;
	pg->sent = s->next_sent;
	if (pg->sent == NULL)
		pg->sent_end = &pg->sent;
}

static void gather_answers(struct pg *pg, int64_t until_ms)
{
	bool ended = false;

	while (!ended && pg->conn != NULL) {
		PGresult *r;
		if (PQflush(pg->conn) != 0 || PQisBusy(pg->conn) != 0) {
			move_bytes(pg, until_ms);
			continue;
		}
		r = PQgetResult(pg->conn);
		ended = r != NULL && PQresultStatus(r) == PGRES_PIPELINE_SYNC;
		if (ended)
			PQclear(r);
		else if (r != NULL)
			take_result(pg, r);
		else
			end_of_one(pg);
	}
}

/* Statements outside of a transaction are committed after their own answers: what was answered and
 * not committed, or not confirmed by a standby, has failed. */
static void doubt_batch(struct pg *pg)
{
	enum err e = pg->conn == NULL ? pg->lost_as : pg->warned ? ERR_BUSY : OK;
	struct pg_stmt *s;

	for (s = pg->batch; s != NULL; s = s->next_in_batch)
		if (!pg->in_transaction && e != OK && s->failed == OK)
			fail(s, e);
	pg->batch = NULL;
}

/* Waits for all that was sent. */
static void sync_all(struct pg *pg)
{
	if (pg->conn == NULL || pg->sent == NULL)
		return;
	if (!pg->in_transaction)
		pg->warned = false;
	if (PQpipelineSync(pg->conn) == 1)
		gather_answers(pg, now_ms() + pg->limit_ms);
	else
		pg_lose(pg, ERR_IO, PQerrorMessage(pg->conn));
	doubt_batch(pg);
	take_notices(pg);
}

/* ---- statements ---- */

static struct pg_stmt *known(struct pg *pg, const char *sql)
{
	struct pg_stmt *s;

	for (s = pg->stmts; s != NULL; s = s->next)
		if (s->given == sql)
			return s;
	for (s = pg->stmts; s != NULL; s = s->next)
		if (strcmp(s->sql, sql) == 0)
			return s;
	s = mem_alloc(sizeof *s);
	s->pg = pg;
	s->given = sql;
	s->sql = mem_strdup(sql);
	snprintf(s->name, sizeof s->name, "s%u", pg->stmt_count++);
	s->next = pg->stmts;
	pg->stmts = s;
	return s;
}

static void forget_rows(struct pg_stmt *s)
{
	PQclear(s->result);
	s->result = NULL;
	s->row = -1;
	s->sent = s->answered = false;
	s->failed = OK;
}

struct pg_stmt *pg_prepare(struct pg *pg, const char *sql)
{
	struct pg_stmt *s = known(pg, sql);

	if (s->sent && !s->answered)
		sync_all(pg);
	forget_rows(s);
	s->param_count = 0;
	return s;
}

static bool send_prepare(struct pg_stmt *s)
{
	Oid types[PG_PARAMS_MAX];
	int i;

	for (i = 0; i < s->param_count; i++)
		types[i] = s->params[i].type;
	s->preparing = PQsendPrepare(s->pg->conn, s->name, s->sql, s->param_count, types) == 1;
	return s->preparing;
}

static bool send_query(struct pg_stmt *s)
{
	const char *values[PG_PARAMS_MAX];
	int lengths[PG_PARAMS_MAX], formats[PG_PARAMS_MAX], i;

	for (i = 0; i < s->param_count; i++) {
		const struct pg_param *p = &s->params[i];
		values[i] = p->is_array ? p->array.data : p->value;
		lengths[i] = (int)(p->is_array ? p->array.len : p->len);
		formats[i] = p->binary;
	}
	return PQsendQueryPrepared(
		       s->pg->conn, s->name, s->param_count, values, lengths, formats, 1) == 1;
}

void pg_send(struct pg_stmt *s)
{
	struct pg *pg = s->pg;

	s->sent = true;
	if (pg->conn == NULL) {
		fail(s, pg->in_transaction ? ERR_IO : ERR_BUSY);
		return;
	}
	s->next_in_batch = pg->batch;
	pg->batch = s;
	s->next_sent = NULL;
	*pg->sent_end = s;
	pg->sent_end = &s->next_sent;
	if ((!s->prepared && !send_prepare(s)) || !send_query(s))
		pg_lose(pg, ERR_IO, PQerrorMessage(pg->conn));
}

bool pg_row(struct pg_stmt *s)
{
	if (!s->sent)
		pg_send(s);
	if (!s->answered)
		sync_all(s->pg);
	if (s->failed != OK || s->row + 1 >= PQntuples(s->result))
		return false;
	s->row++;
	return true;
}

enum err pg_done(struct pg_stmt *s)
{
	enum err e;

	if (!s->sent)
		pg_send(s);
	if (!s->answered)
		sync_all(s->pg);
	e = s->failed;
	forget_rows(s);
	return e;
}

enum err pg_run(struct pg_stmt *s)
{
	return pg_done(s);
}

int64_t pg_changes(const struct pg_stmt *s)
{
	return s->result != NULL ? strtoll(PQcmdTuples(s->result), NULL, 10) : 0;
}

/* ---- columns: all results are binary ---- */

const char *pg_text(const struct pg_stmt *s, int col)
{
	return PQgetisnull(s->result, s->row, col) ? NULL : PQgetvalue(s->result, s->row, col);
}

const void *pg_blob(const struct pg_stmt *s, int col, size_t *len_bytes)
{
	*len_bytes = (size_t)PQgetlength(s->result, s->row, col);
	return pg_text(s, col);
}

int64_t pg_int(const struct pg_stmt *s, int col)
{
	const unsigned char *at = (const unsigned char *)PQgetvalue(s->result, s->row, col);
	int i, len = PQgetlength(s->result, s->row, col);
	uint64_t n = 0;

	for (i = 0; i < len && i < 8; i++)
		n = n << 8 | at[i];
	return (int64_t)n;
}

/* ---- transactions ---- */

void pg_begin(struct pg *pg)
{
	pg->in_transaction = true;
	pg->warned = pg->refused = false;
	pg->failed = OK;
	pg_send(pg_prepare(pg, "BEGIN"));
}

void pg_rollback(struct pg *pg)
{
	if (!pg->in_transaction)
		return;
	sync_all(pg);
	pg->in_transaction = false;
	if (pg->conn != NULL && PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
		pg_run(pg_prepare(pg, "ROLLBACK"));
}

enum err pg_commit(struct pg *pg)
{
	struct pg_stmt *s;
	bool sent, committed;
	enum err e;

	if (!pg->in_transaction)
		return ERR_STATE;
	s = pg_prepare(pg, "COMMIT");
	sent = pg->failed == OK;
	if (sent)
		pg_send(s);
	sync_all(pg);
	/* A transaction that has failed ends in a ROLLBACK, whatever it is asked. */
	committed = s->result != NULL && strcmp(PQcmdStatus(s->result), "COMMIT") == 0;
	e = pg->failed;
	if (committed)
		e = pg->warned ? ERR_BUSY : OK;
	else if (sent && pg->conn == NULL && !pg->refused)
		e = pg->lost_as == ERR_BUSY ? ERR_BUSY : ERR_UNSURE;
	else if (e == OK)
		e = ERR_IO;
	forget_rows(s);
	pg_rollback(pg);
	return e;
}

/* ---- the connection ---- */

/* A warning comes with a commit that a standby did not confirm. */
static void take_notice(void *arg, const PGresult *r)
{
	struct pg *pg = arg;
	const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY_NONLOCALIZED);

	pg->warned |= severity != NULL && strcmp(severity, "WARNING") == 0;
	log_warn("store", "the database says: %s", PQresultErrorMessage(r));
}

static void adopt(struct pg *pg, PGconn *conn)
{
	struct pg_stmt *s;

	pg->conn = conn;
	PQsetNoticeReceiver(conn, take_notice, pg);
	for (s = pg->stmts; s != NULL; s = s->next)
		s->prepared = s->preparing = false;
	pg->in_transaction = false;
	pg->news = ~0u;
	pg->limit_ms = PG_LIMIT_MS;
	log_info("store", "connected to the database %s at %s", PQdb(conn), PQhost(conn));
}

static void go_on_dialing(struct pg *pg)
{
	struct buf why = {0};
	PGconn *conn = NULL;

	if (pg->dial == NULL) {
		if (now_ms() >= pg->dial_at_ms)
			pg_dial_begin(pg);
	} else if (pg_dial_ended(pg, &conn, &why) && conn != NULL) {
		pg->said_ms = 0;
		adopt(pg, conn);
	} else if (why.len > 0 && (pg->said_ms == 0 || now_ms() - pg->said_ms > SAY_AGAIN_MS)) {
		log_error("store", "%s", why.data);
		pg->said_ms = now_ms();
	}
	buf_fini(&why);
}

static struct pg *make(const struct pg_config *config)
{
	struct pg *pg = mem_alloc(sizeof *pg);

	pg->config = *config;
	pg->conninfo = mem_strdup(config->conninfo);
	pg->config.conninfo = pg->conninfo;
	pg->sent_end = &pg->sent;
	return pg;
}

struct pg *pg_twin(const struct pg *pg)
{
	struct pg *twin = make(&pg->config);

	twin->config.deaf = true;
	memcpy(twin->self, pg->self, sizeof twin->self);
	return twin;
}

enum err pg_open(struct pg **out, const struct pg_config *config, struct buf *why)
{
	struct pg *pg = make(config);
	PGconn *conn;
	enum err e;

	id_code(&entropy_system, sizeof pg->self - 1, pg->self);
	conn = pg_dial_now(config, pg->conninfo, &e, why);
	if (conn == NULL) {
		pg_close(pg);
		return e;
	}
	adopt(pg, conn);
	*out = pg;
	return OK;
}

void pg_close(struct pg *pg)
{
	struct pg_stmt *s;

	if (pg == NULL)
		return;
	pg_dial_abandon(pg);
	while ((s = pg->stmts) != NULL) {
		pg->stmts = s->next;
		pg_stmt_free(s);
	}
	if (pg->conn != NULL)
		PQfinish(pg->conn);
	free(pg->conninfo);
	free(pg);
}

enum err pg_ready(struct pg *pg, int patience_ms)
{
	int64_t until_ms = now_ms() + patience_ms;

	if (pg->conn == NULL)
		go_on_dialing(pg);
	while (pg->conn == NULL && now_ms() < until_ms) {
		poll(NULL, 0, DIALING_MS);
		go_on_dialing(pg);
	}
	return pg->conn != NULL ? OK : ERR_BUSY;
}

int64_t pg_tend(struct pg *pg)
{
	if (pg->conn != NULL && pg->sent == NULL) {
		PQconsumeInput(pg->conn);
		take_notices(pg);
		if (PQstatus(pg->conn) == CONNECTION_BAD)
			pg_lose(pg, ERR_IO, PQerrorMessage(pg->conn));
	}
	if (pg_ready(pg, 0) != OK)
		return DIALING_MS;
	return pg->news != 0 ? 0 : -1;
}

int pg_fd(const struct pg *pg)
{
	return pg->conn != NULL ? PQsocket(pg->conn) : -1;
}

unsigned pg_news(struct pg *pg)
{
	unsigned news = pg->news;

	pg->news = 0;
	return news;
}

void pg_notify(struct pg *pg, unsigned bits)
{
	struct pg_stmt *s = pg_prepare(pg, "SELECT pg_notify($1, $2::bigint::text || ' ' || $3)");

	pg_bind_text(s, 1, pg->config.channel);
	pg_bind_int(s, 2, bits);
	pg_bind_text(s, 3, pg->self);
	pg_send(s);
}

uint64_t pg_losses(const struct pg *pg)
{
	return pg->losses;
}

void pg_limit(struct pg *pg, int limit_ms)
{
	pg->limit_ms = limit_ms > 0 ? limit_ms : PG_LIMIT_MS;
}
