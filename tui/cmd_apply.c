#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "core/station/people.h"
#include "core/station/store.h"
#include "tui/answers.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/intake.h"

struct request {
	const char *task_code, *answers, *operator_name, *window;
	bool as_json, again;
};

static bool parse(int argc, char **argv, struct request *r)
{
	const struct cmd_value values[] = {{"--answers", &r->answers},
		{"--operator", &r->operator_name}, {"--window", &r->window}};
	int i;

	for (i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "--json") == 0) {
			r->as_json = true;
			continue;
		}
		if (strcmp(argv[i], "--again") == 0) {
			r->again = true;
			continue;
		}
		if (argv[i][0] == '\0')
			return false;
		if (argv[i][0] != '-' && r->task_code == NULL) {
			r->task_code = argv[i];
			continue;
		}
		if (!cmd_take_value(values, sizeof values / sizeof *values, argv[i], next))
			return false;
		i++;
	}
	return r->task_code != NULL && r->answers != NULL;
}

static void print_receipt(const struct request *r, const struct intake *in, const char *receipt)
{
	struct buf line = {0};

	if (r->as_json) {
		buf_addc(&line, '{');
		json_member_str(&line, "local_receipt", receipt);
		json_member_str(&line, "case_id", in->draft_id);
		json_member_str(&line, "task_code", in->matter->code);
		buf_addc(&line, '}');
	} else {
		buf_adds(&line, receipt);
	}
	puts(buf_str(&line));
	buf_fini(&line);
}

/* The last one of the same person about the same matter, submitted today; "" none. */
struct alike {
	const char *task_code;
	int32_t today;
	char receipt[LOCAL_RECEIPT_SIZE];
};

static void see_case(void *arg, const struct person_case *c)
{
	struct alike *a = arg;

	if (a->receipt[0] == '\0' && strcmp(c->task_code, a->task_code) == 0 &&
		clock_day(c->at_ms) == a->today && strcmp(c->state, "withdrawn") != 0)
		snprintf(a->receipt, sizeof a->receipt, "%s", c->receipt);
}

/* Run twice by mistake, or twice in earnest (two vehicles of one owner): it is said, and goes. */
static void warn_if_again(struct store *s, const struct request *r, const struct intake *in)
{
	struct alike a = {in->matter->code, clock_day(store_now_ms(s)), ""};
	const char *person = intake_person(in);

	if (r->again || person[0] == '\0')
		return;
	people_cases(s, person, in->draft_id, see_case, &a);
	if (a.receipt[0] != '\0')
		fprintf(stderr,
			tr("注意: 同一位今天已就这个事项提交过 %s。这一件也收下了; 若是重了, 请撤回其中一件。"
			   "本来就要再办的, 加 --again 就不提醒。\n"),
			a.receipt);
}

/* Not submitted: nothing of it stays, the file is its draft, and who tries again would make a
 * second one that a clerk might submit as well. On a full disk it may have to stay. */
static void drop_draft(struct store *s, const struct intake *in, const char *operator_name)
{
	struct draft d;

	draft_drop(s, in->draft_id, operator_name);
	if (draft_get(s, in->draft_id, &d) != OK)
		return;
	fprintf(stderr,
		tr("填的还留在草稿里, 现在删不掉: 腾出空间后, 再交以前, 请先在 今日 的 没办完的 里"
		   "放弃 %s 的这一件, 免得交两次。\n"),
		d.task_name);
	draft_fini(&d);
}

static enum err apply(
	struct cmd_station *st, const struct request *r, const json *answers, struct buf *why)
{
	struct intake *in = NULL;
	char receipt[LOCAL_RECEIPT_SIZE];
	enum err e = operator_named(st->store, r->operator_name, why);

	if (e == OK)
		e = intake_open(&in, st->catalogue, st->store, r->task_code, r->operator_name,
			r->window, why);
	if (e == OK)
		e = answers_fill(in, answers, why);
	if (e == OK)
		e = intake_check(in, true, why);
	if (e == OK)
		e = answers_attach(in, answers, why);
	if (e == OK)
		e = intake_submit(in, conf_get(st->conf, "station.name"), receipt, why);
	if (e != OK && in != NULL && in->draft_id[0] != '\0')
		drop_draft(st->store, in, r->operator_name);
	if (e == OK) {
		print_receipt(r, in, receipt);
		warn_if_again(st->store, r, in);
	}
	intake_free(in);
	return e;
}

int cmd_apply(int argc, char **argv)
{
	struct request r = {.operator_name = "command", .window = "00"};
	struct buf why = {0};
	struct cmd_station st = {0};
	json *answers = NULL;
	enum err e;
	int code;

	if (!parse(argc, argv, &r))
		return cmd_usage(
			tr("apply 事项编码 --answers 文件|- [--operator 工号] [--window 窗口] "
			   "[--again] [--json]"));
	e = answers_read(r.answers, &answers, &why);
	if (e != OK) {
		code = cmd_refuse(e, &why);
		goto out;
	}
	e = cmd_station_open(&st, true);
	if (e != OK) {
		code = err_exit(e);
		goto out;
	}
	e = apply(&st, &r, answers, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
out:
	cmd_station_close(&st);
	json_free(answers);
	buf_fini(&why);
	return code;
}
