#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"

enum {
	SLICE = 64,		  /* matters read at a time */
	LINE_BYTES_MAX = 1 << 20, /* of an import */
	BATCH = 64,		  /* matters stored at a time */
	BAD_LINES_MAX = 1000	  /* told one by one */
};

/* ---- reading: JSON lines, slice by slice, and never two versions in one answer ---- */

struct feed {
	struct api *api;
	struct catalogue_state began;
	struct buf after, *out;
};

static void add_matter(void *arg, const char *code, const char *body)
{
	struct feed *f = arg;

	buf_adds(f->out, body);
	buf_addc(f->out, '\n');
	buf_clear(&f->after);
	buf_adds(&f->after, code);
}

static bool fill_feed(void *arg, struct buf *out)
{
	struct feed *f = arg;
	struct central_store *s = f->api->store;
	struct catalogue_state now;

	f->out = out;
	return s->ops->catalogue(s, true, &now) == OK &&
	       strcmp(now.version, f->began.version) == 0 &&
	       s->ops->matter_each(s, buf_str(&f->after), SLICE, add_matter, f) == OK;
}

static void close_feed(void *arg)
{
	struct feed *f = arg;

	buf_fini(&f->after);
	free(f);
}

/* The tag as it is, in quotes, perhaps one of several, perhaps weak. */
static bool has_it_already(const struct exchange *x, const char *etag)
{
	const char *given = x->headers[REQUEST_IF_NONE_MATCH];

	return given != NULL && (strcmp(given, "*") == 0 || strstr(given, etag) != NULL);
}

void api_catalogue(struct api *a, struct exchange *x)
{
	struct feed *f;
	struct catalogue_state now;
	char etag[24];

	if (a->store->ops->catalogue(a->store, true, &now) != OK) {
		api_store_failed(x);
		return;
	}
	snprintf(etag, sizeof etag, "\"%s\"", now.version[0] != '\0' ? now.version : "empty");
	exchange_header(x, "ETag", etag);
	exchange_header(x, "Cache-Control", "no-cache");
	if (has_it_already(x, etag)) {
		exchange_answer(x, 304, NULL);
		return;
	}
	f = mem_alloc(sizeof *f);
	f->api = a;
	f->began = now;
	api_answer_slices(x, &(struct slices){fill_feed, close_feed, f});
}

/* ---- importing: the administrator's file comes in pieces ---- */

struct import {
	struct api *api;
	struct buf line;
	size_t line_no, taken, bad;
	struct matter_row rows[BATCH];
	char *texts[BATCH][3];
	size_t count;
	struct buf complaints; /* elements of a JSON array */
	bool failed;	       /* nothing more is taken: the store failed, */
	bool full;	       /* or there is no room that letters could spare */
	bool too_long;	       /* the current line is beyond the limit: read over */
};

/* Letters come first: as for papers, some room of the disk stays theirs. */
static bool has_room(const struct api *a)
{
	return a->store->ops->shared || api_has_room(a, 0);
}

static void say_full(struct exchange *x)
{
	problem_say(x, PROBLEM_STORE,
		tr("中心的磁盘快满了 (要给信件留 64 MB), 目录没有收, 用的还是原来的; 请腾出空间再导入"));
}

static void flush_batch(struct import *im)
{
	struct central_store *s = im->api->store;
	size_t i;

	if (im->count > 0 && !im->failed)
		im->failed = im->full = !has_room(im->api);
	if (im->count > 0 && !im->failed && s->ops->import_put(s, im->rows, im->count) != OK)
		im->failed = true;
	for (i = 0; i < im->count; i++) {
		free(im->texts[i][0]);
		free(im->texts[i][1]);
		free(im->texts[i][2]);
	}
	im->count = 0;
}

static void complain(struct import *im, const char *reason)
{
	if (im->bad++ >= BAD_LINES_MAX)
		return;
	json_comma(&im->complaints);
	buf_addc(&im->complaints, '{');
	json_member_int(&im->complaints, "line", (int64_t)im->line_no);
	json_member_str(&im->complaints, "reason", reason);
	buf_addc(&im->complaints, '}');
}

static void take_matter(struct import *im, const json *root)
{
	const char *code = json_get_str(root, "task_code");
	const char *name = json_get_str(root, "task_name");
	struct buf body = {0};

	if (json_type(root) != JSON_OBJECT) {
		complain(im, tr("这一行不是 JSON 对象"));
	} else if (code == NULL || *code == '\0') {
		complain(im, tr("没有事项编码 task_code"));
	} else if (name == NULL || *name == '\0') {
		complain(im, tr("没有事项名称 task_name"));
	} else {
		json_write(&body, root);
		im->texts[im->count][0] = mem_strdup(code);
		im->texts[im->count][1] = mem_strdup(name);
		im->texts[im->count][2] = buf_take(&body);
		im->rows[im->count] = (struct matter_row){
			im->texts[im->count][0], im->texts[im->count][1], im->texts[im->count][2]};
		im->taken++;
		if (++im->count == BATCH)
			flush_batch(im);
	}
}

static void take_line(struct import *im)
{
	const char *at = buf_str(&im->line);
	size_t len = im->line.len;
	struct buf why = {0};
	json *root = NULL;

	im->line_no++;
	if (im->line_no == 1 && len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
		at += 3;
		len -= 3;
	}
	if (im->too_long)
		complain(im, tr("这一行超过 1 MiB"));
	else if (len == 0 || at[strspn(at, " \t\r")] == '\0')
		; /* an empty line */
	else if (json_parse(&root, at, len, &why) != OK)
		complain(im, buf_str(&why));
	else
		take_matter(im, root);
	json_free(root);
	buf_fini(&why);
	buf_clear(&im->line);
	im->too_long = false;
}

static void import_piece(struct exchange *x, const char *data, size_t len_bytes)
{
	struct import *im = x->work;

	exchange_speak(x); /* others may have been spoken to since the last piece */
	while (len_bytes > 0) {
		const char *end = memchr(data, '\n', len_bytes);
		size_t n = end != NULL ? (size_t)(end - data) : len_bytes;
		if (im->line.len + n > LINE_BYTES_MAX)
			im->too_long = true;
		else
			buf_add(&im->line, data, n);
		if (end == NULL)
			return;
		take_line(im);
		data += n + 1;
		len_bytes -= n + 1;
	}
}

/* Also when the administrator's line was cut: then nothing has been imported. */
static void forget_import(struct exchange *x)
{
	struct import *im = x->work;

	im->failed = true;
	flush_batch(im);
	if (im->api->importing) {
		im->api->store->ops->import_drop(im->api->store);
		im->api->importing = false;
	}
	buf_fini(&im->line);
	buf_fini(&im->complaints);
	free(im);
}

void api_admin_import_begin(struct api *a, struct exchange *x)
{
	struct import *im;
	enum err e;

	if (!has_room(a)) {
		say_full(x);
		return;
	}
	e = a->importing ? ERR_BUSY : a->store->ops->import_begin(a->store);
	if (e == ERR_BUSY && a->store->ops->ready(a->store) == OK)
		problem_say(x, PROBLEM_BUSY, tr("另一次导入还没有结束"));
	else if (e != OK)
		api_store_failed(x);
	if (e != OK)
		return;
	a->importing = true;
	im = mem_alloc(sizeof *im);
	im->api = a;
	x->work = im;
	x->forget = forget_import;
	x->sink = import_piece;
}

void api_admin_import(struct api *a, struct exchange *x)
{
	struct import *im = x->work;
	struct catalogue_state now;
	enum err e;

	if (im->line.len > 0 || im->too_long)
		take_line(im);
	flush_batch(im);
	e = im->failed ? ERR_IO : a->store->ops->import_end(a->store, api_now_ms(a));
	if (e == OK)
		e = a->store->ops->catalogue(a->store, true, &now);
	if (e != OK && im->full)
		say_full(x);
	else if (e != OK)
		api_store_failed(x);
	if (e != OK)
		return;
	a->importing = false;
	a->changed = true;
	buf_addc(&x->answer, '{');
	json_member_int(&x->answer, "taken", (int64_t)im->taken);
	json_member_int(&x->answer, "bad", (int64_t)im->bad);
	json_member_int(&x->answer, "matters", now.matters);
	json_member_str(&x->answer, "version", now.version);
	json_member(&x->answer, "lines");
	buf_printf(&x->answer, "[%s]}\n", buf_str(&im->complaints));
	api_answer_words(x, 200);
}
