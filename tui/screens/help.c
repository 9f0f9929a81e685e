/* What can be done on the screen one came from; Enter does it. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	HELP_COL = 35
};

/* Help and palette are one screen: the palette has every command and is for typing a name. */
struct help {
	struct screen base;
	struct screen *of;
	bool palette;
	struct line words;
	struct list list;
	enum command all[COMMANDS_MAX];
	size_t all_count;
	enum command shown[CMD__MAX];
	size_t possible; /* so many of them are: the others belong to other screens */
	bool small;	 /* drawn in a window without rows to spare */
};

static bool is_possible(const struct help *h, enum command c)
{
	for (size_t i = 0; i < h->all_count; i++)
		if (h->all[i] == c)
			return true;
	return false;
}

static size_t add_possible(struct help *h, size_t n, enum command_match wanted)
{
	for (size_t i = 0; i < h->all_count; i++)
		if (command_match(h->all[i], line_text(&h->words)) == wanted)
			h->shown[n++] = h->all[i];
	return n;
}

/* An act that is looked for is found, wherever it belongs. */
static size_t add_impossible(struct help *h, size_t n, enum command_match wanted)
{
	for (int c = CMD_NONE + 1; c < CMD__MAX; c++)
		if (!is_possible(h, (enum command)c) &&
			command_match((enum command)c, line_text(&h->words)) == wanted)
			h->shown[n++] = (enum command)c;
	return n;
}

/* What can be done here before what cannot; in each, what begins with the words comes first. */
static void filter(struct help *h)
{
	size_t n = add_possible(h, 0, MATCH_BEGINS);

	h->possible = n = add_possible(h, n, MATCH_INSIDE);
	if (*line_text(&h->words)) {
		n = add_impossible(h, n, MATCH_BEGINS);
		n = add_impossible(h, n, MATCH_INSIDE);
	}
	list_reset(&h->list, n);
}

static void help_title(struct screen *s, struct buf *out)
{
	struct help *h = (struct help *)s;

	buf_adds(out, h->palette ? tr("命令") : tr("帮助"));
	buf_adds(out, " / ");
	h->of->ops->title(h->of, out);
}

/* What the i-th does, and whether it can be done here. */
static void explain(const struct help *h, size_t i, struct buf *out)
{
	const char *help = tr(command_info(h->shown[i])->help);

	if (i < h->possible)
		buf_adds(out, help);
	else
		buf_printf(out, "(%s) %s", tr("这一屏现在不能"), help);
}

static void help_message(struct screen *s, struct buf *out)
{
	const struct help *h = (struct help *)s;

	if (h->list.count == 0)
		buf_adds(out, tr("没有这个操作。换个说法, 或 Esc 返回。"));
	else if (h->small) /* the rows are for the list */
		explain(h, h->list.selected, out);
	else
		buf_adds(out, tr("中文名、拼音首字母、英文名都能找; 右边是它的直达键。"));
}

static bool is_cut(const struct canvas *c, const struct buf *help)
{
	return glyph_cols(buf_str(help)) > canvas_cols(c) - HELP_COL - 1;
}

/* The rows that the longest explanation takes of those that the list cuts. */
static int whole_rows(const struct help *h, const struct canvas *c)
{
	int most = h->small || canvas_cols(c) < FULL_COLS ? 3 : 2, rows = 0;
	struct buf help = {0};
	struct pager p;

	pager_init(&p, canvas_cols(c) - 4);
	for (size_t i = 0; i < h->list.count && rows < most; i++) {
		buf_clear(&help);
		explain(h, i, &help);
		if (!is_cut(c, &help))
			continue;
		pager_clear(&p, canvas_cols(c) - 4);
		pager_add(&p, 0, ROLE_TEXT, buf_str(&help));
		if ((int)p.count > rows)
			rows = (int)p.count < most ? (int)p.count : most;
	}
	pager_fini(&p);
	buf_fini(&help);
	return rows;
}

/* What the row had no room for is read whole below the list. */
static void draw_whole(struct help *h, struct canvas *c, int row, int rows)
{
	struct buf help = {0};

	if (h->list.count == 0 || rows == 0 || !app_draws_detail(h->base.app, c, row, rows, 0))
		return;
	explain(h, h->list.selected, &help);
	if (is_cut(c, &help))
		pager_put(c, row, rows, 2, canvas_cols(c) - 4, ROLE_TEXT, buf_str(&help));
	buf_fini(&help);
}

static void draw_row(struct help *h, struct canvas *c, int row, size_t i)
{
	const struct command_info *info = command_info(h->shown[i]);
	struct buf help = {0};

	canvas_pad(c, row, 2, 22, ROLE_TEXT, trc("key", info->name));
	canvas_pad(c, row, 25, 9, ROLE_TEXT, tr(info->keys_text));
	explain(h, i, &help);
	canvas_pad(c, row, HELP_COL, canvas_cols(c) - HELP_COL - 1, ROLE_TEXT, buf_str(&help));
	buf_fini(&help);
	list_mark(&h->list, c, i, row, 1, 23, app_slow(h->base.app), h->list.moved);
}

/* Where the list ends: above the rows of the longest explanation, which a small window tells where
 * messages stand. */
static int list_bottom(struct help *h, struct canvas *c)
{
	int bottom = screen_bottom(c), whole = whole_rows(h, c);
	int message = canvas_rows(c) - FRAME_BELOW + 1 - bottom;

	if (h->small)
		return whole > message ? bottom - (whole - message) : bottom;
	draw_whole(h, c, bottom - whole, whole);
	return bottom - whole - 1;
}

static void help_draw(struct screen *s, struct canvas *c)
{
	struct help *h = (struct help *)s;
	int top, bottom, col;

	h->small = canvas_rows(c) < FULL_ROWS; /* without the rows that part */
	top = BODY_TOP + (h->small ? 1 : 2);
	bottom = list_bottom(h, c);
	list_fit(&h->list, bottom - top);
	for (size_t i = h->list.top; i < h->list.count && i < h->list.top + h->list.rows; i++)
		draw_row(h, c, top + (int)(i - h->list.top), i);
	col = 1 + canvas_put(c, BODY_TOP, 1, 12, ROLE_LABEL, h->palette ? tr("命令") : tr("查"));
	line_draw(&h->words, c, BODY_TOP, col + 1, 40, ROLE_FIELD, !h->list.moved);
}

static size_t help_commands(struct screen *s, enum command *out)
{
	const struct help *h = (struct help *)s;
	size_t n = 0;

	if (h->list.count > 0) {
		out[n++] = CMD_RUN;
		out[n++] = CMD_MOVE;
	}
	out[n++] = CMD_CLEAR;
	return n;
}

static void run(struct help *h)
{
	struct app *a = h->base.app;
	enum command chosen = h->shown[h->list.selected];
	const struct command_info *info = command_info(chosen);

	if (h->list.selected >= h->possible) {
		app_say(a, tr("%s: 这一屏现在不能。%s"), trc("key", info->name), tr(info->help));
		return;
	}
	app_pop(a); /* frees h */
	app_command(a, chosen);
}

static bool help_command(struct screen *s, enum command c)
{
	struct help *h = (struct help *)s;

	switch (c) {
	case CMD_RUN:
		if (h->list.count > 0 && !app_scan_ended(s->app))
			run(h);
		return true;
	case CMD_CLEAR:
		line_set(&h->words, "");
		filter(h);
		return true;
	case CMD_HELP:
	case CMD_PALETTE:
		return true; /* already here */
	default:
		return false;
	}
}

static bool help_key(struct screen *s, const struct key *k)
{
	struct help *h = (struct help *)s;
	bool picked;

	if (k->code != K_CHAR && list_key(&h->list, k, false, &picked))
		return true;
	h->list.moved = false;
	if (line_key(&h->words, k) == LINE_CHANGED)
		filter(h);
	return true;
}

static enum typing help_typing(struct screen *s)
{
	(void)s;
	return TYPING_CHOICE;
}

static void help_close(struct screen *s)
{
	struct help *h = (struct help *)s;

	line_fini(&h->words);
	free(h);
}

static const struct screen_ops help_ops = {.page = CMD_NONE,
	.draw = help_draw,
	.title = help_title,
	.message = help_message,
	.commands = help_commands,
	.command = help_command,
	.key = help_key,
	.typing = help_typing,
	.close = help_close};

static struct screen *make(struct app *a, struct screen *of, bool palette)
{
	struct help *h = mem_alloc(sizeof(*h));

	h->base = (struct screen){&help_ops, a};
	h->of = of;
	h->palette = palette;
	h->all_count = app_commands(a, of, h->all);
	filter(h);
	return &h->base;
}

struct screen *help_screen(struct app *a, struct screen *of)
{
	return make(a, of, false);
}

struct screen *palette_screen(struct app *a, struct screen *of)
{
	return make(a, of, true);
}
