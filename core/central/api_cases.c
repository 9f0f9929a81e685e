#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/api_internal.h"
#include "core/domain/lifecycle.h"

enum {
	LIST_MAX = 500,
	SLICE = 200
};

static void put_time(struct buf *b, const char *name, int64_t ms)
{
	char iso[CLOCK_ISO_SIZE];

	json_member_str(b, name, clock_iso(ms, iso));
}

/* ---- one case ---- */

/* Who looks: a station and the administrator see the names, a visitor with the password does not
 * need them. */
struct look {
	struct buf *out;
	bool full;
	const char *password; /* NULL: not needed */
	bool dossier;	      /* what the papers of the case say is wanted too */
	bool admitted;
	char project_no[PROJECT_NO_SIZE];
};

static void write_case(struct buf *b, const struct case_record *c, bool full)
{
	struct buf masked = {0};

	json_member_str(b, "project_no", c->project_no);
	json_member_str(b, "state", c->state);
	json_member_str(b, "state_label", case_state_label_of(c->state));
	json_member_str(b, "task_code", c->task_code);
	json_member_str(b, "task_name", c->task_name);
	if (full) {
		json_member_str(b, "case_id", c->case_id);
		json_member_str(b, "idempotency_key", c->key);
		json_member_str(b, "local_receipt", c->local_receipt);
		if (c->letters >= 0)
			json_member_int(b, "letters", c->letters);
		json_member_str(b, "applyer_name", c->applyer_name);
	} else {
		text_mask(&masked, c->applyer_name, 1, 0);
		json_member_str(b, "applyer_name", buf_str(&masked));
	}
	put_time(b, "received_at", c->received_ms);
	put_time(b, "updated_at", c->updated_ms);
	buf_fini(&masked);
}

static bool password_fits(const char *given, const char *password)
{
	size_t len = strlen(password);

	return given != NULL && strlen(given) == len && crypto_equal(given, password, len);
}

static void look_at(void *arg, const struct case_record *c)
{
	struct look *look = arg;

	look->admitted = look->full || password_fits(look->password, c->query_password);
	if (!look->admitted)
		return;
	strncat(look->project_no, c->project_no, sizeof look->project_no - 1);
	buf_addc(look->out, '{');
	write_case(look->out, c, look->full);
}

static void write_event_of(struct buf *b, const struct event_record *e, bool full)
{
	json_comma(b);
	buf_addc(b, '{');
	json_member_int(b, "seq", e->seq);
	put_time(b, "at", e->at_ms);
	json_member_str(b, "kind", e->kind);
	json_member_str(b, "state", e->state);
	json_member_str(b, "note", e->note);
	if (full)
		json_member_str(b, "who", e->who);
	if (full && e->facts != NULL) {
		json_member(b, "facts");
		buf_adds(b, e->facts);
	}
	buf_addc(b, '}');
}

/* Who decided is for those who work on the case. */
static void write_whole_event(void *arg, const struct event_record *e)
{
	write_event_of(arg, e, true);
}

static void write_bare_event(void *arg, const struct event_record *e)
{
	write_event_of(arg, e, false);
}

static void answer_case(struct api *a, struct exchange *x, const char *no, struct look *look)
{
	enum err e;

	look->out = &x->answer;
	e = a->store->ops->case_get(a->store, no, look_at, look);
	if (e != OK && e != ERR_NOT_FOUND) {
		api_store_failed(x);
		return;
	}
	if (e == ERR_NOT_FOUND || !look->admitted) {
		/* The same for both: whether a number exists is nobody's to try out. */
		if (look->password != NULL)
			api_guessed_wrong(a, x);
		problem_say(x, PROBLEM_NO_CASE,
			look->full ? tr("没有编号为 %s 的办件")
				   : tr("办件编号 %s 与查询密码对不上, 请照回执核对"),
			no);
		return;
	}
	if (look->dossier)
		api_write_dossier(a, look->project_no, &x->answer);
	json_member(&x->answer, "history");
	buf_addc(&x->answer, '[');
	e = a->store->ops->history(a->store, look->project_no,
		look->full ? write_whole_event : write_bare_event, &x->answer);
	if (e != OK) {
		buf_clear(&x->answer);
		api_store_failed(x);
		return;
	}
	buf_adds(&x->answer, "]}\n");
	api_answer_words(x, 200);
}

void api_case(struct api *a, struct exchange *x)
{
	struct look look = {.password = x->headers[REQUEST_QUERY_PASSWORD]};
	struct buf no = {0};

	if (!api_param(x, &no))
		goto out;
	if (look.password == NULL) {
		if (!api_authenticate(a, x, &x->station))
			goto out;
		look.full = true;
	} else if (api_guessing(a, x)) {
		goto out;
	}
	answer_case(a, x, no.data, &look);
out:
	buf_fini(&no);
}

void api_admin_case(struct api *a, struct exchange *x)
{
	struct look look = {.full = true, .dossier = true};
	struct buf no = {0};

	if (api_param(x, &no))
		answer_case(a, x, no.data, &look);
	buf_fini(&no);
}

/* ---- lists ---- */

struct list {
	struct buf *out;
	char last[PROJECT_NO_SIZE];
	size_t count;
};

static bool write_row(void *arg, const struct case_record *c)
{
	struct list *l = arg;

	json_comma(l->out);
	buf_addc(l->out, '{');
	write_case(l->out, c, true);
	buf_addc(l->out, '}');
	l->last[0] = '\0';
	strncat(l->last, c->project_no, sizeof l->last - 1);
	l->count++;
	return true;
}

/* Local midnight of a day. */
static int64_t midnight_ms(struct date d)
{
	struct tm tm = {
		.tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day, .tm_isdst = -1};

	return (int64_t)mktime(&tm) * 1000;
}

static bool after_filter(struct exchange *x, struct case_filter *f, struct buf *after)
{
	enum query_value given = exchange_query(x, "after", after);

	if (given == QUERY_BROKEN)
		problem_say_at(x, PROBLEM_BAD_REQUEST, "parameter", "after", "text",
			tr("参数 after 的写法不对"));
	else if (given == QUERY_GIVEN)
		f->after = after->data;
	return given != QUERY_BROKEN;
}

static bool day_filter(struct exchange *x, struct case_filter *f, struct buf *day)
{
	enum query_value given = exchange_query(x, "day", day);
	struct date d;

	if (given == QUERY_ABSENT)
		return true;
	if (given == QUERY_BROKEN || !date_parse(day->data, &d)) {
		problem_say_at(x, PROBLEM_BAD_REQUEST, "parameter", "day", "date",
			tr("day 应是 2026-11-24 这样的日期"));
		return false;
	}
	f->from_ms = midnight_ms(d);
	f->until_ms = midnight_ms(date_from_day(date_to_day(d) + 1));
	return true;
}

/* The station's own cases, for the comparison at the day's end. */
void api_case_list(struct api *a, struct exchange *x)
{
	struct case_filter f = {.station = x->station, .limit = LIST_MAX, .count_letters = true};
	struct list l = {.out = &x->answer};
	struct buf day = {0}, after = {0};
	int64_t limit = LIST_MAX;

	if (!day_filter(x, &f, &day) || !after_filter(x, &f, &after) ||
		!api_number(x, "limit", 1, LIST_MAX, &limit))
		goto out;
	f.limit = (size_t)limit;
	buf_adds(&x->answer, "{\"cases\":[");
	if (a->store->ops->case_each(a->store, &f, write_row, &l) != OK) {
		api_store_failed(x);
		goto out;
	}
	buf_addc(&x->answer, ']');
	if (l.count == f.limit)
		json_member_str(&x->answer, "next", l.last);
	buf_adds(&x->answer, "}\n");
	api_answer_words(x, 200);
out:
	buf_fini(&day);
	buf_fini(&after);
}

/* ---- the administrator's list: JSON lines, slice by slice ---- */

struct admin_list {
	struct api *api;
	struct buf *out;
	char last[PROJECT_NO_SIZE];
};

static bool write_line(void *arg, const struct case_record *c)
{
	struct admin_list *l = arg;
	struct buf *b = l->out;

	buf_addc(b, '{');
	json_member_str(b, "project_no", c->project_no);
	json_member_str(b, "idempotency_key", c->key);
	json_member_str(b, "task_code", c->task_code);
	json_member_str(b, "applyer_name", c->applyer_name);
	json_member_str(b, "state", c->state);
	json_member_str(b, "task_name", c->task_name);
	json_member_str(b, "case_id", c->case_id);
	json_member_str(b, "local_receipt", c->local_receipt);
	put_time(b, "received_at", c->received_ms);
	buf_adds(b, "}\n");
	l->last[0] = '\0';
	strncat(l->last, c->project_no, sizeof l->last - 1);
	return true;
}

static bool fill_list(void *arg, struct buf *out)
{
	struct admin_list *l = arg;
	struct case_filter f = {.after = l->last, .limit = SLICE};

	l->out = out;
	return l->api->store->ops->case_each(l->api->store, &f, write_line, l) == OK;
}

void api_admin_case_list(struct api *a, struct exchange *x)
{
	struct admin_list *l = mem_alloc(sizeof *l);

	l->api = a;
	api_answer_slices(x, &(struct slices){fill_list, free, l});
}

/* ---- a step of the back office ---- */

struct step {
	const char *wanted; /* NULL: the ordinary next one */
	char from[CASE_STATE_SIZE];
};

static const char *judge_step(void *arg, const char *from)
{
	struct step *s = arg;
	enum case_state before, after;

	s->from[0] = '\0';
	strncat(s->from, from, sizeof s->from - 1);
	if (!case_state_parse(from, &before))
		return NULL;
	if (s->wanted == NULL)
		return lifecycle_ordinary(before, &after) ? case_state_name(after) : NULL;
	return case_state_parse(s->wanted, &after) && lifecycle_leads(before, after)
		       ? case_state_name(after)
		       : NULL;
}

static void list_following(struct buf *out, const char *from)
{
	enum case_state before;
	int to;

	for (to = 0; case_state_parse(from, &before) && to < CASE_STATE__MAX; to++)
		if ((int)before != to && lifecycle_leads(before, (enum case_state)to))
			buf_printf(out, "%s%s", out->len > 0 ? ", " : "",
				case_state_name((enum case_state)to));
}

static void refuse_step(struct exchange *x, const struct step *s)
{
	const char *label = case_state_label_of(s->from);
	struct buf following = {0};

	list_following(&following, s->from);
	if (following.len > 0)
		problem_say_at(x, PROBLEM_CASE_STATE, "pointer", "/state", "state",
			tr("办件现在是 %s (%s), 之后可以是: %s"), s->from, label, following.data);
	else
		problem_say_at(x, PROBLEM_CASE_STATE, "pointer", "/state", "state",
			tr("办件现在是 %s (%s), 已经办到头了"), s->from, label);
	buf_fini(&following);
}

void api_admin_advance(struct api *a, struct exchange *x)
{
	struct step step = {0};
	struct case_advance advance = {.now_ms = api_now_ms(a), .judge = judge_step, .arg = &step};
	const char *state = NULL;
	struct buf no = {0};
	json *root = NULL;
	enum err e;

	if (!api_param(x, &no) || (root = api_body(x)) == NULL)
		goto out;
	step.wanted = json_get_str(root, "state");
	advance.note = json_get_str(root, "note");
	advance.project_no = no.data;
	e = a->store->ops->advance(a->store, &advance, &state);
	if (e == ERR_NOT_FOUND) {
		problem_say(x, PROBLEM_NO_CASE, tr("没有编号为 %s 的办件"), no.data);
	} else if (e == ERR_STATE) {
		refuse_step(x, &step);
	} else if (e != OK) {
		api_store_failed(x);
	} else {
		a->changed = true;
		buf_addc(&x->answer, '{');
		json_member_str(&x->answer, "project_no", no.data);
		json_member_str(&x->answer, "state", state);
		json_member_str(&x->answer, "state_label", case_state_label_of(state));
		buf_adds(&x->answer, "}\n");
		api_answer_words(x, 200);
	}
out:
	json_free(root);
	buf_fini(&no);
}
