#include "core/central/backoffice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/admin.h"
#include "core/central/commands_call.h"
#include "core/central/commands_office.h"
#include "core/central/office_rules.h"
#include "core/domain/workday.h"

enum {
	NO_SIZE = 64,
	RUNNING_DIGITS = 5, /* of a case number: its number in the day */
	TURN_MS = 400,	    /* how often the changes are asked for */
	GONE_MS = 30000
};

/* A case that waits for its time. */
struct waiting {
	char no[NO_SIZE];
	int64_t due_ms, after_seq;
	const struct office_rule *rule;
	struct office_look look;
	char *material; /* one of its own, for a rule that names none; NULL */
};

struct office {
	const char *dir;
	const struct backoffice_options *o;
	struct office_rules *rules;
	struct waiting *list;
	size_t count;
	char cursor[32];
};

/* ---- asking the centre ---- */

/* ERR_NOT_FOUND, ERR_STATE: it said no; ERR_BUSY, ERR_IO: it was not there. */
static enum err ask(struct office *f, struct admin_request *r, json **root)
{
	struct buf answer = {0}, why = {0};
	int status = 0;
	enum err e;

	r->running = !f->o->once;
	e = admin_call(f->dir, r, &status, &answer, &why);
	if (e == OK && status >= 500)
		e = ERR_IO;
	else if (e == OK && status >= 300)
		e = status == 404 ? ERR_NOT_FOUND : ERR_STATE;
	else if (e == OK && json_parse(root, buf_str(&answer), answer.len, NULL) != OK)
		e = ERR_IO;
	buf_fini(&answer);
	buf_fini(&why);
	return e;
}

static void case_path(struct buf *path, const char *no, const char *tail)
{
	buf_adds(path, "/admin/cases/");
	command_escape(path, no);
	buf_adds(path, tail);
}

static enum err fetch_case(struct office *f, const char *no, json **root)
{
	struct buf path = {0};
	struct admin_request r = {.method = "GET"};
	enum err e;

	case_path(&path, no, "");
	r.path = path.data;
	e = ask(f, &r, root);
	buf_fini(&path);
	return e;
}

/* ---- what a case waits for ---- */

static unsigned running_number(const char *no)
{
	size_t len = strlen(no);

	return (unsigned)strtoul(len > RUNNING_DIGITS ? no + len - RUNNING_DIGITS : no, NULL, 10);
}

static int64_t moment_of(const json *event)
{
	const char *at = json_get_str(event, "at");
	int64_t ms = 0;

	return at != NULL && clock_parse_iso(at, &ms) ? ms : 0;
}

static unsigned done_by_office(const json *history)
{
	const json *e;
	enum case_act act;
	unsigned done = 0;

	for (e = json_first(history); e != NULL; e = json_next(e))
		if (json_get(e, "facts") != NULL && case_act_parse(json_get_str(e, "kind"), &act))
			done |= 1u << act;
	return done;
}

static int32_t day_of(const json *root, const char *name)
{
	const char *text = json_get_str(root, name);
	struct date d;

	return text != NULL && date_parse(text, &d) ? date_to_day(d) : 0;
}

/* Working days between the acceptance and the day promised. */
static int limit_days(const json *root)
{
	int32_t from = day_of(root, "accepted_date"), to = day_of(root, "due_date");

	return from == 0 || to <= from ? 0 : (int)calendar_count(calendar_shipped(), from + 1, to);
}

static int64_t wait_ms(
	const struct office *f, const struct office_rule *rule, const json *root, int spread_s)
{
	int64_t s = rule->after;

	if (rule->unit != WAIT_SECONDS)
		s *= f->o->day_s;
	if (rule->unit == WAIT_LIMIT)
		s += (int64_t)limit_days(root) * f->o->day_s;
	if (s < 0)
		s = 0;
	return (s + spread_s) * 1000 / f->o->speed;
}

static struct waiting *find_waiting(struct office *f, const char *no)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (strcmp(f->list[i].no, no) == 0)
			return &f->list[i];
	return NULL;
}

static void drop(struct office *f, const char *no)
{
	struct waiting *w = find_waiting(f, no);

	if (w == NULL)
		return;
	free(w->material);
	*w = f->list[--f->count];
}

static char *pick_material(const json *root, const struct office_look *l)
{
	const json *list = json_get(root, "materials"), *m = json_first(list);
	unsigned n = office_rules_draw(l, 2, (unsigned)json_count(list));

	while (n-- > 0 && m != NULL)
		m = json_next(m);
	return json_str(m) != NULL ? mem_strdup(json_str(m)) : NULL;
}

static void put_waiting(struct office *f, const char *no, const json *root)
{
	const json *history = json_get(root, "history"), *newest = json_first(history);
	struct office_look look = {
		.task_code = json_get_str(root, "task_code"),
		.task_name = json_get_str(root, "task_name"),
		.running = running_number(no),
		.events = (unsigned)json_count(history),
		.done = done_by_office(history),
		.seed = f->o->seed,
	};
	const struct office_rule *rule;
	struct waiting *w;
	int spread_s = 0;

	drop(f, no);
	if (!case_state_parse(json_get_str(root, "state"), &look.state) || newest == NULL)
		return;
	rule = office_rules_pick(f->rules, &look, &spread_s);
	if (rule == NULL || !rule->acts)
		return;
	f->list = mem_resize(f->list, f->count + 1, sizeof *f->list);
	w = &f->list[f->count++];
	*w = (struct waiting){.due_ms = moment_of(newest) + wait_ms(f, rule, root, spread_s),
		.after_seq = json_get_int(newest, "seq", 0),
		.rule = rule,
		.material = pick_material(root, &look)};
	snprintf(w->no, sizeof w->no, "%s", no);
}

/* Looks at a case anew; what cannot be read now is read at its next change. */
static enum err look_at(struct office *f, const char *no)
{
	json *root = NULL;
	enum err e = fetch_case(f, no, &root);

	if (e == OK) {
		const char *whole = json_get_str(root, "project_no");
		put_waiting(f, whole != NULL ? whole : no, root);
	}
	json_free(root);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* ---- acting ---- */

/* "*: 不清楚": the material is one of the case's own. */
static void put_defects(struct buf *facts, const struct waiting *w)
{
	const char *at = w->rule->corrections;
	struct buf text = {0};

	for (; *at != '\0'; at++) {
		if (*at == '*')
			buf_adds(&text, w->material != NULL ? w->material : "申请材料");
		else
			buf_addc(&text, *at);
	}
	json_member(facts, "corrections");
	buf_addc(facts, '[');
	office_read_defects(facts, buf_str(&text));
	buf_addc(facts, ']');
	buf_fini(&text);
}

static void put_facts(struct buf *facts, const struct waiting *w)
{
	const struct office_rule *r = w->rule;

	buf_addc(facts, '{');
	if (*r->reason != '\0')
		json_member_str(facts, "reason", r->reason);
	if (r->days > 0)
		json_member_int(facts, r->act == ACT_SUSPEND ? "stopped_days" : "days", r->days);
	if (r->act == ACT_REQUEST_CORRECTION)
		put_defects(facts, w);
	if (r->act == ACT_DECIDE)
		json_member_str(facts, "result_type", r->denies ? "1" : "0");
	if (*r->documents != '\0') {
		json_member(facts, "documents");
		buf_addc(facts, '[');
		office_read_documents(facts, r->documents);
		buf_addc(facts, ']');
	}
	buf_addc(facts, '}');
}

static void put_request(struct buf *body, const struct waiting *w)
{
	const struct office_rule *r = w->rule;

	buf_addc(body, '{');
	json_member_str(body, "act", case_act_name(r->act));
	json_member_int(body, "after_seq", w->after_seq);
	if (*r->who != '\0')
		json_member_str(body, "handle_user_name", r->who);
	if (*r->note != '\0')
		json_member_str(body, "note", r->note);
	json_member(body, "facts");
	put_facts(body, w);
	buf_addc(body, '}');
}

struct bytes {
	const char *data;
	size_t len;
};

static ssize_t give(void *arg, char *out, size_t room)
{
	struct bytes *b = arg;
	size_t n = b->len < room ? b->len : room;

	memcpy(out, b->data, n);
	b->data += n;
	b->len -= n;
	return (ssize_t)n;
}

static void say(const struct office *f, const json *root)
{
	char when[16];

	if (f->o->quiet)
		return;
	printf("%s\t%s\t%s\t%s\t",
		clock_format(clock_wall_ms(&clock_system), "%H:%M:%S", when, sizeof when),
		json_get_str(root, "project_no"), json_get_str(root, "act"),
		json_get_str(root, "state"));
	command_put(json_get_str(root, "note"));
	putchar('\n');
	fflush(stdout);
}

/* The centre may refuse (the case has moved, something is owed): then it is looked at again when it
 * changes. */
static enum err act(struct office *f, const char *no)
{
	struct waiting *w = find_waiting(f, no);
	struct buf path = {0}, body = {0};
	struct bytes source;
	struct admin_request r = {.method = "POST", .more = give, .arg = &source};
	json *root = NULL;
	enum err e;

	case_path(&path, no, "/acts");
	put_request(&body, w);
	source = (struct bytes){body.data, body.len};
	r.path = path.data;
	e = ask(f, &r, &root);
	if (e == OK)
		say(f, root);
	if (e == OK || e == ERR_STATE || e == ERR_NOT_FOUND) {
		drop(f, no);
		if (e == OK && !f->o->once)
			e = look_at(f, no);
		else
			e = OK;
	}
	json_free(root);
	buf_fini(&path);
	buf_fini(&body);
	return e;
}

/* In the order in which they fall due. *next_ms: when the next one does; -1: none. */
static enum err act_on_due(struct office *f, int64_t now_ms, int64_t *next_ms)
{
	for (;;) {
		struct waiting *first = NULL;
		char no[NO_SIZE];
		size_t i;
		enum err e;

		for (i = 0; i < f->count; i++)
			if (first == NULL || f->list[i].due_ms < first->due_ms ||
				(f->list[i].due_ms == first->due_ms &&
					strcmp(f->list[i].no, first->no) < 0))
				first = &f->list[i];
		*next_ms = first != NULL ? first->due_ms : -1;
		if (first == NULL || first->due_ms > now_ms)
			return OK;
		memcpy(no, first->no, sizeof no);
		e = act(f, no);
		if (e != OK)
			return e;
	}
}

/* ---- which cases ---- */

struct listing {
	struct buf held;
	char (*numbers)[NO_SIZE];
	size_t count;
};

static void take_line(struct listing *l, const char *line, size_t len)
{
	json *row = NULL;
	enum case_state state;
	const char *no;

	if (json_parse(&row, line, len, NULL) == OK &&
		case_state_parse(json_get_str(row, "state"), &state) && !case_state_ended(state) &&
		(no = json_get_str(row, "project_no")) != NULL) {
		l->numbers = mem_resize(l->numbers, l->count + 1, sizeof *l->numbers);
		snprintf(l->numbers[l->count++], NO_SIZE, "%s", no);
	}
	json_free(row);
}

static void take_piece(void *arg, const char *data, size_t len_bytes)
{
	struct listing *l = arg;
	char *start, *end;

	buf_add(&l->held, data, len_bytes);
	start = l->held.data;
	while ((end = strchr(start, '\n')) != NULL) {
		take_line(l, start, (size_t)(end - start));
		start = end + 1;
	}
	len_bytes = l->held.len - (size_t)(start - l->held.data);
	memmove(l->held.data, start, len_bytes + 1);
	l->held.len = len_bytes;
}

static enum err list_cases(struct office *f)
{
	struct listing l = {0};
	struct admin_request r = {
		.method = "GET", .path = "/admin/cases", .piece = take_piece, .arg = &l};
	struct buf answer = {0}, why = {0};
	int status = 0;
	size_t i;
	enum err e;

	r.running = !f->o->once;
	e = admin_call(f->dir, &r, &status, &answer, &why);
	if (e == OK && status != 200)
		e = ERR_IO;
	for (i = 0; i < l.count && e == OK; i++)
		e = look_at(f, l.numbers[i]);
	free(l.numbers);
	buf_fini(&l.held);
	buf_fini(&answer);
	buf_fini(&why);
	return e;
}

/* Since the cursor; without one it only learns where it is. *more: there may be more at once. */
static enum err follow(struct office *f, bool *more)
{
	struct buf path = {0};
	struct admin_request r = {.method = "GET"};
	json *root = NULL;
	const json *one;
	const char *cursor;
	enum err e;

	buf_adds(&path, "/admin/changes");
	if (f->cursor[0] != '\0')
		buf_printf(&path, "?cursor=%s", f->cursor);
	r.path = path.data;
	e = ask(f, &r, &root);
	*more = json_count(json_get(root, "changes")) > 0;
	for (one = json_first(json_get(root, "changes")); one != NULL && e == OK;
		one = json_next(one))
		if (json_get_str(one, "project_no") != NULL)
			e = look_at(f, json_get_str(one, "project_no"));
	cursor = json_get_str(root, "cursor");
	if (e == OK && cursor != NULL)
		snprintf(f->cursor, sizeof f->cursor, "%s", cursor);
	json_free(root);
	buf_fini(&path);
	return e;
}

/* ---- the turns ---- */

static void pause_ms(int64_t ms)
{
	const struct timespec t = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

static enum err turn(struct office *f, int64_t *next_ms)
{
	bool more = true;
	enum err e = OK;

	if (f->cursor[0] == '\0') {
		e = follow(f, &more);
		if (e == OK)
			e = list_cases(f);
	}
	while (e == OK && more)
		e = follow(f, &more);
	return e == OK ? act_on_due(f, clock_wall_ms(&clock_system), next_ms) : e;
}

/* What it waits for, and for how long: said when the waiting begins. */
static void say_waiting(const struct office *f, bool heard, enum err e)
{
	struct buf line = {0};

	if (e != ERR_BUSY)
		buf_printf(&line, tr("%s 的中心没有答复 (%s)"), f->dir, err_text(e));
	else if (heard)
		buf_printf(&line, tr("%s 的中心停了"), f->dir);
	else
		buf_printf(&line, tr("%s 的中心没有开着"), f->dir);
	buf_printf(
		&line, tr(": 演示后台等它 %d 秒, 它在了就接着办; 不等了按 Ctrl-C"), f->o->wait_s);
	fprintf(stderr, "%s\n", line.data);
	buf_fini(&line);
}

static void say_gone(const struct office *f, bool heard)
{
	if (heard)
		fprintf(stderr, "%s\n", tr("中心已经停了, 演示后台也停下"));
	else
		fprintf(stderr,
			tr("等了 %d 秒, 演示后台停下: 请先开中心 (yimen-central --data %s --listen 主机:端口), "
			   "并检查 --data 是不是它的目录\n"),
			f->o->wait_s, f->dir);
}

/* The rest until the next turn. */
static int64_t rest_ms(int64_t next_ms)
{
	int64_t left = next_ms - clock_wall_ms(&clock_system);

	if (next_ms < 0 || left >= TURN_MS)
		return TURN_MS;
	return left > 10 ? left : 10;
}

static int keep_turning(struct office *f)
{
	int64_t heard_ms = clock_mono_ms(&clock_system), next_ms;
	bool heard = false, waiting = false;

	for (;;) {
		enum err e;
		next_ms = -1;
		e = turn(f, &next_ms);
		if (e == OK) {
			heard_ms = clock_mono_ms(&clock_system);
			heard = true;
		} else if (clock_mono_ms(&clock_system) - heard_ms > f->o->wait_s * INT64_C(1000)) {
			break;
		} else if (!waiting) {
			say_waiting(f, heard, e);
		}
		waiting = e != OK;
		pause_ms(rest_ms(next_ms));
	}
	say_gone(f, heard);
	return EXIT_ENV;
}

static int turn_once(struct office *f)
{
	int64_t next_ms;
	enum err e = list_cases(f);

	if (e == OK)
		e = act_on_due(f, clock_wall_ms(&clock_system), &next_ms);
	if (e != OK)
		fprintf(stderr, tr("演示后台没有办成: %s\n"), err_text(e));
	return (int)err_exit(e);
}

int backoffice_run(const char *dir, const struct backoffice_options *o)
{
	struct office f = {.dir = dir, .o = o};
	char *shipped = paths_share("data/demo/backoffice.csv");
	const char *file = o->rules != NULL ? o->rules : shipped;
	struct buf why = {0};
	enum err e = office_rules_read(&f.rules, file, &why);
	int code;

	if (e != OK) {
		fprintf(stderr, "%s\n", why.len > 0 ? why.data : err_text(e));
		code = EXIT_REFUSED;
	} else {
		code = o->once ? turn_once(&f) : keep_turning(&f);
	}
	while (f.count > 0)
		drop(&f, f.list[0].no);
	free(f.list);
	office_rules_free(f.rules);
	free(shipped);
	buf_fini(&why);
	return code;
}
