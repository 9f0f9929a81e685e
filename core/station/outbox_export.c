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
#include "core/station/outbox.h"
#include "core/station/outbox_choice.h"
#include "core/station/papers_private.h"
#include "core/station/receipt.h"
#include "core/station/store.h"

/* ---- writing ---- */

struct writing {
	struct store *store;
	struct seal *seal;
	struct buf line;
	char (*papers)[PAPER_HEX_SIZE]; /* written so far */
	size_t paper_count, letter_count;
	unsigned unread; /* store_unread when it began: what lacks something is not carried away */
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
	if (paths_read(&bytes, path, PAPER_MAX_BYTES) != OK || !paper_is(&bytes, p->sha256)) {
		buf_why(w->why, tr("本机存的扫描件 %s 刚才还好, 现在读不出来, 请再导出一次"), path);
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
	parcel_write_letter(
		&w->line, &(struct parcel_letter){.id = l.id,
				  .case_id = l.case_id,
				  .kind = l.kind,
				  .path = l.path,
				  .created_at = clock_iso(l.created_ms, created),
				  .body = l.body,
				  .body_len = l.body_len,
				  .local_receipt = l.local_receipt,
				  .task_code = l.task_code,
				  .task_name = l.task_name,
				  .applyer_name = l.applyer_name,
				  .version = strcmp(l.kind, "application") == 0 ? l.version : 0});
	put_line(w);
	w->letter_count++;
	letter_fini(&l);
}

static enum err write_all(struct writing *w, FILE *f, const struct outbox_choice *c)
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
	if (w->result == OK)
		w->result = store_read_since(w->store, w->unread);
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

/* What stands there is no earlier export, which may be replaced as its letters are all in the
 * outbox or gone, but something that nobody meant. */
static bool is_of_others(const char *path, struct buf *why)
{
	static const char magic[] = "yimen-sealed ";
	char begins[sizeof magic - 1];
	FILE *f = fopen(path, "re");
	bool empty, ours;
	size_t n;

	if (f == NULL)
		return false;
	n = fread(begins, 1, sizeof begins, f);
	empty = n == 0 && !ferror(f);
	ours = n == sizeof begins && memcmp(begins, magic, n) == 0;
	fclose(f);
	if (!empty && !ours)
		buf_why(why, tr("%s 已经有了, 不是导出的信件, 没有盖掉它: 请换一个文件名"), path);
	return !empty && !ours;
}

/* Beside the path, flushed, then under its name. */
static enum err write_file(struct writing *w, const char *path, const struct outbox_choice *c)
{
	struct buf temp = {0};
	enum err e = ERR_IO;
	FILE *f;
	int fd;

	if (is_other_thing(path, w->why))
		return ERR_DENIED;
	if (is_of_others(path, w->why))
		return ERR_EXISTS;
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

/* What is to go, told of what cannot. */
static enum err choose(struct writing *w, const struct outbox_order *order, struct outbox_choice *c)
{
	struct buf *why = w->why;
	enum err e = outbox_choose_fit(w->store, order, c, why);

	if (e == OK)
		e = store_read_since(w->store, w->unread);
	if (e != OK || c->count > 0)
		return e;
	if (c->left > 0)
		buf_why(why, tr("没有写出文件: %zu 件都不能导出"), c->left);
	else
		buf_why(why, "%s", tr("没有待发的, 不用导出"));
	return c->left > 0 ? ERR_INVALID : ERR_NOT_FOUND;
}

enum err outbox_export(struct store *s, const struct outbox_order *order,
	struct outbox_file_result *result, struct buf *why)
{
	struct buf cause = {0};
	struct writing w = {.store = s, .why = &cause, .unread = store_unread(s, NULL)};
	struct outbox_choice c = {0};
	enum err e = choose(&w, order, &c);

	if (e == OK)
		e = write_file(&w, order->path, &c);
	if (e == OK)
		e = audit_note(s, order->operator_name, "outbox.export", "", order->path);
	if (e == OK)
		*result = (struct outbox_file_result){
			.letters = w.letter_count, .papers = w.paper_count, .left = c.left};
	else if (cause.len > 0)
		buf_why(why, "%s", cause.data);
	else
		buf_why(why, tr("写不了 %s: %s。信件都还在待发里。"), order->path, err_text(e));
	outbox_choice_fini(&c);
	free(w.papers);
	buf_fini(&w.line);
	buf_fini(&cause);
	return e;
}
