#include "core/central/letter_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/central/posting.h"

enum {
	LOG_BYTES = 2 << 20,
	PAGE_BYTES = 4096,
	ROOM_BYTES = 16 << 20, /* several times what the rows of a whole log take, and their WAL */
	VERSION = 1,
	AT_VERSION = 8,
	AT_LETTERS = 12,
	AT_OWNER = 16,
	AT_MARK = 24,
	AT_NUMBER = 32,
	AT_HEADS = 36,
	AT_BODIES = 40,
	AT_SUM = 48,
	HEADER_BYTES = AT_SUM + POSTING_DIGEST_BYTES,
	NO_TEXT = -1
};

static const char magic[AT_VERSION] = {'Y', 'M', 'L', 'E', 'T', 'T', 'R', 'S'};

struct letter_log {
	int fd;
	char *path;
	size_t at;
	uint64_t owner, mark; /* of the file, of the round */
	uint32_t number;
	bool broken;
	struct buf record; /* as it is written */
};

/* ---- numbers and texts ---- */

static void set_number(char *at, uint64_t n, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		at[i] = (char)(n >> (8 * i) & 0xff);
}

static uint64_t number_at(const char *at, size_t bytes)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < bytes; i++)
		n |= (uint64_t)(unsigned char)at[i] << (8 * i);
	return n;
}

static void put_number(struct buf *b, int64_t n)
{
	char bytes[8];

	set_number(bytes, (uint64_t)n, sizeof bytes);
	buf_add(b, bytes, sizeof bytes);
}

/* With its NUL, so that whoever reads the record can lend it. */
static void put_text(struct buf *b, const char *text)
{
	put_number(b, text != NULL ? (int64_t)strlen(text) : NO_TEXT);
	if (text != NULL)
		buf_add(b, text, strlen(text) + 1);
}

struct cursor {
	const char *at, *end;
	bool bad;
};

static int64_t get_number(struct cursor *c)
{
	int64_t n = 0;

	if (c->end - c->at < 8)
		c->bad = true;
	else
		n = (int64_t)number_at(c->at, 8);
	if (!c->bad)
		c->at += 8;
	return n;
}

static const char *get_text(struct cursor *c)
{
	int64_t len = get_number(c);
	const char *text = c->at;

	if (c->bad || len == NO_TEXT)
		return NULL;
	if (len < 0 || len >= c->end - c->at || text[len] != '\0') {
		c->bad = true;
		return NULL;
	}
	c->at += len + 1;
	return text;
}

static void get_into(struct cursor *c, char *out, size_t size)
{
	const char *text = get_text(c);

	if (text == NULL || strlen(text) >= size)
		c->bad = true;
	else
		memcpy(out, text, strlen(text) + 1);
}

/* ---- a letter's head ---- */

static void put_head(struct buf *b, const struct posting *p)
{
	put_number(b, (int64_t)p->body_len_bytes);
	buf_add(b, p->digest, sizeof p->digest);
	put_text(b, p->key);
	put_number(b, p->station);
	put_number(b, p->of_station);
	put_number(b, p->now_ms);
	put_text(b, p->region);
	put_text(b, p->kind);
	put_text(b, p->case_id);
	put_text(b, p->task_code);
	put_text(b, p->task_name);
	put_text(b, p->applyer_name);
	put_text(b, p->local_receipt);
	put_text(b, p->replaces);
	put_text(b, p->note);
	put_text(b, p->service);
	put_text(b, p->acts ? case_act_name(p->act) : NULL);
	put_number(b, p->actor);
	put_text(b, p->query_password);
	put_text(b, p->project_no);
	put_number(b, p->seq);
	put_text(b, buf_str(&p->answer));
}

static void get_digest(struct cursor *c, struct posting *p)
{
	if (c->end - c->at < (ptrdiff_t)sizeof p->digest) {
		c->bad = true;
		return;
	}
	memcpy(p->digest, c->at, sizeof p->digest);
	c->at += sizeof p->digest;
}

static void get_act(struct cursor *c, struct posting *p)
{
	const char *act = get_text(c);
	int64_t actor = get_number(c);

	p->acts = act != NULL;
	if (act != NULL && !case_act_parse(act, &p->act))
		c->bad = true;
	if (actor < 0 || actor >= CASE_ACTOR__MAX)
		c->bad = true;
	else
		p->actor = (enum case_actor)actor;
}

static void get_head(struct cursor *c, struct posting *p)
{
	p->body_len_bytes = (size_t)get_number(c);
	get_digest(c, p);
	get_into(c, p->key, sizeof p->key);
	p->station = get_number(c);
	p->of_station = get_number(c);
	p->now_ms = get_number(c);
	p->region = get_text(c);
	p->kind = get_text(c);
	get_into(c, p->case_id, sizeof p->case_id);
	p->task_code = get_text(c);
	p->task_name = get_text(c);
	p->applyer_name = get_text(c);
	p->local_receipt = get_text(c);
	get_into(c, p->replaces, sizeof p->replaces);
	p->note = get_text(c);
	p->service = get_text(c);
	get_act(c, p);
	get_into(c, p->query_password, sizeof p->query_password);
	get_into(c, p->project_no, sizeof p->project_no);
	p->seq = get_number(c);
	p->first_answer = get_text(c);
	c->bad |= p->region == NULL || p->kind == NULL || p->first_answer == NULL;
}

/* ---- writing ---- */

static void sum_of(const char *record, size_t heads, unsigned char sum[POSTING_DIGEST_BYTES])
{
	unsigned char digest[64];
	struct buf b = {0};

	buf_add(&b, record, AT_SUM);
	buf_add(&b, record + HEADER_BYTES, heads);
	crypto_digest(DIGEST_SHA256, b.data, b.len, digest);
	memcpy(sum, digest, POSTING_DIGEST_BYTES);
	buf_fini(&b);
}

static void put_header(struct letter_log *l, size_t letters, size_t heads, size_t bodies)
{
	char *to = l->record.data;
	unsigned char sum[POSTING_DIGEST_BYTES];

	memcpy(to, magic, sizeof magic);
	set_number(to + AT_VERSION, VERSION, 4);
	set_number(to + AT_LETTERS, letters, 4);
	set_number(to + AT_OWNER, l->owner, 8);
	set_number(to + AT_MARK, l->mark, 8);
	set_number(to + AT_NUMBER, l->number, 4);
	set_number(to + AT_HEADS, heads, 4);
	set_number(to + AT_BODIES, bodies, 8);
	sum_of(to, heads, sum);
	memcpy(to + AT_SUM, sum, sizeof sum);
}

static void fill_page(struct buf *b)
{
	static const char zeros[PAGE_BYTES];

	buf_add(b, zeros, (PAGE_BYTES - b->len % PAGE_BYTES) % PAGE_BYTES);
}

static void make_record(struct letter_log *l, struct posting **postings, size_t count)
{
	static const char room[HEADER_BYTES];
	struct buf *b = &l->record;
	size_t i, letters = 0, heads;

	buf_clear(b);
	buf_add(b, room, sizeof room);
	for (i = 0; i < count; i++)
		if (postings[i]->result == POSTING_TAKEN) {
			put_head(b, postings[i]);
			letters++;
		}
	heads = b->len - HEADER_BYTES;
	for (i = 0; i < count; i++)
		if (postings[i]->result == POSTING_TAKEN)
			buf_add(b, postings[i]->body, postings[i]->body_len_bytes);
	put_header(l, letters, heads, b->len - HEADER_BYTES - heads);
	fill_page(b);
}

static enum err write_at(int fd, const char *data, size_t len, size_t at)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, data, len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == ENOSPC ? ERR_FULL : ERR_IO;
		data += n;
		len -= (size_t)n;
		at += (size_t)n;
	}
	return OK;
}

/* A log that somebody has removed would keep nothing. */
static bool is_there(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

static bool has_room(int fd)
{
	struct statvfs v;

	return fstatvfs(fd, &v) == 0 &&
	       (uint64_t)v.f_bavail * (uint64_t)v.f_frsize >= (uint64_t)ROOM_BYTES;
}

static size_t bodies_of(struct posting **postings, size_t count)
{
	size_t bytes = 0, i;

	for (i = 0; i < count; i++)
		bytes += postings[i]->body_len_bytes;
	return bytes;
}

/* It was promised to nobody: as far as the disk goes along, there is no such record. */
static void take_back(struct letter_log *l)
{
	static const char zeros[HEADER_BYTES];

	if (write_at(l->fd, zeros, sizeof zeros, l->at) == OK)
		fdatasync(l->fd);
}

enum err letter_log_put(struct letter_log *l, struct posting **postings, size_t count)
{
	if (l->broken)
		return ERR_IO;
	if (bodies_of(postings, count) > LOG_BYTES - l->at || !has_room(l->fd))
		return ERR_FULL;
	make_record(l, postings, count);
	if (l->record.len > LOG_BYTES - l->at)
		return ERR_FULL;
	if (!is_there(l->fd) || write_at(l->fd, l->record.data, l->record.len, l->at) != OK ||
		fdatasync(l->fd) != 0) {
		log_error("store", "%s: %s", l->path, strerror(errno));
		take_back(l);
		l->broken = true;
		return ERR_IO;
	}
	l->at += l->record.len;
	l->number++;
	return OK;
}

static void draw(uint64_t *out)
{
	entropy_system.fill(entropy_system.arg, out, sizeof *out);
}

void letter_log_begin_again(struct letter_log *l)
{
	draw(&l->mark);
	l->at = 0;
	l->number = 0;
}

uint64_t letter_log_owner(const struct letter_log *l)
{
	return l->owner;
}

bool letter_log_is_broken(const struct letter_log *l)
{
	return l->broken;
}

/* ---- reading ---- */

struct record {
	const char *data;
	size_t letters, heads, bodies, len;
	uint64_t owner, mark;
	uint32_t number;
};

/* false: there is none. The file is at least a page long here. */
static bool read_header(const char *at, size_t left, struct record *r)
{
	uint64_t bodies;

	if (left < HEADER_BYTES || memcmp(at, magic, sizeof magic) != 0)
		return false;
	*r = (struct record){.data = at,
		.letters = number_at(at + AT_LETTERS, 4),
		.heads = number_at(at + AT_HEADS, 4),
		.owner = number_at(at + AT_OWNER, 8),
		.mark = number_at(at + AT_MARK, 8),
		.number = (uint32_t)number_at(at + AT_NUMBER, 4)};
	bodies = number_at(at + AT_BODIES, 8);
	if (r->heads > left - HEADER_BYTES || bodies > left - HEADER_BYTES - r->heads)
		return false;
	r->bodies = bodies;
	r->len = HEADER_BYTES + r->heads + r->bodies;
	return true;
}

static struct cursor heads_of(const struct record *r)
{
	return (struct cursor){r->data + HEADER_BYTES, r->data + HEADER_BYTES + r->heads, false};
}

static bool body_is_whole(const struct posting *p)
{
	unsigned char digest[64];

	crypto_digest(DIGEST_SHA256, p->body, p->body_len_bytes, digest);
	return memcmp(digest, p->digest, sizeof p->digest) == 0;
}

/* One letter of a record, its body at *body; false: it is not whole. */
static bool read_letter(
	const struct record *r, struct cursor *c, const char **body, struct posting *p)
{
	const char *end = r->data + r->len;

	*p = (struct posting){.result = POSTING_FAILED};
	get_head(c, p);
	if (c->bad || p->body_len_bytes > (size_t)(end - *body))
		return false;
	p->body = *body;
	*body += p->body_len_bytes;
	return true;
}

/* What a power cut leaves of one that was not flushed has a wrong sum, of its heads or of a body.
 */
enum wholeness {
	TORN,
	WHOLE,
	STRANGE /* its sum is right, and no letters can be read off it */
};

/* Before the first of its letters is handed out. */
static enum wholeness look_at(const struct record *r)
{
	unsigned char sum[POSTING_DIGEST_BYTES];
	struct cursor c = heads_of(r);
	const char *body = c.end;
	struct posting p;
	size_t i;

	sum_of(r->data, r->heads, sum);
	if (memcmp(sum, r->data + AT_SUM, sizeof sum) != 0)
		return TORN;
	for (i = 0; i < r->letters; i++) {
		if (!read_letter(r, &c, &body, &p))
			return STRANGE;
		if (!body_is_whole(&p))
			return TORN;
	}
	return WHOLE;
}

static bool give_letters(
	const struct record *r, bool (*each)(void *arg, struct posting *p), void *arg)
{
	struct cursor c = heads_of(r);
	const char *body = c.end;
	struct posting p;
	bool more = true;
	size_t i;

	for (i = 0; i < r->letters && more && read_letter(r, &c, &body, &p); i++) {
		more = each(arg, &p);
		buf_fini(&p.answer);
	}
	return more;
}

static bool is_of_newer(const char *at, size_t left)
{
	return left >= HEADER_BYTES && memcmp(at, magic, sizeof magic) == 0 &&
	       number_at(at + AT_VERSION, 4) > VERSION;
}

static enum err give_records(const char *data, size_t len, const struct letter_log *l,
	uint64_t owner, bool (*each)(void *arg, struct posting *p), void *arg)
{
	struct record first = {0}, r;
	enum wholeness how;
	size_t at = 0;
	uint32_t number = 0;

	if (is_of_newer(data, len))
		return ERR_STATE;
	while (at < len && read_header(data + at, len - at, &r)) {
		if (number == 0)
			first = r;
		if (r.mark != first.mark || r.number != number)
			break;
		how = look_at(&r);
		if (how == TORN)
			break;
		if (r.owner != owner || how == STRANGE)
			return ERR_INVALID;
		if (!give_letters(&r, each, arg))
			return OK;
		number++;
		at += (r.len + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	}
	return number < l->number ? ERR_IO : OK;
}

/* Of a file that another has made or lengthened no more than one of ours has. */
static size_t bytes_to_read(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_size < (off_t)LOG_BYTES ? (size_t)st.st_size
								    : (size_t)LOG_BYTES;
}

static ssize_t read_all(int fd, char *out, size_t size)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = pread(fd, out + len, size - len, (off_t)len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}

enum err letter_log_each(
	struct letter_log *l, uint64_t owner, bool (*each)(void *arg, struct posting *p), void *arg)
{
	size_t size = bytes_to_read(l->fd);
	char *data = mem_alloc(size);
	ssize_t len = read_all(l->fd, data, size);
	enum err e = len < 0 ? ERR_IO : give_records(data, (size_t)len, l, owner, each, arg);

	free(data);
	return e;
}

/* ---- the file ---- */

static struct letter_log *new_log(int fd, const char *path)
{
	struct letter_log *l = mem_alloc(sizeof *l);

	l->fd = fd;
	l->path = mem_strdup(path);
	draw(&l->owner);
	letter_log_begin_again(l);
	return l;
}

enum err letter_log_open(struct letter_log **out, const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : errno == EROFS ? ERR_READ_ONLY : ERR_IO;
	*out = new_log(fd, path);
	return OK;
}

/* Written, not only reserved: a page that was is written again without a word to the file system's
 * own books. */
static enum err fill(int fd)
{
	static const char zeros[1 << 16];
	enum err e = OK;
	size_t at;

	for (at = 0; at < LOG_BYTES && e == OK; at += sizeof zeros)
		e = write_at(fd, zeros, sizeof zeros, at);
	return e == OK && fsync(fd) != 0 ? ERR_IO : e;
}

static enum err flush_name(const char *path)
{
	char *folder = mem_strdup(path), *slash = strrchr(folder, '/');
	enum err e = ERR_IO;
	int fd;

	if (slash != NULL)
		*slash = '\0';
	fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		e = fsync(fd) == 0 ? OK : ERR_IO;
		close(fd);
	}
	free(folder);
	return e;
}

enum err letter_log_make(struct letter_log **out, const char *path)
{
	enum err e = ERR_FULL;
	int fd;

	unlink(path);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return ERR_IO;
	if (has_room(fd))
		e = fill(fd);
	if (e == OK)
		e = flush_name(path);
	if (e != OK) {
		unlink(path);
		close(fd);
		return e;
	}
	*out = new_log(fd, path);
	return OK;
}

void letter_log_close(struct letter_log *l)
{
	if (l == NULL)
		return;
	close(l->fd);
	free(l->path);
	buf_fini(&l->record);
	free(l);
}
