/* The whole application once more, masked, for the applicant to confirm; y and Enter submits. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/correction.h"
#include "tui/flow.h"
#include "tui/glyph.h"
#include "tui/intake.h"
#include "tui/large_fill.h"
#include "tui/review_text.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_line.h"
#include "tui/widget_pager.h"

enum {
	SCANNED = 2,	     /* characters just before: not typed by a person */
	SCAN_QUIET_MS = 300, /* no confirmation so soon after a scanner */
	LABEL_COLS = 20
};

struct review {
	struct screen base;
	struct flow *flow;
	struct pager pager;
	bool unmasked; /* what the pager shows */
	struct line confirm;
	struct buf obstacle;	   /* the first thing in the way of submitting; "" if nothing is */
	int64_t scanned_ms;	   /* when a burst was last seen; -1: never */
	struct correction *before; /* the version it replaces; NULL: none */
	bool same;		   /* it may go although it changes nothing */
};

static void review_title(struct screen *s, struct buf *out)
{
	flow_title(((struct review *)s)->flow, tr("核对提交"), out);
}

/* What differs from the version before is marked: by a sign and by what its text tells. */
static void add_pair(struct review *g, const char *label, const char *text, bool changed)
{
	struct buf marked = {0};
	size_t at = g->pager.count;

	buf_printf(&marked, "* %s", label);
	if (changed)
		pager_pair(&g->pager, 0, LABEL_COLS + 2, buf_str(&marked), text);
	else
		pager_pair(&g->pager, 2, LABEL_COLS, label, text);
	for (; changed && at < g->pager.count; at++)
		g->pager.lines[at].role = ROLE_WARN;
	buf_fini(&marked);
}

static void add_answer(void *arg, const struct review_row *row)
{
	struct review *g = arg;

	if (row->heading) {
		pager_gap(&g->pager);
		pager_add(&g->pager, 0, ROLE_STRONG, row->heading);
	}
	add_pair(g, row->label, row->text, row->changed);
}

static void add_materials(struct review *g)
{
	const struct checklist *c = &g->flow->intake->checklist;
	struct buf text = {0}, state = {0};
	bool changed;

	pager_gap(&g->pager);
	pager_add(&g->pager, 0, ROLE_STRONG, tr("材料"));
	for (size_t i = 0; i < c->count; i++) {
		buf_clear(&text);
		buf_adds(&text, c->items[i].material->name);
		if (c->items[i].note && *c->items[i].note)
			buf_printf(&text, " (%s)", c->items[i].note);
		changed = correction_material(g->before, &c->items[i], &text);
		add_pair(g, show_alone(&state, checklist_state_label(c->items[i].state)),
			buf_str(&text), changed);
	}
	buf_fini(&state);
	buf_fini(&text);
}

static void add_changes(struct review *g)
{
	struct buf text = {0};
	size_t changes = review_changes(g->flow->intake, g->before, &text);

	pager_add(&g->pager, 0, changes ? ROLE_TEXT : ROLE_WARN, buf_str(&text));
	buf_fini(&text);
}

static void fill(struct review *g, int cols)
{
	g->unmasked = app_session(g->base.app)->unmasked;
	pager_clear(&g->pager, cols);
	pager_add(&g->pager, 0, ROLE_STRONG, g->flow->intake->matter->name);
	if (g->before)
		add_changes(g);
	review_answers(g->flow->intake, g->before, !g->unmasked, add_answer, g);
	if (g->flow->intake->checklist.count > 0)
		add_materials(g);
}

static void review_refresh(struct screen *s)
{
	struct review *g = (struct review *)s;
	char *end;

	g->pager.cols = 0; /* filled anew when it is drawn */
	buf_clear(&g->obstacle);
	if (!g->flow->receipt[0] && intake_check(g->flow->intake, false, &g->obstacle) == OK)
		buf_clear(&g->obstacle);
	end = g->obstacle.data ? strchr(g->obstacle.data, '\n') : NULL;
	if (end)
		*end = '\0';
	if (!g->flow->receipt[0])
		intake_at(g->flow->intake, DRAFT_AT_REVIEW, "", 0);
}

/* What becomes of it without a line; "" with one. */
static const char *line_words(enum centre_link link)
{
	if (link == CENTRE_OFFLINE)
		return tr("网络已断: 提交后先存本机待发, 恢复后自动报送, 不会重复。");
	if (link == CENTRE_NONE)
		return tr("本机还没有接入中心: 提交后存在本机, 接入后自动报送。");
	return "";
}

static int rows_of(const char *words, int cols)
{
	return glyph_cols(words) > cols ? 2 : 1;
}

static void review_draw(struct screen *s, struct canvas *c)
{
	struct review *g = (struct review *)s;
	struct session *session = app_session(s->app);
	int bottom = screen_bottom(c), width = canvas_cols(c) - 3, col;
	int gap = canvas_rows(c) < 24 ? 0 : 1; /* blank rows are given to the answers */
	const char *words, *line;

	if (width > 100)
		width = 100;
	if (g->pager.cols != width || g->unmasked != session->unmasked)
		fill(g, width);
	words = g->flow->intake->revising
			? tr("请申请人当面确认。提交后这一版接替原来的, 收件号不变。")
			: tr("请申请人当面确认以上内容。提交后不能再改, 只能更正、补正或撤回。");
	line = line_words(session->link);
	bottom -= rows_of(words, width) + (*line ? rows_of(line, width) : gap) + 1;
	pager_draw(&g->pager, c, BODY_TOP, bottom - BODY_TOP - gap, 1);
	bottom += pager_put(c, bottom, 2, 1, width, ROLE_TEXT, words);
	bottom += *line ? pager_put(c, bottom, 2, 1, width, ROLE_WARN, line) : gap;
	bottom++;
	col = 1 + canvas_put(c, bottom - 1, 1, width, ROLE_STRONG,
			  tr("确认提交请输入 1 或 y 或 是, 再回车  > "));
	line_draw(&g->confirm, c, bottom - 1, col, 6, ROLE_FIELD, true);
}

static void review_message(struct screen *s, struct buf *out)
{
	const struct review *g = (struct review *)s;

	if (*buf_str(&g->obstacle))
		buf_printf(out, tr("还不能提交: %s"), buf_str(&g->obstacle));
	else if (g->pager.count > (size_t)g->pager.rows && g->pager.rows > 0)
		buf_printf(out, tr("第 %zu-%zu 行, 共 %zu 行; 上下翻看。"), g->pager.top + 1,
			g->pager.top + (size_t)g->pager.rows < g->pager.count
				? g->pager.top + (size_t)g->pager.rows
				: g->pager.count,
			g->pager.count);
}

static size_t review_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	(void)s;
	out[n++] = CMD_SUBMIT;
	out[n++] = CMD_UNMASK;
	out[n++] = CMD_LARGE;
	return n;
}

static bool confirmed(const struct review *g)
{
	static const char *const yes[] = {"y", "Y", "ｙ", "Ｙ", "是", "1", "１"};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (strcmp(line_text(&g->confirm), yes[i]) == 0)
			return true;
	return false;
}

static void submit(struct review *g);

static void say_not_yet(struct review *g)
{
	app_say(g->base.app, "%s",
		tr("还没有提交。确认无误后输入 1 或 y 或 是, 再回车; 要改按 Esc。"));
}

/* The centre moved the case while it was being corrected: nothing is overwritten unasked. */
static void answer_knowing(void *arg, bool yes)
{
	struct review *g = arg;

	if (!yes)
		return;
	g->flow->intake->knowing = true;
	submit(g);
}

static void ask_knowing(struct review *g)
{
	struct buf question = {0};

	review_ask_knowing(app_session(g->base.app)->store, g->flow->intake->draft_id, &question);
	app_ask(g->base.app, question.data, answer_knowing, g);
	buf_fini(&question);
}

/* A version like the last one is most often one that somebody forgot to change. */
static void answer_same(void *arg, bool yes)
{
	struct review *g = arg;

	g->same = yes;
	if (yes)
		submit(g);
	else
		say_not_yet(g);
}

static bool asks_same(struct review *g)
{
	bool asks = g->before && !g->same && review_changes(g->flow->intake, g->before, NULL) == 0;

	if (asks) {
		line_set(&g->confirm, "");
		app_ask(g->base.app, review_same_question(), answer_same, g);
	}
	return asks;
}

static void submit(struct review *g)
{
	struct app *a = g->base.app;
	struct session *session = app_session(a);
	char receipt[LOCAL_RECEIPT_SIZE];
	struct buf why = {0};
	enum err e = intake_check(g->flow->intake, false, &why);

	if (e == OK && asks_same(g))
		return;
	if (e == OK)
		e = intake_submit(g->flow->intake, session->station, receipt, &why);
	line_set(&g->confirm, "");
	if (e == ERR_STATE && g->flow->intake->revising && !g->flow->intake->knowing) {
		ask_knowing(g);
		buf_fini(&why);
		return;
	}
	if (e != OK) {
		if (why.len &&
			strchr(why.data, '\n')) /* the first of them; Esc leads to the form */
			*strchr(why.data, '\n') = '\0';
		app_fail(a, tr("没有提交"), e, &why);
		buf_fini(&why);
		return;
	}
	buf_fini(&why);
	memcpy(g->flow->receipt, receipt, sizeof(receipt));
	session_saved(session, OK);
	app_home(a); /* frees g */
	app_wake(a, false);
	app_push(a, receipt_screen(a, receipt));
}

static void fill_large(void *arg, struct large_text *t)
{
	large_answers(t, ((struct review *)arg)->flow->intake);
}

static bool review_command(struct screen *s, enum command c)
{
	struct review *g = (struct review *)s;
	int64_t now = app_mono_ms(s->app);

	if (c == CMD_LARGE) {
		app_push(s->app, large_screen(s->app, fill_large, g));
		return true;
	}
	if (c != CMD_SUBMIT)
		return false;
	if (g->scanned_ms >= 0 && now - g->scanned_ms < SCAN_QUIET_MS) {
		line_set(&g->confirm, "");
		return true;
	}
	if (confirmed(g))
		submit(g);
	else
		say_not_yet(g);
	return true;
}

static bool review_key(struct screen *s, const struct key *k)
{
	struct review *g = (struct review *)s;

	if (k->code == K_CHAR && k->run >= SCANNED) {
		g->scanned_ms = k->at_ms;
		line_set(&g->confirm, "");
		return true;
	}
	if ((k->code != K_CHAR && pager_key(&g->pager, k)) ||
		line_key(&g->confirm, k) != LINE_IGNORED)
		return true;
	return false;
}

static enum typing review_typing(struct screen *s)
{
	(void)s;
	return TYPING_CHOICE;
}

static void review_close(struct screen *s)
{
	struct review *g = (struct review *)s;

	pager_fini(&g->pager);
	line_fini(&g->confirm);
	buf_fini(&g->obstacle);
	correction_free(g->before);
	flow_release(g->flow);
	free(g);
}

static const struct screen_ops review_ops = {.page = CMD_NONE,
	.draw = review_draw,
	.title = review_title,
	.message = review_message,
	.commands = review_commands,
	.command = review_command,
	.key = review_key,
	.typing = review_typing,
	.refresh = review_refresh,
	.close = review_close};

struct screen *review_screen(struct app *a, struct flow *f)
{
	struct review *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&review_ops, a};
	g->flow = flow_hold(f);
	g->scanned_ms = -1;
	g->before = correction_open(f->intake);
	return &g->base;
}
