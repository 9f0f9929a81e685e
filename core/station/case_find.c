#include "core/station/case_find.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"
#include "core/station/cases.h"
#include "core/station/name_match.h"
#include "core/station/store.h"

enum {
	LOOKED_AT = 20000,
	WORDS_MAX = 8,
	FIELDS = 7
};

/* What is compared of each case, beside the name: as it stands in the query below. */
#define ROW \
	"SELECT c.id, c.applyer_name, c.task_name, c.local_receipt, c.project_no, c.person," \
	" c.mobile, t.number FROM case_ c LEFT JOIN ticket t ON t.id = c.ticket" \
	" WHERE c.state NOT IN ('draft', 'carried') AND (?1 IS NULL OR c.state = ?1)"

struct looking {
	const struct case_wanted *w;
	char *folded; /* the words, lower case and half width, cut at the blanks */
	char *whole;  /* a number as it is stored: upper case, half width */
	const char *words[WORDS_MAX];
	size_t word_count;
	char (*ids)[ID_UUID_SIZE];
	size_t count;
};

static void cut_words(struct looking *f)
{
	struct buf b = {0};
	char *rest, *one;

	text_fold(&b, f->w->words);
	f->folded = buf_take(&b);
	text_halfwidth(&b, f->w->words);
	f->whole = buf_take(&b);
	text_trim(f->whole);
	for (rest = f->whole; *rest != '\0'; rest++)
		*rest = (char)toupper((unsigned char)*rest);
	rest = f->folded;
	while (f->word_count < WORDS_MAX && (one = strtok_r(rest, " ", &rest)) != NULL)
		f->words[f->word_count++] = one;
}

/* Letters of either case; what is stored was brought to half width when it was typed. */
static bool begins(const char *field, const char *word)
{
	for (; *word != '\0'; word++, field++)
		if (tolower((unsigned char)*field) != (unsigned char)*word)
			return false;
	return true;
}

static bool holds(const char *field, const char *word)
{
	for (; field != NULL && *field != '\0'; field++)
		if (begins(field, word))
			return true;
	return false;
}

static bool fits_word(struct stmt *st, const char *word)
{
	const char *name = db_text(st, 1), *mobile = db_text(st, 6);
	int i;

	for (i = 1; i <= FIELDS; i++)
		if (holds(db_text(st, i), word))
			return true;
	if (mobile != NULL && identifier_telephone_holds(mobile, word))
		return true;
	return name != NULL && name_is_letters(word) && name_sounds_like(name, word);
}

static void keep(struct looking *f, const char *id)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (strcmp(f->ids[i], id) == 0)
			return;
	f->ids = mem_resize(f->ids, f->count + 1, sizeof *f->ids);
	f->ids[f->count][0] = '\0';
	strncat(f->ids[f->count++], id, ID_UUID_SIZE - 1);
}

/* A whole number, by the indexes. */
static void find_exactly(struct store *s, struct looking *f)
{
	struct stmt *st = db_prepare(store_db(s),
		ROW " AND c.id IN (SELECT id FROM case_ WHERE local_receipt = ?2 UNION"
		    " SELECT id FROM case_ WHERE project_no = ?2 UNION"
		    " SELECT id FROM case_ WHERE person = ?2 UNION"
		    " SELECT case_id FROM slip WHERE number = ?2) ORDER BY c.submitted_ms DESC");

	db_bind_text(st, 1, f->w->state);
	db_bind_text(st, 2, f->whole);
	while (f->count < f->w->max && db_row(st))
		keep(f, db_text(st, 0));
	db_done(st);
}

static void look_through(struct store *s, struct looking *f)
{
	struct stmt *st =
		db_prepare(store_db(s), ROW " ORDER BY c.submitted_ms DESC, c.rowid DESC LIMIT ?2");
	size_t i;

	db_bind_text(st, 1, f->w->state);
	db_bind_int(st, 2, LOOKED_AT);
	while (f->count < f->w->max && db_row(st)) {
		for (i = 0; i < f->word_count; i++)
			if (!fits_word(st, f->words[i]))
				break;
		if (i == f->word_count)
			keep(f, db_text(st, 0));
	}
	db_done(st);
}

/* The number of a result, as the back office told it: looked for when nothing else fits. */
static void find_by_result(struct store *s, struct looking *f)
{
	struct stmt *st = db_prepare(store_db(s), ROW
		" AND c.id IN (SELECT e.case_id FROM event e, json_each(e.facts, '$.documents') d"
		" WHERE e.what = 'decide' AND e.facts IS NOT NULL AND"
		" instr(json_extract(d.value, '$.number'), ?2))"
		" ORDER BY c.submitted_ms DESC LIMIT 100");

	db_bind_text(st, 1, f->w->state);
	db_bind_text(st, 2, f->whole);
	while (f->count < f->w->max && db_row(st))
		keep(f, db_text(st, 0));
	db_done(st);
}

void case_find(struct store *s, const struct case_wanted *w,
	void (*each)(void *arg, const struct case_view *c), void *arg)
{
	struct looking f = {.w = w};
	struct case_view v;
	size_t i;

	cut_words(&f);
	if (f.word_count == 1)
		find_exactly(s, &f);
	if (f.count == 0)
		look_through(s, &f);
	if (f.count == 0 && strpbrk(f.whole, "0123456789") != NULL)
		find_by_result(s, &f);
	for (i = 0; i < f.count; i++) {
		if (case_get(s, f.ids[i], &v) != OK)
			continue;
		each(arg, &v);
		case_view_fini(&v);
	}
	free(f.ids);
	free(f.folded);
	free(f.whole);
}
