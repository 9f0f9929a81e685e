/* The guide of one matter, by sections with numbers. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/matter.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/guide_text.h"
#include "tui/large_fill.h"
#include "tui/notice.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/terminal.h"
#include "tui/widget_pager.h"

enum {
	TEXT_MAX_COLS = 110 /* longer lines are hard to read */
};

struct guide {
	struct screen base;
	struct matter *matter;
	struct pager pager;
	char *origin;  /* of this guide, in words */
	char *warning; /* the catalogue is old; NULL: it is not */
	char *sought;  /* what was looked for; NULL: nothing yet */
	size_t found;  /* the line it stands in */
	bool unfolded;
};

static void guide_title(struct screen *s, struct buf *out)
{
	const struct guide *g = (struct guide *)s;

	buf_printf(out, "%s / ", tr("办事指南"));
	buf_adds(out, g->matter->name);
}

static void guide_message(struct screen *s, struct buf *out)
{
	const struct guide *g = (struct guide *)s;
	size_t last = g->pager.top + (size_t)g->pager.rows;

	buf_printf(out, tr("第 %zu-%zu 行, 共 %zu 行"), g->pager.top + 1,
		last < g->pager.count ? last : g->pager.count, g->pager.count);
	if (g->warning)
		buf_printf(out, "   %s", g->warning);
}

/* The section that the first row in view belongs to. */
static size_t section_in_view(const struct pager *p)
{
	size_t at = 0;

	for (size_t i = 0; i < p->section_count; i++)
		if (p->sections[i] <= p->top)
			at = i;
	return at;
}

static void guide_draw(struct screen *s, struct canvas *c)
{
	struct guide *g = (struct guide *)s;
	struct buf contact = {0};
	int width = canvas_cols(c) - 4, col = 1, focus = 0;

	if (width > TEXT_MAX_COLS)
		width = TEXT_MAX_COLS;
	if (g->pager.cols != width) {
		pager_clear(&g->pager, width);
		guide_fill(&g->pager, g->matter, g->origin, !g->unfolded);
	}
	guide_contact(&contact, g->matter);
	canvas_put(c, BODY_TOP + 1, 1, canvas_cols(c) - 2, ROLE_LABEL, buf_str(&contact));
	pager_draw(&g->pager, c, BODY_TOP + 2, screen_bottom(c) - BODY_TOP - 2, 1);
	for (int i = 0; i < GUIDE_SECTION__MAX; i++) {
		struct buf b = {0};
		buf_printf(&b, tr("%d%s"), i + 1, guide_section_name((enum guide_section)i));
		col += (canvas_cols(c) < FULL_COLS ? 2 : 3) +
		       canvas_put(c, BODY_TOP, col, 20,
			       section_in_view(&g->pager) == (size_t)i ? ROLE_NAV_ON : ROLE_TEXT,
			       buf_str(&b));
		buf_fini(&b);
	}
	if (g->sought && g->found >= g->pager.top &&
		g->found < g->pager.top + (size_t)g->pager.rows)
		focus = (int)(g->found - g->pager.top);
	if (g->sought)
		canvas_put(c, BODY_TOP + 2 + focus, 0, 1, ROLE_STRONG, ">");
	canvas_cursor(c, BODY_TOP + 2 + focus, 0);
	buf_fini(&contact);
}

static size_t guide_commands(struct screen *s, enum command *out)
{
	size_t n = 0;

	out[n++] = CMD_START;
	out[n++] = CMD_CONSULT;
	if (((struct guide *)s)->sought)
		out[n++] = CMD_SEEK_NEXT;
	out[n++] = CMD_SECTION;
	out[n++] = CMD_COPY;
	out[n++] = CMD_PRINT;
	out[n++] = CMD_SEEK;
	out[n++] = CMD_PAGE;
	out[n++] = CMD_LARGE;
	return n;
}

/* The next line after `from` that holds the word, going round; false: none does. */
static bool seek(struct guide *g, size_t from)
{
	struct buf want = {0}, have = {0};
	bool found = false;

	text_fold(&want, g->sought);
	for (size_t i = 0; i < g->pager.count && !found; i++) {
		size_t at = (from + i) % g->pager.count;
		buf_clear(&have);
		if (g->pager.lines[at].label)
			text_fold(&have, g->pager.lines[at].label);
		text_fold(&have, g->pager.lines[at].text);
		if (strstr(buf_str(&have), buf_str(&want))) {
			found = true;
			g->found = at;
			if (at < g->pager.top || at >= g->pager.top + (size_t)g->pager.rows)
				g->pager.top = at;
		}
	}
	buf_fini(&want);
	buf_fini(&have);
	return found;
}

/* All is unfolded first, or a word in the folded part would not be there. */
static void unfold(struct guide *g)
{
	g->unfolded = true;
	pager_clear(&g->pager, g->pager.cols);
	guide_fill(&g->pager, g->matter, g->origin, false);
}

static void begin_seek(void *arg, const char *text)
{
	struct guide *g = arg;

	free(g->sought);
	g->sought = NULL;
	if (!text || !*text)
		return;
	g->sought = mem_strdup(text);
	if (!g->unfolded)
		unfold(g);
	if (!seek(g, g->pager.top)) {
		app_say(g->base.app, tr("这份指南里没有 %s。"), text);
		free(g->sought);
		g->sought = NULL;
	}
}

/* The sheet for the visitor as it stands, without a number: for a chat or a note. */
static void copy_notice(struct guide *g)
{
	struct app *a = g->base.app;
	const struct session *s = app_session(a);
	struct buf text = {0}, why = {0};
	struct conf *conf = NULL;

	settings_load(&conf, store_home(s->store), NULL);
	const struct slip_source source = {
		s->store, s->catalogue, conf, s->who.name, s->window, NULL};
	if (notice_text(&text, &source, g->matter->code, &why) != OK)
		app_error(a, "%s", buf_str(&why));
	else if (!terminal_copy(app_terminal(a), buf_str(&text)))
		app_error(
			a, "%s", tr("终端没有收下告知单; 请用 yimen matter 编码 --notice 输出。"));
	else
		app_say(a, "%s", tr("告知单已放进剪贴板; 贴不出来就是终端不支持 OSC 52。"));
	conf_free(conf);
	buf_fini(&text);
	buf_fini(&why);
}

static void fill_large(void *arg, struct large_text *t)
{
	large_matter(t, ((struct guide *)arg)->matter);
}

static bool guide_command(struct screen *s, enum command c)
{
	struct guide *g = (struct guide *)s;

	switch (c) {
	case CMD_CONSULT:
		flow_consult(s->app, g->matter->code);
		return true;
	case CMD_START:
		flow_begin(s->app, g->matter->code);
		return true;
	case CMD_SEEK:
		app_prompt(s->app, tr("页内查找"), g->sought ? g->sought : "", begin_seek, g);
		return true;
	case CMD_SEEK_NEXT:
		if (g->sought)
			seek(g, g->found + 1);
		return true;
	case CMD_COPY:
		copy_notice(g);
		return true;
	case CMD_LARGE:
		app_push(s->app, large_screen(s->app, fill_large, g));
		return true;
	case CMD_PRINT:
		app_push(s->app, slip_screen(s->app, g->matter->code, false));
		return true;
	default:
		return false;
	}
}

static bool guide_key(struct screen *s, const struct key *k)
{
	struct guide *g = (struct guide *)s;

	if (k->code == K_CHAR && k->plain == '1' + GUIDE_LAW && !g->unfolded &&
		section_in_view(&g->pager) == GUIDE_LAW)
		unfold(g);
	if (k->code == K_CHAR && k->plain >= '1' && k->plain <= '7')
		return pager_jump(&g->pager, k->plain - '1');
	return pager_key(&g->pager, k);
}

static void guide_close(struct screen *s)
{
	struct guide *g = (struct guide *)s;

	pager_fini(&g->pager);
	matter_free(g->matter);
	free(g->origin);
	free(g->warning);
	free(g->sought);
	free(g);
}

static const struct screen_ops guide_ops = {.page = CMD_GO_FIND,
	.draw = guide_draw,
	.title = guide_title,
	.message = guide_message,
	.commands = guide_commands,
	.command = guide_command,
	.key = guide_key,
	.close = guide_close};

/* Where the guide comes from, and whether the catalogue is older than this station allows. */
static void describe(struct guide *g)
{
	const struct session *s = app_session(g->base.app);
	struct catalogue_info info;
	struct buf b = {0};

	notice_origin(&b, s->catalogue, g->matter);
	g->origin = mem_strdup(buf_str(&b));
	buf_clear(&b);
	if (s->max_age_days > 0 && catalogue_info(s->catalogue, &info) == OK &&
		info.imported_ms > 0) {
		int days = clock_day(app_wall_ms(g->base.app)) - clock_day(info.imported_ms);
		if (days > s->max_age_days) {
			buf_printf(&b, tr("注意: 事项目录已 %d 天没有更新。"), days);
			g->warning = mem_strdup(buf_str(&b));
		}
	}
	buf_fini(&b);
}

struct screen *guide_screen(struct app *a, const char *task_code)
{
	struct matter *m;
	enum err e = catalogue_get(app_session(a)->catalogue, task_code, &m);
	struct guide *g;

	if (e != OK) {
		app_fail(a, tr("指南打不开"), e, NULL);
		return NULL;
	}
	g = mem_alloc(sizeof(*g));
	g->base = (struct screen){&guide_ops, a};
	g->matter = m;
	describe(g);
	return &g->base;
}
