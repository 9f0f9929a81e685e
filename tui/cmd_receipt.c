/*
 * yimen receipt: is a local receipt one of this hall's (its check code says so at any of its
 * stations), and what is known of it here.
 */
#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/receipt.h"
#include "tui/case_text.h"
#include "tui/cmd_station.h"

static void tell_letter(struct cmd_station *st, const char *number)
{
	struct letter l;

	if (outbox_get_next(st->store, number, &l) != OK)
		return;
	printf(tr("信件        %s\n"), letter_state_text(&l));
	if (l.origin != NULL)
		printf(tr("捎带自      %s\n"), l.origin);
	letter_fini(&l);
}

static void tell_member(void *arg, const struct case_view *c)
{
	(void)arg;
	printf("  %s  %s  %s\n", c->local_receipt,
		c->project_no != NULL ? c->project_no : tr("(中心尚未给出)"), c->task_name);
}

static void tell_case(struct cmd_station *st, const char *number)
{
	struct case_view c;
	char when[32];

	if (case_get(st->store, number, &c) != OK) {
		puts(tr("本机没有这一件: 是同一个大厅别的窗口收的。"));
		return;
	}
	printf(tr("事项        %s\n"), c.task_name);
	printf(tr("提交        %s\n"),
		clock_format(c.submitted_ms, "%Y-%m-%d %H:%M", when, sizeof when));
	if (strcmp(c.state, CASE_BUNDLE) == 0) {
		puts(tr("一件事, 各事项分别报送, 各有办件编号:"));
		case_each_in_bundle(st->store, c.id, tell_member, NULL);
	} else {
		printf(tr("办件编号    %s\n"),
			c.project_no != NULL ? c.project_no : tr("(中心尚未给出)"));
		printf(tr("状态        %s\n"), case_state_text(c.state));
	}
	case_view_fini(&c);
}

static int tell(struct cmd_station *st, const char *text)
{
	char number[LOCAL_RECEIPT_SIZE];

	switch (receipt_check(st->store, text, number)) {
	case RECEIPT_GENUINE:
		printf(tr("%s 是本大厅的回执\n"), number);
		if (!receipt_names_station(number))
			puts(tr("这是旧式号码, 别的窗口可能有同号的回执: 请核对姓名和事项。"));
		tell_case(st, number);
		tell_letter(st, number);
		return EXIT_DONE;
	case RECEIPT_FALSE:
		printf(tr("%s 的校验码不对: 抄错了, 或不是本大厅的回执\n"), number);
		return EXIT_REFUSED;
	default:
		printf(tr("%s 不是本地收件号, 应像 L261124-03-K7Q18-7F3\n"), text);
		return EXIT_REFUSED;
	}
}

int cmd_receipt(int argc, char **argv)
{
	struct cmd_station st;
	enum err e;
	int code;

	if (argc != 2 || argv[1][0] == '-' || argv[1][0] == '\0')
		return cmd_usage(tr("receipt 本地收件号"));
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	code = tell(&st, argv[1]);
	cmd_station_close(&st);
	return code;
}
