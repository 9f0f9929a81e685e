#include "core/central/letters_import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/id.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/seal.h"
#include "core/base/text.h"
#include "core/central/admin.h"
#include "core/central/commands_call.h"
#include "core/central/letters_early.h"
#include "core/central/papers.h"
#include "core/domain/parcel.h"

enum {
	REASON_BYTES = 1000 /* about so long */
};

struct import {
	const char *dir;
	struct parcel_state state;
	char sha256[PAPER_DIGEST_SIZE]; /* of the paper that pieces belong to */
	int64_t size, at;		/* of it, and where the next piece begins */
	int64_t received;		/* what the centre has of it */
	bool bad;			/* its bytes are not those of its name: passed over */
	bool any_bad;
	unsigned taken, again, refused, waiting[EARLY__MAX];
	struct letters_early *early; /* letters of this file that were not taken */
};

/* ---- asking ---- */

struct body {
	const char *data;
	size_t len;
};

static ssize_t give_body(void *arg, char *out, size_t room)
{
	struct body *b = arg;
	size_t n = b->len < room ? b->len : room;

	memcpy(out, b->data, n);
	b->data += n;
	b->len -= n;
	return (ssize_t)n;
}

/* *root is the answer, whatever its status; NULL when it is none. 0: the centre did not answer, and
 * why has been said. */
static int ask(const struct import *im, struct admin_request *r, json **root)
{
	struct buf answer = {0}, why = {0};
	int status = 0;
	enum err e = admin_call(im->dir, r, &status, &answer, &why);

	*root = NULL;
	if (e != OK) {
		fprintf(stderr, "%s\n", why.len > 0 ? why.data : err_text(e));
		status = 0;
	} else {
		json_parse(root, buf_str(&answer), answer.len, NULL);
	}
	buf_fini(&answer);
	buf_fini(&why);
	return status;
}

static int send_body(const struct import *im, const char *method, const char *path,
	const char *headers, const void *data, size_t len_bytes, bool *again, json **root)
{
	struct body body = {data, len_bytes};
	struct admin_request r = {.method = method,
		.path = path,
		.headers = headers,
		.look_for = "Idempotency-Replayed",
		.more = give_body,
		.arg = &body};
	int status = ask(im, &r, root);

	*again = r.found;
	return status;
}

/* The hall's key; false: said why not. */
static bool hall_key(const struct import *im, struct buf *key)
{
	struct admin_request r = {.method = "GET", .path = "/admin/receipt-key"};
	json *root;
	int status = ask(im, &r, &root);
	const char *text = json_get_str(root, "receipt_key");

	if (status == 200 && text != NULL)
		buf_adds(key, text);
	else if (status != 0)
		fprintf(stderr, "%s\n", tr("这个中心还没有登记过窗口机, 没有可以启封的钥匙"));
	json_free(root);
	return key->len > 0;
}

/* ---- papers ---- */

static enum err begin_paper(struct import *im, const struct parcel_line *l)
{
	char path[PAPER_DIGEST_SIZE + 32];
	struct admin_request r = {.method = "GET", .path = path};
	json *root;
	int status;

	im->bad = !paper_is_digest(l->sha256);
	im->any_bad |= im->bad;
	if (im->bad)
		return OK;
	snprintf(im->sha256, sizeof im->sha256, "%s", l->sha256);
	im->size = l->size;
	im->at = 0;
	snprintf(path, sizeof path, "/v1/attachments/%s", im->sha256);
	status = ask(im, &r, &root);
	im->received = status == 200 ? json_get_int(root, "received", 0) : 0;
	json_free(root);
	return status == 200 || status == 404 ? OK : ERR_IO;
}

static void say(const char *what, const json *problem)
{
	const char *detail = json_get_str(problem, "detail");
	struct buf clean = {0};

	if (detail == NULL)
		detail = json_get_str(problem, "title");
	text_clean(&clean, detail != NULL ? detail : "", detail != NULL ? strlen(detail) : 0);
	fprintf(stderr, "%s: %s\n", what, buf_str(&clean));
	buf_fini(&clean);
}

/* Only what the centre does not have yet. */
static enum err send_piece(struct import *im, const struct parcel_line *l)
{
	int64_t end = im->at + (int64_t)l->piece_len;
	int64_t from = im->received > im->at ? im->received : im->at;
	char path[PAPER_DIGEST_SIZE + 32], headers[160];
	json *root = NULL;
	bool again;
	int status;

	if (im->bad)
		return OK;
	if (from < end) {
		snprintf(path, sizeof path, "/v1/attachments/%s", im->sha256);
		snprintf(headers, sizeof headers,
			"Content-Type: application/offset+octet-stream\r\n"
			"Upload-Offset: %lld\r\nUpload-Length: %lld\r\n",
			(long long)from, (long long)im->size);
		status = send_body(im, "PATCH", path, headers, l->piece + (from - im->at),
			(size_t)(end - from), &again, &root);
		if (status != 200)
			say(im->sha256, root);
		im->received = json_get_int(root, "received", im->received);
		json_free(root);
		if (status == 0 || status >= 500)
			return ERR_IO;
		im->bad = status != 200; /* letters that name it are refused for it */
		im->any_bad |= im->bad;
	}
	im->at = end;
	return OK;
}

/* ---- letters ---- */

/* The title and the places that are wrong, in one line that can be read; what is said of one after
 * another once. */
static void reason_of(const json *problem, struct buf *out)
{
	const char *detail = json_get_str(problem, "detail"), *said;
	const json *e = json_first(json_get(problem, "errors"));
	int64_t left = json_get_int(problem, "errors_left_out", 0);

	if (detail == NULL)
		detail = json_get_str(problem, "title");
	if (detail != NULL)
		text_clean(out, detail, strlen(detail));
	said = detail;
	for (; e != NULL && out->len < REASON_BYTES; e = json_next(e)) {
		const char *what = json_get_str(e, "detail");
		if (what == NULL || (said != NULL && strcmp(what, said) == 0))
			continue;
		buf_adds(out, "; ");
		text_clean(out, what, strlen(what));
		said = what;
	}
	for (; e != NULL; e = json_next(e))
		left++;
	if (left > 0)
		buf_printf(out, tr("; 另有 %lld 处没有列出"), (long long)left);
}

static void tell_not_taken(struct import *im, const struct parcel_letter *l, const json *problem)
{
	const char *never = NULL;
	enum early early = letters_early_judge(im->early, l, problem, &never);
	struct buf reason = {0};

	if (early == EARLY_NOT)
		im->refused++;
	else
		im->waiting[early]++;
	if (never != NULL)
		buf_printf(&reason, tr("在它前面的收下了, 这一步也办不了: %s"), never);
	else
		reason_of(problem, &reason);
	printf("%s\t%s\t%s\n", l->id, early == EARLY_NOT ? "refused" : "waits", buf_str(&reason));
	buf_fini(&reason);
}

static bool is_letters_path(const char *path)
{
	return strcmp(path, "/v1/applications") == 0 || strcmp(path, "/v1/letters") == 0;
}

static enum err send_letter(struct import *im, const struct parcel_letter *l)
{
	struct buf headers = {0};
	json *root = NULL;
	bool again = false;
	int status;

	if (!is_letters_path(l->path)) {
		im->refused++;
		letters_early_judge(im->early, l, NULL, NULL);
		printf("%s\trefused\t%s\n", l->id, tr("不认识的信件, 请升级中心的程序"));
		return OK;
	}
	buf_printf(&headers, "Content-Type: application/json\r\nIdempotency-Key: %s\r\n", l->id);
	status = send_body(im, "POST", l->path, headers.data, l->body, l->body_len, &again, &root);
	if (status == 201) {
		im->again += again;
		im->taken += !again;
		printf("%s\t%s\t%s\n", l->id, again ? "again" : "taken",
			json_get_str(root, "project_no"));
	} else if (status >= 400 && status < 500) {
		tell_not_taken(im, l, root);
	} else if (status != 0) {
		say(l->id, root);
	}
	json_free(root);
	buf_fini(&headers);
	return status == 201 || (status >= 400 && status < 500) ? OK : ERR_IO;
}

/* ---- the file ---- */

static enum err take_line(struct import *im, const struct buf *line, struct buf *why)
{
	struct parcel_line l;
	enum err e = parcel_read(&im->state, buf_str(line), line->len, &l, why);

	if (e != OK)
		return e;
	if (l.kind == PARCEL_PAPER)
		e = begin_paper(im, &l);
	else if (l.kind == PARCEL_PIECE)
		e = send_piece(im, &l);
	else if (l.kind == PARCEL_LETTER)
		e = send_letter(im, &l.letter);
	parcel_line_fini(&l);
	return e;
}

static enum err take_lines(struct import *im, struct unseal *u, struct buf *why)
{
	struct buf line = {0};
	enum err e;

	while ((e = unseal_line(u, &line, why)) == OK && (e = take_line(im, &line, why)) == OK)
		continue;
	buf_fini(&line);
	if (e != ERR_NOT_FOUND)
		return e;
	if (!im->state.ended)
		buf_why(why, tr("文件没有写完, 请在导出它的窗口机上重新导出"));
	return im->state.ended ? OK : ERR_DAMAGED;
}

static unsigned waiting(const struct import *im)
{
	return im->waiting[EARLY_AHEAD] + im->waiting[EARLY_PAPER] + im->waiting[EARLY_RUNNING];
}

/* What became of them, and what is to be done for those that wait. */
static void tell_sums(const struct import *im)
{
	const unsigned *w = im->waiting;

	fprintf(stderr, tr("收下 %u 封, 早已收过 %u 封, 退回 %u 封"), im->taken, im->again,
		im->refused);
	if (waiting(im) > 0)
		fprintf(stderr, tr(", 还收不了的 %u 封"), waiting(im));
	fputc('\n', stderr);
	if (w[EARLY_AHEAD] > 0)
		fprintf(stderr,
			tr("%u 封等着同一件前面的那一封: 那一封在别的文件里, 就先收那个文件, 再收一次这个; "
			   "那一封被退回了, 就请原窗口更正后再导出\n"),
			w[EARLY_AHEAD]);
	if (w[EARLY_PAPER] > 0)
		fprintf(stderr, tr("%u 封的扫描件文件里没有或不对: 请原窗口重新导出\n"),
			w[EARLY_PAPER]);
	if (w[EARLY_RUNNING] > 0)
		fprintf(stderr, tr("%u 封正由原窗口自己报送: 稍后再收一次这个文件\n"),
			w[EARLY_RUNNING]);
}

static int open_and_take(struct import *im, FILE *f)
{
	struct buf key = {0}, why = {0};
	struct unseal *u = NULL;
	enum err e = hall_key(im, &key) ? unseal_begin(&u, f, key.data, &why) : ERR_STATE;

	if (e == OK)
		e = take_lines(im, u, &why);
	unseal_end(u);
	if (why.len > 0)
		fprintf(stderr, "%s\n", why.data);
	tell_sums(im);
	buf_fini(&key);
	buf_fini(&why);
	if (e == ERR_IO)
		return EXIT_ENV;
	return e == OK && im->refused + waiting(im) == 0 && !im->any_bad ? EXIT_DONE : EXIT_REFUSED;
}

int letters_import(const char *dir, const char *file)
{
	struct import im = {.dir = dir};
	int code;
	FILE *f = command_open(file, &code);

	if (f == NULL)
		return code;
	im.early = letters_early_new();
	code = open_and_take(&im, f);
	if (f != stdin)
		fclose(f);
	letters_early_free(im.early);
	return code;
}
