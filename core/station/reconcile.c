#include "core/station/reconcile_private.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "core/station/fetch.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

enum {
	PAGES_MAX = 2000,
	PAGE = 500
};

/* One case as a side has it. */
struct entry {
	char *case_id, *local_receipt, *number;
	char *version;	 /* theirs: the key of the version in force; NULL: not said */
	char *state;	 /* theirs; NULL: not said */
	int64_t letters; /* theirs: so many were taken; -1: not said */
	bool delivered;	 /* ours: its receipt is here */
	bool matched;
};

struct list {
	struct entry *entries;
	size_t count;
};

static void list_fini(struct list *l)
{
	while (l->count-- > 0) {
		free(l->entries[l->count].case_id);
		free(l->entries[l->count].local_receipt);
		free(l->entries[l->count].number);
		free(l->entries[l->count].version);
		free(l->entries[l->count].state);
	}
	free(l->entries);
}

static struct entry *list_add(struct list *l)
{
	l->entries = mem_resize(l->entries, l->count + 1, sizeof *l->entries);
	l->entries[l->count] = (struct entry){0};
	return &l->entries[l->count++];
}

static int by_case(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->case_id, ((const struct entry *)b)->case_id);
}

static struct entry *list_find(const struct list *l, const char *case_id)
{
	char id[ID_UUID_SIZE] = "";
	struct entry key = {.case_id = strncat(id, case_id, sizeof id - 1)};

	return l->count > 0 ? bsearch(&key, l->entries, l->count, sizeof key, by_case) : NULL;
}

/* ---- both lists ---- */

static void add_ours(void *arg, const struct case_view *c)
{
	struct entry *e;

	if (c->letter_id == NULL) /* a bundle: its cases have the letters */
		return;
	if (c->project_no == NULL &&
		strcmp(c->letter_state, letter_state_name(LETTER_REPLACED)) == 0)
		return; /* given up (case_abandon): the centre never took it, and shall not */
	e = list_add(arg);
	e->case_id = mem_strdup(c->id);
	e->local_receipt = mem_strdup(c->local_receipt);
	e->number = mem_strdup(c->project_no);
	e->delivered = c->project_no != NULL;
}

/* Submitted on another day, and corrected or gone on with on this one. */
static void add_continued(
	void *arg, const char *case_id, const char *local_receipt, const char *number)
{
	struct entry *e = list_add(arg);

	e->case_id = mem_strdup(case_id);
	e->local_receipt = mem_strdup(local_receipt);
	e->number = mem_strdup(number);
	e->delivered = number != NULL;
}

/* Clean for a terminal; never NULL. */
static char *clean(const char *text)
{
	struct buf b = {0};

	if (text != NULL)
		text_clean(&b, text, strlen(text));
	return buf_take(&b);
}

static char *version_in(const json *one)
{
	const char *key = json_get_str(one, "idempotency_key");

	return id_is_uuid(key) ? mem_strdup(key) : NULL;
}

static char *state_in(const json *one)
{
	const char *name = json_get_str(one, "state");
	enum case_state state;

	return name != NULL && case_state_parse(name, &state) ? mem_strdup(name) : NULL;
}

static bool add_theirs(struct list *l, const json *one)
{
	const char *case_id = json_get_str(one, "case_id");
	struct entry *e;

	if (!id_is_uuid(case_id) || json_get_str(one, "project_no") == NULL)
		return false;
	e = list_add(l);
	e->case_id = mem_strdup(case_id);
	e->local_receipt = clean(json_get_str(one, "local_receipt"));
	e->number = clean(json_get_str(one, "project_no"));
	e->version = version_in(one);
	e->state = state_in(one);
	e->letters = json_get_int(one, "letters", -1);
	return true;
}

/* One page; *next is where the following one begins, NULL after the last. */
static enum err read_page(
	const struct transport_answer *a, struct list *l, char **next, struct buf *why)
{
	json *page = NULL;
	const json *one;
	enum err e = json_parse(&page, a->body, a->body_len, NULL);

	if (e == OK && json_type(json_get(page, "cases")) != JSON_ARRAY)
		e = ERR_INVALID;
	for (one = json_first(json_get(page, "cases")); e == OK && one != NULL;
		one = json_next(one))
		e = add_theirs(l, one) ? OK : ERR_INVALID;
	*next = e == OK ? mem_strdup(json_get_str(page, "next")) : NULL;
	json_free(page);
	if (e != OK)
		buf_why(why, tr("收到的清单不是中心发的, 请检查网络是否要先登录认证"));
	return e == OK ? OK : ERR_BUSY;
}

static enum err read_theirs(struct transport t, int32_t day, struct list *l, struct buf *why)
{
	struct transport_answer a;
	struct buf path = {0};
	char date[DATE_SIZE], *after = NULL, *next;
	enum err e = OK;
	int i;

	date_format(date_from_day(day), date);
	for (i = 0; e == OK && i < PAGES_MAX; i++) {
		buf_clear(&path);
		buf_printf(&path, "/v1/cases?day=%s&limit=%d", date, PAGE);
		if (after != NULL) {
			buf_adds(&path, "&after=");
			fetch_escape(&path, after);
		}
		e = fetch_good(t, path.data, &a, why);
		if (e != OK)
			break;
		e = read_page(&a, l, &next, why);
		free(after);
		after = next;
		if (after == NULL)
			break;
	}
	free(after);
	buf_fini(&path);
	if (l->count > 0)
		qsort(l->entries, l->count, sizeof *l->entries, by_case);
	return e;
}

/* ---- held against each other ---- */

struct comparing {
	struct store *store;
	struct transport transport;
	void (*each)(void *arg, const struct reconcile_line *l);
	void *arg;
	struct reconcile_sum sum;
	struct buf *why;
};

static const char *or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* The side that does not have it. */
static const struct entry nobody;

static void tell(struct comparing *c, enum reconcile_kind kind, const struct entry *ours,
	const struct entry *theirs)
{
	const struct entry *any = ours->case_id != NULL ? ours : theirs;
	const struct reconcile_line line = {.kind = kind,
		.case_id = or_empty(any->case_id),
		.local_receipt = or_empty(any->local_receipt),
		.here = or_empty(ours->number),
		.there = or_empty(theirs->number),
		.version_here = or_empty(ours->version),
		.version_there = or_empty(theirs->version)};

	c->sum.differences++;
	c->each(c->arg, &line);
}

/* Both have all that was sent from here: where does the case stand? */
static enum err compare_states(
	struct comparing *c, const struct entry *ours, const struct entry *theirs)
{
	bool elsewhere = false;
	enum err e = reconcile_stands_elsewhere(c->store, ours->case_id, theirs->state, &elsewhere);

	if (e == OK && elsewhere)
		tell(c, RECONCILE_LAGS, ours, theirs);
	return e;
}

/* A centre that has the newest version may still lack what came after it. */
static enum err compare_letters(
	struct comparing *c, const struct entry *ours, const struct entry *theirs)
{
	int64_t delivered = 0;
	enum err e = OK;

	if (theirs->letters >= 0)
		e = reconcile_count_letters(c->store, ours->case_id, &delivered);
	if (e == OK && theirs->letters >= 0 && theirs->letters < delivered)
		tell(c, RECONCILE_STEPS, ours, theirs);
	else if (e == OK && theirs->state != NULL)
		return compare_states(c, ours, theirs);
	return e;
}

/* Both have it under the same number: do they go by the same version? */
static enum err compare_versions(
	struct comparing *c, const struct entry *ours, const struct entry *theirs)
{
	struct version_verdict v = {.differs = false};
	struct entry mine = *ours;
	enum err e = OK;

	if (theirs->version != NULL)
		e = reconcile_version(c->store, ours->case_id, theirs->version, &v);
	mine.version = v.here;
	if (e == OK && v.differs)
		tell(c, v.kind, &mine, theirs);
	else if (e == OK)
		e = compare_letters(c, ours, theirs);
	return e;
}

static enum err compare_two(
	struct comparing *c, const struct entry *ours, const struct entry *theirs)
{
	if (ours->number == NULL)
		tell(c, RECONCILE_UNHEARD, ours, theirs);
	else if (strcmp(ours->number, theirs->number) != 0)
		tell(c, RECONCILE_NUMBERS, ours, theirs);
	else
		return compare_versions(c, ours, theirs);
	return OK;
}

static bool is_type(const struct transport_answer *a, const char *type)
{
	return strncasecmp(a->content_type, type, strlen(type)) == 0;
}

/* A restored centre gives the numbers it lost once more: what is under ours may be another's. */
static bool is_another(const json *body, const struct entry *ours)
{
	const char *case_id = json_get_str(body, "case_id");

	return id_is_uuid(case_id) && strcasecmp(case_id, ours->case_id) != 0;
}

/* The centre's answer about that case; false: it is none. *found: it is this case indeed. */
static bool read_case(
	const struct transport_answer *a, const struct entry *ours, struct entry *out, bool *found)
{
	json *body = NULL;
	const char *there;
	bool same;

	if (a->status != 200 || json_parse(&body, a->body, a->body_len, NULL) != OK)
		return false;
	there = json_get_str(body, "project_no");
	same = there != NULL && strcmp(there, ours->number) == 0;
	*out = (struct entry){.number = ours->number,
		.version = same ? version_in(body) : NULL,
		.state = same ? state_in(body) : NULL,
		.letters = json_get_int(body, "letters", -1)};
	*found = !is_another(body, ours);
	json_free(body);
	return same;
}

/* Received on another day than the one that is looked at: asked for by its number. */
static enum err ask_for(struct comparing *c, const struct entry *ours)
{
	struct transport_answer a;
	struct entry theirs = {0};
	struct buf path = {0};
	bool found = false;
	enum err e;

	buf_adds(&path, "/v1/cases/");
	fetch_escape(&path, ours->number);
	e = fetch(c->transport, path.data, &a, c->why);
	if (e == OK && a.status == 404 && is_type(&a, "application/problem+json")) {
		tell(c, RECONCILE_MISSING, ours, &nobody);
	} else if (e == OK && !read_case(&a, ours, &theirs, &found)) {
		e = fetch_failed(path.data, &a, c->why);
	} else if (e == OK && !found) {
		tell(c, RECONCILE_MISSING, ours, &nobody);
	} else if (e == OK) {
		e = compare_versions(c, ours, &theirs);
	}
	free(theirs.version);
	free(theirs.state);
	buf_fini(&path);
	return e;
}

static enum err compare_ours(struct comparing *c, const struct entry *ours, struct entry *theirs)
{
	if (theirs != NULL)
		return compare_two(c, ours, theirs);
	if (ours->delivered)
		return ask_for(c, ours);
	tell(c, RECONCILE_WAITS, ours, &nobody);
	return OK;
}

/* One of theirs that was not submitted here that day: on another day, or carried, or not at all. */
static enum err compare_theirs(struct comparing *c, const struct entry *theirs)
{
	struct stmt *st = db_prepare(store_db(c->store),
		"SELECT local_receipt, project_no, state = 'carried' FROM case_"
		" WHERE id = ?1 AND state <> 'draft'");
	struct entry ours = {0}, version_aside = *theirs;
	bool found, carried = false;
	enum err e;

	db_bind_text(st, 1, theirs->case_id);
	found = db_row(st);
	if (found) {
		ours.case_id = theirs->case_id;
		ours.local_receipt = mem_strdup(db_text(st, 0));
		ours.number = mem_strdup(db_text(st, 1));
		carried = db_int(st, 2) != 0;
	}
	e = db_done(st);
	version_aside.version = NULL; /* whose it is may have sent another since */
	version_aside.state = NULL;
	version_aside.letters = -1;
	if (e == OK && !found)
		tell(c, RECONCILE_UNKNOWN, &nobody, theirs);
	else if (e == OK)
		e = compare_two(c, &ours, carried ? &version_aside : theirs);
	free(ours.local_receipt);
	free(ours.number);
	return e;
}

static enum err compare(struct comparing *c, const struct list *ours, struct list *theirs)
{
	enum err e = OK;
	size_t i;

	for (i = 0; e == OK && i < ours->count; i++) {
		struct entry *there = list_find(theirs, ours->entries[i].case_id);
		if (there != NULL)
			there->matched = true;
		e = compare_ours(c, &ours->entries[i], there);
	}
	for (i = 0; e == OK && i < theirs->count; i++)
		if (!theirs->entries[i].matched)
			e = compare_theirs(c, &theirs->entries[i]);
	return e;
}

enum err reconcile_day(struct store *s, struct transport t, int32_t day,
	void (*each)(void *arg, const struct reconcile_line *l), void *arg,
	struct reconcile_sum *sum, struct buf *why)
{
	struct comparing c = {.store = s, .transport = t, .each = each, .arg = arg, .why = why};
	struct list ours = {NULL, 0}, theirs = {NULL, 0};
	enum err e;

	case_each(s, day, NULL, add_ours, &ours);
	c.sum.here = ours.count;
	e = reconcile_each_continued(s, day, add_continued, &ours);
	if (e == OK)
		e = read_theirs(t, day, &theirs, why);
	c.sum.there = theirs.count;
	if (e == OK)
		e = compare(&c, &ours, &theirs);
	if (e == OK)
		*sum = c.sum;
	list_fini(&ours);
	list_fini(&theirs);
	return e;
}
