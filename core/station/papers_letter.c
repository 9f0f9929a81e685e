/* Papers and letters: which of a draft's papers a letter names and waits for, and back again. */
#include "core/station/papers.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/papers_private.h"
#include "core/station/store.h"

/* ---- which go along ---- */

struct choice {
	json *materials, *answers; /* NULL: all */
};

static bool names_material(const json *materials, const char *name)
{
	const json *one;

	for (one = json_first(materials); one != NULL; one = json_next(one)) {
		const char *here = json_get_str(one, "material_name");
		if (here != NULL && strcmp(here, name) == 0)
			return true;
	}
	return false;
}

static const json *element(const json *array, long n)
{
	const json *one = json_first(array);

	while (one != NULL && --n > 0)
		one = json_next(one);
	return one;
}

/* The answer at a place, "members[1]/photo", within the answers of a letter. */
static const json *answer_at(const json *answers, const char *place)
{
	const json *at = answers;
	struct buf name = {0};

	while (at != NULL && *place != '\0') {
		size_t len = strcspn(place, "[/");
		buf_clear(&name);
		buf_add(&name, place, len);
		at = json_get(at, name.data);
		place += len;
		if (*place == '[') {
			at = element(at, strtol(place + 1, NULL, 10));
			place += strcspn(place, "/");
		}
		place += *place == '/';
	}
	buf_fini(&name);
	return at;
}

static bool goes_along(const struct choice *c, const struct paper *p)
{
	if (p->material[0] != '\0')
		return c->materials == NULL || names_material(c->materials, p->material);
	return c->answers == NULL || answer_at(c->answers, p->field) != NULL;
}

static void open_choice(struct choice *c, const struct paper_wants *wants)
{
	const char *m = wants->materials_json, *a = wants->answers_json;

	*c = (struct choice){NULL, NULL};
	if (m != NULL && json_parse(&c->materials, m, strlen(m), NULL) != OK)
		c->materials = NULL;
	if (a != NULL && json_parse(&c->answers, a, strlen(a), NULL) != OK)
		c->answers = NULL;
}

static void close_choice(struct choice *c)
{
	json_free(c->materials);
	json_free(c->answers);
}

/* ---- into the letter ---- */

struct listing {
	struct choice choice;
	struct buf *out;
};

static const char *or_null(const char *s)
{
	return s[0] != '\0' ? s : NULL;
}

static void list_one(void *arg, const struct paper *p)
{
	struct listing *l = arg;
	struct buf *b = l->out;

	if (!goes_along(&l->choice, p))
		return;
	if (b->len == 0)
		buf_addc(b, '[');
	json_comma(b);
	buf_addc(b, '{');
	json_member_str(b, "sha256", p->sha256);
	json_member_str(b, "sm3", p->sm3);
	json_member_int(b, "size", p->size);
	json_member_str(b, "media_type", p->media_type);
	json_member_str(b, "name", p->name);
	json_member_str(b, "material_name", or_null(p->material));
	json_member_str(b, "field", or_null(p->field));
	buf_addc(b, '}');
}

enum err papers_list(
	struct store *s, const char *draft_id, const struct paper_wants *wants, struct buf *out)
{
	struct listing l = {.out = out};

	open_choice(&l.choice, wants);
	papers_each(s, draft_id, list_one, &l);
	if (out->len > 0)
		buf_addc(out, ']');
	close_choice(&l.choice);
	return OK;
}

struct binding {
	struct store *store;
	struct choice choice;
	const char *draft_id, *case_id, *letter_id;
	enum err result;
};

enum err papers_wait(struct store *s, const char *letter_id, const char *sha256)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT OR IGNORE INTO letter_paper (letter_id, sha256) VALUES (?1, ?2)");
	enum err e;

	db_bind_text(st, 1, letter_id);
	db_bind_text(st, 2, sha256);
	e = db_run(st);
	if (e != OK)
		return e;
	/* One that was refused is tried once more: a letter that waits for it must not stay. */
	st = db_prepare(store_db(s), "UPDATE paper SET state = 0 WHERE sha256 = ?1 AND state = 2");
	db_bind_text(st, 1, sha256);
	return db_run(st);
}

static void bind_one(void *arg, const struct paper *p)
{
	struct binding *b = arg;

	if (b->result != OK || !goes_along(&b->choice, p))
		return;
	b->result = papers_wait(b->store, b->letter_id, p->sha256);
	if (b->result == OK && strcmp(b->case_id, b->draft_id) != 0)
		b->result =
			paper_link(b->store, b->case_id, p->sha256, p->material, p->field, p->name);
}

enum err papers_bind(struct store *s, const char *draft_id, const struct paper_wants *wants,
	const char *case_id, const char *letter_id)
{
	struct binding b = {
		.store = s, .draft_id = draft_id, .case_id = case_id, .letter_id = letter_id};

	open_choice(&b.choice, wants);
	papers_each(s, draft_id, bind_one, &b);
	close_choice(&b.choice);
	return b.result;
}

/* ---- back to what was submitted ---- */

static enum err unlink_all(struct store *s, const char *case_id)
{
	struct stmt *st = db_prepare(store_db(s), "DELETE FROM case_paper WHERE case_id = ?1");

	db_bind_text(st, 1, case_id);
	return db_run(st);
}

enum err papers_restore(struct store *s, const char *case_id, const char *letter_body)
{
	json *body = NULL;
	const json *one;
	enum err e = unlink_all(s, case_id);

	if (e == OK)
		e = json_parse(&body, letter_body, strlen(letter_body), NULL);
	for (one = json_first(json_get(body, "attachments")); e == OK && one != NULL;
		one = json_next(one)) {
		const char *sha256 = json_get_str(one, "sha256"), *name = json_get_str(one, "name");
		if (sha256 != NULL && paper_is_kept(s, sha256))
			e = paper_link(s, case_id, sha256, json_get_str(one, "material_name"),
				json_get_str(one, "field"), name != NULL ? name : "");
	}
	json_free(body);
	return e;
}

/* ---- those that the centre has ---- */

/* Its bytes are not here, and need not be sent. */
static enum err know_paper(struct store *s, const json *one, const char *sha256)
{
	const char *sm3 = json_get_str(one, "sm3"), *type = json_get_str(one, "media_type");
	struct stmt *st = db_prepare(store_db(s),
		"INSERT INTO paper (sha256, sm3, size, media_type, state, sent, created_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?3, ?6) ON CONFLICT DO NOTHING");

	db_bind_text(st, 1, sha256);
	db_bind_text(st, 2, sm3 != NULL ? sm3 : "");
	db_bind_int(st, 3, json_get_int(one, "size", 0));
	db_bind_text(st, 4, type != NULL ? type : "application/octet-stream");
	db_bind_int(st, 5, PAPER_SENT);
	db_bind_int(st, 6, store_now_ms(s));
	return db_run(st);
}

static bool is_digest(const char *s)
{
	return s != NULL && strlen(s) == PAPER_HEX_SIZE - 1 &&
	       strspn(s, "0123456789abcdef") == PAPER_HEX_SIZE - 1;
}

enum err papers_recover(
	struct store *s, const char *case_id, const char *letter_id, const json *body, bool of_case)
{
	const json *one;
	enum err e = of_case ? unlink_all(s, case_id) : OK;

	for (one = json_first(json_get(body, "attachments")); e == OK && one != NULL;
		one = json_next(one)) {
		const char *sha256 = json_get_str(one, "sha256"), *name = json_get_str(one, "name");
		if (!is_digest(sha256))
			continue;
		e = know_paper(s, one, sha256);
		if (e == OK)
			e = papers_wait(s, letter_id, sha256);
		if (e == OK && of_case)
			e = paper_link(s, case_id, sha256, json_get_str(one, "material_name"),
				json_get_str(one, "field"), name != NULL ? name : "");
	}
	return e;
}
