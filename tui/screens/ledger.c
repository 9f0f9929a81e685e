/* 差评台账: bad marks, by when they are to be looked into and mended, and what was found and done.
 * What concerns the one who has signed in is not listed: others deal with it. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/evaluation.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/ledger_text.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	DUE_COL = 3,
	STATE_COL = 24,
	MARK_COL = 40,
	WINDOW_COL = 54,
	MATTER_COL = 62,
	PREVIEW_ROWS = 7,
	LABEL_COLS = 12
};

struct entry {
	char id[ID_UUID_SIZE];
	enum complaint_state state;
	int32_t due_day;
	char *mark, *window, *matter, *about;
};

struct ledger {
	struct screen base;
	struct entry *entries;
	size_t count;
	struct list list;
	bool all;
	enum complaint_act act; /* that a text is asked for */
	struct pager preview;
};

static void drop_entries(struct ledger *g)
{
	for (size_t i = 0; i < g->count; i++) {
		free(g->entries[i].mark);
		free(g->entries[i].window);
		free(g->entries[i].matter);
		free(g->entries[i].about);
	}
	g->count = 0;
}

static void keep_entry(void *arg, const struct complaint *c)
{
	struct ledger *g = arg;
	struct buf about = {0};
	struct entry *e;

	if (strcmp(c->operator_name, app_session(g->base.app)->who.name) == 0)
		return;
	g->entries = mem_resize(g->entries, g->count + 1, sizeof(*g->entries));
	e = &g->entries[g->count++];
	memset(e, 0, sizeof(*e));
	memcpy(e->id, c->id, strlen(c->id) + 1);
	e->state = c->state;
	e->due_day = c->due_day;
	e->mark = mem_strdup(mark_label(c->mark));
	e->window = mem_strdup(c->window);
	e->matter = mem_strdup(c->task_name);
	ledger_facts(&about, c, app_wall_ms(g->base.app));
	e->about = buf_take(&about);
}

static void ledger_refresh(struct screen *s)
{
	struct ledger *g = (struct ledger *)s;

	drop_entries(g);
	complaint_each(app_session(s->app)->store, g->all, keep_entry, g);
	list_resize(&g->list, g->count);
}

static struct entry *selected(const struct ledger *g)
{
	return g->count ? &g->entries[g->list.selected] : NULL;
}

static void ledger_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("差评台账"));
}

static void ledger_message(struct screen *s, struct buf *out)
{
	if (((struct ledger *)s)->count == 0)
		buf_adds(out, tr("没有要处理的差评。对您自己的评价不在这里, 由别人处理。"));
}

static void draw_row(struct ledger *g, struct canvas *c, int row, size_t i)
{
	const struct entry *e = &g->entries[i];
	struct buf b = {0};
	bool open = e->due_day >= 0;
	char day[DATE_SIZE];

	if (open) /* MM-DD */
		buf_printf(&b, "%s ", date_format(date_from_day(e->due_day), day) + 5);
	ledger_due_words(&b, e->due_day, clock_day(app_wall_ms(g->base.app)));
	canvas_pad(c, row, DUE_COL, STATE_COL - DUE_COL - 1, open ? ROLE_WARN : ROLE_TEXT,
		buf_str(&b));
	canvas_pad(c, row, STATE_COL, MARK_COL - STATE_COL - 1, ROLE_TEXT,
		complaint_state_label(e->state));
	canvas_pad(c, row, MARK_COL, WINDOW_COL - MARK_COL - 1, ROLE_TEXT, e->mark);
	canvas_pad(c, row, WINDOW_COL, MATTER_COL - WINDOW_COL - 1, ROLE_TEXT, e->window);
	canvas_pad(c, row, MATTER_COL, canvas_cols(c) - MATTER_COL - 1, ROLE_TEXT, e->matter);
	list_mark(&g->list, c, i, row, 1, MARK_COL - 2, app_slow(g->base.app), true);
	buf_fini(&b);
}

static void draw_preview(struct ledger *g, struct canvas *c, int row)
{
	char *lines = mem_strdup(selected(g) ? selected(g)->about : ""), *rest = lines, *line;

	pager_clear(&g->preview, canvas_cols(c) - 3);
	while ((line = strtok_r(NULL, "\n", &rest)) != NULL) {
		char *text = strchr(line, '\t');
		if (!text)
			continue;
		*text++ = '\0';
		pager_pair(&g->preview, 2, LABEL_COLS, line, text);
	}
	canvas_rule(c, row, 0, canvas_cols(c) - 1);
	pager_draw(&g->preview, c, row + 1, PREVIEW_ROWS - 1, 1);
	free(lines);
}

static void ledger_draw(struct screen *s, struct canvas *c)
{
	struct ledger *g = (struct ledger *)s;
	int top = BODY_TOP + 1, bottom = screen_bottom(c) - PREVIEW_ROWS;

	canvas_put(c, BODY_TOP, DUE_COL, 20, ROLE_LABEL, tr("到期"));
	canvas_put(c, BODY_TOP, STATE_COL, 14, ROLE_LABEL, trc("column", "现在"));
	canvas_put(c, BODY_TOP, MARK_COL, 13, ROLE_LABEL, tr("评价"));
	canvas_put(c, BODY_TOP, WINDOW_COL, 7, ROLE_LABEL, tr("窗口"));
	canvas_put(c, BODY_TOP, MATTER_COL, 17, ROLE_LABEL, tr("事项"));
	canvas_cursor(c, top, 0);
	list_fit(&g->list, bottom - top);
	for (size_t i = g->list.top; i < g->count && i < g->list.top + g->list.rows; i++)
		draw_row(g, c, top + (int)(i - g->list.top), i);
	if (g->count)
		draw_preview(g, c, bottom);
}

static size_t ledger_commands(struct screen *s, enum command *out)
{
	const struct ledger *g = (struct ledger *)s;
	size_t n = 0;

	if (selected(g) && !complaint_ended(selected(g)->state))
		out[n++] = CMD_LEDGER_ACT;
	out[n++] = CMD_LEDGER_ALL;
	return n;
}

/* ---- acts ---- */

static void take_text(void *arg, const char *text)
{
	struct ledger *g = arg;
	struct session *s = app_session(g->base.app);
	struct complaint_order o = {.act = g->act,
		.operator_name = s->who.name,
		.text = text,
		.days = s->complaint_days};
	struct buf why = {0};
	enum err e;

	if (!text || !selected(g))
		return;
	o.id = selected(g)->id;
	e = complaint_do(s->store, &o, &why);
	app_reread(g->base.app);
	if (e == OK)
		app_say(g->base.app, tr("%s: 已记入台账。"), complaint_act_label(g->act));
	else
		app_fail(g->base.app, complaint_act_label(g->act), e, &why);
	buf_fini(&why);
}

static void act_chosen(void *arg, const char *name)
{
	struct buf ask = {0};
	struct ledger *g = arg;

	if (!complaint_act_parse(name, &g->act))
		return;
	buf_printf(&ask, tr("%s (回车记下):"), ledger_act_ask(g->act));
	app_prompt(g->base.app, buf_str(&ask), "", take_text, g);
	buf_fini(&ask);
}

static void choose_act(struct ledger *g)
{
	struct pick_row *rows = NULL;
	enum complaint_state to;
	size_t count = 0;

	for (int a = 0; a < COMPLAINT_ACT__MAX; a++)
		if (complaint_next(selected(g)->state, (enum complaint_act)a, &to, NULL))
			pick_add(&rows, &count, complaint_act_label((enum complaint_act)a), "",
				complaint_act_name((enum complaint_act)a));
	app_push(g->base.app,
		pick_screen(g->base.app, tr("差评台账 / 处理"), rows, count, act_chosen, g));
}

static bool ledger_command(struct screen *s, enum command c)
{
	struct ledger *g = (struct ledger *)s;

	if (c == CMD_LEDGER_ALL) {
		g->all = !g->all;
		ledger_refresh(s);
		return true;
	}
	if (c == CMD_LEDGER_ACT && selected(g)) {
		choose_act(g);
		return true;
	}
	return false;
}

static bool ledger_key(struct screen *s, const struct key *k)
{
	bool picked;

	return list_key(&((struct ledger *)s)->list, k, true, &picked);
}

static void ledger_close(struct screen *s)
{
	struct ledger *g = (struct ledger *)s;

	drop_entries(g);
	free(g->entries);
	pager_fini(&g->preview);
	free(g);
}

static const struct screen_ops ledger_ops = {.page = CMD_GO_TODAY,
	.draw = ledger_draw,
	.title = ledger_title,
	.message = ledger_message,
	.commands = ledger_commands,
	.command = ledger_command,
	.key = ledger_key,
	.refresh = ledger_refresh,
	.close = ledger_close};

struct screen *ledger_screen(struct app *a)
{
	struct ledger *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&ledger_ops, a};
	return &g->base;
}
