#include "tui/workstation.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/domain/deadline.h"
#include "core/station/evaluation.h"
#include "core/station/settings.h"
#include "tui/app.h"
#include "tui/cmd_station.h"
#include "tui/demo.h"
#include "tui/plain/plain.h"
#include "tui/theme.h"

/* The deliverer as a child: its events come in, our wishes go out. */
struct deliverer {
	pid_t pid;
	int events, wishes; /* -1: none */
};

static void start_deliverer(struct deliverer *d)
{
	sigset_t none;
	static char events[] = "--events";
	char *program = paths_program("yimen-deliver");
	char *argv[] = {program, events, NULL};
	int out[2], in[2], nowhere;

	*d = (struct deliverer){0, -1, -1};
	if (pipe(out) == 0 && pipe(in) == 0) {
		d->pid = fork();
		if (d->pid == 0) {
			dup2(in[0], STDIN_FILENO);
			dup2(out[1], STDOUT_FILENO);
			nowhere = open("/dev/null", O_WRONLY); /* it has a log of its own */
			dup2(nowhere, STDERR_FILENO);
			close(in[0]);
			close(in[1]);
			close(out[0]);
			close(out[1]);
			setpgid(0, 0);
			sigemptyset(&none); /* the screens take theirs from a descriptor */
			sigprocmask(SIG_SETMASK, &none, NULL);
			execv(argv[0], argv);
			_exit(127);
		}
		close(in[0]);
		close(out[1]);
		d->events = out[0];
		d->wishes = in[1];
		fcntl(d->events, F_SETFD, FD_CLOEXEC);
		fcntl(d->events, F_SETFL, O_NONBLOCK);
		fcntl(d->wishes, F_SETFD, FD_CLOEXEC);
		fcntl(d->wishes, F_SETFL, O_NONBLOCK);
	} else {
		log_error("workstation", "no pipes for the deliverer: %s", strerror(errno));
	}
	free(program);
}

/* It starts beside the first screen, not before it: its libraries take as long to load. */
static void begin_delivering(void *arg, int *event_fd, int *wish_fd)
{
	struct deliverer *d = arg;

	start_deliverer(d);
	*event_fd = d->events;
	*wish_fd = d->wishes;
}

/* Nothing of it stays behind. */
static void bury_deliverer(void *arg)
{
	struct deliverer *d = arg;

	while (d->pid > 0 && waitpid(d->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (d->wishes >= 0)
		close(d->wishes);
	if (d->events >= 0)
		close(d->events);
	*d = (struct deliverer){0, -1, -1};
}

/* End of file on its stdin tells it to finish what is in the air and stop. */
static void stop_deliverer(struct deliverer *d)
{
	if (d->wishes >= 0)
		close(d->wishes);
	d->wishes = -1;
	if (d->pid > 0)
		kill(d->pid, SIGTERM);
	bury_deliverer(d);
}

/* Which of the names a setting has; the first when it has none of them. */
static int one_of(const struct conf *c, const char *key, const char *const *names, int count)
{
	const char *set = conf_get(c, key);

	for (int i = 0; i < count; i++)
		if (strcmp(set, names[i]) == 0)
			return i;
	return 0;
}

static enum alert alert_of(const struct conf *c)
{
	static const char *const names[] = {"off", "bell", "flash"};

	return (enum alert)one_of(c, "screen.alert", names, 3);
}

static bool cut_line(void *training)
{
	struct demo *d = training;

	demo_cut(d, !d->cut);
	return d->cut;
}

static int run(const char *home, const struct conf *c, struct demo *demo, bool plain)
{
	struct deliverer d = {0, -1, -1};
	struct app_options o = {.home = home,
		.hall = conf_get(c, "hall.name"),
		.theme = theme_parse(conf_get(c, "screen.theme")),
		.theme_set = conf_is_set(c, "screen.theme"),
		.alert = alert_of(c),
		.slow = strcmp(conf_get(c, "screen.slow"), "on") == 0,
		.max_age_days = atoi(conf_get(c, "catalogue.max_age")),
		.correction_days = (int)conf_get_long(c, "hall.correction_days", SUPPLEMENT_DAYS),
		.yellow_days = (int)conf_get_long(c, "hall.yellow", 2),
		.late_minutes = (int)conf_get_long(c, "report.late", 10),
		.region = conf_get(c, "hall.region"),
		.evaluation_seconds = (int)conf_get_long(c, "evaluation.seconds", 60),
		.complaint_days = complaint_days_of(c),
		.queue_groups = conf_get(c, "queue.groups"),
		.queue_windows = conf_get(c, "queue.windows"),
		.queue_file = conf_get(c, "queue.file"),
		.queue_calls = conf_get(c, "queue.calls"),
		.station = conf_get(c, "station.name"),
		.centre_url = conf_get(c, "centre.url"),
		.windows = conf_get(c, "station.windows"),
		.event_fd = -1,
		.wish_fd = -1,
		.start_deliverer = begin_delivering,
		.events_ended = bury_deliverer,
		.arg = &d};
	int code;

	if (demo != NULL) {
		o.banner = tr("训练环境");
		o.cut_line = cut_line;
		o.training = demo;
		o.operator_name = "0317";
		o.window = "03";
	}
	code = plain ? plain_run(&o) : app_run(&o);
	stop_deliverer(&d);
	return code;
}

int workstation_run(struct demo *demo, bool plain)
{
	struct conf *c = NULL;
	struct buf why = {0};
	char *home, *log;
	enum err e = paths_home(&home, &why);
	int code;

	if (e != OK) {
		code = cmd_refuse(e, &why);
		buf_fini(&why);
		return code;
	}
	log = paths_join(home, "yimen.log");
	log_open(log, LOG_LEVEL_INFO);
	if (settings_load(&c, home, &why) != OK)
		fprintf(stderr, "%s\n", buf_str(&why));
	code = run(home, c, demo, plain);
	conf_free(c);
	log_close();
	free(log);
	free(home);
	buf_fini(&why);
	return code;
}
