#include "core/station/catalogue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/bundle.h"
#include "core/station/catalogue_private.h"
#include "core/station/matter.h"

enum {
	FLAG_PERSON = 1,
	FLAG_BODY = 2,
	FLAG_INSTANT = 4,
	FLAG_ONLINE = 8
};

static const char *const migrations[] = {
#include "sql_catalogue_1.h"
	,
};

int64_t catalogue_meta(struct catalogue *c, const char *key, int64_t absent)
{
	struct stmt *s = db_prepare(c->db, "SELECT value FROM meta WHERE key = ?1");
	db_bind_text(s, 1, key);
	int64_t n = db_row(s) ? db_int(s, 0) : absent;
	db_done(s);
	return n;
}

enum err catalogue_put_meta(struct catalogue *c, const char *key, int64_t value)
{
	struct stmt *s =
		db_prepare(c->db, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)");
	db_bind_text(s, 1, key);
	db_bind_int(s, 2, value);
	return db_run(s);
}

const char *catalogue_date(const char *text, char out[DATE_SIZE])
{
	char head[11] = "";
	struct date d;
	out[0] = '\0';
	memcpy(head, text, strnlen(text, 10));
	if (date_parse(head, &d))
		date_format(d, out);
	return out;
}

/* The file is born with a random identity, so that an index of another file is never taken for
 * ours. */
static enum err give_identity(struct catalogue *c)
{
	if (catalogue_meta(c, "identity", 0) != 0)
		return OK;
	int64_t identity = 0;
	while (identity == 0)
		entropy_system.fill(entropy_system.arg, &identity, sizeof identity);
	return catalogue_put_meta(c, "identity", identity);
}

enum err catalogue_open(struct catalogue **out, const char *path, int32_t today, struct buf *why)
{
	struct catalogue *c = mem_alloc(sizeof *c);
	c->path = mem_strdup(path);
	c->today = today;
	enum err e = db_open(&c->db, path, DB_SHARED, why);
	if (e == OK)
		e = db_migrate(c->db, migrations, sizeof migrations / sizeof *migrations, why);
	if (e == OK) {
		e = give_identity(c);
		if (e == OK)
			e = catalogue_advance(c, today);
		if (e != OK)
			buf_why(why, tr("目录文件 %s 用不了: %s"), path, err_text(e));
	}
	if (e != OK) {
		catalogue_close(c);
		return e;
	}
	*out = c;
	return OK;
}

void catalogue_close(struct catalogue *c)
{
	if (!c)
		return;
	db_close(c->db);
	free(c->path);
	free(c);
}

void catalogue_keep_kb(struct catalogue *c, int kb)
{
	db_keep_kb(c->db, kb);
}

const char *catalogue_path(const struct catalogue *c)
{
	return c->path;
}

static int seq_today(struct catalogue *c, int64_t matter_id)
{
	char today[DATE_SIZE];
	date_format(date_from_day(c->today), today);
	struct stmt *s = db_prepare(c->db,
		"SELECT v.seq, v.cancel FROM version v JOIN matter m ON m.id = v.matter"
		" WHERE v.matter = ?1 AND v.effective <= ?2 AND m.withdrawn = 0 AND v.seq <= m.last"
		" ORDER BY v.seq DESC LIMIT 1");
	db_bind_int(s, 1, matter_id);
	db_bind_text(s, 2, today);
	int seq = 0;
	if (db_row(s) && (*db_text(s, 1) == '\0' || strcmp(db_text(s, 1), today) > 0))
		seq = (int)db_int(s, 0);
	db_done(s);
	return seq;
}

static enum err document_of(struct catalogue *c, int64_t matter_id, int seq, struct matter **out)
{
	struct stmt *s =
		db_prepare(c->db, "SELECT document FROM version WHERE matter = ?1 AND seq = ?2");
	db_bind_int(s, 1, matter_id);
	db_bind_int(s, 2, seq);
	enum err e = ERR_NOT_FOUND;
	if (db_row(s))
		e = matter_parse(out, db_text(s, 0), strlen(db_text(s, 0)), NULL);
	enum err done = db_done(s);
	return done != OK ? done : e;
}

static void join(struct buf *b, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_addc(b, '\n');
		buf_adds(b, texts[i]);
	}
}

static enum err put_columns(struct catalogue *c, int64_t id, int seq, const struct matter *m)
{
	struct buf topics = {0}, aliases = {0};
	join(&topics, m->topics, m->topic_count);
	join(&aliases, m->aliases, m->alias_count);
	int flags = (m->for_person ? FLAG_PERSON : 0) | (m->for_body ? FLAG_BODY : 0) |
		    (strcmp(m->project_type, "1") == 0 ? FLAG_INSTANT : 0) |
		    (m->is_online == 1 ? FLAG_ONLINE : 0);
	struct stmt *s = db_prepare(c->db,
		"UPDATE matter SET seq = ?2, name = ?3, dept_code = ?4, dept_name = ?5,"
		" region_code = ?6, region_name = ?7, type = ?8, level = ?9, catalog_code = ?10,"
		" flags = ?11, topics = ?12, aliases = ?13 WHERE id = ?1");
	db_bind_int(s, 1, id);
	db_bind_int(s, 2, seq);
	const char *texts[] = {m->name, m->dept_code, m->dept_name, m->region_code, m->region_name,
		m->type, m->level, m->catalog_code};
	for (int i = 0; i < 8; i++)
		db_bind_text(s, 3 + i, texts[i]);
	db_bind_int(s, 11, flags);
	db_bind_text(s, 12, buf_str(&topics));
	db_bind_text(s, 13, buf_str(&aliases));
	enum err e = db_run(s);
	buf_fini(&topics);
	buf_fini(&aliases);
	return e;
}

static enum err put_out_of_force(struct catalogue *c, int64_t id)
{
	struct stmt *s = db_prepare(c->db, "UPDATE matter SET seq = 0 WHERE id = ?1");
	db_bind_int(s, 1, id);
	return db_run(s);
}

enum err catalogue_settle(
	struct catalogue *c, int64_t matter_id, const struct matter *newest, int newest_seq)
{
	int seq = seq_today(c, matter_id);
	if (seq == 0)
		return put_out_of_force(c, matter_id);
	if (newest && seq == newest_seq)
		return put_columns(c, matter_id, seq, newest);
	struct matter *m = NULL;
	enum err e = document_of(c, matter_id, seq, &m);
	if (e == OK)
		e = put_columns(c, matter_id, seq, m);
	matter_free(m);
	return e;
}

enum err catalogue_count(struct catalogue *c, struct catalogue_count *n, int limit, bool *more)
{
	struct stmt *s = db_prepare(c->db, "SELECT m.id, v.digest FROM matter m"
					   " JOIN version v ON v.matter = m.id AND v.seq = m.seq"
					   " WHERE m.seq > 0 AND m.id > ?1 ORDER BY m.id LIMIT ?2");
	int found = 0;
	db_bind_int(s, 1, n->after);
	db_bind_int(s, 2, limit);
	while (db_row(s)) {
		char head[17] = "";
		memcpy(head, db_text(s, 1), strnlen(db_text(s, 1), 16));
		n->sum += strtoull(head, NULL, 16); /* independent of the order */
		n->after = db_int(s, 0);
		found++;
	}
	n->matters += found;
	*more = limit >= 0 && found == limit;
	return db_done(s);
}

enum err catalogue_bump(struct catalogue *c, const struct catalogue_count *n)
{
	enum err e = catalogue_put_meta(c, "version", (int64_t)n->sum);
	if (e == OK)
		e = catalogue_put_meta(c, "in_force", n->matters);
	if (e == OK)
		e = catalogue_put_meta(c, "generation", catalogue_meta(c, "generation", 0) + 1);
	return e;
}

/* The matters whose version in force is another one today; array of ids, free() it. */
static enum err moved(struct catalogue *c, int64_t **out, size_t *count)
{
	struct stmt *s = db_prepare(
		c->db, "SELECT DISTINCT matter FROM version WHERE effective <> '' OR cancel <> ''");
	int64_t *ids = NULL;
	size_t n = 0, room = 0;
	while (db_row(s)) {
		if (n == room)
			ids = mem_resize(ids, room = room ? room * 2 : 64, sizeof *ids);
		ids[n++] = db_int(s, 0);
	}
	enum err e = db_done(s);
	size_t kept = 0;
	for (size_t i = 0; e == OK && i < n; i++) {
		int now = seq_today(c, ids[i]);
		s = db_prepare(c->db, "SELECT seq FROM matter WHERE id = ?1");
		db_bind_int(s, 1, ids[i]);
		if (db_row(s) && db_int(s, 0) != now)
			ids[kept++] = ids[i];
		e = db_done(s);
	}
	*out = ids;
	*count = kept;
	return e;
}

static enum err count_and_bump(struct catalogue *c)
{
	struct catalogue_count n = {0};
	bool more;
	enum err e = catalogue_count(c, &n, -1, &more);
	return e == OK ? catalogue_bump(c, &n) : e;
}

enum err catalogue_advance(struct catalogue *c, int32_t today)
{
	c->today = today;
	if (catalogue_meta(c, "day", INT64_MIN) == today)
		return OK;
	int64_t *ids = NULL;
	size_t n = 0;
	enum err e = db_begin(c->db);
	if (e != OK)
		return e;
	e = moved(c, &ids, &n);
	for (size_t i = 0; e == OK && i < n; i++)
		e = catalogue_settle(c, ids[i], NULL, 0);
	if (e == OK && n > 0)
		e = count_and_bump(c);
	if (e == OK)
		e = catalogue_put_meta(c, "day", today);
	e = db_finish(c->db, e);
	free(ids);
	return e;
}

enum err catalogue_info(struct catalogue *c, struct catalogue_info *out)
{
	struct catalogue_info info = {
		.in_force = catalogue_meta(c, "in_force", 0),
		.generation = catalogue_meta(c, "generation", 0),
		.identity = catalogue_meta(c, "identity", 0),
	};
	snprintf(info.version, sizeof info.version, "%016" PRIx64,
		(uint64_t)catalogue_meta(c, "version", 0));
	struct stmt *s = db_prepare(c->db, "SELECT at_ms, source FROM import WHERE at_ms >= 0"
					   " ORDER BY id DESC LIMIT 1");
	if (db_row(s)) {
		info.imported_ms = db_int(s, 0);
		snprintf(info.source, sizeof info.source, "%s", db_text(s, 1));
	}
	enum err e = db_done(s);
	if (e == OK)
		*out = info;
	return e;
}

unsigned catalogue_unread(const struct catalogue *c, enum err *why)
{
	return db_unread(c->db, why);
}

static enum err get(struct catalogue *c, const char *code, int seq, struct matter **out)
{
	struct stmt *s = db_prepare(c->db,
		"SELECT v.document, v.seq, i.source, i.at_ms FROM matter m"
		" JOIN version v ON v.matter = m.id AND v.seq = CASE ?2 WHEN 0 THEN m.seq ELSE ?2 END"
		" JOIN import i ON i.id = v.import WHERE m.code = ?1");
	db_bind_text(s, 1, code);
	db_bind_int(s, 2, seq);
	enum err e = ERR_NOT_FOUND;
	struct matter *m = NULL;
	if (db_row(s)) {
		const char *doc = db_text(s, 0);
		e = matter_parse(&m, doc, strlen(doc), NULL) == OK ? OK : ERR_DAMAGED;
		if (e == OK) {
			m->seq = (int)db_int(s, 1);
			free(m->source);
			m->source = mem_strdup(db_text(s, 2));
			m->imported_ms = db_int(s, 3);
		}
	}
	enum err done = db_done(s);
	if (done != OK || e != OK) {
		matter_free(m);
		return done != OK ? done : e;
	}
	*out = m;
	return OK;
}

/* The bundle with what its members ask for; members that are not in the catalogue are left out. */
static enum err with_members(struct catalogue *c, struct matter *bundle, struct matter **out)
{
	struct matter **members = mem_array(bundle->bundle_count, sizeof(*members));
	struct matter *whole = NULL;
	size_t count = 0;
	enum err e = OK;

	for (size_t i = 0; i < bundle->bundle_count && e == OK; i++) {
		e = get(c, bundle->bundle[i], 0, &members[count]);
		if (e == OK)
			count++;
		else if (e == ERR_NOT_FOUND)
			e = OK;
	}
	if (e == OK)
		e = bundle_compose(&whole, bundle, members, count, NULL);
	if (e == OK) {
		whole->seq = bundle->seq;
		free(whole->source);
		whole->source = mem_strdup(bundle->source);
		whole->imported_ms = bundle->imported_ms;
		*out = whole;
	}
	for (size_t i = 0; i < count; i++)
		matter_free(members[i]);
	free(members);
	matter_free(bundle);
	return e;
}

enum err catalogue_get(struct catalogue *c, const char *code, struct matter **out)
{
	enum err e = get(c, code, 0, out);

	return e == OK && (*out)->bundle_count > 0 ? with_members(c, *out, out) : e;
}

enum err catalogue_get_version(struct catalogue *c, const char *code, int seq, struct matter **out)
{
	return seq > 0 ? get(c, code, seq, out) : ERR_NOT_FOUND;
}

int catalogue_seq(struct catalogue *c, const char *code)
{
	struct stmt *s = db_prepare(c->db, "SELECT seq FROM matter WHERE code = ?1");
	db_bind_text(s, 1, code);
	int seq = db_row(s) ? (int)db_int(s, 0) : 0;
	db_done(s);
	return seq;
}

enum err catalogue_each_of_form(struct catalogue *c, const char *form,
	void (*each)(void *arg, const struct matter *m), void *arg)
{
	/* most documents do not hold the word at all: no need to read them */
	struct stmt *s = db_prepare(c->db,
		"SELECT v.document FROM matter m JOIN version v ON v.matter = m.id AND v.seq = m.seq"
		" WHERE m.seq > 0 AND instr(v.document, ?1) > 0 AND v.document ->> '$.form' = ?1"
		" ORDER BY m.code");
	db_bind_text(s, 1, form);
	while (db_row(s)) {
		const char *text = db_text(s, 0);
		struct matter *m;
		if (matter_parse(&m, text, strlen(text), NULL) == OK) {
			each(arg, m);
			matter_free(m);
		}
	}
	return db_done(s);
}

enum err catalogue_versions(struct catalogue *c, const char *code,
	void (*each)(void *arg, const struct catalogue_version *v), void *arg)
{
	struct stmt *s = db_prepare(c->db,
		"SELECT v.seq, v.task_version, v.digest, i.source, v.effective, v.cancel, i.at_ms,"
		" v.seq = m.seq FROM matter m JOIN version v ON v.matter = m.id"
		" JOIN import i ON i.id = v.import WHERE m.code = ?1 AND v.seq <= m.last"
		" ORDER BY v.seq");
	db_bind_text(s, 1, code);
	bool any = false;
	while (db_row(s)) {
		struct catalogue_version v = {
			.seq = (int)db_int(s, 0),
			.task_version = db_text(s, 1),
			.digest = db_text(s, 2),
			.source = db_text(s, 3),
			.effective_date = db_text(s, 4),
			.cancel_date = db_text(s, 5),
			.imported_ms = db_int(s, 6),
			.in_force = db_int(s, 7) != 0,
		};
		any = true;
		each(arg, &v);
	}
	enum err e = db_done(s);
	return e == OK && !any ? ERR_NOT_FOUND : e;
}

#define ROW_COLUMNS \
	"id, code, name, dept_code, dept_name, region_code, region_name, type, level," \
	" catalog_code, flags, topics, aliases"

static struct catalogue_row row_of(struct stmt *s)
{
	int64_t flags = db_int(s, 10);
	return (struct catalogue_row){
		.id = db_int(s, 0),
		.code = db_text(s, 1),
		.name = db_text(s, 2),
		.dept_code = db_text(s, 3),
		.dept_name = db_text(s, 4),
		.region_code = db_text(s, 5),
		.region_name = db_text(s, 6),
		.type = db_text(s, 7),
		.level = db_text(s, 8),
		.catalog_code = db_text(s, 9),
		.for_person = (flags & FLAG_PERSON) != 0,
		.for_body = (flags & FLAG_BODY) != 0,
		.instant = (flags & FLAG_INSTANT) != 0,
		.online = (flags & FLAG_ONLINE) != 0,
		.topics = db_text(s, 11),
		.aliases = db_text(s, 12),
	};
}

static enum err walk(
	struct stmt *s, bool (*each)(void *arg, const struct catalogue_row *row), void *arg)
{
	while (db_row(s)) {
		struct catalogue_row row = row_of(s);
		if (!each(arg, &row))
			break;
	}
	return db_done(s);
}

enum err catalogue_each(
	struct catalogue *c, bool (*each)(void *arg, const struct catalogue_row *row), void *arg)
{
	return walk(
		db_prepare(c->db, "SELECT " ROW_COLUMNS " FROM matter WHERE seq > 0 ORDER BY code"),
		each, arg);
}

enum err catalogue_slice(struct catalogue *c, int64_t after_id, int limit,
	bool (*each)(void *arg, const struct catalogue_row *row), void *arg)
{
	struct stmt *s =
		db_prepare(c->db, "SELECT " ROW_COLUMNS
				  " FROM matter WHERE seq > 0 AND id > ?1 ORDER BY id LIMIT ?2");
	db_bind_int(s, 1, after_id);
	db_bind_int(s, 2, limit);
	return walk(s, each, arg);
}

enum err catalogue_row(struct catalogue *c, int64_t id,
	void (*each)(void *arg, const struct catalogue_row *row), void *arg)
{
	struct stmt *s =
		db_prepare(c->db, "SELECT " ROW_COLUMNS " FROM matter WHERE seq > 0 AND id = ?1");
	db_bind_int(s, 1, id);
	bool found = db_row(s);
	if (found) {
		struct catalogue_row row = row_of(s);
		each(arg, &row);
	}
	enum err e = db_done(s);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

enum err catalogue_by_code(struct catalogue *c, const char *prefix, int limit,
	bool (*each)(void *arg, const struct catalogue_row *row), void *arg)
{
	/* No UTF-8 text has a byte FF: all that begins with prefix lies between it and it +
	 * U+10FFFF. */
	struct buf end = {0};
	buf_adds(&end, prefix);
	buf_adds(&end, "\xF4\x8F\xBF\xBF");
	struct stmt *s = db_prepare(c->db,
		"SELECT " ROW_COLUMNS
		" FROM matter WHERE code >= ?1 AND code < ?2 AND seq > 0 ORDER BY code LIMIT ?3");
	db_bind_text(s, 1, prefix);
	db_bind_text(s, 2, buf_str(&end));
	db_bind_int(s, 3, limit);
	enum err e = walk(s, each, arg);
	buf_fini(&end);
	return e;
}

void catalogue_hold(struct catalogue *c)
{
	db_savepoint(c->db); /* when it fails, each read locks for itself */
}

void catalogue_let_go(struct catalogue *c)
{
	db_release(c->db);
}
