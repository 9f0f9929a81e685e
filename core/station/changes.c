#include "core/station/changes.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/domain/lifecycle.h"
#include "core/station/acts_private.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/fetch.h"
#include "core/station/notices.h"
#include "core/station/store.h"

static const char cursor_key[] = "changes.cursor";

bool changes_begin_again(struct store *s)
{
	char *cursor = store_get(s, cursor_key);
	bool moved = cursor != NULL && strcmp(cursor, "0") != 0;

	free(cursor);
	return moved && store_set(s, cursor_key, "0") == OK;
}

void changes_path(struct store *s, int wait_seconds, struct buf *out)
{
	char *cursor = store_get(s, cursor_key);

	/* Without a cursor a centre begins with now: a new station wants all that concerns it. */
	buf_printf(out, "/v1/changes?wait=%d&cursor=%s", wait_seconds, cursor == NULL ? "0" : "");
	if (cursor != NULL) /* the centre's own text: whatever it is, it goes back unharmed */
		fetch_escape(out, cursor);
	free(cursor);
}

enum {
	STATE_SIZE = 32,
	NAME_MAX_BYTES = 200,
	NOTE_MAX_BYTES = 8000 /* all that is to be corrected, paper by paper */
};

/* One change of a case as the centre told it. */
struct case_change {
	const char *project_no, *case_id, *kind, *state, *key;
	const char *now;      /* the state of the case by now; NULL: an older centre */
	const json *facts;    /* what the office said; NULL */
	struct buf source;    /* its mark: seq and time */
	struct buf note, who; /* clean for a terminal */
	int64_t at_ms;
};

/* What the station's file says of that case. */
struct known_case {
	char id[ID_UUID_SIZE]; /* "": not one of ours */
	bool own_letter;       /* the letter it tells of was sent from here */
	bool told_before;
	bool passed; /* told before, and this station has acted on the case since */
	bool acted;  /* this station's letters after the first have been taken */
	char state[STATE_SIZE];
};

/* A name of ours for a state that only a station's own cases have is no news. */
static bool is_state(const char *name)
{
	enum case_state s;

	return name != NULL && case_state_parse(name, &s) && s != CASE_DRAFT;
}

void changes_mark(const json *change, int64_t now_ms, struct buf *source, int64_t *at_ms)
{
	const char *at = json_get_str(change, "at");

	buf_printf(
		source, "%lld %s", (long long)json_get_int(change, "seq", 0), at != NULL ? at : "");
	if (at == NULL || !clock_parse_iso(at, at_ms))
		*at_ms = now_ms;
}

/* By its id; by its number only where the centre does not tell that. One that was restored gives
 * the numbers it lost once more, so that two cases here may have the same. */
static enum err find_case(struct store *s, const struct case_change *c, struct known_case *k)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT id, EXISTS (SELECT 1 FROM letter WHERE id = ?3 AND case_id = case_.id),"
		" EXISTS (SELECT 1 FROM event WHERE case_id = case_.id AND source = ?4),"
		" EXISTS (SELECT 1 FROM event t JOIN event o ON o.case_id = t.case_id"
		" AND o.seq > t.seq AND o.source IS NULL"
		" WHERE t.case_id = case_.id AND t.source = ?4),"
		" (SELECT count(*) FROM letter WHERE case_id = case_.id AND state = 2) > 1, state"
		" FROM case_ WHERE (id = ?2 OR (?2 IS NULL AND project_no = ?1))"
		" AND state NOT IN ('draft', 'carried')");

	*k = (struct known_case){0};
	db_bind_text(st, 1, c->project_no);
	db_bind_text(st, 2, id_is_uuid(c->case_id) ? c->case_id : NULL);
	db_bind_text(st, 3, c->key);
	db_bind_text(st, 4, buf_str(&c->source));
	if (db_row(st)) {
		strncat(k->id, db_text(st, 0), ID_UUID_SIZE - 1);
		k->own_letter = db_int(st, 1) != 0;
		k->told_before = db_int(st, 2) != 0;
		k->passed = db_int(st, 3) != 0;
		k->acted = db_int(st, 4) != 0;
		strncat(k->state, db_text(st, 5), STATE_SIZE - 1);
	}
	return db_done(st);
}

static bool is_version(const struct case_change *c)
{
	return c->kind != NULL && strcmp(c->kind, "application") == 0;
}

/* What we did since has led to where the case stands, here and there. */
static bool is_overtaken(const struct case_change *c, const struct known_case *k)
{
	return k->acted && is_state(c->now) && strcmp(c->now, k->state) == 0 &&
	       is_state(c->state) && strcmp(c->state, c->now) != 0;
}

/*
 * The state is set whatever was told before: the last word of a centre that begins anew holds; but
 * not what is behind an act of this station, which the centre does not tell it. What our own
 * letters did is known here already, and the case may have gone on since.
 */
static enum err set_state(struct store *s, const struct case_change *c, const struct known_case *k)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET state = iif(?5, state, coalesce(?2, state)), project_no = coalesce(project_no, ?3),"
		" current_key = iif(?5, coalesce(current_key, ?4), coalesce(?4, current_key)),"
		" note = iif(?5, note, ?6),"
		" changes = changes + ?7, updated_ms = ?8 WHERE id = ?1 AND state <> 'bundle'");
	bool news = !k->told_before && !k->own_letter;

	db_bind_text(st, 1, k->id);
	db_bind_text(st, 2, is_state(c->state) ? c->state : NULL);
	db_bind_text(st, 3, id_is_word(c->project_no, ID_NUMBER_MAX_BYTES) ? c->project_no : NULL);
	db_bind_text(st, 4, is_version(c) && id_is_uuid(c->key) ? c->key : NULL);
	db_bind_int(st, 5, k->own_letter);
	db_bind_text(st, 6, c->note.len > 0 ? c->note.data : NULL);
	db_bind_int(st, 7, news);
	db_bind_int(st, 8, store_now_ms(s));
	return db_run(st);
}

static const char *what_of(const struct case_change *c)
{
	enum case_act act;

	if (is_version(c))
		return "version";
	if (c->kind != NULL && case_act_parse(c->kind, &act))
		return c->kind;
	return is_state(c->state) ? c->state : "changed";
}

/* trail: the words about its clock, if one ended. */
static enum err note_event(
	struct store *s, const struct case_change *c, const struct known_case *k, struct buf *trail)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT OR IGNORE INTO event (case_id, at_ms, who, what, note, source, facts)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
	struct buf facts = {0};
	enum err e;

	if (c->facts != NULL)
		json_write(&facts, c->facts);
	db_bind_text(st, 1, k->id);
	db_bind_int(st, 2, c->at_ms);
	db_bind_text(st, 3, buf_str(&c->who));
	db_bind_text(st, 4, what_of(c));
	db_bind_text(st, 5, c->note.len > 0 ? c->note.data : NULL);
	db_bind_text(st, 6, buf_str(&c->source));
	db_bind_text(st, 7, facts.len > 0 ? facts.data : NULL);
	e = db_run(st);
	buf_fini(&facts);
	audit_word(trail, "what", what_of(c));
	audit_word_int(trail, "at", c->at_ms);
	return e == OK ? audit_put(s, "", "case.told", k->id, buf_str(trail)) : e;
}

static enum err apply_case(struct store *s, const json *change, size_t *applied)
{
	const char *note = json_get_str(change, "note"), *who = json_get_str(change, "who");
	const json *facts = json_get(change, "facts");
	struct case_change c = {.project_no = json_get_str(change, "project_no"),
		.case_id = json_get_str(change, "case_id"),
		.kind = json_get_str(change, "kind"),
		.state = json_get_str(change, "state"),
		.key = json_get_str(change, "key"),
		.now = json_get_str(change, "case_state")};
	struct known_case k;
	struct buf trail = {0};
	enum case_state state;
	enum err e;

	changes_mark(change, store_now_ms(s), &c.source, &c.at_ms);
	if (note != NULL)
		text_clean_some(&c.note, note, NOTE_MAX_BYTES);
	if (who != NULL)
		text_clean_some(&c.who, who, NAME_MAX_BYTES);
	if (facts != NULL && json_type(facts) == JSON_OBJECT)
		c.facts = facts;
	e = find_case(s, &c, &k);
	if (e == OK && k.id[0] != '\0') {
		bool news = !k.told_before && !k.own_letter;
		bool overtaken = k.passed || is_overtaken(&c, &k);
		bool moves = news && !overtaken && case_state_parse(c.state, &state);
		if (moves)
			e = clock_close(s, k.id, state, c.at_ms, NULL, &trail);
		if (e == OK && !overtaken)
			e = set_state(s, &c, &k);
		if (e == OK && moves)
			e = dues_set(s, k.id, state, c.facts);
		if (e == OK && moves)
			e = act_begun_prune(s, k.id);
		if (e == OK && news) {
			++*applied;
			e = note_event(s, &c, &k, &trail);
		}
	}
	buf_fini(&c.source);
	buf_fini(&c.note);
	buf_fini(&c.who);
	buf_fini(&trail);
	return e;
}

/* Whether it stands elsewhere than the answer says, and nothing of ours or the office's came since:
 * an answer may be a repeat. */
static enum err is_led_astray(
	struct store *s, const char *case_id, const char *told, int64_t at_ms, bool *astray)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM case_ WHERE id = ?1 AND state NOT IN ('draft', 'carried', 'bundle', ?2)"
		" AND NOT EXISTS (SELECT 1 FROM letter WHERE case_id = ?1 AND state IN (0, 1))"
		" AND NOT EXISTS (SELECT 1 FROM event WHERE case_id = ?1 AND source IS NOT NULL"
		" AND at_ms >= ?3)");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, told);
	db_bind_int(st, 3, at_ms);
	*astray = db_row(st);
	return db_done(st);
}

enum err changes_settle(struct store *s, const char *case_id, const json *receipt)
{
	const char *told = json_get_str(receipt, "state"),
		   *at = json_get_str(receipt, "received_at");
	enum case_state state;
	int64_t at_ms;
	bool astray;
	enum err e;

	if (!is_state(told) || !case_state_parse(told, &state) || at == NULL ||
		!clock_parse_iso(at, &at_ms))
		return OK;
	e = is_led_astray(s, case_id, told, at_ms, &astray);
	if (e == OK && astray)
		e = acts_move(s, case_id, told);
	if (e == OK && astray)
		e = dues_set(s, case_id, state, NULL);
	return e;
}

static enum err apply_notice(struct store *s, const json *change, size_t *applied)
{
	const char *text = json_get_str(change, "text");
	struct buf source = {0};
	int64_t at_ms;
	bool fresh;
	enum err e;

	if (text == NULL || text[0] == '\0')
		return OK;
	changes_mark(change, store_now_ms(s), &source, &at_ms);
	e = notice_put(s, buf_str(&source), at_ms, text, &fresh);
	if (e == OK)
		*applied += fresh;
	buf_fini(&source);
	return e;
}

static enum err apply_catalogue(struct store *s, const json *change, size_t *applied)
{
	const char *version = json_get_str(change, "version");
	char *was;
	enum err e = OK;

	if (version == NULL)
		return OK;
	was = store_get(s, "catalogue.offered");
	if (was == NULL || strcmp(was, version) != 0) {
		++*applied;
		e = store_set(s, "catalogue.offered", version);
	}
	free(was);
	return e;
}

static enum err apply_one(struct store *s, const json *change, size_t *applied)
{
	const char *type = json_get_str(change, "type");

	if (type == NULL)
		return OK;
	if (strcmp(type, "case") == 0)
		return apply_case(s, change, applied);
	if (strcmp(type, "notice") == 0)
		return apply_notice(s, change, applied);
	return strcmp(type, "catalogue") == 0 ? apply_catalogue(s, change, applied) : OK;
}

/* cursor NULL: it stays. */
static enum err apply_all(struct store *s, const json *list, const char *cursor, size_t *applied)
{
	const json *one;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	for (one = json_first(list); e == OK && one != NULL; one = json_next(one))
		e = apply_one(s, one, applied);
	if (e == OK && cursor != NULL)
		e = store_set(s, cursor_key, cursor);
	return db_finish(store_db(s), e);
}

enum err changes_retell(struct store *s, const json *list, size_t *applied)
{
	return json_count(list) == 0 ? OK : apply_all(s, list, NULL, applied);
}

enum err changes_apply(
	struct store *s, const char *json_text, size_t len_bytes, struct changes_result *out)
{
	struct changes_result result = {0, false, 0};
	json *doc = NULL;
	const json *list;
	const char *cursor;
	char *was;
	enum err e = json_parse(&doc, json_text, len_bytes, NULL);

	if (e != OK)
		return e;
	cursor = json_get_str(doc, "cursor");
	list = json_get(doc, "changes");
	if (cursor == NULL || json_type(list) != JSON_ARRAY) {
		json_free(doc);
		return ERR_INVALID;
	}
	was = store_get(s, cursor_key);
	result.told = json_count(list);
	result.moved = was == NULL || strcmp(was, cursor) != 0;
	if (result.moved)
		e = apply_all(s, list, cursor, &result.applied);
	free(was);
	json_free(doc);
	if (e == OK)
		*out = result;
	return e;
}
