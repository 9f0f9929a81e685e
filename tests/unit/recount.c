#include "tests/unit/recount.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/station/store.h"

enum {
	FIGURES = 32,
	TEXT = 256
};

/* By the names of `yimen day --json`. */
static const char *const figure_names[FIGURES] = {"submitted", "revised", "corrections",
	"supplements", "supplied", "accepted", "refused", "suspended", "resumed", "delivered",
	"archived", "returned", "withdrawn", "void", "decided", "answers", "answers_in_time",
	"promises", "promises_kept", "deliveries", "deliveries_in_time", "letters", "arrived",
	"late", "offline", "waiting", "bounced", "timed", "time_s", "time_median_s",
	"time_longest_s", ""};

struct value_line {
	char group[16], key[TEXT], name[TEXT];
	int64_t figures[FIGURES];
	int64_t *times;
	size_t time_count;
};

/* What the trail has told of one application, draft or letter. */
struct told_case {
	char id[TEXT], bundle[TEXT], ticket[TEXT];
	char matter[TEXT], name[TEXT], body[TEXT], who[TEXT], window[TEXT];
	int64_t submitted_ms; /* 0: not */
	int64_t began_ms;     /* 0: not known */
	int64_t away_ms;
	int members; /* of a bundle */
};

struct told_letter {
	char id[TEXT], case_id[TEXT], act[TEXT], who[TEXT], window[TEXT];
	int64_t at_ms, delivered_ms;
	bool application, refused, replaced;
	char clock[TEXT];
	int32_t due;
};

struct told_clock { /* that the centre's word ended */
	char case_id[TEXT], clock[TEXT];
	int64_t at_ms;
	int32_t due;
};

struct told_event {
	char case_id[TEXT];
	int64_t at_ms;
	bool decided; /* else: a letter came back */
};

struct told_moment { /* of a visitor's ticket: called, started, a case submitted */
	char ticket[TEXT];
	int64_t at_ms;
};

struct told_line {
	int64_t at_ms;
	bool up;
};

struct recount {
	int64_t from_ms, to_ms;
	int late_minutes;
	struct told_case *cases;
	struct told_letter *letters;
	struct told_clock *clocks;
	struct told_event *events;
	struct told_line *line;
	struct told_moment *moments;
	size_t moment_count;
	size_t case_count, letter_count, clock_count, event_count, line_count;
	struct value_line *lines;
	size_t count;
};

/* ---- reading the trail ---- */

static void word_of(const char *detail, const char *name, char out[TEXT])
{
	size_t len = strlen(name);

	out[0] = '\0';
	while (detail != NULL && *detail != '\0') {
		size_t n = strcspn(detail, "\t");
		if (strncmp(detail, name, len) == 0 && detail[len] == '=' && n < TEXT + len) {
			memcpy(out, detail + len + 1, n - len - 1);
			out[n - len - 1] = '\0';
			return;
		}
		detail += n + (detail[n] == '\t');
	}
}

static int64_t number_of(const char *detail, const char *name, int64_t absent)
{
	char text[TEXT];

	word_of(detail, name, text);
	return text[0] != '\0' ? strtoll(text, NULL, 10) : absent;
}

static int32_t day_of(const char *text)
{
	struct date d;

	return date_parse(text, &d) ? date_to_day(d) : 0;
}

static void copy(char out[TEXT], const char *text)
{
	snprintf(out, TEXT, "%s", text);
}

static struct told_case *case_of(struct recount *r, const char *id)
{
	for (size_t i = r->case_count; i-- > 0;)
		if (strcmp(r->cases[i].id, id) == 0)
			return &r->cases[i];
	r->cases = mem_resize(r->cases, r->case_count + 1, sizeof *r->cases);
	memset(&r->cases[r->case_count], 0, sizeof *r->cases);
	copy(r->cases[r->case_count].id, id);
	return &r->cases[r->case_count++];
}

static struct told_letter *letter_of(struct recount *r, const char *id)
{
	for (size_t i = r->letter_count; i-- > 0;)
		if (strcmp(r->letters[i].id, id) == 0)
			return &r->letters[i];
	return NULL;
}

struct audit_row {
	int64_t at_ms;
	const char *who, *act, *object, *detail;
};

static struct told_letter *add_letter(struct recount *r, const struct audit_row *a)
{
	struct told_letter *l;
	char key[TEXT];

	word_of(a->detail, "letter", key);
	if (key[0] == '\0')
		return NULL;
	r->letters = mem_resize(r->letters, r->letter_count + 1, sizeof *r->letters);
	l = &r->letters[r->letter_count++];
	memset(l, 0, sizeof *l);
	copy(l->id, key);
	copy(l->case_id, a->object);
	copy(l->act, a->act);
	copy(l->who, a->who);
	word_of(a->detail, "window", l->window);
	l->at_ms = a->at_ms;
	return l;
}

static void add_moment(struct recount *r, const char *ticket, int64_t at_ms)
{
	if (ticket[0] == '\0')
		return;
	r->moments = mem_resize(r->moments, r->moment_count + 1, sizeof *r->moments);
	copy(r->moments[r->moment_count].ticket, ticket);
	r->moments[r->moment_count++].at_ms = at_ms;
}

static void take_submit(struct recount *r, const struct audit_row *a)
{
	struct told_case *c = case_of(r, a->object);
	struct told_letter *l = add_letter(r, a);

	if (l != NULL)
		l->application = true;
	c->submitted_ms = a->at_ms;
	add_moment(r, c->ticket, a->at_ms);
	copy(c->who, a->who);
	word_of(a->detail, "window", c->window);
	word_of(a->detail, "matter", c->matter);
	word_of(a->detail, "name", c->name);
	word_of(a->detail, "body", c->body);
	word_of(a->detail, "bundle", c->bundle);
	if (c->bundle[0] != '\0') {
		char bundle[TEXT];
		copy(bundle, c->bundle); /* c may move */
		case_of(r, bundle)->members++;
	}
}

/* The versions before that the centre had refused are done with. */
static void take_revise(struct recount *r, const struct audit_row *a)
{
	struct told_letter *l;

	for (size_t i = 0; i < r->letter_count; i++)
		if (r->letters[i].application && r->letters[i].refused &&
			strcmp(r->letters[i].case_id, a->object) == 0)
			r->letters[i].replaced = true;
	l = add_letter(r, a);
	if (l != NULL)
		l->application = true;
}

/* Fetched back from the centre: it counts where and when it was submitted. */
static void take_recovered(struct recount *r, const struct audit_row *a)
{
	struct audit_row then = *a;
	char what[TEXT], who[TEXT];

	word_of(a->detail, "what", what);
	word_of(a->detail, "operator", who);
	then.at_ms = number_of(a->detail, "at", a->at_ms);
	then.who = who;
	then.act = strcmp(what, "submit") == 0 ? "case.submit" : "case.revise";
	if (strcmp(what, "submit") == 0)
		take_submit(r, &then);
	else
		take_revise(r, &then);
}

static void take_act(struct recount *r, const struct audit_row *a)
{
	struct told_letter *l = add_letter(r, a);
	char due[TEXT];

	if (l == NULL)
		return;
	word_of(a->detail, "clock", l->clock);
	word_of(a->detail, "due", due);
	l->due = day_of(due);
}

static bool newer_application(const struct recount *r, const struct told_letter *than)
{
	for (size_t i = 0; i < r->letter_count; i++)
		if (&r->letters[i] > than && r->letters[i].application &&
			strcmp(r->letters[i].case_id, than->case_id) == 0)
			return true;
	return false;
}

static void add_event(struct recount *r, const char *case_id, int64_t at_ms, bool decided)
{
	r->events = mem_resize(r->events, r->event_count + 1, sizeof *r->events);
	copy(r->events[r->event_count].case_id, case_id);
	r->events[r->event_count].at_ms = at_ms;
	r->events[r->event_count++].decided = decided;
}

static void take_held(struct recount *r, const struct audit_row *a)
{
	struct told_letter *l = letter_of(r, a->object);
	char case_id[TEXT], hold[TEXT];

	word_of(a->detail, "case", case_id);
	word_of(a->detail, "hold", hold);
	add_event(r, case_id, a->at_ms, false);
	if (l == NULL || strcmp(hold, "refused") != 0)
		return;
	l->refused = true;
	l->replaced = l->application && newer_application(r, l);
}

static void take_told(struct recount *r, const struct audit_row *a)
{
	int64_t at = number_of(a->detail, "at", a->at_ms);
	char what[TEXT], clock[TEXT], due[TEXT];

	word_of(a->detail, "what", what);
	word_of(a->detail, "clock", clock);
	word_of(a->detail, "due", due);
	if (strcmp(what, "completed") == 0 || strcmp(what, "decide") == 0)
		add_event(r, a->object, at, true);
	if (clock[0] == '\0')
		return;
	r->clocks = mem_resize(r->clocks, r->clock_count + 1, sizeof *r->clocks);
	memset(&r->clocks[r->clock_count], 0, sizeof *r->clocks);
	copy(r->clocks[r->clock_count].case_id, a->object);
	copy(r->clocks[r->clock_count].clock, clock);
	r->clocks[r->clock_count].at_ms = at;
	r->clocks[r->clock_count++].due = day_of(due);
}

static void take_line(struct recount *r, const struct audit_row *a)
{
	r->line = mem_resize(r->line, r->line_count + 1, sizeof *r->line);
	r->line[r->line_count++] = (struct told_line){a->at_ms, strcmp(a->act, "line.up") == 0};
}

/* A visit that began before its draft began with something the trail tells of its ticket. */
static bool happened(const struct recount *r, const char *ticket, int64_t at_ms)
{
	for (size_t i = 0; i < r->moment_count; i++)
		if (r->moments[i].at_ms == at_ms && strcmp(r->moments[i].ticket, ticket) == 0)
			return true;
	return false;
}

static void take_draft(struct recount *r, const struct audit_row *a)
{
	struct told_case *c = case_of(r, a->object);
	int64_t since;

	if (strcmp(a->act, "draft.begin") == 0) {
		word_of(a->detail, "ticket", c->ticket);
		c->began_ms = number_of(a->detail, "began", a->at_ms);
		if (c->began_ms != a->at_ms && !happened(r, c->ticket, c->began_ms))
			c->began_ms = 0;   /* nobody knows where that comes from */
	} else if (c->submitted_ms == 0) { /* afterwards it is a correction */
		since = number_of(a->detail, "since", a->at_ms);
		c->away_ms += a->at_ms > since ? a->at_ms - since : 0;
	}
}

static void take_again(struct recount *r, const struct audit_row *a)
{
	for (size_t i = 0; i < r->letter_count; i++)
		if (strcmp(r->letters[i].case_id, a->object) == 0)
			r->letters[i].delivered_ms = 0;
}

static void take_row(struct recount *r, const struct audit_row *a)
{
	struct told_letter *l;

	if (strcmp(a->act, "case.submit") == 0)
		take_submit(r, a);
	else if (strcmp(a->act, "bundle.submit") == 0)
		add_moment(r, case_of(r, a->object)->ticket, a->at_ms);
	else if (strncmp(a->act, "ticket.", 7) == 0)
		add_moment(r, a->object, a->at_ms);
	else if (strcmp(a->act, "case.revise") == 0)
		take_revise(r, a);
	else if (strcmp(a->act, "case.recovered") == 0)
		take_recovered(r, a);
	else if (strcmp(a->act, "draft.begin") == 0 || strcmp(a->act, "draft.open") == 0)
		take_draft(r, a);
	else if (strcmp(a->act, "line.up") == 0 || strcmp(a->act, "line.down") == 0)
		take_line(r, a);
	else if (strcmp(a->act, "case.told") == 0)
		take_told(r, a);
	else if (strcmp(a->act, "letter.held") == 0)
		take_held(r, a);
	else if (strcmp(a->act, "letter.again") == 0)
		take_again(r, a);
	else if (strcmp(a->act, "letter.anew") == 0 && (l = letter_of(r, a->object)) != NULL)
		word_of(a->detail, "letter", l->id);
	else if (strcmp(a->act, "letter.answered") == 0 && (l = letter_of(r, a->object)) != NULL)
		l->replaced = true;
	else if (strcmp(a->act, "letter.delivered") == 0 && (l = letter_of(r, a->object)) != NULL)
		l->delivered_ms = a->at_ms;
	else if (strcmp(a->act, "letter.retry") == 0 && (l = letter_of(r, a->object)) != NULL)
		l->refused = false;
	else if (strcmp(a->act, "act.take-back") == 0 && (l = letter_of(r, a->object)) != NULL)
		l->replaced = true;
	else
		take_act(r, a);
}

/* ---- counting ---- */

static struct value_line *line_of(
	struct recount *r, const char *group, const char *key, const char *name)
{
	struct value_line *l;

	for (size_t i = 0; i < r->count; i++) {
		l = &r->lines[i];
		if (strcmp(l->group, group) == 0 && strcmp(l->key, key) == 0 &&
			(strcmp(group, "operator") != 0 || strcmp(l->name, name) == 0))
			return l;
	}
	r->lines = mem_resize(r->lines, r->count + 1, sizeof *r->lines);
	l = &r->lines[r->count++];
	memset(l, 0, sizeof *l);
	snprintf(l->group, sizeof l->group, "%s", group);
	copy(l->key, key);
	copy(l->name, name);
	return l;
}

static size_t index_of(const char *figure)
{
	size_t i = 0;

	while (i + 1 < FIGURES && strcmp(figure_names[i], figure) != 0)
		i++;
	return i;
}

static void add_to(struct value_line *l, const char *figure, bool is_time, int64_t n)
{
	if (!is_time) {
		l->figures[index_of(figure)] += n;
		return;
	}
	l->times = mem_resize(l->times, l->time_count + 1, sizeof *l->times);
	l->times[l->time_count++] = n;
}

static void add(struct recount *r, const struct told_case *c, const char *who, const char *window,
	int64_t at_ms, const char *figure, bool is_time, int64_t n)
{
	char day[DATE_SIZE];

	date_format(date_from_day(clock_day(at_ms)), day);
	add_to(line_of(r, "all", "", ""), figure, is_time, n);
	add_to(line_of(r, "day", day, ""), figure, is_time, n);
	add_to(line_of(r, "matter", c->matter, c->name), figure, is_time, n);
	add_to(line_of(r, "body", c->body, ""), figure, is_time, n);
	add_to(line_of(r, "operator", who, window), figure, is_time, n);
}

static bool within(const struct recount *r, int64_t at_ms)
{
	return at_ms >= r->from_ms && at_ms < r->to_ms;
}

static const char *figure_of_act(const char *act)
{
	static const char *const table[][2] = {{"case.submit", "submitted"},
		{"case.revise", "revised"}, {"request-correction", "corrections"},
		{"supplement", "supplements"}, {"supply", "supplied"}, {"accept", "accepted"},
		{"refuse", "refused"}, {"suspend", "suspended"}, {"resume", "resumed"},
		{"deliver", "delivered"}, {"archive", "archived"}, {"return", "returned"},
		{"withdraw", "withdrawn"}, {"voided", "void"}};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i][0], act) == 0)
			return table[i][1];
	return NULL;
}

static bool line_down_at(const struct recount *r, int64_t at_ms)
{
	bool down = false;

	for (size_t i = 0; i < r->line_count; i++)
		if (r->line[i].at_ms <= at_ms)
			down = !r->line[i].up;
	return down;
}

static void add_clock(struct recount *r, const struct told_case *c, const char *who,
	const char *window, const char *clock, int64_t at_ms, int32_t due)
{
	static const char *const table[][3] = {{"accept", "answers", "answers_in_time"},
		{"decide", "promises", "promises_kept"},
		{"deliver", "deliveries", "deliveries_in_time"}};

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i][0], clock) == 0) {
			add(r, c, who, window, at_ms, table[i][1], false, 1);
			if (clock_day(at_ms) <= due)
				add(r, c, who, window, at_ms, table[i][2], false, 1);
		}
}

static void count_letter(struct recount *r, const struct told_letter *l)
{
	const struct told_case *c = case_of(r, l->case_id);
	const char *figure = figure_of_act(l->act);
	bool arrived = l->delivered_ms > 0 && !l->replaced;

	if (!within(r, l->at_ms))
		return;
	if (figure != NULL && (l->application || !l->replaced))
		add(r, c, l->who, l->window, l->at_ms, figure, false, 1);
	add(r, c, l->who, l->window, l->at_ms, "letters", false, 1);
	if (arrived)
		add(r, c, l->who, l->window, l->at_ms, "arrived", false, 1);
	if (arrived && l->delivered_ms - l->at_ms > (int64_t)r->late_minutes * 60 * 1000)
		add(r, c, l->who, l->window, l->at_ms, "late", false, 1);
	if (!arrived && !l->replaced)
		add(r, c, l->who, l->window, l->at_ms, "waiting", false, 1);
	if (line_down_at(r, l->at_ms))
		add(r, c, l->who, l->window, l->at_ms, "offline", false, 1);
	if (l->clock[0] != '\0' && !l->replaced)
		add_clock(r, c, l->who, l->window, l->clock, l->at_ms, l->due);
}

static void count_case(struct recount *r, const struct told_case *c)
{
	const struct told_case *b = c->bundle[0] != '\0' ? case_of(r, c->bundle) : c;
	int64_t ms = c->submitted_ms - b->began_ms - b->away_ms;

	if (c->submitted_ms == 0 || b->began_ms == 0 || !within(r, c->submitted_ms))
		return;
	ms = ms > 0 ? ms : 0;
	add(r, c, c->who, c->window, c->submitted_ms, "", true, b != c ? ms / b->members : ms);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void sum_times(struct value_line *l)
{
	int64_t sum = 0;

	if (l->time_count == 0)
		return;
	qsort(l->times, l->time_count, sizeof *l->times, by_size);
	for (size_t i = 0; i < l->time_count; i++)
		sum += l->times[i];
	l->figures[index_of("timed")] = (int64_t)l->time_count;
	l->figures[index_of("time_s")] = sum / 1000;
	l->figures[index_of("time_median_s")] = l->times[(l->time_count - 1) / 2] / 1000;
	l->figures[index_of("time_longest_s")] = l->times[l->time_count - 1] / 1000;
}

static void count_all(struct recount *r)
{
	size_t i;

	line_of(r, "all", "", "");
	for (i = 0; i < r->letter_count; i++)
		count_letter(r, &r->letters[i]);
	for (i = 0; i < r->event_count; i++) {
		const struct told_case *c = case_of(r, r->events[i].case_id);
		if (c->submitted_ms > 0 && within(r, r->events[i].at_ms))
			add(r, c, c->who, c->window, r->events[i].at_ms,
				r->events[i].decided ? "decided" : "bounced", false, 1);
	}
	for (i = 0; i < r->clock_count; i++) {
		const struct told_case *c = case_of(r, r->clocks[i].case_id);
		if (within(r, r->clocks[i].at_ms))
			add_clock(r, c, c->who, c->window, r->clocks[i].clock, r->clocks[i].at_ms,
				r->clocks[i].due);
	}
	for (i = 0; i < r->case_count; i++)
		count_case(r, &r->cases[i]);
	for (i = 0; i < r->count; i++)
		sum_times(&r->lines[i]);
}

struct recount *recount_make(struct store *s, int32_t from_day, int32_t to_day, int late_minutes)
{
	struct recount *r = mem_alloc(sizeof *r);
	struct stmt *st = db_prepare(
		store_db(s), "SELECT at_ms, who, act, object, detail FROM audit ORDER BY seq");

	r->from_ms = clock_day_begin(from_day);
	r->to_ms = clock_day_begin(to_day);
	r->late_minutes = late_minutes;
	while (db_row(st)) {
		const struct audit_row a = {db_int(st, 0), db_text(st, 1), db_text(st, 2),
			db_text(st, 3), db_text(st, 4)};
		take_row(r, &a);
	}
	db_done(st);
	count_all(r);
	return r;
}

void recount_free(struct recount *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->lines[i].times);
	free(r->lines);
	free(r->cases);
	free(r->letters);
	free(r->clocks);
	free(r->events);
	free(r->line);
	free(r->moments);
	free(r);
}

/* ---- against a summary ---- */

struct comparing {
	const struct recount *r;
	bool *seen; /* lines of ours that the summary has */
	size_t same, wrong;
	struct buf *said;
};

static void differ(struct comparing *c, const char *group, const char *key, const char *figure,
	long long theirs, long long ours)
{
	c->wrong++;
	buf_printf(
		c->said, "%s %s %s: summary %lld, trail %lld\n", group, key, figure, theirs, ours);
}

static void compare_line(struct comparing *c, const json *line)
{
	const char *group = json_get_str(line, "group"), *key = json_get_str(line, "key");
	const char *name = json_get_str(line, "name");
	static const struct value_line nothing;
	const struct value_line *ours = &nothing;

	for (size_t i = 0; i < c->r->count; i++) {
		const struct value_line *l = &c->r->lines[i];
		if (strcmp(l->group, group) == 0 && strcmp(l->key, key) == 0 &&
			(strcmp(group, "operator") != 0 || strcmp(l->name, name) == 0)) {
			ours = l;
			c->seen[i] = true;
		}
	}
	for (int f = 0; f + 1 < FIGURES; f++) {
		int64_t theirs = json_get_int(line, figure_names[f], -1);
		if (theirs == ours->figures[f])
			c->same++;
		else
			differ(c, group, key, figure_names[f], theirs, ours->figures[f]);
	}
	/* no figure that we know nothing of */
	if (json_count(line) != FIGURES - 1 + 3)
		differ(c, group, key, "members", (long long)json_count(line), FIGURES - 1 + 3);
}

size_t recount_compare(
	const struct recount *r, const char *json_lines, size_t *wrong, struct buf *said)
{
	struct comparing c = {r, mem_array(r->count + 1, sizeof(bool)), 0, 0, said};

	while (*json_lines != '\0') {
		size_t n = strcspn(json_lines, "\n");
		json *line = NULL;
		if (json_parse(&line, json_lines, n, NULL) == OK)
			compare_line(&c, line);
		else
			differ(&c, "?", "?", "unreadable", 0, 0);
		json_free(line);
		json_lines += n + (json_lines[n] == '\n');
	}
	for (size_t i = 0; i < r->count; i++)
		if (!c.seen[i])
			differ(&c, r->lines[i].group, r->lines[i].key, "line", 0, 1);
	free(c.seen);
	*wrong = c.wrong;
	return c.same;
}
