#include "core/station/documents/slip_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/deadline.h"
#include "core/domain/lifecycle.h"
#include "core/domain/workday.h"
#include "core/station/acts.h"
#include "core/station/catalogue.h"
#include "core/station/documents/slip_gather.h"
#include "core/station/matter.h"
#include "core/station/operator.h"
#include "core/station/promise.h"
#include "core/station/store.h"

static void put(struct buf *out, const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		json_member_str(out, key, value);
}

static void put_flag(struct buf *out, const char *key, bool yes)
{
	if (!yes)
		return;
	json_member(out, key);
	buf_adds(out, "true");
}

static void put_day(struct buf *out, const char *key, int32_t day)
{
	char text[DATE_SIZE];

	json_member_str(out, key, date_format(date_from_day(day), text));
}

static int32_t today(const struct slip_source *s)
{
	return clock_day(store_now_ms(s->store));
}

/* The window as the hall calls it: "03 综合受理" of the setting station.windows for 03. */
static void put_window(struct buf *out, const struct slip_source *s, const char *window)
{
	const char *at = conf_get(s->conf, "station.windows");
	size_t len = window != NULL ? strlen(window) : 0;

	while (len > 0 && at != NULL && *at != '\0') {
		char *one = mem_strndup(at, strcspn(at, ","));
		bool same;
		text_trim(one);
		same = strncmp(one, window, len) == 0 && one[len] == ' ';
		if (same)
			put(out, "window", one);
		free(one);
		if (same)
			return;
		at += strcspn(at, ",");
		at += *at == ',';
	}
	put(out, "window", window);
}

/* The name of a person, not the one to sign in with, is what stands on paper. */
static void put_clerk(struct buf *out, const struct slip_source *s, const char *operator_name)
{
	struct operator o = {0};

	if (operator_name != NULL && operator_get(s->store, operator_name, &o) == OK) {
		put(out, "clerk", o.full_name);
		operator_fini(&o);
	} else {
		put(out, "clerk", operator_shown(operator_name));
	}
}

/* The window, its telephone numbers, the day: what every slip says. */
static void put_hall(struct buf *out, const struct slip_source *s, const struct case_view *v)
{
	put(out, "hall", conf_get(s->conf, "hall.name"));
	put_window(out, s, s->window != NULL || v == NULL ? s->window : v->window);
	put(out, "window_phone", conf_get(s->conf, "hall.phone"));
	put(out, "supervise_phone", conf_get(s->conf, "hall.supervise"));
	put_clerk(out, s,
		s->operator_name != NULL || v == NULL ? s->operator_name : v->operator_name);
	put_day(out, "date", today(s));
}

/* ---- of a matter ---- */

static void put_limits(struct buf *out, const struct matter *m)
{
	put_flag(out, "instant", strcmp(m->project_type, "1") == 0 || m->promise_day == 0);
	if (m->promise_day > 0)
		json_member_int(out, "promise_days", m->promise_day);
	put_flag(out, "promise_calendar", *m->promise_type == 'Z');
	if (m->anticipate_day > 0)
		json_member_int(out, "legal_days", m->anticipate_day);
	put_flag(out, "legal_calendar", *m->anticipate_type == 'Z');
}

static void put_fees(struct buf *out, const struct matter *m)
{
	struct buf b = {0};

	for (size_t i = 0; i < m->fee_count; i++)
		buf_printf(&b, "%s%s %s", i ? "; " : "", m->fees[i].name, m->fees[i].stand);
	put(out, "fees", buf_str(&b));
	put_flag(out, "free", m->fee_count == 0 && m->is_fee == 0);
	buf_fini(&b);
}

static void put_matter(struct buf *out, const struct slip_source *s, const struct matter *m)
{
	struct buf version = {0};

	if (conf_get(s->conf, "hall.phone") == NULL)
		put(out, "window_phone", m->link_way);
	if (conf_get(s->conf, "hall.supervise") == NULL)
		put(out, "supervise_phone", m->supervise_way);
	put(out, "dept", m->dept_name);
	put_flag(out, "licence", strcmp(m->type, "01") == 0);
	put_limits(out, m);
	put_fees(out, m);
	put(out, "accept_condition", m->accept_condition);
	put(out, "special_procedure", m->special_procedure);
	put(out, "result", m->result_name);
	put(out, "place", m->transact_addr);
	put(out, "hours", m->transact_time);
	put(out, "by_law", m->by_law);
	buf_adds(&version, m->version);
	if (m->seq > 0)
		buf_printf(&version, "%s#%d", version.len ? " " : "", m->seq);
	put(out, "guide_version", buf_str(&version));
	buf_fini(&version);
}

static void put_copies(struct buf *out, int originals, int copies)
{
	if (originals >= 0)
		json_member_int(out, "originals", originals);
	if (copies >= 0)
		json_member_int(out, "copies", copies);
}

/* One paper to bring: its form, where to get it, what makes it good. */
static void put_bring(struct buf *out, const struct matter_material *x)
{
	struct buf form = {0}, note = {0};

	if (x->originals <= 0 && x->copies <= 0 && *x->kind != '\0')
		buf_printf(&form, "%s%s", x->kind, *x->format ? ", " : "");
	buf_adds(&form, x->format);
	if (x->need == MATTER_NEED_OPTIONAL)
		buf_adds(&note, "非必要");
	if (x->need == MATTER_NEED_DEFERRABLE)
		buf_adds(&note, "可容缺");
	if (*x->relevant != '\0')
		buf_printf(&note, "%s按情形", note.len ? ", " : "");
	json_comma(out);
	buf_addc(out, '{');
	json_member_str(out, "name", x->name);
	put(out, "form", buf_str(&form));
	put_copies(out, x->originals, x->copies);
	put(out, "how", *x->source_explain ? x->source_explain : x->source);
	put(out, "standard", x->accept_stand);
	put(out, "note", buf_str(&note));
	buf_addc(out, '}');
	buf_fini(&form);
	buf_fini(&note);
}

/* The papers of the matter: with a case those still missing or owed, else all not exempt. */
static void put_list_to_bring(struct buf *out, const struct matter *m, const json *received)
{
	json_member(out, "bring");
	buf_addc(out, '[');
	for (size_t i = 0; i < m->material_count; i++) {
		const struct matter_material *x = &m->materials[i];
		bool wanted = received == NULL && !x->exempt;
		for (const json *r = json_first(received); r != NULL && !wanted; r = json_next(r)) {
			const char *name = json_get_str(r, "material_name");
			const char *state = json_get_str(r, "state");
			wanted = name != NULL && state != NULL && strcmp(name, x->name) == 0 &&
				 (strcmp(state, "missing") == 0 || strcmp(state, "deferred") == 0);
		}
		if (wanted)
			put_bring(out, x);
	}
	buf_addc(out, ']');
}

/* ---- of a case ---- */

static bool is_state(const json *r, const char *state)
{
	const char *its = json_get_str(r, "state");

	return its != NULL && strcmp(its, state) == 0;
}

/* Of a material that came: here is what and how many. */
static void put_material(struct buf *out, const json *r)
{
	json_comma(out);
	buf_addc(out, '{');
	put(out, "name", json_get_str(r, "material_name"));
	put(out, "form", json_get_str(r, "get_type"));
	put_copies(out, (int)json_get_int(r, "originals", -1), (int)json_get_int(r, "copies", -1));
	put(out, "note",
		json_get_str(r, "note") != NULL ? json_get_str(r, "note")
						: json_get_str(r, "certificate"));
	if (is_state(r, "exempt"))
		put(out, "exempt", "1");
	buf_addc(out, '}');
}

/* A deferred one: due so many working days from today, when the guide says how many. */
static void put_owed(struct buf *out, const json *r, int32_t from_day)
{
	int days = (int)json_get_int(r, "deferral_days", 0);

	json_comma(out);
	buf_addc(out, '{');
	put(out, "name", json_get_str(r, "material_name"));
	put(out, "form", json_get_str(r, "get_type"));
	if (days > 0)
		put_day(out, "due_date", calendar_add(calendar_shipped(), from_day, days));
	buf_addc(out, '}');
}

static void put_materials(struct buf *out, const json *all, int32_t from_day)
{
	static const struct {
		const char *list, *state;
	} lists[] = {{"materials", "received"}, {"owed", "deferred"}};

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		json_member(out, lists[i].list);
		buf_addc(out, '[');
		for (const json *r = json_first(all); r != NULL; r = json_next(r)) {
			if (!is_state(r, lists[i].state))
				continue;
			if (i == 0)
				put_material(out, r);
			else
				put_owed(out, r, from_day);
		}
		buf_addc(out, ']');
	}
}

static void put_at_hand(struct buf *out, const json *all)
{
	json_member(out, "at_hand");
	buf_addc(out, '[');
	for (const json *r = json_first(all); r != NULL; r = json_next(r)) {
		if (is_state(r, "received") || is_state(r, "exempt"))
			put_material(out, r);
	}
	buf_addc(out, ']');
}

/* The first of several answers that there is. */
static const char *answer(const json *answers, const char *const *names)
{
	for (; *names != NULL; names++) {
		const char *v = json_get_str(answers, *names);
		if (v != NULL && *v != '\0')
			return v;
	}
	return NULL;
}

static void put_person(struct buf *out, const struct slip_gathered *g)
{
	static const char *const addresses[] = {"applicant_address", "org_address", NULL};
	static const char *const contacts[] = {"org_contact", "applicant_name", NULL};
	static const char *const agents[] = {"agent_name", NULL};
	const json *answers = json_get(g->body, "answers");

	put(out, "applicant", g->view.applyer_name);
	put(out, "recipient", g->view.applyer_name);
	put(out, "applicant_type", json_get_str(g->body, "applyer_type"));
	put(out, "agent", answer(answers, agents));
	put(out, "contact", answer(answers, contacts));
	put(out, "contact_mobile", json_get_str(g->body, "contact_mobile"));
	put(out, "address", answer(answers, addresses));
}

/* Where the public asks: said, or the centre that is set or enrolled at; free() it, NULL: none. */
static char *public_address(const struct slip_source *s)
{
	static const char *const settings[] = {"centre.public_url", "centre.url"};

	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		const char *set = conf_get(s->conf, settings[i]);
		if (set != NULL && *set != '\0')
			return mem_strdup(set);
	}
	return store_get(s->store, "centre.url");
}

/*
 * The address of the public query: the case by its id, which nobody can guess or count through and
 * which is there before the centre has given a number. A bundle is not known at the centre: the
 * page asks for a number of its cases. Without an address no code is printed.
 */
static void put_query(struct buf *out, const struct slip_source *s, const struct case_view *v)
{
	char *base = public_address(s);
	struct buf url = {0};
	size_t len = base != NULL ? strlen(base) : 0;

	while (len > 0 && base[len - 1] == '/')
		len--;
	if (len > 0) {
		buf_add(&url, base, len);
		buf_adds(&url, "/q");
		if (strcmp(v->state, CASE_BUNDLE) != 0)
			buf_printf(&url, "/%s", v->id);
		json_member_str(out, "query_url", buf_str(&url));
	}
	free(base);
	buf_fini(&url);
}

/* The clock begins at this moment and runs for the promised time. */
static void put_due(
	struct buf *out, const struct slip_source *s, const struct matter *m, int64_t from_ms)
{
	struct deadline due;

	if (m == NULL || !promise_due(m, from_ms, promise_closing(s->conf), &due))
		return;
	put_day(out, "due_date", due.day);
	put_flag(out, "provisional", due.provisional);
}

static void put_documents(struct buf *out, const struct matter *m)
{
	json_member(out, "documents");
	buf_addc(out, '[');
	if (m != NULL && *m->result_name != '\0') {
		buf_addc(out, '{');
		json_member_str(out, "name", m->result_name);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

/* What a case in its state has: one that is only received has no day of acceptance and no clock
 * that runs, one that is not decided no result, and no paper may say so. A bundle has none of
 * these, its members have. */
static bool has(const struct case_view *v, enum slip k)
{
	enum case_state state;

	return case_state_parse(v->state, &state) && slip_is_of(k, state);
}

/* The day the clock of a case that had stopped runs from, and when it ends. */
static void put_restart(struct buf *out, const struct slip_source *s, const struct slip_gathered *g,
	int64_t from_ms)
{
	int32_t due;

	put_day(out, "supplement_date", clock_day(from_ms));
	if (strcmp(g->view.state, case_state_name(CASE_ACCEPTED)) == 0 &&
		due_of_case(s->store, g->view.id, &due))
		put_day(out, "due_date", due);
	else
		put_due(out, s, g->matter, from_ms);
}

/* What belongs to one kind of slip only. restart_ms: the clock had stopped and runs since then;
 * 0: it had not. */
static void put_of_kind(struct buf *out, const struct slip_source *s, enum slip k,
	const struct slip_gathered *g, int64_t restart_ms)
{
	const json *materials = json_get(g->body, "materials");
	long days = conf_get_long(s->conf, "hall.correction_days", SUPPLEMENT_DAYS);

	put_materials(out, materials, g->from_day);
	if (k == SLIP_ACCEPTANCE && has(&g->view, k)) {
		put_due(out, s, g->matter, store_now_ms(s->store));
		put_day(out, "accept_date", g->from_day);
	}
	if (restart_ms > 0)
		put_restart(out, s, g, restart_ms);
	if (k == SLIP_CORRECTION) {
		json_member_int(out, "supplement_days", days);
		put_day(out, "last_day",
			deadline_supplement(calendar_shipped(), g->from_day, (int)days));
	}
	if (k == SLIP_NOTICE) {
		put_at_hand(out, materials);
		if (g->matter != NULL)
			put_list_to_bring(out, g->matter, materials);
	}
	if (k == SLIP_DELIVERY && has(&g->view, k))
		put_documents(out, g->matter);
	if (k == SLIP_HANDOVER && g->matter != NULL)
		put(out, "handover_to", g->matter->dept_name);
}

static void put_case(struct buf *out, const struct slip_source *s, enum slip k,
	const struct slip_gathered *g, int64_t restart_ms)
{
	const char *number =
		g->view.project_no != NULL ? g->view.project_no : g->view.local_receipt;

	put_hall(out, s, &g->view);
	put(out, "case_no", number);
	put(out, "local_receipt", g->view.local_receipt);
	put(out, "query_password", g->view.query_password);
	put_query(out, s, &g->view);
	put(out, "matter", g->view.task_name);
	put(out, "matter_code", g->view.task_code);
	if (g->matter != NULL)
		put_matter(out, s, g->matter);
	put_person(out, g);
	if (g->view.submitted_ms > 0)
		put_day(out, "received_date", clock_day(g->view.submitted_ms));
	put_of_kind(out, s, k, g, restart_ms);
}

/* ---- together ---- */

/* A moment stands on paper as people write it. */
static void put_fact(struct buf *out, const json *m)
{
	char *text = json_str(m) != NULL ? mem_strdup(json_str(m)) : NULL;

	if (text != NULL) {
		text_moment(text);
		json_member_str(out, json_key(m), text);
	} else {
		json_member(out, json_key(m));
		json_write(out, m);
	}
	free(text);
}

void slip_facts_merge(struct buf *out, const json *base, const json *over)
{
	buf_addc(out, '{');
	for (const json *m = json_first(over); m != NULL; m = json_next(m))
		put_fact(out, m);
	for (const json *m = json_first(base); m != NULL; m = json_next(m))
		if (json_get(over, json_key(m)) == NULL)
			put_fact(out, m);
	buf_addc(out, '}');
}

/* What the station found, what was decided, and what a person adds, each before the last. */
static enum err finish(struct buf *out, const struct buf *found, const struct buf *decided,
	const struct slip_source *s, struct buf *why)
{
	json *base = NULL, *act = NULL, *both = NULL;
	struct buf joined = {0};
	enum err e = json_parse(&base, buf_str(found), found->len, why);

	if (e == OK && decided->len > 0)
		e = json_parse(&act, decided->data, decided->len, why);
	if (e == OK) {
		slip_facts_merge(&joined, base, act);
		e = json_parse(&both, joined.data, joined.len, why);
	}
	if (e == OK)
		slip_facts_merge(out, both, s->given);
	json_free(base);
	json_free(act);
	json_free(both);
	buf_fini(&joined);
	return e;
}

/* Since when the clock runs again, 0: it had not stopped, or does not run. What was decided is then
 * of a corrected version that came later, or of another time: nothing of it is left. */
static int64_t restarted(struct buf *decided, int64_t decided_ms, const struct slip_source *s,
	const struct slip_gathered *g)
{
	int64_t corrected_ms = slip_corrected_at(s->store, g), at_ms = decided_ms;
	json *said = NULL;
	struct date d;

	if (!has(&g->view, SLIP_RESTART) || corrected_ms > decided_ms) {
		buf_clear(decided);
		return has(&g->view, SLIP_RESTART) ? corrected_ms : 0;
	}
	if (decided->len > 0 && json_parse(&said, decided->data, decided->len, NULL) == OK &&
		json_get_str(said, "supplement_date") != NULL &&
		date_parse(json_get_str(said, "supplement_date"), &d))
		at_ms -= (int64_t)(clock_day(at_ms) - date_to_day(d)) * 86400 * 1000;
	json_free(said);
	return at_ms;
}

enum err slip_facts_of_case(struct buf *out, const struct slip_source *s, enum slip k,
	const char *any_number, char case_id[ID_UUID_SIZE], struct buf *why)
{
	struct slip_gathered g = {0};
	struct buf found = {0}, decided = {0};
	int64_t at_ms, restart_ms = 0;
	enum err e = slip_gather(&g, s, any_number);

	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("本机没有办件 %s, 请用 yimen case list 查看"), any_number);
	else if (e != OK)
		buf_why(why, tr("办件 %s 读不出来: %s"), any_number, err_text(e));
	if (e != OK)
		return e;
	at_ms = slip_decided(&decided, s->store, k, g.view.id);
	if (k == SLIP_RESTART)
		restart_ms = restarted(&decided, at_ms, s, &g);
	buf_addc(&found, '{');
	put_case(&found, s, k, &g, restart_ms);
	buf_addc(&found, '}');
	snprintf(case_id, sizeof g.view.id, "%s", g.view.id);
	e = finish(out, &found, &decided, s, why);
	buf_fini(&found);
	buf_fini(&decided);
	slip_gathered_fini(&g);
	return e;
}

enum err slip_facts_of_matter(
	struct buf *out, const struct slip_source *s, const char *code, struct buf *why)
{
	struct matter *m = NULL;
	struct buf found = {0};
	const struct buf nothing = {0};
	enum err e = catalogue_get(s->catalogue, code, &m);

	if (e != OK) {
		buf_why(why,
			tr("没有号码为 %s 的办件, 事项目录里也没有这个编码, 请用 yimen search 查找"),
			code);
		return e;
	}
	buf_addc(&found, '{');
	put_hall(&found, s, NULL);
	json_member_str(&found, "matter", m->name);
	json_member_str(&found, "matter_code", m->code);
	put_matter(&found, s, m);
	put_list_to_bring(&found, m, NULL);
	buf_addc(&found, '}');
	e = finish(out, &found, &nothing, s, why);
	buf_fini(&found);
	matter_free(m);
	return e;
}

enum err slip_facts_of(struct buf *out, const struct slip_source *s, enum slip k,
	const char *number, char case_id[ID_UUID_SIZE], struct buf *why)
{
	struct case_view c;

	case_id[0] = '\0';
	if (k == SLIP_NOTICE && case_get(s->store, number, &c) != OK)
		return slip_facts_of_matter(out, s, number, why);
	if (k == SLIP_NOTICE)
		case_view_fini(&c);
	return slip_facts_of_case(out, s, k, number, case_id, why);
}
