#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/outbox.h"
#include "tui/cmd_station.h"

static void put_time(struct buf *out, const char *key, int64_t ms)
{
	char iso[CLOCK_ISO_SIZE];

	json_member(out, key);
	json_put_str(out, ms > 0 ? clock_iso(ms, iso) : NULL);
}

static void write_json(struct buf *out, const struct letter *l)
{
	buf_addc(out, '{');
	json_member_str(out, "id", l->id);
	json_member_str(out, "case_id", l->case_id);
	json_member_str(out, "kind", l->kind);
	json_member_str(out, "local_receipt", l->local_receipt);
	json_member(out, "project_no");
	json_put_str(out, l->project_no);
	json_member_str(out, "state", letter_state_name(l->state));
	json_member_int(out, "tries", l->tries);
	put_time(out, "next_at", l->state == LETTER_WAITING ? l->next_ms : 0);
	put_time(out, "created_at", l->created_ms);
	put_time(out, "delivered_at", l->delivered_ms);
	json_member(out, "reason");
	json_put_str(out, l->reason);
	buf_addc(out, '}');
}

static void list_json(void *arg, const struct letter *l)
{
	struct buf line = {0};

	(void)arg;
	write_json(&line, l);
	puts(line.data);
	buf_fini(&line);
}

static void list_plain(void *arg, const struct letter *l)
{
	struct buf line = {0};
	char when[32];

	(void)arg;
	clock_format(l->created_ms, "%m-%d %H:%M", when, sizeof when);
	buf_printf(&line, "%s\t%s\t%s\t%s\t%s\t", l->local_receipt, letter_state_text(l), when,
		l->project_no != NULL ? l->project_no : "-", l->task_name);
	if (l->reason != NULL)
		text_clean(&line, l->reason, strlen(l->reason));
	puts(line.data);
	buf_fini(&line);
}

static int list(struct cmd_station *st, bool as_json)
{
	outbox_each(st->store, NULL, as_json ? list_json : list_plain, NULL);
	return EXIT_DONE;
}

static void show_plain(const struct letter *l)
{
	char when[32];

	printf(tr("本地收件号  %s\n"), l->local_receipt);
	printf(tr("办件编号    %s\n"),
		l->project_no != NULL ? l->project_no : tr("(中心尚未给出)"));
	printf(tr("事项        %s\n"), l->task_name);
	printf(tr("状态        %s\n"), letter_state_text(l));
	printf(tr("已试        %d 次\n"), l->tries);
	if (l->state == LETTER_WAITING)
		printf(tr("下次        %s\n"),
			l->next_ms > 0
				? clock_format(l->next_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when)
				: tr("一有线路就报"));
	if (l->reason != NULL)
		printf(tr("最近答复    %s\n"), l->reason);
	if (l->state == LETTER_HELD)
		printf(tr("现在可做    更正后重发, 或 yimen outbox retry %s\n"), l->local_receipt);
	printf(tr("信件编号    %s\n"), l->id);
}

static int find(struct cmd_station *st, const char *id, struct letter *l)
{
	enum err e = outbox_get(st->store, id, l);

	if (e == ERR_NOT_FOUND)
		fprintf(stderr, tr("没有 %s 这封信件, 请用 yimen outbox list 查看\n"), id);
	else if (e != OK)
		fprintf(stderr, "%s\n", err_text(e));
	return err_exit(e);
}

static int show(struct cmd_station *st, const char *id, bool as_json)
{
	struct letter l = {0};
	int code = find(st, id, &l);

	if (code != EXIT_DONE)
		return code;
	if (as_json)
		list_json(NULL, &l);
	else
		show_plain(&l);
	letter_fini(&l);
	return EXIT_DONE;
}

static int retry(struct cmd_station *st, const char *id)
{
	struct letter l = {0};
	int code = find(st, id, &l);
	enum err e;

	if (code != EXIT_DONE)
		return code;
	e = outbox_retry(st->store, l.id, "command");
	if (e == ERR_STATE)
		fprintf(stderr, tr("%s 已经送达, 不用重发\n"), id);
	letter_fini(&l);
	return err_exit(e);
}

int cmd_outbox(int argc, char **argv)
{
	struct cmd_station st;
	bool as_json = argc > 1 && strcmp(argv[argc - 1], "--json") == 0;
	int count = argc - as_json, code = -1;
	const char *verb = count > 1 ? argv[1] : "list";
	enum err e;

	if (!(count <= 2 && strcmp(verb, "list") == 0) &&
		!(count == 3 && (strcmp(verb, "show") == 0 || strcmp(verb, "retry") == 0)))
		return cmd_usage(tr("outbox [list|show 编号|retry 编号] [--json]"));
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	if (strcmp(verb, "list") == 0)
		code = list(&st, as_json);
	else if (strcmp(verb, "show") == 0)
		code = show(&st, argv[2], as_json);
	else
		code = retry(&st, argv[2]);
	cmd_station_close(&st);
	return code;
}
