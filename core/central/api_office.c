/* The back office at work on one case: its papers, and POST /admin/cases/{project_no}/acts. */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"
#include "core/central/dossier.h"
#include "core/central/form_rules.h"
#include "core/central/office.h"
#include "core/domain/lifecycle.h"

/* ---- what the papers of a case say ---- */

static void write_day(struct buf *b, const char *name, int32_t day)
{
	char text[DATE_SIZE];

	if (day != 0)
		json_member_str(b, name, date_format(date_from_day(day), text));
}

static void write_names(struct buf *b, const json *materials)
{
	const json *m;

	json_member(b, "materials");
	buf_addc(b, '[');
	for (m = json_first(materials); m != NULL; m = json_next(m)) {
		const char *state = json_get_str(m, "state");
		if (json_get_str(m, "material_name") == NULL ||
			(state != NULL && strcmp(state, "received") != 0))
			continue;
		json_comma(b);
		json_put_str(b, json_get_str(m, "material_name"));
	}
	buf_addc(b, ']');
}

/* A list of accepted warnings; act: of whose form, NULL: of the application. The labels of its form
 * are asked for in the language of who reads; others came with the letter. */
static void write_list(
	struct api *a, struct buf *b, const json *application, const json *list, const char *act)
{
	const json *w = json_first(list);

	for (; w != NULL; w = json_next(w)) {
		const char *place = json_get_str(w, "field");
		const char *label =
			application != NULL ? form_rules_label(a->forms, application, place) : NULL;
		json_comma(b);
		buf_addc(b, '{');
		json_member_str(b, "act", act);
		json_member_str(b, "field", place);
		json_member_str(b, "label", label != NULL ? label : json_get_str(w, "label"));
		json_member_str(b, "rule", json_get_str(w, "rule"));
		json_member_str(b, "reason", json_get_str(w, "reason"));
		json_member_str(b, "message", json_get_str(w, "message"));
		buf_addc(b, '}');
	}
}

/* What was rare and may be true: whoever decides reads why the window took it. */
static void write_reasons(struct api *a, struct buf *b, const struct dossier *d)
{
	json_member(b, "accepted_warnings");
	buf_addc(b, '[');
	write_list(a, b, NULL, json_get(d->application, "situation_warnings"), NULL);
	write_list(a, b, d->application, json_get(d->application, "accepted_warnings"), NULL);
	for (size_t i = 0; i < d->warned_count; i++)
		write_list(a, b, NULL, json_get(d->warned[i].letter, "accepted_warnings"),
			d->warned[i].kind);
	buf_addc(b, ']');
}

void api_write_dossier(struct api *a, const char *project_no, struct buf *b)
{
	struct dossier d;
	size_t i;

	if (dossier_read(&d, a->store, project_no) != OK)
		return;
	write_names(b, json_get(d.application, "materials"));
	write_reasons(a, b, &d);
	write_day(b, "accepted_date", d.accepted_day);
	write_day(b, "due_date", d.due_day);
	json_member(b, "owed");
	buf_addc(b, '[');
	for (i = 0; i < d.owed_count; i++) {
		json_comma(b);
		buf_addc(b, '{');
		json_member_str(b, "name", d.owed[i].name);
		write_day(b, "due_date", d.owed[i].day);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	dossier_fini(&d);
}

/* ---- an act ---- */

struct deciding {
	struct office_case office;
	struct dossier dossier;
	enum case_act act;
	char project_no[PROJECT_NO_SIZE], state[CASE_STATE_SIZE];
	struct buf task_code;
	json *request, *matter, *kept;
	struct buf facts, note;
	struct problem problem;
	const char *why; /* of the state machine */
};

static void deciding_fini(struct deciding *d)
{
	dossier_fini(&d->dossier);
	buf_fini(&d->task_code);
	json_free(d->request);
	json_free(d->matter);
	json_free(d->kept);
	buf_fini(&d->facts);
	buf_fini(&d->note);
	problem_fini(&d->problem);
}

static void take_case(void *arg, const struct case_record *c)
{
	struct deciding *d = arg;

	strncat(d->project_no, c->project_no, sizeof d->project_no - 1);
	strncat(d->state, c->state, sizeof d->state - 1);
	buf_adds(&d->task_code, c->task_code);
}

static const char *judge(void *arg, const char *from)
{
	struct deciding *d = arg;
	enum case_state before, after;

	d->why = tr("办件的状态是本程序不认识的, 请升级中心的程序");
	return case_state_parse(from, &before) &&
			       lifecycle_next(before, d->act, ACTOR_OFFICE, &after, &d->why)
		       ? case_state_name(after)
		       : NULL;
}

/* It may not be in the catalogue any more. */
static enum err read_matter(struct api *a, struct deciding *d)
{
	struct buf body = {0};
	enum err e = a->store->ops->matter_get(a->store, buf_str(&d->task_code), &body);

	if (e == OK && json_parse(&d->matter, buf_str(&body), body.len, NULL) != OK)
		d->matter = NULL;
	buf_fini(&body);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The case, its file and its matter; answers and returns false when there is none. */
static bool find(struct api *a, struct exchange *x, struct deciding *d, const char *no)
{
	enum err e = a->store->ops->case_get(a->store, no, take_case, d);

	if (e == OK)
		e = dossier_read(&d->dossier, a->store, d->project_no);
	if (e == OK)
		e = read_matter(a, d);
	if (e == ERR_NOT_FOUND)
		problem_say(x, PROBLEM_NO_CASE, tr("没有编号为 %s 的办件"), no);
	else if (e != OK)
		api_store_failed(x);
	if (e != OK)
		return false;
	d->office = (struct office_case){
		.project_no = d->project_no,
		.dossier = &d->dossier,
		.matter = d->matter,
		.now_ms = api_now_ms(a),
	};
	return true;
}

static bool refuse(struct exchange *x, const struct deciding *d, const char *why)
{
	problem_say_at(x, PROBLEM_CASE_STATE, "pointer", "/act", "state",
		tr("现在是“%s”, 不能%s: %s。"), case_state_label_of(d->state),
		case_act_label(d->act), why);
	return false;
}

/* Possible in this state, and nothing else stands in the way. */
static bool may(struct exchange *x, struct deciding *d)
{
	struct buf why = {0};
	bool good = true;

	if (judge(d, d->state) == NULL)
		good = refuse(x, d, d->why);
	else if (office_forbids(&d->office, d->act, &why))
		good = refuse(x, d, buf_str(&why));
	buf_fini(&why);
	return good;
}

static bool draft(struct exchange *x, struct deciding *d)
{
	const char *note = json_get_str(d->request, "note");
	enum err e = office_facts(&d->office, d->act, json_get(d->request, "facts"),
		json_get_str(d->request, "handle_user_name"), &d->facts, &d->problem);

	if (e != OK) {
		d->problem.type = PROBLEM_INVALID;
		problem_answer(x, &d->problem);
		return false;
	}
	if (json_parse(&d->kept, buf_str(&d->facts), d->facts.len, NULL) != OK)
		return true;
	if (note != NULL && *note != '\0')
		buf_adds(&d->note, note);
	else
		office_note(d->act, d->kept, &d->note);
	return true;
}

static void carry_out(struct api *a, struct exchange *x, struct deciding *d)
{
	const struct case_advance advance = {
		.project_no = d->project_no,
		.kind = case_act_name(d->act),
		.note = d->note.len > 0 ? d->note.data : NULL,
		.facts = buf_str(&d->facts),
		.before_seq = json_get_int(d->request, "after_seq", 0),
		.now_ms = d->office.now_ms,
		.judge = judge,
		.arg = d,
	};
	const char *state = NULL;
	enum err e = a->store->ops->advance(a->store, &advance, &state);

	if (e == ERR_STATE) {
		refuse(x, d, d->why);
	} else if (e == ERR_EXISTS) {
		problem_say_at(x, PROBLEM_CASE_STATE, "pointer", "/after_seq", "stale",
			tr("这件刚刚有了变化, 请重新看过再办"));
	} else if (e != OK) {
		api_store_failed(x);
	} else {
		a->changed = true;
		buf_addc(&x->answer, '{');
		json_member_str(&x->answer, "project_no", d->project_no);
		json_member_str(&x->answer, "act", advance.kind);
		json_member_str(&x->answer, "state", state);
		json_member_str(&x->answer, "state_label", case_state_label_of(state));
		json_member_str(&x->answer, "note", advance.note);
		json_member(&x->answer, "facts");
		buf_adds(&x->answer, buf_str(&d->facts));
		buf_adds(&x->answer, "}\n");
		api_answer_words(x, 200);
	}
}

/* In some state of a case. */
static bool office_does(enum case_act act)
{
	enum case_state to;

	for (int from = 0; from < CASE_STATE__MAX; from++)
		if (lifecycle_next((enum case_state)from, act, ACTOR_OFFICE, &to, NULL))
			return true;
	return false;
}

/* Whoever named one that there is not sees what there is. */
static void unknown_act(struct exchange *x, const char *name)
{
	struct buf known = {0};

	for (int act = 0; act < CASE_ACT__MAX; act++)
		if (office_does((enum case_act)act))
			buf_printf(&known, "%s%s (%s)", known.len > 0 ? ", " : "",
				case_act_name((enum case_act)act),
				case_act_label((enum case_act)act));
	problem_say_at(x, PROBLEM_INVALID, "pointer", "/act", "code",
		tr("没有 %s 这种办理。审批部门能办的有: %s"), name != NULL ? name : "\"\"",
		buf_str(&known));
	buf_fini(&known);
}

void api_admin_act(struct api *a, struct exchange *x)
{
	struct deciding d = {0};
	struct buf no = {0};
	const char *name;

	if (!api_param(x, &no) || (d.request = api_body(x)) == NULL)
		goto out;
	name = json_get_str(d.request, "act");
	if (!case_act_parse(name, &d.act))
		unknown_act(x, name);
	else if (find(a, x, &d, no.data) && may(x, &d) && draft(x, &d))
		carry_out(a, x, &d);
out:
	buf_fini(&no);
	deciding_fini(&d);
}
