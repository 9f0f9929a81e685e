/* Who has been here before: found by number, name (pinyin, initials) or telephone. */
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"
#include "core/station/people.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"

enum {
	SHOWN_MAX = 100,
	NAME_COL = 4,
	NUMBER_COLS = 19,
	MOBILE_COLS = 13 /* 0571-88886666 */
};

/* Where the numbers begin: in a small window closer to the name. */
static int number_col(const struct canvas *c)
{
	return canvas_cols(c) < FULL_COLS ? 12 : 20;
}

struct known {
	char *number, *name, *mobile, *last;
};

struct looking {
	struct screen base;
	const char *except_id; /* borrowed */
	struct line words;
	struct list list;
	struct known *known;
	void (*chosen)(void *arg, const struct person *p);
	void *arg;
};

static void forget(struct looking *g)
{
	for (size_t i = 0; i < g->list.count; i++) {
		free(g->known[i].number);
		free(g->known[i].name);
		free(g->known[i].mobile);
		free(g->known[i].last);
	}
	free(g->known);
	g->known = NULL;
	list_reset(&g->list, 0);
}

static void add_person(void *arg, const struct person *p)
{
	struct looking *g = arg;
	struct buf last = {0};
	char day[8];

	buf_printf(&last, "%s %s", clock_format(p->at_ms, "%m-%d", day, sizeof(day)), p->task_name);
	g->known = mem_resize(g->known, g->list.count + 1, sizeof(*g->known));
	g->known[g->list.count++] = (struct known){
		mem_strdup(p->number), mem_strdup(p->name), mem_strdup(p->mobile), buf_take(&last)};
}

static void look(struct looking *g)
{
	size_t count;

	forget(g);
	people_find(app_session(g->base.app)->store, line_text(&g->words), g->except_id, SHOWN_MAX,
		add_person, g);
	count = g->list.count;
	list_reset(&g->list, count);
}

static void looking_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("查办事人"));
}

static void looking_message(struct screen *s, struct buf *out)
{
	const struct looking *g = (struct looking *)s;

	if (g->list.count == 0)
		buf_adds(out, tr("本机没有这个人的办件。按 Esc 返回, 照常填写。"));
	else
		buf_adds(out, tr("姓名、拼音首字母、证件号、手机号都能查; 回车选定。"));
}

static void put_number(struct canvas *c, int row, int col, const char *number, bool whole)
{
	struct buf b = {0};

	if (whole)
		buf_adds(&b, number);
	else
		text_mask(&b, number, 6, 4);
	canvas_pad(c, row, col, NUMBER_COLS, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void put_mobile(struct canvas *c, int row, int col, const char *mobile, bool whole)
{
	struct buf b = {0};

	if (whole)
		buf_adds(&b, mobile);
	else
		identifier_mask_telephone(&b, mobile);
	canvas_pad(c, row, col, MOBILE_COLS, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void looking_draw(struct screen *s, struct canvas *c)
{
	struct looking *g = (struct looking *)s;
	bool whole = app_session(s->app)->unmasked;
	int top = BODY_TOP + 2, col, width = canvas_cols(c), number_at = number_col(c);
	int mobile_at = number_at + NUMBER_COLS + 1, last_at = mobile_at + MOBILE_COLS + 1;
	struct buf number = {0};

	list_fit(&g->list, screen_bottom(c) - top);
	for (size_t i = g->list.top; i < g->list.count && i < g->list.top + g->list.rows; i++) {
		const struct known *k = &g->known[i];
		int row = top + (int)(i - g->list.top);
		buf_clear(&number);
		if (i - g->list.top < 9)
			buf_printf(&number, "%zu", i - g->list.top + 1);
		canvas_put(c, row, 2, 1, ROLE_TEXT, buf_str(&number));
		canvas_pad(c, row, NAME_COL, number_at - NAME_COL - 1, ROLE_TEXT, k->name);
		put_number(c, row, number_at, k->number, whole);
		put_mobile(c, row, mobile_at, k->mobile, whole);
		canvas_pad(c, row, last_at, width - last_at - 1, ROLE_LABEL, k->last);
		list_mark(&g->list, c, i, row, 1, number_at - 3, app_slow(s->app), g->list.moved);
	}
	col = 1 + canvas_put(c, BODY_TOP, 1, 20, ROLE_LABEL, tr("查"));
	line_draw(&g->words, c, BODY_TOP, col + 1, 40, ROLE_FIELD, !g->list.moved);
	buf_fini(&number);
}

static size_t looking_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	if (((struct looking *)s)->list.count > 0) {
		out[n++] = CMD_TAKE;
		out[n++] = CMD_MOVE;
	}
	out[n++] = CMD_CLEAR;
	return n;
}

static void take(struct looking *g)
{
	void (*chosen)(void *, const struct person *) = g->chosen;
	void *arg = g->arg;
	struct known k = g->known[g->list.selected];
	struct person p = {.number = mem_strdup(k.number),
		.name = mem_strdup(k.name),
		.mobile = mem_strdup(k.mobile)};

	app_pop(g->base.app); /* frees g */
	chosen(arg, &p);
	free((char *)(uintptr_t)p.number);
	free((char *)(uintptr_t)p.name);
	free((char *)(uintptr_t)p.mobile);
}

static bool looking_command(struct screen *s, enum command c)
{
	struct looking *g = (struct looking *)s;

	switch (c) {
	case CMD_TAKE:
		if (g->list.count > 0)
			take(g);
		return true;
	case CMD_CLEAR:
		line_set(&g->words, "");
		look(g);
		return true;
	default:
		return false;
	}
}

static bool looking_key(struct screen *s, const struct key *k)
{
	struct looking *g = (struct looking *)s;
	bool picked = false;

	if (k->code != K_CHAR && list_key(&g->list, k, false, &picked))
		return true;
	g->list.moved = false;
	if (line_key(&g->words, k) == LINE_CHANGED)
		look(g);
	return true;
}

static enum typing looking_typing(struct screen *s)
{
	(void)s;
	return TYPING_CHOICE;
}

static void looking_close(struct screen *s)
{
	struct looking *g = (struct looking *)s;

	forget(g);
	line_fini(&g->words);
	free(g);
}

static const struct screen_ops looking_ops = {.page = CMD_NONE,
	.draw = looking_draw,
	.title = looking_title,
	.message = looking_message,
	.commands = looking_commands,
	.command = looking_command,
	.key = looking_key,
	.typing = looking_typing,
	.close = looking_close};

struct screen *person_screen(struct app *a, const char *words, const char *except_id,
	void (*chosen)(void *arg, const struct person *p), void *arg)
{
	struct looking *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&looking_ops, a};
	g->chosen = chosen;
	g->arg = arg;
	g->except_id = except_id;
	line_set(&g->words, words);
	look(g);
	return &g->base;
}
