#include "core/domain/parcel.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/msg.h"

enum {
	VERSION_MAX = 1000000
};

/* ---- writing ---- */

void parcel_write_head(struct buf *out, const char *station, const char *exported_at)
{
	buf_addc(out, '{');
	json_member_str(out, "yimen", "outbox");
	json_member_int(out, "version", 1);
	json_member_str(out, "station", station);
	json_member_str(out, "exported_at", exported_at);
	buf_adds(out, "}\n");
}

void parcel_write_paper(struct buf *out, const char *sha256, int64_t size, const char *media_type)
{
	buf_adds(out, "{\"paper\":{");
	json_member_str(out, "sha256", sha256);
	json_member_int(out, "size", size);
	json_member_str(out, "media_type", media_type);
	buf_adds(out, "}}\n");
}

void parcel_write_piece(struct buf *out, const void *data, size_t len_bytes)
{
	char *text = crypto_base64(data, len_bytes);

	buf_printf(out, "{\"piece\":\"%s\"}\n", text);
	free(text);
}

void parcel_write_letter(struct buf *out, const struct parcel_letter *l)
{
	char sha256[CRYPTO_HEX_SIZE];

	buf_adds(out, "{\"letter\":{");
	json_member_str(out, "id", l->id);
	json_member_str(out, "case_id", l->case_id);
	json_member_str(out, "kind", l->kind);
	json_member_str(out, "path", l->path);
	json_member_str(out, "created_at", l->created_at);
	json_member_str(out, "sha256", crypto_hex(DIGEST_SHA256, l->body, l->body_len, sha256));
	json_member(out, "body");
	json_put_strn(out, l->body, l->body_len);
	json_member_str(out, "local_receipt", l->local_receipt);
	json_member_str(out, "task_code", l->task_code);
	json_member_str(out, "task_name", l->task_name);
	json_member_str(out, "applyer_name", l->applyer_name);
	if (l->version > 0)
		json_member_int(out, "version", l->version);
	buf_adds(out, "}}\n");
}

void parcel_write_end(struct buf *out, int64_t letters, int64_t papers)
{
	buf_adds(out, "{\"end\":{");
	json_member_int(out, "letters", letters);
	json_member_int(out, "papers", papers);
	buf_adds(out, "}}\n");
}

/* ---- reading ---- */

void parcel_line_fini(struct parcel_line *l)
{
	free(l->piece);
	json_free(l->doc);
	*l = (struct parcel_line){0};
}

static bool is_sha256(const char *s)
{
	return s != NULL && strlen(s) == PARCEL_SHA256_SIZE - 1 &&
	       strspn(s, "0123456789abcdef") == PARCEL_SHA256_SIZE - 1;
}

static bool read_head(const json *doc, struct parcel_line *out, struct buf *why)
{
	out->kind = PARCEL_HEAD;
	out->station = json_get_str(doc, "station");
	out->exported_at = json_get_str(doc, "exported_at");
	if (strcmp(json_get_str(doc, "yimen"), "outbox") != 0 || out->station == NULL ||
		json_get_int(doc, "version", 0) < 1)
		return false;
	if (json_get_int(doc, "version", 0) == 1)
		return true;
	buf_why(why, tr("文件是更新的一门写的, 请先升级这里的程序"));
	return false;
}

static bool read_paper(const json *paper, struct parcel_line *out)
{
	out->kind = PARCEL_PAPER;
	out->sha256 = json_get_str(paper, "sha256");
	out->media_type = json_get_str(paper, "media_type");
	out->size = json_get_int(paper, "size", 0);
	return is_sha256(out->sha256) && out->media_type != NULL && out->size > 0 &&
	       out->size <= PARCEL_PAPER_MAX_BYTES;
}

static bool read_piece(const char *text, struct parcel_line *out)
{
	struct buf bytes = {0};

	out->kind = PARCEL_PIECE;
	if (!crypto_unbase64(text, strlen(text), &bytes) || bytes.len == 0) {
		buf_fini(&bytes);
		return false;
	}
	out->piece_len = bytes.len;
	out->piece = buf_take(&bytes);
	return true;
}

/* Below the interface's own address, and nothing that climbs out of it. */
static bool is_path(const char *s)
{
	return s != NULL && strncmp(s, "/v1/", 4) == 0 &&
	       strspn(s + 4, "abcdefghijklmnopqrstuvwxyz-/") == strlen(s + 4);
}

/* As a number that a window can have come to. */
static int read_version(const json *letter)
{
	int64_t version = json_get_int(letter, "version", 0);

	return version > 0 && version <= VERSION_MAX ? (int)version : 0;
}

static bool read_letter(const json *letter, struct parcel_line *out, struct buf *why)
{
	struct parcel_letter *l = &out->letter;
	const char *sha256 = json_get_str(letter, "sha256");
	char hex[CRYPTO_HEX_SIZE];

	out->kind = PARCEL_LETTER;
	l->id = json_get_str(letter, "id");
	l->case_id = json_get_str(letter, "case_id");
	l->kind = json_get_str(letter, "kind");
	l->path = json_get_str(letter, "path");
	l->created_at = json_get_str(letter, "created_at");
	l->body = json_get_str(letter, "body");
	l->local_receipt = json_get_str(letter, "local_receipt");
	l->task_code = json_get_str(letter, "task_code");
	l->task_name = json_get_str(letter, "task_name");
	l->applyer_name = json_get_str(letter, "applyer_name");
	l->version = read_version(letter);
	if (!id_is_uuid(l->id) || !id_is_uuid(l->case_id) || l->kind == NULL || !is_path(l->path) ||
		l->created_at == NULL || l->body == NULL || !is_sha256(sha256))
		return false;
	l->body_len = strlen(l->body);
	if (strcmp(crypto_hex(DIGEST_SHA256, l->body, l->body_len, hex), sha256) == 0)
		return true;
	buf_why(why, tr("函件 %s 的内容和它的摘要不符"), l->id);
	return false;
}

static bool read_end(const json *end, struct parcel_line *out)
{
	out->kind = PARCEL_END;
	out->letters = json_get_int(end, "letters", -1);
	out->papers = json_get_int(end, "papers", -1);
	return out->letters >= 0 && out->papers >= 0;
}

static bool read_any(const json *doc, struct parcel_line *out, struct buf *why)
{
	if (json_get_str(doc, "yimen") != NULL)
		return read_head(doc, out, why);
	if (json_get(doc, "paper") != NULL)
		return read_paper(json_get(doc, "paper"), out);
	if (json_get_str(doc, "piece") != NULL)
		return read_piece(json_get_str(doc, "piece"), out);
	if (json_get(doc, "letter") != NULL)
		return read_letter(json_get(doc, "letter"), out, why);
	return json_get(doc, "end") != NULL && read_end(json_get(doc, "end"), out);
}

/* Whether the line may come now; counts it. */
static bool follows(struct parcel_state *s, const struct parcel_line *l)
{
	if (s->ended || s->begun != (l->kind != PARCEL_HEAD))
		return false;
	if (s->paper_left > 0 && l->kind != PARCEL_PIECE)
		return false;
	switch (l->kind) {
	case PARCEL_HEAD:
		s->begun = true;
		return true;
	case PARCEL_PAPER:
		s->papers++;
		s->paper_left = l->size;
		return true;
	case PARCEL_PIECE:
		s->paper_left -= (int64_t)l->piece_len;
		return s->paper_left >= 0;
	case PARCEL_LETTER:
		s->letters++;
		return true;
	default:
		s->ended = true;
		return l->letters == s->letters && l->papers == s->papers;
	}
}

enum err parcel_read(struct parcel_state *state, const char *line, size_t len_bytes,
	struct parcel_line *out, struct buf *why)
{
	struct parcel_line l = {0};
	struct buf cause = {0};
	bool good = json_parse(&l.doc, line, len_bytes, NULL) == OK && read_any(l.doc, &l, &cause);

	if (good && !follows(state, &l)) {
		buf_why(&cause, tr("文件里各行的次序不对, 可能拼接过, 请重新导出"));
		good = false;
	}
	if (!good) {
		buf_why(why, "%s",
			cause.len > 0 ? cause.data : tr("文件里有一行不是一门写的, 请重新导出"));
		parcel_line_fini(&l);
	} else {
		*out = l;
	}
	buf_fini(&cause);
	return good ? OK : ERR_INVALID;
}
