/*
 * Versions behind a refused one that the centre can never take, because they name that one: the
 * centre goes by the version before it. Their bytes are sealed; what they say goes once more, in
 * letters of their own that name what the refused one named.
 */
#include "core/station/outbox_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/station/audit.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

/* What a version names, and what it is to name now. */
struct naming {
	char old[ID_UUID_SIZE], now[ID_UUID_SIZE];
};

static void take_id(char out[ID_UUID_SIZE], const char *id)
{
	snprintf(out, ID_UUID_SIZE, "%s", id != NULL ? id : "");
}

/*
 * The first version that waits and names a refused one, where that one, or one refused before it
 * that it names in turn, had named the version that the centre goes by or one that still waits.
 * seq 0: there is none. A courier does not write letters of other stations.
 */
static enum err find_first(struct store *s, const char *case_id, int64_t *seq, struct naming *n)
{
	struct stmt *st = db_prepare(store_db(s),
		"WITH RECURSIVE version (id, seq, replaces, refused) AS (SELECT l.id, l.seq,"
		" json_extract(CAST(l.body AS TEXT), '$.replaces'), l.state <> 0 AND l.hold = 1"
		" FROM letter l JOIN case_ c ON c.id = l.case_id WHERE c.id = ?1"
		" AND c.state <> 'carried' AND l.kind = 'application' AND l.id IS NOT c.current_key"
		" AND (l.state IN (0, 1) OR (l.state = 3 AND l.hold = 1))),"
		" named (seq, old, now) AS (SELECT n.seq, r.id, r.replaces FROM version n"
		" JOIN version r ON r.id = n.replaces AND r.seq < n.seq"
		" WHERE NOT n.refused AND r.refused UNION SELECT named.seq, named.old, r.replaces"
		" FROM named JOIN version r ON r.id = named.now AND r.refused)"
		" SELECT seq, old, now FROM named WHERE now = (SELECT current_key FROM case_"
		" WHERE id = ?1) OR now IN (SELECT id FROM version v WHERE NOT v.refused"
		" AND v.seq < named.seq) ORDER BY seq LIMIT 1");

	*seq = 0;
	db_bind_text(st, 1, case_id);
	if (db_row(st)) {
		*seq = db_int(st, 0);
		take_id(n->old, db_text(st, 1));
		take_id(n->now, db_text(st, 2));
	}
	return db_done(st);
}

/* It and what was posted behind it, in order; free() it. */
static size_t ids_from(
	struct store *s, const char *case_id, int64_t seq, char (**out)[ID_UUID_SIZE])
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id FROM letter WHERE case_id = ?1 AND seq >= ?2 AND state IN (0, 1)"
		" ORDER BY seq");
	size_t count = 0;

	*out = NULL;
	db_bind_text(st, 1, case_id);
	db_bind_int(st, 2, seq);
	while (db_row(st)) {
		*out = mem_resize(*out, count + 1, sizeof **out);
		take_id((*out)[count++], db_text(st, 0));
	}
	db_done(st);
	return count;
}

/* ---- one of them ---- */

static bool names(const json *body, const char *member, const char *id)
{
	const char *value = json_get_str(body, member);

	return value != NULL && strcmp(value, id) == 0;
}

static bool is_version(const char *text, size_t len_bytes, const char *key, const char *replaces)
{
	json *body = NULL;
	bool is;

	if (json_parse(&body, text, len_bytes, NULL) != OK)
		return false;
	is = names(body, "idempotency_key", key) && names(body, "replaces", replaces);
	json_free(body);
	return is;
}

/* Both ids stand in it as the station wrote them, before anything that was typed. false: not so. */
static bool put_in(char *body, const char *member, const char *old, const char *now)
{
	struct buf text = {0};
	char *at;

	buf_printf(&text, "\"%s\":\"%s\"", member, old);
	at = strstr(body, text.data);
	if (at != NULL)
		memcpy(at + text.len - 1 - strlen(old), now, strlen(now));
	buf_fini(&text);
	return at != NULL;
}

/* The same bytes but for the two ids; NULL: it is no version that names n->old. free() it. */
static char *write_anew(const struct letter *l, const struct naming *n, const char *key)
{
	char *text;

	if (l->body == NULL || !is_version(l->body, l->body_len, l->id, n->old))
		return NULL;
	text = mem_strndup(l->body, l->body_len);
	if (put_in(text, "idempotency_key", l->id, key) &&
		put_in(text, "replaces", n->old, n->now) &&
		is_version(text, l->body_len, key, n->now))
		return text;
	free(text);
	return NULL;
}

static enum err put_anew(struct store *s, const struct letter *l, const char *key, const char *body)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, version, state, hold, reason,"
		" created_ms, since_ms, operator_name, window)"
		" SELECT ?2, case_id, kind, path, ?3, version, state, hold, reason, created_ms,"
		" since_ms, operator_name, window FROM letter WHERE id = ?1");

	db_bind_text(st, 1, l->id);
	db_bind_text(st, 2, key);
	db_bind_blob(st, 3, body, l->body_len);
	return db_run(st);
}

static enum err run_with(struct store *s, const char *sql, const char *old, const char *key)
{
	struct stmt *st = db_prepare(store_db(s), sql);

	db_bind_text(st, 1, old);
	db_bind_text(st, 2, key);
	return db_run(st);
}

/* What knew the old letter knows the new one; the old has an end, and is nobody's work any more. */
static enum err hand_over(struct store *s, const char *old, const char *key)
{
	static const char *const steps[] = {
		"INSERT INTO letter_paper (letter_id, sha256)"
		" SELECT ?2, sha256 FROM letter_paper WHERE letter_id = ?1",
		"UPDATE clock SET letter_id = ?2 WHERE letter_id = ?1",
		"UPDATE case_ SET letter_key = ?2 WHERE letter_key = ?1",
		"UPDATE letter SET state = 3, hold = 1, operator_name = NULL,"
		" since_ms = (SELECT since_ms FROM letter WHERE id = ?2) WHERE id = ?1"};
	struct buf detail = {0};
	enum err e = OK;
	size_t i;

	for (i = 0; e == OK && i < sizeof steps / sizeof steps[0]; i++)
		e = run_with(s, steps[i], old, key);
	audit_word(&detail, "letter", key);
	if (e == OK)
		e = audit_put(s, "", "letter.anew", old, buf_str(&detail));
	buf_fini(&detail);
	return e;
}

/* *n becomes what the next version is to look for. Another letter only keeps its place behind. */
static enum err go_anew(struct store *s, const char *id, struct naming *n)
{
	char key[ID_UUID_SIZE], *body;
	struct letter l;
	enum err e = outbox_get(s, id, &l);

	if (e != OK)
		return e;
	id_uuid(store_entropy(s), store_now_ms(s), key);
	body = strcmp(l.kind, "application") == 0 ? write_anew(&l, n, key) : NULL;
	if (body != NULL) {
		e = put_anew(s, &l, key, body);
		if (e == OK)
			e = hand_over(s, id, key);
		*n = (struct naming){{0}, {0}};
		take_id(n->old, id);
		take_id(n->now, key);
	} else {
		e = outbox_move_to_end(s, id);
	}
	free(body);
	letter_fini(&l);
	return e;
}

enum err outbox_anew(struct store *s, const char *case_id)
{
	char(*ids)[ID_UUID_SIZE] = NULL;
	struct naming n;
	int64_t seq;
	size_t count = 0, i;
	enum err e = find_first(s, case_id, &seq, &n);

	if (e == OK && seq != 0)
		count = ids_from(s, case_id, seq, &ids);
	for (i = 0; e == OK && i < count; i++)
		e = go_anew(s, ids[i], &n);
	free(ids);
	return e;
}
