#include "core/station/search_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/plain.h"

enum {
	DIRECT_MAX = 8,
	REPLACED_MAX = 16
};

static void fold_copy(uint32_t **cp, size_t *n, const char *s, size_t len)
{
	struct fold f;
	fold_text(&f, s, len);
	*n = f.len < PATTERN_MAX ? f.len : PATTERN_MAX;
	*cp = mem_array(*n + 1, sizeof **cp);
	memcpy(*cp, f.cp, *n * sizeof **cp);
}

static void alias_free(struct alias *a)
{
	for (size_t i = 0; i < a->word_count; i++)
		free(a->words[i]);
	free(a->words);
	free(a->word_len);
	free(a->cp);
	buf_fini(&a->shown);
}

void aliases_free(struct search *s)
{
	for (size_t i = 0; i < s->alias_count; i++)
		alias_free(&s->aliases[i]);
	free(s->aliases);
	s->aliases = NULL;
	s->alias_count = 0;
	for (size_t i = 0; i < s->later_count; i++)
		free(s->later[i]);
	free(s->later);
	s->later = NULL;
	s->later_count = 0;
}

/* * TAB word|word: acts on what one has already. */
static bool add_later(struct search *s, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, "|\t");
		if (n > 0) {
			s->later = mem_resize(s->later, s->later_count + 1, sizeof *s->later);
			s->later[s->later_count++] = mem_strndup(words, n);
		}
		words += n + (words[n] != '\0');
	}
	s->bonus_stale = true;
	return true;
}

/* alias TAB word|word; false: not such a line. */
static bool add_line(struct search *s, const char *line)
{
	size_t alias_len = strcspn(line, "\t"), n = 1;
	const char *words = line + alias_len;
	struct alias a = {0};
	if (alias_len == 0 || *words != '\t')
		return false;
	words++;
	if (alias_len == 1 && line[0] == '*')
		return add_later(s, words);
	for (const char *t = words; *t && *t != '\t'; t++)
		n += *t == '|';
	fold_copy(&a.cp, &a.n, line, alias_len);
	buf_add(&a.shown, line, alias_len);
	a.words = mem_array(n, sizeof *a.words);
	a.word_len = mem_array(n, sizeof *a.word_len);
	while (*words && *words != '\t') {
		size_t len = strcspn(words, "|\t");
		uint32_t *cp;
		size_t cps;
		fold_copy(&cp, &cps, words, len);
		if (cps > 0) {
			a.words[a.word_count] = cp;
			a.word_len[a.word_count++] = cps;
		} else {
			free(cp);
		}
		words += len + (words[len] == '|');
	}
	if (a.n == 0 || a.word_count == 0) {
		alias_free(&a);
		return false;
	}
	s->aliases = mem_resize(s->aliases, s->alias_count + 1, sizeof *s->aliases);
	s->aliases[s->alias_count++] = a;
	return true;
}

enum err search_aliases(struct search *s, const char *path, struct buf *why)
{
	FILE *f = fopen(path, "r");
	char line[4096];
	int number = 0, first_bad = 0;
	if (!f)
		return ERR_NOT_FOUND;
	while (fgets(line, sizeof line, f)) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '#' || line[strspn(line, " \t")] == '\0')
			continue;
		if (!add_line(s, line) && !first_bad)
			first_bad = number;
	}
	fclose(f);
	if (first_bad) {
		buf_why(why,
			tr("%s:%d: 不是一条别名 (应为: 别名, 制表符, 正式用词, 多个用 | 分开)"),
			path, first_bad);
		return ERR_INVALID;
	}
	return OK;
}

void add_variant(struct search *s, const uint32_t *cp, size_t n, enum pattern_mode mode,
	enum order whole, enum order part, enum order gap, const char *via)
{
	n = n < PATTERN_MAX ? n : PATTERN_MAX;
	if (s->variant_count == VARIANTS_MAX || n == 0)
		return;
	for (size_t i = 0; i < s->variant_count; i++)
		if (s->variants[i].n == n && s->variants[i].mode == mode &&
			memcmp(s->variants[i].cp, cp, n * sizeof *cp) == 0)
			return;
	struct variant *v = &s->variants[s->variant_count++];
	memcpy(v->cp, cp, n * sizeof *cp);
	v->n = n;
	v->mode = mode;
	v->whole = whole;
	v->part = part;
	v->gap = gap;
	v->via = via;
}

static size_t letters(const uint32_t *cp, size_t n)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		count += cp[i] >= 'a' && cp[i] <= 'z';
	return count;
}

/* Typed characters begin..end are the alias: enough of them to be meant? */
static bool enough(const uint32_t *cp, size_t begin, size_t end, size_t n, size_t alias_len)
{
	size_t typed = end - begin, letter_count = letters(cp + begin, typed);
	if (letter_count == 0)
		return typed == alias_len;
	/* initials are meant when they are all that is typed, or three of them */
	return typed >= 4 || (typed >= 2 && begin == 0 && end == n) ||
	       (typed >= 3 && alias_len >= 3);
}

static void replace(struct search *s, const struct alias *a, const uint32_t *cp, size_t n,
	size_t begin, size_t end)
{
	bool whole = begin == 0 && end == n;
	for (size_t w = 0; w < a->word_count; w++) {
		uint32_t out[PATTERN_MAX];
		size_t m = 0;
		if (begin + a->word_len[w] + (n - end) > PATTERN_MAX)
			continue;
		memcpy(out, cp, begin * sizeof *cp);
		m += begin;
		memcpy(out + m, a->words[w], a->word_len[w] * sizeof *cp);
		m += a->word_len[w];
		memcpy(out + m, cp + end, (n - end) * sizeof *cp);
		m += n - end;
		enum order order = whole ? ORDER_ALIAS : ORDER_ALIAS_PART;
		add_variant(s, out, m, PATTERN_PLAIN, order, order,
			whole ? ORDER_ALIAS_PART : ORDER_GAP, buf_str(&a->shown));
	}
}

static void try_alias(struct search *s, const struct alias *a, const uint32_t *cp, size_t n)
{
	size_t limit = letters(cp, n) == n ? 1 : n;
	if (a->n > n)
		return; /* even initials need as many letters */
	for (size_t begin = 0; begin < limit; begin++) {
		uint64_t ends = plain_consume(cp, n, begin, a->cp, a->n);
		for (size_t end = n; end > begin; end--) {
			if ((ends >> end & 1) && enough(cp, begin, end, n, a->n)) {
				replace(s, a, cp, n, begin, end);
				return;
			}
		}
	}
}

void add_alias_variants(struct search *s, const uint32_t *cp, size_t n)
{
	size_t first = s->variant_count;

	n = n < PATTERN_MAX ? n : PATTERN_MAX; /* as everywhere: the rest is cut */
	for (size_t i = 0; i < s->alias_count && s->variant_count < DIRECT_MAX; i++)
		try_alias(s, &s->aliases[i], cp, n);
	/* Once more on what came out: 个体户注册 holds two. */
	size_t once = s->variant_count;
	for (size_t v = first; v < once; v++) {
		const struct variant from = s->variants[v];
		if (from.whole == ORDER_ALIAS)
			continue;
		for (size_t i = 0; i < s->alias_count && s->variant_count < REPLACED_MAX; i++)
			if (strcmp(buf_str(&s->aliases[i].shown), from.via) != 0)
				try_alias(s, &s->aliases[i], from.cp, from.n);
	}
}
