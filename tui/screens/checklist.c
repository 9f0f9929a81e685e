/* What the visitor has with them, held against what this situation asks for. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/glyph.h"
#include "tui/guide_text.h"
#include "tui/intake.h"
#include "tui/large_fill.h"
#include "tui/material_text.h"
#include "tui/paper_list.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	DETAIL_ROWS = 6,
	STATE_COL = 4,
	LABEL_COL = STATE_COL + 4,
	FORM_COLS = 13,
	FORM_COLS_SMALL = 11,
	FORM_MORE = 5 /* where a form is longer */
};

static int source_col(const struct canvas *c)
{
	return canvas_cols(c) < FULL_COLS ? 45 : 59;
}

struct checking {
	struct screen base;
	struct flow *flow;
	struct list list;
	struct paper_list papers;
	enum checklist_state *before_run; /* of each item, when the last run of characters began */
	size_t before_count;
};

static struct checklist *items_of(struct checking *g)
{
	return &g->flow->intake->checklist;
}

static struct checklist_item *selected(struct checking *g)
{
	struct checklist *c = items_of(g);

	return g->list.selected < c->count ? &c->items[g->list.selected] : NULL;
}

/* Where names begin: after the widest word for a state in the language in force. */
static int name_col(void)
{
	int widest = 0;

	for (int s = 0; s < CHECKLIST_STATE__MAX; s++) {
		int cols = glyph_cols(checklist_state_label((enum checklist_state)s));
		if (cols > widest)
			widest = cols;
	}
	return LABEL_COL + widest + 1;
}

static void add_form(struct checking *g, const struct checklist_item *x, struct buf *out)
{
	const struct matter *m = g->flow->intake->matter;

	guide_material_form(out, m, (size_t)(x->material - m->materials));
}

/* Where the form each comes in begins: how many originals and copies is told nowhere else, so
 * names give way to it, which stand whole below. */
static int form_col(struct checking *g, const struct canvas *c)
{
	const struct checklist *list = items_of(g);
	bool full = canvas_cols(c) >= FULL_COLS;
	int widest = full ? FORM_COLS : FORM_COLS_SMALL, most = widest + FORM_MORE;
	struct buf b = {0};

	for (size_t i = 0; i < list->count; i++) {
		int cols;
		buf_clear(&b);
		add_form(g, &list->items[i], &b);
		cols = glyph_cols(buf_str(&b));
		if (cols > widest)
			widest = cols < most ? cols : most;
	}
	buf_fini(&b);
	return source_col(c) - 1 - widest;
}

static void checking_title(struct screen *s, struct buf *out)
{
	flow_title(((struct checking *)s)->flow, tr("核对材料"), out);
}

static void checking_message(struct screen *s, struct buf *out)
{
	struct checking *g = (struct checking *)s;
	struct checklist_summary sum;
	struct checklist *c = items_of(g);
	size_t named = 0;

	checklist_sum(c, &sum);
	if (sum.by_state[CHECKLIST_MISSING] == 0) {
		buf_adds(out, g->flow->intake->consult
				      ? tr("材料齐了: 回车出告知单, Ctrl-E 现在就办。")
				      : tr("材料核对完了, 回车到下一步。"));
		return;
	}
	buf_printf(out, tr("还缺 %zu 份: "), sum.by_state[CHECKLIST_MISSING]);
	for (size_t i = 0; i < c->count && named < 3; i++)
		if (c->items[i].state == CHECKLIST_MISSING)
			buf_printf(
				out, "%s%s", named++ ? tr("、") : "", c->items[i].material->name);
	if (sum.by_state[CHECKLIST_MISSING] > named)
		buf_adds(out, tr(" 等"));
}

/* How many scans there are, the clerk's remark, or else where it comes from. */
static void add_remark(struct checking *g, const struct checklist_item *x, struct buf *out)
{
	size_t scans = paper_list_count(&g->papers, x->material->name);

	if (scans > 0)
		buf_printf(out, tr("扫描 %zu  "), scans);
	buf_adds(out, x->note && *x->note ? x->note : matter_material_source(x->material));
}

static void draw_item(struct checking *g, struct canvas *c, int row, size_t i, int width, int form)
{
	const struct checklist_item *x = &items_of(g)->items[i];
	enum role role = x->state == CHECKLIST_MISSING ? ROLE_WARN
			 : x->state == CHECKLIST_NONE  ? ROLE_TEXT
						       : ROLE_GOOD;
	struct buf b = {0};
	int name = name_col(), name_cols = form - name - 2, used;

	if (i - g->list.top < 9)
		buf_printf(&b, "%zu", i - g->list.top + 1);
	canvas_put(c, row, 1, 2, ROLE_TEXT, buf_str(&b));
	canvas_put(c, row, STATE_COL, 3, role, show_material_mark(x->state));
	canvas_put(c, row, LABEL_COL, name - LABEL_COL, role,
		show_alone(&b, checklist_state_label(x->state)));
	canvas_pad(c, row, name, name_cols, ROLE_TEXT, x->material->name);
	buf_clear(&b);
	add_form(g, x, &b);
	canvas_pad(c, row, form, source_col(c) - form - 1, ROLE_TEXT, buf_str(&b));
	buf_clear(&b);
	add_remark(g, x, &b);
	canvas_pad(c, row, source_col(c), width - source_col(c), ROLE_TEXT, buf_str(&b));
	used = glyph_cols(x->material->name);
	list_mark(&g->list, c, i, row, 1, name - 1 + (used < name_cols ? used : name_cols),
		app_slow(g->base.app), true);
	buf_fini(&b);
}

static void draw_detail(struct checking *g, struct canvas *c, int row, int rows, int col)
{
	struct checklist_item *x = selected(g);
	struct pager p;

	if (!x || !app_draws_detail(g->base.app, c, row, rows, col))
		return;
	pager_init(&p, canvas_cols(c) - col - 2);
	material_text(&p, g->flow->intake, x, &g->papers);
	pager_draw(&p, c, row, rows, col);
	pager_fini(&p);
}

/* In a small window: what there is none of is left out, and what has no room. */
static void add_counts(const struct checklist_summary *sum, int room, struct buf *out)
{
	static const enum checklist_state first[] = {
		CHECKLIST_MISSING, CHECKLIST_DEFERRED, CHECKLIST_RECEIVED, CHECKLIST_EXEMPT};
	struct buf one = {0}, word = {0};

	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++) {
		buf_clear(&one);
		buf_printf(&one, "%s%s %zu", out->len ? "  " : "",
			show_alone(&word, checklist_state_label(first[i])),
			sum->by_state[first[i]]);
		if (sum->by_state[first[i]] > 0 &&
			glyph_cols(buf_str(out)) + glyph_cols(buf_str(&one)) <= room)
			buf_adds(out, buf_str(&one));
	}
	buf_fini(&one);
	buf_fini(&word);
}

static void draw_summary(struct checking *g, struct canvas *c, int width)
{
	struct checklist_summary sum;
	struct buf counts = {0}, result = {0};
	int room;

	checklist_sum(items_of(g), &sum);
	buf_printf(&result, "%s  ", tr("结论"));
	checklist_conclusion_text(&result, &sum);
	buf_printf(&counts, tr("已收 %zu  免交 %zu  缺 %zu  容缺 %zu"),
		sum.by_state[CHECKLIST_RECEIVED], sum.by_state[CHECKLIST_EXEMPT],
		sum.by_state[CHECKLIST_MISSING], sum.by_state[CHECKLIST_DEFERRED]);
	room = width - 4 - glyph_cols(buf_str(&result));
	if (glyph_cols(buf_str(&counts)) > room) {
		buf_clear(&counts);
		add_counts(&sum, room, &counts);
	}
	canvas_right(c, BODY_TOP, 20, width - 1, ROLE_TEXT, buf_str(&counts));
	canvas_put(c, BODY_TOP, 1, width - 2,
		sum.conclusion == CHECKLIST_COMPLETE ? ROLE_GOOD : ROLE_WARN, buf_str(&result));
	buf_fini(&counts);
	buf_fini(&result);
}

static void checking_draw(struct screen *s, struct canvas *c)
{
	struct checking *g = (struct checking *)s;
	int cols = canvas_cols(c), bottom = screen_bottom(c), top = BODY_TOP + 2, end;
	bool wide = cols >= WIDE_COLS, full = canvas_rows(c) >= 24;
	int width = wide ? PANE_LEFT_COLS : cols - 1, form = form_col(g, c);

	list_resize(&g->list, items_of(g)->count);
	draw_summary(g, c, width + 1);
	canvas_put(c, top, STATE_COL, 8, ROLE_LABEL, tr("状态"));
	canvas_put(c, top, name_col(), 20, ROLE_LABEL, tr("材料"));
	canvas_put(c, top, form, 12, ROLE_LABEL, tr("要求"));
	canvas_put(c, top, source_col(c), 18, ROLE_LABEL, tr("来源或备注"));
	end = wide || !full ? bottom : bottom - DETAIL_ROWS - 1;
	list_fit(&g->list, end - top - 1);
	canvas_cursor(c, top, 0);
	for (size_t i = g->list.top; i < g->list.count && i < g->list.top + g->list.rows; i++)
		draw_item(g, c, top + 1 + (int)(i - g->list.top), i, width, form);
	if (wide)
		draw_detail(g, c, top, bottom - top, PANE_RIGHT_COL + 2);
	else if (full)
		draw_detail(g, c, bottom - DETAIL_ROWS, DETAIL_ROWS, 1);
}

static size_t checking_commands(struct screen *s, enum command *out)
{
	struct checking *g = (struct checking *)s;
	const struct checklist_item *x = selected(g);
	size_t n = 0;

	out[n++] = CMD_TICK;
	if (g->flow->intake->consult) {
		out[n++] = CMD_NOTICE;
		out[n++] = CMD_TAKE_UP;
		out[n++] = CMD_LARGE;
		return n;
	}
	out[n++] = CMD_CONTINUE;
	if (x && (x->material->need == MATTER_NEED_DEFERRABLE || x->state == CHECKLIST_DEFERRED))
		out[n++] = CMD_DEFER;
	out[n++] = CMD_REMARK;
	if (x)
		out[n++] = CMD_ATTACH;
	if (x && paper_list_count(&g->papers, x->material->name) > 0)
		out[n++] = CMD_DETACH;
	out[n++] = CMD_LARGE;
	return n;
}

static void toggle(struct checking *g)
{
	checklist_toggle(items_of(g), g->list.selected);
	flow_save(g->flow);
}

static void defer(struct checking *g)
{
	struct checklist_item *x = selected(g);
	struct buf why = {0};
	enum err e;

	if (!x)
		return;
	e = checklist_set(items_of(g), x->material->name,
		x->state == CHECKLIST_DEFERRED ? CHECKLIST_MISSING : CHECKLIST_DEFERRED, &why);
	if (e != OK)
		app_fail(g->base.app, tr("不能容缺"), e, &why);
	flow_save(g->flow);
	buf_fini(&why);
}

static void noted(void *arg, const char *note)
{
	struct checking *g = arg;
	struct checklist_item *x = selected(g);

	if (!note || !x)
		return;
	checklist_note(items_of(g), x->material->name, note);
	flow_save(g->flow);
}

static void read_papers(struct checking *g)
{
	paper_list_read(&g->papers, app_session(g->base.app)->store, g->flow->intake->draft_id);
}

/* A scan is here: the material counts as received. */
static void attached(void *arg, const char *path)
{
	struct checking *g = arg;
	struct checklist_item *x = selected(g);
	struct buf why = {0};
	enum err e;

	if (!path || !*path || !x)
		return;
	e = intake_attach(g->flow->intake, x->material->name, path, &why);
	if (e == OK) {
		if (x->state == CHECKLIST_MISSING)
			checklist_set(items_of(g), x->material->name, CHECKLIST_RECEIVED, NULL);
		flow_save(g->flow);
		app_say(g->base.app, tr("已附上, 随件报送: %s"), path);
	} else {
		app_fail(g->base.app, tr("没有附上"), e, &why);
	}
	read_papers(g);
	buf_fini(&why);
}

static void detach(struct checking *g)
{
	struct checklist_item *x = selected(g);
	struct store *store = app_session(g->base.app)->store;
	size_t i;
	enum err e;

	for (i = g->papers.count; x && i-- > 0;) {
		const struct paper_row *r = &g->papers.rows[i];
		if (strcmp(r->material, x->material->name) != 0)
			continue;
		e = paper_detach(store, g->flow->intake->draft_id, r->material, NULL, r->sha256);
		if (e == OK)
			app_say(g->base.app, tr("已去掉 %s。"), r->name);
		else
			app_fail(g->base.app, tr("没有去掉"), e, NULL);
		read_papers(g);
		return;
	}
}

static void show_notice(struct checking *g)
{
	struct buf facts = {0};

	intake_notice_facts(g->flow->intake, &facts);
	app_push(g->base.app,
		slip_notice_screen(g->base.app, g->flow->intake->matter->code, facts.data));
	buf_fini(&facts);
}

static void fill_large(void *arg, struct large_text *t)
{
	large_checklist(t, items_of(arg));
}

static bool checking_command(struct screen *s, enum command c)
{
	struct checking *g = (struct checking *)s;
	struct checklist_item *x = selected(g);

	switch (c) {
	case CMD_TICK:
		toggle(g);
		return true;
	case CMD_DEFER:
		defer(g);
		return true;
	case CMD_REMARK:
		if (x)
			app_prompt(s->app, tr("备注"), x->note ? x->note : "", noted, g);
		return true;
	case CMD_NOTICE:
		show_notice(g);
		return true;
	case CMD_LARGE:
		app_push(s->app, large_screen(s->app, fill_large, g));
		return true;
	case CMD_TAKE_UP:
		flow_take_up(g->flow);
		return true;
	case CMD_ATTACH:
		app_prompt(s->app, tr("扫描件或照片在哪 (文件的位置)"), "", attached, g);
		return true;
	case CMD_DETACH:
		detach(g);
		return true;
	case CMD_CONTINUE:
		flow_next(g->flow, DRAFT_AT_CHECKLIST);
		return true;
	default:
		return false;
	}
}

static bool checking_key(struct screen *s, const struct key *k)
{
	struct checking *g = (struct checking *)s;
	bool picked, used = list_key(&g->list, k, true, &picked);

	if (picked)
		toggle(g);
	return used;
}

/* A reader's line is no tick: what its first characters ticked is taken back. */
static void checking_before(struct screen *s, const struct key *k)
{
	struct checking *g = (struct checking *)s;
	struct checklist *c = items_of(g);

	if (k->code != K_CHAR)
		return;
	if (k->run == 0) {
		g->before_run = mem_resize(g->before_run, c->count + 1, sizeof *g->before_run);
		g->before_count = c->count;
		for (size_t i = 0; i < c->count; i++)
			g->before_run[i] = c->items[i].state;
	}
	if (k->run != KEY_BURST || g->before_count != c->count)
		return;
	for (size_t i = 0; i < c->count; i++)
		c->items[i].state = g->before_run[i];
	flow_save(g->flow);
}

static void checking_refresh(struct screen *s)
{
	struct checking *g = (struct checking *)s;

	read_papers(g);
	if (!g->flow->receipt[0])
		intake_at(g->flow->intake, DRAFT_AT_CHECKLIST, "", 0);
}

static void checking_close(struct screen *s)
{
	struct checking *g = (struct checking *)s;

	paper_list_fini(&g->papers);
	free(g->before_run);
	flow_release(g->flow);
	free(g);
}

static const struct screen_ops checking_ops = {.page = CMD_NONE,
	.draw = checking_draw,
	.title = checking_title,
	.message = checking_message,
	.commands = checking_commands,
	.command = checking_command,
	.before = checking_before,
	.key = checking_key,
	.refresh = checking_refresh,
	.close = checking_close};

struct screen *checklist_screen(struct app *a, struct flow *f)
{
	struct checking *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&checking_ops, a};
	g->flow = flow_hold(f);
	return &g->base;
}
