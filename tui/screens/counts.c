/* One day in numbers: how many, of what. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"

enum {
	KINDS_MAX = 200,
	BAR_COLS = 24
};

struct kind {
	char *name;
	size_t count;
};

struct counts {
	struct screen base;
	int32_t day;
	struct kind kinds[KINDS_MAX];
	size_t kind_count, total, delivered, held;
};

static void drop(struct counts *g)
{
	for (size_t i = 0; i < g->kind_count; i++)
		free(g->kinds[i].name);
	g->kind_count = g->total = g->delivered = g->held = 0;
}

static void add_case(void *arg, const struct case_view *v)
{
	struct counts *g = arg;
	const char *name = v->task_name ? v->task_name : "";
	size_t i;

	g->total++;
	g->delivered += v->letter_state && strcmp(v->letter_state, "delivered") == 0;
	g->held += v->letter_state && strcmp(v->letter_state, "held") == 0;
	for (i = 0; i < g->kind_count && strcmp(g->kinds[i].name, name) != 0; i++)
		;
	if (i == KINDS_MAX)
		i = KINDS_MAX - 1;
	if (i == g->kind_count)
		g->kinds[g->kind_count++] = (struct kind){mem_strdup(name), 0};
	g->kinds[i].count++;
}

static int by_count(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void counts_refresh(struct screen *s)
{
	struct counts *g = (struct counts *)s;

	drop(g);
	case_each(app_session(s->app)->store, g->day, NULL, add_case, g);
	qsort(g->kinds, g->kind_count, sizeof(*g->kinds), by_count);
}

static void counts_title(struct screen *s, struct buf *out)
{
	const struct counts *g = (struct counts *)s;
	char date[DATE_SIZE];

	buf_printf(out, "%s / ", tr("统计"));
	if (g->day == clock_day(app_wall_ms(s->app)))
		buf_adds(out, tr("今日"));
	else
		buf_adds(out, date_format(date_from_day(g->day), date));
}

static void bar(struct canvas *c, int row, int label_cols, const char *label, size_t n, size_t most)
{
	struct buf b = {0};
	size_t cells = most ? (n * BAR_COLS + most - 1) / most : 0;

	canvas_pad(c, row, 3, label_cols, ROLE_TEXT, label);
	buf_printf(&b, "%5zu  ", n);
	while (cells-- > 0)
		buf_addc(&b, '#');
	canvas_put(c, row, 3 + label_cols + 1, canvas_cols(c) - label_cols - 5, ROLE_TEXT,
		buf_str(&b));
	buf_fini(&b);
}

static void counts_draw(struct screen *s, struct canvas *c)
{
	struct counts *g = (struct counts *)s;
	int row = BODY_TOP, bottom = screen_bottom(c);

	canvas_put(c, row++, 1, 40, ROLE_STRONG, tr("本机"));
	bar(c, row++, 36, tr("受理"), g->total, g->total);
	bar(c, row++, 36, tr("中心已收"), g->delivered, g->total);
	bar(c, row++, 36, tr("待发"), g->total - g->delivered - g->held, g->total);
	bar(c, row++, 36, tr("退回"), g->held, g->total);
	row++;
	canvas_put(c, row++, 1, 40, ROLE_STRONG, tr("按事项"));
	if (g->kind_count == 0)
		canvas_put(c, row, 3, 60, ROLE_TEXT, tr("这一天没有办件。"));
	for (size_t i = 0; i < g->kind_count && row < bottom; i++)
		bar(c, row++, 36, g->kinds[i].name, g->kinds[i].count, g->kinds[0].count);
	canvas_cursor(c, BODY_TOP, 0);
}

static size_t counts_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	(void)s;
	out[n++] = CMD_EARLIER;
	out[n++] = CMD_LATER;
	return n;
}

static bool counts_command(struct screen *s, enum command c)
{
	struct counts *g = (struct counts *)s;

	if (c == CMD_EARLIER)
		g->day--;
	else if (c == CMD_LATER && g->day < clock_day(app_wall_ms(s->app)))
		g->day++;
	else if (c != CMD_LATER)
		return false;
	counts_refresh(s);
	return true;
}

static void counts_close(struct screen *s)
{
	struct counts *g = (struct counts *)s;

	drop(g);
	free(g);
}

static const struct screen_ops counts_ops = {.page = CMD_GO_COUNTS,
	.draw = counts_draw,
	.title = counts_title,
	.commands = counts_commands,
	.command = counts_command,
	.refresh = counts_refresh,
	.close = counts_close};

struct screen *counts_screen(struct app *a)
{
	struct counts *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&counts_ops, a};
	g->day = clock_day(app_wall_ms(a));
	return &g->base;
}
