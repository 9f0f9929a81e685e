/* Two applications of one person for one matter side by side, before a second one is made. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/matter.h"
#include "core/station/store.h"
#include "forms/entry.h"
#include "forms/instance.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/intake.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"

enum {
	LABEL_COL = 3,
	LABEL_COLS = 18,
	SMALL_LABEL_COLS = 12
};

struct row {
	char *label, *here, *there;
};

struct comparing {
	struct screen base;
	struct flow *flow;
	char other[ID_UUID_SIZE];
	bool is_draft;
	struct row *rows;
	size_t count, top;
};

static void add_row(struct comparing *g, const char *label, const char *here, const char *there)
{
	g->rows = mem_resize(g->rows, g->count + 1, sizeof(*g->rows));
	g->rows[g->count++] =
		(struct row){mem_strdup(label), mem_strdup(here), mem_strdup(there ? there : "")};
}

static void put_time(struct buf *out, int64_t at_ms)
{
	char text[24];

	buf_adds(out, clock_format(at_ms, "%Y-%m-%d %H:%M", text, sizeof(text)));
}

/* What stands over the answers: in what state, when, at which window. */
static void add_facts(struct comparing *g)
{
	struct store *store = app_session(g->base.app)->store;
	struct buf when = {0}, words = {0};
	struct draft d = {0};
	struct case_view v = {0};
	enum case_state state;

	if (draft_get(store, g->other, &d) == OK) {
		g->is_draft = true;
		put_time(&when, d.updated_ms);
		add_row(g, tr("状态"), tr("正在填"), d.parked_note ? tr("暂存") : tr("草稿"));
		add_row(g, tr("时间"), "", buf_str(&when));
		add_row(g, tr("窗口"), g->flow->intake->window, d.window);
		draft_fini(&d);
	} else if (case_get(store, g->other, &v) == OK) {
		put_time(&when, v.submitted_ms);
		add_row(g, tr("状态"), tr("正在填"),
			show_alone(&words, case_state_parse(v.state, &state)
						   ? case_state_label(state)
						   : v.state));
		add_row(g, tr("时间"), "", buf_str(&when));
		add_row(g, tr("窗口"), g->flow->intake->window, v.window);
		add_row(g, tr("办件编号"), "", v.project_no ? v.project_no : v.local_receipt);
		case_view_fini(&v);
	}
	buf_fini(&when);
	buf_fini(&words);
}

static void add_answer(void *arg, const char *place, const char *value)
{
	struct comparing *g = arg;
	struct entry *e = g->flow->intake->entry;
	struct node *n = entry_find(e, place);
	struct buf here = {0}, there = {0};

	if (!n || !n->value || !form_asks(&entry_form(e)->fields[n->field]))
		return;
	entry_text(e, n, true, &here);
	entry_value_text(e, n, value, true, &there);
	add_row(g, entry_node_label(e, n), buf_str(&here), buf_str(&there));
	buf_fini(&here);
	buf_fini(&there);
}

static void compare_title(struct screen *s, struct buf *out)
{
	flow_title(((struct comparing *)s)->flow, tr("是不是重复"), out);
}

static void compare_message(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("这个人的同一事项还有一件没办完。是同一件就打开它; 不是就接着办。"));
}

static void compare_draw(struct screen *s, struct canvas *c)
{
	struct comparing *g = (struct comparing *)s;
	int labels = canvas_cols(c) < FULL_COLS ? SMALL_LABEL_COLS : LABEL_COLS;
	int half = (canvas_cols(c) - LABEL_COL - labels - 3) / 2;
	int here = LABEL_COL + labels + 1, there = here + half + 1;
	int rows = screen_bottom(c) - BODY_TOP - 2;

	if (g->top + (size_t)rows > g->count)
		g->top = g->count > (size_t)rows ? g->count - (size_t)rows : 0;
	canvas_cursor(c, BODY_TOP, 0);
	canvas_put(c, BODY_TOP, here, half, ROLE_STRONG, tr("这一件"));
	canvas_put(c, BODY_TOP, there, half, ROLE_STRONG, tr("已有的那一件"));
	for (size_t i = g->top; i < g->count && i < g->top + (size_t)rows; i++) {
		const struct row *r = &g->rows[i];
		int row = BODY_TOP + 1 + (int)(i - g->top);
		bool differs = *r->here && strcmp(r->here, r->there) != 0;
		canvas_pad(c, row, LABEL_COL, labels, ROLE_LABEL, r->label);
		canvas_pad(c, row, here, half, ROLE_TEXT, r->here);
		canvas_pad(c, row, there, half, differs ? ROLE_WARN : ROLE_TEXT, r->there);
		if (differs)
			canvas_put(c, row, 1, 1, ROLE_WARN, "*");
	}
}

static size_t compare_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	(void)s;
	out[n++] = CMD_GO_ON;
	out[n++] = CMD_OTHER;
	out[n++] = CMD_PAGE;
	return n;
}

static void open_other(struct comparing *g)
{
	struct app *a = g->base.app;
	char id[ID_UUID_SIZE];
	bool is_draft = g->is_draft;

	memcpy(id, g->other, sizeof(id));
	flow_save(g->flow);
	app_home(a); /* frees g; this one stays as a draft */
	if (is_draft)
		flow_resume(a, id, NULL);
	else
		app_push(a, case_screen(a, id));
}

static bool compare_command(struct screen *s, enum command c)
{
	struct comparing *g = (struct comparing *)s;
	struct flow *f = g->flow;

	switch (c) {
	case CMD_GO_ON:
		f->compared = true;
		flow_hold(f);
		app_pop(s->app); /* frees g */
		flow_next(f, DRAFT_AT_FORM);
		flow_release(f);
		return true;
	case CMD_OTHER:
		open_other(g);
		return true;
	default:
		return false;
	}
}

static bool compare_key(struct screen *s, const struct key *k)
{
	struct comparing *g = (struct comparing *)s;

	if (k->code == K_DOWN || k->code == K_PGDN)
		g->top += k->code == K_DOWN ? 1 : 10;
	else if (k->code == K_UP || k->code == K_PGUP)
		g->top -= g->top < 10 && k->code == K_PGUP ? g->top
			  : k->code == K_UP		   ? g->top > 0
							   : 10;
	else
		return false;
	return true;
}

static void compare_close(struct screen *s)
{
	struct comparing *g = (struct comparing *)s;

	for (size_t i = 0; i < g->count; i++) {
		free(g->rows[i].label);
		free(g->rows[i].here);
		free(g->rows[i].there);
	}
	free(g->rows);
	flow_release(g->flow);
	free(g);
}

static const struct screen_ops compare_ops = {.page = CMD_NONE,
	.draw = compare_draw,
	.title = compare_title,
	.message = compare_message,
	.commands = compare_commands,
	.command = compare_command,
	.key = compare_key,
	.close = compare_close};

struct screen *compare_screen(struct app *a, struct flow *f, const char *other_id)
{
	struct comparing *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&compare_ops, a};
	g->flow = flow_hold(f);
	strncat(g->other, other_id, sizeof(g->other) - 1);
	add_facts(g);
	draft_each_answer(app_session(a)->store, g->other, DRAFT_FORM, add_answer, g);
	return &g->base;
}
