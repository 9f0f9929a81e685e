/* The cases of one day at this station; typed words narrow them. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/case_find.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/case_lines.h"
#include "tui/flow.h"
#include "tui/preview.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"

enum {
	CASES_MAX = 2000,
	FOUND_MAX = 200,
	NUMBER_COL = 2
};

/* Where the columns begin. */
struct columns {
	int matter, who, state, when;
};

/* A small window has no room for the time: it is in the case. */
static struct columns columns_of(const struct canvas *c)
{
	if (canvas_cols(c) < FULL_COLS)
		return (struct columns){23, 39, 49, canvas_cols(c)};
	return (struct columns){25, 51, 61, 72};
}

struct row {
	char id[ID_UUID_SIZE];
	char *number, *matter, *who, *state;
	int64_t when_ms;
	bool is_draft;
};

struct cases {
	struct screen base;
	int32_t day;
	struct line words;
	struct row *rows;
	size_t count;
	struct list list;
	struct preview preview;
};

static void drop_rows(struct cases *g)
{
	for (size_t i = 0; i < g->count; i++) {
		free(g->rows[i].number);
		free(g->rows[i].matter);
		free(g->rows[i].who);
		free(g->rows[i].state);
	}
	g->count = 0;
}

/* NULL: there are too many. */
static struct row *new_row(struct cases *g)
{
	if (g->count >= CASES_MAX)
		return NULL;
	g->rows = mem_resize(g->rows, g->count + 1, sizeof(*g->rows));
	g->rows[g->count] = (struct row){.is_draft = false};
	return &g->rows[g->count++];
}

/* A draft, parked or not, is found by name, number, telephone or what was remarked of it. */
static void add_draft(void *arg, const struct draft *d)
{
	struct row *r = new_row(arg);

	if (!r)
		return;
	memcpy(r->id, d->id, sizeof(r->id));
	r->is_draft = true;
	r->number = mem_strdup(d->parked_note ? d->parked_note : "");
	r->matter = mem_strdup(d->task_name);
	r->who = mem_strdup(d->applyer_name);
	r->state = mem_strdup(d->parked_note ? tr("暂存") : tr("草稿"));
	r->when_ms = d->updated_ms;
}

static void add_row(void *arg, const struct case_view *v)
{
	struct row *r = new_row(arg);
	struct buf state = {0};

	if (!r)
		return;
	memcpy(r->id, v->id, sizeof(r->id));
	r->number = mem_strdup(v->project_no ? v->project_no : v->local_receipt);
	r->matter = mem_strdup(v->task_name);
	r->who = mem_strdup(v->applyer_name);
	r->state = mem_strdup(show_alone(&state, show_case_state(v)));
	r->when_ms = v->submitted_ms;
	buf_fini(&state);
}

/* Words search all days: who asks after a case seldom knows the day. */
static void cases_refresh(struct screen *s)
{
	struct cases *g = (struct cases *)s;
	const char *words = line_text(&g->words);

	drop_rows(g);
	preview_forget(&g->preview);
	if (*words)
		draft_find(app_session(s->app)->store, words, add_draft, g);
	if (*words)
		case_find(app_session(s->app)->store, &(struct case_wanted){words, NULL, FOUND_MAX},
			add_row, g);
	else
		case_each(app_session(s->app)->store, g->day, NULL, add_row, g);
	list_resize(&g->list, g->count);
}

static void cases_title(struct screen *s, struct buf *out)
{
	const struct cases *g = (struct cases *)s;
	char date[DATE_SIZE];

	buf_printf(out, "%s / ", tr("办件"));
	if (*line_text(&g->words))
		buf_adds(out, tr("查找"));
	else if (g->day == clock_day(app_wall_ms(s->app)))
		buf_adds(out, tr("今日"));
	else
		buf_adds(out, date_format(date_from_day(g->day), date));
}

static void cases_message(struct screen *s, struct buf *out)
{
	const struct cases *g = (struct cases *)s;

	buf_printf(out, tr("共 %zu 件。"), g->count);
	buf_adds(out, tr("输入编号、姓名或拼音、证件号、电话、票号、事项, 查所有日期和草稿。"));
}

static void draw_row(struct cases *g, struct canvas *c, int row, size_t i, int width)
{
	const struct row *r = &g->rows[i];
	const struct columns at = columns_of(c);
	struct buf b = {0};

	show_number(&b, r->number ? r->number : "", at.matter - NUMBER_COL - 1);
	canvas_pad(c, row, NUMBER_COL, at.matter - NUMBER_COL - 1, ROLE_TEXT, buf_str(&b));
	buf_clear(&b);
	canvas_pad(
		c, row, at.matter, at.who - at.matter - 1, ROLE_TEXT, r->matter ? r->matter : "");
	show_name(&b, r->who ? r->who : "", !app_session(g->base.app)->unmasked);
	canvas_pad(c, row, at.who, at.state - at.who - 1, ROLE_TEXT, buf_str(&b));
	canvas_pad(c, row, at.state, at.when - at.state - 1, ROLE_TEXT, r->state);
	buf_clear(&b);
	show_moment(&b, r->when_ms, app_wall_ms(g->base.app));
	if (width > at.when)
		canvas_pad(c, row, at.when, width - at.when, ROLE_TEXT, buf_str(&b));
	list_mark(&g->list, c, i, row, 1, at.who - 2, app_slow(g->base.app), g->list.moved);
	buf_fini(&b);
}

static void fill_preview(void *arg, struct pager *p)
{
	struct cases *g = arg;

	case_preview(p, app_session(g->base.app), g->rows[g->list.selected].id,
		app_wall_ms(g->base.app));
}

static void cases_draw(struct screen *s, struct canvas *c)
{
	struct cases *g = (struct cases *)s;
	int top = BODY_TOP + 2, col;
	const struct columns at = columns_of(c);
	struct preview_place view = preview_place(c, top);

	canvas_put(c, top, NUMBER_COL, 20, ROLE_LABEL, tr("编号"));
	canvas_put(c, top, at.matter, 20, ROLE_LABEL, tr("事项"));
	canvas_put(c, top, at.who, 9, ROLE_LABEL, tr("申请人"));
	canvas_put(c, top, at.state, 10, ROLE_LABEL, tr("状态"));
	if (at.when < canvas_cols(c))
		canvas_put(c, top, at.when, 8, ROLE_LABEL, tr("时间"));
	list_fit(&g->list, view.list_end - top - 1);
	if (g->count == 0)
		canvas_put(c, top + 1, NUMBER_COL, 60, ROLE_TEXT,
			app_nothing(s->app,
				*line_text(&g->words) ? tr("没有找到。") : tr("这一天没有办件。")));
	for (size_t i = g->list.top; i < g->count && i < g->list.top + g->list.rows; i++)
		draw_row(g, c, top + 1 + (int)(i - g->list.top), i, view.list_cols);
	preview_draw(&g->preview, s->app, c, &view, g->count ? g->rows[g->list.selected].id : NULL,
		fill_preview, g);
	col = 2 + canvas_put(c, BODY_TOP, 1, 12, ROLE_LABEL, tr("查办件"));
	line_draw(&g->words, c, BODY_TOP, col, 40, ROLE_FIELD, !g->list.moved);
}

static size_t cases_commands(struct screen *s, enum command *out)
{
	const struct cases *g = (struct cases *)s;
	size_t n = 0;

	if (g->count > 0) {
		out[n++] = CMD_OPEN;
		out[n++] = CMD_MOVE;
	}
	if (!*line_text(&g->words)) {
		out[n++] = CMD_EARLIER;
		out[n++] = CMD_LATER;
	} else {
		out[n++] = CMD_CLEAR;
	}
	return n;
}

static void open_row(struct cases *g)
{
	const struct row *r = &g->rows[g->list.selected];

	if (g->count == 0)
		return;
	if (r->is_draft)
		flow_resume(g->base.app, r->id, NULL);
	else
		app_push(g->base.app, case_screen(g->base.app, r->id));
}

static bool cases_command(struct screen *s, enum command c)
{
	struct cases *g = (struct cases *)s;

	switch (c) {
	case CMD_OPEN:
		open_row(g);
		return true;
	case CMD_EARLIER:
		g->day--;
		break;
	case CMD_LATER:
		if (g->day < clock_day(app_wall_ms(s->app)))
			g->day++;
		break;
	case CMD_CLEAR:
		line_set(&g->words, "");
		break;
	default:
		return false;
	}
	cases_refresh(s);
	return true;
}

static bool cases_key(struct screen *s, const struct key *k)
{
	struct cases *g = (struct cases *)s;
	bool picked;

	if (k->code != K_CHAR && k->code != K_HOME && k->code != K_END &&
		list_key(&g->list, k, false, &picked))
		return true;
	g->list.moved = false;
	if (line_key(&g->words, k) == LINE_CHANGED)
		cases_refresh(s);
	return true;
}

static enum typing cases_typing(struct screen *s)
{
	(void)s;
	return TYPING_WORDS;
}

static void cases_close(struct screen *s)
{
	struct cases *g = (struct cases *)s;

	drop_rows(g);
	free(g->rows);
	preview_fini(&g->preview);
	line_fini(&g->words);
	free(g);
}

static const struct screen_ops cases_ops = {.page = CMD_GO_CASES,
	.draw = cases_draw,
	.title = cases_title,
	.message = cases_message,
	.commands = cases_commands,
	.command = cases_command,
	.key = cases_key,
	.typing = cases_typing,
	.refresh = cases_refresh,
	.close = cases_close};

struct screen *cases_found_screen(struct app *a, const char *words)
{
	struct cases *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&cases_ops, a};
	g->day = clock_day(app_wall_ms(a));
	line_set(&g->words, words);
	return &g->base;
}

struct screen *cases_screen(struct app *a)
{
	return cases_found_screen(a, "");
}
