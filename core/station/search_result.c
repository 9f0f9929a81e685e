#include "core/station/search_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

void answer_clear(struct search *s)
{
	for (size_t i = 0; i < s->owned_count; i++)
		free(s->owned[i]);
	s->owned_count = 0;
}

const char *answer_own(struct search *s, char *string)
{
	if (s->owned_count == s->owned_room) {
		s->owned_room = s->owned_room ? s->owned_room * 2 : 64;
		s->owned = mem_resize(s->owned, s->owned_room, sizeof *s->owned);
	}
	return s->owned[s->owned_count++] = string;
}

struct search_hit *answer_add(struct search *s, struct search_result *out)
{
	if (out->count == s->hit_room) {
		s->hit_room = s->hit_room ? s->hit_room * 2 : 32;
		s->hits = mem_resize(s->hits, s->hit_room, sizeof *s->hits);
	}
	out->hits = s->hits;
	struct search_hit *h = &s->hits[out->count++];
	*h = (struct search_hit){
		.code = "", .name = "", .dept = "", .region = "", .region_code = "", .via = ""};
	return h;
}

static const enum search_tier tiers[ORDER__MAX] = {
	[ORDER_EXACT] = SEARCH_EXACT,
	[ORDER_PREFIX] = SEARCH_PREFIX,
	[ORDER_ALIAS] = SEARCH_ALIAS,
	[ORDER_SUBSTRING] = SEARCH_SUBSTRING,
	[ORDER_ALIAS_PART] = SEARCH_ALIAS,
	[ORDER_GAP] = SEARCH_GAP,
	[ORDER_WORDS] = SEARCH_WORDS,
	[ORDER_SOUND] = SEARCH_SOUND,
	[ORDER_SLIP] = SEARCH_SLIP,
	[ORDER_LOOSE] = SEARCH_LOOSE,
};

/* What lies closer together and covers more is better. */
static void rank_again(struct search *s, const struct pattern *p, struct candidate *c)
{
	bool hit[FOLD_MAX];
	size_t len;
	unsigned runs;
	const uint16_t *text = search_text(s, c->name, &len);
	unsigned got = pattern_align(p, text, len, hit, &runs);
	if (got == 0 || c->order == ORDER_SLIP)
		return;
	double score = (double)got / (double)len * (1 + 0.4 * s->bonus[c->name] / 255);
	if (runs > 1)
		score *= 1 - 0.5 * (runs - 1) / got;
	c->key = (uint64_t)c->order << 56 | (uint64_t)((2 - score) * (1 << 22)) << 32 | c->name;
}

static int compare_kept(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	return x->key < y->key ? -1 : x->key > y->key;
}

/* Compiles each variant once more for the candidates that came from it. */
static void for_each_variant(struct search *s, size_t count,
	void (*each)(struct search *s, const struct pattern *p, size_t i, void *arg), void *arg)
{
	for (size_t v = 0; v < s->variant_count; v++) {
		struct pattern *p = search_pattern(s, v);
		bool compiled = false;
		for (size_t i = 0; i < count; i++) {
			struct candidate *c = &s->kept[i];
			if (c->words || c->variant != v || c->order == ORDER_LOOSE || c->row != 0)
				continue;
			if (!compiled)
				pattern_compile(p, s->variants[v].cp, s->variants[v].n,
					s->variants[v].mode);
			compiled = true;
			each(s, p, i, arg);
		}
	}
}

static void rank_one(struct search *s, const struct pattern *p, size_t i, void *arg)
{
	(void)arg;
	if (s->kept[i].alias_text == 0 && *s->kept[i].via == '\0')
		rank_again(s, p, &s->kept[i]);
}

static void mark_bytes(struct search *s, struct search_hit *h, uint32_t name, const bool *hit)
{
	struct fold f;
	const char *string = search_string(s, name);
	fold_text(&f, string, strlen(string));
	/* The index leaves out what it has no number for: rare enough to mark nothing then. */
	if (f.len != s->v->text_at[name + 1] - s->v->text_at[name])
		return;
	for (size_t i = 0; i < f.len; i++) {
		if (!hit[i])
			continue;
		struct search_mark *last = h->mark_count ? &h->marks[h->mark_count - 1] : NULL;
		if (last && last->at_bytes + last->len_bytes == f.at_bytes[i])
			last->len_bytes = (uint16_t)(last->len_bytes + f.len_bytes[i]);
		else if (last && last->at_bytes == f.at_bytes[i])
			continue;
		else if (h->mark_count < SEARCH_MARKS)
			h->marks[h->mark_count++] =
				(struct search_mark){f.at_bytes[i], f.len_bytes[i]};
	}
}

static void mark_one(struct search *s, const struct pattern *p, size_t i, void *arg)
{
	struct search_result *out = arg;
	bool hit[FOLD_MAX];
	unsigned runs;
	size_t len;
	const uint16_t *text = search_text(s, s->kept[i].name, &len);
	if (pattern_align(p, text, len, hit, &runs))
		mark_bytes(s, &out->hits[i], s->kept[i].name, hit);
}

static void mark_words(struct search *s, struct search_result *out)
{
	for (size_t i = 0; i < out->count; i++) {
		bool hit[FOLD_MAX] = {false}, one[FOLD_MAX];
		unsigned runs;
		size_t len;
		if (!s->kept[i].words)
			continue;
		const uint16_t *text = search_text(s, s->kept[i].name, &len);
		for (size_t k = 0; k < s->word_count; k++) {
			pattern_align(s->pattern[k], text, len, one, &runs);
			for (size_t j = 0; j < len; j++)
				hit[j] |= one[j];
		}
		mark_bytes(s, &out->hits[i], s->kept[i].name, hit);
	}
}

static void compile_words(struct search *s, const struct search_result *out)
{
	bool any = false;
	for (size_t i = 0; i < out->count; i++)
		any |= s->kept[i].words;
	for (size_t k = 0; any && k < s->word_count; k++)
		pattern_compile(s->pattern[k], s->words[k], s->word_len[k], PATTERN_PLAIN);
}

struct filling {
	struct search *s;
	struct search_hit *h;
	bool all; /* dept and region too */
};

static void take_row(void *arg, const struct catalogue_row *row)
{
	struct filling *f = arg;
	f->h->code = answer_own(f->s, mem_strdup(row->code));
	if (!f->all)
		return;
	f->h->dept = answer_own(f->s, mem_strdup(row->dept_name));
	f->h->region = answer_own(f->s, mem_strdup(row->region_name));
	f->h->region_code = answer_own(f->s, mem_strdup(row->region_code));
}

/* The body's name from its kind and region, see index_build.c. */
static const char *dept_name(struct search *s, uint32_t row)
{
	const struct index_view *v = s->v;
	const char *kind = v->strings + v->kind[v->row_kind[row]];
	if (kind[0] != '\1' || kind[1] == '\0')
		return kind;
	const char *region = v->strings + v->region_name[index_region(v, row)];
	size_t skip = (unsigned char)kind[1] - 1u, n = strlen(region);
	struct buf b = {0};
	buf_adds(&b, skip <= n ? region + skip : "");
	buf_adds(&b, kind + 2);
	return answer_own(s, buf_take(&b));
}

void fill_place(struct search *s, struct search_hit *h, uint32_t row)
{
	const struct index_view *v = s->v;
	uint32_t region = index_region(v, row);
	struct filling f = {s, h, v->row_kind[row] == INDEX_NONE16};
	h->id = v->row_id[row];
	h->region = v->strings + v->region_name[region];
	h->region_code = v->strings + v->region_code[region];
	if (!f.all)
		h->dept = dept_name(s, row);
	catalogue_row(s->catalogue, h->id, take_row, &f);
}

static void fill(struct search *s, const struct candidate *c, struct search_hit *h)
{
	h->name = search_string(s, c->name);
	h->tier = tiers[c->order];
	h->via = *c->via ? answer_own(s, mem_strdup(c->via)) : "";
	h->places = sieve_count(s, c->name);
	if (c->row != 0) {
		struct filling f = {s, h, true};
		h->id = c->row;
		catalogue_row(s->catalogue, c->row, take_row, &f);
		return;
	}
	uint32_t row = nearest_row(s, c->name);
	if (row != UINT32_MAX)
		fill_place(s, h, row);
}

void answer(struct search *s, size_t limit, struct search_result *out)
{
	answer_clear(s);
	*out = (struct search_result){0};
	for_each_variant(s, s->kept_count, rank_one, NULL);
	qsort(s->kept, s->kept_count, sizeof *s->kept, compare_kept);
	catalogue_hold(s->catalogue);
	for (size_t i = 0; i < s->kept_count && i < limit; i++)
		fill(s, &s->kept[i], answer_add(s, out));
	catalogue_let_go(s->catalogue);
	out->more = s->matched > out->count;
	for_each_variant(s, out->count, mark_one, out);
	compile_words(s, out);
	mark_words(s, out);
}

bool search_is_guess(const struct search_result *r)
{
	return r->count > 0 && r->hits[0].tier >= SEARCH_SOUND;
}
