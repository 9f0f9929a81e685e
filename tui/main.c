/*
 * yimen: the workstation of a service window, and its commands.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/base/standard.h"
#include "core/base/version.h"
#include "tui/cmd.h"
#include "tui/cmd_station.h"
#include "tui/command_charset.h"
#include "tui/workstation.h"

struct command_entry {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help; /* N_() */
};

static const struct command_entry commands[] = {
	{"demo", cmd_demo, N_("打开演示大厅 (自带中心, 用完即弃)")},
	{"search", cmd_search, N_("查事项: 名称、拼音、首字母、编码、俗称")},
	{"matter", cmd_matter, N_("办事指南")},
	{"catalogue", cmd_catalogue, N_("导入、检查、比较事项目录")},
	{"apply", cmd_apply, N_("不用屏幕提交一件申请")},
	{"case", cmd_case, N_("本机的办件")},
	{"draft", cmd_draft, N_("没办完的草稿; 新版表单和指南对它们的影响")},
	{"hand", cmd_hand, N_("办件和草稿交给别人、接过来、收回")},
	{"slip", cmd_slip, N_("开具、补打文书: 文字、PDF 或打印")},
	{"evaluate", cmd_evaluate, N_("好差评: 一天的评价; 收评价器和纸质的评价")},
	{"ledger", cmd_ledger, N_("差评台账: 核实、延期、整改")},
	{"queue", cmd_queue, N_("叫号: 发号、叫号、过号、转发、办完, 收取号机的号")},
	{"outbox", cmd_outbox, N_("待发与退回")},
	{"day", cmd_day, N_("一天的日报: 收件、决定、时限、用时、报送; 文字、CSV 或 PDF")},
	{"month", cmd_day, N_("一个月的月报, 同上")},
	{"report", cmd_day, N_("report day, report month: 同 day, month")},
	{"receipt", cmd_receipt, N_("本地收件号是不是本大厅的, 这里知道什么")},
	{"reconcile", cmd_deliver, N_("一天的本地收件号和中心的清单对账")},
	{"deliver", cmd_deliver, N_("向中心报送")},
	{"enrol", cmd_deliver, N_("把本机接入中心")},
	{"sync", cmd_deliver, N_("现在就取目录和变化")},
	{"form", cmd_form, N_("检查、试填、导入表单, 计算表达式")},
	{"validate", cmd_validate, N_("核对证件号码等")},
	{"workday", cmd_workday, N_("工作日计算")},
	{"operator", cmd_operator, N_("添加操作员, 改口令, 停用")},
	{"audit", cmd_audit, N_("核对操作记录有没有被改动")},
	{"doctor", cmd_doctor, N_("检查本机, 说明设置从何而来")},
};

/* Nothing that is typed here may leak: see design decision 9. */
static void prepare_process(void)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	const struct rlimit none = {0, 0};

	standard_keep();
	umask(077);
	setrlimit(RLIMIT_CORE, &none);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL); /* a full quota becomes a write error */
}

static const struct command_entry *command_named(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(name, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}

/* What one command is for and what it expects, as it says itself. */
static int help_with(const struct command_entry *command)
{
	char name[16], option[] = "--help", *words[] = {name, option, NULL};

	snprintf(name, sizeof name, "%s", command->name);
	printf("yimen %s: %s\n", name, tr(command->help));
	cmd_usage_asked();
	return command->run(2, words);
}

static int help(FILE *out)
{
	size_t i;

	fprintf(out, "%s\n\n", tr("一门 Yimen: 政务服务综合窗口工作台"));
	fprintf(out, "  yimen %-10s%s\n", "", tr("打开工作台"));
	fprintf(out, "  yimen %-10s%s\n", "--plain",
		tr("逐行问答的工作台: 给读屏、盲文点显器、没有光标的终端和慢线路"));
	for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
		fprintf(out, "  yimen %-10s%s\n", commands[i].name, tr(commands[i].help));
	fprintf(out, "  yimen %-10s%s\n", "version", tr("版本"));
	fprintf(out, "\n%s\n", tr("yimen help 命令: 它的用法; man yimen: 全部说明和例子"));
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

/* Output that could not be written was not said, and input that could not be read was not seen: no
 * success then, even when the work is done. */
static int finish(int code)
{
	bool whole = fflush(stdout) == 0 && !ferror(stdout);

	if (!whole && errno == EPIPE) /* a reader that has seen enough is no trouble */
		whole = true;
	if (!whole)
		fprintf(stderr,
			tr("结果写不出去 (%s)。已经办成的仍然算数, 用 yimen outbox list 核对。\n"),
			err_cause(errno));
	if (ferror(stdin))
		fprintf(stderr, "%s\n",
			tr("标准输入没有读出来, 上面的不全。请检查前面的命令, 或写文件名。"));
	return code == EXIT_DONE && (!whole || ferror(stdin)) ? EXIT_ENV : code;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	const struct command_entry *command;
	bool asks;

	prepare_process();
	msg_init();
	command_charset_take(argc, argv,
		name == NULL || strcmp(name, "--plain") == 0 || strcmp(name, "demo") == 0);
	name = argc > 1 ? argv[1] : NULL;
	if (name == NULL)
		return workstation_run(NULL, false);
	if (strcmp(name, "--plain") == 0)
		return argc == 2 ? workstation_run(NULL, true) : cmd_usage("--plain");
	asks = argc >= 3 && strcmp(argv[argc - 1], "--help") == 0;
	if (argc == 3 && strcmp(name, "help") == 0 && (asks = true))
		name = argv[2];
	command = command_named(name);
	cmd_words(argv + 1);
	if (command != NULL)
		return finish(asks ? help_with(command)
				   : cmd_station_code(command->run(argc - 1, argv + 1)));
	if (strcmp(name, "version") == 0 || strcmp(name, "--version") == 0) {
		if (argc > 2)
			return cmd_usage("version");
		puts("yimen " YIMEN_VERSION);
		return finish(EXIT_DONE);
	}
	if (argc > 2 && strcmp(name, "help") == 0)
		return cmd_usage(tr("help [命令]"));
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return finish(help(stdout));
	fprintf(stderr, tr("没有命令 %s。可用的命令:\n"), name);
	return help(stderr);
}
