#include "tests/screens/hall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/catalogue.h"
#include "core/station/draft.h"
#include "core/station/index.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "hall: %s\n", what);
	exit(1);
}

static void add_operator(const char *home, const struct clock *clock)
{
	struct store *s;
	struct buf why = {0};

	must(store_open(&s, home, clock, &entropy_system, &why) == OK, buf_str(&why));
	must(operator_add(s, HALL_OPERATOR, "王小明", HALL_PASS, &why) == OK, buf_str(&why));
	store_close(s);
	buf_fini(&why);
}

static void take_matters(const char *home, const struct clock *clock, FILE *f)
{
	char path[300], index[300];
	struct catalogue *c;
	struct buf why = {0};
	struct catalogue_import how = {.source = "matters.jsonl", .now_ms = clock_wall_ms(clock)};
	struct catalogue_result r;

	snprintf(path, sizeof(path), "%s/catalogue.db", home);
	snprintf(index, sizeof(index), "%s/catalogue.idx", home);
	must(catalogue_open(&c, path, clock_day(how.now_ms), &why) == OK, buf_str(&why));
	must(catalogue_import(c, f, &how, &r, &why) == OK && r.bad == 0, buf_str(&why));
	must(index_build(c, index, &why) == OK, buf_str(&why));
	catalogue_close(c);
	fclose(f);
	buf_fini(&why);
}

static void add_matters(const char *home, const struct clock *clock)
{
	FILE *f = fopen("tests/screens/matters.jsonl", "r");

	must(f != NULL, "tests/screens/matters.jsonl: run from the root of the tree");
	take_matters(home, clock, f);
}

void hall_learn(const struct hall *h, const struct clock *clock, const char *line)
{
	FILE *f = fmemopen((void *)(uintptr_t)line, strlen(line), "r");

	must(f != NULL, "fmemopen");
	take_matters(strchr(h->home_env, '=') + 1, clock, f);
}

/* share/NAME leads to the file or folder of the tree. */
static void lead_to(const char *share, const char *name, const char *tree_path)
{
	char from[600], to[320];

	must(getcwd(from, 300) != NULL, "getcwd");
	snprintf(from + strlen(from), 300, "/%s", tree_path);
	snprintf(to, sizeof(to), "%s/%s", share, name);
	must(symlink(from, to) == 0, to);
}

/* Shipped files as they are, but the form library is the tests' own. */
static void make_share(const char *share)
{
	char forms[300];

	must(mkdir(share, 0700) == 0, share);
	snprintf(forms, sizeof(forms), "%s/forms", share);
	must(mkdir(forms, 0700) == 0, forms);
	lead_to(share, "data", "data");
	lead_to(share, "forms/acts", "forms/acts");
	lead_to(share, "forms/library", "tests/screens/share/forms/library");
}

void hall_make(struct hall *h)
{
	hall_make_at(h, &clock_system);
}

void hall_make_at(struct hall *h, const struct clock *clock)
{
	char home[280], share[280], here[256];
	const char *build = getenv("BUILD");

	setenv("TZ", "Asia/Shanghai", 1); /* the program's: a test sees the same day as it does */
	tzset();
	must(getcwd(here, sizeof(here)) != NULL, "getcwd");
	/* in memory where the machine has such a place: nothing of it outlives the test */
	snprintf(h->folder, sizeof(h->folder), "%s/yimen-screens-XXXXXX",
		access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	must(mkdtemp(h->folder) != NULL, h->folder);
	snprintf(home, sizeof(home), "%s/home", h->folder);
	snprintf(share, sizeof(share), "%s/share", h->folder);
	must(mkdir(home, 0700) == 0, home);
	make_share(share);
	add_operator(home, clock);
	add_matters(home, clock);
	snprintf(h->home_env, sizeof(h->home_env), "YIMEN_HOME=%s", home);
	snprintf(h->share_env, sizeof(h->share_env), "YIMEN_SHARE=%s", share);
	h->env[0] = h->home_env;
	h->env[1] = h->share_env;
	snprintf(h->locale_env, sizeof(h->locale_env), "LOCPATH=%s/%s/locales", here,
		build ? build : "build");
	h->env[2] = h->locale_env;
	h->env[3] = NULL;
}

void hall_drop(struct hall *h)
{
	char command[320];

	snprintf(command, sizeof(command), "rm -rf '%s'", h->folder);
	if (system(command) != 0)
		fprintf(stderr, "hall: %s stays\n", h->folder);
}

struct term *hall_open(struct hall *h, const char *type, const char *locale, const char *language,
	int rows, int cols)
{
	char program[256];
	const char *build = getenv("BUILD"), *argv[2] = {program, NULL};
	struct term_options o = {rows, cols, type, locale, language, h->env};

	snprintf(program, sizeof(program), "%s/yimen", build ? build : "build");
	return term_start(argv, &o);
}

void hall_sign_in(struct term *t, const char *today)
{
	term_wait(t, ">");
	term_keys(t, HALL_OPERATOR "<Tab>" HALL_PASS "<Tab><C-u>03<Enter>");
	term_wait(t, today);
}

void hall_person(size_t n, char out[HALL_PERSON_SIZE])
{
	static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0, i;

	snprintf(out, HALL_PERSON_SIZE, "11010119900307%03u", (unsigned)(n % 1000));
	for (i = 0; i < 17; i++)
		sum += (out[i] - '0') * weights[i];
	out[17] = "10X98765432"[sum % 11];
	out[18] = '\0';
}

void hall_to_the_guide(struct term *t)
{
	term_keys(t, "残疾人证新");
	term_wait(t, "残疾人证新办");
	term_keys(t, "<Enter>");
	term_wait(t, "1概要");
}

void hall_to_the_papers(struct term *t)
{
	hall_to_the_guide(t);
	term_keys(t, "<Enter>");
	term_wait(t, "核对材料 /");
}

void hall_to_the_form(struct term *t)
{
	hall_to_the_papers(t);
	term_keys(t, "12");
	term_wait(t, "已收 2");
	term_keys(t, "<Enter>");
	term_wait(t, "验屏申请表");
}

void hall_to_review(struct term *t)
{
	hall_to_the_form(t);
	term_keys(t, "陈晓燕<Enter>");
	term_wait(t, "居民身份证  2");
	term_keys(t, "1<Enter>" HALL_PERSON "<Enter>");
	term_wait(t, HALL_PERSON);
	term_keys(t, HALL_MOBILE "<Enter>");
	term_wait(t, "> 出生日期");
	term_keys(t, "<Down>示范村18号<Enter>");
	term_wait(t, "示范村18号");
	term_keys(t, "<C-g>");
	term_wait(t, "请申请人当面确认");
}

void hall_submit(struct term *t)
{
	hall_to_review(t);
	term_keys(t, "y<Enter>");
	term_wait(t, "已提交, 存在本机");
	term_wait(t, "今日受理 1");
}

struct store *hall_store(const struct hall *h)
{
	struct store *s = NULL;
	struct buf why = {0};

	must(store_open(&s, strchr(h->home_env, '=') + 1, &clock_system, &entropy_system, &why) ==
			OK,
		buf_str(&why));
	buf_fini(&why);
	return s;
}

int hall_setup(void **state)
{
	struct hall *h = calloc(1, sizeof(*h));

	hall_make(h);
	*state = h;
	return 0;
}

int hall_teardown(void **state)
{
	hall_drop(*state);
	free(*state);
	return 0;
}

struct term *hall_today(struct hall *h)
{
	struct term *t = hall_open(h, "xterm-256color", "C.UTF-8", "", 24, 80);

	hall_sign_in(t, "要您处理");
	return t;
}

static void count_waiting(void *arg, const struct letter *l)
{
	*(size_t *)arg += l->state == LETTER_WAITING;
}

size_t hall_waiting(const struct hall *h)
{
	struct store *s = hall_store(h);
	size_t n = 0;

	outbox_each(s, NULL, count_waiting, &n);
	store_close(s);
	return n;
}

struct wanted {
	struct store *store;
	const char *place, *value;
	bool found;
};

static void see_answer(void *arg, const char *place, const char *value)
{
	struct wanted *w = arg;

	w->found |= strcmp(place, w->place) == 0 && value && strcmp(value, w->value) == 0;
}

static void see_draft(void *arg, const struct draft *d)
{
	struct wanted *w = arg;

	draft_each_answer(w->store, d->id, DRAFT_FORM, see_answer, w);
}

void hall_wait_on_disk(const struct hall *h, struct term *t, const char *place, const char *value)
{
	struct wanted w = {hall_store(h), place, value, false};
	time_t deadline = time(NULL) + 20;

	while (!w.found && time(NULL) < deadline) {
		term_rest(t, 20);
		draft_each(w.store, NULL, see_draft, &w);
	}
	store_close(w.store);
	if (!w.found)
		fail_msg("%s is not on disk as %s", place, value);
}
