/* One letter: where it stands, why, and what was sent. */
#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/outbox.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/letter_view.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 14
};

struct letter_page {
	struct screen base;
	char *id;
	struct letter letter;
	bool found;
	struct pager pager;
};

static void pair_moment(struct letter_page *g, const char *label, int64_t ms)
{
	struct buf b = {0};

	if (ms > 0) {
		show_moment(&b, ms, app_wall_ms(g->base.app));
		pager_pair(&g->pager, 2, LABEL_COLS, label, buf_str(&b));
	}
	buf_fini(&b);
}

static void pair_text(struct letter_page *g, const char *label, const char *text)
{
	if (text && *text)
		pager_pair(&g->pager, 2, LABEL_COLS, label, text);
}

static void fill(struct letter_page *g, int cols)
{
	const struct letter *l = &g->letter;
	struct buf b = {0};

	pager_clear(&g->pager, cols);
	if (!g->found) {
		pager_add(&g->pager, 0, ROLE_ERROR, tr("这一件读不出来。"));
		return;
	}
	pager_add(&g->pager, 0, ROLE_STRONG, l->task_name ? l->task_name : "");
	pager_gap(&g->pager);
	show_name(&b, l->applyer_name ? l->applyer_name : "", !app_session(g->base.app)->unmasked);
	pair_text(g, tr("申请人"), buf_str(&b));
	pair_text(g, tr("本机回执号"), l->local_receipt);
	pair_text(g, tr("受理号"), l->project_no);
	pair_text(g, tr("状态"), letter_state_text(l));
	if (l->state != LETTER_DELIVERED)
		pair_text(g, tr("原因"), l->reason);
	letter_advice(&g->pager, l->state, l->tries, l->next_ms, app_wall_ms(g->base.app));
	pager_gap(&g->pager);
	pair_moment(g, tr("提交"), l->created_ms);
	pair_moment(g, tr("上次报送"), l->last_ms);
	pair_moment(g, tr("收妥"), l->delivered_ms);
	buf_clear(&b);
	buf_printf(&b, "%d", l->tries);
	pair_text(g, tr("已试次数"), buf_str(&b));
	pair_text(g, tr("本件编号"), l->id);
	if (l->problem) {
		pager_gap(&g->pager);
		pager_add(&g->pager, 0, ROLE_STRONG, tr("中心的答复"));
		pager_add(&g->pager, 2, ROLE_TEXT, l->problem);
	}
	buf_fini(&b);
}

static void letter_page_refresh(struct screen *s)
{
	struct letter_page *g = (struct letter_page *)s;

	if (g->found)
		letter_fini(&g->letter);
	g->found = outbox_get(app_session(s->app)->store, g->id, &g->letter) == OK;
	g->pager.cols = 0;
}

static void letter_page_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("待发与退回 / 一件"));
}

static void letter_page_draw(struct screen *s, struct canvas *c)
{
	struct letter_page *g = (struct letter_page *)s;
	int width = canvas_cols(c) - 3;

	fill(g, width > 110 ? 110 : width);
	pager_draw(&g->pager, c, BODY_TOP, screen_bottom(c) - BODY_TOP, 1);
	canvas_cursor(c, BODY_TOP, 0);
}

static size_t letter_page_commands(struct screen *s, enum command *out)
{
	const struct letter_page *g = (struct letter_page *)s;
	size_t n = 0;

	if (g->found && g->letter.state != LETTER_DELIVERED)
		out[n++] = CMD_RETRY;
	out[n++] = CMD_PAGE;
	return n;
}

static bool letter_page_command(struct screen *s, enum command c)
{
	struct letter_page *g = (struct letter_page *)s;

	if (c != CMD_RETRY)
		return false;
	letter_retry(s->app, g->letter.id);
	letter_page_refresh(s);
	return true;
}

static bool letter_page_key(struct screen *s, const struct key *k)
{
	return pager_key(&((struct letter_page *)s)->pager, k);
}

static void letter_page_close(struct screen *s)
{
	struct letter_page *g = (struct letter_page *)s;

	if (g->found)
		letter_fini(&g->letter);
	pager_fini(&g->pager);
	free(g->id);
	free(g);
}

static const struct screen_ops letter_page_ops = {.page = CMD_GO_OUTBOX,
	.draw = letter_page_draw,
	.title = letter_page_title,
	.commands = letter_page_commands,
	.command = letter_page_command,
	.key = letter_page_key,
	.refresh = letter_page_refresh,
	.close = letter_page_close};

struct screen *letter_screen(struct app *a, const char *letter_id)
{
	struct letter_page *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&letter_page_ops, a};
	g->id = mem_strdup(letter_id);
	return &g->base;
}
