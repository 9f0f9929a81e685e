/*
 * Finding a matter as one types. What is exactly there is drawn with the key; what was perhaps
 * meant comes in the frame after; the preview follows when the hands rest.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "core/station/search.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/flow.h"
#include "tui/glyph.h"
#include "tui/guide_text.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/visitors.h"
#include "tui/widget_line.h"
#include "tui/widget_list.h"
#include "tui/widget_pager.h"

enum {
	HITS_MAX = 50,
	PLACES_MAX = 4000,
	FEW_HITS = 5,
	FUZZY_AFTER_MS = 30,
	PREVIEW_AFTER_MS = 120,
	PREVIEW_AFTER_SLOW_MS = 250,
	PREVIEW_ROWS = 6,
	DEPTS_MAX = 12,
	NAME_COL = 3,
	NUMBER_MIN = 8
};

/* Where the columns of a hit begin, and how wide they are. */
struct columns {
	int names, dept, depts, region;
};

static struct columns columns_of(const struct canvas *c)
{
	if (canvas_cols(c) < FULL_COLS)
		return (struct columns){26, 31, 16, 49};
	return (struct columns){40, 45, 16, 63};
}

/* A hit of the search, kept: its own are borrowed until the next query. */
struct hit {
	char *code, *name, *dept, *region, *via;
	int places;
	struct search_mark marks[SEARCH_MARKS];
	int mark_count;
};

/* One kind of matter after the other, by one key. */
enum kind {
	KIND_ALL,
	KIND_PERSON,
	KIND_BODY,
	KIND_INSTANT,
	KIND_ONLINE,
	KIND__MAX
};

static const char *kind_name(enum kind k)
{
	static const char *const names[KIND__MAX] = {[KIND_ALL] = N_("全部类别"),
		[KIND_PERSON] = N_("个人"),
		[KIND_BODY] = N_("单位"),
		[KIND_INSTANT] = N_("即办"),
		[KIND_ONLINE] = N_("可网办")};

	return tr(names[k]);
}

struct find {
	struct screen base;
	struct line words;
	struct list list;
	struct hit hits[HITS_MAX];
	bool more;
	bool in_list;	       /* the focus: the list, else the words */
	int64_t fuzzy_due;     /* -1: done */
	int64_t preview_due;   /* -1: done */
	struct matter *matter; /* of the preview; NULL: none yet */
	char *depts[DEPTS_MAX];
	size_t dept_count, dept; /* 0: all; else depts[dept - 1] */
	enum kind kind;
	char *place_of; /* only the places of this name; NULL: all matters */
	char *theme, *in_dept, *in_region, *type, *level; /* what browsing chose; NULL: nothing */
	char *label;					  /* in words */
};

static void drop_hits(struct find *f)
{
	for (size_t i = 0; i < f->list.count; i++) {
		free(f->hits[i].code);
		free(f->hits[i].name);
		free(f->hits[i].dept);
		free(f->hits[i].region);
		free(f->hits[i].via);
	}
	list_reset(&f->list, 0);
}

/* Among the places of a name, what is typed is a part of the place or the body. */
static bool is_wanted(const struct find *f, const struct search_hit *h)
{
	const char *words = line_text(&f->words);

	return !f->place_of || !*words || strstr(h->region, words) || strstr(h->dept, words) ||
	       strncmp(h->region_code, words, strlen(words)) == 0;
}

static void keep_hits(struct find *f, const struct search_result *r)
{
	drop_hits(f);
	for (size_t i = 0; i < r->count && f->list.count < HITS_MAX; i++) {
		const struct search_hit *h = &r->hits[i];
		if (!is_wanted(f, h))
			continue;
		f->hits[f->list.count] = (struct hit){mem_strdup(h->code), mem_strdup(h->name),
			mem_strdup(h->dept), mem_strdup(h->region), mem_strdup(h->via), h->places,
			{{0}}, h->mark_count};
		memcpy(f->hits[f->list.count].marks, h->marks, sizeof(h->marks));
		f->list.count++;
	}
	f->more = r->more;
}

static void rest_preview(struct find *f)
{
	f->preview_due = app_mono_ms(f->base.app) +
			 (app_slow(f->base.app) ? PREVIEW_AFTER_SLOW_MS : PREVIEW_AFTER_MS);
}

static void query(struct find *f, bool fuzzy)
{
	struct session *s = app_session(f->base.app);
	struct search_filter filter = {
		.dept = f->dept ? f->depts[f->dept - 1] : f->in_dept,
		.theme = f->theme,
		.region = f->in_region,
		.type = f->type,
		.level = f->level,
		.person = f->kind == KIND_PERSON,
		.body = f->kind == KIND_BODY,
		.instant = f->kind == KIND_INSTANT,
		.online = f->kind == KIND_ONLINE,
	};
	struct search_result r = {0};
	const char *words = line_text(&f->words);

	if (f->place_of)
		search_places(s->search, f->place_of, &filter, PLACES_MAX, &r);
	else if (fuzzy)
		search_fuzzy(s->search, words, &filter, HITS_MAX, &r);
	else
		search_query(s->search, words, &filter, HITS_MAX, &r);
	keep_hits(f, &r);
	f->fuzzy_due = !fuzzy && !f->place_of && *words && r.count < FEW_HITS
			       ? app_mono_ms(f->base.app) + FUZZY_AFTER_MS
			       : -1;
	rest_preview(f);
}

static void load_preview(struct find *f)
{
	struct session *s = app_session(f->base.app);

	matter_free(f->matter);
	f->matter = NULL;
	if (f->list.count > 0 &&
		catalogue_get(s->catalogue, f->hits[f->list.selected].code, &f->matter) != OK)
		f->matter = NULL;
}

static int64_t find_tick(struct screen *s, int64_t mono_ms)
{
	struct find *f = (struct find *)s;

	if (f->fuzzy_due >= 0 && mono_ms >= f->fuzzy_due) {
		query(f, true);
		app_dirty(s->app);
	}
	if (f->preview_due >= 0 && mono_ms >= f->preview_due) {
		f->preview_due = -1;
		load_preview(f);
		app_dirty(s->app);
	}
	if (f->fuzzy_due >= 0)
		return f->fuzzy_due;
	return f->preview_due;
}

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

static void find_message(struct screen *s, struct buf *out)
{
	struct find *f = (struct find *)s;

	if (f->list.count > 0) {
		buf_printf(out, f->more ? tr("前 %zu 项, 多打几个字缩小范围。") : tr("共 %zu 项。"),
			f->list.count);
		buf_adds(out, tr("名称、编码、首字母、口语都可以; 进列表后按 1-9 直接打开。"));
	} else if (f->place_of) {
		buf_adds(out, tr("没有这个地方; 输入区县或部门名称的一部分。"));
	} else if (is_number(line_text(&f->words))) {
		buf_adds(out, tr("没有这个编码的事项。回车到办件里查这个号码。"));
	} else if (*line_text(&f->words)) {
		buf_adds(out, tr("没有找到。换个说法, 按 Tab 换部门, 或输入事项编码。"));
	} else {
		buf_adds(out, tr("名称、编码、拼音首字母、口语都可以查, 如 "
				 "残疾证、cjz。"));
	}
}

/* Why it was found: the characters that were typed, in whatever way. */
static void draw_marks(const struct hit *h, struct canvas *c, int row, bool selected)
{
	const struct columns at = columns_of(c);
	struct buf b = {0};

	for (int i = 0; i < h->mark_count; i++) {
		int col;
		buf_clear(&b);
		buf_add(&b, h->name, h->marks[i].at_bytes);
		col = glyph_cols(buf_str(&b));
		buf_clear(&b);
		buf_add(&b, h->name + h->marks[i].at_bytes, h->marks[i].len_bytes);
		if (col < at.names - 2)
			canvas_role(c, row, NAME_COL + col,
				col + glyph_cols(buf_str(&b)) < at.names ? glyph_cols(buf_str(&b))
									 : at.names - 2 - col,
				selected ? ROLE_MATCH_ON : ROLE_MATCH);
	}
	buf_fini(&b);
}

static void draw_hit(struct find *f, struct canvas *c, int row, size_t i, int width)
{
	const struct hit *h = &f->hits[i];
	const struct columns at = columns_of(c);
	struct buf b = {0};
	int used;

	if (i - f->list.top < 9)
		buf_printf(&b, "%zu", i - f->list.top + 1);
	canvas_put(c, row, 1, 2, ROLE_TEXT, buf_str(&b));
	buf_clear(&b);
	buf_adds(&b, h->name);
	if (*h->via)
		buf_printf(&b, " (%s)", h->via);
	canvas_pad(c, row, NAME_COL, at.names, ROLE_TEXT, buf_str(&b));
	used = glyph_cols(buf_str(&b));
	canvas_pad(c, row, at.dept, at.depts, ROLE_TEXT, h->dept);
	buf_clear(&b);
	buf_adds(&b, h->region);
	if (h->places > 1)
		buf_printf(&b, tr(" 等 %d 处"), h->places);
	if (width > at.region)
		canvas_pad(c, row, at.region, width - at.region, ROLE_TEXT, buf_str(&b));
	list_mark(&f->list, c, i, row, 1, 2 + (used < at.names ? used : at.names),
		app_slow(f->base.app), f->in_list);
	if (*line_text(&f->words) && !app_slow(f->base.app))
		draw_marks(h, c, row, i == f->list.selected);
	buf_fini(&b);
}

static void draw_list(struct find *f, struct canvas *c, int top, int bottom, int width)
{
	const struct columns at = columns_of(c);

	canvas_pad(c, top, NAME_COL, at.names, ROLE_LABEL, tr("事项"));
	canvas_pad(c, top, at.dept, at.depts, ROLE_LABEL, tr("部门"));
	canvas_put(c, top, at.region, 12, ROLE_LABEL, tr("地区"));
	list_fit(&f->list, bottom - top - 1);
	for (size_t i = f->list.top; i < f->list.count && i < f->list.top + f->list.rows; i++)
		draw_hit(f, c, top + 1 + (int)(i - f->list.top), i, width);
}

static void draw_preview(struct find *f, struct canvas *c, int row, int rows, int col)
{
	struct pager p;

	if (!f->matter || f->list.count == 0)
		return;
	pager_init(&p, canvas_cols(c) - col - 1);
	guide_preview(&p, f->matter);
	pager_draw(&p, c, row, rows, col);
	pager_fini(&p);
}

static void find_draw(struct screen *s, struct canvas *c)
{
	struct find *f = (struct find *)s;
	int bottom = screen_bottom(c), cols = canvas_cols(c), col, from;
	bool wide = cols >= WIDE_COLS, full = canvas_rows(c) >= 24;
	struct buf b = {0};

	if (wide) {
		draw_list(f, c, BODY_TOP + 1, bottom, PANE_LEFT_COLS);
		draw_preview(f, c, BODY_TOP + 1, bottom - BODY_TOP - 1, PANE_RIGHT_COL);
	} else if (full) {
		draw_list(f, c, BODY_TOP + 1, bottom - PREVIEW_ROWS - 2, cols - 1);
		canvas_rule(c, bottom - PREVIEW_ROWS - 1, 0, cols - 1);
		draw_preview(f, c, bottom - PREVIEW_ROWS, PREVIEW_ROWS, 1);
	} else {
		draw_list(f, c, BODY_TOP + 1, bottom, cols - 1);
	}
	buf_adds(&b, f->dept ? f->depts[f->dept - 1] : tr("全部部门"));
	if (f->kind != KIND_ALL)
		buf_printf(&b, " / %s", kind_name(f->kind));
	from = cols < FULL_COLS ? cols - 2 - glyph_cols(buf_str(&b)) : columns_of(c).dept + 7;
	canvas_put(c, BODY_TOP, from, 26, ROLE_TEXT, buf_str(&b));
	col = 2 + canvas_put(c, BODY_TOP, 1, 8, ROLE_LABEL, tr("查"));
	line_draw(&f->words, c, BODY_TOP, col, from - col - 3 < 40 ? from - col - 3 : 40,
		ROLE_FIELD, !f->in_list);
	buf_fini(&b);
}

static size_t find_commands(struct screen *s, enum command *out)
{
	const struct find *f = (struct find *)s;
	size_t n = 0;

	if (f->list.count > 0) {
		out[n++] = CMD_OPEN;
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
	case CMD_FILTER:
		f->dept = (f->dept + 1) % (f->dept_count + 1);
		query(f, false);
		return true;
	case CMD_KIND:
		f->kind = (f->kind + 1) % KIND__MAX;
		query(f, false);
		return true;
	case CMD_PIN:
		pin(f);
		return true;
	case CMD_CLEAR:
		line_set(&f->words, "");
		f->in_list = false;
		query(f, false);
		return true;
	case CMD_GO_FIND:
		line_set(&f->words, "");
		f->in_list = false;
		query(f, false);
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
	rest_preview(f);
	if (picked)
		open_hit(f);
	return true;
}

static bool find_key(struct screen *s, const struct key *k)
{
	struct find *f = (struct find *)s;

	if (k->code == K_ENTER && f->list.count == 0 && is_number(line_text(&f->words))) {
		app_replace(s->app, cases_found_screen(s->app, line_text(&f->words)));
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
		query(f, false);
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
}

static void find_close(struct screen *s)
{
	struct find *f = (struct find *)s;

	drop_hits(f);
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
	query(f, false);
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
	query(f, false);
	return &f->base;
}

struct screen *places_screen(struct app *a, const char *name)
{
	struct find *f = new_find(a, "");

	f->place_of = mem_strdup(name);
	f->label = mem_strdup(name);
	f->in_list = true;
	query(f, false);
	return &f->base;
}
