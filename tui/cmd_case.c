#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/cases.h"
#include "tui/case_text.h"
#include "tui/cmd_station.h"

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
	printf("  %s  %s  %s%s%s\n", clock_format(e->at_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when),
		case_event_text(e->what), e->who, e->note != NULL ? "  " : "",
		e->note != NULL ? e->note : "");
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
		case_each_event(st->store, c.id, show_event, NULL);
	}
	case_view_fini(&c);
	return EXIT_DONE;
}

int cmd_case(int argc, char **argv)
{
	struct cmd_station st;
	bool as_json = argc > 1 && strcmp(argv[argc - 1], "--json") == 0;
	int count = argc - as_json, code = EXIT_DONE;
	enum err e;

	if (argc > 1 && strcmp(argv[1], "act") == 0)
		return cmd_act(argc - 1, argv + 1);
	if (!(count == 1 || (count == 2 && strcmp(argv[1], "list") == 0)) &&
		!(count == 3 && strcmp(argv[1], "show") == 0))
		return cmd_usage(tr("case [list|show 编号|act 编号 …] [--json]"));
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	if (count == 3)
		code = show(&st, argv[2], as_json);
	else
		case_each(st.store, -1, NULL, as_json ? list_json : list_plain, NULL);
	cmd_station_close(&st);
	return code;
}
