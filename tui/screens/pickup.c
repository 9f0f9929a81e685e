/* Results to hand over (取件): who comes for one says a name; found, it is handed over at once. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/acts.h"
#include "core/station/case_find.h"
#include "core/station/cases.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/case_lines.h"
#include "tui/case_story.h"
#include "tui/preview.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"

enum {
	ROWS_MAX = 500,
	WHO_COL = 2,
	MATTER_COL = 12,
	RESULT_COL = 35,
	DUE_COL = 73
};

struct row {
	char id[ID_UUID_SIZE];
	char *who, *matter, *result;
	int32_t due_day; /* 0: no clock runs */
};

struct pickup {
	struct screen base;
	struct line words;
	struct row *rows;
	size_t count;
	struct list list;
	struct preview preview;
};

static void drop_rows(struct pickup *g)
{
	for (size_t i = 0; i < g->count; i++) {
		free(g->rows[i].who);
		free(g->rows[i].matter);
		free(g->rows[i].result);
	}
	g->count = 0;
}

static void add_row(void *arg, const struct case_view *v)
{
	struct pickup *g = arg;
	struct store *s = app_session(g->base.app)->store;
	struct buf result = {0};
	struct row *r;

	g->rows = mem_resize(g->rows, g->count + 1, sizeof(*g->rows));
	r = &g->rows[g->count++];
	*r = (struct row){.due_day = 0};
	memcpy(r->id, v->id, sizeof(r->id));
	case_result(s, v->id, &result);
	r->who = mem_strdup(v->applyer_name ? v->applyer_name : "");
	r->matter = mem_strdup(v->task_name ? v->task_name : "");
	r->result = mem_strdup(buf_str(&result));
	due_of_case(s, v->id, &r->due_day);
	buf_fini(&result);
}

static void pickup_refresh(struct screen *s)
{
	struct pickup *g = (struct pickup *)s;
	const struct case_wanted wanted = {
		line_text(&g->words), case_state_name(CASE_DECIDED), ROWS_MAX};

	drop_rows(g);
	preview_forget(&g->preview);
	case_find(app_session(s->app)->store, &wanted, add_row, g);
	list_resize(&g->list, g->count);
}

static void pickup_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("取件"));
}

static void pickup_message(struct screen *s, struct buf *out)
{
	const struct pickup *g = (struct pickup *)s;

	buf_printf(out, tr("待取 %zu 件。"), g->count);
	buf_adds(out, tr("输入姓名或拼音首字母、号码、电话、票号; 回车送达, 接着出送达回证。"));
}

static void draw_row(struct pickup *g, struct canvas *c, int row, size_t i)
{
	const struct row *r = &g->rows[i];
	struct session *s = app_session(g->base.app);
	bool late = r->due_day != 0 && r->due_day < clock_day(app_wall_ms(g->base.app));
	struct buf who = {0};
	char day[DATE_SIZE];

	show_name(&who, r->who, !s->unmasked);
	canvas_pad(c, row, WHO_COL, MATTER_COL - WHO_COL - 1, ROLE_TEXT, buf_str(&who));
	canvas_pad(c, row, MATTER_COL, RESULT_COL - MATTER_COL - 1, ROLE_TEXT, r->matter);
	canvas_pad(c, row, RESULT_COL, DUE_COL - RESULT_COL - 1, ROLE_TEXT, r->result);
	if (r->due_day != 0)
		canvas_put(c, row, DUE_COL, 6, late ? ROLE_ERROR : ROLE_TEXT,
			date_format(date_from_day(r->due_day), day) + 5);
	list_mark(&g->list, c, i, row, 1, RESULT_COL - 2, app_slow(g->base.app), false);
	buf_fini(&who);
}

static void fill_preview(void *arg, struct pager *p)
{
	struct pickup *g = arg;

	case_preview(p, app_session(g->base.app), g->rows[g->list.selected].id,
		app_wall_ms(g->base.app));
}

static void pickup_draw(struct screen *s, struct canvas *c)
{
	struct pickup *g = (struct pickup *)s;
	int top = BODY_TOP + 2, col;
	struct preview_place at = preview_place(c, top);

	canvas_put(c, top, WHO_COL, 9, ROLE_LABEL, tr("申请人"));
	canvas_put(c, top, MATTER_COL, 20, ROLE_LABEL, tr("事项"));
	canvas_put(c, top, RESULT_COL, 30, ROLE_LABEL, tr("结果"));
	canvas_put(c, top, DUE_COL, 6, ROLE_LABEL, tr("送达期"));
	list_fit(&g->list, at.list_end - top - 1);
	if (g->count == 0)
		canvas_put(c, top + 1, WHO_COL, 70, ROLE_TEXT,
			*line_text(&g->words) ? tr("没有找到待取的结果。")
					      : tr("没有待取的结果。"));
	for (size_t i = g->list.top; i < g->count && i < g->list.top + g->list.rows; i++)
		draw_row(g, c, top + 1 + (int)(i - g->list.top), i);
	preview_draw(&g->preview, s->app, c, &at, g->count ? g->rows[g->list.selected].id : NULL,
		fill_preview, g);
	col = 2 + canvas_put(c, BODY_TOP, 1, 12, ROLE_LABEL, tr("谁来取"));
	line_draw(&g->words, c, BODY_TOP, col, 40, ROLE_FIELD, true);
}

static size_t pickup_commands(struct screen *s, enum command *out)
{
	const struct pickup *g = (struct pickup *)s;
	size_t n = 0;

	if (g->count > 0) {
		out[n++] = CMD_DELIVER;
		out[n++] = CMD_OPEN_CASE;
		out[n++] = CMD_MOVE;
	}
	if (*line_text(&g->words))
		out[n++] = CMD_CLEAR;
	return n;
}

static bool pickup_command(struct screen *s, enum command c)
{
	struct pickup *g = (struct pickup *)s;
	const struct row *r = g->count > 0 ? &g->rows[g->list.selected] : NULL;

	if (c == CMD_CLEAR) {
		line_set(&g->words, "");
		pickup_refresh(s);
		return true;
	}
	if (c == CMD_DELIVER && r)
		act_open(s->app, r->id, ACT_DELIVER);
	else if (c == CMD_OPEN_CASE && r)
		app_push(s->app, case_screen(s->app, r->id));
	else
		return false;
	return true;
}

static bool pickup_key(struct screen *s, const struct key *k)
{
	struct pickup *g = (struct pickup *)s;
	bool picked;

	if (k->code != K_CHAR && k->code != K_HOME && k->code != K_END &&
		list_key(&g->list, k, false, &picked))
		return true;
	if (line_key(&g->words, k) == LINE_CHANGED)
		pickup_refresh(s);
	return true;
}

static enum typing pickup_typing(struct screen *s)
{
	(void)s;
	return TYPING_WORDS;
}

static void pickup_close(struct screen *s)
{
	struct pickup *g = (struct pickup *)s;

	drop_rows(g);
	free(g->rows);
	preview_fini(&g->preview);
	line_fini(&g->words);
	free(g);
}

static const struct screen_ops pickup_ops = {.page = CMD_NONE,
	.draw = pickup_draw,
	.title = pickup_title,
	.message = pickup_message,
	.commands = pickup_commands,
	.command = pickup_command,
	.key = pickup_key,
	.typing = pickup_typing,
	.refresh = pickup_refresh,
	.close = pickup_close};

struct screen *pickup_screen(struct app *a)
{
	struct pickup *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&pickup_ops, a};
	return &g->base;
}
