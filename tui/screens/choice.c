/* The choices of a select: typed words narrow them, Enter takes one, Space ticks several. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/choices.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"

struct choosing {
	struct screen base;
	struct entry *entry; /* borrowed */
	struct node *node;
	const struct field *field;
	struct line words;
	struct list list;
	const struct choice **shown;
	void (*chosen)(void *arg, const char *name);
	void (*read)(void *arg, const char *text);
	void *arg;
};

static void filter(struct choosing *g)
{
	free(g->shown);
	list_reset(&g->list, choices_matching(g->entry, g->node, line_text(&g->words), &g->shown));
}

/* Which of the chosen it is, from 1; 0: it is not chosen. */
static int place_of(const struct choosing *g, const char *name)
{
	const char *at = g->node->value ? g->node->value : "";
	size_t len = strlen(name);

	for (int place = 1; *at != '\0'; place++) {
		size_t n = strcspn(at, " ");
		if (n == len && memcmp(at, name, n) == 0)
			return place;
		at += n;
		at += strspn(at, " ");
	}
	return 0;
}

/* [x]; in a ranking its place. */
static void put_mark(struct choosing *g, struct canvas *c, int row, const char *name)
{
	int place = place_of(g, name);
	struct buf b = {0};

	if (g->field->type == FIELD_RANK && place > 0)
		buf_printf(&b, "[%d]", place);
	else
		buf_adds(&b, place > 0 ? "[x]" : "[ ]");
	canvas_put(c, row, 4, 4, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

static void choice_title(struct screen *s, struct buf *out)
{
	const struct choosing *g = (struct choosing *)s;

	buf_printf(out, tr("选择: %s"), entry_node_label(g->entry, g->node));
}

static void choice_message(struct screen *s, struct buf *out)
{
	const struct choosing *g = (struct choosing *)s;

	if (g->list.count == 0)
		buf_adds(out, tr("没有这一项。换个说法, 或按 Ctrl-U 清空看全部。"));
	else if (g->field->type == FIELD_SELECT_ONE)
		buf_printf(out, tr("共 %zu 项, 打字缩小范围, 回车选定。"), g->list.count);
	else if (g->field->type == FIELD_RANK)
		buf_printf(out, tr("共 %zu 项, 按先后逐项选, 再选一次取消, 回车完成。"),
			g->list.count);
	else
		buf_printf(
			out, tr("共 %zu 项, 可选多项: 空格或数字勾选, 回车完成。"), g->list.count);
}

static void choice_draw(struct screen *s, struct canvas *c)
{
	struct choosing *g = (struct choosing *)s;
	int top = BODY_TOP + 2, col, width = canvas_cols(c) - 10;
	struct buf b = {0};

	list_fit(&g->list, screen_bottom(c) - top);
	for (size_t i = g->list.top; i < g->list.count && i < g->list.top + g->list.rows; i++) {
		int row = top + (int)(i - g->list.top);
		buf_clear(&b);
		if (i - g->list.top < 9)
			buf_printf(&b, "%zu", i - g->list.top + 1);
		canvas_put(c, row, 2, 2, ROLE_TEXT, buf_str(&b));
		put_mark(g, c, row, g->shown[i]->name);
		canvas_pad(c, row, 8, width < 60 ? width : 60, ROLE_TEXT,
			entry_choice_label(g->entry, g->node, g->shown[i]));
		list_mark(&g->list, c, i, row, 1, 40, app_slow(s->app), g->list.moved);
	}
	col = 1 + canvas_put(c, BODY_TOP, 1, 20, ROLE_LABEL, tr("查"));
	line_draw(&g->words, c, BODY_TOP, col + 1, 40, ROLE_FIELD, !g->list.moved);
	buf_fini(&b);
}

static size_t choice_commands(struct screen *s, enum command *out)
{
	const struct choosing *g = (struct choosing *)s;
	size_t n = 0;

	if (g->list.count > 0) {
		out[n++] = CMD_TAKE;
		out[n++] = CMD_MOVE;
		out[n++] = CMD_PICK;
	}
	out[n++] = CMD_CLEAR;
	return n;
}

static void take(struct choosing *g, bool stay)
{
	struct app *a = g->base.app;
	void (*chosen)(void *, const char *) = g->chosen;
	void *arg = g->arg;
	const char *name = g->shown[g->list.selected]->name;

	if (stay) {
		chosen(arg, name);
		return;
	}
	app_pop(a); /* frees g */
	chosen(arg, name);
}

static bool choice_command(struct screen *s, enum command c)
{
	struct choosing *g = (struct choosing *)s;

	switch (c) {
	case CMD_TAKE:
		if (g->field->type != FIELD_SELECT_ONE)
			app_pop(s->app);
		else if (g->list.count > 0)
			take(g, false);
		return true;
	case CMD_CLEAR:
		line_set(&g->words, "");
		filter(g);
		return true;
	default:
		return false;
	}
}

/* A reader's line that is no choice is given back to where it was read. */
static void give_back(struct choosing *g)
{
	void (*read)(void *, const char *) = g->read;
	void *arg = g->arg;
	char *text = mem_strdup(line_text(&g->words));

	app_pop(g->base.app); /* frees g */
	read(arg, text);
	free(text);
}

static bool choice_key(struct screen *s, const struct key *k)
{
	struct choosing *g = (struct choosing *)s;
	bool several = g->field->type != FIELD_SELECT_ONE, picked = false;

	if (k->code == K_ENTER && k->run >= KEY_BURST && g->list.count == 0) {
		give_back(g);
		return true;
	}
	if (several && k->code == K_CHAR && k->plain == ' ' && g->list.count > 0) {
		take(g, true);
		return true;
	}
	if ((k->code != K_CHAR || *line_text(&g->words) == '\0') &&
		list_key(&g->list, k, false, &picked)) {
		if (picked)
			take(g, several);
		return true;
	}
	g->list.moved = false;
	if (line_key(&g->words, k) == LINE_CHANGED)
		filter(g);
	return true;
}

static enum typing choice_typing(struct screen *s)
{
	(void)s;
	return TYPING_CHOICE;
}

static void choice_close(struct screen *s)
{
	struct choosing *g = (struct choosing *)s;

	line_fini(&g->words);
	free(g->shown);
	free(g);
}

static const struct screen_ops choice_ops = {.page = CMD_NONE,
	.draw = choice_draw,
	.title = choice_title,
	.message = choice_message,
	.commands = choice_commands,
	.command = choice_command,
	.key = choice_key,
	.typing = choice_typing,
	.close = choice_close};

struct screen *choice_screen(struct app *a, struct entry *entry, struct node *node,
	const char *words, void (*chosen)(void *arg, const char *name),
	void (*read)(void *arg, const char *text), void *arg)
{
	struct choosing *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&choice_ops, a};
	g->entry = entry;
	g->node = node;
	g->field = &entry_form(entry)->fields[node->field];
	g->chosen = chosen;
	g->read = read;
	g->arg = arg;
	line_set(&g->words, words);
	filter(g);
	return &g->base;
}
