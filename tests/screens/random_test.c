/*
 * Keys at random, on terminals at random: after each one the terminal shows, cell by cell, what the
 * program means to show, and now and then the same again after everything is drawn anew.
 *
 * KEYS=n how many (a short run without it), SEED=n which; make screens-random runs the long one.
 * The keys go in stretches, each in a process, a hall and a terminal of its own: a failure names
 * the seed of its stretch, and SEED=that KEYS=1 runs it again alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screens/inside.h"
#include "tui/app_private.h"
#include "tui/session.h"

enum {
	SHORT_RUN = 4000,
	STRETCH = 2000,
	REPAINT_EVERY = 16,
	OUT_MAX = 300, /* keys at the sign-in screen, before signing in again */
	KEPT = 24
};

/* Of a stretch, seen by the parent even when it crashes. */
struct seen {
	long keys, repaints, sign_ins;
	char last[KEPT][16];
	char what[256];
};

static uint64_t state64;

static uint64_t next64(void)
{
	uint64_t z = (state64 += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static size_t below(size_t n)
{
	return (size_t)(next64() % n);
}

/* Most keys move and open; text, digits and control keys are as frequent as a clerk's. */
static const char *const often[] = {"<Down>", "<Down>", "<Up>", "<Enter>", "<Enter>", "<Tab>",
	"<Esc>", "<Space>", "1", "2", "3", "y", "<Left>", "<Right>", "<PgDn>", "<PgUp>", "<Home>",
	"<End>", "<BS>", "<C-g>", "<C-e>", "<C-n>"};
static const char *const seldom[] = {"<C-a>", "<C-b>", "<C-d>", "<C-f>", "<C-k>", "<C-l>", "<C-o>",
	"<C-p>", "<C-r>", "<C-t>", "<C-u>", "<C-v>", "<C-w>", "<C-x>", "<C-y>", "<C-z>", "<C-_>",
	"<C-\\>", "<C-c>", "<M-1>", "<M-2>", "<M-3>", "<M-4>", "<M-5>", "<M-6>", "<M-7>", "?", ":",
	"/"};
static const char *const words[] = {"残疾", "高龄", "c", "j", "z", "陈晓燕", HALL_PERSON,
	HALL_MOBILE, "3月7日", "示范村18号", "１", "？", "：", "、", "“”…·—", "①→", "é", "0", "9",
	"-", "=", "~", "个体工商户", "\xf0\xa0\xae\xb7",
	"一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"};

static const struct {
	const char *type, *locale, *language;
	enum theme theme;
	int rows, cols;
} terminals[] = {
	{"xterm-256color", "C.UTF-8", "", THEME_DEFAULT, 24, 80},
	{"vt100", "C.UTF-8", "en", THEME_DEFAULT, 24, 80},
	{"putty", "zh_CN.GB18030", "", THEME_CONTRAST, 24, 80},
	{"linux", "C.UTF-8", "en", THEME_COLOURBLIND, 25, 100},
	{"screen", "C.UTF-8", "", THEME_DEFAULT, 16, 60},
	{"xterm-256color", "C.UTF-8", "en", THEME_DEFAULT, 43, 132},
	{"tmux-256color", "zh_CN.GB18030", "", THEME_DEFAULT, 30, 110},
};

/* What a locale's charset lacks is not typed there. */
static const char *choose_key(bool utf8)
{
	size_t what = below(10);
	const char *key;

	if (what < 6)
		return often[below(sizeof(often) / sizeof(*often))];
	if (what < 8)
		return seldom[below(sizeof(seldom) / sizeof(*seldom))];
	do
		key = words[below(sizeof(words) / sizeof(*words))];
	while (!utf8 && (*key & 0xf8) == 0xf0);
	return key;
}

static void resize(struct inside *in)
{
	static const int sizes[][2] = {{24, 80}, {16, 60}, {43, 132}, {12, 40}, {50, 180}};
	const int *size = sizes[below(sizeof(sizes) / sizeof(*sizes))];

	term_resize(inside_term(in), size[0], size[1]);
}

static void press(struct inside *in, struct seen *seen, bool utf8)
{
	struct term *t = inside_term(in);
	size_t what = below(400);
	const char *key = choose_key(utf8);

	snprintf(seen->last[seen->keys % KEPT], sizeof(seen->last[0]), "%s",
		what == 0   ? "resize"
		: what == 1 ? "paste"
			    : key);
	seen->keys++;
	if (what == 0)
		resize(in);
	else if (what == 1)
		term_paste(t, "张三\t1101011990\r\n第二行\x1b[31m");
	else
		term_keys(t, key);
	inside_pass(in, (int)below(8) == 0 ? 300 : 40);
}

/* The clerk left, or stands before the sign-in for long: another takes the chair. */
static bool wants_again(struct inside *in, int *out)
{
	*out = inside_app(in)->session->signed_in ? 0 : *out + 1;
	return inside_ended(in) || *out > OUT_MAX;
}

static void print_screen(struct inside *in)
{
	int rows = terminal_rows(inside_app(in)->terminal);

	fprintf(stderr, "%dx%d\n", terminal_cols(inside_app(in)->terminal), rows);
	for (int row = 0; row < rows; row++)
		fprintf(stderr, "%3d|%s\n", row, term_row(inside_term(in), row));
}

static bool run_stretch(struct hall *h, const struct inside_options *o, struct seen *seen)
{
	struct inside *in = inside_open(h, o);
	bool utf8 = strstr(o->locale, "UTF-8") != NULL, same = true;
	int out = 0;

	while (term_turn(inside_term(in)))
		continue;
	for (int i = 0; i < STRETCH && same; i++) {
		press(in, seen, utf8);
		if (wants_again(in, &out)) {
			inside_close(in);
			in = inside_open(h, o);
			seen->sign_ins++;
			while (term_turn(inside_term(in)))
				continue;
		}
		same = inside_same(in, seen->what, sizeof(seen->what));
		if (same && i % REPAINT_EVERY == 0) {
			seen->repaints++;
			same = inside_same_repainted(in, seen->what, sizeof(seen->what));
		}
	}
	if (!same)
		print_screen(in);
	inside_close(in);
	return same;
}

/* In a child: a stretch that crashes is a failure like another. */
static bool stretch_of(uint64_t seed, struct seen *seen)
{
	struct hall h;
	bool same;
	char here[256], conf[320];
	FILE *f;

	state64 = seed;
	hall_make(&h);
	snprintf(conf, sizeof(conf), "%s/yimen.conf", strchr(h.home_env, '=') + 1);
	f = fopen(conf, "w"); /* nothing is to reach a printer */
	if (!f || fputs("print.command = true\n", f) < 0 || fclose(f) != 0)
		return false;
	size_t k = below(sizeof(terminals) / sizeof(*terminals));
	struct inside_options o = {terminals[k].type, terminals[k].locale, terminals[k].language,
		terminals[k].rows, terminals[k].cols, terminals[k].theme, below(4) == 0,
		.chance = 0};
	if (!getcwd(here, sizeof(here)) || chdir(h.folder) != 0)
		return false;
	same = run_stretch(&h, &o, seen);
	if (chdir(here) == 0)
		hall_drop(&h);
	return same;
}

static void report(uint64_t seed, const struct seen *seen, int status)
{
	fprintf(stderr, "SEED=%llu KEYS=1: at key %ld (wait status %d): %s\nthe last keys:",
		(unsigned long long)seed, seen->keys, status, seen->what);
	for (long i = seen->keys > KEPT ? seen->keys - KEPT : 0; i < seen->keys; i++)
		fprintf(stderr, " %s", seen->last[i % KEPT]);
	fputc('\n', stderr);
}

static uint64_t number(const char *name, uint64_t otherwise)
{
	const char *set = getenv(name);

	return set && *set ? strtoull(set, NULL, 10) : otherwise;
}

static void the_terminal_shows_what_it_should(void **state)
{
	uint64_t seed = number("SEED", 1), wanted = number("KEYS", SHORT_RUN);
	struct seen *seen = mmap(
		NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long keys = 0, repaints = 0, stretches = 0;

	(void)state;
	assert_true(seen != MAP_FAILED);
	for (; (uint64_t)keys < wanted; seed++, stretches++) {
		int status;
		pid_t child;
		memset(seen, 0, sizeof(*seen));
		fflush(stdout);
		child = fork();
		if (child == 0)
			_exit(stretch_of(seed, seen) ? 0 : 1);
		assert_true(child > 0 && waitpid(child, &status, 0) == child);
		if (status != 0)
			report(seed, seen, status);
		assert_int_equal(status, 0);
		keys += seen->keys;
		repaints += seen->repaints;
	}
	printf("%ld keys in %ld stretches, %ld repaints: all the same\n", keys, stretches,
		repaints);
	munmap(seen, sizeof(*seen));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_terminal_shows_what_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
