#include "core/station/operator.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/audit.h"
#include "core/station/store.h"

enum {
	PASS_MIN_BYTES = 6,
	FREE_FAILURES = 5,
	WAIT_UNIT_MS = 60 * 1000,
	WAIT_UNITS_MAX = 15
};

void operator_fini(struct operator* o)
{
	free(o->name);
	free(o->full_name);
	free(o->last_window);
	*o = (struct operator){0};
}

static bool good_name(const char *name)
{
	const char *at;

	for (at = name; *at != '\0'; at++)
		if (isspace((unsigned char)*at) || iscntrl((unsigned char)*at))
			return false;
	return at > name && at - name <= 64;
}

static bool good_pass(const char *pass, struct buf *why)
{
	if (strlen(pass) >= PASS_MIN_BYTES)
		return true;
	buf_why(why, tr("口令至少 %d 位, 请换一个长一些的"), PASS_MIN_BYTES);
	return false;
}

static enum err refuse(enum err e, const char *name, struct buf *why)
{
	if (e == ERR_INVALID)
		buf_why(why, tr("工号不能为空, 也不能有空格"));
	else if (e == ERR_EXISTS)
		buf_why(why, tr("工号 %s 已经有了"), name);
	else if (e == ERR_NOT_FOUND)
		buf_why(why, tr("没有工号 %s, 请用 yimen operator list 查看"), name);
	return e;
}

static enum err look(struct store *s, const char *name)
{
	struct operator o = {0};
	enum err e = operator_get(s, name, &o);

	operator_fini(&o);
	return e;
}

enum err operator_free(struct store *s, const char *name, struct buf *why)
{
	enum err e = good_name(name) ? look(s, name) : ERR_INVALID;

	return e == ERR_NOT_FOUND ? OK : refuse(e == OK ? ERR_EXISTS : e, name, why);
}

enum err operator_there(struct store *s, const char *name, struct buf *why)
{
	return refuse(look(s, name), name, why);
}

enum err operator_add(
	struct store *s, const char *name, const char *full_name, const char *pass, struct buf *why)
{
	struct db *db = store_db(s);
	struct stmt *st;
	char *record;
	enum err e;

	if (!good_name(name))
		return refuse(ERR_INVALID, name, why);
	if (!good_pass(pass, why))
		return ERR_INVALID;
	record = crypto_pass_hash(store_entropy(s), pass);
	e = db_begin(db);
	if (e == OK) {
		st = db_prepare(
			db, "INSERT INTO operator (name, full_name, pass) VALUES (?1, ?2, ?3)");
		db_bind_text(st, 1, name);
		db_bind_text(st, 2, full_name);
		db_bind_text(st, 3, record);
		e = db_run(st);
		if (e == OK)
			e = audit_put(s, "", "operator.add", name, "");
		e = db_finish(db, e);
	}
	free(record);
	return e == ERR_EXISTS ? refuse(e, name, why) : e;
}

/* Runs one UPDATE of operator `name` whose first parameter is bound already, with its audit row. */
static enum err change(
	struct store *s, struct stmt *st, const char *name, const char *act, struct buf *why)
{
	struct db *db = store_db(s);
	enum err e;

	db_bind_text(st, 2, name);
	e = db_run(st);
	if (e == OK && db_changes(db) == 0) {
		e = refuse(ERR_NOT_FOUND, name, why);
	}
	if (e == OK)
		e = audit_put(s, "", act, name, "");
	return db_finish(db, e);
}

enum err operator_passwd(struct store *s, const char *name, const char *pass, struct buf *why)
{
	struct stmt *st;
	char *record;
	enum err e;

	if (!good_pass(pass, why))
		return ERR_INVALID;
	record = crypto_pass_hash(store_entropy(s), pass);
	e = db_begin(store_db(s));
	if (e == OK) {
		st = db_prepare(
			store_db(s), "UPDATE operator SET pass = ?1, failures = 0 WHERE name = ?2");
		db_bind_text(st, 1, record);
		e = change(s, st, name, "operator.passwd", why);
	}
	free(record);
	return e;
}

enum err operator_lock(struct store *s, const char *name, bool locked, struct buf *why)
{
	enum err e = db_begin(store_db(s));
	struct stmt *st;

	if (e != OK)
		return e;
	st = db_prepare(
		store_db(s), "UPDATE operator SET locked = ?1, failures = 0 WHERE name = ?2");
	db_bind_int(st, 1, locked);
	return change(s, st, name, locked ? "operator.lock" : "operator.unlock", why);
}

static void take(struct stmt *st, struct operator* o)
{
	o->name = mem_strdup(db_text(st, 0));
	o->full_name = mem_strdup(db_text(st, 1));
	o->locked = db_int(st, 2) != 0;
	o->last_sign_in_ms = db_int(st, 3);
	o->last_window = mem_strdup(db_text(st, 4));
}

#define COLUMNS "name, full_name, locked, last_sign_in_ms, last_window"

void operator_each(struct store *s, void (*each)(void *arg, const struct operator* o), void *arg)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT " COLUMNS " FROM operator ORDER BY name");

	while (db_row(st)) {
		struct operator o = {0};
		take(st, &o);
		each(arg, &o);
		operator_fini(&o);
	}
	db_done(st);
}

size_t operator_count(struct store *s)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT count(*) FROM operator");
	size_t n = db_row(st) ? (size_t)db_int(st, 0) : 0;

	db_done(st);
	return n;
}

enum err operator_get(struct store *s, const char *name, struct operator* out)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT " COLUMNS " FROM operator WHERE name = ?1");
	enum err e;
	bool found;

	db_bind_text(st, 1, name);
	found = db_row(st);
	if (found) {
		*out = (struct operator){0};
		take(st, out);
	}
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err operator_named(struct store *s, const char *name, struct buf *why)
{
	struct operator o = {0};
	enum err e;

	if (strcmp(name, "command") == 0)
		return OK;
	e = operator_get(s, name, &o);
	if (e == ERR_NOT_FOUND && operator_count(s) == 0)
		return OK;
	if (e == ERR_NOT_FOUND)
		buf_why(why,
			tr("本机没有工号 %s, 没有办。请核对 (yimen operator list), 或先 yimen operator add。"),
			name);
	else if (e == OK && o.locked) {
		buf_why(why,
			tr("工号 %s 已停用, 没有办。请用在用的工号, 或先 yimen operator unlock。"),
			name);
		e = ERR_INVALID;
	}
	operator_fini(&o);
	return e;
}

struct credentials {
	char *pass;
	bool locked;
	int64_t failures, last_failure_ms;
};

static enum err find_credentials(struct store *s, const char *name, struct credentials *out)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT pass, locked, failures, last_failure_ms"
						  " FROM operator WHERE name = ?1");

	db_bind_text(st, 1, name);
	if (db_row(st))
		*out = (struct credentials){mem_strdup(db_text(st, 0)), db_int(st, 1) != 0,
			db_int(st, 2), db_int(st, 3)};
	return db_done(st);
}

/* How long this operator still has to wait after too many wrong pass phrases, in ms. */
static int64_t wait_ms(const struct credentials *c, int64_t now_ms)
{
	int64_t units = c->failures - FREE_FAILURES + 1, since = now_ms - c->last_failure_ms;

	if (units <= 0 || since < 0) /* a clock that was set back must not lock anybody out */
		return 0;
	if (units > WAIT_UNITS_MAX)
		units = WAIT_UNITS_MAX;
	return since < units * WAIT_UNIT_MS ? units * WAIT_UNIT_MS - since : 0;
}

static enum err write_attempt(struct store *s, const char *name, const char *window, bool good)
{
	struct db *db = store_db(s);
	struct stmt *st;
	enum err e = db_begin(db);

	if (e != OK)
		return e;
	st = db_prepare(db, good ? "UPDATE operator SET failures = 0, last_sign_in_ms = ?1,"
				   " last_window = ?3 WHERE name = ?2"
				 : "UPDATE operator SET failures = failures + 1,"
				   " last_failure_ms = ?1 WHERE name = ?2");
	db_bind_int(st, 1, store_now_ms(s));
	db_bind_text(st, 2, name);
	if (good)
		db_bind_text(st, 3, window);
	e = db_run(st);
	if (e == OK)
		e = audit_put(s, name, good ? "sign-in" : "sign-in.wrong", window, "");
	return db_finish(db, e);
}

/* A record that no pass phrase fits: an unknown number costs the same time. */
static const char no_record[] = "scrypt$16384$8$1$00000000000000000000000000000000$"
				"0000000000000000000000000000000000000000000000000000000000000000";

enum err operator_sign_in(struct store *s, const char *name, const char *pass, const char *window,
	struct operator* out, struct buf *why)
{
	struct credentials c = {0};
	enum err e = find_credentials(s, name, &c);
	int64_t wait;
	bool good;

	if (e != OK)
		goto out;
	wait = c.pass != NULL ? wait_ms(&c, store_now_ms(s)) : 0;
	if (wait > 0) {
		buf_why(why, tr("口令错误次数太多, 请 %lld 秒后再试"),
			(long long)(wait + 999) / 1000);
		e = ERR_DENIED;
		goto out;
	}
	good = crypto_pass_check(c.pass != NULL ? c.pass : no_record, pass) && c.pass != NULL;
	if (good && c.locked) {
		buf_why(why, tr("工号 %s 已停用, 请找管理员"), name);
		e = ERR_DENIED;
		goto out;
	}
	if (c.pass != NULL)
		e = write_attempt(s, name, window, good);
	if (e == OK && !good) {
		buf_why(why, tr("工号或口令不对, 请重新输入"));
		e = ERR_DENIED;
	}
	if (e == OK)
		e = operator_get(s, name, out);
out:
	free(c.pass);
	return e;
}

const char *operator_shown(const char *name)
{
	return name != NULL && strcmp(name, "command") == 0 ? tr("命令行") : name;
}
