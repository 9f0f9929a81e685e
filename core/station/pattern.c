#include "core/station/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/station/fold.h"
#include "core/station/index_format.h"
#include "core/station/pinyin.h"

enum {
	SYLLABLE_MAX = 6,
	STEP_MAX = SYLLABLE_MAX + 1, /* a slip may add a letter */
	ALIKE_MAX = 4,
	CLASSES_MAX = 2048,
	EITHER_MAX = 8
};

/* A text that holds the pattern has a syllable that begins so, or else this letter by itself. */
struct either {
	uint64_t pair, letter;
};

/* What a character of the text does: from place i one can go on by k typed characters when bit i of
 * by[k] is set; what was typed can end within it when bit i of ends is set. */
struct steps {
	uint64_t by[STEP_MAX + 1];
	uint64_t ends;
	uint64_t slip[STEP_MAX + 1]; /* the same with one slip */
	bool longer;		     /* any of by[2..] */
	bool any;
};

struct cell {
	uint16_t cost;	   /* 0xFFFF: cannot be */
	uint8_t from_step; /* typed characters that the last matched character stood for; 0: start
			    */
	uint8_t from_at;   /* text place + 1 of the matched character before; 0: none */
};

enum {
	COST_NEVER = 0xFFFF,
	COST_GAP = 16,
	COST_START = 4
};

/* Cells [j][i]: text[j-1] was matched and all typed before place i is done. */
struct alignment {
	struct cell cell[FOLD_MAX + 1][PATTERN_MAX + 1];
};

struct pattern {
	const struct index_view *v;
	uint16_t *set_of;   /* per glyph: its set of readings */
	uint16_t *class_of; /* per glyph: its steps; 0: none */
	uint16_t *set_class;
	struct steps *syllables, *classes;
	size_t class_count;
	uint32_t q[PATTERN_MAX];
	unsigned n, weight;
	enum pattern_mode mode;
	bool possible;
	struct alignment *scratch;
	uint64_t need, letters, singles; /* places that hold letters; other ones */
	struct either either[EITHER_MAX];
	size_t either_count;
};

struct pattern *pattern_new(const struct index_view *v)
{
	struct pattern *p = mem_alloc(sizeof *p);
	p->v = v;
	p->set_of = mem_array(v->h->glyphs + 1u, sizeof *p->set_of);
	p->class_of = mem_array(v->h->glyphs + 1u, sizeof *p->class_of);
	p->set_class = mem_array(pinyin_set_count(), sizeof *p->set_class);
	p->syllables = mem_array(pinyin_syllable_count(), sizeof *p->syllables);
	p->classes = mem_array(CLASSES_MAX, sizeof *p->classes);
	p->scratch = mem_alloc(sizeof *p->scratch);
	for (uint32_t g = 0; g < v->h->glyphs; g++)
		p->set_of[g] = (uint16_t)pinyin_set(v->glyph_cp[g]);
	return p;
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	free(p->set_of);
	free(p->class_of);
	free(p->set_class);
	free(p->syllables);
	free(p->classes);
	free(p->scratch);
	free(p);
}

static bool is_letter(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

static uint64_t bit(unsigned i)
{
	return (uint64_t)1 << i;
}

/* u typed for ü is right too. */
static bool same_letter(char in_syllable, uint32_t typed)
{
	return (uint32_t)in_syllable == typed || (in_syllable == 'v' && typed == 'u');
}

/* What spelling `s` allows from place i. */
static void spell(const struct pattern *p, struct steps *t, const char *s, unsigned i)
{
	unsigned l = 0;
	while (s[l] && i + l < p->n && same_letter(s[l], p->q[i + l]))
		l++;
	if (l == 0)
		return;
	t->any = true;
	t->by[1] |= bit(i);
	if (l >= 2 && s[1] == 'h')
		t->by[2] |= bit(i);
	if (!s[l])
		t->by[l] |= bit(i);
	if (i + l == p->n)
		t->ends |= bit(i);
}

/* a and b[0..n) differ by at most one wrong, missing, additional or swapped letter. */
static bool nearly(const char *a, size_t len, const uint32_t *b, size_t n)
{
	size_t i = 0, end = 0;
	while (i < len && i < n && same_letter(a[i], b[i]))
		i++;
	while (end < len - i && end < n - i && same_letter(a[len - 1 - end], b[n - 1 - end]))
		end++;
	size_t left_a = len - i - end, left_b = n - i - end;
	if (left_a <= 1 && left_b <= 1)
		return true;
	return left_a == 2 && left_b == 2 && same_letter(a[i], b[i + 1]) &&
	       same_letter(a[i + 1], b[i]);
}

static bool all_letters(const struct pattern *p, unsigned i, size_t n)
{
	uint64_t want = (bit((unsigned)n) - 1) << i;
	return (p->letters & want) == want;
}

static void spell_with_slip(const struct pattern *p, struct steps *t, const char *s, unsigned i)
{
	size_t len = strlen(s);
	for (size_t k = len > 2 ? len - 1 : 2; k <= len + 1 && i + k <= p->n; k++)
		if (k <= STEP_MAX && all_letters(p, i, k) && nearly(s, len, p->q + i, k)) {
			t->slip[k] |= bit(i);
			t->any = true;
		}
}

static void spell_syllable(struct pattern *p, unsigned syllable, const uint64_t *places)
{
	struct steps *t = &p->syllables[syllable];
	uint16_t alike[ALIKE_MAX];
	const char *name = pinyin_syllable(syllable);
	t->any = false;
	if (p->mode == PATTERN_PLAIN && places[name[0] - 'a'] == 0)
		return; /* most: what they hold is not looked at */
	size_t n = pinyin_alike(syllable, alike, p->mode == PATTERN_SOUND ? ALIKE_MAX : 1);
	memset(t, 0, sizeof *t);
	for (size_t k = 0; k < n; k++) {
		const char *s = pinyin_syllable(alike[k]);
		for (uint64_t at = places[s[0] - 'a']; at; at &= at - 1)
			spell(p, t, s, (unsigned)__builtin_ctzll(at));
	}
	if (p->mode != PATTERN_SLIP || name[1] == '\0')
		return;
	/* One slip leaves one of the first two letters within the first two places. */
	uint64_t near = places[name[0] - 'a'] | places[name[1] - 'a'];
	for (uint64_t at = p->letters & (near | near >> 1); at; at &= at - 1)
		spell_with_slip(p, t, name, (unsigned)__builtin_ctzll(at));
}

/* A typed character stands for all that sounds like it. */
static void sound_like(struct pattern *p, unsigned i)
{
	const uint16_t *readings;
	size_t n = pinyin_readings(pinyin_set(p->q[i]), &readings);
	for (size_t r = 0; r < n; r++) {
		uint16_t alike[ALIKE_MAX];
		size_t m = pinyin_alike(readings[r], alike, ALIKE_MAX);
		for (size_t k = 0; k < m; k++) {
			struct steps *t = &p->syllables[alike[k]];
			t->any = true;
			t->by[1] |= bit(i);
			if (i + 1 == p->n)
				t->ends |= bit(i);
		}
	}
}

static void merge(struct steps *to, const struct steps *from)
{
	for (int k = 0; k <= STEP_MAX; k++) {
		to->by[k] |= from->by[k];
		to->slip[k] |= from->slip[k];
	}
	to->ends |= from->ends;
	to->any |= from->any;
	to->longer = (to->by[2] | to->by[3] | to->by[4] | to->by[5] | to->by[6]) != 0;
}

static struct steps *new_class(struct pattern *p)
{
	if (p->class_count == CLASSES_MAX)
		return &p->classes[0];
	struct steps *t = &p->classes[p->class_count++];
	memset(t, 0, sizeof *t);
	return t;
}

static void classify_sets(struct pattern *p)
{
	for (unsigned set = 1; set < pinyin_set_count(); set++) {
		const uint16_t *readings;
		size_t n = pinyin_readings(set, &readings);
		struct steps *t = NULL;
		p->set_class[set] = 0;
		for (size_t r = 0; r < n; r++) {
			const struct steps *s = &p->syllables[readings[r]];
			if (!s->any)
				continue;
			if (!t)
				t = new_class(p);
			merge(t, s);
			p->set_class[set] = (uint16_t)(t - p->classes);
		}
	}
	for (uint32_t g = 0; g < p->v->h->glyphs; g++)
		p->class_of[g] = p->set_class[p->set_of[g]];
}

/* The glyph that is typed at place i itself. */
static bool classify_typed(struct pattern *p, unsigned i)
{
	int g = index_glyph(p->v, p->q[i]);
	if (g < 0)
		return false;
	struct steps *t = new_class(p);
	merge(t, &p->classes[p->class_of[g]]);
	for (unsigned k = 0; k < p->n; k++) {
		if (p->q[k] != p->q[i])
			continue;
		t->by[1] |= bit(k);
		if (k + 1 == p->n)
			t->ends |= bit(k);
	}
	t->any = true;
	p->class_of[g] = (uint16_t)(t - p->classes);
	return true;
}

/* Letters that begin a syllable wherever they stand. */
static bool always_initial(uint32_t cp)
{
	return cp < 0x80 && strchr("bpmfdtkjqxzcslyw", (int)cp) != NULL;
}

/*
 * Where a syllable surely begins at place i, the next letter belongs to it or begins the next one.
 * As few begin with a vowel and none with i or u, this tells far more than initials alone.
 */
static void expect_pair(struct pattern *p, unsigned i)
{
	if (p->mode != PATTERN_PLAIN || p->either_count == EITHER_MAX || i + 1 >= p->n ||
		!is_letter(p->q[i]) || !is_letter(p->q[i + 1]))
		return;
	p->either[p->either_count++] = (struct either){
		index_pair((char)p->q[i], (char)p->q[i + 1]), index_signature(p->q[i + 1])};
}

static void count(struct pattern *p)
{
	p->need = 0;
	p->weight = 0;
	p->letters = p->singles = 0;
	p->either_count = 0;
	for (unsigned i = 0; i < p->n; i++) {
		bool letter = is_letter(p->q[i]);
		bool first = letter && (i == 0 || !is_letter(p->q[i - 1]));
		bool starts = !letter || first || always_initial(p->q[i]);
		if (letter)
			p->letters |= bit(i);
		else
			p->singles |= bit(i);
		p->weight += starts;
		if (!starts)
			continue;
		expect_pair(p, i);
		uint64_t sig = index_signature(p->q[i]);
		if (p->mode == PATTERN_SOUND && !letter)
			continue;
		if (p->mode == PATTERN_SOUND && (p->q[i] == 'n' || p->q[i] == 'l'))
			continue;
		p->need |= letter ? sig : sig >> 26 << 26;
	}
}

bool pattern_compile(struct pattern *p, const uint32_t *cp, size_t n, enum pattern_mode mode)
{
	uint64_t places[27] = {0};
	bool possible = n > 0;
	n = n < PATTERN_MAX ? n : PATTERN_MAX;
	if (p->n == n && p->mode == mode && n > 0 && memcmp(p->q, cp, n * sizeof *cp) == 0)
		return p->possible;
	p->n = (unsigned)n;
	p->mode = mode;
	memcpy(p->q, cp, p->n * sizeof *cp);
	count(p);
	for (unsigned i = 0; i < p->n; i++) {
		if (is_letter(p->q[i]))
			places[p->q[i] - 'a'] |= bit(i);
	}
	places['v' - 'a'] |= places['u' - 'a'];
	p->class_count = 0;
	new_class(p);
	if (p->letters || mode == PATTERN_SOUND) {
		for (unsigned s = 1; s < pinyin_syllable_count(); s++)
			spell_syllable(p, s, places);
		if (mode == PATTERN_SOUND)
			for (uint64_t at = p->singles; at; at &= at - 1)
				sound_like(p, (unsigned)__builtin_ctzll(at));
		classify_sets(p);
	} else {
		memset(p->class_of, 0, p->v->h->glyphs * sizeof *p->class_of);
	}
	for (unsigned i = 0; i < p->n; i++)
		if (!classify_typed(p, i) && !is_letter(p->q[i]) && mode == PATTERN_PLAIN)
			possible = false;
	p->possible = possible;
	return possible;
}

unsigned pattern_weight(const struct pattern *p)
{
	return p->weight ? p->weight : 1;
}

uint64_t pattern_need(const struct pattern *p)
{
	return p->need;
}

bool pattern_may(const struct pattern *p, uint64_t letters, uint64_t pairs)
{
	for (size_t i = 0; i < p->either_count; i++)
		if (!(pairs & p->either[i].pair) && !(letters & p->either[i].letter))
			return false;
	return true;
}

static inline uint64_t step(const struct steps *t, uint64_t s)
{
	uint64_t r = (s & t->by[1]) << 1;
	if (t->longer)
		r |= (s & t->by[2]) << 2 | (s & t->by[3]) << 3 | (s & t->by[4]) << 4 |
		     (s & t->by[5]) << 5 | (s & t->by[6]) << 6;
	return r;
}

enum pattern_level pattern_begins(const struct pattern *p, const uint16_t *text, size_t len)
{
	enum pattern_level best = PATTERN_NONE;
	uint64_t s = 1;
	for (size_t j = 0; j < len && s; j++) {
		unsigned c = p->class_of[text[j]];
		if (c == 0)
			return best;
		const struct steps *t = &p->classes[c];
		if (s & t->ends)
			best = j + 1 == len ? PATTERN_WHOLE : PATTERN_BEGINNING;
		s = step(t, s);
	}
	return best;
}

enum pattern_level pattern_match(const struct pattern *p, const uint16_t *text, size_t len)
{
	uint64_t gap = 1, part = 0, beginning = 1;
	enum pattern_level best = PATTERN_NONE;
	for (size_t j = 0; j < len; j++) {
		unsigned c = p->class_of[text[j]];
		if (c == 0) {
			part = beginning = 0;
			if (best >= PATTERN_PART)
				return best;
			continue;
		}
		const struct steps *t = &p->classes[c];
		part |= 1;
		if (beginning & t->ends)
			best = j + 1 == len ? PATTERN_WHOLE : PATTERN_BEGINNING;
		else if (best < PATTERN_PART && (part & t->ends))
			best = PATTERN_PART;
		else if (best < PATTERN_GAP && (gap & t->ends))
			best = PATTERN_GAP;
		gap |= step(t, gap);
		part = step(t, part);
		beginning = step(t, beginning);
		if (best >= PATTERN_PART && beginning == 0)
			return best;
	}
	return best;
}

bool pattern_slips(const struct pattern *p, const uint16_t *text, size_t len)
{
	const uint64_t end = bit(p->n), singles = p->singles;
	uint64_t none = 1, one = 0, swapped = 0;
	for (size_t j = 0; j < len; j++) {
		const struct steps *t = &p->classes[p->class_of[text[j]]];
		none |= 1;
		/* additional: a typed character that stands for nothing */
		one |= (none & ~end) << 1;
		if (((none | one) & t->ends) || (one & end))
			return true;
		uint64_t next = step(t, one);
		/* wrong: any character for a typed one (not for the first) */
		next |= (none & ~(uint64_t)1 & (singles | p->letters)) << 1;
		for (int k = 1; k <= STEP_MAX; k++)
			next |= (none & t->slip[k]) << k;
		/* swapped: this character is the typed one before */
		next |= (swapped & t->by[1] & singles) << 2;
		swapped = none & (t->by[1] >> 1) & singles;
		/* after a swap the earlier typed character must come: it is tested as by[1] of it
		 */
		none = step(t, none);
		one = next;
		if (one & end)
			return true;
	}
	return false;
}

/* ---- where it lies ---- */

static void relax(struct alignment *a, size_t j, unsigned i, unsigned k, unsigned cost, size_t from)
{
	struct cell *c = &a->cell[j][i];
	if (cost < c->cost)
		*c = (struct cell){(uint16_t)cost, (uint8_t)k, (uint8_t)from};
}

static void advance(const struct pattern *p, struct alignment *a, const struct steps *t, size_t j,
	unsigned i, unsigned cost, size_t from)
{
	for (unsigned k = 1; k <= SYLLABLE_MAX; k++)
		if (t->by[k] & bit(i))
			relax(a, j, i + k, k, cost, from);
	if (t->ends & bit(i))
		relax(a, j, p->n, p->n - i, cost, from);
}

static void fill(const struct pattern *p, struct alignment *a, const uint16_t *text, size_t len)
{
	unsigned best_cost[PATTERN_MAX + 1];
	size_t best_at[PATTERN_MAX + 1];
	for (unsigned i = 0; i <= p->n; i++)
		best_cost[i] = COST_NEVER;
	for (size_t j = 1; j <= len; j++) {
		const struct steps *t = &p->classes[p->class_of[text[j - 1]]];
		for (unsigned i = 0; i <= p->n; i++)
			a->cell[j][i].cost = COST_NEVER;
		if (t->any) {
			advance(p, a, t, j, 0, j == 1 ? 0 : COST_START, 0);
			for (unsigned i = 1; i < p->n; i++) {
				if (j > 1 && a->cell[j - 1][i].cost != COST_NEVER)
					advance(p, a, t, j, i, a->cell[j - 1][i].cost, j - 1);
				if (best_cost[i] != COST_NEVER)
					advance(p, a, t, j, i, best_cost[i] + COST_GAP, best_at[i]);
			}
		}
		for (unsigned i = 1; j > 1 && i <= p->n; i++)
			if (a->cell[j - 1][i].cost < best_cost[i]) {
				best_cost[i] = a->cell[j - 1][i].cost;
				best_at[i] = j - 1;
			}
	}
}

unsigned pattern_align(
	const struct pattern *p, const uint16_t *text, size_t len, bool *hit, unsigned *runs)
{
	struct alignment *a = p->scratch;
	unsigned best = COST_NEVER, matched = 0;
	size_t at = 0;
	len = len < FOLD_MAX ? len : FOLD_MAX;
	memset(hit, 0, len * sizeof *hit);
	*runs = 0;
	fill(p, a, text, len);
	for (size_t j = 1; j <= len; j++)
		if (a->cell[j][p->n].cost < best) {
			best = a->cell[j][p->n].cost;
			at = j;
		}
	for (unsigned i = p->n; at > 0;) {
		const struct cell c = a->cell[at][i];
		hit[at - 1] = true;
		matched++;
		*runs += c.from_at + 1u != at || c.from_at == 0;
		i -= c.from_step;
		at = c.from_at;
	}
	return matched;
}
