#include "core/station/queue_feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/queue_private.h"
#include "core/station/store.h"

static const char place_key[] = "queue.feed"; /* "inode offset lines path" */

/* ---- one line ---- */

static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", digits[] = "0123456789";

static bool parse_number(const char *text, struct ticket *t)
{
	size_t letters = strspn(text, capitals), n = strspn(text + letters, digits);

	if (letters < 1 || letters > 3 || n < 1 || n > 5 || text[letters + n] != '\0')
		return false;
	snprintf(t->number, sizeof t->number, "%s", text);
	snprintf(t->letter, sizeof t->letter, "%.*s", (int)letters, text);
	return true;
}

/* Cuts the line at its tabs. NULL: good; else what is wrong with it (N_). */
static const char *parse_line(char *line, int64_t now_ms, struct ticket *t)
{
	char *number = strchr(line, '\t'), *more;

	if (number == NULL)
		return N_("应是 时间、号码, 用制表符分开");
	*number++ = '\0';
	more = strchr(number, '\t');
	if (more != NULL)
		*more++ = '\0';
	if (!clock_parse_iso(line, &t->taken_ms))
		return N_("时间应像 2026-11-24T09:03:12+08:00");
	if (!parse_number(number, t))
		return N_("号码应像 A032: 一到三个大写字母, 一到五位数字");
	if (more != NULL && *more != '\0' && strcmp(more, "priority") != 0 &&
		strcmp(more, "优先") != 0)
		return N_("第三栏只能是 priority 或 优先");
	if (clock_day(t->taken_ms) != clock_day(now_ms))
		return N_("不是今天的号; 请核对取号机的时钟");
	t->priority = more != NULL && *more != '\0';
	return NULL;
}

struct feeding {
	struct store *store;
	struct queue_feed_result *result;
	int64_t line; /* number of the one at hand */
};

static void refuse(struct feeding *f, const char *reason)
{
	struct queue_feed_result *r = f->result;

	r->refused++;
	if (r->trouble != NULL && r->trouble->len == 0)
		buf_printf(r->trouble, tr("取号机的第 %lld 行没有收: %s"), (long long)f->line,
			tr(reason));
	if (r->refused == 1)
		log_warn(
			"queue", "line %lld of the ticket machine is left out", (long long)f->line);
}

/* The same ticket again, or another one under its number. */
static void meet(struct feeding *f, const struct ticket *known, const struct ticket *t)
{
	if (known->machine && known->taken_ms == t->taken_ms)
		f->result->known++;
	else
		refuse(f, N_("这个号今天已经有了"));
}

static enum err take_line(struct feeding *f, char *line)
{
	struct ticket t = {.machine = true}, known;
	int64_t now = store_now_ms(f->store);
	const char *wrong;
	enum err e;

	if (line[0] == '\0' || line[0] == '#')
		return OK;
	wrong = parse_line(line, now, &t);
	if (wrong != NULL) {
		refuse(f, wrong);
		return OK;
	}
	e = queue_get(f->store, t.number, &known);
	if (e == OK) {
		meet(f, &known, &t);
		ticket_fini(&known);
	}
	if (e != ERR_NOT_FOUND)
		return e;
	t.day = clock_day(now);
	id_uuid(store_entropy(f->store), now, t.id);
	e = queue_insert(f->store, &t, "", NULL);
	if (e == OK)
		f->result->taken++;
	if (e == ERR_STATE) {
		refuse(f, N_("今天的号太多了"));
		e = OK;
	}
	return e;
}

/* A line of len bytes without its end. */
static enum err feed_line(struct feeding *f, const char *text, size_t len)
{
	char line[QUEUE_LINE_BYTES + 1];

	f->line++;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	if (len > QUEUE_LINE_BYTES || memchr(text, '\0', len) != NULL) {
		refuse(f, N_("太长, 或不是文字"));
		return OK;
	}
	memcpy(line, text, len);
	line[len] = '\0';
	return take_line(f, line);
}

/* Inside a transaction. *used: the bytes of whole lines. */
static enum err feed_lines(struct feeding *f, const char *text, size_t len, size_t *used)
{
	const char *at = text, *end;
	enum err e = OK;

	while (e == OK && (end = memchr(at, '\n', len - (size_t)(at - text))) != NULL) {
		e = feed_line(f, at, (size_t)(end - at));
		at = end + 1;
	}
	*used = (size_t)(at - text);
	return e;
}

enum err queue_feed_text(
	struct store *s, const char *text, size_t len_bytes, struct queue_feed_result *result)
{
	struct queue_feed_result r = *result;
	struct feeding f = {s, &r, 0};
	enum err e = db_begin(store_db(s));
	size_t used;

	if (e != OK)
		return e;
	e = feed_lines(&f, text, len_bytes, &used);
	if (e == OK && used < len_bytes)
		e = feed_line(&f, text + used, len_bytes - used);
	e = db_finish(store_db(s), e);
	if (e == OK)
		*result = r;
	return e;
}

/* ---- the file ---- */

struct place {
	unsigned long long inode;
	long long offset, lines;
	bool skipping; /* inside a line that is too long */
};

static struct place read_place(struct store *s, const char *path)
{
	struct place p = {0};
	char *text = store_get(s, place_key);
	int skipping = 0, n = 0;

	if (text == NULL ||
		sscanf(text, "%llu %lld %lld %d %n", &p.inode, &p.offset, &p.lines, &skipping, &n) <
			4 ||
		n == 0 || strcmp(text + n, path) != 0)
		p = (struct place){0};
	p.skipping = skipping != 0;
	free(text);
	return p;
}

static enum err write_place(struct store *s, const struct place *p, const char *path)
{
	struct stmt *st =
		db_prepare(store_db(s), "INSERT INTO setting (key, value) VALUES (?1, ?2)"
					" ON CONFLICT (key) DO UPDATE SET value = excluded.value");
	struct buf value = {0};
	enum err e;

	buf_printf(
		&value, "%llu %lld %lld %d %s", p->inode, p->offset, p->lines, p->skipping, path);
	db_bind_text(st, 1, place_key);
	db_bind_text(st, 2, buf_str(&value));
	e = db_run(st);
	buf_fini(&value);
	return e;
}

static bool begins_anew(const struct place *p, const struct stat *now)
{
	return p->inode != (unsigned long long)now->st_ino || p->offset > (long long)now->st_size;
}

/* Whether there is something to read, without taking a lock. */
static bool has_more(struct store *s, const char *path, const struct stat *now)
{
	struct place p = read_place(s, path);

	return now->st_size > 0 && (begins_anew(&p, now) || p.offset < (long long)now->st_size);
}

/* A full block without an end of line: all of it belongs to one line, which is left out. */
static void skip_block(struct feeding *f, struct place *p, size_t len)
{
	if (!p->skipping) {
		f->line++;
		refuse(f, N_("太长, 或不是文字"));
	}
	p->skipping = true;
	p->offset += (long long)len;
}

static enum err feed_block(struct feeding *f, struct place *p, const char *text, size_t len)
{
	size_t from = 0, used = 0;
	enum err e = OK;

	if (p->skipping) {
		const char *end = memchr(text, '\n', len);
		if (end == NULL) {
			p->offset += (long long)len;
			return OK;
		}
		from = (size_t)(end - text) + 1;
		p->skipping = false;
	}
	e = feed_lines(f, text + from, len - from, &used);
	if (from + used == 0 && len >= QUEUE_FEED_BYTES)
		skip_block(f, p, len);
	else
		p->offset += (long long)(from + used);
	return e;
}

static enum err feed_open_file(
	struct store *s, int fd, const char *path, struct queue_feed_result *r)
{
	char *block = mem_array(QUEUE_FEED_BYTES, 1);
	struct feeding f = {s, r, 0};
	enum err e = db_begin(store_db(s));
	struct place p, before;
	struct stat now;
	ssize_t n;

	if (e != OK) {
		free(block);
		return e;
	}
	before = p = read_place(s, path);
	if (fstat(fd, &now) == 0 && begins_anew(&p, &now))
		p = (struct place){.inode = (unsigned long long)now.st_ino};
	f.line = p.lines;
	n = pread(fd, block, QUEUE_FEED_BYTES, (off_t)p.offset);
	if (n < 0)
		e = ERR_IO;
	else if (n > 0)
		e = feed_block(&f, &p, block, (size_t)n);
	p.lines = f.line;
	free(block);
	if (e == OK && p.inode == before.inode && p.offset == before.offset) {
		db_rollback(store_db(s)); /* a line that has no end yet */
		return OK;
	}
	if (e == OK)
		e = write_place(s, &p, path);
	e = db_finish(store_db(s), e);
	r->more = e == OK && n == QUEUE_FEED_BYTES;
	return e;
}

enum err queue_feed_file(
	struct store *s, const char *path, struct queue_feed_result *result, struct buf *why)
{
	struct queue_feed_result r = *result;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat now;
	enum err e = OK;

	if (fd < 0 && errno == ENOENT)
		return OK;
	if (fd < 0 || fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) {
		buf_why(why, tr("取号机的文件 %s 读不了, 或不是普通文件; 见设置 queue.file。"),
			path);
		e = fd < 0 ? ERR_IO : ERR_INVALID;
	} else if (has_more(s, path, &now)) {
		e = feed_open_file(s, fd, path, &r);
	}
	if (fd >= 0)
		close(fd);
	if (e == OK)
		*result = r;
	return e;
}
