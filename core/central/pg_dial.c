#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/pg_private.h"

enum {
	OLDEST_SERVER = 120000,
	RETRY_MS = 250
};

/*
 * A commit that was answered stands on the standby as well, where there is one: what the
 * administrator chose is only made stricter. Nothing waits for ever, and a program that stops in
 * the middle of a transaction does not keep others from the lock that all writers take. Plans are
 * kept as long as the connection: one made while the tables were empty must not read all of them
 * later, and no statement of ours reads many rows but by an index.
 */
#define SETTINGS \
	"SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')" \
	" WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false);" \
	"SET default_transaction_isolation = 'read committed';" \
	"SET statement_timeout = '4s'; SET lock_timeout = '3s';" \
	"SET idle_in_transaction_session_timeout = '5s';" \
	"SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;" \
	"SET jit = off; SET client_min_messages = warning"

/* ---- one connection ---- */

static enum err complain(const PGconn *conn, const PGresult *r, struct buf *why)
{
	struct buf said = {0};
	enum err e = pg_error_of(r, conn);

	buf_adds(&said, r != NULL ? PQresultErrorMessage(r) : PQerrorMessage(conn));
	while (said.len > 0 && (said.data[said.len - 1] == '\n' || said.data[said.len - 1] == ' '))
		said.data[--said.len] = '\0';
	buf_why(why,
		r != NULL ? tr("数据库没有接受: %s")
			  : tr("连不上数据库, 请检查连接串 (--store) 和数据库服务器: %s"),
		buf_str(&said));
	buf_fini(&said);
	return e;
}

static enum err exec(PGconn *conn, const char *sql, struct buf *why)
{
	PGresult *r = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(r);
	enum err e = OK;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		e = complain(conn, r, why);
	PQclear(r);
	return e;
}

static enum err ask(PGconn *conn, const char *sql, struct buf *answer, struct buf *why)
{
	PGresult *r = PQexec(conn, sql);
	enum err e = OK;

	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		e = complain(conn, r, why);
	else if (PQntuples(r) > 0)
		buf_adds(answer, PQgetvalue(r, 0, 0));
	PQclear(r);
	return e;
}

static enum err ask_int(PGconn *conn, const char *sql, long *out, struct buf *why)
{
	struct buf answer = {0};
	enum err e = ask(conn, sql, &answer, why);

	*out = strtol(buf_str(&answer), NULL, 10);
	buf_fini(&answer);
	return e;
}

static enum err migrate_one(PGconn *conn, const char *sql, long version, struct buf *why)
{
	struct buf b = {0};
	enum err e = exec(conn, "BEGIN", why);

	buf_printf(&b, "UPDATE yimen_schema SET version = %ld", version);
	if (e == OK)
		e = exec(conn, sql, why);
	if (e == OK)
		e = exec(conn, b.data, why);
	if (e == OK)
		return buf_fini(&b), exec(conn, "COMMIT", why);
	exec(conn, "ROLLBACK", NULL);
	buf_fini(&b);
	return e;
}

/* Made and brought up to date by whoever comes first; the others wait for it. */
static enum err migrate(PGconn *conn, const struct pg_config *config, struct buf *why)
{
	long version = 0;
	enum err e;

	e = exec(conn,
		"SET statement_timeout = 0; SET lock_timeout = '120s';"
		"SELECT pg_advisory_lock(hashtextextended('yimen_schema', 0));"
		"CREATE TABLE IF NOT EXISTS yimen_schema (version bigint NOT NULL);"
		"INSERT INTO yimen_schema SELECT 0 WHERE NOT EXISTS (SELECT FROM yimen_schema)",
		why);
	if (e == OK)
		e = ask_int(conn, "SELECT version FROM yimen_schema", &version, why);
	while (e == OK && version < (long)config->step_count) {
		e = migrate_one(conn, config->steps[version], version + 1, why);
		version++;
	}
	if (e == OK)
		e = exec(conn, "SELECT pg_advisory_unlock(hashtextextended('yimen_schema', 0))",
			why);
	return e == OK ? exec(conn, SETTINGS, why) : e;
}

/* Looks first: whoever may only read and write rows needs no more when the schema is there. */
static enum err check_schema(PGconn *conn, const struct pg_config *config, struct buf *why)
{
	long made = 0, version = 0;
	enum err e = ask_int(conn, "SELECT count(to_regclass('yimen_schema'))", &made, why);

	if (e == OK && made > 0)
		e = ask_int(conn, "SELECT version FROM yimen_schema", &version, why);
	if (e == OK && version > (long)config->step_count) {
		buf_why(why,
			tr("数据库是更新版本的程序用的 (第 %ld 版, 本程序到第 %zu 版)。请升级程序。"),
			version, config->step_count);
		return ERR_STATE;
	}
	return e == OK && version < (long)config->step_count ? migrate(conn, config, why) : e;
}

static enum err check_server(PGconn *conn, struct buf *why)
{
	struct buf encoding = {0};
	enum err e = ask(conn, "SHOW server_encoding", &encoding, why);

	if (e == OK && strcmp(buf_str(&encoding), "UTF8") != 0) {
		buf_why(why, tr("数据库的编码是 %s, 应是 UTF8: 请用 createdb -E UTF8 另建一个"),
			buf_str(&encoding));
		e = ERR_INVALID;
	}
	if (e == OK && PQserverVersion(conn) < OLDEST_SERVER) {
		buf_why(why, tr("数据库服务器太旧: 要 PostgreSQL 12 或更新的"));
		e = ERR_INVALID;
	}
	buf_fini(&encoding);
	return e;
}

static enum err prepare(PGconn *conn, const struct pg_config *config, struct buf *why)
{
	struct buf listen = {0};
	enum err e = check_server(conn, why);

	if (e == OK)
		e = exec(conn, SETTINGS, why);
	if (e == OK)
		e = check_schema(conn, config, why);
	buf_printf(&listen, "LISTEN %s", config->channel);
	if (e == OK && !config->deaf)
		e = exec(conn, listen.data, why);
	buf_fini(&listen);
	return e;
}

/* What stands before the string holds when the string says nothing, what stands after it always. */
static PGconn *dial(const char *conninfo)
{
	static const char *const names[] = {"connect_timeout", "keepalives_idle",
		"keepalives_interval", "keepalives_count", "tcp_user_timeout",
		"target_session_attrs", "fallback_application_name", "dbname", "client_encoding",
		NULL};
	const char *values[] = {
		"3", "10", "3", "3", "8000", "read-write", "yimen-central", conninfo, "UTF8", NULL};

	return PQconnectdbParams(names, values, 1);
}

PGconn *pg_dial_now(
	const struct pg_config *config, const char *conninfo, enum err *e, struct buf *why)
{
	PGconn *conn = dial(conninfo);

	if (PQstatus(conn) == CONNECTION_OK)
		*e = prepare(conn, config, why);
	else
		*e = complain(conn, NULL, why);
	if (*e == OK && (PQsetnonblocking(conn, 1) != 0 || PQenterPipelineMode(conn) != 1))
		*e = ERR_IO;
	if (*e == OK)
		return conn;
	PQfinish(conn);
	return NULL;
}

/* ---- in the background ---- */

struct pg_dial {
	pthread_mutex_t lock;
	bool ended, abandoned; /* under the lock */
	struct pg_config config;
	char *conninfo;
	PGconn *conn;
	struct buf why;
};

static void dial_free(struct pg_dial *d)
{
	if (d->conn != NULL)
		PQfinish(d->conn);
	pthread_mutex_destroy(&d->lock);
	buf_fini(&d->why);
	free(d->conninfo);
	free(d);
}

/* The last of the two who let go frees it. */
static bool is_last(struct pg_dial *d, bool *mine, const bool *others)
{
	bool last;

	pthread_mutex_lock(&d->lock);
	*mine = true;
	last = *others;
	pthread_mutex_unlock(&d->lock);
	return last;
}

static void *work(void *arg)
{
	struct pg_dial *d = arg;
	enum err e;

	d->conn = pg_dial_now(&d->config, d->conninfo, &e, &d->why);
	if (is_last(d, &d->ended, &d->abandoned))
		dial_free(d);
	return NULL;
}

/* Signals are for the main thread. */
static bool start(struct pg_dial *d)
{
	sigset_t all, before;
	pthread_t thread;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	started = pthread_create(&thread, NULL, work, d) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (started)
		pthread_detach(thread);
	return started;
}

void pg_dial_begin(struct pg *pg)
{
	struct pg_dial *d;

	pg->dial_at_ms = clock_mono_ms(&clock_system) + RETRY_MS;
	d = mem_alloc(sizeof *d);
	pthread_mutex_init(&d->lock, NULL);
	d->config = pg->config;
	d->conninfo = mem_strdup(pg->conninfo);
	if (start(d)) {
		pg->dial = d;
	} else {
		log_error("store", "no thread to connect to the database with");
		dial_free(d);
	}
}

bool pg_dial_ended(struct pg *pg, PGconn **conn, struct buf *why)
{
	struct pg_dial *d = pg->dial;
	bool ended;

	pthread_mutex_lock(&d->lock);
	ended = d->ended;
	pthread_mutex_unlock(&d->lock);
	if (!ended)
		return false;
	*conn = d->conn;
	d->conn = NULL;
	buf_adds(why, buf_str(&d->why));
	dial_free(d);
	pg->dial = NULL;
	return true;
}

void pg_dial_abandon(struct pg *pg)
{
	struct pg_dial *d = pg->dial;

	pg->dial = NULL;
	if (d != NULL && is_last(d, &d->abandoned, &d->ended))
		dial_free(d);
}
