/* Letters into a sealed file. */
#include "core/station/outbox_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/seal.h"
#include "core/domain/parcel.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "core/station/receipt.h"
#include "core/station/store.h"

/* What is to be written: letter ids in the order of posting. */
struct choice {
	struct chosen {
		int64_t seq;
		char id[ID_UUID_SIZE];
	} * list;
	size_t count;
};

/* Those of a statement that gives seq and id. */
static enum err add_rows(struct choice *c, struct stmt *st)
{
	while (db_row(st)) {
		struct chosen *one;
		c->list = mem_resize(c->list, c->count + 1, sizeof *c->list);
		one = &c->list[c->count++];
		*one = (struct chosen){.seq = db_int(st, 0)};
		strncat(one->id, db_text(st, 1), sizeof one->id - 1);
	}
	return db_done(st);
}

/* Of this case what is not at its end: nobody takes a step of a case without what goes before it.
 */
static enum err add_case(struct store *s, struct choice *c, const char *case_id, int64_t until_seq)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT seq, id FROM letter WHERE case_id = ?1 AND seq <= ?2 AND state IN (0, 1)");

	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, until_seq);
	return add_rows(c, st);
}

/* All that only the line or an admission keeps here. What waits behind one that is refused or kept
 * back cannot be taken anywhere. */
static enum err add_waiting(struct store *s, struct choice *c)
{
	return add_rows(c,
		db_prepare(store_db(s),
			"SELECT seq, id FROM letter l WHERE (state = 0 OR (state = 1 AND hold = 2))"
			" AND NOT EXISTS (SELECT 1 FROM letter e WHERE e.case_id = l.case_id"
			" AND e.seq < l.seq AND e.state = 1 AND e.hold <> 2)"));
}

static int by_seq(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;

	return (x->seq > y->seq) - (x->seq < y->seq);
}

struct members {
	struct store *store;
	struct choice *choice;
	bool any;
	enum err result;
};

static void add_member(void *arg, const struct case_view *v)
{
	struct members *m = arg;

	m->any |= v->letter_id != NULL;
	if (m->result == OK)
		m->result = add_case(m->store, m->choice, v->id, INT64_MAX);
}

/* The number is a bundle's: those of its letters that are still here to be sent. ERR_STATE: none of
 * them is. */
static enum err choose_members(struct store *s, const char *id, struct choice *c)
{
	struct members m = {s, c, false, OK};
	size_t before = c->count;
	struct case_view v;
	enum err e = case_get(s, id, &v);

	if (e != OK)
		return e;
	if (strcmp(v.state, CASE_BUNDLE) == 0)
		case_each_in_bundle(s, v.id, add_member, &m);
	case_view_fini(&v);
	if (m.result != OK)
		return m.result;
	if (!m.any)
		return ERR_NOT_FOUND;
	return c->count > before ? OK : ERR_STATE;
}

static enum err choose_one(struct store *s, const char *id, struct choice *c, struct buf *why)
{
	struct letter l;
	enum err e = outbox_get_next(s, id, &l);

	if (e == ERR_NOT_FOUND && (e = choose_members(s, id, c)) == OK)
		return OK;
	if (e == ERR_STATE)
		buf_why(why, tr("%s 已经了结, 不用导出"), id);
	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("没有 %s 这封信件, 请用 yimen outbox list 查看"), id);
	if (e != OK)
		return e;
	if (l.state == LETTER_WAITING || l.state == LETTER_HELD) {
		e = add_case(s, c, l.case_id, strcmp(l.id, id) == 0 ? l.seq : INT64_MAX);
	} else {
		buf_why(why, tr("%s 已经了结, 不用导出"), id);
		e = ERR_STATE;
	}
	letter_fini(&l);
	return e;
}

/* Named twice, by its number and its bundle's: written once. */
static void drop_repeated(struct choice *c)
{
	size_t kept = 0, i;

	for (i = 0; i < c->count; i++)
		if (kept == 0 || c->list[i].seq != c->list[kept - 1].seq)
			c->list[kept++] = c->list[i];
	c->count = kept;
}

static enum err choose(
	struct store *s, const char *const *ids, size_t count, struct choice *c, struct buf *why)
{
	enum err e = count == 0 ? add_waiting(s, c) : OK;
	size_t i;

	for (i = 0; e == OK && i < count; i++)
		e = choose_one(s, ids[i], c, why);
	if (e == OK && c->count == 0) {
		buf_why(why, tr("没有待发的, 不用导出"));
		e = ERR_NOT_FOUND;
	}
	if (e == OK) {
		qsort(c->list, c->count, sizeof *c->list, by_seq);
		drop_repeated(c);
	}
	return e;
}

/* ---- writing ---- */

struct writing {
	struct store *store;
	struct seal *seal;
	struct buf line;
	char (*papers)[PAPER_HEX_SIZE]; /* written so far */
	size_t paper_count, letter_count;
	struct buf *why;
	enum err result;
};

static void put_line(struct writing *w)
{
	if (w->result == OK)
		w->result = seal_add(w->seal, w->line.data, w->line.len);
	buf_clear(&w->line);
}

static bool is_written(const struct writing *w, const char *sha256)
{
	size_t i;

	for (i = 0; i < w->paper_count; i++)
		if (strcmp(w->papers[i], sha256) == 0)
			return true;
	return false;
}

static void write_paper(void *arg, const struct paper *p)
{
	struct writing *w = arg;
	struct buf bytes = {0};
	char *path;
	size_t at;

	if (w->result != OK || is_written(w, p->sha256))
		return;
	path = paper_path(w->store, p->sha256);
	if (paths_read(&bytes, path, PAPER_MAX_BYTES) != OK || (int64_t)bytes.len != p->size) {
		buf_why(w->why, tr("本机存的扫描件 %s 读不出来, 请更正那一件, 重新扫描"), path);
		w->result = ERR_DAMAGED;
	}
	free(path);
	w->papers = mem_resize(w->papers, w->paper_count + 1, sizeof *w->papers);
	memcpy(w->papers[w->paper_count++], p->sha256, PAPER_HEX_SIZE);
	parcel_write_paper(&w->line, p->sha256, p->size, p->media_type);
	put_line(w);
	for (at = 0; w->result == OK && at < bytes.len; at += PARCEL_PIECE_BYTES) {
		size_t left = bytes.len - at;
		parcel_write_piece(&w->line, bytes.data + at,
			left < PARCEL_PIECE_BYTES ? left : PARCEL_PIECE_BYTES);
		put_line(w);
	}
	buf_fini(&bytes);
}

static void write_letter(struct writing *w, const char *id)
{
	char created[CLOCK_ISO_SIZE];
	struct letter l;

	w->result = outbox_get(w->store, id, &l);
	if (w->result != OK)
		return;
	papers_each_of_letter(w->store, id, write_paper, w);
	parcel_write_letter(&w->line, &(struct parcel_letter){.id = l.id,
					      .case_id = l.case_id,
					      .kind = l.kind,
					      .path = l.path,
					      .created_at = clock_iso(l.created_ms, created),
					      .body = l.body,
					      .body_len = l.body_len,
					      .local_receipt = l.local_receipt,
					      .task_code = l.task_code,
					      .task_name = l.task_name,
					      .applyer_name = l.applyer_name});
	put_line(w);
	w->letter_count++;
	letter_fini(&l);
}

static enum err write_all(struct writing *w, FILE *f, const struct choice *c)
{
	char *station = store_get(w->store, "centre.station"), *key = NULL, at[CLOCK_ISO_SIZE];
	enum err ended;
	size_t i;

	w->result = receipt_key(w->store, &key);
	if (w->result == OK)
		w->result = seal_begin(&w->seal, f, key, store_entropy(w->store));
	parcel_write_head(
		&w->line, station != NULL ? station : "", clock_iso(store_now_ms(w->store), at));
	put_line(w);
	for (i = 0; w->result == OK && i < c->count; i++)
		write_letter(w, c->list[i].id);
	parcel_write_end(&w->line, (int64_t)w->letter_count, (int64_t)w->paper_count);
	put_line(w);
	ended = seal_end(w->seal);
	free(station);
	free(key);
	return w->result != OK ? w->result : ended;
}

/* Why nothing can be made there: a stick that is not in, most of the time. */
static const char *no_place(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return tr("没有那个文件夹 (U 盘插好了吗?)");
	case EACCES:
	case EPERM:
	case EROFS:
		return tr("那里不许写");
	case ENOSPC:
	case EDQUOT:
		return tr("那里满了");
	default:
		return err_text(ERR_IO);
	}
}

static void say_no_place(struct writing *w, const char *path)
{
	if (w->why->len == 0)
		buf_why(w->why, tr("写不了 %s: %s。信件都还在待发里。"), path, no_place());
}

/* A folder is no file, and a device is not to be replaced by one. */
static bool is_other_thing(const char *path, struct buf *why)
{
	struct stat st;

	if (stat(path, &st) != 0 || S_ISREG(st.st_mode))
		return false;
	buf_why(why,
		S_ISDIR(st.st_mode) ? tr("%s 是文件夹, 请在后面写上文件名")
				    : tr("%s 不是普通文件, 请换一个文件名"),
		path);
	return true;
}

/* Beside the path, flushed, then under its name. */
static enum err write_file(struct writing *w, const char *path, const struct choice *c)
{
	struct buf temp = {0};
	enum err e = ERR_IO;
	FILE *f;
	int fd;

	if (is_other_thing(path, w->why))
		return ERR_DENIED;
	buf_printf(&temp, "%s.%ld.tmp", path, (long)getpid());
	fd = open(temp.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	f = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (f == NULL)
		say_no_place(w, path);
	if (f != NULL) {
		e = write_all(w, f, c);
		if (e == OK && (fflush(f) != 0 || fsync(fd) != 0))
			e = ERR_IO;
		if (e == ERR_IO && (errno == ENOSPC || errno == EDQUOT))
			say_no_place(w, path);
		if (fclose(f) != 0 && e == OK)
			e = ERR_IO;
		if (e == OK && rename(temp.data, path) != 0)
			e = ERR_IO;
		if (e == OK)
			e = paths_sync_folder(path);
		if (e != OK)
			unlink(temp.data);
	}
	buf_fini(&temp);
	return e;
}

enum err outbox_export(struct store *s, const char *path, const char *const *ids, size_t count,
	const char *operator_name, struct outbox_file_result *result, struct buf *why)
{
	struct buf cause = {0};
	struct writing w = {.store = s, .why = &cause};
	struct choice c = {NULL, 0};
	enum err e = choose(s, ids, count, &c, &cause);

	if (e == OK)
		e = write_file(&w, path, &c);
	if (e == OK)
		e = audit_note(s, operator_name, "outbox.export", "", path);
	if (e == OK)
		*result = (struct outbox_file_result){w.letter_count, w.paper_count, 0};
	else if (cause.len > 0)
		buf_why(why, "%s", cause.data);
	else
		buf_why(why, tr("写不了 %s: %s。信件都还在待发里。"), path, err_text(e));
	free(c.list);
	free(w.papers);
	buf_fini(&w.line);
	buf_fini(&cause);
	return e;
}
