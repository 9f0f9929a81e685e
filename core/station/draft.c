#include "core/station/draft.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/station/audit.h"
#include "core/station/cases.h"
#include "core/station/name_match.h"
#include "core/station/papers.h"
#include "core/station/store.h"

void draft_fini(struct draft *d)
{
	free(d->task_code);
	free(d->task_name);
	free(d->task_version);
	free(d->form_id);
	free(d->form_version);
	free(d->operator_name);
	free(d->window);
	free(d->dept_name);
	free(d->applyer_name);
	free(d->parked_note);
	free(d->ticket);
	free(d->place);
	*d = (struct draft){0};
}

/* What can be filled in: a draft, or a case under correction (case_revise). */
#define OPEN "(state = 'draft' OR revising = 1)"
#define COLUMNS \
	"id, task_code, task_name, task_version, form_id, form_version," \
	" coalesce(keeper, operator_name), coalesce(keeper_window, window)," \
	" applyer_name, parked_note, step, place, cursor_cps, created_ms, updated_ms, revising," \
	" dept_name, (SELECT number FROM ticket WHERE id = case_.ticket)"

static void take(struct stmt *st, struct draft *d)
{
	*d = (struct draft){0};
	strncat(d->id, db_text(st, 0), sizeof d->id - 1);
	d->task_code = mem_strdup(db_text(st, 1));
	d->task_name = mem_strdup(db_text(st, 2));
	d->task_version = mem_strdup(db_text(st, 3));
	d->form_id = mem_strdup(db_text(st, 4));
	d->form_version = mem_strdup(db_text(st, 5));
	d->operator_name = mem_strdup(db_text(st, 6));
	d->window = mem_strdup(db_text(st, 7));
	d->applyer_name = mem_strdup(db_text(st, 8));
	d->parked_note = mem_strdup(db_text(st, 9));
	d->step = (enum draft_step)db_int(st, 10);
	d->place = mem_strdup(db_text(st, 11));
	d->cursor_cps = (int)db_int(st, 12);
	d->created_ms = db_int(st, 13);
	d->updated_ms = db_int(st, 14);
	d->revising = db_int(st, 15) != 0;
	d->dept_name = mem_strdup(db_text(st, 16));
	d->ticket = mem_strdup(db_text(st, 17));
}

enum err draft_get(struct store *s, const char *id, struct draft *out)
{
	struct stmt *st =
		db_prepare(store_db(s), "SELECT " COLUMNS " FROM case_ WHERE id = ?1 AND " OPEN);
	bool found;
	enum err e;

	db_bind_text(st, 1, id);
	found = db_row(st);
	if (found)
		take(st, out);
	e = db_done(st);
	return e == OK && !found ? ERR_NOT_FOUND : e;
}

/* Runs a change of a draft inside an open transaction: ERR_STATE when it is a draft no more. */
static enum err changed(struct store *s, struct stmt *st)
{
	enum err e = db_run(st);

	return e == OK && db_changes(store_db(s)) == 0 ? ERR_STATE : e;
}

static enum err touch(struct store *s, const char *id)
{
	struct stmt *st =
		db_prepare(store_db(s), "UPDATE case_ SET updated_ms = ?2 WHERE id = ?1 AND " OPEN);

	db_bind_text(st, 1, id);
	db_bind_int(st, 2, store_now_ms(s));
	return changed(s, st);
}

static enum err put_answer(struct store *s, const char *id, const struct draft_answer *a)
{
	struct stmt *st = db_prepare(store_db(s),
		a->value != NULL
			? "INSERT INTO answer (case_id, part, place, value) VALUES (?1, ?2, ?3, ?4)"
			  " ON CONFLICT DO UPDATE SET value = excluded.value"
			: "DELETE FROM answer WHERE case_id = ?1 AND part = ?2 AND place = ?3");

	db_bind_text(st, 1, id);
	db_bind_int(st, 2, a->part);
	db_bind_text(st, 3, a->place);
	if (a->value != NULL)
		db_bind_text(st, 4, a->value);
	return db_run(st);
}

static enum err describe(struct store *s, const char *id, const struct draft_facts *facts)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET form_id = coalesce(?2, form_id),"
		" form_version = coalesce(?3, form_version),"
		" applyer_name = coalesce(?4, applyer_name), person = coalesce(?5, person),"
		" mobile = coalesce(?6, mobile), updated_ms = ?7"
		" WHERE id = ?1 AND " OPEN);

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, facts->form_id);
	db_bind_text(st, 3, facts->form_version);
	db_bind_text(st, 4, facts->applyer_name);
	db_bind_text(st, 5, facts->person);
	db_bind_text(st, 6, facts->mobile);
	db_bind_int(st, 7, store_now_ms(s));
	return changed(s, st);
}

enum err draft_save(struct store *s, const char *id, const struct draft_answer *answers,
	size_t count, const struct draft_facts *facts)
{
	enum err e;
	size_t i;

	if (count == 0 && facts == NULL)
		return OK;
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	e = facts != NULL ? describe(s, id, facts) : touch(s, id);
	for (i = 0; e == OK && i < count; i++)
		e = put_answer(s, id, &answers[i]);
	return db_finish(store_db(s), e);
}

enum err draft_put(
	struct store *s, const char *id, const struct draft_answer *answers, size_t count)
{
	return draft_save(s, id, answers, count, NULL);
}

enum err draft_move(
	struct store *s, const char *id, enum draft_step step, const char *place, int cursor_cps)
{
	struct stmt *st = db_prepare(store_db(s),
		"UPDATE case_ SET step = ?2, place = ?3, cursor_cps = ?4, updated_ms = ?5"
		" WHERE id = ?1 AND " OPEN);

	db_bind_text(st, 1, id);
	db_bind_int(st, 2, step);
	db_bind_text(st, 3, place != NULL ? place : "");
	db_bind_int(st, 4, cursor_cps);
	db_bind_int(st, 5, store_now_ms(s));
	return changed(s, st);
}

struct pair {
	char *place, *value;
};

void draft_each_answer(struct store *s, const char *id, enum draft_part part,
	void (*each)(void *arg, const char *place, const char *value), void *arg)
{
	struct stmt *st = db_prepare(
		store_db(s), "SELECT place, value FROM answer WHERE case_id = ?1 AND part = ?2");
	struct pair *all = NULL;
	size_t count = 0, i;

	db_bind_text(st, 1, id);
	db_bind_int(st, 2, part);
	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		all[count++] =
			(struct pair){mem_strdup(db_text(st, 0)), mem_strdup(db_text(st, 1))};
	}
	db_done(st);
	/* Handed out after the statement ended, so that the callback may use the store. */
	for (i = 0; i < count; i++) {
		each(arg, all[i].place, all[i].value);
		free(all[i].place);
		free(all[i].value);
	}
	free(all);
}

static bool fields_noted(struct store *s, const char *form_id, const char *version)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT 1 FROM form_field WHERE form_id = ?1 AND version = ?2 LIMIT 1");
	bool found;

	db_bind_text(st, 1, form_id);
	db_bind_text(st, 2, version);
	found = db_row(st);
	db_done(st);
	return found;
}

enum err draft_note_fields(struct store *s, const char *form_id, const char *version,
	const struct draft_field *fields, size_t count)
{
	enum err e;
	size_t i;

	if (fields_noted(s, form_id, version))
		return OK;
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	for (i = 0; i < count && e == OK; i++) {
		struct stmt *st = db_prepare(store_db(s),
			"INSERT OR IGNORE INTO form_field (form_id, version, name, label, label_en)"
			" VALUES (?1, ?2, ?3, ?4, ?5)");
		db_bind_text(st, 1, form_id);
		db_bind_text(st, 2, version);
		db_bind_text(st, 3, fields[i].name);
		db_bind_text(st, 4, fields[i].label);
		db_bind_text(st, 5, fields[i].label_en);
		e = db_run(st);
	}
	return db_finish(store_db(s), e);
}

void draft_each_field(struct store *s, const char *form_id, const char *version,
	void (*each)(void *arg, const struct draft_field *f), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT name, label, label_en FROM form_field WHERE form_id = ?1 AND version = ?2");

	db_bind_text(st, 1, form_id);
	db_bind_text(st, 2, version);
	while (db_row(st))
		each(arg, &(struct draft_field){db_text(st, 0), db_text(st, 1), db_text(st, 2)});
	db_done(st);
}

bool draft_see_field(struct store *s, const char *form_id, const char *name,
	void (*see)(void *arg, const struct draft_field *f), void *arg)
{
	/* the longer first: 2026.10 is after 2026.9 */
	struct stmt *st = db_prepare(store_db(s),
		"SELECT name, label, label_en FROM form_field WHERE form_id = ?1 AND name = ?2"
		" ORDER BY length(version) DESC, version DESC LIMIT 1");
	bool found;

	db_bind_text(st, 1, form_id);
	db_bind_text(st, 2, name);
	found = db_row(st);
	if (found)
		see(arg, &(struct draft_field){db_text(st, 0), db_text(st, 1), db_text(st, 2)});
	db_done(st);
	return found;
}

/* Hands out the rows after the statement ended, so that the callback may use the store. */
static void each_row(struct stmt *st, void (*each)(void *arg, const struct draft *d), void *arg)
{
	struct draft *all = NULL;
	size_t count = 0, i;

	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		take(st, &all[count++]);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		each(arg, &all[i]);
		draft_fini(&all[i]);
	}
	free(all);
}

void draft_each(struct store *s, const char *operator_name,
	void (*each)(void *arg, const struct draft *d), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT " COLUMNS " FROM case_ WHERE " OPEN
		" AND (?1 IS NULL OR coalesce(keeper, operator_name) = ?1) ORDER BY updated_ms DESC");

	db_bind_text(st, 1, operator_name);
	each_row(st, each, arg);
}

struct finding_drafts {
	const char *words;
	struct buf letters;
	void (*each)(void *arg, const struct draft *d);
	void *arg;
};

static bool holds(const char *text, const char *words)
{
	return text != NULL && strstr(text, words) != NULL;
}

/* Letters spell a name, or stand somewhere as they are. */
static void if_it_sounds(void *arg, const struct draft *d)
{
	const struct finding_drafts *f = arg;

	if ((d->applyer_name != NULL && name_sounds_like(d->applyer_name, buf_str(&f->letters))) ||
		holds(d->applyer_name, f->words) || holds(d->parked_note, f->words) ||
		holds(d->task_name, f->words))
		f->each(f->arg, d);
}

void draft_find(struct store *s, const char *text, void (*each)(void *arg, const struct draft *d),
	void *arg)
{
	struct finding_drafts f = {.words = text, .each = each, .arg = arg};
	struct stmt *st;

	text_fold(&f.letters, text);
	if (name_is_letters(buf_str(&f.letters))) {
		draft_each(s, NULL, if_it_sounds, &f);
		buf_fini(&f.letters);
		return;
	}
	buf_fini(&f.letters);
	st = db_prepare(store_db(s),
		"SELECT " COLUMNS " FROM case_ WHERE " OPEN " AND (instr(applyer_name, ?1)"
		" OR instr(person, ?1) OR instr(parked_note, ?1)"
		" OR instr(replace(mobile, '-', ''), nullif(replace(?1, '-', ''), ''))"
		" OR instr(task_name, ?1) OR ticket IN (SELECT id FROM ticket WHERE number = upper(?1)))"
		" ORDER BY updated_ms DESC");
	db_bind_text(st, 1, text);
	each_row(st, each, arg);
}

size_t draft_count(struct store *s, const char *operator_name)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT count(*) FROM case_ WHERE " OPEN
		" AND (?1 IS NULL OR coalesce(keeper, operator_name) = ?1)");
	size_t n;

	db_bind_text(st, 1, operator_name);
	n = db_row(st) ? (size_t)db_int(st, 0) : 0;
	db_done(st);
	return n;
}

enum err draft_park(struct store *s, const char *id, const char *note)
{
	struct stmt *st =
		db_prepare(store_db(s), "UPDATE case_ SET parked_note = ?2, updated_ms = ?3"
					" WHERE id = ?1 AND " OPEN);

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, note);
	db_bind_int(st, 3, store_now_ms(s));
	return changed(s, st);
}

enum err draft_drop(struct store *s, const char *id, const char *operator_name)
{
	struct stmt *st;
	enum err e;

	if (case_revise_drop(s, id, operator_name) == OK)
		return OK;
	e = db_begin(store_db(s));
	if (e != OK)
		return e;
	st = db_prepare(store_db(s), "DELETE FROM case_ WHERE id = ?1 AND state = 'draft'");
	db_bind_text(st, 1, id);
	e = changed(s, st);
	if (e == OK)
		e = audit_put(s, operator_name, "draft.drop", id, "");
	e = db_finish(store_db(s), e);
	return e == OK ? paper_tidy(s, NULL) : e;
}
