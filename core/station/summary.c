#include "core/station/summary.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "core/station/store.h"

/* ---- where a figure belongs ---- */

/* What one row of a table was about; borrowed from the statement. */
struct about {
	int64_t at_ms;
	const char *matter, *name, *body, *operator_name, *window;
};

/* The lines that one row counts in, by their place in each group. */
struct places {
	size_t at[SUMMARY_GROUP__MAX];
};

struct making {
	struct store *store;
	struct summary *sum;
	int64_t from_ms, to_ms;
	int32_t day; /* whose line is last.at[SUMMARY_DAY] */
	struct places last;
};

static size_t new_line(struct summary *s, enum summary_group g, const char *key, const char *name)
{
	s->lines[g] = mem_resize(s->lines[g], s->counts[g] + 1, sizeof *s->lines[g]);
	s->lines[g][s->counts[g]] =
		(struct summary_line){.key = mem_strdup(key), .name = mem_strdup(name)};
	return s->counts[g]++;
}

static bool is_of(
	const struct summary *s, enum summary_group g, size_t i, const char *key, const char *name)
{
	return i < s->counts[g] && strcmp(s->lines[g][i].key, key) == 0 &&
	       (g != SUMMARY_OPERATOR || strcmp(s->lines[g][i].name, name) == 0);
}

/* Few lines a group: matters and windows of one hall. The last one found is asked first. */
static size_t line_of(struct making *m, enum summary_group g, const char *key, const char *name)
{
	size_t i = m->sum->counts[g];

	if (is_of(m->sum, g, m->last.at[g], key, name))
		return m->last.at[g];
	while (i > 0 && !is_of(m->sum, g, i - 1, key, name))
		i--;
	m->last.at[g] = i > 0 ? i - 1 : new_line(m->sum, g, key, name);
	return m->last.at[g];
}

static const char *or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static struct places places_of(struct making *m, const struct about *a)
{
	int32_t day = clock_day(a->at_ms);
	char date[DATE_SIZE];

	if (day != m->day) {
		m->day = day;
		line_of(m, SUMMARY_DAY, date_format(date_from_day(day), date), "");
	}
	line_of(m, SUMMARY_MATTER, or_empty(a->matter), or_empty(a->name));
	line_of(m, SUMMARY_BODY, or_empty(a->body), "");
	line_of(m, SUMMARY_OPERATOR, or_empty(a->operator_name), or_empty(a->window));
	return m->last;
}

static void count(struct making *m, const struct places *p, enum figure f)
{
	for (int g = 0; g < SUMMARY_GROUP__MAX; g++)
		m->sum->lines[g][p->at[g]].figures[f]++;
}

static void add_time(struct making *m, const struct places *p, int64_t ms)
{
	for (int g = 0; g < SUMMARY_GROUP__MAX; g++) {
		struct summary_line *l = &m->sum->lines[g][p->at[g]];
		size_t n = (size_t)l->figures[FIGURE_TIMED]++;
		if ((n & (n - 1)) == 0) /* room for twice as many */
			l->times = mem_resize(l->times, n > 0 ? 2 * n : 1, sizeof *l->times);
		l->times[n] = ms;
	}
}

/* The statement's columns from `col`: moment, matter, its name, body, operator, window. */
static struct about about_of(struct stmt *st, int col)
{
	return (struct about){db_int(st, col), db_text(st, col + 1), db_text(st, col + 2),
		db_text(st, col + 3), db_text(st, col + 4), db_text(st, col + 5)};
}

static struct stmt *ask(struct making *m, const char *sql)
{
	struct stmt *st = db_prepare(store_db(m->store), sql);

	db_bind_int(st, 1, m->from_ms);
	db_bind_int(st, 2, m->to_ms);
	return st;
}

/* ---- letters: what was written at the window ---- */

static bool figure_of_act(enum case_act act, enum figure *out)
{
	static const struct {
		enum case_act act;
		enum figure figure;
	} table[] = {{ACT_REQUEST_CORRECTION, FIGURE_CORRECTION},
		{ACT_SUPPLEMENT, FIGURE_SUPPLEMENT}, {ACT_SUPPLY, FIGURE_SUPPLIED},
		{ACT_ACCEPT, FIGURE_ACCEPTED}, {ACT_REFUSE, FIGURE_REFUSED},
		{ACT_SUSPEND, FIGURE_SUSPENDED}, {ACT_RESUME, FIGURE_RESUMED},
		{ACT_DELIVER, FIGURE_DELIVERED}, {ACT_ARCHIVE, FIGURE_ARCHIVED},
		{ACT_RETURN, FIGURE_RETURNED}, {ACT_WITHDRAW, FIGURE_WITHDRAWN},
		{ACT_VOID, FIGURE_VOID}};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].act == act) {
			*out = table[i].figure;
			return true;
		}
	return false;
}

enum { /* on disk */
	WAITING = 0,
	HELD = 1,
	DELIVERED = 2,
	REPLACED = 3
};

static void count_letter(struct making *m, struct stmt *st)
{
	const struct about a = about_of(st, 0);
	const struct places p = places_of(m, &a);
	const char *kind = db_text(st, 6);
	int64_t state = db_int(st, 8), delivered_ms = db_int(st, 9);
	enum case_act act;
	enum figure f;

	if (strcmp(kind, "application") == 0)
		count(m, &p, db_int(st, 7) > 1 ? FIGURE_REVISED : FIGURE_SUBMITTED);
	else if (state != REPLACED && case_act_of_letter(kind, &act) && figure_of_act(act, &f))
		count(m, &p, f);
	count(m, &p, FIGURE_LETTERS);
	if (state == DELIVERED)
		count(m, &p, FIGURE_ARRIVED);
	if (state == DELIVERED && delivered_ms - a.at_ms > m->sum->late_minutes * INT64_C(60000))
		count(m, &p, FIGURE_LATE);
	if (state == WAITING || state == HELD)
		count(m, &p, FIGURE_WAITING);
	if (!db_is_null(st, 10) && db_int(st, 10) == 0)
		count(m, &p, FIGURE_OFFLINE);
	if (!db_is_null(st, 11))
		add_time(m, &p, db_int(st, 11) / db_int(st, 12));
}

/*
 * With the first letter of an application stands its time at the window: its moment is that of the
 * submission, and the rows of letters, which are long, are read once. Column 12: how many share it.
 */

static enum err count_letters(struct making *m)
{
	struct stmt *st = ask(m,
		"SELECT l.created_ms, c.task_code, c.task_name, c.dept_name, l.operator_name, l.window,"
		" l.kind, l.version, l.state, l.delivered_ms, (SELECT up FROM line WHERE"
		" at_ms <= l.created_ms ORDER BY at_ms DESC, seq DESC LIMIT 1),"
		" iif(l.kind = 'application' AND l.version = 1, max(c.submitted_ms"
		" - coalesce(b.began_ms, c.began_ms) - coalesce(b.away_ms, c.away_ms), 0), NULL),"
		" iif(b.id IS NULL, 1, (SELECT count(*) FROM case_ x WHERE x.bundle = b.id))"
		" FROM letter l JOIN case_ c ON c.id = l.case_id LEFT JOIN case_ b ON b.id = c.bundle"
		" WHERE l.created_ms >= ?1 AND l.created_ms < ?2 AND l.operator_name IS NOT NULL");

	while (db_row(st))
		count_letter(m, st);
	return db_done(st);
}

/* ---- what the centre said ---- */

static enum err count_events(struct making *m)
{
	struct stmt *st = ask(m,
		"SELECT e.at_ms, c.task_code, c.task_name, c.dept_name, c.operator_name, c.window,"
		" e.what FROM event e JOIN case_ c ON c.id = e.case_id"
		" WHERE e.what IN ('refused', 'completed', 'decide') AND e.at_ms >= ?1 AND e.at_ms < ?2"
		" AND c.state NOT IN ('carried', 'draft')");

	while (db_row(st)) {
		const struct about a = about_of(st, 0);
		const struct places p = places_of(m, &a);
		count(m, &p,
			strcmp(db_text(st, 6), "refused") == 0 ? FIGURE_BOUNCED : FIGURE_DECIDED);
	}
	return db_done(st);
}

/* ---- clocks ---- */

static enum err count_clocks(struct making *m)
{
	struct stmt *st =
		ask(m, "SELECT k.ended_ms, c.task_code, c.task_name, c.dept_name,"
		       " coalesce(l.operator_name, c.operator_name), coalesce(l.window, c.window),"
		       " k.kind, k.due_day FROM clock k JOIN case_ c ON c.id = k.case_id"
		       " LEFT JOIN letter l ON l.id = k.letter_id"
		       " WHERE k.ended_ms >= ?1 AND k.ended_ms < ?2 AND coalesce(l.state, 0) <> 3");

	while (db_row(st)) {
		const struct about a = about_of(st, 0);
		const struct places p = places_of(m, &a);
		const char *kind = db_text(st, 6);
		enum figure f = strcmp(kind, "accept") == 0   ? FIGURE_ANSWERS
				: strcmp(kind, "decide") == 0 ? FIGURE_PROMISES
							      : FIGURE_DELIVERIES;
		count(m, &p, f);
		if (clock_day(a.at_ms) <= db_int(st, 7))
			count(m, &p, (enum figure)(f + 1));
	}
	return db_done(st);
}

/* ---- time at the window ---- */

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sum, median (the lower one of two) and longest. */
static void sum_times(struct summary_line *l)
{
	size_t n = (size_t)l->figures[FIGURE_TIMED], i;

	if (n == 0)
		return;
	qsort(l->times, n, sizeof *l->times, by_size);
	for (i = 0; i < n; i++)
		l->figures[FIGURE_TIME] += l->times[i];
	l->figures[FIGURE_TIME_MEDIAN] = l->times[(n - 1) / 2];
	l->figures[FIGURE_TIME_LONGEST] = l->times[n - 1];
}

/* ---- all ---- */

static int by_key(const void *a, const void *b)
{
	const struct summary_line *x = a, *y = b;
	int d = strcmp(x->key, y->key);

	return d != 0 ? d : strcmp(x->name, y->name);
}

static int by_most(const void *a, const void *b)
{
	const struct summary_line *x = a, *y = b;
	int64_t n = x->figures[FIGURE_SUBMITTED], k = y->figures[FIGURE_SUBMITTED];

	return n != k ? (n < k ? 1 : -1) : by_key(a, b);
}

static void sort_lines(struct summary *s)
{
	for (int g = 0; g < SUMMARY_GROUP__MAX; g++) {
		for (size_t i = 0; i < s->counts[g]; i++)
			sum_times(&s->lines[g][i]);
		if (s->counts[g] > 1)
			qsort(s->lines[g], s->counts[g], sizeof *s->lines[g],
				g == SUMMARY_MATTER || g == SUMMARY_BODY ? by_most : by_key);
	}
}

static void begin(struct making *m, struct summary *out, struct store *s, int32_t from_day,
	int32_t to_day, int late_minutes)
{
	*m = (struct making){.store = s, .sum = out, .day = INT32_MIN};
	*out = (struct summary){
		.from_day = from_day, .to_day = to_day, .late_minutes = late_minutes};
	new_line(out, SUMMARY_ALL, "", "");
}

static enum err count_days(struct making *m, int32_t from_day, int32_t to_day)
{
	enum err e;

	m->from_ms = clock_day_begin(from_day);
	m->to_ms = clock_day_begin(to_day);
	e = count_letters(m);
	if (e == OK)
		e = count_events(m);
	if (e == OK)
		e = count_clocks(m);
	return e;
}

enum err summary_make(
	struct summary *out, struct store *s, int32_t from_day, int32_t to_day, int late_minutes)
{
	struct making m;
	enum err e;

	begin(&m, out, s, from_day, to_day, late_minutes);
	e = count_days(&m, from_day, to_day);
	if (e == OK)
		sort_lines(out);
	else
		summary_fini(out);
	return e;
}

/* ---- a day at a time ---- */

struct summary_work {
	struct making making;
	struct summary sum;
	int32_t next_day;
	enum err failed;
};

struct summary_work *summary_begin(
	struct store *s, int32_t from_day, int32_t to_day, int late_minutes)
{
	struct summary_work *w = mem_alloc(sizeof *w);

	begin(&w->making, &w->sum, s, from_day, to_day, late_minutes);
	w->next_day = from_day;
	return w;
}

bool summary_step(struct summary_work *w)
{
	if (w->failed != OK || w->next_day >= w->sum.to_day)
		return false;
	w->failed = count_days(&w->making, w->next_day, w->next_day + 1);
	w->next_day++;
	return w->failed == OK && w->next_day < w->sum.to_day;
}

void summary_progress(const struct summary_work *w, int *done, int *all)
{
	*done = w->next_day - w->sum.from_day;
	*all = w->sum.to_day - w->sum.from_day;
}

enum err summary_end(struct summary_work *w, struct summary *out)
{
	enum err e = w->failed != OK ? w->failed : w->next_day < w->sum.to_day ? ERR_STATE : OK;

	if (e == OK) {
		sort_lines(&w->sum);
		*out = w->sum;
		w->sum = (struct summary){0};
	}
	summary_drop(w);
	return e;
}

void summary_drop(struct summary_work *w)
{
	if (w == NULL)
		return;
	summary_fini(&w->sum);
	free(w);
}

void summary_fini(struct summary *s)
{
	for (int g = 0; g < SUMMARY_GROUP__MAX; g++) {
		for (size_t i = 0; i < s->counts[g]; i++) {
			free(s->lines[g][i].key);
			free(s->lines[g][i].name);
			free(s->lines[g][i].times);
		}
		free(s->lines[g]);
	}
	*s = (struct summary){0};
}

const struct summary_line *summary_all(const struct summary *s)
{
	return &s->lines[SUMMARY_ALL][0];
}

void summary_month(int32_t day, int32_t *from_day, int32_t *to_day)
{
	struct date d = date_from_day(day);

	d.day = 1;
	*from_day = date_to_day(d);
	d.year += d.month == 12;
	d.month = d.month % 12 + 1;
	*to_day = date_to_day(d);
}

int summary_share(int64_t part, int64_t whole)
{
	return whole > 0 ? (int)(part * 100 / whole) : -1;
}
