#include "core/base/seal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

enum {
	CHUNK_BYTES = 64 << 10,
	SALT_BYTES = 16,
	CHECK_BYTES = 16,
	LINE_MAX_BYTES = 8 << 20
};

static const char head[] = "yimen-sealed 1\n";
#define HEAD_BYTES (sizeof head - 1)

/* Where one is in the file: the key, and the number of the next chunk. */
struct stream {
	FILE *file;
	struct crypto_box box;
	uint64_t chunk;
};

static void derive(const char *key, const unsigned char salt[SALT_BYTES], const char *info,
	unsigned char *out, size_t len)
{
	crypto_hkdf(key, strlen(key), salt, SALT_BYTES, info, strlen(info), out, len);
}

static void stream_open(
	struct stream *s, FILE *f, const char *key, const unsigned char salt[SALT_BYTES])
{
	*s = (struct stream){.file = f, .box = {.bound = head, .bound_len = HEAD_BYTES}};
	derive(key, salt, "yimen outbox", s->box.key, sizeof s->box.key);
}

static void set_nonce(struct stream *s, bool last)
{
	int i;

	memset(s->box.nonce, 0, sizeof s->box.nonce);
	for (i = 0; i < 8; i++)
		s->box.nonce[10 - i] = (unsigned char)(s->chunk >> (8 * i));
	s->box.nonce[11] = last;
}

/* ---- sealing ---- */

struct seal {
	struct stream stream;
	struct buf text; /* of the chunk that is not full yet */
	enum err result; /* the first failure */
};

static enum err put(FILE *f, const void *data, size_t len)
{
	if (fwrite(data, 1, len, f) == len)
		return OK;
	return errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? ERR_FULL : ERR_IO;
}

enum err seal_begin(struct seal **out, FILE *f, const char *key, const struct entropy *entropy)
{
	unsigned char salt[SALT_BYTES], check[CHECK_BYTES];
	struct seal *s;
	enum err e;

	entropy->fill(entropy->arg, salt, sizeof salt);
	derive(key, salt, "yimen outbox check", check, sizeof check);
	e = put(f, head, HEAD_BYTES);
	if (e == OK)
		e = put(f, salt, sizeof salt);
	if (e == OK)
		e = put(f, check, sizeof check);
	if (e != OK)
		return e;
	s = mem_alloc(sizeof *s);
	stream_open(&s->stream, f, key, salt);
	*out = s;
	return OK;
}

static void put_chunk(struct seal *s, const char *text, size_t len, bool last)
{
	unsigned char *sealed;

	if (s->result != OK)
		return;
	sealed = mem_alloc(len + CRYPTO_TAG_SIZE);
	set_nonce(&s->stream, last);
	crypto_seal(&s->stream.box, text, len, sealed);
	s->result = put(s->stream.file, sealed, len + CRYPTO_TAG_SIZE);
	s->stream.chunk++;
	free(sealed);
}

enum err seal_add(struct seal *s, const void *text, size_t len_bytes)
{
	size_t at = 0;

	buf_add(&s->text, text, len_bytes);
	/* More than a chunk: the last one is written by seal_end, be it full. */
	for (; s->text.len - at > CHUNK_BYTES; at += CHUNK_BYTES)
		put_chunk(s, s->text.data + at, CHUNK_BYTES, false);
	if (at > 0) {
		memmove(s->text.data, s->text.data + at, s->text.len - at);
		s->text.len -= at;
	}
	return s->result;
}

enum err seal_end(struct seal *s)
{
	enum err e;

	if (s == NULL)
		return OK;
	put_chunk(s, buf_str(&s->text), s->text.len, true);
	e = s->result;
	buf_fini(&s->text);
	free(s);
	return e;
}

/* ---- unsealing ---- */

struct unseal {
	struct stream stream;
	struct buf text; /* opened, not handed out yet */
	size_t at;	 /* of it */
	bool ended;	 /* the last chunk was opened */
};

enum err unseal_begin(struct unseal **out, FILE *f, const char *key, struct buf *why)
{
	unsigned char start[HEAD_BYTES + SALT_BYTES + CHECK_BYTES], check[CHECK_BYTES];
	const unsigned char *salt = start + HEAD_BYTES;
	struct unseal *u;

	if (fread(start, 1, sizeof start, f) != sizeof start ||
		memcmp(start, head, HEAD_BYTES) != 0) {
		buf_why(why, tr("这不是一门封好的文件, 请检查是不是拿错了"));
		return ERR_INVALID;
	}
	derive(key, salt, "yimen outbox check", check, sizeof check);
	if (!crypto_equal(check, salt + SALT_BYTES, CHECK_BYTES)) {
		buf_why(why, tr("这个文件是别的大厅封的, 用本大厅的密钥打不开; "
				"请在同一个大厅的工作台或中心收"));
		return ERR_DENIED;
	}
	u = mem_alloc(sizeof *u);
	stream_open(&u->stream, f, key, salt);
	*out = u;
	return OK;
}

void unseal_end(struct unseal *u)
{
	if (u == NULL)
		return;
	buf_fini(&u->text);
	free(u);
}

static bool at_end(FILE *f)
{
	int c = getc(f);

	if (c != EOF)
		ungetc(c, f);
	return c == EOF;
}

static bool open_chunk(struct unseal *u, const unsigned char *sealed, size_t len, bool last)
{
	unsigned char *text = mem_alloc(len + 1);
	bool good;

	set_nonce(&u->stream, last);
	good = crypto_open(&u->stream.box, sealed, len, text);
	if (good)
		buf_add(&u->text, text, len - CRYPTO_TAG_SIZE);
	free(text);
	return good;
}

/* Opens the next chunk behind what is left of those before. */
static enum err next_chunk(struct unseal *u, struct buf *why)
{
	unsigned char *sealed = mem_alloc(CHUNK_BYTES + CRYPTO_TAG_SIZE);
	size_t len = fread(sealed, 1, CHUNK_BYTES + CRYPTO_TAG_SIZE, u->stream.file);
	bool last = at_end(u->stream.file);
	enum err e = OK;

	if (ferror(u->stream.file)) {
		e = ERR_IO;
	} else if (open_chunk(u, sealed, len, last)) {
		u->ended = last;
		u->stream.chunk++;
	} else if (len == 0 || (last && open_chunk(u, sealed, len, false))) {
		buf_why(why, tr("文件不完整: 后面的部分没有了, 请重新拷贝或重新导出"));
		e = ERR_DAMAGED;
	} else {
		buf_why(why,
			tr("文件的第 %llu 段不对 (缺了、改了或换了次序), 请重新拷贝或重新导出"),
			(unsigned long long)u->stream.chunk + 1);
		e = ERR_DAMAGED;
	}
	free(sealed);
	return e;
}

enum err unseal_line(struct unseal *u, struct buf *line, struct buf *why)
{
	const char *end;
	enum err e;

	for (;;) {
		size_t left = u->text.len - u->at;
		end = left > 0 ? memchr(u->text.data + u->at, '\n', left) : NULL;
		if (end != NULL || u->ended)
			break;
		if (left > LINE_MAX_BYTES) {
			buf_why(why, tr("文件里有一行太长, 不是一门写的"));
			return ERR_DAMAGED;
		}
		if (u->at > 0)
			memmove(u->text.data, u->text.data + u->at, left);
		u->text.len = left;
		u->at = 0;
		e = next_chunk(u, why);
		if (e != OK)
			return e;
	}
	if (u->at == u->text.len)
		return ERR_NOT_FOUND;
	if (end == NULL)
		end = u->text.data + u->text.len;
	buf_clear(line);
	buf_add(line, u->text.data + u->at, (size_t)(end - u->text.data) - u->at);
	u->at = (size_t)(end - u->text.data);
	u->at += u->at < u->text.len;
	return OK;
}
