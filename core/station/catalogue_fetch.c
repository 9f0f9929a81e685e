#include "core/station/catalogue_fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>
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

FILE *catalogue_fetch_file(struct store *s, struct buf *why)
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
	if (f == NULL)
		buf_why(why,
			tr("数据文件夹 %s 里写不了文件 (%s), 目录没有取来, 用的还是原来的; 请管理员查看磁盘"),
			store_home(s), err_cause(errno));
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

char *catalogue_fetch_offered(struct store *s)
{
	return store_get(s, "catalogue.offered");
}

/* What the centre offers is what was taken from it. */
static bool is_here(struct store *s)
{
	char *offered = catalogue_fetch_offered(s), *taken = store_get(s, "catalogue.taken");
	bool here = offered != NULL && taken != NULL && strcmp(offered, taken) == 0;

	free(offered);
	free(taken);
	return here;
}

bool catalogue_fetch_is_due(struct store *s)
{
	char *offered = catalogue_fetch_offered(s);
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

struct catalogue_taking {
	struct store *store;
	char *offered; /* what the centre called it; NULL: it had not said */
	struct catalogue *catalogue;
	struct catalogue_intake *intake; /* NULL: not begun, or at its end */
	struct index_making *index;	 /* the same */
	int64_t bad;			 /* lines */
	bool too_much;			 /* of them */
	bool no_room;			 /* that letters could spare */
	bool own;			 /* what goes wrong is the catalogue's own trouble */
	bool done;
	enum err e;
	struct buf why;
};

static void count_bad(void *arg, int64_t line, const char *reason)
{
	struct catalogue_taking *t = arg;

	(void)line, (void)reason;
	t->bad++;
}

static bool has_room(const struct store *s)
{
	struct statvfs fs;

	return statvfs(store_home(s), &fs) != 0 ||
	       (int64_t)fs.f_bavail * (int64_t)fs.f_frsize >= (int64_t)SPARE_MB << 20;
}

/* A set of which most cannot be read is not gone through to its end, nor one that fills the disk.
 */
static bool go_on(void *arg, int64_t lines, int64_t bytes)
{
	struct catalogue_taking *t = arg;

	(void)bytes;
	t->too_much = lines > LINES_MAX || (t->bad > BAD_LINES_FEW && t->bad > lines / 2);
	t->no_room = !t->too_much && !has_room(t->store);
	return !t->too_much && !t->no_room;
}

/* Something came, and no matter in it: nothing was changed by it. */
static bool is_none(const struct catalogue_result *r)
{
	return r->bad > 0 && r->added + r->changed + r->same == 0;
}

static enum err begin_import(struct catalogue_taking *t, FILE *body)
{
	int64_t now_ms = store_now_ms(t->store);
	char *path = paths_join(store_home(t->store), "catalogue.db");
	const struct catalogue_import how = {.source = tr("中心"),
		.complete = "centre",
		.now_ms = now_ms,
		.bad = count_bad,
		.progress = go_on,
		.arg = t};
	enum err e = catalogue_open(&t->catalogue, path, clock_day(now_ms), &t->why);

	if (e == OK)
		e = catalogue_intake_open(&t->intake, t->catalogue, body, &how);
	free(path);
	return e;
}

static void say_no_room(struct buf *why)
{
	buf_clear(why);
	buf_why(why,
		tr("中心的目录收不下: 数据文件夹的磁盘要留 %d MB 给信件; 用的还是原来的目录。请清理磁盘"),
		SPARE_MB);
}

static enum err end_import(struct catalogue_taking *t)
{
	struct catalogue_result result;
	enum err e = catalogue_intake_close(t->intake, &result, &t->why);

	t->intake = NULL;
	if (e == OK)
		log_info("catalogue", "%lld added, %lld changed, %lld withdrawn, %lld bad",
			(long long)result.added, (long long)result.changed,
			(long long)result.withdrawn, (long long)result.bad);
	if (t->no_room) {
		say_no_room(&t->why);
		return ERR_FULL;
	}
	if (!t->too_much && !(e == OK && is_none(&result)))
		return e;
	buf_clear(&t->why);
	buf_why(&t->why,
		tr("中心发来的目录多半看不懂, 或超过 %d 行, 没有收; 用的还是原来的目录。请管理员检查中心的目录和中心网址"),
		LINES_MAX);
	return ERR_INVALID;
}

static void begin_index(struct catalogue_taking *t)
{
	char *path = paths_join(store_home(t->store), "catalogue.idx");

	t->index = index_making_begin(t->catalogue, path);
	free(path);
}

static enum err end_index(struct catalogue_taking *t)
{
	enum err e = index_making_end(t->index, &t->why);

	t->index = NULL;
	if (e == OK && t->offered != NULL)
		e = store_set(t->store, "catalogue.taken", t->offered);
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
		say_no_room(why);
	else if (a->fault != LINE_OK)
		buf_why(why, "%s", line_fault_text(a->fault));
	else
		buf_why(why, tr("中心对 %s 答复 %ld, 请检查接入是否有效"), CATALOGUE_PATH,
			a->status);
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

struct catalogue_taking *catalogue_taking_begin(
	struct store *s, FILE *body, const char *offered, const struct transport_answer *a)
{
	struct catalogue_taking *t = mem_alloc(sizeof *t);

	t->store = s;
	t->own = is_its_own_trouble(a);
	if (a->fault != LINE_OK || a->status != 200 || !is_catalogue(a)) {
		say_fault(a, &t->why);
		t->e = ERR_BUSY;
	} else if (is_empty(body)) {
		t->done = true; /* an empty catalogue withdraws nothing */
	} else {
		t->offered = mem_strdup(offered);
		t->e = begin_import(t, body);
	}
	return t;
}

/* The lines, what closes the import, the index: each in steps of their own. */
bool catalogue_taking_step(struct catalogue_taking *t)
{
	if (t->e != OK || t->done)
		return false;
	if (t->intake != NULL && !catalogue_intake_step(t->intake)) {
		t->e = end_import(t);
		if (t->e == OK)
			begin_index(t);
	} else if (t->index != NULL && !index_making_step(t->index)) {
		t->e = end_index(t);
		t->done = true;
	}
	return t->e == OK && !t->done;
}

enum err catalogue_taking_end(struct catalogue_taking *t, struct buf *why)
{
	enum err e = t->e == OK && !t->done ? ERR_STATE : t->e;

	if (t->intake != NULL)
		catalogue_intake_close(t->intake, &(struct catalogue_result){0}, NULL);
	if (t->index != NULL)
		index_making_end(t->index, NULL);
	catalogue_close(t->catalogue);
	if (e == OK)
		note_trouble(t->store, "");
	else if (t->own && t->e != OK)
		note_trouble(t->store, t->why.len > 0 ? buf_str(&t->why) : err_text(e));
	if (t->why.len > 0)
		buf_why(why, "%s", t->why.data);
	free(t->offered);
	buf_fini(&t->why);
	free(t);
	return e;
}

enum err catalogue_fetch_take(struct store *s, FILE *body, const char *offered,
	const struct transport_answer *a, struct buf *why)
{
	struct catalogue_taking *t = catalogue_taking_begin(s, body, offered, a);

	while (catalogue_taking_step(t))
		continue;
	return catalogue_taking_end(t, why);
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
