/* yimen hand: a case or a draft handed to another operator or window, taken, taken back. */
#include "tui/cmd.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/handover.h"
#include "core/station/operator.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/windows.h"

struct request {
	const char *verb, *number, *operator_name, *window, *to, *to_window, *note;
	bool as_json;
	size_t shown; /* of the list */
};

static int usage(void)
{
	return cmd_usage(tr(
		"hand [list] [--operator 工号] [--window 窗口] [--json]\n"
		"      yimen hand give 号 --to 工号|--to-window 窗口 [--note 话] [--operator 工号] "
		"[--window 窗口]\n"
		"      yimen hand take|back 号 --operator 工号 [--window 窗口]"));
}

static bool take_value(struct request *r, const char *arg, const char *value)
{
	const struct cmd_value values[] = {{"--operator", &r->operator_name},
		{"--window", &r->window}, {"--to", &r->to}, {"--to-window", &r->to_window}};

	return cmd_take_value(values, sizeof values / sizeof values[0], arg, value) ||
	       cmd_take_words((struct cmd_value){"--note", &r->note}, arg, value);
}

static bool whole(const struct request *r)
{
	if (strcmp(r->verb, "list") == 0)
		return r->number == NULL;
	if (r->number == NULL || r->as_json)
		return false;
	if (strcmp(r->verb, "give") == 0)
		return (r->to != NULL) != (r->to_window != NULL);
	return (strcmp(r->verb, "take") == 0 || strcmp(r->verb, "back") == 0) &&
	       r->operator_name != NULL;
}

static bool parse(int argc, char **argv, struct request *r)
{
	int i = 1;

	r->verb = argc > 1 && argv[1][0] != '-' ? argv[i++] : "list";
	for (; i < argc; i++) {
		if (argv[i][0] == '\0')
			return false;
		if (strcmp(argv[i], "--json") == 0)
			r->as_json = true;
		else if (argv[i][0] != '-' && r->number == NULL)
			r->number = argv[i];
		else if (take_value(r, argv[i], argv[i + 1]))
			i++;
		else
			return false;
	}
	return whole(r);
}

static void list_plain(const struct handover *h)
{
	struct buf to = {0}, name = {0};
	char when[32];

	handover_to(h, &to);
	text_mask(&name, h->applyer_name != NULL ? h->applyer_name : "", 1, 0);
	printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
		h->local_receipt != NULL ? h->local_receipt : h->case_id,
		clock_format(h->at_ms, "%Y-%m-%d %H:%M", when, sizeof when), h->from_operator,
		buf_str(&to), buf_str(&name), h->task_name, h->note);
	buf_fini(&to);
	buf_fini(&name);
}

static void list_json(const struct handover *h)
{
	struct buf line = {0};
	char iso[CLOCK_ISO_SIZE];

	buf_addc(&line, '{');
	json_member_str(&line, "case_id", h->case_id);
	json_member_str(&line, "local_receipt", h->local_receipt);
	json_member_str(&line, "task_name", h->task_name);
	json_member_str(&line, "from", h->from_operator);
	json_member_str(&line, "from_window", h->from_window);
	json_member_str(&line, "to", h->to_operator);
	json_member_str(&line, "to_window", h->to_window);
	json_member_str(&line, "note", h->note);
	json_member_str(&line, "at", clock_iso(h->at_ms, iso));
	buf_addc(&line, '}');
	puts(line.data);
	buf_fini(&line);
}

static void list_one(void *arg, const struct handover *h)
{
	struct request *r = arg;

	r->shown++;
	if (r->as_json)
		list_json(h);
	else
		list_plain(h);
}

/* Where nobody can take it, it would lie; without a list any window may be meant. */
static enum err check_window(struct cmd_station *st, const char *window, struct buf *why)
{
	const char *list = conf_get(st->conf, "station.windows");

	if (window == NULL || !conf_is_set(st->conf, "station.windows") ||
		windows_have(list, window))
		return OK;
	buf_why(why, tr("没有 %s 号窗口, 没有移交。有的是 %s (设置 station.windows)。"), window,
		list);
	return ERR_NOT_FOUND;
}

static enum err run(struct cmd_station *st, struct request *r, struct buf *why)
{
	const struct handover_order o = {.number = r->number,
		.operator_name = r->operator_name != NULL ? r->operator_name : "command",
		.window = r->window != NULL ? r->window : "",
		.to_operator = r->to,
		.to_window = r->to_window,
		.note = r->note != NULL ? r->note : ""};

	if (strcmp(r->verb, "list") != 0) {
		enum err e = operator_named(st->store, o.operator_name, why);
		if (e == OK)
			e = check_window(st, r->to_window, why);
		if (e != OK)
			return e;
	}
	if (strcmp(r->verb, "give") == 0)
		return handover_give(st->store, &o, why);
	if (strcmp(r->verb, "take") == 0)
		return handover_take(st->store, r->number, o.operator_name, o.window, why);
	if (strcmp(r->verb, "back") == 0)
		return handover_withdraw(st->store, r->number, o.operator_name, why);
	handover_each(st->store,
		r->operator_name != NULL || r->window != NULL ? o.operator_name : NULL, o.window,
		list_one, r);
	cmd_say_none(r->shown, r->as_json, tr("没有移交中的办件和草稿。"));
	return OK;
}

int cmd_hand(int argc, char **argv)
{
	struct request r = {NULL};
	struct cmd_station st;
	struct buf why = {0};
	enum err e;
	int code;

	if (!parse(argc, argv, &r))
		return usage();
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	e = run(&st, &r, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	if (e == ERR_DENIED || e == ERR_BUSY) /* of a person, not of the machine */
		code = EXIT_REFUSED;
	cmd_station_close(&st);
	buf_fini(&why);
	return code;
}
