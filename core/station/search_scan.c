#include "core/station/search_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

enum {
	SCORE_ONE = 1 << 22, /* a score of 1 */
	SCORE_MAX = SCORE_ONE * 2
};

static const double bonus_most = 0.4;

static uint64_t key_of(enum order order, double score, uint32_t name)
{
	double scaled = score * SCORE_ONE;
	uint32_t n = scaled > SCORE_MAX ? SCORE_MAX : scaled < 0 ? 0 : (uint32_t)scaled;
	return (uint64_t)order << 56 | (uint64_t)(SCORE_MAX - n) << 32 | name;
}

bool closed(const struct search *s, enum order order, unsigned weight, size_t len)
{
	if (s->kept_count < s->kept_max || len == 0)
		return false;
	double most = (weight < len ? (double)weight / (double)len : 1) * (1 + bonus_most);
	return key_of(order, most, 0) > s->kept[s->kept_count - 1].key;
}

void keep(struct search *s, struct candidate c, double score)
{
	size_t i;
	score *= 1 + bonus_most * s->bonus[c.name] / 255;
	c.key = key_of((enum order)c.order, score, c.name);
	if (s->kept_count == s->kept_max && c.key >= s->kept[s->kept_max - 1].key) {
		s->matched++;
		return;
	}
	for (i = 0; i < s->kept_count; i++)
		if (s->kept[i].name == c.name)
			break;
	if (i < s->kept_count) {
		if (s->kept[i].key <= c.key)
			return;
		memmove(s->kept + i, s->kept + i + 1, (s->kept_count - i - 1) * sizeof *s->kept);
		s->kept_count--;
		s->matched--;
	}
	s->matched++;
	if (s->kept_count == s->kept_max)
		s->kept_count--;
	for (i = s->kept_count; i > 0 && s->kept[i - 1].key > c.key; i--)
		s->kept[i] = s->kept[i - 1];
	s->kept[i] = c;
	s->kept_count++;
}

static double coverage(unsigned weight, size_t len)
{
	return weight < len ? (double)weight / (double)len : 1;
}

static void offer(struct search *s, size_t variant, enum order order, uint32_t text,
	unsigned weight, size_t len)
{
	const uint32_t names = s->v->h->names;
	uint32_t name = text < names ? text : s->v->alias_name[text - names];
	if (closed(s, order, weight, len) || !sieve_name(s, name))
		return;
	struct candidate c = {
		.name = name,
		.order = (uint8_t)order,
		.variant = (uint8_t)variant,
		.via = text < names ? s->variants[variant].via : search_string(s, text),
		.alias_text = text < names ? 0 : text,
	};
	keep(s, c, coverage(weight, len));
}

/* Names that begin with it: short ones come first, so it can stop early. */
static void scan_beginnings(struct search *s, size_t variant, const struct pattern *p)
{
	const struct variant *var = &s->variants[variant];
	const uint64_t need = pattern_need(p), *sig = s->v->text_sig, *pairs = s->v->text_pairs;
	unsigned weight = pattern_weight(p);
	for (uint32_t i = 0; i < s->v->h->names; i++) {
		if ((sig[i] & need) != need || !pattern_may(p, sig[i], pairs[i]))
			continue;
		size_t len;
		const uint16_t *text = search_text(s, i, &len);
		enum pattern_level level = pattern_begins(p, text, len);
		if (level == PATTERN_NONE)
			continue;
		if (closed(s, var->part == ORDER_SUBSTRING ? ORDER_PREFIX : var->part, weight, len))
			break;
		offer(s, variant,
			level == PATTERN_WHOLE	       ? var->whole
			: var->part == ORDER_SUBSTRING ? ORDER_PREFIX
						       : var->part,
			i, weight, len);
	}
}

static void scan_rest(struct search *s, size_t variant, const struct pattern *p)
{
	const struct variant *var = &s->variants[variant];
	const uint64_t need = pattern_need(p), *sig = s->v->text_sig, *pairs = s->v->text_pairs;
	unsigned weight = pattern_weight(p);
	for (uint32_t i = 0; i < s->v->h->names; i++) {
		if ((sig[i] & need) != need || !pattern_may(p, sig[i], pairs[i]))
			continue;
		size_t len;
		const uint16_t *text = search_text(s, i, &len);
		if (closed(s, var->part, weight, len))
			break;
		enum pattern_level level = pattern_match(p, text, len);
		if (level == PATTERN_PART)
			offer(s, variant, var->part, i, weight, len);
		else if (level == PATTERN_GAP)
			offer(s, variant, var->gap, i, weight, len);
	}
}

static void scan_aliases(struct search *s, size_t variant, const struct pattern *p)
{
	const uint32_t names = s->v->h->names;
	const uint64_t need = pattern_need(p);
	for (uint32_t i = names; i < names + s->v->h->aliases; i++) {
		if ((s->v->text_sig[i] & need) != need)
			continue;
		size_t len;
		const uint16_t *text = search_text(s, i, &len);
		enum pattern_level level = pattern_match(p, text, len);
		if (level >= PATTERN_PART)
			offer(s, variant, level == PATTERN_WHOLE ? ORDER_ALIAS : ORDER_ALIAS_PART,
				i, pattern_weight(p), len);
	}
}

void scan_variant(struct search *s, size_t variant)
{
	const struct variant *var = &s->variants[variant];
	struct pattern *p = search_pattern(s, variant);
	if (!pattern_compile(p, var->cp, var->n, var->mode))
		return;
	scan_beginnings(s, variant, p);
	if (!closed(s, var->part, 1, 1))
		scan_rest(s, variant, p);
	if (variant == 0 || var->mode == PATTERN_SOUND)
		scan_aliases(s, variant, p);
}

void scan_slips(struct search *s, size_t variant)
{
	const struct variant *var = &s->variants[variant];
	struct pattern *p = search_pattern(s, variant);
	pattern_compile(p, var->cp, var->n, PATTERN_SLIP);
	const uint64_t need = pattern_need(p), *sig = s->v->text_sig;
	unsigned weight = pattern_weight(p);
	for (uint32_t i = 0; i < s->v->h->names; i++) {
		uint64_t missing = need & ~sig[i];
		if (missing & (missing - 1))
			continue;
		size_t len;
		const uint16_t *text = search_text(s, i, &len);
		if (closed(s, ORDER_SLIP, weight, len))
			break;
		if (pattern_slips(p, text, len))
			offer(s, variant, ORDER_SLIP, i, weight, len);
	}
}

/* ---- several words ---- */

/* Which kinds of body hold word k: bit k of kind_hit. Returns whether any does. */
static bool mark_kinds(struct search *s, size_t k)
{
	bool any = false;
	for (uint32_t i = 0; i < s->v->h->kinds; i++) {
		const uint16_t *text = s->kind_pool + s->kind_at[i];
		enum pattern_level level =
			pattern_match(s->pattern[k], text, s->kind_at[i + 1] - s->kind_at[i]);
		if (level >= (s->word_len[k] > 1 ? PATTERN_PART : PATTERN_WHOLE)) {
			s->kind_hit[i] |= (uint8_t)(1u << k);
			any = true;
		}
	}
	return any;
}

static unsigned kinds_of_name(const struct search *s, uint32_t name)
{
	unsigned hit = 0;
	for (uint32_t k = s->v->name_kind_at[name]; k < s->v->name_kind_at[name + 1]; k++)
		hit |= s->kind_hit[s->v->name_kind[k]];
	return hit;
}

/* A word may name the region of one of the name's rows. */
static bool regions_hold(const struct search *s, uint32_t name, size_t k)
{
	char word[PATTERN_MAX * 4 + 1];
	size_t n = 0;
	for (size_t i = 0; i < s->word_len[k]; i++) {
		uint32_t cp = s->words[k][i];
		if (!fold_is_han(cp))
			return false;
		char *w = word + n; /* UTF-8 of the Basic Plane and beyond */
		if (cp < 0x10000) {
			w[0] = (char)(0xE0 | cp >> 12);
			w[1] = (char)(0x80 | (cp >> 6 & 0x3F));
			w[2] = (char)(0x80 | (cp & 0x3F));
			n += 3;
		} else {
			return false;
		}
	}
	word[n] = '\0';
	if (s->word_len[k] < 2)
		return false;
	uint32_t from = s->v->row_at[name], to = s->v->row_at[name + 1];
	for (uint32_t r = from; r < to && r < from + 4000; r++)
		if (strstr(s->v->strings + s->v->region_name[index_region(s->v, r)], word))
			return true;
	return false;
}

/* The words that a name holds, and how. */
struct holding {
	unsigned whole, gap; /* bit per word */
	unsigned weight;
};

static struct holding hold_words(const struct search *s, uint32_t name, unsigned possible)
{
	struct holding h = {0};
	size_t len;
	const uint16_t *text = search_text(s, name, &len);
	for (size_t k = 0; k < s->word_count; k++) {
		uint64_t need = pattern_need(s->pattern[k]);
		if (!(possible >> k & 1) || (s->v->text_sig[name] & need) != need)
			continue;
		enum pattern_level level = pattern_match(s->pattern[k], text, len);
		h.whole |= (unsigned)(level >= PATTERN_PART) << k;
		h.gap |= (unsigned)(level == PATTERN_GAP) << k;
		h.weight += level == PATTERN_NONE ? 0 : pattern_weight(s->pattern[k]);
	}
	return h;
}

/* Words that stand whole in the name, the body or the place are worth more than scattered ones. */
static void match_words(struct search *s, uint32_t name, unsigned possible, unsigned elsewhere)
{
	const unsigned all = (1u << s->word_count) - 1;
	struct holding h = hold_words(s, name, possible);
	unsigned missing = all & ~h.whole;
	size_t len = s->v->text_at[name + 1] - s->v->text_at[name];
	if (missing & elsewhere)
		missing &= ~kinds_of_name(s, name);
	for (size_t k = 0; (h.whole | h.gap) && k < s->word_count && missing; k++)
		if ((missing >> k & 1) && regions_hold(s, name, k))
			missing &= ~(1u << k);
	if ((missing & ~h.gap) || !sieve_name(s, name))
		return;
	enum order order = missing ? ORDER_GAP : h.whole == all ? ORDER_SUBSTRING : ORDER_WORDS;
	struct candidate c = {.name = name, .via = "", .words = true, .order = (uint8_t)order};
	keep(s, c, h.weight ? coverage(h.weight, len) : 0.3 / (double)(len + 1));
}

void scan_words(struct search *s)
{
	unsigned possible = 0, elsewhere = 0, weight = 0;
	memset(s->kind_hit, 0, s->v->h->kinds);
	for (size_t k = 0; k < s->word_count; k++) {
		bool can =
			pattern_compile(s->pattern[k], s->words[k], s->word_len[k], PATTERN_PLAIN);
		possible |= (unsigned)can << k;
		elsewhere |= (unsigned)mark_kinds(s, k) << k;
		weight += pattern_weight(s->pattern[k]);
	}
	if (s->word_count == 1 && !elsewhere)
		return; /* one word that no body has: it was held against the names already */
	for (uint32_t i = 0; i < s->v->h->names; i++) {
		size_t len = s->v->text_at[i + 1] - s->v->text_at[i];
		if (closed(s, ORDER_SUBSTRING, weight, len))
			break;
		match_words(s, i, possible, elsewhere);
	}
}

/* ---- sharing telling characters ---- */

void scan_loose(struct search *s, const struct fold *f)
{
	const struct index_view *v = s->v;
	float *weight = s->weight;
	double most = 0;
	uint16_t glyphs[FOLD_MAX];
	size_t n = 0;
	for (size_t i = 0; i < f->len; i++) {
		int g = f->cp[i] >= 0x80 ? index_glyph(v, f->cp[i]) : -1;
		if (g < 0 || weight[g] > 0)
			continue;
		weight[g] = (float)log(1.0 + v->h->names / (1.0 + v->glyph_df[g]));
		most += weight[g];
		glyphs[n++] = (uint16_t)g;
	}
	for (uint32_t i = 0; n > 0 && i < v->h->names; i++) {
		size_t len, run = 0;
		const uint16_t *text = search_text(s, i, &len);
		double got = 0, pairs = 0;
		for (size_t j = 0; j < len; j++) {
			float w = weight[text[j]];
			run = w > 0 ? run + 1 : 0;
			got += w;
			pairs += run > 1 ? w : 0;
		}
		got = got < most ? got : most;
		pairs = pairs < most ? pairs : most;
		double score =
			(0.5 * got + 0.5 * pairs) / most * (0.7 + 0.3 * 8 / (8.0 + (double)len));
		if (score < 0.15 || !sieve_name(s, i))
			continue;
		struct candidate c = {.name = i, .via = "", .order = ORDER_LOOSE};
		keep(s, c, score);
	}
	for (size_t i = 0; i < n; i++)
		weight[glyphs[i]] = 0;
}

/* ---- codes ---- */

struct code_scan {
	struct search *s;
	const char *typed;
};

static bool take_code(void *arg, const struct catalogue_row *row)
{
	struct code_scan *c = arg;
	int64_t name = find_name(c->s->v, row->name);
	if (name < 0)
		return true;
	bool whole = strcmp(row->code, c->typed) == 0;
	struct candidate k = {.name = (uint32_t)name,
		.row = row->id,
		.via = c->typed,
		.order = whole ? ORDER_EXACT : ORDER_PREFIX};
	keep(c->s, k, whole ? 1 : 0.5);
	return true;
}

static bool looks_like_code(const char *text)
{
	size_t digits = 0, n = 0;
	for (; text[n]; n++) {
		char ch = text[n];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
		digits += ch >= '0' && ch <= '9';
		if (!letter && !(ch >= '0' && ch <= '9') && !strchr("-_.()/", ch))
			return false;
	}
	return n >= 3 && digits >= 2 && n < 100;
}

static void scan_cores(struct search *s, const char *typed)
{
	const struct index_view *v = s->v;
	size_t n = strlen(typed);
	for (uint32_t name = 0; name < v->h->names; name++) {
		for (uint32_t k = v->core_at[name]; k < v->core_at[name + 1]; k++) {
			const char *core = v->strings + v->core[k];
			const char *at = strstr(core, typed);
			if (!at || !sieve_name(s, name))
				continue;
			struct candidate c = {.name = name,
				.via = core,
				.order = at == core ? ORDER_PREFIX : ORDER_SUBSTRING};
			keep(s, c, (double)n / (double)(strlen(core) + 1));
			break;
		}
	}
}

void scan_codes(struct search *s, const char *text)
{
	if (!looks_like_code(text))
		return;
	struct buf lower = {0}, upper = {0};
	for (const char *t = text; *t; t++) {
		buf_addc(&lower, *t >= 'A' && *t <= 'Z' ? (char)(*t + 'a' - 'A') : *t);
		buf_addc(&upper, *t >= 'a' && *t <= 'z' ? (char)(*t + 'A' - 'a') : *t);
	}
	struct code_scan c = {s, text};
	if (strlen(text) >= 6) {
		catalogue_by_code(s->catalogue, text, 20, take_code, &c);
		c.typed = buf_str(&upper);
		if (strcmp(c.typed, text) != 0)
			catalogue_by_code(s->catalogue, c.typed, 20, take_code, &c);
	}
	scan_cores(s, buf_str(&lower));
	for (size_t i = 0; i < s->kept_count; i++)
		if (s->kept[i].via == buf_str(&upper))
			s->kept[i].via = text;
	buf_fini(&lower);
	buf_fini(&upper);
}
