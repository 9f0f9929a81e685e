/* Letters out of a sealed file: carried for the station that wrote them. */
#include "core/station/outbox_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/msg.h"
#include "core/base/seal.h"
#include "core/domain/parcel.h"
#include "core/station/audit.h"
#include "core/station/outbox.h"
#include "core/station/papers_private.h"
#include "core/station/receipt.h"
#include "core/station/store.h"

/* The file is gone through twice: to see that it is whole, then to take it in. */
struct reading {
	struct store *store;
	bool taking;
	const char *operator_name;
	char *station; /* that wrote the file */
	char sha256[PAPER_HEX_SIZE];
	char *media_type;
	struct buf bytes; /* of the paper that is being put together */
	struct parcel_state state;
	struct outbox_file_result result;
	struct buf *why;
};

static void keep_text(char **to, const char *text)
{
	free(*to);
	*to = strdup(text);
}

/* What the station has of a letter in the file. */
enum here {
	HERE_NOT,
	HERE_ALREADY,
	HERE_GIVEN_UP,	  /* it was carried, refused, and is carried no more; the centre has no
			   * newer version from here */
	HERE_WITHOUT_SCAN /* it is held, by the station itself, because a scan was lost */
};

static enum here what_is_here(struct store *s, const char *id)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT CASE WHEN l.state = 3 AND l.hold = 0 AND c.state = 'carried'"
		" AND NOT (l.kind = 'application' AND EXISTS (SELECT 1 FROM letter n"
		" WHERE n.case_id = l.case_id AND n.kind = 'application' AND n.state = 2"
		" AND n.seq > l.seq)) THEN ?2"
		" WHEN l.state = 1 AND l.hold = 1 AND l.problem IS NULL THEN ?3 ELSE ?4 END"
		" FROM letter l JOIN case_ c ON c.id = l.case_id WHERE l.id = ?1");
	enum here here;

	db_bind_text(st, 1, id);
	db_bind_int(st, 2, HERE_GIVEN_UP);
	db_bind_int(st, 3, HERE_WITHOUT_SCAN);
	db_bind_int(st, 4, HERE_ALREADY);
	here = db_row(st) ? (enum here)db_int(st, 0) : HERE_NOT;
	db_done(st);
	return here;
}

/* ---- papers ---- */

static enum err begin_paper(struct reading *r, const struct parcel_line *l)
{
	snprintf(r->sha256, sizeof r->sha256, "%s", l->sha256);
	keep_text(&r->media_type, l->media_type);
	buf_clear(&r->bytes);
	return OK;
}

static enum err take_paper(struct reading *r)
{
	char sha256[PAPER_HEX_SIZE];
	bool known = paper_is_kept(r->store, r->sha256);
	enum err e = db_begin(store_db(r->store));

	if (e != OK)
		return e;
	e = paper_keep(r->store, &r->bytes, r->media_type, sha256);
	e = db_finish(store_db(r->store), e);
	r->result.papers += e == OK && !known;
	return e;
}

static enum err add_piece(struct reading *r, const struct parcel_line *l)
{
	buf_add(&r->bytes, l->piece, l->piece_len);
	if (r->state.paper_left > 0)
		return OK;
	if (!paper_is(&r->bytes, r->sha256)) {
		buf_why(r->why, tr("文件里有一份扫描件和它的摘要不符, 请重新导出"));
		return ERR_INVALID;
	}
	return r->taking ? take_paper(r) : OK;
}

/* ---- letters ---- */

/* What the file tells of the case, else what the letter itself does. */
static const char *told(const char *in_file, const json *body, const char *name)
{
	return in_file != NULL ? in_file : json_get_str(body, name);
}

/* A case of another station: only what its letters need to be seen and sent. */
static enum err put_case(struct reading *r, const struct parcel_letter *l, const json *body)
{
	struct stmt *st = db_prepare(store_db(r->store),
		"INSERT OR IGNORE INTO case_ (id, letter_key, state, task_code, task_name,"
		" operator_name, window, applyer_name, local_receipt, origin, created_ms, updated_ms)"
		" VALUES (?1, ?1, 'carried', coalesce(?2, ''), coalesce(?3, ''), '', '', ?4,"
		" iif(EXISTS (SELECT 1 FROM case_ WHERE local_receipt = ?5), NULL, ?5), ?6, ?7, ?7)");
	const char *station = json_get_str(body, "station");

	db_bind_text(st, 1, l->case_id);
	db_bind_text(st, 2, told(l->task_code, body, "task_code"));
	db_bind_text(st, 3, told(l->task_name, body, "task_name"));
	db_bind_text(st, 4, told(l->applyer_name, body, "applyer_name"));
	db_bind_text(st, 5, told(l->local_receipt, body, "local_receipt"));
	db_bind_text(st, 6, station != NULL ? station : r->station);
	db_bind_int(st, 7, store_now_ms(r->store));
	return db_run(st);
}

static enum err put_letter(struct reading *r, const struct parcel_letter *l)
{
	struct stmt *st = db_prepare(store_db(r->store),
		"INSERT INTO letter (id, case_id, kind, path, body, version, created_ms, since_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?8, 1 + (SELECT count(*) FROM letter"
		" WHERE case_id = ?2 AND kind = 'application')), ?6, ?7)");
	int64_t created_ms, now = store_now_ms(r->store);

	if (!clock_parse_iso(l->created_at, &created_ms))
		created_ms = now;
	db_bind_text(st, 1, l->id);
	db_bind_text(st, 2, l->case_id);
	db_bind_text(st, 3, l->kind);
	db_bind_text(st, 4, l->path);
	db_bind_blob(st, 5, l->body, l->body_len);
	db_bind_int(st, 6, created_ms);
	db_bind_int(st, 7, now);
	if (l->version > 0)
		db_bind_int(st, 8, l->version);
	else
		db_bind_null(st, 8);
	return db_run(st);
}

/* It comes once more, in its place behind what the file has before it. */
static enum err put_again(struct reading *r, const struct parcel_letter *l)
{
	struct stmt *st = db_prepare(store_db(r->store),
		"UPDATE letter SET state = 0, reason = NULL, problem = NULL, next_ms = 0,"
		" since_ms = ?2, seq = (SELECT max(seq) + 1 FROM letter) WHERE id = ?1");

	db_bind_text(st, 1, l->id);
	db_bind_int(st, 2, store_now_ms(r->store));
	return db_run(st);
}

/* The file has what it lacked: in its old place it waits again. */
static enum err put_waiting(struct reading *r, const struct parcel_letter *l)
{
	struct stmt *st = db_prepare(store_db(r->store),
		"UPDATE letter SET state = 0, hold = 0, reason = NULL, next_ms = 0, since_ms = ?2"
		" WHERE id = ?1");
	enum err e;

	db_bind_text(st, 1, l->id);
	db_bind_int(st, 2, store_now_ms(r->store));
	e = db_run(st);
	return e == OK ? audit_put(r->store, r->operator_name, "letter.retry", l->id, "") : e;
}

static enum err put(struct reading *r, const struct parcel_letter *l, enum here here)
{
	return here == HERE_NOT	       ? put_letter(r, l)
	       : here == HERE_GIVEN_UP ? put_again(r, l)
				       : put_waiting(r, l);
}

static enum err wait_for_papers(struct reading *r, const struct parcel_letter *l, const json *body)
{
	const json *one;
	enum err e = OK;

	for (one = json_first(json_get(body, "attachments")); e == OK && one != NULL;
		one = json_next(one)) {
		const char *sha256 = json_get_str(one, "sha256");
		e = sha256 != NULL && paper_is_kept(r->store, sha256)
			    ? papers_wait(r->store, l->id, sha256)
			    : ERR_INVALID;
		if (e == ERR_INVALID)
			buf_why(r->why, tr("函件 %s 的扫描件不在文件里, 请重新导出"), l->id);
	}
	return e;
}

static bool is_carried(struct store *s, const char *case_id)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT origin IS NOT NULL FROM case_ WHERE id = ?1");
	bool is;

	db_bind_text(st, 1, case_id);
	is = db_row(st) && db_int(st, 0) != 0;
	db_done(st);
	return is;
}

static enum err take_letter(struct reading *r, const struct parcel_letter *l)
{
	json *body = NULL;
	enum here here = what_is_here(r->store, l->id);
	enum err e;

	if (here == HERE_ALREADY) {
		r->result.skipped++;
		return OK;
	}
	e = json_parse(&body, l->body, l->body_len, r->why);
	if (e == OK)
		e = db_begin(store_db(r->store));
	if (e != OK) {
		json_free(body);
		return e;
	}
	e = put_case(r, l, body);
	if (e == OK)
		e = put(r, l, here);
	if (e == OK)
		e = wait_for_papers(r, l, body);
	if (e == OK)
		e = outbox_make_way(r->store, l->case_id);
	e = db_finish(store_db(r->store), e);
	r->result.letters += e == OK;
	r->result.carried += e == OK && is_carried(r->store, l->case_id);
	json_free(body);
	return e;
}

/* ---- the file ---- */

static enum err take_line(struct reading *r, const struct parcel_line *l)
{
	switch (l->kind) {
	case PARCEL_HEAD:
		keep_text(&r->station, l->station);
		return OK;
	case PARCEL_PAPER:
		return begin_paper(r, l);
	case PARCEL_PIECE:
		return add_piece(r, l);
	case PARCEL_LETTER:
		return r->taking ? take_letter(r, &l->letter) : OK;
	default:
		return OK;
	}
}

static enum err read_lines(struct reading *r, struct unseal *u)
{
	struct buf line = {0};
	enum err e;

	while ((e = unseal_line(u, &line, r->why)) == OK) {
		struct parcel_line l;
		e = parcel_read(&r->state, line.data, line.len, &l, r->why);
		if (e != OK)
			break;
		e = take_line(r, &l);
		parcel_line_fini(&l);
		if (e != OK)
			break;
	}
	buf_fini(&line);
	if (e != ERR_NOT_FOUND)
		return e;
	if (r->state.ended)
		return OK;
	buf_why(r->why, tr("文件不完整: 后面的部分没有了, 请重新拷贝或重新导出"));
	return ERR_DAMAGED;
}

/* Once through the file. */
static enum err go_through(struct reading *r, const char *path, const char *key, bool taking)
{
	struct unseal *u = NULL;
	FILE *f = fopen(path, "re");
	enum err e;

	if (f == NULL) {
		buf_why(r->why, tr("读不了 %s: %s"), path, err_cause(errno));
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
	}
	r->taking = taking;
	r->state = (struct parcel_state){0};
	e = unseal_begin(&u, f, key, r->why);
	if (e == OK)
		e = read_lines(r, u);
	unseal_end(u);
	fclose(f);
	return e;
}

enum err outbox_import(struct store *s, const char *path, const char *operator_name,
	struct outbox_file_result *result, struct buf *why)
{
	struct buf cause = {0};
	struct reading r = {.store = s, .operator_name = operator_name, .why = &cause};
	char *key = NULL;
	enum err e = receipt_key(s, &key);

	if (e == OK)
		e = go_through(&r, path, key, false);
	if (e == OK)
		e = go_through(&r, path, key, true);
	if (e == OK)
		e = audit_note(s, operator_name, "outbox.import", r.station, path);
	if (e == OK)
		*result = r.result;
	else if (cause.len > 0)
		buf_why(why, "%s", cause.data);
	else
		buf_why(why, tr("没有收完 %s: %s。再收一次即可, 不会重复。"), path, err_text(e));
	free(key);
	free(r.station);
	free(r.media_type);
	buf_fini(&r.bytes);
	buf_fini(&cause);
	return e;
}
