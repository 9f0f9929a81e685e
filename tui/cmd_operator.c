#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/operator.h"
#include "tui/cmd_station.h"

enum {
	PASS_MAX_BYTES = 256
};

/* One line from stdin, not shown while it is typed. false: nothing was given. */
static bool read_pass(const char *prompt, char *out, int size)
{
	bool tty = isatty(STDIN_FILENO) == 1;
	struct termios before, quiet;
	bool got;

	if (tty) {
		tcgetattr(STDIN_FILENO, &before);
		quiet = before;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
		fputs(prompt, stderr); /* what is typed from here on is not shown */
	}
	got = fgets(out, size, stdin) != NULL;
	if (tty) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	if (got)
		out[strcspn(out, "\r\n")] = '\0';
	return got;
}

/* On a terminal it is asked for twice; from a pipe one line is enough. */
static enum err new_pass(char *pass, int size, struct buf *why)
{
	char again[PASS_MAX_BYTES];
	enum err e = OK;

	if (!read_pass(tr("新口令: "), pass, size)) {
		buf_why(why, tr("没有输入口令"));
		return ERR_INVALID;
	}
	if (isatty(STDIN_FILENO) == 1 &&
		(!read_pass(tr("再输一次: "), again, sizeof again) || strcmp(pass, again) != 0)) {
		buf_why(why, tr("两次输入的口令不一样, 请重来"));
		e = ERR_INVALID;
	}
	explicit_bzero(again, sizeof again);
	return e;
}

static void print_operator(void *arg, const struct operator* o)
{
	char when[32] = "-";

	(void)arg;
	if (o->last_sign_in_ms > 0)
		clock_format(o->last_sign_in_ms, "%Y-%m-%d %H:%M", when, sizeof when);
	printf("%s\t%s\t%s\t%s\n", o->name, o->full_name, o->locked ? tr("停用") : tr("在用"),
		when);
}

static enum err run(struct cmd_station *st, int argc, char **argv, struct buf *why)
{
	const char *verb = argv[1];
	char pass[PASS_MAX_BYTES];
	enum err e;

	if (strcmp(verb, "list") == 0) {
		operator_each(st->store, print_operator, NULL);
		cmd_say_none(operator_count(st->store), false,
			tr("还没有操作员, 请用 yimen operator add 工号 添加。"));
		return OK;
	}
	if (strcmp(verb, "lock") == 0 || strcmp(verb, "unlock") == 0)
		return operator_lock(st->store, argv[2], verb[0] == 'l', why);
	e = strcmp(verb, "add") == 0 ? operator_free(st->store, argv[2], why)
				     : operator_there(st->store, argv[2], why);
	if (e == OK)
		e = new_pass(pass, sizeof pass, why);
	if (e == OK && strcmp(verb, "add") == 0)
		e = operator_add(st->store, argv[2], argc > 3 ? argv[3] : argv[2], pass, why);
	else if (e == OK)
		e = operator_passwd(st->store, argv[2], pass, why);
	explicit_bzero(pass, sizeof pass);
	if (e == OK && isatty(STDIN_FILENO) == 1) /* who could not see it wants to hear of it */
		fprintf(stderr, tr("操作员 %s 的口令已经记下。\n"), argv[2]);
	return e;
}

static bool known(int argc, char **argv)
{
	static const char *const verbs[] = {"add", "passwd", "lock", "unlock"};
	size_t i;

	if (argc == 2)
		return strcmp(argv[1], "list") == 0;
	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (argc >= 3 && strcmp(argv[1], verbs[i]) == 0)
			return argc == 3 || (argc == 4 && i == 0);
	return false;
}

int cmd_operator(int argc, char **argv)
{
	struct cmd_station st;
	struct buf why = {0};
	enum err e;
	int code;

	if (!known(argc, argv))
		return cmd_usage(
			tr("operator list | add 工号 [姓名] | passwd 工号 | lock 工号 | unlock "
			   "工号   (口令从键盘或标准输入读)"));
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	e = run(&st, argc, argv, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	cmd_station_close(&st);
	buf_fini(&why);
	return code;
}
