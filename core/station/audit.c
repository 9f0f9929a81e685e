#include "core/station/audit.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/store.h"

/* A damaged file gives NULL where there can be none; such a row must not verify, nor crash us. */
static const char *text_of(struct stmt *st, int col)
{
	const char *text = db_text(st, col);

	return text != NULL ? text : "";
}

/* The digest of one row covers the digest before it and each member, lengths included. */
static void row_digest(
	const char *before, int64_t at_ms, const char *const members[4], char out[CRYPTO_HEX_SIZE])
{
	struct buf b = {0};
	int i;

	buf_printf(&b, "%s %lld", before, (long long)at_ms);
	for (i = 0; i < 4; i++)
		buf_printf(&b, " %zu:%s", strlen(members[i]), members[i]);
	crypto_hex(DIGEST_SHA256, b.data, b.len, out);
	buf_fini(&b);
}

void audit_word(struct buf *detail, const char *name, const char *value)
{
	if (value == NULL || value[0] == '\0')
		return;
	buf_printf(detail, "%s%s=", detail->len > 0 ? "\t" : "", name);
	text_clean(detail, value, strlen(value)); /* no tabs, no ends of lines */
}

void audit_word_int(struct buf *detail, const char *name, int64_t value)
{
	buf_printf(detail, "%s%s=%lld", detail->len > 0 ? "\t" : "", name, (long long)value);
}

enum err audit_put(
	struct store *s, const char *who, const char *act, const char *object, const char *detail)
{
	return audit_put_at(s, store_now_ms(s), who, act, object, detail);
}

enum err audit_put_at(struct store *s, int64_t at_ms, const char *who, const char *act,
	const char *object, const char *detail)
{
	const char *const members[4] = {who, act, object, detail};
	struct db *db = store_db(s);
	struct stmt *st = db_prepare(db, "SELECT digest FROM audit ORDER BY seq DESC LIMIT 1");
	char before[CRYPTO_HEX_SIZE] = "", digest[CRYPTO_HEX_SIZE];
	enum err e;
	int i;

	if (db_row(st))
		strncat(before, text_of(st, 0), sizeof before - 1);
	e = db_done(st);
	if (e != OK)
		return e;
	row_digest(before, at_ms, members, digest);
	st = db_prepare(db, "INSERT INTO audit (who, act, object, detail, at_ms, digest)"
			    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	for (i = 0; i < 4; i++)
		db_bind_text(st, i + 1, members[i]);
	db_bind_int(st, 5, at_ms);
	db_bind_text(st, 6, digest);
	return db_run(st);
}

enum err audit_note(
	struct store *s, const char *who, const char *act, const char *object, const char *detail)
{
	enum err e = db_begin(store_db(s));

	if (e == OK)
		e = audit_put(s, who, act, object, detail);
	return db_finish(store_db(s), e);
}

enum err audit_verify(struct store *s, int64_t *rows, struct buf *why)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT seq, at_ms, who, act, object, detail, digest"
					" FROM audit ORDER BY seq");
	char before[CRYPTO_HEX_SIZE] = "", digest[CRYPTO_HEX_SIZE];
	int64_t count = 0, bad = 0;
	enum err e;

	while (bad == 0 && db_row(st)) {
		const char *const members[4] = {
			text_of(st, 2), text_of(st, 3), text_of(st, 4), text_of(st, 5)};
		row_digest(before, db_int(st, 1), members, digest);
		/* Numbers run without gaps: AUTOINCREMENT never gives one again. */
		if (db_int(st, 0) != count + 1 || strcmp(digest, text_of(st, 6)) != 0)
			bad = db_int(st, 0);
		memcpy(before, digest, sizeof before);
		count++;
	}
	e = db_done(st);
	if (e != OK)
		return e;
	if (bad == 0) {
		/* Rows cut off the end show in the counter that AUTOINCREMENT keeps. */
		st = db_prepare(
			store_db(s), "SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
		if (db_row(st) && db_int(st, 0) != count)
			bad = count + 1;
		db_done(st);
	}
	if (bad != 0) {
		buf_why(why,
			tr("操作记录第 %lld 条对不上: 有人改动、删除或插入过记录。请保留数据文件, "
			   "立即报告管理员。"),
			(long long)bad);
		return ERR_DAMAGED;
	}
	*rows = count;
	return OK;
}
