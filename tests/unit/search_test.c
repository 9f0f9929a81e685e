/* The search: every way of typing, held against a plain slow matcher, and damaged index files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/fold.h"
#include "core/station/index.h"
#include "core/station/index_format.h"
#include "core/station/pinyin.h"
#include "core/station/search.h"
#include "tests/unit/scratch.h"

enum {
	NAMES_MAX = 200,
	ALL = 200, /* more than there are */
	ROUNDS = 1500,
	FLIPS = 600
};

struct hall {
	char *folder, *index;
	struct catalogue *catalogue;
	struct search *search;
	char *names[NAMES_MAX];
	struct fold folds[NAMES_MAX];
	size_t count;
};

static bool take_name(void *arg, const struct catalogue_row *row)
{
	struct hall *h = arg;
	for (size_t i = 0; i < h->count; i++)
		if (strcmp(h->names[i], row->name) == 0)
			return true;
	assert_true(h->count < NAMES_MAX);
	fold_text(&h->folds[h->count], row->name, strlen(row->name));
	h->names[h->count++] = mem_strdup(row->name);
	return true;
}

static void import(struct hall *h, const char *path)
{
	struct catalogue_import how = {.source = "test"};
	struct catalogue_result r = {0};
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	assert_int_equal(catalogue_import(h->catalogue, f, &how, &r, NULL), OK);
	assert_int_equal(r.bad, 0);
	fclose(f);
}

static void open_hall(struct hall *h, bool with_index)
{
	char *path, *demo = paths_share("data/demo/matters.jsonl");
	memset(h, 0, sizeof *h);
	h->folder = scratch_folder();
	path = paths_join(h->folder, "catalogue.db");
	h->index = paths_join(h->folder, "catalogue.idx");
	assert_int_equal(catalogue_open(&h->catalogue, path, 20700, NULL), OK);
	import(h, demo);
	if (with_index)
		assert_int_equal(index_build(h->catalogue, h->index, NULL), OK);
	assert_int_equal(search_open(&h->search, h->catalogue, h->index, NULL), OK);
	assert_int_equal(catalogue_each(h->catalogue, take_name, h), OK);
	assert_true(h->count > 30);
	free(path);
	free(demo);
}

static void close_hall(struct hall *h)
{
	search_close(h->search);
	catalogue_close(h->catalogue);
	for (size_t i = 0; i < h->count; i++)
		free(h->names[i]);
	free(h->index);
	scratch_remove(h->folder);
}

/* xorshift: the same story each time. */
static uint32_t chance(uint32_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

static void add_cp(struct buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		buf_addc(b, (char)cp);
	} else if (cp < 0x800) {
		buf_addc(b, (char)(0xC0 | cp >> 6));
		buf_addc(b, (char)(0x80 | (cp & 0x3F)));
	} else {
		buf_addc(b, (char)(0xE0 | cp >> 12));
		buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3F)));
		buf_addc(b, (char)(0x80 | (cp & 0x3F)));
	}
}

/* ---- the plain slow matcher ---- */

enum taking {
	STRICT, /* initials and whole syllables, the last one may be cut: must be found */
	LENIENT /* any syllable may be cut: what is found must be so at least */
};

/* The readings of cp that begin with what is typed at q: how many letters each takes. */
static size_t letters_of(uint32_t cp, const char *q, enum taking taking, size_t *took)
{
	const uint16_t *syllables;
	size_t n = 0, count = pinyin_set(cp) ? pinyin_readings(pinyin_set(cp), &syllables) : 0;
	for (size_t i = 0; i < count; i++) {
		const char *s = pinyin_syllable(syllables[i]);
		for (size_t k = 1; s[k - 1] && q[k - 1] == s[k - 1]; k++)
			if (taking == LENIENT || k == 1 || !s[k] || !q[k])
				took[n++] = k;
	}
	return n;
}

/* Typed q stands for the characters from `at` on; gaps: others may stand between. */
static bool stands(const struct fold *f, size_t at, const char *q, enum taking taking, bool gaps)
{
	size_t took[PINYIN_READINGS_MAX * 8];
	if (*q == '\0')
		return true;
	if (at >= f->len)
		return false;
	if (gaps && stands(f, at + 1, q, taking, true))
		return true;
	if (f->cp[at] < 0x80)
		return (char)f->cp[at] == *q && stands(f, at + 1, q + 1, taking, gaps);
	size_t n = letters_of(f->cp[at], q, taking, took);
	for (size_t i = 0; i < n; i++)
		if (stands(f, at + 1, q + took[i], taking, gaps))
			return true;
	return false;
}

static bool sounds_within(const struct fold *f, const char *q, enum taking taking, bool gaps)
{
	for (size_t at = 0; at < f->len; at++)
		if (stands(f, at, q, taking, gaps))
			return true;
	return false;
}

static bool holds(const struct fold *f, const uint32_t *cp, size_t n)
{
	for (size_t at = 0; at + n <= f->len; at++)
		if (memcmp(f->cp + at, cp, n * sizeof *cp) == 0)
			return true;
	return false;
}

static bool holds_apart(const struct fold *f, const uint32_t *cp, size_t n)
{
	size_t k = 0;
	for (size_t at = 0; at < f->len && k < n; at++)
		k += f->cp[at] == cp[k];
	return k == n;
}

static const struct search_hit *hit_of(const struct search_result *r, const char *name)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->hits[i].name, name) == 0)
			return &r->hits[i];
	return NULL;
}

static bool is_of_the_name(const struct search_hit *h)
{
	return *h->via == '\0' && h->tier <= SEARCH_SUBSTRING;
}

/* Not found, or found in the name by less than a part of it (an alias may be nearer). */
static bool is_worse(const struct search_hit *h)
{
	return !h || (*h->via == '\0' && h->tier > SEARCH_SUBSTRING);
}

/* ---- differential ---- */

static void characters_agree(void **state)
{
	struct hall h;
	uint32_t seed = 20261124;
	(void)state;
	open_hall(&h, true);
	for (int round = 0; round < ROUNDS; round++) {
		const struct fold *f = &h.folds[chance(&seed, (uint32_t)h.count)];
		uint32_t q[6];
		size_t n = 1 + chance(&seed, 4), at = chance(&seed, (uint32_t)f->len), k = 0;
		struct buf text = {0};
		struct search_result r = {0};
		bool apart = chance(&seed, 3) == 0;
		for (; k < n && at < f->len; at += apart ? 1 + chance(&seed, 3) : 1)
			q[k++] = f->cp[at];
		if (chance(&seed, 8) == 0) /* and queries that no name may hold */
			q[chance(&seed, (uint32_t)k)] =
				h.folds[chance(&seed, (uint32_t)h.count)].cp[0];
		bool han = true;
		for (size_t i = 0; i < k; i++) {
			han &= q[i] >= 0x80;
			add_cp(&text, q[i]);
		}
		search_query(h.search, buf_str(&text), NULL, ALL, &r);
		assert_false(r.slow);
		for (size_t i = 0; han && i < h.count; i++) {
			const struct search_hit *hit = hit_of(&r, h.names[i]);
			bool whole = holds(&h.folds[i], q, k);
			if (whole && is_worse(hit))
				fail_msg("'%s' misses %s", buf_str(&text), h.names[i]);
			if (hit && is_of_the_name(hit) && !whole)
				fail_msg("'%s' is not in %s", buf_str(&text), h.names[i]);
			if (k > 1 && holds_apart(&h.folds[i], q, k) && !hit)
				fail_msg("'%s' with gaps misses %s", buf_str(&text), h.names[i]);
		}
		buf_fini(&text);
	}
	close_hall(&h);
}

/* Letters as a clerk types them: initials, whole syllables, mixed, the last one cut. */
static void type_letters(uint32_t *seed, const struct fold *f, struct buf *out)
{
	size_t at = chance(seed, (uint32_t)f->len), n = 2 + chance(seed, 4);
	uint32_t style = chance(seed, 3);
	for (; n > 0 && at < f->len; at++, n--) {
		const uint16_t *syllables;
		unsigned set = pinyin_set(f->cp[at]);
		if (set == 0)
			break;
		size_t count = pinyin_readings(set, &syllables);
		const char *s = pinyin_syllable(syllables[chance(seed, (uint32_t)count)]);
		bool initial = style == 0 || (style == 1 && chance(seed, 2));
		buf_add(out, s, initial ? 1 : strlen(s));
	}
	if (style == 2 && out->len > 3 && chance(seed, 2))
		out->data[--out->len] = '\0';
}

static void letters_agree_on(
	const struct fold *f, const char *name, const char *q, const struct search_hit *hit)
{
	if (sounds_within(f, q, STRICT, false) && is_worse(hit))
		fail_msg("'%s' misses %s", q, name);
	if (hit && is_of_the_name(hit) && !sounds_within(f, q, LENIENT, false))
		fail_msg("'%s' is not in %s", q, name);
	if (hit && *hit->via == '\0' && hit->tier == SEARCH_GAP &&
		!sounds_within(f, q, LENIENT, true))
		fail_msg("'%s' is not even scattered in %s", q, name);
}

static void letters_agree(void **state)
{
	struct hall h;
	uint32_t seed = 42;
	int asked = 0;
	(void)state;
	open_hall(&h, true);
	for (int round = 0; round < ROUNDS; round++) {
		struct buf text = {0};
		struct search_result r = {0};
		type_letters(&seed, &h.folds[chance(&seed, (uint32_t)h.count)], &text);
		if (text.len >= 2) {
			asked++;
			search_query(h.search, buf_str(&text), NULL, ALL, &r);
			for (size_t i = 0; i < h.count; i++) {
				const struct search_hit *hit = hit_of(&r, h.names[i]);
				letters_agree_on(&h.folds[i], h.names[i], buf_str(&text), hit);
			}
		}
		buf_fini(&text);
	}
	assert_true(asked > ROUNDS / 2);
	close_hall(&h);
}

/* One slip in four characters or more never ends in nothing. */
static void a_slip_still_finds(void **state)
{
	struct hall h;
	uint32_t seed = 7;
	(void)state;
	open_hall(&h, true);
	for (int round = 0; round < ROUNDS / 3; round++) {
		size_t which = chance(&seed, (uint32_t)h.count);
		const struct fold *f = &h.folds[which];
		struct search_result r = {0};
		struct buf text = {0};
		size_t n = f->len < 6 ? f->len : 6, wrong = chance(&seed, (uint32_t)n);
		uint32_t how = chance(&seed, 3);
		for (size_t i = 0; i < n; i++) {
			if (i == wrong && how == 0)
				continue;
			if (i == wrong && how == 1)
				add_cp(&text, 0x9F98);
			if (i == wrong && how == 2 && i + 1 < n) {
				add_cp(&text, f->cp[i + 1]);
				add_cp(&text, f->cp[i]);
				i++;
				continue;
			}
			add_cp(&text, f->cp[i]);
		}
		search_fuzzy(h.search, buf_str(&text), NULL, ALL, &r);
		if (f->len >= 4 && !hit_of(&r, h.names[which]))
			fail_msg("'%s' does not find %s", buf_str(&text), h.names[which]);
		buf_fini(&text);
	}
	close_hall(&h);
}

/* ---- the slower path, and files that are not right ---- */

static void without_an_index_the_catalogue_answers(void **state)
{
	struct hall with, without;
	(void)state;
	open_hall(&with, true);
	open_hall(&without, false);
	assert_false(search_stale(with.search));
	assert_true(search_stale(without.search));
	for (size_t i = 0; i < with.count; i++) {
		struct search_result a = {0}, b = {0};
		search_query(with.search, with.names[i], NULL, 5, &a);
		search_query(without.search, with.names[i], NULL, 5, &b);
		assert_true(b.slow && !a.slow);
		assert_true(a.count > 0 && b.count > 0);
		assert_string_equal(a.hits[0].name, with.names[i]);
		assert_string_equal(b.hits[0].name, with.names[i]);
	}
	assert_int_equal(index_build(without.catalogue, without.index, NULL), OK);
	search_refresh(without.search);
	assert_false(search_stale(without.search));
	close_hall(&with);
	close_hall(&without);
}

static char *read_all(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	char *data = mem_alloc(*len + 8);
	assert_int_equal(fread(data, 1, *len, f), *len);
	fclose(f);
	return data;
}

static void write_all(const char *path, const char *data, size_t len)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	fclose(f);
}

/* A flipped bit is seen by the checksum, wherever it is. */
static void a_flipped_bit_is_refused(void **state)
{
	struct hall h;
	uint32_t seed = 99;
	size_t len;
	(void)state;
	open_hall(&h, true);
	char *data = read_all(h.index, &len);
	for (int i = 0; i < FLIPS; i++) {
		struct index_view v;
		size_t at = i < (int)sizeof(struct index_header) ? (size_t)i
								 : chance(&seed, (uint32_t)len);
		char bit = (char)(1 << chance(&seed, 8));
		data[at] ^= bit;
		assert_int_not_equal(index_check(&v, data, len), OK);
		data[at] ^= bit;
	}
	for (size_t cut = 0; cut < len; cut += 1 + chance(&seed, 4000)) {
		struct index_view v;
		assert_int_not_equal(index_check(&v, data, cut), OK);
	}
	free(data);
	close_hall(&h);
}

/* Damage that carries a right checksum may be refused or used, and never leads outside. */
static void a_forged_file_never_crashes(void **state)
{
	static const char *const queries[] = {
		"高龄", "glbt", "shebao", "民政 补贴", "51", "许可证", "a", ""};
	struct hall h;
	uint32_t seed = 3;
	size_t len;
	int used = 0;
	(void)state;
	open_hall(&h, true);
	char *whole = read_all(h.index, &len);
	for (int i = 0; i < FLIPS; i++) {
		char *data = mem_alloc(len);
		struct search *s = NULL;
		memcpy(data, whole, len);
		for (uint32_t n = 1 + chance(&seed, 3); n > 0; n--) {
			size_t at = chance(&seed, 3) ? chance(&seed, (uint32_t)len)
						     : chance(&seed, sizeof(struct index_header));
			data[at] = (char)chance(&seed, 256);
		}
		struct index_header *head = (struct index_header *)(void *)data;
		size_t after = offsetof(struct index_header, checksum) + sizeof head->checksum;
		head->checksum = index_checksum(data + after, len - after);
		write_all(h.index, data, len);
		assert_int_equal(search_open(&s, h.catalogue, h.index, NULL), OK);
		used += !search_stale(s);
		for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
			struct search_result r = {0};
			search_query(s, queries[q], NULL, 20, &r);
			search_fuzzy(s, queries[q], NULL, 20, &r);
		}
		search_close(s);
		free(data);
	}
	assert_true(used > 0); /* the forging gets past the checksum */
	free(whole);
	close_hall(&h);
}

static bool still_good(char *data, size_t len)
{
	struct index_header *head = (struct index_header *)(void *)data;
	size_t after = offsetof(struct index_header, checksum) + sizeof head->checksum;
	struct index_view v;
	head->checksum = index_checksum(data + after, len - after);
	return index_check(&v, data, len) == OK;
}

/* Each number of a section in turn becomes `number`: refused or not, wherever it stands. */
static void set_each(char *data, size_t len, enum index_section section, uint32_t number, bool good)
{
	const struct index_header *head = (const struct index_header *)(void *)data;
	size_t n = head->section_bytes[section] / sizeof(uint16_t);
	assert_true(n > 8); /* whole vectors and what is left over */
	for (size_t i = 0; i < n; i += i < 64 || i + 32 > n ? 1 : n / 50 + 1) {
		char *at = data + head->section_at[section] + i * sizeof(uint16_t);
		uint16_t was, is = (uint16_t)number;
		memcpy(&was, at, sizeof was);
		memcpy(at, &is, sizeof is);
		assert_int_equal(still_good(data, len), good);
		memcpy(at, &was, sizeof was);
	}
}

static void no_number_leads_beyond_its_table(void **state)
{
	struct hall h;
	size_t len;
	(void)state;
	open_hall(&h, true);
	char *data = read_all(h.index, &len);
	const struct index_header *head = (const struct index_header *)(void *)data;
	const struct {
		enum index_section section;
		uint32_t limit;
		bool none; /* may be INDEX_NONE16 */
	} tables[] = {
		{INDEX_POOL, head->glyphs, false},
		{INDEX_NAME_KIND, head->kinds, false},
		{INDEX_ROW_KIND, head->kinds, true},
		{INDEX_ROW_ATTR, head->attrs, true},
		{INDEX_ROW_REGION, head->regions, false},
	};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		set_each(data, len, tables[i].section, tables[i].limit - 1, true);
		set_each(data, len, tables[i].section, tables[i].limit, false);
		set_each(data, len, tables[i].section, INDEX_NONE16 - 1, false);
		set_each(data, len, tables[i].section, INDEX_NONE16, tables[i].none);
	}
	free(data);
	close_hall(&h);
}

/* ---- ways of typing ---- */

static void finds(struct hall *h, const char *typed, const char *wanted)
{
	struct search_result r = {0};
	search_fuzzy(h->search, typed, NULL, 10, &r);
	for (size_t i = 0; i < r.count; i++)
		if (strstr(r.hits[i].name, wanted))
			return;
	fail_msg("'%s' does not find %s", typed, wanted);
}

static void any_way_of_typing(void **state)
{
	struct hall h;
	char *aliases = paths_share("data/aliases.tsv");
	(void)state;
	open_hall(&h, true);
	assert_int_equal(search_aliases(h.search, aliases, NULL), OK);
	finds(&h, "高龄", "高龄");
	finds(&h, "gaoling", "高龄");
	finds(&h, "ＧＬ", "高龄");
	finds(&h, "GAOLING jt", "高龄");
	finds(&h, "高齡", "高龄");
	finds(&h, "gaoning", "高龄");
	finds(&h, "低保", "最低生活保障");
	free(aliases);
	close_hall(&h);
}

/* A pasted page: aliases are looked for in what is looked at, and nowhere beyond. */
static void more_than_is_looked_at(void **state)
{
	struct hall h;
	char *aliases = paths_share("data/aliases.tsv");
	struct buf typed = {0};
	(void)state;
	open_hall(&h, true);
	assert_int_equal(search_aliases(h.search, aliases, NULL), OK);
	for (int before = 0; before < 90; before++) {
		struct search_result r = {0};
		buf_clear(&typed);
		for (int i = 0; i < before; i++)
			buf_adds(&typed, "业");
		buf_adds(&typed, "低保");
		search_query(h.search, buf_str(&typed), NULL, 10, &r);
		assert_true(before > 0 ? r.count == 0 : r.count > 0);
	}
	buf_fini(&typed);
	free(aliases);
	close_hall(&h);
}

static void marks_lie_within_the_name(void **state)
{
	struct hall h;
	uint32_t seed = 11;
	(void)state;
	open_hall(&h, true);
	for (int round = 0; round < 300; round++) {
		struct buf text = {0};
		struct search_result r = {0};
		type_letters(&seed, &h.folds[chance(&seed, (uint32_t)h.count)], &text);
		search_fuzzy(h.search, buf_str(&text), NULL, 20, &r);
		for (size_t i = 0; i < r.count; i++) {
			size_t end = 0;
			for (int m = 0; m < r.hits[i].mark_count; m++) {
				const struct search_mark *k = &r.hits[i].marks[m];
				assert_true(k->len_bytes > 0 && k->at_bytes >= end);
				end = (size_t)k->at_bytes + k->len_bytes;
			}
			assert_true(end <= strlen(r.hits[i].name));
		}
		buf_fini(&text);
	}
	close_hall(&h);
}

/* The clock of a machine whose battery is dead stands before all that is in force. */
static void nothing_in_force_has_a_reason(void **state)
{
	const int64_t day = 86400 * 1000, now = 1764000000000;
	const struct catalogue_info full = {.in_force = 74, .imported_ms = now},
				    empty = {.in_force = 0},
				    ahead = {.in_force = 0, .imported_ms = now + 400 * day};

	(void)state;
	assert_null(catalogue_none(&full, now - 400 * day));
	assert_non_null(strstr(catalogue_none(&empty, now), "catalogue import"));
	assert_non_null(strstr(catalogue_none(&ahead, now), "日期"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_in_force_has_a_reason),
		cmocka_unit_test(characters_agree),
		cmocka_unit_test(letters_agree),
		cmocka_unit_test(a_slip_still_finds),
		cmocka_unit_test(without_an_index_the_catalogue_answers),
		cmocka_unit_test(a_flipped_bit_is_refused),
		cmocka_unit_test(a_forged_file_never_crashes),
		cmocka_unit_test(no_number_leads_beyond_its_table),
		cmocka_unit_test(any_way_of_typing),
		cmocka_unit_test(more_than_is_looked_at),
		cmocka_unit_test(marks_lie_within_the_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
