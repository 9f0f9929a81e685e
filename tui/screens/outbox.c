/* Letters: what waits for the centre, what it refused, what it has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/letter_view.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	LETTERS_MAX = 1000, /* delivered ones beyond are found under 办件 */
	DETAIL_ROWS = 5,
	NUMBER_COL = 2,
	MATTER_COL = 24,
	WHO_COL = 50,
	STATE_COL = 60,
	WHEN_COL = 68
};

struct row {
	char id[ID_UUID_SIZE];
	char *number, *matter, *who, *reason;
	const char *state;
	enum letter_state kind;
	int tries;
	int64_t when_ms, next_ms;
};

struct outbox {
	struct screen base;
	struct row *rows;
	size_t count;
	struct list list;
	bool held_only;
};

static void drop_rows(struct outbox *o)
{
	for (size_t i = 0; i < o->count; i++) {
		free(o->rows[i].number);
		free(o->rows[i].matter);
		free(o->rows[i].who);
		free(o->rows[i].reason);
	}
	o->count = 0;
}

static void add_row(void *arg, const struct letter *l)
{
	struct outbox *o = arg;
	struct row *r;

	if (o->count >= LETTERS_MAX)
		return;
	o->rows = mem_resize(o->rows, o->count + 1, sizeof(*o->rows));
	r = &o->rows[o->count++];
	memset(r, 0, sizeof(*r));
	memcpy(r->id, l->id, sizeof(r->id));
	r->number = mem_strdup(l->project_no ? l->project_no : l->local_receipt);
	r->matter = mem_strdup(l->task_name);
	r->who = mem_strdup(l->applyer_name);
	r->reason = mem_strdup(l->reason);
	r->state = letter_state_text(l);
	r->kind = l->state;
	r->tries = l->tries;
	r->next_ms = l->next_ms;
	r->when_ms = l->state == LETTER_DELIVERED ? l->delivered_ms : l->created_ms;
}

/* What wants a person first, then what waits, then what is done. */
static void outbox_refresh(struct screen *s)
{
	static const enum letter_state order[] = {
		LETTER_HELD, LETTER_WAITING, LETTER_DELIVERED, LETTER_REPLACED};
	struct outbox *o = (struct outbox *)s;
	struct store *store = app_session(s->app)->store;

	drop_rows(o);
	for (size_t i = 0; i < (o->held_only ? 1 : sizeof(order) / sizeof(*order)); i++)
		outbox_each(store, &(struct outbox_filter){.state = order[i], .limit = LETTERS_MAX},
			add_row, o);
	list_resize(&o->list, o->count);
}

static void outbox_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("待发与退回"));
}

static void add_line_state(struct outbox *o, struct buf *out)
{
	const struct session *s = app_session(o->base.app);

	if (s->link == CENTRE_ONLINE)
		buf_printf(out, tr("中心 连通, 往返 %d 毫秒"), s->link_ms);
	else if (s->link == CENTRE_OFFLINE)
		buf_printf(out, tr("中心 连不上: %s"), s->link_reason ? s->link_reason : "");
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
	struct buf b = {0};
	enum role role = r->kind == LETTER_DELIVERED ? ROLE_GOOD
			 : r->kind == LETTER_HELD    ? ROLE_ERROR
						     : ROLE_WARN;

	canvas_pad(c, row, NUMBER_COL, MATTER_COL - NUMBER_COL - 1, ROLE_TEXT,
		r->number ? r->number : "");
	canvas_pad(c, row, MATTER_COL, WHO_COL - MATTER_COL - 1, ROLE_TEXT,
		r->matter ? r->matter : "");
	show_name(&b, r->who ? r->who : "", !app_session(o->base.app)->unmasked);
	canvas_pad(c, row, WHO_COL, STATE_COL - WHO_COL - 1, ROLE_TEXT, buf_str(&b));
	canvas_pad(c, row, STATE_COL, WHEN_COL - STATE_COL - 1, role, r->state);
	buf_clear(&b);
	show_moment(&b, r->when_ms, app_wall_ms(o->base.app));
	canvas_pad(c, row, WHEN_COL, width - WHEN_COL, ROLE_TEXT, buf_str(&b));
	list_mark(&o->list, c, i, row, 1, WHO_COL - 2, app_slow(o->base.app), true);
	buf_fini(&b);
}

static void draw_detail(struct outbox *o, struct canvas *c, int row, int rows, int col)
{
	const struct row *r = o->count ? &o->rows[o->list.selected] : NULL;
	struct pager p;
	struct buf b = {0};

	if (!r)
		return;
	pager_init(&p, canvas_cols(c) - col - 2);
	buf_printf(&b, "%s  %s", r->number ? r->number : "", r->matter ? r->matter : "");
	pager_add(&p, 0, ROLE_STRONG, buf_str(&b));
	if (r->reason && r->kind != LETTER_DELIVERED)
		pager_pair(&p, 2, 8, tr("原因"), r->reason);
	letter_advice(&p, r->kind, r->tries, r->next_ms, app_wall_ms(o->base.app));
	pager_draw(&p, c, row, rows, col);
	pager_fini(&p);
	buf_fini(&b);
}

static void outbox_draw(struct screen *s, struct canvas *c)
{
	struct outbox *o = (struct outbox *)s;
	int cols = canvas_cols(c), bottom = screen_bottom(c), top = BODY_TOP + 2, end;
	bool wide = cols >= WIDE_COLS, full = canvas_rows(c) >= 24;
	int width = wide ? PANE_LEFT_COLS + 2 : cols - 1;
	struct buf b = {0};

	add_line_state(o, &b);
	canvas_put(c, BODY_TOP, 1, cols - 2, ROLE_TEXT, buf_str(&b));
	canvas_put(c, top, NUMBER_COL, 20, ROLE_LABEL, tr("编号"));
	canvas_put(c, top, MATTER_COL, 20, ROLE_LABEL, tr("事项"));
	canvas_put(c, top, WHO_COL, 9, ROLE_LABEL, tr("申请人"));
	canvas_put(c, top, STATE_COL, 8, ROLE_LABEL, tr("状态"));
	canvas_put(c, top, WHEN_COL, 8, ROLE_LABEL, tr("时间"));
	end = wide || !full ? bottom : bottom - DETAIL_ROWS - 1;
	list_fit(&o->list, end - top - 1);
	canvas_cursor(c, top + 1, 0);
	if (o->count == 0)
		canvas_put(c, top + 1, NUMBER_COL, 60, ROLE_TEXT,
			o->held_only ? tr("没有退回的。") : tr("没有待发的。"));
	for (size_t i = o->list.top; i < o->count && i < o->list.top + o->list.rows; i++)
		draw_row(o, c, top + 1 + (int)(i - o->list.top), i, width);
	if (wide)
		draw_detail(o, c, top, bottom - top, PANE_RIGHT_COL + 2);
	else if (full)
		draw_detail(o, c, bottom - DETAIL_ROWS, DETAIL_ROWS, 1);
	buf_fini(&b);
}

static size_t outbox_commands(struct screen *s, enum command *out)
{
	const struct outbox *o = (struct outbox *)s;
	size_t n = 0;

	if (o->count > 0) {
		out[n++] = CMD_OPEN;
		if (o->rows[o->list.selected].kind != LETTER_DELIVERED)
			out[n++] = CMD_RETRY;
	}
	out[n++] = CMD_HELD_ONLY;
	return n;
}

static void open_letter(struct outbox *o)
{
	if (o->count > 0)
		app_push(o->base.app, letter_screen(o->base.app, o->rows[o->list.selected].id));
}

static bool outbox_command(struct screen *s, enum command c)
{
	struct outbox *o = (struct outbox *)s;

	switch (c) {
	case CMD_OPEN:
		open_letter(o);
		return true;
	case CMD_RETRY:
		if (o->count > 0)
			letter_retry(s->app, o->rows[o->list.selected].id);
		outbox_refresh(s);
		return true;
	case CMD_HELD_ONLY:
		o->held_only = !o->held_only;
		outbox_refresh(s);
		return true;
	default:
		return false;
	}
}

static bool outbox_key(struct screen *s, const struct key *k)
{
	struct outbox *o = (struct outbox *)s;
	bool picked, used = list_key(&o->list, k, true, &picked);

	if (picked)
		open_letter(o);
	return used;
}

static void outbox_close(struct screen *s)
{
	struct outbox *o = (struct outbox *)s;

	drop_rows(o);
	free(o->rows);
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
