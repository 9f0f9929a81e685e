/* Finding a matter without typing: by theme, body, place, type or level. */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/search.h"
#include "tui/browse_text.h"

enum {
	VALUES_MAX = 5000
};

struct values {
	struct menu menu;
	enum search_facet facet;
	char **values, **labels;
};

static void add_value(void *arg, const char *value, const char *label, int matters)
{
	struct values *v = arg;
	size_t n = v->menu.count;
	struct buf text = {0};

	if (n == VALUES_MAX || !*value)
		return;
	v->values = mem_resize(v->values, n + 1, sizeof(*v->values));
	v->labels = mem_resize(v->labels, n + 1, sizeof(*v->labels));
	v->values[n] = mem_strdup(value);
	v->labels[n] = mem_strdup(browse_value_label(v->facet, value, label));
	buf_printf(&text, tr("%s, %d 项"), v->labels[n], matters);
	menu_add(&v->menu, buf_str(&text));
	buf_fini(&text);
}

static void drop_values(struct values *v)
{
	for (size_t i = 0; i < v->menu.count; i++) {
		free(v->values[i]);
		free(v->labels[i]);
	}
	free(v->values);
	free(v->labels);
	menu_fini(&v->menu);
}

/* One way of parting them, until it is left. */
static enum way one_facet(struct desk *d, enum search_facet facet)
{
	struct values v = {.facet = facet,
		.menu = {.title = browse_facet_name(facet), .ask = tr("打数字打开")}};
	enum way w = WAY_BACK;
	long picked = 1;

	search_refresh(d->session->search);
	search_facets(d->session->search, facet, NULL, add_value, &v);
	if (v.menu.count == 0) {
		talk_say(d->talk, "%s", tr("事项目录里没有写明这一类。"));
		picked = MENU_BACK;
	}
	while (picked > 0 && w == WAY_BACK) {
		picked = menu_ask(d->talk, &v.menu, NULL);
		if (picked > 0)
			w = desk_find_within(d, facet, v.values[picked - 1], v.labels[picked - 1]);
	}
	drop_values(&v);
	return picked == MENU_END ? WAY_END : w;
}

enum way desk_browse(struct desk *d)
{
	struct menu m = {.title = tr("浏览, 按什么分?")};
	enum way w = WAY_BACK;
	long picked = 1;

	for (int f = 0; f < SEARCH_FACET__MAX; f++)
		menu_add(&m, browse_facet_name((enum search_facet)f));
	while (picked > 0 && w == WAY_BACK) {
		picked = menu_ask(d->talk, &m, NULL);
		if (picked > 0)
			w = one_facet(d, (enum search_facet)(picked - 1));
	}
	menu_fini(&m);
	return picked == MENU_END ? WAY_END : picked == MENU_BACK ? WAY_HOME : w;
}
