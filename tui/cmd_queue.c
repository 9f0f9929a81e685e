/* yimen queue: the guide desk, a window without the screen, and scripts. */
#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/operator.h"
#include "core/station/queue.h"
#include "core/station/queue_calls.h"
#include "core/station/queue_feed.h"
#include "core/station/store.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"

struct request {
	const char *what, *number, *file;
	const char *group, *window, *operator_name, *as, *to;
	bool priority, as_json, all;
	size_t shown; /* of the list */
};

static int usage(void)
{
	return cmd_usage(tr(
		"queue [list [--all] [--json]] | take [--group 类别] [--priority] | next --window "
		"窗口 | call|recall|start|skip|pause|resume|cancel 号 [--window 窗口] | finish 号 "
		"--window 窗口 [--as 结果] | transfer 号 [--group 类别] [--to 窗口] | feed "
		"文件|-   都可加 [--operator 工号]"));
}

static bool parse_option(struct request *r, const char *name, const char *value)
{
	const struct cmd_value options[] = {{"--group", &r->group}, {"--window", &r->window},
		{"--operator", &r->operator_name}, {"--as", &r->as}, {"--to", &r->to}};

	return cmd_take_value(options, sizeof options / sizeof options[0], name, value);
}

static bool parse(int argc, char **argv, struct request *r)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (argv[i][0] == '\0')
			return false;
		if (argv[i][0] != '-' || strcmp(argv[i], "-") == 0) {
			if (r->what == NULL)
				r->what = argv[i];
			else if (r->number == NULL)
				r->number = argv[i];
			else
				return false;
		} else if (strcmp(argv[i], "--json") == 0) {
			r->as_json = true;
		} else if (strcmp(argv[i], "--all") == 0) {
			r->all = true;
		} else if (strcmp(argv[i], "--priority") == 0) {
			r->priority = true;
		} else if (parse_option(r, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
			i++;
		} else {
			return false;
		}
	}
	return true;
}

/* ---- list ---- */

static void member_moment(struct buf *b, const char *name, int64_t ms)
{
	char iso[CLOCK_ISO_SIZE];

	if (ms > 0)
		json_member_str(b, name, clock_iso(ms, iso));
}

static void print_json(const struct ticket *t)
{
	struct buf b = {0};

	buf_addc(&b, '{');
	json_member_str(&b, "number", t->number);
	json_member_str(&b, "group", t->letter);
	json_member_str(&b, "state", ticket_state_name(t->state));
	json_member_str(&b, "window", t->state == TICKET_WAITING ? t->for_window : t->window);
	json_member_str(&b, "operator", t->operator_name);
	json_member_int(&b, "priority", t->priority);
	json_member_int(&b, "calls", t->calls);
	member_moment(&b, "taken_at", t->taken_ms);
	member_moment(&b, "called_at", t->called_ms);
	member_moment(&b, "started_at", t->started_ms);
	member_moment(&b, "finished_at", t->finished_ms);
	json_member_int(&b, "served_ms", t->served_ms);
	if (t->outcome < TICKET_OUTCOME__MAX)
		json_member_str(&b, "outcome", ticket_outcome_name(t->outcome));
	buf_addc(&b, '}');
	puts(b.data);
	buf_fini(&b);
}

static void print_ticket(void *arg, const struct ticket *t)
{
	struct request *r = arg;
	char hm[16];

	if (!r->all && ticket_ended(t->state))
		return;
	r->shown++;
	if (r->as_json) {
		print_json(t);
		return;
	}
	printf("%s\t%s\t%s\t%s\t%s\n", t->number, ticket_state_label(t->state),
		t->state == TICKET_WAITING ? t->for_window : t->window,
		clock_format(t->taken_ms, "%H:%M", hm, sizeof hm),
		t->outcome < TICKET_OUTCOME__MAX ? ticket_outcome_label(t->outcome) : "");
}

static enum err list(struct cmd_station *st, struct request *r)
{
	queue_each(st->store, clock_day(store_now_ms(st->store)), print_ticket, r);
	cmd_say_none(r->shown, r->as_json, r->all ? tr("今天还没有号。") : tr("没有人等候。"));
	return OK;
}

/* ---- acts ---- */

/* A letter or a name of queue.groups; NULL when none is named (then the first one for drawing). */
static enum err group_of(struct cmd_station *st, const struct request *r,
	char letter[QUEUE_NUMBER_SIZE], struct buf *why)
{
	const char *groups = conf_get(st->conf, "queue.groups");

	if (r->group == NULL) {
		snprintf(letter, QUEUE_NUMBER_SIZE, "%.*s", (int)strcspn(groups, " ,"), groups);
		return OK;
	}
	if (queue_group_find(groups, r->group, letter))
		return OK;
	buf_why(why, tr("没有 %s 这一类; 类别在设置 queue.groups 里。"), r->group);
	return ERR_INVALID;
}

static enum err take(struct cmd_station *st, struct request *r, struct buf *why)
{
	char letter[QUEUE_NUMBER_SIZE];
	struct queue_draw d = {letter, r->priority, r->operator_name};
	struct ticket t;
	size_t ahead;
	enum err e = group_of(st, r, letter, why);

	if (e == OK)
		e = queue_draw(st->store, &d, &t, &ahead, why);
	if (e == OK) {
		printf("%s\t%zu\n", t.number, ahead);
		ticket_fini(&t);
	}
	return e;
}

static void announce(struct cmd_station *st, const struct ticket *t)
{
	queue_announce(conf_get(st->conf, "queue.calls"), t, store_now_ms(st->store));
}

static enum err next(struct cmd_station *st, struct request *r, struct buf *why)
{
	struct buf letters = {0};
	struct queue_caller c = {r->window, r->operator_name, ""};
	struct queue_turn turn;
	enum err e;

	queue_served(conf_get(st->conf, "queue.windows"), r->window, &letters);
	c.letters = buf_str(&letters);
	e = queue_next(st->store, &c, &turn, why);
	if (e == OK && turn.ended[0] != '\0')
		printf("%s\t%s\n", turn.ended, ticket_state_label(turn.ended_as));
	if (e == OK && turn.called) {
		printf("%s\t%s\n", turn.ticket.number, ticket_state_label(turn.ticket.state));
		announce(st, &turn.ticket);
		ticket_fini(&turn.ticket);
	} else if (e == OK) {
		buf_why(why, "%s", tr("没有人等候。"));
		e = ERR_NOT_FOUND;
	}
	buf_fini(&letters);
	return e;
}

static enum err act(
	struct cmd_station *st, struct request *r, enum ticket_act which, struct buf *why)
{
	char letter[QUEUE_NUMBER_SIZE];
	struct queue_order o = {.number = r->number,
		.act = which,
		.operator_name = r->operator_name,
		.window = r->window,
		.to_window = r->to,
		.outcome = TICKET_OUTCOME__MAX};
	struct ticket t;
	enum err e = OK;

	if (r->as != NULL && !ticket_outcome_parse(r->as, &o.outcome)) {
		buf_why(why, "%s",
			tr("结果应是 受理、领证、核验办结、咨询 或 其他 (accepted collected checked "
			   "consulted other)。"));
		return ERR_INVALID;
	}
	if (r->group != NULL) {
		e = group_of(st, r, letter, why);
		o.to_letter = letter;
	}
	if (e == OK)
		e = queue_act(st->store, &o, &t, why);
	if (e != OK)
		return e;
	printf("%s\t%s\n", t.number, ticket_state_label(t.state));
	if (which == TICKET_CALL || which == TICKET_RECALL)
		announce(st, &t);
	ticket_fini(&t);
	return OK;
}

/* All that stands in the file now, however much: whoever runs a command waits for it. */
static enum err feed_file(
	struct cmd_station *st, const char *file, struct queue_feed_result *n, struct buf *why)
{
	enum err e = paths_look_file(file, why);

	do {
		n->more = false;
		if (e == OK)
			e = queue_feed_file(st->store, file, n, why);
	} while (e == OK && n->more);
	return e;
}

/* The file of the machine goes on where it was read last; "-" is a text as a whole. */
static enum err feed(struct cmd_station *st, struct request *r, struct buf *why)
{
	struct buf text = {0}, trouble = {0};
	struct queue_feed_result n = {.trouble = &trouble};
	enum err e;

	if (strcmp(r->number, "-") == 0) {
		e = cmd_read_input("-", &text, why);
		if (e == OK)
			e = queue_feed_text(st->store, buf_str(&text), text.len, &n);
	} else {
		e = feed_file(st, r->number, &n, why);
	}
	if (e == OK || n.taken + n.known + n.refused > 0)
		printf(tr("收下 %zu 个号, 已有 %zu 个, 没有收 %zu 行\n"), n.taken, n.known,
			n.refused);
	if (e == OK && n.refused > 0) {
		buf_why(why, "%s", buf_str(&trouble));
		e = ERR_INVALID;
	}
	buf_fini(&text);
	buf_fini(&trouble);
	return e;
}

static enum err run(struct cmd_station *st, struct request *r, struct buf *why)
{
	enum ticket_act which;
	enum err e;

	if (strcmp(r->what, "list") == 0)
		return list(st, r);
	e = operator_named(st->store, r->operator_name, why);
	if (e != OK)
		return e;
	if (strcmp(r->what, "take") == 0)
		return take(st, r, why);
	if (strcmp(r->what, "next") == 0)
		return next(st, r, why);
	if (strcmp(r->what, "feed") == 0)
		return feed(st, r, why);
	ticket_act_parse(r->what, &which);
	return act(st, r, which, why);
}

/* The options of this act, and only those; those without which it is nothing. */
static bool is_fitting(const struct request *r)
{
	bool list = strcmp(r->what, "list") == 0, take = strcmp(r->what, "take") == 0;
	bool finish = strcmp(r->what, "finish") == 0, transfer = strcmp(r->what, "transfer") == 0;

	if ((r->as_json || r->all) && !list)
		return false;
	if ((list || strcmp(r->what, "feed") == 0) && *r->window != '\0')
		return false;
	if ((r->priority && !take) || (r->as != NULL && !finish) || (r->to != NULL && !transfer) ||
		(r->group != NULL && !take && !transfer))
		return false;
	return !transfer || r->group != NULL || r->to != NULL;
}

/* What is done at a window and lacks one; said on stderr. */
static bool lacks_window(const struct request *r)
{
	static const char *const at_window[] = {"next", "call", "finish"};
	enum ticket_act which = TICKET_CALL;

	for (size_t i = 0; *r->window == '\0' && i < sizeof at_window / sizeof at_window[0]; i++)
		if (strcmp(r->what, at_window[i]) == 0) {
			ticket_act_parse(r->what, &which);
			fprintf(stderr, tr("%s要说明在哪个窗口 (--window)。"),
				ticket_act_label(which));
			fputc('\n', stderr);
			return true;
		}
	return false;
}

/* With a number where one is needed, and only there. */
static bool is_whole(const struct request *r)
{
	static const char *const alone[] = {"list", "take", "next"};
	enum ticket_act which;
	size_t i;

	for (i = 0; i < sizeof alone / sizeof alone[0]; i++)
		if (strcmp(r->what, alone[i]) == 0)
			return r->number == NULL;
	return r->number != NULL &&
	       (strcmp(r->what, "feed") == 0 || ticket_act_parse(r->what, &which));
}

int cmd_queue(int argc, char **argv)
{
	struct request r = {.operator_name = "command", .window = ""};
	struct cmd_station st;
	struct buf why = {0};
	enum err e;
	int code;

	if (!parse(argc, argv, &r))
		return usage();
	if (r.what == NULL)
		r.what = "list";
	if (!is_whole(&r) || !is_fitting(&r))
		return usage();
	if (lacks_window(&r))
		return EXIT_USAGE;
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	e = run(&st, &r, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	cmd_station_close(&st);
	buf_fini(&why);
	return code;
}
