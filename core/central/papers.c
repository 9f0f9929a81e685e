#include "core/central/papers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/paper_rows.h"
#include "core/central/paper_sums.h"

enum {
	CATCH_UP_BYTES = 1 << 20 /* read again in one go after a restart, beside a new piece */
};

struct paper_writer {
	struct papers *papers;
	struct paper_writer *next;
	struct paper_row row;
	int64_t at; /* bytes of the paper that are there */
	int fd;	    /* -1: put aside */
	bool fresh; /* the file is new in its folder */
};

struct papers {
	char *folder;
	struct paper_rows rows;
	struct paper_sums sums;
	struct paper_writer *writers;
	unsigned writer_count;
};

bool paper_is_digest(const char *s)
{
	return s != NULL && strlen(s) == PAPER_DIGEST_SIZE - 1 &&
	       strspn(s, "0123456789abcdef") == PAPER_DIGEST_SIZE - 1;
}

static char *path_of(const struct papers *p, const char *sha256, const char *ending)
{
	struct buf b = {0};

	buf_printf(&b, "%s/%s%s", p->folder, sha256, ending);
	return buf_take(&b);
}

/* Bytes of the file; -1: there is none. */
static int64_t length_of(const struct papers *p, const char *sha256, const char *ending)
{
	char *path = path_of(p, sha256, ending);
	struct stat st;
	int64_t n = stat(path, &st) == 0 ? (int64_t)st.st_size : -1;

	free(path);
	return n;
}

/* Else its disk does not answer, or is not mounted. */
static bool is_gone(const struct papers *p, const char *sha256)
{
	char *path = path_of(p, sha256, "");
	struct stat st;
	bool gone = stat(path, &st) != 0 && errno == ENOENT && stat(p->folder, &st) == 0;

	free(path);
	return gone;
}

static void remove_file(const struct papers *p, const char *sha256, const char *ending)
{
	char *path = path_of(p, sha256, ending);

	unlink(path);
	free(path);
}

static enum err complain(const char *doing)
{
	enum err e = errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_FULL : ERR_IO;

	log_error("papers", "%s: %s", doing, strerror(errno));
	return e;
}

/* A folder that was there is not flushed again, so one that could not be is not left there. */
static bool name_folder(const char *folder)
{
	int cause;

	if (paths_sync_folder(folder) == OK)
		return true;
	cause = errno;
	rmdir(folder);
	errno = cause;
	return false;
}

/* A symbolic link to where they are will do, but not one to a disk that is not there. */
static enum err make_folder(const char *folder, struct buf *why)
{
	struct stat st;

	if (mkdir(folder, 0700) == 0 ? !name_folder(folder) : errno != EEXIST) {
		buf_why(why, tr("建不了附件目录 %s: %s"), folder, err_cause(errno));
		return ERR_DENIED;
	}
	if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode) &&
		access(folder, R_OK | W_OK | X_OK) == 0)
		return OK;
	buf_why(why,
		tr("附件目录 %s 用不了: 它不是目录、不让本用户写, 或是链接到一个没有挂上的地方; "
		   "请先弄好它再启动"),
		folder);
	return ERR_DENIED;
}

enum err papers_open(
	struct papers **out, struct central_store *store, const char *dir, struct buf *why)
{
	struct papers *p = mem_alloc(sizeof *p);
	enum err e = OK;

	p->rows.store = store;
	p->folder = paths_join(dir, "papers");
	e = make_folder(p->folder, why);
	if (e == OK && store->ops->shared)
		e = papers_claim(p->folder, store, why);
	if (e != OK) {
		papers_close(p);
		return e;
	}
	*out = p;
	return OK;
}

void papers_close(struct papers *p)
{
	if (p == NULL)
		return;
	paper_sums_fini(&p->sums);
	free(p->folder);
	free(p);
}

/* OK: the whole file has the digest of its name; row->sm3 is written. ERR_INVALID: it has not. */
static enum err judge(struct papers *p, int fd, struct paper_row *row)
{
	char sum[CRYPTO_HEX_SIZE], sum_sm3[CRYPTO_HEX_SIZE];
	enum err e = paper_sums_end(&p->sums, row->sha256, fd, row->size, sum, sum_sm3);

	if (e == OK && strcmp(sum, row->sha256) != 0)
		e = ERR_INVALID;
	if (e == OK)
		snprintf(row->sm3, sizeof row->sm3, "%.64s", sum_sm3);
	return e;
}

/* ---- what is there ---- */

static void put_aside(struct paper_writer *w)
{
	if (w->fd < 0)
		return;
	paper_sums_left(&w->papers->sums, w->row.sha256, w->fd);
	close(w->fd);
	w->fd = -1;
	w->papers->writer_count--;
}

static void put_all_aside(struct papers *p, const char *sha256)
{
	struct paper_writer *w;

	for (w = p->writers; w != NULL; w = w->next)
		if (strcmp(w->row.sha256, sha256) == 0)
			put_aside(w);
}

static void throw_away(struct papers *p, const char *sha256)
{
	put_all_aside(p, sha256);
	paper_sums_forget(&p->sums, sha256);
	remove_file(p, sha256, ".part");
	remove_file(p, sha256, "");
	paper_rows_drop(&p->rows, sha256);
}

static enum err sync_folder(const struct papers *p)
{
	int fd = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err e = fd >= 0 && fsync(fd) == 0 ? OK : complain("fsync of the folder");

	if (fd >= 0)
		close(fd);
	return e;
}

/* The file got its name, but the row does not say so: killed in between, perhaps before the name
 * was on the disk. */
static enum err adopt(struct papers *p, struct paper_row *row)
{
	char *path = path_of(p, row->sha256, "");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e = fd >= 0 ? judge(p, fd, row) : ERR_NOT_FOUND;

	if (fd >= 0)
		close(fd);
	free(path);
	if (e == OK)
		e = sync_folder(p);
	if (e == OK)
		return paper_rows_put(&p->rows, row);
	if (e == ERR_INVALID || e == ERR_DAMAGED)
		throw_away(p, row->sha256);
	return e;
}

static bool is_written(const struct papers *p, const char *sha256)
{
	const struct paper_writer *w;

	for (w = p->writers; w != NULL; w = w->next)
		if (w->fd >= 0 && strcmp(w->row.sha256, sha256) == 0)
			return true;
	return false;
}

static enum err open_writer(
	struct papers *p, const struct paper_row *row, int64_t received, struct paper_writer **out);

/* All pieces had arrived, but the line was cut before the end was seen. */
static enum err complete(struct papers *p, struct paper_row *row)
{
	struct paper_writer *w;
	struct paper_state now;
	enum err e = open_writer(p, row, row->size, &w);

	if (e == OK)
		e = papers_end(w, &now);
	if (e == OK)
		memcpy(row->sm3, now.sm3, sizeof row->sm3);
	return e == ERR_INVALID ? ERR_NOT_FOUND : e;
}

static enum err find(struct papers *p, const char *sha256, struct paper_row *row, int64_t *received)
{
	enum err e = paper_rows_get(&p->rows, sha256, row);
	int64_t whole;

	if (e != OK)
		return e;
	whole = length_of(p, sha256, "");
	if (whole < 0 && row->sm3[0] != '\0' && !is_gone(p, sha256))
		return complain(p->folder);
	if (row->sm3[0] != '\0' && whole != row->size) {
		log_error("papers", "%s is gone from the folder: asked for again", sha256);
		throw_away(p, sha256);
		return ERR_NOT_FOUND;
	}
	if (row->sm3[0] == '\0' && whole == row->size)
		e = adopt(p, row);
	*received = row->sm3[0] != '\0' ? row->size : length_of(p, sha256, ".part");
	if (*received < 0 || *received > row->size)
		*received = 0;
	if (e == OK && row->sm3[0] == '\0' && *received == row->size && !is_written(p, sha256))
		e = complete(p, row);
	return e;
}

static void describe(const struct paper_row *row, int64_t received, struct paper_state *out)
{
	*out = (struct paper_state){
		.size = row->size, .received = received, .complete = row->sm3[0] != '\0'};
	memcpy(out->sm3, row->sm3, sizeof out->sm3);
}

enum err papers_look(struct papers *p, const char *sha256, struct paper_state *out)
{
	struct paper_row row;
	int64_t received;
	enum err e = find(p, sha256, &row, &received);

	if (e == OK)
		describe(&row, received, out);
	return e;
}

/* ---- a piece ---- */

int64_t papers_free_bytes(const struct papers *p)
{
	struct statvfs fs;

	return statvfs(p->folder, &fs) == 0 ? (int64_t)(fs.f_bavail * fs.f_frsize) : -1;
}

static bool has_room(const struct papers *p, int64_t bytes)
{
	int64_t free_bytes = papers_free_bytes(p);

	return free_bytes < 0 || free_bytes >= bytes + PAPERS_ROOM_BYTES;
}

struct oldest {
	const struct papers *papers;
	unsigned count;
	time_t when;
	char sha256[PAPER_DIGEST_SIZE];
};

static time_t last_touched(const struct papers *p, const struct paper_row *row)
{
	char *path = path_of(p, row->sha256, ".part");
	struct stat st;
	time_t when = stat(path, &st) == 0 ? st.st_mtime : (time_t)(row->at_ms / 1000);

	free(path);
	return when;
}

static void see_part(void *arg, const struct paper_row *row)
{
	struct oldest *o = arg;
	time_t when = last_touched(o->papers, row);

	if (o->count++ == 0 || when < o->when) {
		o->when = when;
		memcpy(o->sha256, row->sha256, sizeof o->sha256);
	}
}

/* Writes the row of a paper that is new here, or of which a part was thrown away. */
static enum err enter(struct papers *p, const struct paper_piece *piece, struct paper_row *row)
{
	struct oldest o = {.papers = p};
	enum err e;

	if (!has_room(p, piece->size)) {
		log_error("papers", "too little room on the disk: no more papers are taken");
		return ERR_FULL;
	}
	e = p->rows.store->ops->paper_each_part(p->rows.store, piece->station, see_part, &o);
	if (e == OK && o.count >= PAPER_PARTS_MAX)
		throw_away(p, o.sha256);
	*row = (struct paper_row){
		.size = piece->size, .station = piece->station, .at_ms = piece->now_ms};
	snprintf(row->sha256, sizeof row->sha256, "%s", piece->sha256);
	return e == OK ? paper_rows_put(&p->rows, row) : e;
}

/* Ours alone, and still what it was when it was looked at: another program may have been at it. */
static enum err claim_part(int fd, const char *path, int64_t received)
{
	struct stat st, named;

	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? ERR_BUSY : complain("flock");
	if (fstat(fd, &st) != 0 || stat(path, &named) != 0 || st.st_ino != named.st_ino)
		return ERR_BUSY;
	if (received == 0)
		return ftruncate(fd, 0) == 0 ? OK : complain("ftruncate");
	return st.st_size == received ? OK : ERR_STATE;
}

static enum err open_writer(
	struct papers *p, const struct paper_row *row, int64_t received, struct paper_writer **out)
{
	char *path = path_of(p, row->sha256, ".part");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	enum err e = fd >= 0 ? claim_part(fd, path, received) : complain("open");
	struct paper_writer *w;

	free(path);
	if (e != OK) {
		if (fd >= 0)
			close(fd);
		return e;
	}
	paper_sums_found(&p->sums, row->sha256, fd);
	w = mem_alloc(sizeof *w);
	*w = (struct paper_writer){.papers = p,
		.next = p->writers,
		.row = *row,
		.at = received,
		.fd = fd,
		.fresh = received == 0};
	p->writers = w;
	p->writer_count++;
	*out = w;
	return OK;
}

enum err papers_begin(struct papers *p, const struct paper_piece *piece, struct paper_writer **out,
	struct paper_state *now)
{
	struct paper_row row;
	int64_t received = 0;
	enum err e = find(p, piece->sha256, &row, &received);

	if (e == OK && row.sm3[0] == '\0' && row.size != piece->size) {
		if (piece->offset > 0) { /* whoever begins anew says so; what has come is kept */
			*now = (struct paper_state){.size = row.size};
			return ERR_STATE;
		}
		throw_away(p, piece->sha256); /* one of the two is wrong about it: from the start */
		e = ERR_NOT_FOUND;
		received = 0;
	}
	if (e == ERR_NOT_FOUND && piece->offset == 0)
		e = enter(p, piece, &row);
	else if (e == ERR_NOT_FOUND) {
		*now = (struct paper_state){.size = piece->size};
		return ERR_STATE;
	}
	if (e != OK)
		return e;
	describe(&row, received, now);
	if (now->complete)
		return ERR_EXISTS;
	put_all_aside(p, row.sha256);
	if (received != piece->offset)
		return ERR_STATE;
	return p->writer_count < PAPER_WRITERS_MAX ? open_writer(p, &row, received, out) : ERR_BUSY;
}

enum err papers_write(struct paper_writer *w, const void *data, size_t len_bytes)
{
	const char *from = data;
	enum err e = OK;

	if (w->fd < 0)
		return ERR_STATE;
	if ((int64_t)len_bytes > w->row.size - w->at)
		return ERR_INVALID;
	while (e == OK && len_bytes > 0) {
		ssize_t n = pwrite(w->fd, from, len_bytes, (off_t)w->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			e = complain("write");
			break;
		}
		paper_sums_add(&w->papers->sums, w->row.sha256, w->at, from, (size_t)n);
		w->at += n;
		from += n;
		len_bytes -= (size_t)n;
	}
	return e;
}

static enum err finish(struct paper_writer *w)
{
	struct papers *p = w->papers;
	char *from, *to;
	enum err e = judge(p, w->fd, &w->row);

	if (e == ERR_INVALID)
		throw_away(p, w->row.sha256);
	if (e != OK)
		return e;
	from = path_of(p, w->row.sha256, ".part");
	to = path_of(p, w->row.sha256, "");
	if (rename(from, to) != 0)
		e = complain("rename");
	if (e == OK)
		e = sync_folder(p);
	if (e == OK)
		e = paper_rows_put(&p->rows, &w->row);
	free(from);
	free(to);
	return e;
}

enum err papers_end(struct paper_writer *w, struct paper_state *now)
{
	enum err e = w->fd < 0 ? ERR_STATE : OK;

	if (e == OK && fdatasync(w->fd) != 0)
		e = complain("fdatasync");
	if (e == OK && w->fresh)
		e = sync_folder(w->papers);
	if (e == OK)
		e = w->at == w->row.size ? finish(w)
					 : paper_sums_catch_up(&w->papers->sums, w->row.sha256,
						   w->fd, w->at, CATCH_UP_BYTES);
	describe(&w->row, w->at, now);
	papers_drop(w);
	return e;
}

void papers_drop(struct paper_writer *w)
{
	struct paper_writer **at;

	if (w == NULL)
		return;
	put_aside(w);
	for (at = &w->papers->writers; *at != w; at = &(*at)->next)
		continue;
	*at = w->next;
	free(w);
}

/* ---- tidying ---- */

struct stale {
	const struct papers *papers;
	time_t before;
	struct buf list;
};

static void see_stale(void *arg, const struct paper_row *row)
{
	struct stale *s = arg;

	if (last_touched(s->papers, row) < s->before)
		buf_printf(&s->list, "%s\n", row->sha256);
}

void papers_tidy(struct papers *p, int64_t now_ms)
{
	struct stale s = {.papers = p, .before = (time_t)(now_ms / 1000) - PAPER_PART_DAYS * 86400};
	char *at, *end;

	p->rows.store->ops->paper_each_part(p->rows.store, -1, see_stale, &s);
	for (at = s.list.data; at != NULL && (end = strchr(at, '\n')) != NULL; at = end + 1) {
		*end = '\0';
		log_info("papers", "%s was not gone on with: its pieces are removed", at);
		throw_away(p, at);
	}
	buf_fini(&s.list);
}
