/* yimen evaluate: what visitors said of the service; answers that come from a rating device or on
 * paper. yimen ledger: the bad ones, and what is done about them. */
#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/evaluation.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"

struct request {
	const char *what, *object; /* the act; a case, a day, or an entry */
	const char *mark, *cause, *source, *text, *operator_name, *window;
	bool as_json, all;
	size_t shown; /* of a list */
};

static bool parse_value(struct request *r, const char *name, const char *value)
{
	const struct cmd_value options[] = {{"--mark", &r->mark}, {"--cause", &r->cause},
		{"--source", &r->source}, {"--operator", &r->operator_name},
		{"--window", &r->window}};

	return cmd_take_value(options, sizeof options / sizeof options[0], name, value) ||
	       cmd_take_words((struct cmd_value){"--text", &r->text}, name, value);
}

static bool parse(int argc, char **argv, struct request *r)
{
	int i;

	*r = (struct request){.what = "list", .operator_name = "command", .window = "00"};
	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '\0')
			return false;
		if (strcmp(argv[i], "--json") == 0)
			r->as_json = true;
		else if (strcmp(argv[i], "--all") == 0)
			r->all = true;
		else if (argv[i][0] == '-')
			i += parse_value(r, argv[i], i + 1 < argc ? argv[i + 1] : NULL) ? 1 : argc;
		else if (i == 1)
			r->what = argv[i];
		else if (r->object == NULL)
			r->object = argv[i];
		else
			return false;
	}
	return i == argc;
}

static void put_line(struct buf *b)
{
	buf_addc(b, '\n');
	fputs(b->data, stdout);
	buf_fini(b);
}

static void put_field(struct buf *b, const char *text)
{
	if (b->len > 0)
		buf_addc(b, '\t');
	text_clean(b, text, strlen(text));
}

/* ---- evaluate ---- */

static void print_evaluation(void *arg, const struct evaluation *e)
{
	struct request *r = arg;
	char at[CLOCK_ISO_SIZE], mark[2] = {(char)('0' + e->mark), '\0'};
	struct buf b = {0};

	r->shown++;
	if (r->as_json) {
		buf_addc(&b, '{');
		json_member_str(&b, "id", e->id);
		json_member_str(&b, "local_receipt", e->local_receipt);
		json_member_str(&b, "task_name", e->task_name);
		json_member_str(&b, "window", e->window);
		json_member_str(&b, "operator", e->operator_name);
		json_member_str(&b, "state", evaluation_state_name(e->state));
		json_member_str(&b, "source", evaluation_source_name(e->source));
		json_member_str(&b, "satisfaction", e->mark ? mark : NULL);
		json_member_str(&b, "cause", e->cause ? complaint_cause_name(e->cause) : NULL);
		json_member_str(&b, "offered_at", clock_iso(e->offered_ms, at));
		buf_addc(&b, '}');
	} else {
		put_field(&b, clock_format(e->offered_ms, "%H:%M", at, sizeof at));
		put_field(&b, e->local_receipt);
		put_field(&b, e->window);
		put_field(&b, e->mark ? mark_label(e->mark) : evaluation_state_label(e->state));
		put_field(&b, e->cause ? complaint_cause_label(e->cause) : "");
	}
	put_line(&b);
}

/* Said on stderr. */
static bool is_day(const char *text)
{
	struct date d;

	if (text == NULL || date_parse(text, &d))
		return true;
	fprintf(stderr, tr("日期 %s 看不懂, 应像 2026-11-24\n"), text);
	return false;
}

static void list_evaluations(struct cmd_station *st, struct request *r)
{
	int32_t day = clock_day(store_now_ms(st->store));
	struct date d;

	if (r->object != NULL && date_parse(r->object, &d))
		day = date_to_day(d);
	evaluation_each(st->store, day, day, print_evaluation, r);
	cmd_say_none(r->shown, r->as_json, tr("这一天没有评价。"));
}

/* The program does not choose for the visitor: it only writes down where the answer came from. What
 * it cannot be is said on stderr. */
static bool read_answer(const struct request *r, struct evaluation_answer *a)
{
	const char *wrong = NULL;

	*a = (struct evaluation_answer){.mark = r->mark != NULL ? atoi(r->mark) : 0};
	if (r->source == NULL || !evaluation_source_parse(r->source, &a->source) ||
		a->source == EVALUATION_SCREEN)
		wrong = tr("评价从哪里来: --source device (评价器) 或 paper (纸质)");
	else if (r->cause != NULL && !complaint_cause_parse(r->cause, &a->cause))
		wrong = tr("原因应是 attitude speed notice material trips other 之一");
	else if (r->mark != NULL && (strlen(r->mark) != 1 || !mark_valid(a->mark)))
		wrong = tr("评价应是 1 (非常满意) 到 5 (非常不满意)");
	if (wrong != NULL)
		fprintf(stderr, "%s\n", wrong);
	return wrong == NULL;
}

static enum err evaluate(
	struct cmd_station *st, struct request *r, struct evaluation_answer a, struct buf *why)
{
	const struct evaluation_offer o = {r->object, r->operator_name, r->window};
	char id[ID_UUID_SIZE];
	enum err e = operator_named(st->store, r->operator_name, why);

	a.station = conf_get(st->conf, "station.name");
	a.days = complaint_days_of(st->conf);
	if (e == OK)
		e = evaluation_begin(st->store, &o, id, why);
	if (e == OK)
		e = r->mark != NULL ? evaluation_answer(st->store, id, &a, why)
				    : evaluation_end(st->store, id, EVALUATION_DECLINED);
	if (e == OK)
		printf("%s\t%s\n", r->object,
			evaluation_state_label(
				r->mark != NULL ? EVALUATION_ANSWERED : EVALUATION_DECLINED));
	return e;
}

static int finish(struct cmd_station *st, enum err e, struct buf *why)
{
	int code = e == OK ? EXIT_DONE : cmd_refuse(e, why);

	cmd_station_close(st);
	buf_fini(why);
	return code;
}

int cmd_evaluate(int argc, char **argv)
{
	struct cmd_station st;
	struct buf why = {0};
	struct request r;
	struct evaluation_answer answer;
	bool good = parse(argc, argv, &r) && r.text == NULL && !r.all;
	bool list = good && strcmp(r.what, "list") == 0;
	enum err e = OK;

	if (list ? r.mark != NULL || r.source != NULL || r.cause != NULL
		 : (!good || r.object == NULL || r.as_json ||
			   (strcmp(r.what, "answer") == 0) != (r.mark != NULL) ||
			   (strcmp(r.what, "answer") != 0 && strcmp(r.what, "decline") != 0)))
		return cmd_usage(tr(
			"evaluate [list [日期] [--json]] | answer 号 --mark 1-5 --source device|paper"
			" [--cause 原因] | decline 号 --source device|paper   "
			"可加 [--operator 工号] [--window 窗口]"));
	if (list ? !is_day(r.object) : !read_answer(&r, &answer))
		return EXIT_USAGE;
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	if (list)
		list_evaluations(&st, &r);
	else
		e = evaluate(&st, &r, answer, &why);
	return finish(&st, e, &why);
}

/* ---- ledger ---- */

static void entry_json(struct buf *b, const struct complaint *c)
{
	char day[DATE_SIZE], at[CLOCK_ISO_SIZE];

	buf_addc(b, '{');
	json_member_str(b, "id", c->id);
	json_member_str(b, "state", complaint_state_name(c->state));
	json_member_str(
		b, "due", c->due_day >= 0 ? date_format(date_from_day(c->due_day), day) : NULL);
	json_member_int(b, "satisfaction", c->mark);
	json_member_str(b, "cause", complaint_cause_name(c->cause));
	json_member_str(b, "local_receipt", c->local_receipt);
	json_member_str(b, "task_name", c->task_name);
	json_member_str(b, "window", c->window);
	json_member_str(b, "operator", c->operator_name);
	json_member_str(b, "at", clock_iso(c->at_ms, at));
	json_member_str(b, "finding", c->finding);
	json_member_str(b, "verified_by", c->verified_by);
	json_member_str(b, "extension", c->extension);
	json_member_str(b, "mended", c->mended);
	json_member_str(b, "ended_by", c->ended_by);
	buf_addc(b, '}');
}

static void print_entry(void *arg, const struct complaint *c)
{
	struct request *r = arg;
	struct buf b = {0};
	char day[DATE_SIZE];

	r->shown++;
	if (r->as_json) {
		entry_json(&b, c);
	} else {
		put_field(&b, c->id);
		put_field(&b, c->due_day >= 0 ? date_format(date_from_day(c->due_day), day) : "-");
		put_field(&b, complaint_state_label(c->state));
		put_field(&b, mark_label(c->mark));
		put_field(&b, complaint_cause_label(c->cause));
		put_field(&b, c->window);
		put_field(&b, c->operator_name);
		put_field(&b, c->local_receipt);
	}
	put_line(&b);
}

static void list_entries(struct cmd_station *st, struct request *r)
{
	complaint_each(st->store, r->all, print_entry, r);
	cmd_say_none(r->shown, r->as_json, r->all ? tr("没有差评。") : tr("没有要处理的差评。"));
}

static enum err do_entry(
	struct cmd_station *st, struct request *r, enum complaint_act act, struct buf *why)
{
	const struct complaint_order o = {.id = r->object,
		.act = act,
		.operator_name = r->operator_name,
		.text = r->text,
		.days = complaint_days_of(st->conf)};
	enum err e = operator_named(st->store, r->operator_name, why);

	if (e == OK)
		e = complaint_do(st->store, &o, why);
	if (e == OK)
		printf("%s\t%s\n", r->object, complaint_act_label(act));
	return e;
}

int cmd_ledger(int argc, char **argv)
{
	enum complaint_act act = COMPLAINT_ACT__MAX;
	struct cmd_station st;
	struct buf why = {0};
	struct request r;
	bool good = parse(argc, argv, &r) && r.mark == NULL && r.source == NULL && r.cause == NULL;
	bool list = good && strcmp(r.what, "list") == 0;
	enum err e;

	if (good && !list)
		complaint_act_parse(r.what, &act);
	if (!good || (list ? r.object != NULL || r.text != NULL
			   : act == COMPLAINT_ACT__MAX || r.object == NULL || r.as_json || r.all))
		return cmd_usage(tr("ledger [list [--all] [--json]] | verify|dismiss|extend|mend "
				    "编号 --text 情况 [--operator 工号]"));
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	if (list)
		list_entries(&st, &r);
	else
		e = do_entry(&st, &r, act, &why);
	return finish(&st, e, &why);
}
