/* The first screen after signing in: what wants this clerk, what is half done, what waits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/act_begun.h"
#include "core/station/draft.h"
#include "core/station/draft_lock.h"
#include "core/station/handover.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/hand.h"
#include "tui/preview.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/today_draw.h"
#include "tui/today_rows.h"
#include "tui/visitors.h"
#include "tui/widget_list.h"

enum {
	LEAST_ROWS = 4 /* to be listed before blank rows are */
};

struct today {
	struct screen base;
	struct today_rows rows;
	struct list list;
	struct hand hand;
	struct preview preview;
	struct buf run; /* the characters that came at once */
};

static void today_refresh(struct screen *s)
{
	struct today *t = (struct today *)s;

	app_session(s->app)->visit[0] = '\0'; /* the next visitor */
	preview_forget(&t->preview);
	today_rows_read(&t->rows, app_session(s->app));
	list_resize(&t->list, t->rows.count);
}

static void today_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("今日"));
}

static void today_message(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("直接输入就是查找: 事项名称、拼音首字母都可以; 编码和号码先按 / 。"));
}

static void fill_preview(void *arg, struct pager *p)
{
	struct today *t = arg;

	today_preview(p, t->base.app, &t->rows.rows[t->list.selected]);
}

static void draw_preview(struct today *t, struct canvas *c, const struct preview_place *at)
{
	char of[PREVIEW_OF_SIZE] = "";

	if (t->rows.count > 0)
		snprintf(of, sizeof(of), "%zu %s", t->list.selected,
			t->rows.rows[t->list.selected].id);
	preview_draw(&t->preview, t->base.app, c, at, of, fill_preview, t);
}

static void draw_row(struct today *t, struct canvas *c, int row, size_t i, int cols)
{
	const struct session *session = app_session(t->base.app);
	int marked;

	today_rows_tell(&t->rows, i, session);
	marked = today_draw_row(c, row, &t->rows.rows[i], cols, !session->unmasked);
	list_mark(&t->list, c, i, row, 1, marked, app_slow(t->base.app), true);
}

/* Groups share the height: those with few rows leave theirs to the others. In a low window no row
 * is left blank between them. */
static void today_draw(struct screen *s, struct canvas *c)
{
	struct today *t = (struct today *)s;
	int row = BODY_TOP + 2, room, gap;
	struct preview_place at = preview_place(c, row);
	size_t i = 0, from = 0;

	today_draw_greeting(t->base.app, c);
	gap = at.list_end - row >= 2 * TODAY__MAX + LEAST_ROWS;
	room = at.list_end - row - (1 + gap) * TODAY__MAX;
	list_fit(&t->list, room);
	from = t->list.top;
	canvas_cursor(c, BODY_TOP, 0);
	for (int g = 0; g < TODAY__MAX; g++) {
		today_draw_heading(
			c, row++, (enum today_group)g, t->rows.in_group[g], at.list_cols);
		for (; i < t->rows.count && (int)t->rows.rows[i].group == g; i++) {
			if (i < from || i >= from + (size_t)(room > 0 ? room : 1))
				continue;
			draw_row(t, c, row++, i, at.list_cols);
		}
		row += gap;
	}
	draw_preview(t, c, &at);
}

static bool can_hand(const struct today_row *r)
{
	return r->kind == TODAY_ROW_DRAFT || r->kind == TODAY_ROW_CASE;
}

static size_t today_commands(struct screen *s, enum command *out)
{
	const struct today *t = (struct today *)s;
	size_t n = 0;

	if (t->rows.count > 0) {
		out[n++] = CMD_OPEN;
		out[n++] = CMD_GROUP;
	}
	if (visitors_in_use(app_session(s->app)->visitors))
		out[n++] = CMD_CALL_NEXT;
	out[n++] = CMD_GO_FIND;
	if (t->rows.count > 0 && t->rows.rows[t->list.selected].group == TODAY_DRAFTS)
		out[n++] = CMD_DROP;
	if (t->rows.count > 0 && can_hand(&t->rows.rows[t->list.selected]))
		out[n++] = CMD_HAND;
	return n;
}

static void next_group(struct today *t)
{
	size_t i = t->list.selected;

	for (size_t step = 1; step <= t->rows.count; step++) {
		size_t j = (i + step) % t->rows.count;
		if (t->rows.rows[j].group != t->rows.rows[i].group &&
			(j == 0 || t->rows.rows[j - 1].group != t->rows.rows[j].group)) {
			t->list.selected = j;
			return;
		}
	}
}

static void answer_drop(void *arg, bool yes)
{
	struct today *t = arg;
	struct session *session = app_session(t->base.app);
	const struct today_row *r = t->rows.count > 0 ? &t->rows.rows[t->list.selected] : NULL;
	enum err e;

	if (!yes || !r || r->group != TODAY_DRAFTS)
		return;
	if (draft_lock_held(session->store, r->id)) {
		app_error(t->base.app, "%s", tr("这份草稿正在别处打开, 现在不能作废。"));
		return;
	}
	if (r->kind == TODAY_ROW_ACT)
		e = act_begun_drop(session->store, r->id, r->act, session->who.name);
	else
		e = draft_drop(session->store, r->id, session->who.name);
	if (e == OK)
		app_say(t->base.app, "%s", tr("草稿已作废。"));
	else
		app_fail(t->base.app, tr("草稿没有作废"), e, NULL);
	today_refresh(&t->base);
}

/* It is ours from now on, and opens: a form where it was left, a case as its page. */
static void take_handed(struct today *t, const char *case_id)
{
	struct app *a = t->base.app;
	struct session *s = app_session(a);
	struct draft d = {.id = ""};
	char id[ID_UUID_SIZE];
	struct buf why = {0};
	enum err e;

	memcpy(id, case_id, sizeof(id)); /* the row may go */
	if (draft_get(s->store, id, &d) == OK) {
		draft_fini(&d);
		flow_resume(a, id, NULL);
		return;
	}
	e = handover_take(s->store, id, s->who.name, s->window, &why);
	session_saved(s, e);
	app_reread(a);
	if (e == OK)
		app_push(a, case_screen(a, id));
	else
		app_fail(a, tr("没有接过来"), e, &why);
	buf_fini(&why);
}

static void open_row(struct today *t, const struct today_row *r)
{
	struct app *a = t->base.app;

	switch (r->kind) {
	case TODAY_ROW_LETTER:
		app_push(a, letter_screen(a, r->id));
		break;
	case TODAY_ROW_CASE:
		app_push(a, case_screen(a, r->id));
		break;
	case TODAY_ROW_DRAFT:
		flow_resume(a, r->id, NULL);
		break;
	case TODAY_ROW_ACT:
		act_open(a, r->id, r->act);
		break;
	case TODAY_ROW_NOTICES:
		app_push(a, notices_screen(a));
		break;
	case TODAY_ROW_LEDGER:
		app_push(a, ledger_screen(a));
		break;
	case TODAY_ROW_HANDED:
		take_handed(t, r->id);
		break;
	case TODAY_ROW_PICKUP:
		app_push(a, pickup_screen(a));
		break;
	}
}

static bool today_command(struct screen *s, enum command c)
{
	struct today *t = (struct today *)s;

	if (c == CMD_OPEN && t->rows.count > 0) {
		open_row(t, &t->rows.rows[t->list.selected]);
		return true;
	}
	if (c == CMD_GROUP && t->rows.count > 0) {
		next_group(t);
		return true;
	}
	if (c == CMD_HAND && t->rows.count > 0 && can_hand(&t->rows.rows[t->list.selected])) {
		hand_over(&t->hand, s->app, t->rows.rows[t->list.selected].id);
		return true;
	}
	if (c == CMD_DROP && t->rows.count > 0) {
		app_ask(s->app, tr("作废这份草稿? 填的内容将删去, 不能找回。"), answer_drop, t);
		return true;
	}
	return false;
}

/* Digits go to a group; anything else that is typed begins a search. */
/* What comes at once belongs together, although its first digits may be those of a group. */
static void note_run(struct today *t, const struct key *k)
{
	char out[4];

	if (k->code != K_CHAR)
		return;
	if (k->run == 0)
		buf_clear(&t->run);
	buf_add(&t->run, out, text_encode(k->ch, out));
}

static bool today_key(struct screen *s, const struct key *k)
{
	struct today *t = (struct today *)s;
	bool picked;

	note_run(t, k);
	if (k->code == K_CHAR && k->run < KEY_BURST && k->plain >= '1' &&
		k->plain < '1' + TODAY__MAX) {
		for (size_t i = 0; i < t->rows.count; i++)
			if (t->rows.rows[i].group == (enum today_group)(k->plain - '1')) {
				t->list.selected = i;
				return true;
			}
		return true;
	}
	if (k->code != K_CHAR && list_key(&t->list, k, false, &picked))
		return true;
	if (k->code == K_CHAR && k->ch > 0x20) {
		app_push(s->app, find_screen(s->app, buf_str(&t->run)));
		return true;
	}
	if (k->code == K_PASTE) {
		app_push(s->app, find_screen(s->app, k->text));
		return true;
	}
	return false;
}

static enum typing today_typing(struct screen *s)
{
	(void)s;
	return TYPING_WORDS;
}

static void today_close(struct screen *s)
{
	struct today *t = (struct today *)s;

	today_rows_fini(&t->rows);
	preview_fini(&t->preview);
	buf_fini(&t->run);
	free(t);
}

static const struct screen_ops today_ops = {.page = CMD_GO_TODAY,
	.draw = today_draw,
	.title = today_title,
	.message = today_message,
	.commands = today_commands,
	.command = today_command,
	.key = today_key,
	.typing = today_typing,
	.refresh = today_refresh,
	.close = today_close};

struct screen *today_screen(struct app *a)
{
	struct today *t = mem_alloc(sizeof(*t));

	t->base = (struct screen){&today_ops, a};
	return &t->base;
}
