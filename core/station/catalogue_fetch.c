#include "core/station/catalogue_fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/index.h"
#include "core/station/store.h"

/* A province's 200 000 matters are about 730 MB. */
enum {
	MAX_MB = 2048,
	SPARE_MB = 64,
	LINES_MAX = 1000000,
	BAD_LINES_FEW = 1000, /* so many may be wrong; beyond, not the most of them */
	TIMEOUT_MS = 3600 * 1000
};

#define TROUBLE "catalogue.trouble"

FILE *catalogue_fetch_file(struct store *s)
{
	char *path = paths_join(store_home(s), "catalogue.XXXXXX");
	int fd = mkstemp(path);
	FILE *f = NULL;

	if (fd >= 0) {
		unlink(path);
		f = fdopen(fd, "w+");
		if (f == NULL)
			close(fd);
	}
	free(path);
	return f;
}

struct transport_request catalogue_fetch_request(FILE *body)
{
	return (struct transport_request){.method = "GET",
		.path = CATALOGUE_PATH,
		.into_fd = fileno(body),
		.into_max_bytes = (int64_t)MAX_MB << 20,
		.into_spare_bytes = (int64_t)SPARE_MB << 20,
		.timeout_ms = TIMEOUT_MS};
}

/* What the centre offers is what was taken from it. */
static bool is_here(struct store *s)
{
	char *offered = store_get(s, "catalogue.offered"), *taken = store_get(s, "catalogue.taken");
	bool here = offered != NULL && taken != NULL && strcmp(offered, taken) == 0;

	free(offered);
	free(taken);
	return here;
}

bool catalogue_fetch_is_due(struct store *s)
{
	char *offered = store_get(s, "catalogue.offered");
	bool due = offered != NULL && !is_here(s);

	free(offered);
	return due;
}

static bool is_catalogue(const struct transport_answer *a)
{
	static const char *const types[] = {
		"application/jsonl", "application/x-ndjson", "application/ndjson"};
	size_t i;

	for (i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strncasecmp(a->content_type, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

/* A set of which most cannot be read is not gone through to its end: letters wait meanwhile. */
struct reading {
	int64_t bad;
	bool too_much;
};

static void count_bad(void *arg, int64_t line, const char *reason)
{
	struct reading *r = arg;

	(void)line, (void)reason;
	r->bad++;
}

static bool go_on(void *arg, int64_t lines, int64_t bytes)
{
	struct reading *r = arg;

	(void)bytes;
	r->too_much = lines > LINES_MAX || (r->bad > BAD_LINES_FEW && r->bad > lines / 2);
	return !r->too_much;
}

/* Something came, and no matter in it: nothing was changed by it. */
static bool is_none(const struct catalogue_result *r)
{
	return r->bad > 0 && r->added + r->changed + r->same == 0;
}

static enum err import_lines(struct catalogue *c, FILE *body, int64_t now_ms, struct buf *why)
{
	struct reading r = {0, false};
	const struct catalogue_import how = {.source = tr("中心"),
		.complete = "centre",
		.now_ms = now_ms,
		.bad = count_bad,
		.progress = go_on,
		.arg = &r};
	struct catalogue_result result;
	enum err e = catalogue_import(c, body, &how, &result, why);

	if (e == OK)
		log_info("catalogue", "%lld added, %lld changed, %lld withdrawn, %lld bad",
			(long long)result.added, (long long)result.changed,
			(long long)result.withdrawn, (long long)result.bad);
	if (!r.too_much && !(e == OK && is_none(&result)))
		return e;
	buf_why(why,
		tr("中心发来的目录多半看不懂, 或超过 %d 行, 没有收; 用的还是原来的目录。请管理员检查中心的目录和中心网址"),
		LINES_MAX);
	return ERR_INVALID;
}

static enum err import(struct store *s, FILE *body, struct buf *why)
{
	char *path = paths_join(store_home(s), "catalogue.db");
	char *index = paths_join(store_home(s), "catalogue.idx");
	struct catalogue *c = NULL;
	enum err e = catalogue_open(&c, path, clock_day(store_now_ms(s)), why);

	if (e == OK)
		e = import_lines(c, body, store_now_ms(s), why);
	if (e == OK)
		e = index_build(c, index, why);
	catalogue_close(c);
	free(index);
	free(path);
	return e;
}

static bool is_empty(FILE *body)
{
	int ch;

	rewind(body);
	do
		ch = getc(body);
	while (ch == '\n' || ch == '\r' || ch == ' ' || ch == '\t');
	rewind(body);
	return ch == EOF;
}

static void say_fault(const struct transport_answer *a, struct buf *why)
{
	if (a->fault == LINE_OVERSIZE)
		buf_why(why,
			tr("中心发来的目录太大 (超过 %d MB), 没有收; 用的还是原来的目录。请管理员检查中心的目录和中心网址"),
			MAX_MB);
	else if (a->fault == LINE_NO_ROOM)
		buf_why(why,
			tr("中心的目录收不下: 数据文件夹的磁盘要留 %d MB 给信件; 用的还是原来的目录。请清理磁盘"),
			SPARE_MB);
	else if (a->fault != LINE_OK)
		buf_why(why, "%s", line_fault_text(a->fault));
	else
		buf_why(why, tr("中心对 %s 答复 %ld, 请检查接入是否有效"), CATALOGUE_PATH,
			a->status);
}

static enum err take(struct store *s, FILE *body, const struct transport_answer *a, struct buf *why)
{
	char *offered;
	enum err e;

	if (a->fault != LINE_OK || a->status != 200 || !is_catalogue(a)) {
		say_fault(a, why);
		return ERR_BUSY;
	}
	if (is_empty(body))
		return OK; /* an empty catalogue withdraws nothing */
	offered = store_get(s, "catalogue.offered");
	e = import(s, body, why);
	if (e == OK && offered != NULL)
		e = store_set(s, "catalogue.taken", offered);
	free(offered);
	return e;
}

static void note_trouble(struct store *s, const char *text)
{
	char *before = store_get(s, TROUBLE);

	if (strcmp(before != NULL ? before : "", text) != 0 && store_set(s, TROUBLE, text) != OK)
		log_warn("catalogue", "why it was not taken could not be kept");
	free(before);
}

/* Of the catalogue and no other: trouble with the line, and with who is there, is told elsewhere.
 */
static bool is_its_own_trouble(const struct transport_answer *a)
{
	return a->fault == LINE_OK ? a->status == 200 && is_catalogue(a)
				   : a->fault == LINE_OVERSIZE || a->fault == LINE_NO_ROOM;
}

enum err catalogue_fetch_take(
	struct store *s, FILE *body, const struct transport_answer *a, struct buf *why)
{
	enum err e = take(s, body, a, why);

	if (e == OK)
		note_trouble(s, "");
	else if (is_its_own_trouble(a))
		note_trouble(s, why->len > 0 ? buf_str(why) : err_text(e));
	return e;
}

char *catalogue_fetch_trouble(struct store *s)
{
	char *text = store_get(s, TROUBLE);

	if (text != NULL && (*text == '\0' || is_here(s))) {
		free(text);
		text = NULL;
	}
	return text;
}

char *catalogue_fetch_version(struct store *s)
{
	return store_get(s, "catalogue.taken");
}
