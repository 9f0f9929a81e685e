/* What is asked of the search, and when. */
#include "tui/screens/find_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "tui/app.h"
#include "tui/session.h"

enum {
	PLACES_MAX = 4000,
	FEW_HITS = 5,
	FUZZY_AFTER_MS = 30,
	PREVIEW_AFTER_MS = 120,
	PREVIEW_AFTER_SLOW_MS = 250
};

void find_drop_hits(struct find *f)
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
	find_drop_hits(f);
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
	f->guess = search_is_guess(r);
}

void find_rest(struct find *f)
{
	f->preview_due = app_mono_ms(f->base.app) +
			 (app_slow(f->base.app) ? PREVIEW_AFTER_SLOW_MS : PREVIEW_AFTER_MS);
}

void find_query(struct find *f, bool fuzzy)
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
	enum err why;
	unsigned unread = session_unread(s, &why);

	if (f->place_of)
		search_places(s->search, f->place_of, &filter, PLACES_MAX, &r);
	else if (fuzzy)
		search_fuzzy(s->search, words, &filter, HITS_MAX, &r);
	else
		search_query(s->search, words, &filter, HITS_MAX, &r);
	keep_hits(f, &r);
	f->unread = session_unread(s, &why) != unread;
	f->fuzzy = fuzzy;
	f->fuzzy_due = !fuzzy && !f->place_of && *words && r.count < FEW_HITS
			       ? app_mono_ms(f->base.app) + FUZZY_AFTER_MS
			       : -1;
	find_rest(f);
}

void find_reread(struct find *f)
{
	size_t selected = f->list.selected;

	if (!f->unread)
		return;
	find_query(f, f->fuzzy);
	f->list.selected = selected < f->list.count ? selected : 0;
}

static void find_load_preview(struct find *f)
{
	struct session *s = app_session(f->base.app);

	matter_free(f->matter);
	f->matter = NULL;
	if (f->list.count > 0 &&
		catalogue_get(s->catalogue, f->hits[f->list.selected].code, &f->matter) != OK)
		f->matter = NULL;
}

int64_t find_tick(struct screen *s, int64_t mono_ms)
{
	struct find *f = (struct find *)s;

	if (f->fuzzy_due >= 0 && mono_ms >= f->fuzzy_due) {
		find_query(f, true);
		app_dirty(s->app);
	}
	if (f->preview_due >= 0 && mono_ms >= f->preview_due) {
		f->preview_due = -1;
		find_load_preview(f);
		app_dirty(s->app);
	}
	if (f->fuzzy_due >= 0)
		return f->fuzzy_due;
	return f->preview_due;
}
