/*
 * Answers without an index: reads the matters in force one by one and holds each new name against
 * what was typed by the plain rules. No tiers for mistakes, no shipped aliases.
 */
#include "core/station/search_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/station/intern.h"
#include "core/station/plain.h"

struct slow_hit {
	double score;
	enum search_tier tier;
	int64_t id;
	char *code, *name, *dept, *region, *region_code;
	int places;
};

struct slow {
	const struct search_filter *filter;
	const char *home;
	struct fold typed;
	const char *text;
	struct intern names;
	struct slow_hit *hits; /* by number of name; code NULL: does not match */
	size_t room;
};

static bool has_line(const char *lines, const char *line)
{
	size_t n = strlen(line);
	for (const char *t = lines; *t; t += strcspn(t, "\n"), t += *t == '\n')
		if (strcspn(t, "\n") == n && strncmp(t, line, n) == 0)
			return true;
	return false;
}

static bool below(const char *code, const char *region)
{
	size_t n = strlen(region);
	while (n > 2 && region[n - 1] == '0')
		n--;
	n += n == 3 || n == 5; /* 10, 20 … end in a nought of their own */
	return strncmp(code, region, n) == 0;
}

static bool passes(const struct search_filter *f, const struct catalogue_row *r)
{
	if (!f)
		return true;
	return !(f->region && *f->region && !below(r->region_code, f->region)) &&
	       !(f->dept && *f->dept && !strstr(r->dept_name, f->dept)) &&
	       !(f->type && *f->type && strcmp(r->type, f->type) != 0) &&
	       !(f->level && *f->level && strcmp(r->level, f->level) != 0) &&
	       !(f->theme && *f->theme && !has_line(r->topics, f->theme)) &&
	       !(f->person && !r->for_person) && !(f->body && !r->for_body) &&
	       !(f->instant && !r->instant) && !(f->online && !r->online);
}

static enum pattern_level level_of(const struct slow *w, const char *text, size_t len, size_t *cps)
{
	struct fold f;
	fold_text(&f, text, len);
	*cps = f.len;
	return plain_match(w->typed.cp, w->typed.len, f.cp, f.len);
}

static void judge(const struct slow *w, const struct catalogue_row *r, struct slow_hit *h)
{
	static const enum search_tier tiers[] = {[PATTERN_GAP] = SEARCH_GAP,
		[PATTERN_PART] = SEARCH_SUBSTRING,
		[PATTERN_BEGINNING] = SEARCH_PREFIX,
		[PATTERN_WHOLE] = SEARCH_EXACT};
	size_t len;
	h->tier = SEARCH_TIER__MAX;
	enum pattern_level level = level_of(w, r->name, strlen(r->name), &len);
	if (level != PATTERN_NONE)
		h->tier = tiers[level];
	if (w->typed.len == 0)
		h->tier = SEARCH_PREFIX;
	h->score = (double)w->typed.len / (double)(len + 1);
	for (const char *a = r->aliases; *a; a += strcspn(a, "\n"), a += *a == '\n')
		if (h->tier > SEARCH_ALIAS &&
			level_of(w, a, strcspn(a, "\n"), &len) >= PATTERN_PART)
			h->tier = SEARCH_ALIAS;
	if (*w->text && strncmp(r->code, w->text, strlen(w->text)) == 0)
		h->tier = SEARCH_PREFIX;
}

static void take(struct slow_hit *h, const struct catalogue_row *r)
{
	free(h->code);
	free(h->dept);
	free(h->region);
	free(h->region_code);
	h->id = r->id;
	h->code = mem_strdup(r->code);
	h->dept = mem_strdup(r->dept_name);
	h->region = mem_strdup(r->region_name);
	h->region_code = mem_strdup(r->region_code);
}

static bool look(void *arg, const struct catalogue_row *r)
{
	struct slow *w = arg;
	if (!passes(w->filter, r))
		return true;
	size_t before = w->names.count;
	uint32_t n = intern(&w->names, r->name, strlen(r->name));
	if (w->names.count > before) {
		if (n == w->room) {
			w->room = w->room ? w->room * 2 : 256;
			w->hits = mem_resize(w->hits, w->room, sizeof *w->hits);
		}
		w->hits[n] = (struct slow_hit){0};
		judge(w, r, &w->hits[n]);
	}
	struct slow_hit *h = &w->hits[n];
	if (h->tier == SEARCH_TIER__MAX)
		return true;
	h->places++;
	if (!h->code) {
		h->name = mem_strdup(r->name);
		take(h, r);
	} else if (*w->home && strcmp(r->region_code, w->home) == 0) {
		take(h, r);
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct slow_hit *x = a, *y = b;
	if (!x->code || !y->code)
		return !x->code - !y->code;
	if (x->tier != y->tier)
		return x->tier < y->tier ? -1 : 1;
	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return strcmp(x->name, y->name);
}

void slow_query(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, struct search_result *out)
{
	struct slow w = {.filter = filter, .home = s->home, .text = text};
	answer_clear(s);
	*out = (struct search_result){.slow = true};
	fold_text(&w.typed, text, strlen(text));
	catalogue_each(s->catalogue, look, &w);
	if (w.names.count > 0)
		qsort(w.hits, w.names.count, sizeof *w.hits, compare);
	for (size_t i = 0; i < w.names.count && w.hits[i].code; i++) {
		const struct slow_hit *from = &w.hits[i];
		out->more |= out->count == limit;
		char *const strings[] = {
			from->code, from->name, from->dept, from->region, from->region_code};
		for (int k = 0; k < 5; k++)
			answer_own(s, strings[k]);
		if (out->count == limit)
			continue;
		struct search_hit *h = answer_add(s, out);
		h->code = from->code;
		h->name = from->name;
		h->dept = from->dept;
		h->region = from->region;
		h->region_code = from->region_code;
		h->tier = from->tier;
		h->places = from->places;
		h->id = from->id;
	}
	free(w.hits);
	intern_fini(&w.names);
}
