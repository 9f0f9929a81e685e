/*
 * Finding a matter as one types. What is exactly there is drawn with the key; what was perhaps
 * meant comes in the frame after; the preview follows when the hands rest.
 */
#include "tui/screens/find_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "core/station/name_match.h"
#include "tui/app.h"
#include "tui/flow.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/visitors.h"

enum {
	NUMBER_MIN = 8
};

static void find_title(struct screen *s, struct buf *out)
{
	const struct find *f = (struct find *)s;

	buf_adds(out, tr("查事项"));
	if (f->label)
		buf_printf(out, " / %s", f->label);
}

/* A certificate's, a case's, a telephone's: what is on a card is looked up among the cases. */
static bool is_number(const char *words)
{
	size_t digits = 0, n = strlen(words);

	for (const char *p = words; *p; p++) {
		if ((unsigned char)*p >= 0x80 || *p == ' ')
			return false;
		digits += *p >= '0' && *p <= '9';
	}
	return n >= NUMBER_MIN && digits * 2 > n;
}

/* What was typed may be the name of a visitor, who is found among the cases: no matter has these
 * words, at most some of their characters. */
static bool is_person(const struct find *f)
{
	return (f->list.count == 0 || f->guess) && !f->place_of &&
	       name_is_likely(line_text(&f->words));
}

/* NULL: there are matters, and only this is not among them. */
static const char *no_matters(const struct find *f)
{
	const struct session *s = app_session(f->base.app);
	struct catalogue_info info;

	return catalogue_info(s->catalogue, &info) == OK
		       ? catalogue_none(&info, clock_wall_ms(s->clock))
		       : NULL;
}

static void find_message(struct screen *s, struct buf *out)
{
	struct find *f = (struct find *)s;
	const char *none = f->list.count == 0 ? no_matters(f) : NULL;

	if (none != NULL) {
		buf_adds(out, none);
		return;
	}
	if (f->list.count > 0 && is_person(f)) {
		buf_printf(out,
			tr("没有叫“%s”的事项, 这些只是有几个字像。找人按 Ctrl-A 到办件里查。"),
			line_text(&f->words));
	} else if (f->list.count > 0) {
		buf_printf(out, f->more ? tr("前 %zu 项, 多打几字。") : tr("共 %zu 项。"),
			f->list.count);
		buf_adds(out, tr("名称、编码、首字母、口语都可以; 进列表后按 1-9 直接打开。"));
	} else if (f->place_of) {
		buf_adds(out, tr("没有这个地方; 输入区县或部门名称的一部分。"));
	} else if (is_number(line_text(&f->words))) {
		buf_adds(out, tr("没有这个编码的事项。回车到办件里查这个号码。"));
	} else if (is_person(f)) {
		buf_adds(out,
			tr("没有这个事项。找人就回车, 到办件里查 (草稿也在); 找事项换个说法。"));
	} else if (*line_text(&f->words)) {
		buf_adds(out, tr("没有找到。换个说法, 按 Tab 换部门, 或输入事项编码。"));
	} else {
		buf_adds(out, tr("名称、编码、拼音首字母、口语都可以查, 如 "
				 "残疾证、cjz。"));
	}
}

static size_t find_commands(struct screen *s, enum command *out)
{
	const struct find *f = (struct find *)s;
	size_t n = 0;

	if (f->list.count > 0) {
		out[n++] = CMD_OPEN;
		if (is_person(f))
			out[n++] = CMD_PERSON;
		if (f->in_list)
			out[n++] = CMD_PICK;
		else
			out[n++] = CMD_ENTER_LIST;
		out[n++] = CMD_START_NOW;
	}
	if (f->dept_count > 0)
		out[n++] = CMD_FILTER;
	out[n++] = CMD_KIND;
	if (f->list.count > 0)
		out[n++] = CMD_PIN;
	if (*line_text(&f->words))
		out[n++] = CMD_CLEAR;
	return n;
}

static void open_hit(struct find *f)
{
	struct screen *guide;

	if (f->list.count == 0)
		return;
	if (!f->place_of && f->hits[f->list.selected].places > 1) {
		app_push(f->base.app, places_screen(f->base.app, f->hits[f->list.selected].name));
		return;
	}
	guide = guide_screen(f->base.app, f->hits[f->list.selected].code);
	if (guide)
		app_push(f->base.app, guide);
}

static void pin(struct find *f)
{
	const struct hit *h;

	if (f->list.count == 0)
		return;
	h = &f->hits[f->list.selected];
	if (session_pin(app_session(f->base.app), h->code))
		app_say(f->base.app, tr("已置顶: %s"), h->name);
	else
		app_say(f->base.app, tr("已取消置顶: %s"), h->name);
}

static void look_among_cases(struct find *f)
{
	app_replace(f->base.app, cases_found_screen(f->base.app, line_text(&f->words)));
}

static bool find_command(struct screen *s, enum command c)
{
	struct find *f = (struct find *)s;

	switch (c) {
	case CMD_OPEN:
		open_hit(f);
		return true;
	case CMD_ENTER_LIST:
		f->in_list = true;
		return true;
	case CMD_START_NOW:
		if (f->list.count > 0)
			flow_begin(s->app, f->hits[f->list.selected].code);
		return true;
	case CMD_PERSON:
		if (is_person(f))
			look_among_cases(f);
		return true;
	case CMD_FILTER:
		f->dept = (f->dept + 1) % (f->dept_count + 1);
		find_query(f, false);
		return true;
	case CMD_KIND:
		f->kind = (f->kind + 1) % KIND__MAX;
		find_query(f, false);
		return true;
	case CMD_PIN:
		pin(f);
		return true;
	case CMD_CLEAR:
		line_set(&f->words, "");
		f->in_list = false;
		find_query(f, false);
		return true;
	case CMD_GO_FIND:
		line_set(&f->words, "");
		f->in_list = false;
		find_query(f, false);
		return true;
	default:
		return false;
	}
}

static bool list_keys(struct find *f, const struct key *k)
{
	bool picked;

	if (k->code == K_UP && f->list.selected == 0) {
		f->in_list = false;
		return true;
	}
	if (k->code == K_HOME || k->code == K_END || k->code == K_LEFT)
		return false;
	if (!list_key(&f->list, k, false, &picked))
		return k->code == K_DOWN || k->code == K_PGDN || k->code == K_PGUP;
	find_rest(f);
	if (picked)
		open_hit(f);
	return true;
}

static bool find_key(struct screen *s, const struct key *k)
{
	struct find *f = (struct find *)s;

	if (k->code == K_ENTER && f->list.count == 0 && !f->place_of &&
		(is_number(line_text(&f->words)) || is_person(f))) {
		look_among_cases(f);
		return true;
	}
	if (f->in_list && list_keys(f, k))
		return true;
	if (!f->in_list && (k->code == K_PGDN || k->code == K_PGUP)) {
		f->in_list = f->list.count > 0;
		return true;
	}
	switch (line_key(&f->words, k)) {
	case LINE_CHANGED:
		f->in_list = false;
		find_query(f, false);
		return true;
	case LINE_MOVED:
		f->in_list = false;
		return true;
	default:
		return false;
	}
}

static enum typing find_typing(struct screen *s)
{
	(void)s;
	return TYPING_WORDS;
}

static void add_dept(void *arg, const char *value, const char *label, int matters)
{
	struct find *f = arg;

	(void)label;
	(void)matters;
	if (f->dept_count < DEPTS_MAX && *value)
		f->depts[f->dept_count++] = mem_strdup(value);
}

static void find_refresh(struct screen *s)
{
	search_refresh(app_session(s->app)->search);
	find_reread((struct find *)s);
}

static void find_close(struct screen *s)
{
	struct find *f = (struct find *)s;

	find_drop_hits(f);
	matter_free(f->matter);
	for (size_t i = 0; i < f->dept_count; i++)
		free(f->depts[i]);
	free(f->place_of);
	free(f->theme);
	free(f->in_dept);
	free(f->in_region);
	free(f->type);
	free(f->level);
	free(f->label);
	line_fini(&f->words);
	free(f);
}

static const struct screen_ops find_ops = {.page = CMD_GO_FIND,
	.draw = find_draw,
	.title = find_title,
	.message = find_message,
	.commands = find_commands,
	.command = find_command,
	.key = find_key,
	.typing = find_typing,
	.tick = find_tick,
	.refresh = find_refresh,
	.close = find_close};

static struct find *new_find(struct app *a, const char *words)
{
	struct find *f = mem_alloc(sizeof(*f));

	f->base = (struct screen){&find_ops, a};
	f->fuzzy_due = f->preview_due = -1;
	line_set(&f->words, words);
	search_refresh(app_session(a)->search);
	return f;
}

struct screen *find_screen(struct app *a, const char *words)
{
	struct find *f = new_find(a, words);

	visitors_came(a);
	search_facets(app_session(a)->search, SEARCH_BY_DEPT, NULL, add_dept, f);
	find_query(f, false);
	return &f->base;
}

struct screen *find_within(
	struct app *a, enum search_facet facet, const char *value, const char *label)
{
	struct find *f = new_find(a, "");
	char **where[SEARCH_FACET__MAX] = {[SEARCH_BY_THEME] = &f->theme,
		[SEARCH_BY_DEPT] = &f->in_dept,
		[SEARCH_BY_REGION] = &f->in_region,
		[SEARCH_BY_TYPE] = &f->type,
		[SEARCH_BY_LEVEL] = &f->level};

	*where[facet] = mem_strdup(value);
	f->label = mem_strdup(label);
	f->in_list = true;
	find_query(f, false);
	return &f->base;
}

struct screen *places_screen(struct app *a, const char *name)
{
	struct find *f = new_find(a, "");

	f->place_of = mem_strdup(name);
	f->label = mem_strdup(name);
	f->in_list = true;
	find_query(f, false);
	return &f->base;
}
