/* Finding a matter by words, as the screen does. */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/name_match.h"
#include "core/station/search.h"

enum {
	HITS_MAX = 50,
	PLACES_MAX = 500
};

/* Hits of one query, kept: their own are borrowed until the next. */
struct hits {
	struct menu menu;
	char **codes, **names;
	int *places;
};

static void drop_hits(struct hits *h)
{
	for (size_t i = 0; i < h->menu.count; i++) {
		free(h->codes[i]);
		free(h->names[i]);
	}
	free(h->codes);
	free(h->names);
	free(h->places);
	menu_fini(&h->menu);
}

static void put_hit(const struct search_hit *x, struct buf *out)
{
	buf_adds(out, x->name);
	if (*x->via)
		buf_printf(out, " (%s)", x->via);
	buf_printf(out, ", %s, %s", x->dept, x->region);
	if (x->places > 1)
		buf_printf(out, tr(" 等 %d 处"), x->places);
}

static void keep_hits(struct hits *h, const struct search_result *r)
{
	struct buf text = {0};

	h->codes = mem_array(r->count + 1, sizeof(*h->codes));
	h->names = mem_array(r->count + 1, sizeof(*h->names));
	h->places = mem_array(r->count + 1, sizeof(*h->places));
	for (size_t i = 0; i < r->count; i++) {
		buf_clear(&text);
		put_hit(&r->hits[i], &text);
		menu_add(&h->menu, buf_str(&text));
		h->codes[i] = mem_strdup(r->hits[i].code);
		h->names[i] = mem_strdup(r->hits[i].name);
		h->places[i] = r->hits[i].places;
	}
	buf_fini(&text);
}

/* One of the places of a name; places are found by a part of theirs, too. */
static enum way choose_place(struct desk *d, const char *name)
{
	struct hits h = {.menu = {.title = tr("各地都有这个事项, 办哪里的?")}};
	struct search_result r = {0};
	enum way w = WAY_BACK;
	long picked;

	search_places(d->session->search, name, NULL, PLACES_MAX, &r);
	keep_hits(&h, &r);
	picked = menu_ask(d->talk, &h.menu, NULL);
	if (picked > 0)
		w = desk_matter(d, h.codes[picked - 1]);
	else if (picked == MENU_END)
		w = WAY_END;
	drop_hits(&h);
	return w;
}

static void set_filter(struct search_filter *f, enum search_facet facet, const char *value)
{
	const char **where[SEARCH_FACET__MAX] = {[SEARCH_BY_THEME] = &f->theme,
		[SEARCH_BY_DEPT] = &f->dept,
		[SEARCH_BY_REGION] = &f->region,
		[SEARCH_BY_TYPE] = &f->type,
		[SEARCH_BY_LEVEL] = &f->level};

	*where[facet] = value;
}

/* The matters of one value, all or those that the words mean. */
static enum way one_list(struct desk *d, const struct search_filter *f, const char *label,
	struct buf *words, bool *again)
{
	struct hits h = {.menu = {.ask = tr("打数字打开"), .words = tr("在这里面查")}};
	struct search_result r = {0};
	struct buf title = {0};
	enum way w = WAY_BACK;
	long picked;

	search_query(d->session->search, buf_str(words), f, HITS_MAX, &r);
	keep_hits(&h, &r);
	buf_printf(&title, r.more ? tr("%s, 前 %zu 项, 打字缩小范围:") : tr("%s, %zu 项:"), label,
		r.count);
	h.menu.title = buf_str(&title);
	picked = menu_ask(d->talk, &h.menu, words);
	*again = picked != MENU_BACK && picked != MENU_END;
	if (picked > 0)
		w = h.places[picked - 1] > 1 ? choose_place(d, h.names[picked - 1])
					     : desk_matter(d, h.codes[picked - 1]);
	else if (picked == MENU_BACK && words->len > 0) {
		buf_clear(words);
		*again = true;
	}
	drop_hits(&h);
	buf_fini(&title);
	return picked == MENU_END ? WAY_END : w;
}

enum way desk_find_within(
	struct desk *d, enum search_facet facet, const char *value, const char *label)
{
	struct search_filter f = {0};
	struct buf words = {0};
	enum way w = WAY_BACK;
	bool again = true;

	set_filter(&f, facet, value);
	while (again && w == WAY_BACK)
		w = one_list(d, &f, label, &words, &again);
	buf_fini(&words);
	return talk_over(d->talk) ? WAY_END : w;
}

/* NULL: there are matters. */
static const char *no_matters(struct desk *d)
{
	struct catalogue_info info;

	return catalogue_info(d->session->catalogue, &info) == OK
		       ? catalogue_none(&info, desk_now(d))
		       : NULL;
}

/* words: replaced when other words are typed. *again: they were. */
static enum way one_query(struct desk *d, struct buf *words, bool *again)
{
	struct hits h = {.menu = {.ask = tr("打数字打开"), .words = tr("另查")}};
	struct search_result r = {0};
	struct buf title = {0};
	enum way w = WAY_BACK;
	long picked;

	search_refresh(d->session->search);
	search_fuzzy(d->session->search, buf_str(words), NULL, HITS_MAX, &r);
	keep_hits(&h, &r);
	if (r.count == 0 && no_matters(d) != NULL)
		buf_adds(&title, no_matters(d));
	else if (r.count == 0 && name_is_likely(buf_str(words)))
		buf_printf(&title,
			tr("没有事项 %s。换个说法; 找人请回主菜单, 到办件里打姓名, 草稿在没办完的里。"),
			buf_str(words));
	else if (r.count == 0)
		buf_printf(&title, tr("没有找到 %s。换个说法, 或打事项编码。"), buf_str(words));
	else if (search_is_guess(&r) && name_is_likely(buf_str(words)))
		buf_printf(&title,
			tr("没有叫 %s 的事项, 找人请回主菜单, 到办件里打姓名。有几个字像的 %zu 项:"),
			buf_str(words), r.count);
	else if (r.more)
		buf_printf(&title, tr("找到很多, 先听最像的 %zu 项:"), r.count);
	else
		buf_printf(&title, tr("找到 %zu 项:"), r.count);
	h.menu.title = buf_str(&title);
	picked = menu_ask(d->talk, &h.menu, words);
	*again = picked == MENU_WORDS;
	if (picked > 0)
		w = h.places[picked - 1] > 1 ? choose_place(d, h.names[picked - 1])
					     : desk_matter(d, h.codes[picked - 1]);
	else if (picked == MENU_END)
		w = WAY_END;
	if (picked > 0 && w == WAY_BACK) /* to the list again */
		*again = true;
	drop_hits(&h);
	buf_fini(&title);
	return w;
}

enum way desk_find(struct desk *d, const char *given)
{
	struct buf words = {0};
	enum way w = WAY_BACK;
	bool again = true;

	buf_adds(&words, given);
	if (!*given)
		again = menu_line(d->talk, tr("查什么事项, 0 返回"),
				tr("名称、拼音、首字母、编码或口语, 如 残疾证、cjz。"), &words) &&
			talk_number(buf_str(&words), 0) != 0;
	while (again)
		w = one_query(d, &words, &again);
	buf_fini(&words);
	return talk_over(d->talk) ? WAY_END : w;
}
