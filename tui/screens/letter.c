/* One letter: where it stands, why, and what was sent. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/letter_view.h"
#include "tui/refusal_text.h"
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
	struct refusal_told told; /* what the centre found wrong */
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

static void add_refusal(struct letter_page *g)
{
	pager_gap(&g->pager);
	pager_add(&g->pager, 0, ROLE_STRONG, trc("label", "中心的答复"));
	for (size_t i = 0; i < g->told.count; i++) {
		const struct refusal_fault *f = &g->told.faults[i];
		const char *where = *f->field ? f->field : f->place;
		if (*where)
			pager_pair(&g->pager, 2, LABEL_COLS, where, f->message);
		else
			pager_add(&g->pager, 2, ROLE_TEXT, f->message);
	}
}

/* It stands above as what was said of the letter. */
static bool is_said(const struct letter *l, const char *reason)
{
	return l->state == LETTER_WAITING && l->reason && strcmp(l->reason, reason) == 0;
}

static void add_paper(void *arg, const struct paper *p)
{
	static const char *const states[PAPER_STATE__MAX] = {
		[PAPER_WAITING] = N_("待送"),
		[PAPER_SENT] = N_("已送到"),
		[PAPER_REFUSED] = N_("中心不收"),
	};
	struct letter_page *g = arg;
	struct buf b = {0};

	buf_printf(&b, tr("%s  %lld, 共 %lld KB  %.12s"), p->media_type,
		(long long)((p->sent + 1023) / 1024), (long long)((p->size + 1023) / 1024),
		p->sha256);
	if (p->reason && *p->reason && !is_said(&g->letter, tr(p->reason)))
		buf_printf(&b, "  %s", tr(p->reason));
	pager_pair(&g->pager, 2, LABEL_COLS, tr(states[p->state]), buf_str(&b));
	buf_fini(&b);
}

static void add_papers(struct letter_page *g)
{
	if (g->letter.papers_bytes == 0)
		return;
	pager_gap(&g->pager);
	pager_add(&g->pager, 0, ROLE_STRONG, tr("随件的扫描件"));
	papers_each_of_letter(app_session(g->base.app)->store, g->letter.id, add_paper, g);
}

static void add_numbers(struct letter_page *g)
{
	const struct letter *l = &g->letter;
	struct buf b = {0};

	pair_moment(g, case_act_told(ACT_SUBMIT), l->created_ms);
	pair_moment(g, tr("这个状态起"), l->since_ms);
	pair_moment(g, tr("上次报送"), l->last_ms);
	pair_moment(g, tr("收妥"), l->delivered_ms);
	buf_printf(&b, "%d", l->tries + l->papers_tries);
	pair_text(g, tr("已试次数"), buf_str(&b));
	buf_clear(&b);
	if (l->origin == NULL)
		buf_printf(&b, tr("第 %d 版"), l->version);
	pair_text(g, tr("申请"), buf_str(&b));
	pair_text(g, tr("本件编号"), l->id);
	buf_fini(&b);
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
	letter_subject(&b, l);
	pager_add(&g->pager, 0, ROLE_STRONG, buf_str(&b));
	buf_clear(&b);
	pager_gap(&g->pager);
	show_name(&b, l->applyer_name ? l->applyer_name : "", !app_session(g->base.app)->unmasked);
	pair_text(g, tr("申请人"), buf_str(&b));
	pair_text(g, tr("本地收件号"), l->local_receipt);
	pair_text(g, tr("办件编号"), l->project_no);
	pair_text(g, tr("原窗口"), l->origin);
	buf_clear(&b);
	letter_state_words(&b, l);
	pair_text(g, tr("状态"), buf_str(&b));
	if (l->state != LETTER_DELIVERED)
		pair_text(
			g, tr("原因"), letter_reason(app_session(g->base.app), l, g->told.reason));
	letter_advice(&g->pager, LABEL_COLS, app_session(g->base.app), l, app_wall_ms(g->base.app));
	if (g->told.count > 0)
		add_refusal(g);
	add_papers(g);
	pager_gap(&g->pager);
	add_numbers(g);
	buf_fini(&b);
}

static void letter_page_refresh(struct screen *s)
{
	struct letter_page *g = (struct letter_page *)s;

	struct store *store = app_session(s->app)->store;

	if (g->found)
		letter_fini(&g->letter);
	refusal_told_fini(&g->told);
	g->found = outbox_get(store, g->id, &g->letter) == OK;
	if (g->found)
		refusal_tell(store, &g->letter, &g->told);
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

	if (g->found)
		n = letter_commands(&g->letter, out);
	out[n++] = CMD_PAGE;
	return n;
}

static bool letter_page_command(struct screen *s, enum command c)
{
	struct letter_page *g = (struct letter_page *)s;

	return g->found && letter_command(s->app, &g->letter, c);
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
	refusal_told_fini(&g->told);
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
