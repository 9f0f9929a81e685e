#include "core/station/search.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/plain.h"
#include "core/station/search_private.h"

enum {
	FEW = 5 /* exact hits below which mistakes are looked for */
};

static void drop_index(struct search *s)
{
	for (int i = 0; i < WORDS_MAX; i++) {
		pattern_free(s->pattern[i]);
		s->pattern[i] = NULL;
	}
	free(s->bonus);
	free(s->kind_pool);
	free(s->kind_at);
	free(s->kind_hit);
	free(s->weight);
	s->bonus = NULL;
	s->kind_pool = NULL;
	s->kind_at = NULL;
	s->kind_hit = NULL;
	s->weight = NULL;
	sieve_clear(s);
	index_unmap(s->v);
	s->v = NULL;
}

/* The bodies' names as texts of the index, to hold words against. */
static void read_kinds(struct search *s)
{
	const struct index_view *v = s->v;
	struct buf pool = {0};
	s->kind_at = mem_array(v->h->kinds + 2u, sizeof *s->kind_at);
	s->kind_hit = mem_array(v->h->kinds + 1u, 1);
	for (uint32_t i = 0; i < v->h->kinds; i++) {
		const char *text = v->strings + v->kind[i];
		struct fold f;
		if (text[0] == '\1' && text[1])
			text += 2;
		fold_text(&f, text, strlen(text));
		for (size_t k = 0; k < f.len; k++) {
			/* a character that no name has becomes the number after the last */
			int g = index_glyph(v, f.cp[k]);
			uint16_t glyph = g < 0 ? (uint16_t)v->h->glyphs : (uint16_t)g;
			buf_add(&pool, &glyph, sizeof glyph);
		}
		s->kind_at[i + 1] = (uint32_t)(pool.len / sizeof(uint16_t));
	}
	s->kind_pool = (uint16_t *)(void *)buf_take(&pool);
}

static bool take_index(struct search *s)
{
	struct catalogue_info info;
	struct index_view *v = NULL;
	if (catalogue_info(s->catalogue, &info) != OK)
		return false;
	s->generation = info.generation;
	if (index_map(&v, s->path, info.identity, info.generation) != OK)
		return false;
	drop_index(s);
	s->v = v;
	for (int i = 0; i < WORDS_MAX; i++)
		s->pattern[i] = pattern_new(v);
	s->bonus = mem_array(v->h->names + 1u, 1);
	s->weight = mem_array(v->h->glyphs + 1u, sizeof *s->weight);
	read_kinds(s);
	s->bonus_stale = true;
	return true;
}

enum err search_open(
	struct search **out, struct catalogue *cat, const char *index_path, struct buf *why)
{
	struct search *s = mem_alloc(sizeof *s);
	(void)why;
	s->catalogue = cat;
	s->path = mem_strdup(index_path);
	take_index(s);
	*out = s;
	return OK;
}

void search_close(struct search *s)
{
	if (!s)
		return;
	drop_index(s);
	aliases_free(s);
	for (size_t i = 0; i < s->used_count; i++)
		free(s->used[i].code);
	free(s->used);
	answer_clear(s);
	free(s->kept);
	free(s->owned);
	free(s->hits);
	free(s->path);
	free(s);
}

bool search_stale(struct search *s)
{
	struct catalogue_info info;
	return !s->v || catalogue_info(s->catalogue, &info) != OK ||
	       s->v->h->generation != info.generation || s->v->h->identity != info.identity;
}

void search_refresh(struct search *s)
{
	struct stat st;
	if (stat(s->path, &st) != 0)
		return;
	bool same = s->v && s->v->device == (int64_t)st.st_dev && s->v->inode == (int64_t)st.st_ino;
	if (!same)
		take_index(s);
}

void search_home(struct search *s, const char *region_code)
{
	s->home[0] = '\0';
	if (region_code && strlen(region_code) == 12)
		strcpy(s->home, region_code);
	s->bonus_stale = true;
}

static void put_used(struct search *s, const char *code, double score)
{
	for (size_t i = 0; i < s->used_count; i++)
		if (strcmp(s->used[i].code, code) == 0) {
			s->used[i].score = score;
			return;
		}
	s->used = mem_resize(s->used, s->used_count + 1, sizeof *s->used);
	s->used[s->used_count++] = (struct used){mem_strdup(code), score};
}

void search_use(struct search *s, const char *task_code, double score)
{
	put_used(s, task_code, score);
	s->bonus_stale = true;
}

/* ---- a query ---- */

/* Words are parted by blanks, and where letters meet digits never. */
static void split_words(struct search *s, const struct fold *f)
{
	s->word_count = 0;
	for (size_t i = 0; i < f->len; i++) {
		if (i == 0 || f->gap_before[i]) {
			if (s->word_count == WORDS_MAX)
				return;
			s->word_len[s->word_count++] = 0;
		}
		size_t k = s->word_count - 1;
		if (s->word_len[k] < PATTERN_MAX)
			s->words[k][s->word_len[k]++] = f->cp[i];
	}
}

static void begin(struct search *s, const struct search_filter *filter, size_t limit)
{
	s->kept_max = limit > KEPT_MAX ? limit : KEPT_MAX;
	if (s->kept_room < s->kept_max) {
		s->kept_room = s->kept_max;
		s->kept = mem_resize(s->kept, s->kept_room, sizeof *s->kept);
	}
	s->variant_count = 0;
	s->kept_count = 0;
	s->matched = 0;
	sieve_set(s, filter);
}

/* Everything that passes the filter, what is used here and is near first. */
static void list_all(struct search *s)
{
	s->word_count = 0;
	for (uint32_t i = 0; i < s->v->h->names; i++) {
		size_t len = s->v->text_at[i + 1] - s->v->text_at[i];
		struct candidate c = {.name = i, .via = "", .order = ORDER_LOOSE};
		if (sieve_name(s, i))
			keep(s, c, 0.5 + 0.05 / (double)(len + 1));
	}
	for (size_t i = 0; i < s->kept_count; i++)
		s->kept[i].order = ORDER_PREFIX, s->kept[i].words = true;
}

static void find_exact(struct search *s, const char *text, const struct fold *f)
{
	struct buf trimmed = {0};
	text_halfwidth(&trimmed, text);
	if (trimmed.data)
		text_trim(trimmed.data);
	scan_codes(s, buf_str(&trimmed));
	for (size_t i = 0; i < s->kept_count; i++) /* via points into trimmed or the index */
		if (s->kept[i].via == buf_str(&trimmed))
			s->kept[i].via = text;
	buf_fini(&trimmed);
	add_variant(s, f->cp, f->len, PATTERN_PLAIN, ORDER_EXACT, ORDER_SUBSTRING, ORDER_GAP, "");
	add_alias_variants(s, f->cp, f->len);
	for (size_t i = 0; i < s->variant_count; i++)
		scan_variant(s, i);
	split_words(s, f);
	if (s->word_count > 1 || s->kept_count < FEW)
		scan_words(s);
}

/* A body's name run together with the rest: 税务发票领用. */
static void find_split(struct search *s, const struct fold *f)
{
	for (size_t at = 2; at + 2 <= f->len && f->len <= PATTERN_MAX && s->kept_count == 0; at++) {
		if (f->cp[at] < 0x80 && f->cp[at - 1] < 0x80)
			continue;
		s->word_count = 2;
		s->word_len[0] = at;
		s->word_len[1] = f->len - at;
		memcpy(s->words[0], f->cp, at * sizeof *f->cp);
		memcpy(s->words[1], f->cp + at, (f->len - at) * sizeof *f->cp);
		scan_words(s);
	}
}

/* Nothing at all: the longest beginning of it that is found. */
static void find_shorter(struct search *s, const struct fold *f)
{
	for (size_t n = f->len; n > 3 && s->kept_count == 0; n--) {
		size_t v = s->variant_count;
		add_variant(
			s, f->cp, n - 1, PATTERN_SOUND, ORDER_LOOSE, ORDER_LOOSE, ORDER_LOOSE, "");
		if (s->variant_count > v)
			scan_variant(s, v);
	}
}

static void find_mistaken(struct search *s, const struct fold *f)
{
	find_split(s, f);
	size_t v = s->variant_count;
	add_variant(s, f->cp, f->len, PATTERN_SOUND, ORDER_SOUND, ORDER_SOUND, ORDER_SOUND, "");
	if (s->variant_count > v)
		scan_variant(s, v);
	v = s->variant_count;
	bool letters = f->len > 0 && f->cp[0] < 0x80;
	if (f->len >= (letters ? 4 : 3)) {
		add_variant(s, f->cp, f->len, PATTERN_SLIP, ORDER_SLIP, ORDER_SLIP, ORDER_SLIP, "");
		if (s->variant_count > v)
			scan_slips(s, v);
	}
	if (s->kept_count < FEW)
		scan_loose(s, f);
	if (s->kept_count == 0)
		find_shorter(s, f);
}

static void run(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, bool fuzzy, struct search_result *out)
{
	struct fold f;
	if (!s->v) {
		slow_query(s, text, filter, limit, out);
		return;
	}
	fold_text(&f, text, strlen(text));
	if (s->bonus_stale)
		bonus_set(s);
	begin(s, filter, limit);
	if (f.len == 0) {
		list_all(s);
		answer(s, limit, out);
		return;
	}
	find_exact(s, text, &f);
	if (fuzzy && s->kept_count < FEW)
		find_mistaken(s, &f);
	answer(s, limit, out);
}

void search_query(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, struct search_result *out)
{
	run(s, text, filter, limit, false, out);
}

void search_fuzzy(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, struct search_result *out)
{
	run(s, text, filter, limit, true, out);
}

const char *search_tier_label(enum search_tier t)
{
	static const char *const labels[SEARCH_TIER__MAX] = {
		[SEARCH_EXACT] = N_("全名"),
		[SEARCH_PREFIX] = N_("开头"),
		[SEARCH_SUBSTRING] = N_("名称"),
		[SEARCH_ALIAS] = N_("别名"),
		[SEARCH_GAP] = N_("跳字"),
		[SEARCH_WORDS] = N_("部门或地区"),
		[SEARCH_SOUND] = N_("同音"),
		[SEARCH_SLIP] = N_("近似"),
		[SEARCH_LOOSE] = N_("相关"),
	};
	return tr(labels[t]);
}
