#include "tests/faults/stage.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/faults/report.h"

enum {
	WORDS_MAX = 24,
	READY_US = 20 * 1000 * 1000
};

static const char application[] =
	"{\"applicant_name\": \"李样例\", \"applicant_id\": \"371323199003070001\","
	" \"applicant_mobile\": \"13800000001\", \"applicant_town\": \"371323103\","
	" \"applicant_address\": \"示范村人民路18号\","
	" \"home_address\": \"河南省示范市示范县示范路1号\", \"stay_since\": \"2026-01-10\","
	" \"stay_why\": \"family\", \"stay_kind\": \"own\", \"confirmed\": \"OK\","
	" \"materials\": {\"照片\": \"received\", \"住所、就业或就读证明\": \"received\"}";

static void must(bool good, const char *what, const struct program *p)
{
	if (good)
		return;
	fprintf(stderr, "stage: %s\n%s%s", what, p != NULL ? buf_str(&p->said) : "",
		p != NULL ? buf_str(&p->sighed) : "");
	exit(3);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	must(f != NULL && fputs(text, f) >= 0 && fclose(f) == 0, path, NULL);
}

void stage_write_answers(struct stage *s, const char *paper)
{
	struct buf text = {0};

	buf_adds(&text, application);
	if (paper != NULL)
		buf_printf(&text, ", \"attachments\": {\"照片\": [\"%s\"]}", paper);
	buf_adds(&text, "}\n");
	write_file(s->answers, text.data);
	buf_fini(&text);
}

static void add_matters(struct stage *s)
{
	const char *const here[] = {
		"yimen", "catalogue", "import", "data/demo/matters.jsonl", NULL};
	const char *const there[] = {"import", "data/demo/matters.jsonl", NULL};
	const char *const find[] = {"yimen", "search", "--limit", "1", "居住证申领", NULL};
	struct program p = {0};

	must(stage_station(s, &p, here) == 0, "import of the matters", &p);
	must(stage_central(s, &p, there) == 0, "import of the matters at the centre", &p);
	must(stage_station(s, &p, find) == 0, "search", &p);
	snprintf(s->matter, sizeof s->matter, "%.*s", (int)strcspn(buf_str(&p.said), "\t"),
		buf_str(&p.said));
	program_fini(&p);
}

void stage_move(struct stage *s, const char *folder)
{
	snprintf(s->folder, sizeof s->folder, "%s", folder);
	snprintf(s->home, sizeof s->home, "%s/station", s->folder);
	snprintf(s->data, sizeof s->data, "%s/centre", s->folder);
	snprintf(s->answers, sizeof s->answers, "%s/answers.json", s->folder);
	snprintf(s->env_home, sizeof s->env_home, "YIMEN_HOME=%s", s->home);
}

void stage_open(struct stage *s)
{
	const char *tmp = getenv("TMPDIR");
	char folder[64];

	memset(s, 0, sizeof *s);
	setenv("TZ", "Asia/Shanghai", 1);
	setenv("LANGUAGE", "zh", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	snprintf(folder, sizeof folder, "%.30s/yimen-faults-XXXXXX", tmp ? tmp : "/tmp");
	must(mkdtemp(folder) != NULL, folder, NULL);
	stage_move(s, folder);
	stage_url(s, "http://127.0.0.1:9");
	stage_write_answers(s, NULL);
	add_matters(s);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void stage_close(struct stage *s)
{
	size_t i;

	program_fini(&s->centre);
	for (i = 0; i < s->receipt_count; i++)
		free(s->receipts[i]);
	free(s->receipts);
	if (getenv("KEEP") == NULL)
		nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	else
		fprintf(stderr, "stage: kept %s\n", s->folder);
}

void stage_url(struct stage *s, const char *url)
{
	snprintf(s->url, sizeof s->url, "%s", url);
	snprintf(s->env_url, sizeof s->env_url, "YIMEN_CENTRE_URL=%s", url);
	s->env[0] = s->env_home;
	s->env[1] = s->env_url;
	s->env[2] = NULL;
}

/* ---- the centre ---- */

bool stage_centre_runs(const struct stage *s)
{
	return s->centre.pid > 0;
}

bool stage_centre_start(struct stage *s, const char *const *options, const char *const *extra)
{
	char listen[32], url[128];
	const char *words[WORDS_MAX] = {
		"yimen-central", "--data", s->data, "--listen", listen, "--quiet"};
	const char *line;
	size_t n = 6;

	for (; options != NULL && *options != NULL && n < WORDS_MAX - 1; options++)
		words[n++] = *options;
	if (n == 6)
		words[n++] = "--open";
	snprintf(listen, sizeof listen, "127.0.0.1:%d", s->port);
	program_start(&s->centre, words, extra);
	if (!program_says(&s->centre, "\n", READY_US) ||
		(line = strstr(buf_str(&s->centre.said), "ready ")) == NULL ||
		sscanf(line, "ready %127s", url) != 1) {
		buf_printf(&s->centre.sighed, " (exit %d)", program_end(&s->centre, 0, SIGKILL));
		return false;
	}
	s->port = atoi(strrchr(url, ':') + 1);
	stage_url(s, url);
	return true;
}

void stage_centre_kill(struct stage *s)
{
	if (stage_centre_runs(s))
		program_end(&s->centre, 0, SIGKILL);
}

int stage_centre_stop(struct stage *s)
{
	return stage_centre_runs(s) ? program_end(&s->centre, 0, SIGTERM) : 0;
}

/* ---- the station ---- */

/* Our environment with the extra one behind it. */
static void join_env(const struct stage *s, const char *const *extra, const char **out)
{
	size_t n = 0, i;

	for (i = 0; s->env[i] != NULL; i++)
		out[n++] = s->env[i];
	for (i = 0; extra != NULL && extra[i] != NULL && n < WORDS_MAX - 1; i++)
		out[n++] = extra[i];
	out[n] = NULL;
}

void stage_apply(struct stage *s, struct program *p, const char *const *extra)
{
	const char *const words[] = {"yimen", "apply", s->matter, "--answers", s->answers, NULL};
	const char *env[WORDS_MAX];

	join_env(s, extra, env);
	program_start(p, words, env);
}

void stage_deliver(struct stage *s, struct program *p, const char *mode, const char *const *extra)
{
	const char *const words[] = {"yimen-deliver", mode, NULL};
	const char *env[WORDS_MAX];

	join_env(s, extra, env);
	program_start(p, words, env);
}

void stage_promise_receipt(struct stage *s, const char *receipt)
{
	s->receipts = mem_resize(s->receipts, s->receipt_count + 1, sizeof *s->receipts);
	s->receipts[s->receipt_count++] = mem_strdup(receipt);
}

bool stage_promise(struct stage *s, const struct program *p)
{
	const char *said = buf_str(&p->said);
	size_t len = strcspn(said, "\n");
	char *receipt;

	if (said[0] != 'L' || said[len] != '\n') /* a torn line is no receipt */
		return false;
	receipt = mem_strndup(said, len);
	stage_promise_receipt(s, receipt);
	free(receipt);
	return true;
}

void stage_apply_now(struct stage *s)
{
	struct program p = {0};

	stage_apply(s, &p, NULL);
	must(program_end(&p, PROGRAM_PATIENCE_US, SIGKILL) == 0, "apply", &p);
	must(stage_promise(s, &p), "apply gave no receipt", &p);
	program_fini(&p);
}

bool stage_peace(struct stage *s, int rounds)
{
	struct program p = {0};
	int code = 3;

	while (code == 3 && rounds-- > 0) {
		stage_deliver(s, &p, "--once", NULL);
		code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	}
	if (code != 0)
		report_note("no peace: exit %d%s, %.300s", code, p.late ? " (late)" : "",
			buf_str(&p.sighed));
	program_fini(&p);
	return code == 0;
}

int stage_station(struct stage *s, struct program *p, const char *const *words)
{
	return program_run(p, words, s->env);
}

int stage_central(struct stage *s, struct program *p, const char *const *words)
{
	const char *all[WORDS_MAX] = {"yimen-central", "--data", s->data};
	size_t n = 3;

	for (; *words != NULL && n < WORDS_MAX - 1; words++)
		all[n++] = *words;
	return program_run(p, all, NULL);
}
