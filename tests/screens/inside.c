#include "tests/screens/inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/msg.h"
#include "tui/app_private.h"
#include "tui/session.h"
#include "tui/theme.h"

enum {
	IDLE_STEP_MS = 10 /* passes each time the test looks and nothing has come */
};

/* ncurses keeps what it knows of each terminal until the process ends; it is not ours to free. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libtinfo\nleak:libncursesw\n";
}

struct inside {
	struct term *term;
	struct app app;
	struct clock clock;
	int64_t began_wall_ms, passed_ms;
	struct entropy chance;
	uint64_t drawn;
	int in, out; /* the test's own standard input and output */
	char home[300];
};

static int64_t wall(void *arg)
{
	const struct inside *in = arg;

	return in->began_wall_ms +
	       (in->drawn ? 0 : in->passed_ms); /* where all repeats it stands still */
}

static int64_t stands_still(void *arg)
{
	(void)arg;
	return 1795501920000;
}

const struct clock inside_clock = {stands_still, stands_still, NULL};

static void repeat(void *arg, void *out, size_t len_bytes)
{
	uint64_t *drawn = arg;
	unsigned char *p = out;

	for (size_t i = 0; i < len_bytes; i++)
		p[i] = (unsigned char)((*drawn = *drawn * 6364136223846793005u +
						 1442695040888963407u) >>
				       56);
}

static int64_t mono(void *arg)
{
	const struct inside *in = arg;

	return 1000000 + in->passed_ms;
}

static void turn(void *arg)
{
	struct inside *in = arg;

	if (in->app.quit)
		return;
	app_take_input(&in->app);
	if (!in->app.dirty)
		in->passed_ms += IDLE_STEP_MS;
	if (!in->app.quit)
		app_turn(&in->app);
}

/* As tests/screens/term.c does it for a program of its own. */
static void set_environment(const struct hall *h, const struct inside_options *o)
{
	setenv("TERM", o->type, 1);
	setenv("LC_ALL", o->locale, 1);
	setenv("LANGUAGE", o->language, 1);
	setenv("TZ", "Asia/Shanghai", 1);
	for (size_t i = 0; h->env[i]; i++)
		putenv((char *)(uintptr_t)h->env[i]);
	tzset();
	msg_init();
}

static void take_standard(struct inside *in, int slave)
{
	fflush(stdout);
	in->in = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
	in->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	close(slave);
}

static void give_back_standard(struct inside *in)
{
	fflush(stdout);
	if (in->in >= 0)
		dup2(in->in, STDIN_FILENO);
	dup2(in->out, STDOUT_FILENO);
	close(in->in);
	close(in->out);
}

struct inside *inside_open(struct hall *h, const struct inside_options *o)
{
	struct inside *in = calloc(1, sizeof(*in));
	struct term_options how = {.rows = o->rows,
		.cols = o->cols,
		.type = o->type,
		.locale = o->locale,
		.language = o->language};
	struct app_options options = {.hall = "政务服务中心",
		.windows = "03 综合受理",
		.window = "03",
		.max_age_days = 90,
		.correction_days = 30,
		.yellow_days = 2,
		.late_minutes = 10,
		.queue_groups = "A 综合受理, B 社保医保",
		.evaluation_seconds = 60,
		.complaint_days = {1, 5, 15},
		.operator_name = o->sign_in ? NULL : HALL_OPERATOR,
		.theme = o->theme,
		.theme_set = o->theme_set,
		.slow = o->slow,
		.event_fd = -1,
		.wish_fd = -1};
	struct buf why = {0};
	int slave;

	set_environment(h, o);
	snprintf(in->home, sizeof(in->home), "%s", strchr(h->home_env, '=') + 1);
	in->began_wall_ms = clock_wall_ms(o->chance ? &inside_clock : &clock_system);
	in->drawn = o->chance;
	in->chance = (struct entropy){repeat, &in->drawn};
	if (o->chance)
		options.entropy = &in->chance;
	in->clock = (struct clock){wall, mono, in};
	options.home = in->home;
	options.clock = &in->clock;
	in->term = term_within(&how, turn, in, &slave);
	take_standard(in, slave);
	if (app_open(&in->app, &options, &why) != OK) {
		give_back_standard(in);
		fail_msg("%s", buf_str(&why));
	}
	buf_fini(&why);
	return in;
}

void inside_close(struct inside *in)
{
	in->app.quit = true;
	app_close(&in->app);
	give_back_standard(in);
	term_stop(in->term);
	free(in);
}

struct term *inside_term(struct inside *in)
{
	return in->term;
}

struct app *inside_app(struct inside *in)
{
	return &in->app;
}

bool inside_ended(const struct inside *in)
{
	return in->app.quit;
}

void inside_pass(struct inside *in, int ms)
{
	in->passed_ms += ms;
	while (term_turn(in->term))
		continue;
}

void inside_step(struct inside *in, int ms)
{
	in->passed_ms += ms;
	if (in->app.quit)
		return;
	app_take_input(&in->app);
	if (!in->app.quit)
		app_turn(&in->app);
}

/* Colour and weight are not seen on a blank; the terminal may leave there what was. */
static bool look_same(const struct term_cell *have, const struct cell *want, enum theme theme)
{
	const struct look *l = theme_look(theme, (enum role)want->role);
	bool blank = want->cp == ' ' || want->cp == 0;

	if (have->reverse != l->reverse || have->bg != l->bg)
		return false;
	if (have->underline != l->underline)
		return false;
	return blank || (have->bold == l->bold && have->fg == l->fg);
}

bool inside_same(struct inside *in, char *out, size_t size)
{
	const struct canvas *c = in->app.before;
	enum theme theme = terminal_theme(in->app.terminal);
	int rows = canvas_rows(c), cols = canvas_cols(c), row, col, at_row, at_col;

	for (row = 0; row < rows; row++) {
		const struct cell *cells = canvas_row(c, row);
		for (col = 0; col < cols - (row == rows - 1); col++) {
			struct term_cell have = term_cell(in->term, row, col);
			if (cells[col].cols == 0 && have.cp == 0)
				continue;
			if (have.cp == cells[col].cp && look_same(&have, &cells[col], theme))
				continue;
			if (out)
				snprintf(out, size,
					"row %d column %d: U+%04X%s%s%s fg %d bg %d on the "
					"terminal, U+%04X role %d wanted",
					row, col, (unsigned)have.cp, have.bold ? " bold" : "",
					have.reverse ? " reverse" : "",
					have.underline ? " underline" : "", have.fg, have.bg,
					(unsigned)cells[col].cp, cells[col].role);
			return false;
		}
	}
	canvas_cursor_at(c, &row, &col);
	term_cursor(in->term, &at_row, &at_col);
	if (row == at_row && col == at_col)
		return true;
	if (out)
		snprintf(out, size, "the cursor is at %d %d, wanted at %d %d", at_row, at_col, row,
			col);
	return false;
}

bool inside_same_repainted(struct inside *in, char *out, size_t size)
{
	terminal_forget(in->app.terminal);
	app_dirty(&in->app);
	while (term_turn(in->term))
		continue;
	return inside_same(in, out, size);
}
