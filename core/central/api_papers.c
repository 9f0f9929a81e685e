#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"
#include "core/central/papers.h"

static void answer_state(struct exchange *x, const char *sha256, const struct paper_state *now)
{
	struct buf *b = &x->answer;

	buf_addc(b, '{');
	json_member_str(b, "sha256", sha256);
	json_member_int(b, "size", now->size);
	json_member_int(b, "received", now->received);
	json_member(b, "complete");
	buf_adds(b, now->complete ? "true}\n" : "false}\n");
	api_answer_json(x, 200);
}

/* The digest in the path; answers and returns false when it is none. */
static bool digest_of(struct exchange *x, char out[PAPER_DIGEST_SIZE])
{
	struct buf b = {0};
	bool good = api_param(x, &b);

	if (good && !paper_is_digest(b.data)) {
		problem_say(
			x, PROBLEM_NO_PATH, tr("附件的地址应是它的 SHA-256, 64 位小写十六进制"));
		good = false;
	}
	if (good)
		memcpy(out, b.data, PAPER_DIGEST_SIZE);
	buf_fini(&b);
	return good;
}

void api_paper(struct api *a, struct exchange *x)
{
	char sha256[PAPER_DIGEST_SIZE];
	struct paper_state now;
	enum err e;

	if (!digest_of(x, sha256))
		return;
	e = papers_look(a->config.papers, sha256, &now);
	if (e == OK)
		answer_state(x, sha256, &now);
	else if (e == ERR_NOT_FOUND)
		problem_say(x, PROBLEM_NO_PATH, tr("中心还没有收到过这份附件"));
	else
		api_store_failed(x);
}

/* ---- a piece ---- */

struct piece {
	struct api *api;
	struct paper_writer *writer; /* NULL: complete already, the bytes are read over */
	char sha256[PAPER_DIGEST_SIZE];
	struct paper_state now; /* when it began */
	enum err e;		/* what a write said */
};

/* size: of the whole paper, as the piece says. */
static void refuse_offset(
	struct api *a, struct exchange *x, const struct paper_state *now, int64_t size)
{
	struct problem p = {.type = PROBLEM_OFFSET};

	a->counters.pieces[PIECE_OFFSET]++;
	problem_member_int(&p, "received", now->received);
	problem_member_int(&p, "size", now->size);
	if (now->size != size)
		buf_printf(&p.detail,
			tr("这份附件先前说是 %lld 字节, 现在说是 %lld 字节: 请核对 Upload-Length, "
			   "或者从头传"),
			(long long)now->size, (long long)size);
	else
		buf_printf(&p.detail, tr("已收到 %lld 字节, 请从那里接着传"),
			(long long)now->received);
	problem_at_header(&p, now->size != size ? "Upload-Length" : "Upload-Offset", "offset", "%s",
		p.detail.data);
	problem_answer(x, &p);
}

/* Room is made by a person: whoever asks each second only fills the log. */
static void refuse_for_room(struct exchange *x)
{
	struct problem p = {.type = PROBLEM_BUSY, .retry_after = "30"};

	buf_adds(&p.detail, tr("中心的磁盘快满了, 附件暂时收不下; 请管理员腾出空间"));
	problem_answer(x, &p);
}

static void refuse_piece(struct api *a, struct exchange *x, enum err e)
{
	a->counters.pieces[e == ERR_INVALID ? PIECE_DIGEST : PIECE_FAILED]++;
	switch (e) {
	case ERR_INVALID:
		problem_say_at(x, PROBLEM_DIGEST, "pointer", "", "digest",
			tr("传来的内容与它的 SHA-256 不符, 已全部丢弃, 请从头传"));
		break;
	case ERR_EXISTS:
		problem_say_at(x, PROBLEM_BAD_REQUEST, "header", "Upload-Length", "too-small",
			tr("这一段超出了 Upload-Length 所说的长度"));
		break;
	case ERR_BUSY:
		problem_say(x, PROBLEM_BUSY, tr("正在传的附件太多, 请稍后再传"));
		break;
	case ERR_FULL:
		refuse_for_room(x);
		break;
	default:
		api_store_failed(x);
	}
}

static bool read_size(struct exchange *x, enum request_header header, int64_t *out)
{
	const char *text = x->headers[header];
	size_t len = text != NULL ? strlen(text) : 0;

	if (len == 0 || len > 15 || strspn(text, "0123456789") != len ||
		x->header_count[header] != 1) {
		problem_say_at(x, PROBLEM_BAD_REQUEST, "header", request_header_names[header],
			"number", tr("请求头 %s 应是一个字节数"), request_header_names[header]);
		return false;
	}
	*out = strtoll(text, NULL, 10);
	return true;
}

static void take_bytes(struct exchange *x, const char *data, size_t len_bytes)
{
	struct piece *p = x->work;

	if (p->writer == NULL || p->e != OK)
		return;
	p->e = papers_write(p->writer, data, len_bytes);
	if (p->e == ERR_INVALID)
		p->e = ERR_EXISTS; /* not the digest: bytes beyond the end */
	if (p->e == OK)
		p->api->counters.piece_bytes += len_bytes;
}

static void forget(struct exchange *x)
{
	struct piece *p = x->work;

	papers_drop(p->writer);
	free(p);
}

static bool read_piece(struct api *a, struct exchange *x, struct paper_piece *out)
{
	if (!read_size(x, REQUEST_UPLOAD_OFFSET, &out->offset) ||
		!read_size(x, REQUEST_UPLOAD_LENGTH, &out->size))
		return false;
	if (out->size == 0 || out->size > PAPER_BYTES_MAX || out->offset > out->size) {
		problem_say_at(x, PROBLEM_TOO_LARGE, "header", "Upload-Length", "range",
			tr("一份附件应有 1 字节到 %d MiB"), PAPER_BYTES_MAX >> 20);
		return false;
	}
	out->station = x->station;
	out->now_ms = api_now_ms(a);
	return true;
}

void api_paper_piece_begin(struct api *a, struct exchange *x)
{
	struct paper_piece piece = {0};
	struct piece *p;
	enum err e;

	p = mem_alloc(sizeof *p);
	p->api = a;
	x->work = p;
	x->forget = forget;
	x->sink = take_bytes;
	if (!digest_of(x, p->sha256) || !read_piece(a, x, &piece))
		return;
	piece.sha256 = p->sha256;
	e = papers_begin(a->config.papers, &piece, &p->writer, &p->now);
	if (e == ERR_STATE)
		refuse_offset(a, x, &p->now, piece.size);
	else if (e != OK && e != ERR_EXISTS)
		refuse_piece(a, x, e);
}

void api_paper_piece(struct api *a, struct exchange *x)
{
	struct piece *p = x->work;
	struct paper_state now = p->now;
	enum err e = p->e;

	if (p->writer != NULL && e != OK)
		papers_drop(p->writer);
	else if (p->writer != NULL)
		e = papers_end(p->writer, &now);
	p->writer = NULL;
	if (e == ERR_STATE) {
		papers_look(a->config.papers, p->sha256, &now);
		refuse_offset(a, x, &now, now.size);
	} else if (e != OK) {
		refuse_piece(a, x, e);
	} else {
		a->counters.pieces[now.complete ? PIECE_COMPLETE : PIECE_TAKEN]++;
		answer_state(x, p->sha256, &now);
	}
}
