#include "core/station/search_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/station/intern.h"

struct place {
	uint32_t row;
	int near_home;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	if (x->near_home != y->near_home)
		return y->near_home - x->near_home;
	return x->row < y->row ? -1 : x->row > y->row;
}

void search_places(struct search *s, const char *name, const struct search_filter *filter,
	size_t limit, struct search_result *out)
{
	if (!s->v) {
		slow_query(s, name, filter, limit, out);
		return;
	}
	answer_clear(s);
	*out = (struct search_result){0};
	sieve_set(s, filter);
	int64_t n = find_name(s->v, name);
	if (n < 0)
		return;
	uint32_t from = s->v->row_at[n], to = s->v->row_at[n + 1];
	struct place *places = mem_array(to - from + 1u, sizeof *places);
	size_t count = 0;
	for (uint32_t r = from; r < to; r++)
		if (sieve_row(s, r))
			places[count++] = (struct place){r, nearness(s, index_region(s->v, r))};
	qsort(places, count, sizeof *places, compare_places);
	for (size_t i = 0; i < count && i < limit; i++) {
		struct search_hit *h = answer_add(s, out);
		h->name = search_string(s, (uint32_t)n);
		h->places = 1;
		fill_place(s, h, places[i].row);
	}
	out->more = count > out->count;
	free(places);
}

struct facet {
	const char *value, *label;
	int matters;
};

static int compare_facets(const void *a, const void *b)
{
	const struct facet *x = a, *y = b;
	return x->matters != y->matters ? y->matters - x->matters : strcmp(x->value, y->value);
}

static void tell(struct facet *facets, size_t n, bool by_count,
	void (*each)(void *arg, const char *value, const char *label, int matters), void *arg)
{
	if (by_count)
		qsort(facets, n, sizeof *facets, compare_facets);
	for (size_t i = 0; i < n; i++)
		if (facets[i].matters > 0)
			each(arg, facets[i].value, facets[i].label, facets[i].matters);
}

/* Themes, separated by line feeds; or the one type or level. */
static const char *attr_text(const struct index_view *v, uint32_t attr, enum search_facet facet)
{
	const struct index_attr *a = &v->attr[attr];
	return v->strings + (facet == SEARCH_BY_THEME	      ? a->topics
				    : facet == SEARCH_BY_TYPE ? a->type
							      : a->level);
}

static void by_attr(struct search *s, enum search_facet facet, const int *per_attr,
	void (*each)(void *arg, const char *value, const char *label, int matters), void *arg)
{
	const struct index_view *v = s->v;
	struct intern values = {0};
	struct facet *facets = NULL;
	int *counts = NULL;
	for (uint32_t a = 0; a < v->h->attrs; a++) {
		const char *t = attr_text(v, a, facet);
		while (*t) {
			size_t n = strcspn(t, "\n"), before = values.count;
			uint32_t i = intern(&values, t, n);
			if (values.count > before) {
				counts = mem_resize(counts, values.count, sizeof *counts);
				counts[i] = 0;
			}
			counts[i] += per_attr[a];
			t += n + (t[n] == '\n');
		}
	}
	facets = mem_array(values.count + 1, sizeof *facets);
	for (uint32_t i = 0; i < values.count; i++)
		facets[i] =
			(struct facet){intern_text(&values, i), intern_text(&values, i), counts[i]};
	tell(facets, values.count, true, each, arg);
	free(facets);
	free(counts);
	intern_fini(&values);
}

static void by_kind(struct search *s, const int *per_kind,
	void (*each)(void *arg, const char *value, const char *label, int matters), void *arg)
{
	const struct index_view *v = s->v;
	struct intern names = {0};
	int *counts = mem_array(v->h->kinds + 1u, sizeof *counts);
	for (uint32_t k = 0; k < v->h->kinds; k++) {
		const char *t = v->strings + v->kind[k];
		if (t[0] == '\1' && t[1])
			t += 2;
		counts[intern(&names, t, strlen(t))] += per_kind[k];
	}
	struct facet *facets = mem_array(names.count + 1, sizeof *facets);
	for (uint32_t i = 0; i < names.count; i++)
		facets[i] =
			(struct facet){intern_text(&names, i), intern_text(&names, i), counts[i]};
	tell(facets, names.count, true, each, arg);
	free(facets);
	free(counts);
	intern_fini(&names);
}

static void by_region(struct search *s, const int *per_region,
	void (*each)(void *arg, const char *value, const char *label, int matters), void *arg)
{
	const struct index_view *v = s->v;
	struct facet *facets = mem_array(v->h->regions + 1u, sizeof *facets);
	for (uint32_t i = 0; i < v->h->regions; i++)
		facets[i] = (struct facet){v->strings + v->region_code[i],
			v->strings + v->region_name[i], per_region[i]};
	tell(facets, v->h->regions, false, each, arg);
	free(facets);
}

void search_facets(struct search *s, enum search_facet facet, const struct search_filter *filter,
	void (*each)(void *arg, const char *value, const char *label, int matters), void *arg)
{
	const struct index_view *v = s->v;
	if (!v)
		return;
	sieve_set(s, filter);
	uint32_t most = v->h->attrs > v->h->kinds ? v->h->attrs : v->h->kinds;
	most = v->h->regions > most ? v->h->regions : most;
	int *counts = mem_array(most + 1u, sizeof *counts);
	for (uint32_t r = 0; r < v->h->rows; r++) {
		uint32_t at = facet == SEARCH_BY_DEPT	  ? v->row_kind[r]
			      : facet == SEARCH_BY_REGION ? index_region(v, r)
							  : v->row_attr[r];
		if ((facet == SEARCH_BY_REGION || at != INDEX_NONE16) && sieve_row(s, r))
			counts[at]++;
	}
	if (facet == SEARCH_BY_DEPT)
		by_kind(s, counts, each, arg);
	else if (facet == SEARCH_BY_REGION)
		by_region(s, counts, each, arg);
	else
		by_attr(s, facet, counts, each, arg);
	free(counts);
}
