/* Letters: what waits for the centre, what it refused, what it has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/letter_view.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	LETTERS_MAX = 1000, /* delivered ones beyond are found under 办件 */
	DETAIL_ROWS = 5,
	NUMBER_COL = 2
};

/* Where the columns begin. */
struct columns {
	int matter, who, state, when;
};

/* A small window has no room for the time: it is in the letter. */
static struct columns columns_of(const struct canvas *c)
{
	if (canvas_cols(c) < FULL_COLS)
		return (struct columns){23, 39, 49, canvas_cols(c)};
	return (struct columns){24, 49, 59, 68};
}

struct row {
	char id[ID_UUID_SIZE];
	char *number, *matter, *who, *state;
	enum letter_state kind;
	int64_t when_ms;
};

struct outbox {
	struct screen base;
	struct row *rows;
	size_t count;
	struct list list;
	struct line words;     /* only letters with these; "" all */
	struct letter current; /* the selected one, whole */
	bool found;
	bool held_only;
	struct buf left; /* of the last export: what could not go, a line each */
};

static void drop_rows(struct outbox *o)
{
	for (size_t i = 0; i < o->count; i++) {
		free(o->rows[i].number);
		free(o->rows[i].matter);
		free(o->rows[i].who);
		free(o->rows[i].state);
	}
	o->count = 0;
}

static void add_row(void *arg, const struct letter *l)
{
	struct outbox *o = arg;
	struct buf state = {0}, subject = {0};
	struct row *r;

	o->rows = mem_resize(o->rows, o->count + 1, sizeof(*o->rows));
	r = &o->rows[o->count++];
	memset(r, 0, sizeof(*r));
	memcpy(r->id, l->id, sizeof(r->id));
	r->number = mem_strdup(l->project_no ? l->project_no : l->local_receipt);
	letter_subject(&subject, l);
	r->matter = buf_take(&subject);
	r->who = mem_strdup(l->applyer_name);
	letter_state_words(&state, l);
	r->state = buf_take(&state);
	r->kind = l->state;
	r->when_ms = l->since_ms ? l->since_ms : l->created_ms;
}

/* The selected letter as it is now: its acts and what is said below depend on it. */
static void look_at_current(struct outbox *o)
{
	if (o->found)
		letter_fini(&o->current);
	o->found = o->count > 0 && outbox_get(app_session(o->base.app)->store,
					   o->rows[o->list.selected].id, &o->current) == OK;
}

/* What wants a person first, then what waits, then what is done. */
static void outbox_refresh(struct screen *s)
{
	static const enum letter_state order[] = {
		LETTER_HELD, LETTER_WAITING, LETTER_DELIVERED, LETTER_REPLACED};
	struct outbox *o = (struct outbox *)s;
	struct store *store = app_session(s->app)->store;
	struct outbox_filter filter = {.brief = true};
	size_t states = o->held_only ? 1 : sizeof(order) / sizeof(*order);

	drop_rows(o);
	if (*line_text(&o->words))
		filter.text = line_text(&o->words);
	for (size_t i = 0; i < states && o->count < LETTERS_MAX; i++) {
		filter.state = order[i];
		filter.limit = LETTERS_MAX - o->count;
		outbox_each(store, &filter, add_row, o);
	}
	list_resize(&o->list, o->count);
	look_at_current(o);
}

static void outbox_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("待发与退回"));
}

static void add_line_state(struct outbox *o, struct buf *out)
{
	const struct session *s = app_session(o->base.app);

	if (s->link == CENTRE_ONLINE && s->link_reason != NULL)
		buf_printf(out, tr("中心 连通, %s"), s->link_reason);
	else if (s->link == CENTRE_ONLINE && s->link_ms < 0)
		buf_adds(out, tr("中心 连通"));
	else if (s->link == CENTRE_ONLINE && s->link_ms == 0)
		buf_adds(out, tr("中心 连通, 往返不到 1 毫秒"));
	else if (s->link == CENTRE_ONLINE)
		buf_printf(out, tr("中心 连通, 往返 %d 毫秒"), s->link_ms);
	else if (s->link == CENTRE_OFFLINE)
		buf_printf(out, tr("中心 连不上: %s"), s->link_reason ? s->link_reason : "");
	else if (s->link == CENTRE_NONE)
		buf_adds(out, tr("本机还没有接入中心: 请管理员运行 yimen enrol 网址 接入码"));
	else
		buf_adds(out, tr("中心 正在连接"));
	if (s->letters.oldest_waiting_ms) {
		buf_adds(out, tr("   最早一件等了 "));
		show_duration(out, app_wall_ms(o->base.app) - s->letters.oldest_waiting_ms);
	}
}

static void draw_row(struct outbox *o, struct canvas *c, int row, size_t i, int width)
{
	const struct row *r = &o->rows[i];
	const struct columns at = columns_of(c);
	struct buf b = {0};
	static const enum role roles[LETTER_STATE__MAX] = {[LETTER_WAITING] = ROLE_WARN,
		[LETTER_HELD] = ROLE_ERROR,
		[LETTER_DELIVERED] = ROLE_GOOD,
		[LETTER_REPLACED] = ROLE_TEXT};

	show_number(&b, r->number ? r->number : "", at.matter - NUMBER_COL - 1);
	canvas_pad(c, row, NUMBER_COL, at.matter - NUMBER_COL - 1, ROLE_TEXT, buf_str(&b));
	buf_clear(&b);
	canvas_pad(
		c, row, at.matter, at.who - at.matter - 1, ROLE_TEXT, r->matter ? r->matter : "");
	show_name(&b, r->who ? r->who : "", !app_session(o->base.app)->unmasked);
	canvas_pad(c, row, at.who, at.state - at.who - 1, ROLE_TEXT, buf_str(&b));
	canvas_pad(c, row, at.state, at.when - at.state - 1, roles[r->kind], r->state);
	buf_clear(&b);
	show_moment(&b, r->when_ms, app_wall_ms(o->base.app));
	if (width > at.when)
		canvas_pad(c, row, at.when, width - at.when, ROLE_TEXT, buf_str(&b));
	list_mark(&o->list, c, i, row, 1, at.who - 2, app_slow(o->base.app), true);
	buf_fini(&b);
}

static void draw_detail(struct outbox *o, struct canvas *c, int row, int rows, int col)
{
	struct pager p;

	if (!o->found || !app_draws_detail(o->base.app, c, row, rows, col))
		return;
	pager_init(&p, canvas_cols(c) - col - 2);
	letter_lines(&p, 8, app_session(o->base.app), &o->current, app_wall_ms(o->base.app), rows);
	pager_draw(&p, c, row, rows, col);
	pager_fini(&p);
}

static void draw_head(struct outbox *o, struct canvas *c, int top)
{
	const struct columns at = columns_of(c);
	int cols = canvas_cols(c);
	struct buf b = {0};

	add_line_state(o, &b);
	if (*line_text(&o->words))
		buf_printf(&b, tr("   只看: %s"), line_text(&o->words));
	pager_put(c, BODY_TOP, 2, 1, cols - 2, ROLE_TEXT, buf_str(&b)); /* over the blank row */
	canvas_put(c, top, NUMBER_COL, 20, ROLE_LABEL, tr("编号"));
	canvas_put(c, top, at.matter, 20, ROLE_LABEL, tr("事项"));
	canvas_put(c, top, at.who, 9, ROLE_LABEL, tr("申请人"));
	canvas_put(c, top, at.state, 8, ROLE_LABEL, tr("状态"));
	if (at.when < canvas_cols(c))
		canvas_put(c, top, at.when, 8, ROLE_LABEL, tr("时间"));
	buf_fini(&b);
}

static const char *nothing(const struct outbox *o)
{
	if (o->words.text.len > 0)
		return tr("没有找到。Ctrl-F 换个词, 空着回车看全部。");
	return o->held_only ? tr("没有退回的。") : tr("没有待发的。");
}

static void outbox_draw(struct screen *s, struct canvas *c)
{
	struct outbox *o = (struct outbox *)s;
	int cols = canvas_cols(c), bottom = screen_bottom(c), top = BODY_TOP + 2, end;
	bool wide = cols >= WIDE_COLS, full = canvas_rows(c) >= 24;
	int width = wide ? PANE_LEFT_COLS + 2 : cols - 1;

	draw_head(o, c, top);
	end = wide || !full ? bottom : bottom - DETAIL_ROWS - 1;
	list_fit(&o->list, end - top - 1);
	canvas_cursor(c, top + 1, 0);
	if (o->count == 0)
		canvas_put(c, top + 1, NUMBER_COL, 60, ROLE_TEXT, app_nothing(s->app, nothing(o)));
	for (size_t i = o->list.top; i < o->count && i < o->list.top + o->list.rows; i++)
		draw_row(o, c, top + 1 + (int)(i - o->list.top), i, width);
	if (wide)
		draw_detail(o, c, top, bottom - top, PANE_RIGHT_COL + 2);
	else if (full)
		draw_detail(o, c, bottom - DETAIL_ROWS, DETAIL_ROWS, 1);
}

static size_t outbox_commands(struct screen *s, enum command *out)
{
	const struct outbox *o = (struct outbox *)s;
	size_t n = 0;

	if (o->count > 0)
		out[n++] = CMD_OPEN;
	if (o->found)
		n += letter_commands(&o->current, out + n);
	out[n++] = CMD_HELD_ONLY;
	out[n++] = CMD_NARROW;
	if (app_session(s->app)->letters.waiting + app_session(s->app)->letters.held > 0)
		out[n++] = CMD_RETRY_ALL;
	if (app_session(s->app)->letters.waiting > 0)
		out[n++] = CMD_EXPORT;
	out[n++] = CMD_IMPORT;
	return n;
}

static void open_letter(struct outbox *o)
{
	if (o->count > 0)
		app_push(o->base.app, letter_screen(o->base.app, o->rows[o->list.selected].id));
}

static void narrow(void *arg, const char *words)
{
	struct outbox *o = arg;

	if (words == NULL)
		return;
	line_set(&o->words, words);
	outbox_refresh(&o->base);
}

static void retry_all(struct outbox *o)
{
	struct session *s = app_session(o->base.app);
	size_t count = 0;
	enum err e = outbox_retry_all(s->store, s->who.name, &count);

	if (e != OK) {
		app_fail(o->base.app, tr("不能重试"), e, NULL);
		return;
	}
	app_wake(o->base.app, true);
	app_say(o->base.app, tr("%zu 件马上再试; 退回的和暂缓的不动。"), count);
	outbox_refresh(&o->base);
}

static void note_left(void *arg, const struct letter *l, const char *why)
{
	letter_left_words(&((struct outbox *)arg)->left, l, why);
}

static void fill_left(void *arg, struct pager *p)
{
	pager_add(p, 0, ROLE_TEXT, buf_str(&((struct outbox *)arg)->left));
}

/* What was to go and cannot: each, with what to do now. */
static void show_left(struct outbox *o)
{
	struct app *a = o->base.app;

	if (o->left.len == 0)
		return;
	outbox_refresh(&o->base); /* some are held now */
	app_push(a, page_screen(a, tr("没有导出的"), fill_left, o));
}

static void export_to(void *arg, const char *path)
{
	struct outbox *o = arg;
	struct session *s = app_session(o->base.app);
	const struct outbox_order order = {
		.path = path, .operator_name = s->who.name, .left = note_left, .arg = o};
	struct outbox_file_result done;
	struct buf why = {0};
	enum err e;

	if (!path || !*path)
		return;
	buf_clear(&o->left);
	e = outbox_export(s->store, &order, &done, &why);
	if (e == OK && done.left > 0)
		app_error(o->base.app, tr("%zu 件没有导出; %zu 件和 %zu 份扫描件封在 %s。"),
			done.left, done.letters, done.papers, path);
	else if (e == OK)
		app_say(o->base.app, tr("%zu 件和 %zu 份扫描件封在 %s; 这里也照样再试, 不会重复。"),
			done.letters, done.papers, path);
	else
		app_fail(o->base.app, tr("没有导出"), e, &why);
	show_left(o);
	buf_fini(&why);
}

static void import_from(void *arg, const char *path)
{
	struct outbox *o = arg;
	struct session *s = app_session(o->base.app);
	struct outbox_file_result done;
	struct buf why = {0}, said = {0};
	enum err e;

	if (!path || !*path)
		return;
	e = outbox_import(s->store, path, s->who.name, &done, &why);
	if (e == OK) {
		app_wake(o->base.app, true);
		app_reread(o->base.app);
		letter_taken_words(&said, &done);
		app_say(o->base.app, "%s", said.data);
	} else {
		app_fail(o->base.app, tr("没有导入"), e, &why);
	}
	buf_fini(&why);
	buf_fini(&said);
}

static bool outbox_command(struct screen *s, enum command c)
{
	struct outbox *o = (struct outbox *)s;

	switch (c) {
	case CMD_OPEN:
		open_letter(o);
		return true;
	case CMD_HELD_ONLY:
		o->held_only = !o->held_only;
		outbox_refresh(s);
		return true;
	case CMD_NARROW:
		app_prompt(s->app, tr("只看含有 (编号、事项、姓名; 空着看全部)"),
			line_text(&o->words), narrow, o);
		return true;
	case CMD_RETRY_ALL:
		retry_all(o);
		return true;
	case CMD_EXPORT:
		app_prompt(s->app, tr("导出到哪个文件 (如 U 盘上的位置)"), "", export_to, o);
		return true;
	case CMD_IMPORT:
		app_prompt(s->app, tr("从哪个文件收下代送的件"), "", import_from, o);
		return true;
	default:
		return o->found && letter_command(s->app, &o->current, c);
	}
}

static bool outbox_key(struct screen *s, const struct key *k)
{
	struct outbox *o = (struct outbox *)s;
	bool picked, used = list_key(&o->list, k, true, &picked);

	if (used)
		look_at_current(o);
	if (picked)
		open_letter(o);
	return used;
}

static void outbox_close(struct screen *s)
{
	struct outbox *o = (struct outbox *)s;

	drop_rows(o);
	free(o->rows);
	line_fini(&o->words);
	buf_fini(&o->left);
	if (o->found)
		letter_fini(&o->current);
	free(o);
}

static const struct screen_ops outbox_ops = {.page = CMD_GO_OUTBOX,
	.draw = outbox_draw,
	.title = outbox_title,
	.commands = outbox_commands,
	.command = outbox_command,
	.key = outbox_key,
	.refresh = outbox_refresh,
	.close = outbox_close};

struct screen *outbox_screen(struct app *a)
{
	struct outbox *o = mem_alloc(sizeof(*o));

	o->base = (struct screen){&outbox_ops, a};
	return &o->base;
}
