#include "tui/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/index.h"
#include "core/station/operator.h"
#include "core/station/queue.h"
#include "core/station/settings.h"
#include "core/station/store.h"

enum {
	READY_WAIT_MS = 20 * 1000,
	COMPLAINT_BYTES = 64 << 10
};

#define DEMO_DAY_SECONDS "20" /* a working day of the demo's back office */

static const char matters[] = "data/demo/matters.jsonl";
static const char hall_settings[] = "data/demo/hall.conf";

static void hold_signals(sigset_t *before)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, before);
}

static void say(const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
}

/* ---- the centre ---- */

/* Starts a program of ours; its stdout can be read from *out_fd (NULL: it goes nowhere), its
 * complaints go into a file (NULL: nowhere). */
static pid_t start(char *const argv[], int *out_fd, const char *complaints)
{
	int pipe_fds[2] = {-1, -1};
	pid_t hall = getpid(), pid;

	if (out_fd != NULL && pipe(pipe_fds) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		sigset_t none;
		int nowhere = open("/dev/null", O_RDWR);
		int file = complaints != NULL ? open(complaints, O_WRONLY | O_CREAT, 0600) : -1;
		dup2(nowhere, STDIN_FILENO);
		dup2(out_fd != NULL ? pipe_fds[1] : nowhere, STDOUT_FILENO);
		dup2(file >= 0 ? file : nowhere, STDERR_FILENO);
		if (out_fd != NULL) {
			close(pipe_fds[0]);
			close(pipe_fds[1]);
		}
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		setpgid(0, 0); /* Ctrl-C at the screen is not for the centre */
		/* It ends with the hall, even one that is killed. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != hall)
			_exit(126);
		execv(argv[0], argv);
		_exit(127);
	}
	if (out_fd != NULL) {
		close(pipe_fds[1]);
		fcntl(pipe_fds[0], F_SETFD, FD_CLOEXEC);
		*out_fd = pipe_fds[0];
		if (pid < 0)
			close(pipe_fds[0]);
	}
	return pid;
}

/* Waits for "yimen-central ready URL". free() *url. */
static enum err read_ready(int fd, char **url)
{
	struct pollfd p = {fd, POLLIN, 0};
	struct buf line = {0};
	char c;
	const char *at;

	while (strchr(buf_str(&line), '\n') == NULL && poll(&p, 1, READY_WAIT_MS) > 0 &&
		read(fd, &c, 1) == 1)
		buf_addc(&line, c);
	at = strstr(buf_str(&line), "http://");
	if (at != NULL)
		*url = mem_strndup(at, strcspn(at, " \n"));
	buf_fini(&line);
	return at != NULL ? OK : ERR_IO;
}

static enum err run_to_end(char *const argv[])
{
	pid_t pid = start(argv, NULL, NULL);
	int status = -1;

	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? OK : ERR_IO;
}

/* What it has said itself, or that it is not there. */
static void why_no_centre(const char *program, const char *complaints, struct buf *why)
{
	struct buf said = {0};

	if (paths_read(&said, complaints, COMPLAINT_BYTES) == OK && said.len > 0)
		buf_why(why, "%.*s", (int)strcspn(said.data, "\n"), said.data);
	else
		buf_why(why, tr("演示中心没有启动 (%s), 请先运行 make"), program);
	buf_fini(&said);
}

/* The county of the hall, six digits: its centre's case numbers begin with it. free() it. */
static char *hall_county(void)
{
	struct conf *hall = conf_new(settings_keys);
	char *path = paths_share(hall_settings);
	const char *region = NULL;
	char *county;

	if (conf_read(hall, path, NULL) == OK)
		region = conf_get(hall, "hall.region");
	county = mem_strndup(region != NULL ? region : "", 6);
	conf_free(hall);
	free(path);
	return county;
}

static enum err open_centre(struct demo *d, const char *fault, struct buf *why)
{
	static char data[] = "--data", import[] = "import", listen[] = "--listen",
		    quiet[] = "--quiet", where[] = "127.0.0.1:0", open_to_all[] = "--open",
		    region[] = "--region", trouble[] = "--fault";
	char *program = paths_program("yimen-central");
	char *folder = paths_join(d->folder.path, "centre"), *file = paths_share(matters);
	char *take_in[] = {program, data, folder, import, file, NULL};
	char *complaints = paths_join(d->folder.path, "centre.log");
	char *spec = mem_strdup(fault), *county = hall_county();
	char *serve[] = {program, data, folder, listen, where, open_to_all, quiet, region, county,
		spec != NULL ? trouble : NULL, spec, NULL};
	int fd = -1;
	enum err e = run_to_end(take_in);

	if (e == OK) {
		d->centre = start(serve, &fd, complaints);
		e = d->centre > 0 ? read_ready(fd, &d->url) : ERR_IO;
	}
	if (fd >= 0)
		close(fd);
	if (e != OK)
		why_no_centre(program, complaints, why);
	free(spec);
	free(county);
	free(complaints);
	free(file);
	free(folder);
	free(program);
	return e;
}

/* Without it the hall works all the same: nothing comes back by itself. */
static void open_office(struct demo *d)
{
	static char data[] = "--data", backoffice[] = "backoffice", day[] = "--day",
		    seconds[] = DEMO_DAY_SECONDS, quiet[] = "--quiet";
	char *program = paths_program("yimen-central");
	char *folder = paths_join(d->folder.path, "centre");
	char *argv[] = {program, data, folder, backoffice, day, seconds, quiet, NULL};

	d->office = start(argv, NULL, NULL);
	if (d->office < 0)
		d->office = 0;
	free(folder);
	free(program);
}

/* ---- the station ---- */

static enum err import_matters(const char *home, struct buf *why)
{
	struct catalogue_import how = {
		.source = tr("演示大厅"), .now_ms = clock_wall_ms(&clock_system)};
	struct catalogue_result result;
	struct catalogue *c = NULL;
	char *path = paths_join(home, "catalogue.db"), *index = paths_join(home, "catalogue.idx");
	char *file = paths_share(matters);
	FILE *in = fopen(file, "re");
	enum err e =
		in != NULL ? catalogue_open(&c, path, clock_day(how.now_ms), why) : ERR_NOT_FOUND;

	if (e == OK)
		e = catalogue_import(c, in, &how, &result, why);
	if (e == OK)
		e = index_build(c, index, why);
	if (in != NULL)
		fclose(in);
	catalogue_close(c);
	free(file);
	free(path);
	free(index);
	return e;
}

static enum err write_settings(const struct demo *d, const char *home)
{
	char *shipped = paths_share(hall_settings);
	char *path = paths_join(home, "yimen.conf");
	struct buf text = {0};
	enum err e = paths_read(&text, shipped, 1 << 20);

	if (e == OK) {
		buf_printf(&text, "centre.url = %s\n", d->url);
		e = paths_replace(path, text.data, text.len);
	}
	buf_fini(&text);
	free(path);
	free(shipped);
	return e;
}

static enum err add_operators(const char *home, struct buf *why)
{
	struct store *s = NULL;
	enum err e = store_open(&s, home, &clock_system, &entropy_system, why);

	/* Invented people; the pass phrase is said in the README and on the sign-in screen. */
	if (e == OK)
		e = operator_add(s, "0317", tr("王示范"), "yimen-demo", why);
	if (e == OK)
		e = operator_add(s, "0318", tr("李样例"), "yimen-demo", why);
	store_close(s);
	return e;
}

/* A hall with nobody in it looks like none: these wait when it opens, the last one with priority.
 */
static enum err let_people_in(const char *home, struct buf *why)
{
	static const char letters[] = "AABAABA";
	struct queue_draw draw = {.operator_name = "0317"};
	struct store *s = NULL;
	struct ticket ticket;
	char letter[2] = "";
	enum err e = store_open(&s, home, &clock_system, &entropy_system, why);

	for (size_t i = 0; e == OK && letters[i] != '\0'; i++) {
		letter[0] = letters[i];
		draw.letter = letter;
		draw.priority = letters[i + 1] == '\0';
		e = queue_draw(s, &draw, &ticket, NULL, why);
		if (e == OK)
			ticket_fini(&ticket);
	}
	store_close(s);
	return e;
}

static enum err open_station(struct demo *d, struct buf *why)
{
	char *home = paths_join(d->folder.path, "station");
	enum err e = mkdir(home, 0700) == 0 ? OK : ERR_IO;

	if (e == OK)
		e = write_settings(d, home);
	if (e == OK)
		e = import_matters(home, why);
	if (e == OK)
		e = add_operators(home, why);
	if (e == OK)
		e = let_people_in(home, why);
	if (e == OK)
		setenv("YIMEN_HOME", home, 1);
	free(home);
	return e;
}

enum err demo_open(struct demo *d, bool office, const char *fault, struct buf *why)
{
	enum err e;

	hold_signals(&d->signals_before);
	e = demo_folder_make(&d->folder, why);
	if (e != OK) {
		sigprocmask(SIG_SETMASK, &d->signals_before, NULL);
		return e;
	}
	say(tr("演示大厅: 启动中心服务 ..."));
	e = open_centre(d, fault, why);
	if (e == OK) {
		say(tr("演示大厅: 导入事项, 准备窗口 ..."));
		e = open_station(d, why);
	}
	if (e == OK && office)
		open_office(d);
	if (e == OK)
		say(tr("演示大厅: 就绪"));
	return e;
}

void demo_cut(struct demo *d, bool cut)
{
	if (d->centre > 0 && kill(d->centre, cut ? SIGSTOP : SIGCONT) == 0)
		d->cut = cut;
}

void demo_close(struct demo *d)
{
	const sigset_t before = d->signals_before;

	if (d->folder.path == NULL)
		return;
	if (d->office > 0) {
		kill(d->office, SIGKILL); /* it remembers nothing */
		while (waitpid(d->office, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (d->centre > 0) {
		kill(d->centre, SIGCONT);
		kill(d->centre, SIGTERM);
		while (waitpid(d->centre, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	demo_folder_remove(&d->folder);
	free(d->url);
	*d = (struct demo){0};
	sigprocmask(SIG_SETMASK, &before, NULL);
}
