#include "core/station/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/station/catalogue_private.h"
#include "core/station/matter.h"
#include "core/station/matter_keys.h"

enum err catalogue_changes(struct catalogue *c, int64_t since_ms, int64_t import_id,
	void (*each)(void *arg, const struct catalogue_change *change), void *arg)
{
	struct stmt *s = db_prepare(c->db,
		"SELECT ch.kind, m.code, m.name, m.dept_name, m.region_name, ch.seq_before,"
		" ch.seq_after, i.id, i.at_ms, i.source FROM import i"
		" JOIN change ch ON ch.import = i.id JOIN matter m ON m.id = ch.matter"
		" WHERE i.at_ms >= ?1 AND (?2 = 0 OR i.id = ?2) ORDER BY ch.id");
	db_bind_int(s, 1, since_ms);
	db_bind_int(s, 2, import_id);
	while (db_row(s)) {
		struct catalogue_change change = {
			.kind = (enum catalogue_change_kind)db_int(s, 0),
			.code = db_text(s, 1),
			.name = db_text(s, 2),
			.dept_name = db_text(s, 3),
			.region_name = db_text(s, 4),
			.seq_before = (int)db_int(s, 5),
			.seq_after = (int)db_int(s, 6),
			.import_id = db_int(s, 7),
			.at_ms = db_int(s, 8),
			.source = db_text(s, 9),
		};
		each(arg, &change);
	}
	return db_done(s);
}

struct differ {
	void (*each)(void *arg, const struct catalogue_field *field);
	void *arg;
	struct buf path, label;
};

static void tell(struct differ *d, const json *before, const json *after)
{
	struct buf was = {0}, is = {0};
	matter_value_text(&was, before);
	matter_value_text(&is, after);
	struct catalogue_field f = {
		.path = buf_str(&d->path),
		.label = buf_str(&d->label),
		.before = buf_str(&was),
		.after = buf_str(&is),
	};
	d->each(d->arg, &f);
	buf_fini(&was);
	buf_fini(&is);
}

static bool equal(const json *a, const json *b)
{
	struct buf x = {0}, y = {0};
	json_write(&x, a);
	json_write(&y, b);
	bool same = x.len == y.len && memcmp(buf_str(&x), buf_str(&y), x.len) == 0;
	buf_fini(&x);
	buf_fini(&y);
	return same;
}

static void cut(struct buf *b, size_t len)
{
	b->len = len;
	if (b->data)
		b->data[len] = '\0';
}

/* What tells the elements of a list of objects apart. */
static const char *element_name(const json *o)
{
	static const char *const keys[] = {"material_name", "fee_name", "question", "name"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (json_get_str(o, keys[i]))
			return json_get_str(o, keys[i]);
	return NULL;
}

static const json *element_of(const json *array, const char *name)
{
	for (const json *e = json_first(array); e; e = json_next(e))
		if (element_name(e) && strcmp(element_name(e), name) == 0)
			return e;
	return NULL;
}

static bool is_named_list(const json *v)
{
	if (!v || json_type(v) != JSON_ARRAY || json_count(v) == 0)
		return false;
	for (const json *e = json_first(v); e; e = json_next(e))
		if (json_type(e) != JSON_OBJECT || !element_name(e))
			return false;
	return true;
}

static void compare_objects(struct differ *d, const json *a, const json *b);

static void compare_element(struct differ *d, const char *name, const json *a, const json *b)
{
	size_t path = d->path.len, label = d->label.len;
	buf_printf(&d->path, "[%s]", name);
	buf_printf(&d->label, " %s", name);
	if (a && b) {
		compare_objects(d, a, b);
	} else {
		const json *whole = a ? a : b;
		const json *said = json_get(whole, "accept_stand");
		if (!said)
			said = json_first(whole);
		tell(d, a ? said : NULL, b ? said : NULL);
	}
	cut(&d->path, path);
	cut(&d->label, label);
}

static void compare_lists(struct differ *d, const json *a, const json *b)
{
	for (const json *e = json_first(a); e; e = json_next(e))
		compare_element(d, element_name(e), e, element_of(b, element_name(e)));
	for (const json *e = json_first(b); e; e = json_next(e))
		if (!element_of(a, element_name(e)))
			compare_element(d, element_name(e), NULL, e);
}

static void compare_member(struct differ *d, const char *key, const json *a, const json *b)
{
	if (a && b && equal(a, b))
		return;
	size_t path = d->path.len, label = d->label.len;
	buf_printf(&d->path, "%s%s", path ? "." : "", key);
	buf_printf(&d->label, "%s%s", label ? ": " : "", matter_key_label(key));
	bool lists = (is_named_list(a) || !a) && (is_named_list(b) || !b);
	if (lists)
		compare_lists(d, a, b);
	else
		tell(d, a, b);
	cut(&d->path, path);
	cut(&d->label, label);
}

static void compare_objects(struct differ *d, const json *a, const json *b)
{
	for (const json *e = json_first(a); e; e = json_next(e))
		compare_member(d, json_key(e), e, json_get(b, json_key(e)));
	for (const json *e = json_first(b); e; e = json_next(e))
		if (!json_get(a, json_key(e)))
			compare_member(d, json_key(e), NULL, e);
}

enum err catalogue_diff(struct catalogue *c, const char *code, int seq_before, int seq_after,
	void (*each)(void *arg, const struct catalogue_field *field), void *arg)
{
	struct matter *a = NULL, *b = NULL;
	enum err e = OK;
	if (seq_before > 0)
		e = catalogue_get_version(c, code, seq_before, &a);
	if (e == OK && seq_after > 0)
		e = catalogue_get_version(c, code, seq_after, &b);
	if (e == OK) {
		struct differ d = {.each = each, .arg = arg};
		compare_objects(&d, a ? a->doc : NULL, b ? b->doc : NULL);
		buf_fini(&d.path);
		buf_fini(&d.label);
	}
	matter_free(a);
	matter_free(b);
	return e;
}
