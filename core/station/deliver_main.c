/*
 * yimen-deliver: the program behind `yimen deliver`, `yimen enrol` and `yimen sync`, and the helper
 * of the workstation. It is a program of its own because libcurl costs nine milliseconds and eight
 * megabytes that no screen should pay, and because the line can then never stall a key.
 *
 *	yimen-deliver --once		tries every waiting letter once
 *	yimen-deliver --watch		goes on until it is told to stop
 *	yimen-deliver --events		--watch for the workstation: events on stdout, wishes on
 *				stdin
 *	yimen-deliver enrol URL CODE	connects this station to a centre
 *	yimen-deliver sync [--restored]	fetches the catalogue and the changes now
 *	yimen-deliver reconcile		the day's receipts against the centre's list
 *	yimen-deliver look		whether the centre is there and admits this station
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/standard.h"
#include "core/base/text.h"
#include "core/station/agent.h"

/* Written to by the signal handler: the one thing a handler may touch. */
static int stop_pipe[2] = {-1, -1};

static void on_stop(int signal_number)
{
	int saved = errno;

	(void)signal_number;
	if (write(stop_pipe[1], "x", 1) < 0)
		errno = saved; /* the pipe is full of the same news */
	errno = saved;
}

static void prepare_process(void)
{
	struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN};
	const struct rlimit none = {0, 0};

	standard_keep();
	umask(077);
	setrlimit(RLIMIT_CORE, &none);
	if (pipe(stop_pipe) == 0) {
		fcntl(stop_pipe[0], F_SETFD, FD_CLOEXEC);
		fcntl(stop_pipe[1], F_SETFD, FD_CLOEXEC);
		fcntl(stop_pipe[1], F_SETFL, O_NONBLOCK);
	}
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGHUP, &stop, NULL);
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
}

/* Whoever only asks writes nothing that could be left half: it ends when it is told to, and does
 * not wait for an answer first. */
static void stop_at_once(void)
{
	const struct sigaction plain = {.sa_handler = SIG_DFL};

	sigaction(SIGTERM, &plain, NULL);
	sigaction(SIGINT, &plain, NULL);
	sigaction(SIGHUP, &plain, NULL);
}

/* Of each command its own: they are all begun by yimen under these names. */
static int usage(const char *command)
{
	static const char *const expected[] = {"deliver [--once|--watch]", N_("enrol 网址 接入码"),
		"sync [--restored]", N_("reconcile [日期] [--send-again] [--json]")};
	size_t i, which = 0, len = strlen(command);

	for (i = 0; i < sizeof expected / sizeof *expected; i++)
		if (strncmp(expected[i], command, len) == 0 && expected[i][len] <= ' ')
			which = i;
	fprintf(stderr, tr("用法: yimen %s\n"), tr(expected[which]));
	return EXIT_USAGE;
}

/* [date] [--send-again] [--json] */
static bool take_reconcile(struct agent_options *o, char **words)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, "--json") == 0)
			o->as_json = true;
		else if (strcmp(*words, "--send-again") == 0)
			o->send_again = true;
		else if (o->date == NULL && **words != '-')
			o->date = *words;
		else
			return false;
	}
	return true;
}

/* [--restored] */
static bool take_sync(struct agent_options *o, char **words)
{
	o->restored = *words != NULL && strcmp(*words, "--restored") == 0;
	return words[o->restored] == NULL;
}

int main(int argc, char **argv)
{
	struct agent_options o = {.stop_fd = -1};
	struct buf why = {0};
	char *log = NULL;
	enum exit_code code;

	prepare_process();
	msg_init();
	msg_speak_both(); /* in the background it may have to speak another language than its own */
	o.stop_fd = stop_pipe[0];
	if (argc == 2 && strcmp(argv[1], "--once") == 0)
		o.mode = AGENT_ONCE;
	else if (argc == 2 && strcmp(argv[1], "--watch") == 0)
		o.mode = AGENT_WATCH;
	else if (argc == 2 && strcmp(argv[1], "--events") == 0)
		o.mode = AGENT_EVENTS;
	else if (argc >= 2 && strcmp(argv[1], "sync") == 0)
		o.mode = AGENT_SYNC;
	else if (argc == 2 && strcmp(argv[1], "look") == 0)
		o.mode = AGENT_LOOK;
	else if (argc >= 2 && strcmp(argv[1], "reconcile") == 0)
		o.mode = AGENT_RECONCILE;
	else if (argc == 4 && strcmp(argv[1], "enrol") == 0)
		o.mode = AGENT_ENROL;
	else
		return usage(argc > 1 ? argv[1] : "deliver");
	if (o.mode == AGENT_SYNC && !take_sync(&o, argv + 2))
		return usage(argv[1]);
	if (o.mode == AGENT_RECONCILE && !take_reconcile(&o, argv + 2))
		return usage(argv[1]);
	if (o.mode == AGENT_ENROL) {
		o.url = argv[2];
		o.code = argv[3];
	}
	if (o.mode == AGENT_SYNC || o.mode == AGENT_RECONCILE || o.mode == AGENT_ENROL ||
		o.mode == AGENT_LOOK)
		stop_at_once();
	if (paths_home(&o.home, &why) != OK) {
		fprintf(stderr, "%s\n", buf_str(&why));
		buf_fini(&why);
		return EXIT_ENV;
	}
	log = paths_join(o.home, "deliver.log");
	log_open(log, LOG_LEVEL_INFO);
	code = agent_run(&o, &why);
	if (why.len > 0)
		fprintf(stderr, "%s\n", why.data);
	log_close();
	free(log);
	free(o.home);
	buf_fini(&why);
	return code;
}
