#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/base/conf.h"
#include "core/domain/lifecycle.h"
#include "core/station/case_find.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "tui/answers.h"
#include "tui/case_story.h"
#include "tui/case_text.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/correction.h"
#include "tui/intake.h"
#include "tui/review_text.h"

enum {
	FOUND_MAX = 200
};

static void list_json(void *arg, const struct case_view *c)
{
	struct buf line = {0};
	char iso[CLOCK_ISO_SIZE];

	(void)arg;
	buf_addc(&line, '{');
	json_member_str(&line, "case_id", c->id);
	json_member_str(&line, "local_receipt", c->local_receipt);
	json_member(&line, "project_no");
	json_put_str(&line, c->project_no);
	json_member_str(&line, "state", c->state);
	json_member_str(&line, "letter", c->letter_state);
	json_member_str(&line, "task_code", c->task_code);
	json_member_str(&line, "task_name", c->task_name);
	json_member_str(&line, "applyer_name", c->applyer_name);
	json_member_str(&line, "operator", c->operator_name);
	json_member_str(&line, "window", c->window);
	json_member_str(&line, "submitted_at", clock_iso(c->submitted_ms, iso));
	json_member_int(&line, "version", c->version);
	json_member_str(&line, "note", c->note);
	json_member(&line, "revising");
	buf_adds(&line, c->revising ? "true" : "false");
	buf_addc(&line, '}');
	puts(line.data);
	buf_fini(&line);
}

static void list_plain(void *arg, const struct case_view *c)
{
	struct buf name = {0};
	char when[32];

	(void)arg;
	text_mask(&name, c->applyer_name != NULL ? c->applyer_name : "", 1, 0);
	printf("%s\t%s\t%s\t%s\t%s\t%s\n", c->local_receipt,
		c->project_no != NULL ? c->project_no : "-", case_state_text(c->state),
		clock_format(c->submitted_ms, "%Y-%m-%d %H:%M", when, sizeof when), buf_str(&name),
		c->task_name);
	buf_fini(&name);
}

static void show_event(void *arg, const struct case_event *e)
{
	char when[32];

	(void)arg;
	printf("  %s  %s", clock_format(e->at_ms, "%Y-%m-%d %H:%M", when, sizeof when),
		case_event_text(e->what));
	if (e->who[0] != '\0')
		printf("  %s", operator_shown(e->who));
	if (e->note != NULL)
		printf("  %s", e->note);
	putchar('\n');
}

/* Who has it now, and on its way to whom. */
static void show_keeper(struct store *s, const char *case_id)
{
	struct buf whose = {0};

	handover_whose(s, case_id, &whose);
	printf("  %s  %s\n", tr("现在由"), buf_str(&whose));
	buf_fini(&whose);
}

/* What there is to hand over or to wait for. */
static void show_result(struct cmd_station *st, const struct case_view *c)
{
	struct buf text = {0};

	case_result(st->store, c->id, &text);
	if (text.len > 0)
		printf("  %s  %s\n", tr("结果"), text.data);
	buf_fini(&text);
}

static int show(struct cmd_station *st, const char *number, bool as_json)
{
	struct case_view c;
	enum err e = case_get(st->store, number, &c);

	if (e == ERR_NOT_FOUND)
		fprintf(stderr, tr("本机没有办件 %s, 请用 yimen case list 查看\n"), number);
	if (e != OK)
		return err_exit(e);
	if (as_json) {
		list_json(NULL, &c);
	} else {
		list_plain(NULL, &c);
		case_each_in_bundle(st->store, c.id, list_plain, NULL);
		show_keeper(st->store, c.id);
		show_result(st, &c);
		case_each_event(st->store, c.id, show_event, NULL);
	}
	case_view_fini(&c);
	return EXIT_DONE;
}

/* ---- correcting ---- */

struct correcting {
	const char *number, *answers;
	const char *operator_name; /* NULL: not said, the case stays with who has it */
	bool over, as_json;
};

static const char *who(const struct correcting *r)
{
	return r->operator_name != NULL ? r->operator_name : "command";
}

/* Who corrects has the case from now on, as at the window. */
static enum err take_over(
	struct cmd_station *st, const struct correcting *r, struct intake *in, struct buf *why)
{
	enum err e;

	if (r->operator_name == NULL)
		return OK;
	e = draft_open(st->store, in->draft_id, r->operator_name, in->window, why);
	if (e == OK) {
		free(in->operator_name);
		in->operator_name = mem_strdup(r->operator_name);
	}
	return e;
}

static bool is_same(const struct intake *in)
{
	struct correction *before = correction_open(in);
	bool same = before != NULL && review_changes(in, before, NULL) == 0;

	correction_free(before);
	return same;
}

/* Over the answers that were submitted those of the file; then the new version, or nothing. */
static enum err submit_correction(struct cmd_station *st, const struct correcting *r,
	const char *id, const json *answers, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why)
{
	struct intake *in = NULL;
	bool same = false;
	enum err e = intake_resume(&in, st->catalogue, st->store, id, why);

	if (e == OK)
		in->knowing = r->over;
	if (e == OK)
		e = answers_fill(in, answers, why);
	if (e == OK)
		e = intake_check(in, true, why);
	if (e == OK)
		e = answers_attach(in, answers, why);
	if (e == OK)
		e = take_over(st, r, in, why);
	if (e == OK) {
		same = is_same(in);
		e = intake_submit(in, conf_get(st->conf, "station.name"), receipt, why);
	}
	if (e == OK && same)
		fprintf(stderr, "%s\n", tr("与上一版相同, 没有改动; 照样提交了。"));
	intake_free(in);
	if (e != OK)
		case_revise_drop(st->store, id, who(r)); /* ERR_STATE: it is submitted */
	return e;
}

static enum err begin_correction(
	struct cmd_station *st, const struct correcting *r, char id[ID_UUID_SIZE], struct buf *why)
{
	struct case_view c;
	enum err e = case_get(st->store, r->number, &c);

	if (e == ERR_NOT_FOUND)
		buf_why(why, tr("本机没有办件 %s, 请用 yimen case list 查看"), r->number);
	if (e != OK)
		return e;
	if (c.revising) {
		buf_why(why, tr("%s 正在窗口上更正, 请在那里做完或放弃"), r->number);
		e = ERR_STATE;
	} else if (!r->over && case_made_elsewhere(st->store, c.id)) {
		buf_why(why,
			tr("%s 的最新版本是别处做的 (%s), 没有更正; 看过 yimen case show, 仍要用这里的盖过它就加 "
			   "--over"),
			r->number, c.note != NULL ? c.note : case_state_text(c.state));
		e = ERR_STATE;
	}
	case_view_fini(&c);
	return e == OK ? intake_begin_correction(st->store, r->number, who(r), id, why) : e;
}

static int correct(const struct correcting *r)
{
	char id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	struct cmd_station st = {0};
	struct case_view c;
	struct buf why = {0};
	json *answers = NULL;
	enum err e = answers_read(r->answers, &answers, &why);

	if (e == OK)
		e = cmd_station_open(&st, true);
	if (e != OK && why.len == 0) /* said already */
		goto out;
	if (e == OK)
		e = operator_named(st.store, who(r), &why);
	if (e == OK)
		e = begin_correction(&st, r, id, &why);
	if (e == OK)
		e = submit_correction(&st, r, id, answers, receipt, &why);
	if (e != OK)
		cmd_refuse(e, &why);
	else if (r->as_json && case_get(st.store, id, &c) == OK) {
		list_json(NULL, &c);
		case_view_fini(&c);
	} else {
		puts(receipt);
	}
out:
	cmd_station_close(&st);
	json_free(answers);
	buf_fini(&why);
	return err_exit(e);
}

/* correct 编号 --answers 文件|- [--operator 工号] [--over] */
static bool is_correction(int argc, char **argv, struct correcting *r)
{
	const struct cmd_value values[] = {
		{"--answers", &r->answers}, {"--operator", &r->operator_name}};
	int i;

	if (argc < 2 || strcmp(argv[0], "correct") != 0 || argv[1][0] == '-' || argv[1][0] == '\0')
		return false;
	r->number = argv[1];
	for (i = 2; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;
		if (cmd_take_value(values, sizeof values / sizeof *values, argv[i], value))
			i++;
		else if (strcmp(argv[i], "--over") == 0)
			r->over = true;
		else
			return false;
	}
	return r->answers != NULL;
}

/* ---- finding ---- */

struct found {
	void (*print)(void *arg, const struct case_view *c);
	size_t count;
};

static void print_found(void *arg, const struct case_view *c)
{
	struct found *f = arg;

	f->count++;
	f->print(NULL, c);
}

/* Says which there are when it is none. */
static bool is_state(const char *name)
{
	enum case_state state;

	if (case_state_parse(name, &state) || strcmp(name, CASE_BUNDLE) == 0)
		return true;
	fprintf(stderr, tr("没有 %s 这种状态。可写的有:"), name);
	for (int s = CASE_RECEIVED; s < CASE_STATE__MAX; s++)
		fprintf(stderr, "%s %s (%s)", s > CASE_RECEIVED ? "," : "",
			case_state_name((enum case_state)s), case_state_label((enum case_state)s));
	fputc('\n', stderr);
	return false;
}

struct wish {
	struct buf words;
	const char *state; /* NULL: any */
	bool as_json;
};

/* 词… [--state 状态] [--json]; behind -- everything is a word. */
static bool parse_wish(int argc, char **argv, struct wish *f)
{
	const struct cmd_value state = {"--state", &f->state};
	bool only_words = false;

	for (int i = 0; i < argc; i++) {
		if (only_words || argv[i][0] != '-' || argv[i][1] == '\0')
			buf_printf(&f->words, "%s%s", f->words.len > 0 ? " " : "", argv[i]);
		else if (strcmp(argv[i], "--") == 0)
			only_words = true;
		else if (strcmp(argv[i], "--json") == 0)
			f->as_json = true;
		else if (cmd_take_value(&state, 1, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			i++;
		else
			return false;
	}
	return f->words.len > 0 || f->state != NULL;
}

static int find_given(const struct wish *f)
{
	const struct case_wanted wanted = {
		.words = buf_str(&f->words), .state = f->state, .max = FOUND_MAX};
	struct found found = {f->as_json ? list_json : list_plain, 0};
	struct cmd_station st;
	enum err e = cmd_station_open(&st, false);

	if (e != OK)
		return err_exit(e);
	case_find(st.store, &wanted, print_found, &found);
	cmd_say_none(found.count, f->as_json, tr("没有找到。"));
	cmd_station_close(&st);
	return found.count > 0 ? EXIT_DONE : EXIT_REFUSED;
}

static int find(int argc, char **argv)
{
	struct wish f = {.state = NULL};
	int code = EXIT_USAGE;

	if (!parse_wish(argc, argv, &f))
		cmd_usage(tr("case find 词… [--state 状态] [--json]"));
	else if (f.state == NULL || is_state(f.state))
		code = find_given(&f);
	buf_fini(&f.words);
	return code;
}

static void list(struct cmd_station *st, bool as_json)
{
	struct found found = {as_json ? list_json : list_plain, 0};

	case_each(st->store, -1, NULL, print_found, &found);
	cmd_say_none(found.count, as_json, tr("本机还没有办件。"));
}

int cmd_case(int argc, char **argv)
{
	struct cmd_station st;
	bool as_json = argc > 1 && strcmp(argv[argc - 1], "--json") == 0;
	struct correcting correction = {.as_json = as_json};
	int count = argc - as_json, code = EXIT_DONE;
	enum err e;

	if (argc > 1 && strcmp(argv[1], "act") == 0)
		return cmd_act(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "find") == 0)
		return find(argc - 2, argv + 2);
	if (is_correction(count - 1, argv + 1, &correction))
		return correct(&correction);
	if (!(count == 1 || (count == 2 && strcmp(argv[1], "list") == 0)) &&
		!(count == 3 && strcmp(argv[1], "show") == 0 && argv[2][0] != '-' &&
			argv[2][0] != '\0'))
		return cmd_usage(tr(
			"case [list | show 编号 | find 词… [--state 状态] | correct 编号 --answers 文件|- "
			"[--operator 工号] [--over] | act 编号 …] [--json]"));
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	if (count == 3)
		code = show(&st, argv[2], as_json);
	else
		list(&st, as_json);
	cmd_station_close(&st);
	return code;
}
