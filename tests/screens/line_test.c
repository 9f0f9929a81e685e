/*
 * The main job over a line of 9 600 bit/s and 300 ms there and back, by keys: signing in, finding,
 * papers, form, review, submit, receipt. Once by a clerk who looks before each key, once by one who
 * types ahead of what is shown. Nothing here is measured by a real clock (wire.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/station/cases.h"
#include "core/station/store.h"
#include "tests/screens/wire.h"
#include "tui/app_private.h"

enum {
	BITS = 9600,
	ROUND_TRIP_MS = 300,
	PACE_MS = 110, /* of one who types ahead */
	LOOK_MS =
		400, /* from what is seen to the next key: longer than the rest before a preview */
	FIRST_MAX = 2200,
	PAGE_MAX = 1900,
	STEP_MAX = 40,
	FIELD_KEY_MAX = 12,
	STEP_MS = 320
};

enum kind {
	KIND_FIELD_KEY, /* a character in a field */
	KIND_FIRST_KEY, /* the first of them: what was said of the field before goes */
	KIND_CHOICE,	/* by its number: its name is shown */
	KIND_NEXT,	/* on to the next field */
	KIND_STEP,	/* a step in a list */
	KIND_LETTER,	/* of a search */
	KIND_TICK,
	KIND_PAGE, /* another screen */
	KIND__MAX
};

static const struct stroke {
	const char *keys;
	enum kind kind;
	const char *then; /* stands on the terminal when they are done; NULL: nothing to wait for */
} road[] = {
	{HALL_OPERATOR, KIND_FIELD_KEY, HALL_OPERATOR},
	{"<Tab>", KIND_NEXT, NULL},
	{HALL_PASS, KIND_FIELD_KEY, "************"},
	{"<Tab>", KIND_NEXT, NULL},
	{"<C-u>03", KIND_CHOICE, NULL},
	{"<Enter>", KIND_PAGE, "要您处理"},
	{"残", KIND_PAGE, "残疾人证新办"},
	{"疾人", KIND_LETTER, NULL},
	{"<Down>", KIND_NEXT, NULL}, /* into the list */
	{"<Down><Up>", KIND_STEP, "残疾人证新办"},
	{"<Enter>", KIND_PAGE, "1概要"},
	{"<Enter>", KIND_PAGE, "核对材料 /"},
	{"12", KIND_TICK, "已收 2"},
	{"<Down><Up>", KIND_STEP, NULL},
	{"<Enter>", KIND_PAGE, "验屏申请表"},
	{"陈晓燕", KIND_FIELD_KEY, "陈晓燕"},
	{"<Enter>", KIND_NEXT, "居民身份证  2"},
	{"1", KIND_CHOICE, NULL},
	{"<Enter>", KIND_NEXT, NULL},
	{HALL_PERSON, KIND_FIELD_KEY, HALL_PERSON},
	{"<Enter>", KIND_NEXT, NULL},
	{HALL_MOBILE, KIND_FIELD_KEY, HALL_MOBILE},
	{"<Enter><Down>", KIND_NEXT, NULL},
	{"示范村18号", KIND_FIELD_KEY, "示范村18号"},
	{"<Enter>", KIND_NEXT, NULL},
	{"<C-g>", KIND_PAGE, "请申请人当面确认"},
	{"y", KIND_FIELD_KEY, "> y"},
	{"<Enter>", KIND_PAGE, "已提交, 存在本机"},
};

struct figures {
	size_t keys, bytes, bytes_max;
	int64_t after_ms, after_max_ms;
};

static const char *const kind_names[KIND__MAX] = {"a key in a field", "the first key in it",
	"a choice by number", "on to the next field", "a step in a list", "a letter of a search",
	"a paper ticked", "another screen"};

static void count(struct figures *f, struct wire_figure s)
{
	f->keys++;
	f->bytes += s.bytes;
	f->after_ms += s.after_ms;
	if (s.bytes > f->bytes_max)
		f->bytes_max = s.bytes;
	if (s.after_ms > f->after_max_ms)
		f->after_max_ms = s.after_ms;
}

static void print_figures(const struct figures *f)
{
	static const int budgets[KIND__MAX] = {
		[KIND_FIELD_KEY] = FIELD_KEY_MAX, [KIND_STEP] = STEP_MAX, [KIND_PAGE] = PAGE_MAX};

	for (int k = 0; k < KIND__MAX; k++) {
		if (f[k].keys == 0)
			continue;
		printf("  %-22s %3zu keys  bytes %5zu most %5zu  shown after %5lld ms most %5lld",
			kind_names[k], f[k].keys, f[k].bytes / f[k].keys, f[k].bytes_max,
			(long long)f[k].after_ms / (long long)f[k].keys,
			(long long)f[k].after_max_ms);
		if (budgets[k])
			printf("  limit %d bytes%s", budgets[k], k == KIND_STEP ? ", 320 ms" : "");
		putchar('\n');
	}
	fflush(stdout);
}

/* The key at p, by name or character; returns what follows it. */
static const char *next_key(const char *p, char key[16])
{
	size_t n = *p == '<' ? strcspn(p, ">") + 1 : 1;

	while ((p[n] & 0xc0) == 0x80)
		n++;
	snprintf(key, 16, "%.*s", (int)n, p);
	return p + n;
}

static struct inside *open_workstation(struct hall *h, bool sign_in)
{
	struct inside_options o = {"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, false,
		sign_in, .chance = 5};

	return inside_open(h, &o);
}

/* What is seen at the end is what the program means to show, and the case is on the disk. */
static bool is_submitted(struct hall *h, struct wire *w, struct inside *in)
{
	char receipt[64];
	struct case_view v;
	struct store *s;
	bool good;

	wire_rest(w);
	if (!inside_same(in, NULL, 0) ||
		!term_word(inside_term(in), "L2", receipt, sizeof(receipt)))
		return false;
	s = hall_store(h);
	good = case_get(s, receipt, &v) == OK;
	if (good) {
		good = strcmp(v.applyer_name, "陈晓燕") == 0 &&
		       strcmp(v.task_name, "残疾人证新办") == 0;
		case_view_fini(&v);
	}
	store_close(s);
	return good;
}

static void look_at(struct wire *w, const struct stroke *s, struct figures *f)
{
	bool first = s->kind == KIND_FIELD_KEY;

	for (const char *p = s->keys; *p;) {
		char key[16];
		p = next_key(p, key);
		wire_key(w, key);
		count(&f[first ? KIND_FIRST_KEY : s->kind], wire_shown(w));
		first = false;
		wire_pass(w, LOOK_MS);
	}
	if (s->then)
		wire_wait(w, s->then);
	wire_rest(w);
}

/* Each key when what the one before brought has been seen. Nothing is printed or asserted before
 * the workstation has given standard output back. */
static void looking(void **state)
{
	struct hall *h = *state;
	struct inside *in = open_workstation(h, true);
	struct wire *w = wire_new(in, BITS, ROUND_TRIP_MS);
	struct figures f[KIND__MAX] = {{0}};
	size_t first, all;
	bool slow, submitted;
	int64_t ms;

	wire_wait(w, "终端自检");
	wire_rest(w);
	first = wire_bytes(w);
	slow = terminal_slow(inside_app(in)->terminal);
	for (size_t i = 0; i < sizeof(road) / sizeof(*road); i++)
		look_at(w, &road[i], f);
	all = wire_bytes(w);
	ms = wire_now(w);
	submitted = is_submitted(h, w, in);
	wire_free(w);
	inside_close(in);
	printf("the road by keys on a line of %d bit/s and %d ms there and back, looking before "
	       "each key\n  %-22s bytes %zu  limit %d bytes\n",
		BITS, ROUND_TRIP_MS, "the first screen", first, FIRST_MAX);
	print_figures(f);
	printf("  %-22s bytes %zu in %.0f s\n", "all of it", all, (double)ms / 1000);
	assert_true(slow);
	assert_true(submitted);
	assert_true(first <= FIRST_MAX);
	assert_true(f[KIND_PAGE].bytes_max <= PAGE_MAX);
	assert_true(f[KIND_LETTER].bytes_max <= PAGE_MAX);
	assert_true(f[KIND_STEP].bytes_max <= STEP_MAX);
	assert_true(f[KIND_STEP].after_max_ms <= STEP_MS);
	assert_true(f[KIND_FIELD_KEY].bytes_max <= FIELD_KEY_MAX);
}

/* Never looking: what is typed is all there, and what is shown does not lag behind. */
static void typing_ahead(void **state)
{
	struct hall *h = *state;
	struct inside *in = open_workstation(h, true);
	struct wire *w = wire_new(in, BITS, ROUND_TRIP_MS);
	int64_t lag;
	size_t queued;
	bool submitted;

	wire_wait(w, "终端自检");
	wire_rest(w);
	wire_queued(w);
	for (size_t i = 0; i < sizeof(road) / sizeof(*road); i++)
		for (const char *p = road[i].keys; *p;) {
			char key[16];
			p = next_key(p, key);
			wire_key(w, key);
			wire_pass(w, PACE_MS);
		}
	lag = wire_now(w);
	wire_wait(w, "已提交, 存在本机");
	lag = wire_now(w) - lag;
	queued = wire_queued(w);
	submitted = is_submitted(h, w, in);
	wire_free(w);
	inside_close(in);
	printf("  typed ahead, a key each %d ms: the receipt is seen %lld ms after the last; at "
	       "most %zu bytes waited for the line\n",
		PACE_MS, (long long)lag, queued);
	fflush(stdout);
	assert_true(submitted);
	assert_true(queued <= FIRST_MAX);
}

/* Pages turned quicker than the line carries them: the last one is shown, not each. */
static void turning_pages(void **state)
{
	struct hall *h = *state;
	struct inside *in = open_workstation(h, false);
	struct wire *w = wire_new(in, BITS, ROUND_TRIP_MS);
	int64_t lag;
	size_t queued;
	bool same;

	wire_wait(w, "要您处理");
	wire_rest(w);
	wire_queued(w);
	for (int i = 0; i < 24; i++) {
		wire_key(w, i % 2 == 0 ? "<M-2>" : "<M-5>");
		wire_pass(w, PACE_MS);
	}
	lag = wire_now(w);
	wire_key(w, "<M-3>");
	wire_wait(w, "查办件");
	lag = wire_now(w) - lag;
	queued = wire_queued(w);
	wire_rest(w);
	same = inside_same(in, NULL, 0);
	wire_free(w);
	inside_close(in);
	printf("  pages turned, one each %d ms: the last is seen %lld ms after its key; at most "
	       "%zu bytes waited for the line\n",
		PACE_MS, (long long)lag, queued);
	fflush(stdout);
	assert_true(same);
	assert_true(queued <= FIRST_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(looking, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(typing_ahead, hall_setup, hall_teardown),
		cmocka_unit_test_setup_teardown(turning_pages, hall_setup, hall_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
