/*
 * The log of letters that a kill leaves behind, with anything in it. The first byte of an input
 * says what is done to the rest before it is the file: whether each "YMLETTRS" begins a page,
 * whether the marks, numbers and owners are those of one round, whether lengths fit and whether all
 * sums are right, so that what stands behind them is read too. Whatever it is, only letters of
 * whole records are handed out, each with the body that its sum is of.
 */
#define _GNU_SOURCE /* memmem */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/mem.h"
#include "core/central/letter_log.h"
#include "core/central/posting.h"

/* Of letter_log.h's file, and the kinds of what stands in a head: number, digest, text. */
enum {
	PAGE_BYTES = 4096,
	LOG_BYTES = 2 << 20,
	AT_VERSION = 8,
	AT_LETTERS = 12,
	AT_OWNER = 16,
	AT_MARK = 24,
	AT_NUMBER = 32,
	AT_HEADS = 36,
	AT_BODIES = 40,
	AT_SUM = 48,
	HEADER_BYTES = 80,
	OWNER = 7
};
static const char magic[] = "YMLETTRS", head[] = "ndtnnntttttttttttnttnt";

enum {
	LAID = 1,
	OF_ONE_ROUND = 2,
	FITTING = 4,
	SUMMED = 8
};

struct record {
	char *at;
	size_t left, heads, bodies;
};

struct seen {
	size_t letters, most;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* ---- numbers and sums ---- */

static uint64_t number_at(const char *at, size_t bytes)
{
	uint64_t n = 0;

	while (bytes-- > 0)
		n = n << 8 | (unsigned char)at[bytes];
	return n;
}

static void set_number(char *at, uint64_t n, size_t bytes)
{
	for (; bytes > 0; bytes--, n >>= 8)
		*at++ = (char)(n & 0xff);
}

static void digest_of(const char *data, size_t len, char out[POSTING_DIGEST_BYTES])
{
	unsigned char digest[64];

	crypto_digest(DIGEST_SHA256, data, len, digest);
	memcpy(out, digest, POSTING_DIGEST_BYTES);
}

static void sum_of(const struct record *r, char out[POSTING_DIGEST_BYTES])
{
	struct buf b = {0};

	buf_add(&b, r->at, AT_SUM);
	buf_add(&b, r->at + HEADER_BYTES, r->heads);
	digest_of(b.data, b.len, out);
	buf_fini(&b);
}

/* ---- making it fit ---- */

/* What one thing in a head takes; 0: it is not whole. */
static size_t length_of(char kind, const char *at, size_t left)
{
	uint64_t len = left >= 8 ? number_at(at, 8) : 0;

	if (kind == 'd')
		return left >= POSTING_DIGEST_BYTES ? POSTING_DIGEST_BYTES : 0;
	if (left < 8)
		return 0;
	if (kind == 'n' || len == UINT64_MAX)
		return 8;
	return len < left - 8 ? 8 + (size_t)len + 1 : 0;
}

/* One head of those that are left, with the sum of its body, as far as that is there; 0: the last.
 */
static size_t sum_letter(char *at, size_t left, const char *body, size_t *body_bytes)
{
	size_t done = 0, len, i;
	uint64_t said = left >= 8 ? number_at(at, 8) : 0;

	if (said <= *body_bytes)
		*body_bytes = (size_t)said;
	for (i = 0; head[i] != '\0'; i++, done += len) {
		len = length_of(head[i], at + done, left - done);
		if (len == 0)
			return 0;
		if (head[i] == 'd')
			digest_of(body, *body_bytes, at + done);
	}
	return done;
}

static void sum_record(const struct record *r)
{
	size_t letters = number_at(r->at + AT_LETTERS, 4), at = 0, body = 0, len, bytes;

	for (; letters > 0; letters--, at += len, body += bytes) {
		bytes = r->bodies - body;
		len = sum_letter(r->at + HEADER_BYTES + at, r->heads - at,
			r->at + HEADER_BYTES + r->heads + body, &bytes);
		if (len == 0)
			break;
	}
	sum_of(r, r->at + AT_SUM);
}

/* false: there is none, or it goes beyond the end. */
static bool find_record(char *at, size_t left, struct record *r)
{
	uint64_t bodies;

	if (left < HEADER_BYTES || memcmp(at, magic, AT_VERSION) != 0)
		return false;
	*r = (struct record){at, left - HEADER_BYTES, number_at(at + AT_HEADS, 4), 0};
	bodies = number_at(at + AT_BODIES, 8);
	if (r->heads > r->left || bodies > r->left - r->heads)
		return false;
	r->bodies = (size_t)bodies;
	return true;
}

/* What is too long ends where the file does. */
static void make_fit(char *at, size_t left)
{
	uint64_t room = left - HEADER_BYTES, heads = number_at(at + AT_HEADS, 4);

	if (heads > room)
		set_number(at + AT_HEADS, heads = room, 4);
	if (number_at(at + AT_BODIES, 8) > room - heads)
		set_number(at + AT_BODIES, room - heads, 8);
}

static void put_into_round(char *at, unsigned number)
{
	set_number(at + AT_VERSION, 1, 4);
	set_number(at + AT_OWNER, OWNER, 8);
	set_number(at + AT_MARK, OWNER, 8);
	set_number(at + AT_NUMBER, number, 4);
}

static void mend(char *data, size_t len, unsigned how)
{
	struct record r;
	unsigned number = 0;
	size_t at = 0;

	while (at + HEADER_BYTES <= len && memcmp(data + at, magic, AT_VERSION) == 0) {
		if ((how & OF_ONE_ROUND) != 0)
			put_into_round(data + at, number++);
		if ((how & FITTING) != 0)
			make_fit(data + at, len - at);
		if (!find_record(data + at, len - at, &r))
			return;
		if ((how & SUMMED) != 0)
			sum_record(&r);
		at += (HEADER_BYTES + r.heads + r.bodies + PAGE_BYTES - 1) / PAGE_BYTES *
		      PAGE_BYTES;
	}
}

/* Each record from a page of its own. */
static void lay(struct buf *out, const char *data, size_t size)
{
	static const char zeros[PAGE_BYTES];

	while (size > 0) {
		const char *next = size > 1 ? memmem(data + 1, size - 1, magic, AT_VERSION) : NULL;
		size_t len = next != NULL ? (size_t)(next - data) : size;
		buf_add(out, data, len);
		buf_add(out, zeros, (PAGE_BYTES - out->len % PAGE_BYTES) % PAGE_BYTES);
		data += len;
		size -= len;
	}
}

/* ---- reading it ---- */

/* So many letters at most stand in records whose own sums are right, as far as there is no gap. */
static size_t letters_in(char *data, size_t len)
{
	char sum[POSTING_DIGEST_BYTES];
	struct record r;
	size_t at = 0, letters = 0;

	while (at < len && find_record(data + at, len - at, &r)) {
		sum_of(&r, sum);
		if (memcmp(sum, r.at + AT_SUM, sizeof sum) != 0)
			break;
		letters += number_at(r.at + AT_LETTERS, 4);
		at += (HEADER_BYTES + r.heads + r.bodies + PAGE_BYTES - 1) / PAGE_BYTES *
		      PAGE_BYTES;
	}
	return letters;
}

static size_t length(const char *text)
{
	return text != NULL ? strlen(text) : 0;
}

/* As the store reads it. */
static bool see(void *arg, struct posting *p)
{
	const char *const texts[] = {p->region, p->kind, p->task_code, p->task_name,
		p->applyer_name, p->local_receipt, p->note, p->service, p->first_answer, p->key,
		p->case_id, p->replaces, p->query_password, p->project_no};
	char sum[POSTING_DIGEST_BYTES];
	struct seen *s = arg;
	size_t i, bytes = 0;

	digest_of(p->body, p->body_len_bytes, sum);
	require(memcmp(sum, p->digest, sizeof sum) == 0);
	require(p->region != NULL && p->kind != NULL && p->first_answer != NULL);
	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		bytes += length(texts[i]);
	require(bytes < LOG_BYTES && p->body_len_bytes < LOG_BYTES);
	posting_judge(p, NULL);
	posting_judge(p, "accepted");
	posting_write_answer(p);
	s->letters++;
	return s->letters != s->most;
}

static void read_file(const char *path, char *data, size_t len, size_t most)
{
	struct letter_log *l = NULL;
	struct seen s = {.most = most};
	enum err e;

	require(letter_log_open(&l, path) == OK);
	unlink(path);
	e = letter_log_each(l, OWNER, see, &s);
	require(e == OK || e == ERR_STATE || e == ERR_INVALID);
	require(s.letters <= letters_in(data, len));
	letter_log_close(l);
}

/* In memory, where the system has such a place. */
static void write_and_read(char *data, size_t len, size_t most)
{
	char path[] = "/dev/shm/letters-log-XXXXXX", other[] = "/tmp/letters-log-XXXXXX";
	char *name = access("/dev/shm", W_OK) == 0 ? path : other;
	int fd = mkstemp(name);

	require(fd >= 0 && write(fd, data, len) == (ssize_t)len);
	close(fd);
	read_file(name, data, len, most);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned how = size > 0 ? data[0] : 0;
	struct buf file = {0};

	if (size > 0 && (how & LAID) != 0)
		lay(&file, (const char *)data + 1, size - 1);
	else if (size > 0)
		buf_add(&file, data + 1, size - 1);
	buf_reserve(&file, 1);
	if ((how & (OF_ONE_ROUND | FITTING | SUMMED)) != 0)
		mend(file.data, file.len, how);
	write_and_read(file.data, file.len, how >> 4);
	buf_fini(&file);
	return 0;
}
