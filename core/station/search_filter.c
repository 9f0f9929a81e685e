#include "core/station/search_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/station/fold.h"

/* How many characters of a region's code say something: 2, 4, 6, 9 or all. */
static size_t significant(const char *code)
{
	static const size_t ends[] = {2, 4, 6, 9};
	size_t n = strlen(code);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (n > ends[i] && code[ends[i] + strspn(code + ends[i], "0")] == '\0')
			return ends[i];
	return n;
}

static const char *region_code(const struct index_view *v, uint32_t i)
{
	return v->strings + v->region_code[i];
}

/* The first region whose code's beginning is not below prefix (or is above it). */
static uint32_t bound(const struct index_view *v, const char *prefix, size_t n, bool above)
{
	uint32_t low = 0, high = v->h->regions;
	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = strncmp(region_code(v, mid), prefix, n);
		if (order < 0 || (above && order == 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void region_range(const struct index_view *v, const char *code, uint32_t *from, uint32_t *to)
{
	size_t n = strspn(code, "0") == strlen(code) ? 0 : significant(code);
	*from = bound(v, code, n, false);
	*to = bound(v, code, n, true);
}

static bool has_topic(const char *topics, const char *theme)
{
	size_t n = strlen(theme);
	for (const char *s = topics; *s; s += strcspn(s, "\n"), s += *s == '\n')
		if (strcspn(s, "\n") == n && strncmp(s, theme, n) == 0)
			return true;
	return false;
}

static bool is_set(const char *s)
{
	return s && *s;
}

static bool attr_passes(
	const struct index_view *v, const struct index_attr *a, const struct search_filter *f)
{
	return !(is_set(f->type) && strcmp(f->type, v->strings + a->type) != 0) &&
	       !(is_set(f->level) && strcmp(f->level, v->strings + a->level) != 0) &&
	       !(is_set(f->theme) && !has_topic(v->strings + a->topics, f->theme)) &&
	       !(f->person && !(a->flags & INDEX_PERSON)) &&
	       !(f->body && !(a->flags & INDEX_BODY)) &&
	       !(f->instant && !(a->flags & INDEX_INSTANT)) &&
	       !(f->online && !(a->flags & INDEX_ONLINE));
}

static const char *kind_text(const struct index_view *v, uint32_t kind)
{
	const char *s = v->strings + v->kind[kind];
	return s[0] == '\1' && s[1] ? s + 2 : s;
}

void sieve_set(struct search *s, const struct search_filter *f)
{
	const struct index_view *v = s->v;
	static const struct search_filter none;
	f = f ? f : &none;
	sieve_clear(s);
	s->sieve.any = is_set(f->region) || is_set(f->dept) || is_set(f->type) ||
		       is_set(f->level) || is_set(f->theme) || f->person || f->body || f->instant ||
		       f->online;
	s->sieve.region_to = v->h->regions;
	if (!s->sieve.any)
		return;
	s->sieve.attr = mem_array(v->h->attrs + 1u, 1);
	s->sieve.kind = mem_array(v->h->kinds + 1u, 1);
	for (uint32_t i = 0; i < v->h->attrs; i++)
		s->sieve.attr[i] = attr_passes(v, &v->attr[i], f);
	for (uint32_t i = 0; i < v->h->kinds; i++)
		s->sieve.kind[i] = !is_set(f->dept) || strstr(kind_text(v, i), f->dept) != NULL;
	if (is_set(f->region))
		region_range(v, f->region, &s->sieve.region_from, &s->sieve.region_to);
}

void sieve_clear(struct search *s)
{
	free(s->sieve.attr);
	free(s->sieve.kind);
	s->sieve = (struct sieve){0};
}

bool sieve_row(const struct search *s, uint32_t row)
{
	const struct sieve *f = &s->sieve;
	if (!f->any)
		return true;
	uint32_t region = index_region(s->v, row);
	uint16_t attr = s->v->row_attr[row], kind = s->v->row_kind[row];
	return region >= f->region_from && region < f->region_to && attr != INDEX_NONE16 &&
	       f->attr[attr] && kind != INDEX_NONE16 && f->kind[kind];
}

bool sieve_name(const struct search *s, uint32_t name)
{
	if (!s->sieve.any)
		return true;
	for (uint32_t r = s->v->row_at[name]; r < s->v->row_at[name + 1]; r++)
		if (sieve_row(s, r))
			return true;
	return false;
}

int sieve_count(const struct search *s, uint32_t name)
{
	int n = 0;
	if (!s->sieve.any)
		return (int)(s->v->row_at[name + 1] - s->v->row_at[name]);
	for (uint32_t r = s->v->row_at[name]; r < s->v->row_at[name + 1]; r++)
		n += sieve_row(s, r);
	return n;
}

int nearness(const struct search *s, uint32_t region)
{
	if (!s->home[0])
		return 1;
	const char *code = region_code(s->v, region);
	if (strcmp(code, s->home) == 0)
		return 6;
	size_t n = significant(code);
	if (n < 12 && strncmp(code, s->home, n) == 0)
		return n == 9 ? 5 : n == 6 ? 4 : n == 4 ? 3 : 2; /* a parent */
	n = significant(s->home);
	return strncmp(code, s->home, n) == 0 ? 2 : 1; /* below the window's own */
}

uint32_t nearest_row(const struct search *s, uint32_t name)
{
	uint32_t best = UINT32_MAX;
	int best_nearness = 0;
	for (uint32_t r = s->v->row_at[name]; r < s->v->row_at[name + 1]; r++) {
		if (!sieve_row(s, r))
			continue;
		int n = nearness(s, index_region(s->v, r));
		if (n > best_nearness) {
			best_nearness = n;
			best = r;
		}
		if (n == 6 || (!s->home[0] && best != UINT32_MAX))
			break;
	}
	return best;
}

int64_t find_name(const struct index_view *v, const char *name)
{
	size_t n = strlen(name) + 1;
	for (uint32_t i = 0; i < v->h->names; i++)
		if (v->string_at[i + 1] - v->string_at[i] == n &&
			memcmp(v->strings + v->string_at[i], name, n) == 0)
			return i;
	return -1;
}

struct found_name {
	const struct index_view *v;
	int64_t name;
};

static bool take_name(void *arg, const struct catalogue_row *row)
{
	struct found_name *f = arg;
	f->name = find_name(f->v, row->name);
	return false;
}

enum {
	BONUS_NEAR = 90, /* of 255; 255 is a bonus of two fifths */
	BONUS_USED = 150,
	BONUS_MANY = 15,
	BONUS_FIRST = 50 /* first issue before change, renewal, replacement … */
};

static void add_used(struct search *s, const struct used *u)
{
	struct found_name f = {s->v, -1};
	catalogue_by_code(s->catalogue, u->code, 1, take_name, &f);
	if (f.name < 0 || u->score <= 0)
		return;
	int more = s->bonus[f.name] + (int)(BONUS_USED * u->score / (u->score + 2));
	s->bonus[f.name] = (uint8_t)(more > 255 ? 255 : more);
}

/* The words of acts that come later as glyphs of the index. */
struct later {
	uint16_t *glyphs; /* word after word */
	size_t *at;	  /* words + 1 */
	size_t words;
	bool *begins; /* per glyph: a word begins with it */
};

/* A word with a character that no name has is left out: it stands in none. */
static void later_add(struct later *l, const struct index_view *v, const char *word)
{
	struct fold f;
	size_t at = l->at[l->words];
	fold_text(&f, word, strlen(word));
	l->glyphs = mem_resize(l->glyphs, at + f.len + 1, sizeof *l->glyphs);
	for (size_t i = 0; i < f.len; i++) {
		int glyph = index_glyph(v, f.cp[i]);
		if (glyph < 0)
			return;
		l->glyphs[at + i] = (uint16_t)glyph;
	}
	if (f.len == 0)
		return;
	l->begins[l->glyphs[at]] = true;
	l->at[++l->words] = at + f.len;
}

static void later_init(struct later *l, const struct search *s)
{
	*l = (struct later){.at = mem_array(s->later_count + 1, sizeof *l->at),
		.begins = mem_array(s->v->h->glyphs + 1u, sizeof *l->begins)};
	for (size_t i = 0; i < s->later_count; i++)
		later_add(l, s->v, s->later[i]);
}

static void later_fini(struct later *l)
{
	free(l->glyphs);
	free(l->at);
	free(l->begins);
}

static bool comes_later(const struct search *s, const struct later *l, uint32_t name)
{
	size_t len;
	const uint16_t *text = search_text(s, name, &len);
	for (size_t i = 0; i < len; i++) {
		if (!l->begins[text[i]])
			continue;
		for (size_t w = 0; w < l->words; w++) {
			size_t n = l->at[w + 1] - l->at[w];
			if (n <= len - i &&
				memcmp(text + i, l->glyphs + l->at[w], n * sizeof *text) == 0)
				return true;
		}
	}
	return false;
}

void bonus_set(struct search *s)
{
	const struct index_view *v = s->v;
	uint8_t *near_of = mem_array(v->h->regions + 1u, 1);
	struct later later;
	later_init(&later, s);
	for (uint32_t i = 0; i < v->h->regions; i++)
		near_of[i] = (uint8_t)nearness(s, i);
	for (uint32_t n = 0; n < v->h->names; n++) {
		int best = 1;
		for (uint32_t r = v->row_at[n]; r < v->row_at[n + 1] && best < 6; r++) {
			int near_here = near_of[index_region(v, r)];
			best = near_here > best ? near_here : best;
		}
		uint32_t rows = v->row_at[n + 1] - v->row_at[n];
		int many = rows > 1 ? (int)(log2(rows) * 1.2) : 0;
		int first = comes_later(s, &later, n) ? 0 : BONUS_FIRST;
		s->bonus[n] = (uint8_t)((best - 1) * BONUS_NEAR / 5 + first +
					(many < BONUS_MANY ? many : BONUS_MANY));
	}
	for (size_t i = 0; i < s->used_count; i++)
		add_used(s, &s->used[i]);
	free(near_of);
	later_fini(&later);
	s->bonus_stale = false;
}
