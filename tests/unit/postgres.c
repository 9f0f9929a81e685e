#include "tests/unit/postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	START_MS = 30000,
	PAUSE_NS = 50000000,
	WORDS_MAX = 24
};

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "postgres: %s: run .ci/setup test\n", what);
	exit(3);
}

static void find_programs(struct postgres *p)
{
	glob_t found;

	if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) != 0)
		give_up("there is no initdb in /usr/lib/postgresql");
	snprintf(p->bin, sizeof p->bin, "%.*s",
		(int)(strlen(found.gl_pathv[found.gl_pathc - 1]) - strlen("/initdb")),
		found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
}

static const struct passwd *who(void)
{
	const struct passwd *pw = getpwnam("postgres");

	return pw != NULL ? pw : getpwnam("nobody");
}

static void become_other(void)
{
	const struct passwd *pw = who();

	if (getuid() != 0)
		return;
	if (pw == NULL || setgroups(0, NULL) != 0 || setgid(pw->pw_gid) != 0 ||
		setuid(pw->pw_uid) != 0)
		_exit(126);
}

static pid_t spawn(const struct postgres *p, const char *const *words)
{
	const char *argv[WORDS_MAX + 1];
	char path[256], log[96];
	pid_t pid = fork();
	int fd, i;

	if (pid != 0)
		return pid;
	become_other();
	prctl(PR_SET_PDEATHSIG, SIGQUIT); /* it does not outlive the test, however that ends */
	snprintf(path, sizeof path, "%s/%s", p->bin, words[0]);
	snprintf(log, sizeof log, "%s/log", p->dir);
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (chdir(p->dir) != 0)
		_exit(126);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	setenv("LC_ALL", "C", 1);
	/* By its whole name: its kin are looked for in the same folder. */
	for (i = 0; i < WORDS_MAX && words[i] != NULL; i++)
		argv[i] = words[i];
	argv[0] = path;
	argv[i] = NULL;
	execv(path, (char **)(uintptr_t)argv); /* POSIX: not changed */
	_exit(127);
}

static void conninfo_of(const struct postgres *p, const char *database, char out[256])
{
	snprintf(out, 256, "postgresql:///%s?host=%s&user=yimen", database, p->dir);
}

/* The server writes into its log what it does: each line can be waited for. */
static int watch_log(const struct postgres *p)
{
	char log[96];
	int fd = inotify_init1(IN_CLOEXEC);

	snprintf(log, sizeof log, "%s/log", p->dir);
	if (inotify_add_watch(fd, log, IN_MODIFY) < 0)
		give_up(log);
	return fd;
}

static bool comes_up(const struct postgres *p, int log_watch)
{
	int process = pidfd_open(p->pid, 0);
	struct pollfd events[2] = {{.fd = log_watch, .events = POLLIN},
		{.fd = process, .events = POLLIN} /* its end */};
	char told[4096], conninfo[256];
	bool up = false;

	conninfo_of(p, "postgres", conninfo);
	while (!up && poll(events, 2, START_MS) > 0 && events[1].revents == 0 &&
		read(log_watch, told, sizeof told) > 0)
		up = PQping(conninfo) == PQPING_OK;
	close(process);
	return up;
}

void postgres_start(struct postgres *p)
{
	const char *words[] = {"postgres", "-D", "data", "-k", p->dir, "-c",
		"listen_addresses=", "-c", "max_connections=40", "-c", "shared_buffers=64MB", "-c",
		"recovery_init_sync_method=syncfs" /* not file by file */, NULL};
	int log_watch = watch_log(p);
	bool up;

	p->pid = spawn(p, words);
	up = comes_up(p, log_watch);
	close(log_watch);
	if (!up)
		give_up("the server does not start");
}

static void run(const struct postgres *p, const char *const *words)
{
	int status;

	if (waitpid(spawn(p, words), &status, 0) < 0 || status != 0)
		give_up(words[0]);
}

static void make_folder(struct postgres *p)
{
	*p = (struct postgres){.dir = "/tmp/yimen-pg-XXXXXX"};
	find_programs(p);
	if (mkdtemp(p->dir) == NULL)
		give_up("no folder");
	if (getuid() == 0 && who() != NULL && chown(p->dir, who()->pw_uid, who()->pw_gid) != 0)
		give_up("the folder cannot be given away");
}

void postgres_make(struct postgres *p)
{
	static const char *const words[] = {"initdb", "-D", "data", "-U", "yimen", "-A", "trust",
		"-E", "UTF8", "--locale=C", "--no-sync", NULL};

	make_folder(p);
	run(p, words);
	postgres_start(p);
}

void postgres_stop(struct postgres *p, int signo)
{
	if (p->pid == 0)
		return;
	kill(p->pid, signo);
	waitpid(p->pid, NULL, 0);
	p->pid = 0;
}

/* Nothing tells when a standby has become synchronous. */
static void wait_for_sync(const char *conninfo)
{
	const struct timespec pause = {0, PAUSE_NS};

	while (postgres_ask(conninfo, "SELECT count(*) FROM pg_stat_replication WHERE sync_state"
				      " = 'sync'") == 0)
		nanosleep(&pause, NULL);
}

void postgres_make_standby(struct postgres *standby, struct postgres *p)
{
	const char *copy[] = {"pg_basebackup", "-D", "data", "-h", p->dir, "-U", "yimen", "-R",
		"-X", "stream", "-c", "fast", "--no-sync", NULL};
	char conninfo[256];

	make_folder(standby);
	run(standby, copy);
	postgres_start(standby);
	conninfo_of(p, "postgres", conninfo);
	postgres_ask(conninfo, "ALTER SYSTEM SET synchronous_standby_names = '*'");
	postgres_ask(conninfo, "SELECT pg_reload_conf()");
	wait_for_sync(conninfo);
}

void postgres_promote(struct postgres *standby)
{
	char conninfo[256];

	conninfo_of(standby, "postgres", conninfo);
	postgres_ask(conninfo, "SELECT pg_promote(true)::int");
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void postgres_remove(struct postgres *p)
{
	postgres_stop(p, SIGQUIT);
	nftw(p->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

long postgres_ask(const char *conninfo, const char *sql)
{
	PGconn *conn = PQconnectdb(conninfo);
	PGresult *r = PQexec(conn, sql);
	long n = PQntuples(r) > 0 ? strtol(PQgetvalue(r, 0, 0), NULL, 10) : 0;

	if (PQresultStatus(r) != PGRES_TUPLES_OK && PQresultStatus(r) != PGRES_COMMAND_OK) {
		fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
		exit(3);
	}
	PQclear(r);
	PQfinish(conn);
	return n;
}

void postgres_database(const struct postgres *p, const char *name, char out[256])
{
	char conninfo[256], sql[128];

	conninfo_of(p, "postgres", conninfo);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0", name);
	postgres_ask(conninfo, sql);
	conninfo_of(p, name, out);
}
