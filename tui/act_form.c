#include "tui/act_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "core/station/outbox.h"
#include "core/station/owed.h"
#include "core/station/promise.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "forms/form_library.h"
#include "forms/instance.h"

enum {
	DEFERRAL_DAYS = 5 /* working days for what is owed when the guide does not say */
};

/* What the answers that are put in come from. */
struct known {
	struct act_form *f;
	const struct case_view *v;
	struct matter *matter; /* NULL: no longer in the catalogue */
	json *letter;	       /* the application as submitted last; NULL */
	int32_t today;
	int correction_days;
};

/* ---- the definition ---- */

/* As it was installed; a hall has no others. */
static enum err read_form(struct act_form *f, struct buf *why)
{
	struct buf name = {0}, faults = {0};
	char *path;
	enum err e;

	buf_printf(&name, "forms/acts/%s", case_act_letter(f->act));
	path = paths_share(name.data);
	e = form_read(&f->form, path, &faults);
	if (e != OK)
		buf_why(why, tr("办理表单 %s 有错: %s"), path, buf_str(&faults));
	free(path);
	buf_fini(&name);
	buf_fini(&faults);
	return e;
}

/* The materials of the case are what can be wrong or be supplied. */
static void offer_materials(struct known *k)
{
	const json *list = json_get(k->letter, "materials"), *m;
	const char **names = mem_array(json_count(list) + 1, sizeof *names);
	size_t n = 0;

	for (m = json_first(list); m != NULL; m = json_next(m))
		if (json_get_str(m, "material_name") != NULL)
			names[n++] = json_get_str(m, "material_name");
	form_offer(k->f->form, "materials", names, n, false);
	free(names);
}

struct owed_names {
	const char **list;
	size_t count;
};

static void add_owed(void *arg, const struct owed *o)
{
	struct owed_names *n = arg;

	if (o->supplied_ms != 0)
		return;
	n->list = mem_resize(n->list, n->count + 1, sizeof *n->list);
	n->list[n->count++] = mem_strdup(o->material);
}

/* What is still owed: that alone can be supplied. */
static void offer_owed(struct known *k)
{
	struct owed_names names = {0};
	size_t i;

	owed_each(k->f->store, k->v->id, add_owed, &names);
	form_offer(k->f->form, "owed", names.list, names.count, true);
	for (i = 0; i < names.count; i++)
		free((char *)(uintptr_t)names.list[i]);
	free(names.list);
}

/* ---- what is known already ---- */

static void put(struct known *k, const char *place, const char *value)
{
	if (value != NULL && value[0] != '\0')
		entry_set_place(k->f->entry, place, value);
}

static void put_day(struct known *k, const char *place, int32_t day)
{
	char text[DATE_SIZE];

	put(k, place, date_format(date_from_day(day), text));
}

/* The promised last day counted from now, never later than the law's; false: neither is said. */
static bool promised_day(const struct known *k, int32_t *out)
{
	struct conf *c = NULL;
	struct deadline due;
	bool said;

	if (k->matter == NULL)
		return false;
	settings_load(&c, store_home(k->f->store), NULL);
	said = promise_due(k->matter, store_now_ms(k->f->store), promise_closing(c), &due);
	if (said)
		*out = due.day;
	conf_free(c);
	return said;
}

static void put_owed(struct known *k)
{
	const json *m;
	char place[64];
	int n = 0;

	for (m = json_first(json_get(k->letter, "materials")); m != NULL; m = json_next(m)) {
		const char *name = json_get_str(m, "material_name");
		const char *state = json_get_str(m, "state");
		if (name == NULL || state == NULL || strcmp(state, "deferred") != 0)
			continue;
		n++;
		snprintf(place, sizeof place, "owed[%d]/name", n);
		put(k, place, name);
		snprintf(place, sizeof place, "owed[%d]/form", n);
		put(k, place, json_get_str(m, "get_type"));
		snprintf(place, sizeof place, "owed[%d]/due_date_owed", n);
		put_day(k, place,
			calendar_add(calendar_shipped(), k->today,
				(int)json_get_int(m, "deferral_days", DEFERRAL_DAYS)));
	}
}

static void prefill_accept(struct known *k)
{
	int32_t day;

	if (promised_day(k, &day)) {
		put_day(k, "latest_date", day);
		put_day(k, "due_date", day);
	}
	put_owed(k);
}

/* The clock stood still since the case was suspended: as many working days later. */
static void prefill_resume(struct known *k)
{
	const struct calendar *c = calendar_shipped();
	struct buf facts = {0};
	json *accepted = NULL;
	struct date due;
	int64_t since_ms;
	int stopped;
	char text[16];

	if (act_facts(k->f->store, k->v->id, ACT_SUSPEND, &facts, &since_ms) == OK) {
		const struct stop stop = {clock_day(since_ms), k->today};
		stopped = deadline_stopped(c, &stop, 1, 'G');
		snprintf(text, sizeof text, "%d", stopped);
		put(k, "stopped_days", text);
		buf_clear(&facts);
		if (act_facts(k->f->store, k->v->id, ACT_ACCEPT, &facts, NULL) == OK &&
			json_parse(&accepted, buf_str(&facts), facts.len, NULL) == OK &&
			json_get_str(accepted, "due_date") != NULL &&
			date_parse(json_get_str(accepted, "due_date"), &due))
			put_day(k, "due_date", calendar_add(c, date_to_day(due), stopped));
		json_free(accepted);
	}
	buf_fini(&facts);
}

/* The documents as the back office named them, else what the matter results in. */
static void put_documents(struct known *k)
{
	static const char *const members[] = {"name", "number", "count"};
	struct buf facts = {0}, value = {0};
	json *decided = NULL;
	const json *one;
	char place[64];
	int n = 0;

	if (act_facts(k->f->store, k->v->id, ACT_DECIDE, &facts, NULL) == OK)
		json_parse(&decided, buf_str(&facts), facts.len, NULL);
	for (one = json_first(json_get(decided, "documents")); one != NULL; one = json_next(one)) {
		n++;
		for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
			const char *text = json_get_str(one, members[i]);
			buf_clear(&value);
			if (text == NULL && json_get_int(one, members[i], 0) > 0)
				buf_printf(&value, "%lld",
					(long long)json_get_int(one, members[i], 0));
			snprintf(place, sizeof place, "documents[%d]/%s", n, members[i]);
			put(k, place, text != NULL ? text : buf_str(&value));
		}
	}
	if (n == 0)
		put(k, "documents[1]/name", k->matter != NULL ? k->matter->result_name : "");
	json_free(decided);
	buf_fini(&facts);
	buf_fini(&value);
}

static void prefill_deliver(struct known *k)
{
	char now[24];
	struct conf *c = NULL;

	put(k, "recipient", k->v->applyer_name);
	put(k, "delivery_time",
		clock_format(store_now_ms(k->f->store), "%Y-%m-%d %H:%M", now, sizeof now));
	settings_load(&c, store_home(k->f->store), NULL);
	put(k, "delivery_place", conf_get(c, "hall.name"));
	conf_free(c);
	put_documents(k);
}

/* A single one that is owed is what has come. */
static void prefill_supply(struct known *k)
{
	struct owed_names names = {0};
	size_t i;

	owed_each(k->f->store, k->v->id, add_owed, &names);
	if (names.count == 1)
		put(k, "supplied", names.list[0]);
	put(k, "supplied_by", k->v->applyer_name);
	for (i = 0; i < names.count; i++)
		free((char *)(uintptr_t)names.list[i]);
	free(names.list);
}

/* What was accepted is returned because something owed did not come. */
static void prefill_return(struct known *k)
{
	struct owed_names names = {0};
	struct buf reason = {0};
	size_t i;

	if (strcmp(k->v->state, case_state_name(CASE_ACCEPTED)) != 0)
		return;
	owed_each(k->f->store, k->v->id, add_owed, &names);
	buf_adds(&reason, "容缺材料逾期没有补交: ");
	for (i = 0; i < names.count; i++) {
		buf_printf(&reason, "%s%s", i > 0 ? "、" : "", names.list[i]);
		free((char *)(uintptr_t)names.list[i]);
	}
	put(k, "reason", buf_str(&reason));
	free(names.list);
	buf_fini(&reason);
}

static void prefill(struct known *k)
{
	switch (k->f->act) {
	case ACT_ACCEPT:
		prefill_accept(k);
		break;
	case ACT_REQUEST_CORRECTION:
		put_day(k, "last_day",
			deadline_supplement(calendar_shipped(), k->today, k->correction_days));
		break;
	case ACT_RESUME:
		prefill_resume(k);
		break;
	case ACT_DELIVER:
		prefill_deliver(k);
		break;
	case ACT_SUPPLY:
		prefill_supply(k);
		break;
	case ACT_RETURN:
		prefill_return(k);
		break;
	default:
		break;
	}
}

/* ---- opening ---- */

static enum err check_open(
	struct store *s, const struct case_view *v, enum case_act act, struct buf *why)
{
	enum case_act open[CASE_ACT__MAX];
	enum case_state from, to;
	const char *reason = "";
	size_t n = acts_open_for(s, v->id, v->state, open), i;

	for (i = 0; i < n; i++)
		if (open[i] == act)
			return OK;
	if (case_state_parse(v->state, &from) &&
		lifecycle_next(
			from, act, act == ACT_VOID ? ACTOR_SECOND : ACTOR_WINDOW, &to, &reason))
		reason = act_obstacle(s, v->id, v->state, act);
	buf_why(why, tr("现在是“%s”, 不能%s: %s。"), case_state_label_of(v->state),
		case_act_label(act), reason);
	return ERR_STATE;
}

static void learn(struct known *k, struct catalogue *catalogue)
{
	struct letter l;

	if (catalogue == NULL || catalogue_get(catalogue, k->v->task_code, &k->matter) != OK)
		k->matter = NULL;
	if (outbox_get_application(k->f->store, k->v->id, &l) != OK)
		return;
	if (l.body == NULL || json_parse(&k->letter, l.body, l.body_len, NULL) != OK)
		k->letter = NULL;
	letter_fini(&l);
}

enum err act_form_open(struct act_form **out, struct store *s, struct catalogue *catalogue,
	const char *any_number, enum case_act act, int correction_days, struct buf *why)
{
	struct act_form *f;
	struct case_view v;
	struct known k = {.v = &v, .correction_days = correction_days};
	enum err e = case_get(s, any_number, &v);

	if (e != OK) {
		buf_why(why, tr("本机没有 %s 这一件"), any_number);
		return e;
	}
	f = mem_alloc(sizeof *f);
	f->store = s;
	f->act = act;
	memcpy(f->case_id, v.id, sizeof f->case_id);
	k.f = f;
	k.today = clock_day(store_now_ms(s));
	e = check_open(s, &v, act, why);
	if (e == OK)
		e = read_form(f, why);
	if (e == OK) {
		learn(&k, catalogue);
		offer_materials(&k);
		offer_owed(&k);
		f->entry = entry_new(f->form, store_clock(s));
		entry_identify(f->entry, f->case_id);
		prefill(&k);
		json_free(k.letter);
		matter_free(k.matter);
		*out = f;
	} else {
		act_form_free(f);
	}
	case_view_fini(&v);
	return e;
}

void act_form_free(struct act_form *f)
{
	if (f == NULL)
		return;
	entry_free(f->entry);
	form_free(f->form);
	free(f);
}

/* ---- doing it ---- */

enum err act_form_check(struct act_form *f, struct buf *why)
{
	const struct entry_fault *faults;
	size_t n = entry_check(f->entry, &faults), i;

	for (i = 0; i < n && why != NULL; i++)
		buf_printf(why, "%s%s: %s", i > 0 ? "\n" : "",
			entry_node_label(f->entry, faults[i].node), faults[i].message);
	return n > 0 ? ERR_INVALID : OK;
}

/* Names of choices have their blanks again (form_offer). */
static void break_names(struct buf *out, const char *json_text)
{
	const char *at;

	for (; (at = strstr(json_text, "\xC2\xA0")) != NULL; json_text = at + 2) {
		buf_add(out, json_text, (size_t)(at - json_text));
		buf_addc(out, ' ');
	}
	buf_adds(out, json_text);
}

void act_form_facts(struct act_form *f, struct buf *out)
{
	struct buf answers = {0};

	entry_json(f->entry, &answers);
	break_names(out, buf_str(&answers));
	buf_fini(&answers);
}

enum err act_form_do(struct act_form *f, const struct act_by *by, struct buf *why)
{
	struct buf facts = {0}, accepted = {0};
	struct act_order o = {.case_number = f->case_id,
		.act = f->act,
		.station = by->station,
		.operator_name = by->operator_name,
		.window = by->window,
		.second = by->second};
	enum err e = act_form_check(f, why);

	if (e != OK)
		return e;
	act_form_facts(f, &facts);
	entry_accepted_sent(f->entry, &accepted);
	o.facts = facts.data;
	o.accepted = accepted.data;
	e = act_do(f->store, &o, why);
	buf_fini(&facts);
	buf_fini(&accepted);
	return e;
}
