#include "core/station/index_format.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/station/fold.h"
#include "core/station/pinyin.h"

/* Four independent lanes, so that it runs at the speed of memory. */
uint64_t index_checksum(const void *data, size_t len_bytes)
{
	const uint64_t prime = 0x9E3779B185EBCA87u;
	uint64_t lane[4] = {1, 2, 3, 4};
	const unsigned char *p = data;
	size_t i = 0;
	for (; i + 32 <= len_bytes; i += 32) {
		uint64_t w[4];
		memcpy(w, p + i, sizeof w);
		for (int k = 0; k < 4; k++) {
			lane[k] = (lane[k] ^ w[k]) * prime;
			lane[k] ^= lane[k] >> 29;
		}
	}
	uint64_t sum = len_bytes;
	for (; i < len_bytes; i++)
		sum = (sum ^ p[i]) * prime;
	for (int k = 0; k < 4; k++) {
		sum = (sum ^ lane[k]) * prime;
		sum ^= sum >> 32;
	}
	return sum;
}

static uint64_t letter_bit(char c)
{
	return c >= 'a' && c <= 'z' ? (uint64_t)1 << (c - 'a') : 0;
}

uint64_t index_signature(uint32_t cp)
{
	uint64_t sig = 0;
	if (cp >= 'a' && cp <= 'z')
		return letter_bit((char)cp);
	const uint16_t *syllables;
	size_t n = pinyin_readings(pinyin_set(cp), &syllables);
	for (size_t i = 0; i < n; i++)
		sig |= letter_bit(pinyin_syllable(syllables[i])[0]);
	return sig | (uint64_t)1 << (26 + (cp * 2654435761u >> 8) % 38);
}

uint64_t index_pair(char first, char second)
{
	uint32_t both = (uint32_t)(unsigned char)first << 8 | (unsigned char)second;
	return (uint64_t)1 << (both * 2654435761u >> 26);
}

uint64_t index_pairs(uint32_t cp)
{
	uint64_t pairs = 0;
	const uint16_t *syllables;
	size_t n = pinyin_readings(pinyin_set(cp), &syllables);
	for (size_t i = 0; i < n; i++) {
		const char *s = pinyin_syllable(syllables[i]);
		if (s[1])
			pairs |= index_pair(s[0], s[1]);
		if (s[1] == 'v') /* typed u as often */
			pairs |= index_pair(s[0], 'u');
	}
	return pairs;
}

int index_glyph(const struct index_view *v, uint32_t cp)
{
	int low = 0, high = (int)v->h->glyphs - 1;
	while (low <= high) {
		int mid = (low + high) / 2;
		if (v->glyph_cp[mid] == cp)
			return mid;
		if (v->glyph_cp[mid] < cp)
			low = mid + 1;
		else
			high = mid - 1;
	}
	return -1;
}

static bool sizes_fit(const struct index_header *h)
{
	const uint64_t texts = (uint64_t)h->names + h->aliases;
	const struct {
		enum index_section section;
		uint64_t bytes;
	} fixed[] = {
		{INDEX_GLYPH_CP, h->glyphs * 4ull},
		{INDEX_GLYPH_DF, h->glyphs * 4ull},
		{INDEX_TEXT_AT, (texts + 1) * 4},
		{INDEX_TEXT_SIG, texts * 8},
		{INDEX_TEXT_PAIRS, texts * 8},
		{INDEX_STRING_AT, (texts + 1) * 4},
		{INDEX_ALIAS_NAME, h->aliases * 4ull},
		{INDEX_ROW_AT, (h->names + 1ull) * 4},
		{INDEX_ROW_ID, h->rows * 4ull},
		{INDEX_ROW_REGION, h->rows * 2ull},
		{INDEX_ROW_REGION2, h->regions > 65536 ? h->rows : 0},
		{INDEX_ROW_KIND, h->rows * 2ull},
		{INDEX_ROW_ATTR, h->rows * 2ull},
		{INDEX_NAME_KIND_AT, (h->names + 1ull) * 4},
		{INDEX_CORE_AT, (h->names + 1ull) * 4},
		{INDEX_KIND, h->kinds * 4ull},
		{INDEX_REGION_CODE, h->regions * 4ull},
		{INDEX_REGION_NAME, h->regions * 4ull},
		{INDEX_ATTR, h->attrs * sizeof(struct index_attr)},
	};
	for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
		if (h->section_bytes[fixed[i].section] != fixed[i].bytes)
			return false;
	return true;
}

static bool sections_fit(const struct index_header *h, size_t len_bytes)
{
	for (int i = 0; i < INDEX_SECTION__MAX; i++)
		if (h->section_at[i] % 8 != 0 || h->section_at[i] < sizeof *h ||
			h->section_at[i] > len_bytes ||
			h->section_bytes[i] > len_bytes - h->section_at[i])
			return false;
	return sizes_fit(h);
}

/* Offsets that only rise, from 0 to exactly end. */
static bool rising(const uint32_t *at, uint64_t n, uint64_t end)
{
	if (at[0] != 0 || at[n] != end)
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (at[i] > at[i + 1])
			return false;
	return true;
}

static bool below32(const uint32_t *v, uint64_t n, uint64_t limit)
{
	uint32_t most = 0;
	for (uint64_t i = 0; i < n; i++)
		most = v[i] > most ? v[i] : most;
	return n == 0 || most < limit;
}

/* Eight numbers at a time: there are several for every row. */
typedef uint16_t eight __attribute__((vector_size(16)));

/* INDEX_NONE16 is the number that wraps to 0 when one is added. */
static bool below16(const uint16_t *v, uint64_t n, uint32_t limit, bool none_allowed)
{
	const uint16_t add = none_allowed, most = (uint16_t)(limit - !none_allowed);
	const eight adds = {add, add, add, add, add, add, add, add};
	const eight mosts = {most, most, most, most, most, most, most, most};
	eight bad = {0};
	uint64_t i = 0;
	if (limit > INDEX_NONE16)
		return true;
	if (limit == 0 && !none_allowed)
		return n == 0;
	for (; i + 8 <= n; i += 8) {
		eight x;
		memcpy(&x, v + i, sizeof x);
		bad |= (eight)(x + adds > mosts);
	}
	for (; i < n; i++)
		bad[0] |= (uint16_t)(v[i] + add) > most;
	for (int k = 0; k < 8; k++)
		if (bad[k])
			return false;
	return true;
}

static bool regions_fit(const struct index_view *v)
{
	if (!v->row_region2)
		return below16(v->row_region, v->h->rows, v->h->regions, false);
	for (uint32_t i = 0; i < v->h->rows; i++)
		if (index_region(v, i) >= v->h->regions)
			return false;
	return true;
}

static bool texts_fit(const struct index_view *v)
{
	for (uint64_t i = 0; i < (uint64_t)v->h->names + v->h->aliases; i++)
		if (v->text_at[i + 1] - v->text_at[i] > FOLD_MAX)
			return false;
	return true;
}

static bool contents_fit(const struct index_view *v)
{
	const struct index_header *h = v->h;
	const uint64_t texts = (uint64_t)h->names + h->aliases;
	const uint64_t strings = h->section_bytes[INDEX_STRINGS];
	if (strings == 0 || v->strings[strings - 1] != '\0')
		return false;
	for (uint32_t i = 0; i < h->attrs; i++)
		if (v->attr[i].type >= strings || v->attr[i].level >= strings ||
			v->attr[i].topics >= strings)
			return false;
	return rising(v->text_at, texts, h->section_bytes[INDEX_POOL] / 2) && texts_fit(v) &&
	       v->string_at[texts] <= strings && rising(v->string_at, texts, v->string_at[texts]) &&
	       rising(v->row_at, h->names, h->rows) &&
	       rising(v->name_kind_at, h->names, h->section_bytes[INDEX_NAME_KIND] / 2) &&
	       rising(v->core_at, h->names, h->section_bytes[INDEX_CORE] / 4) &&
	       below32(v->alias_name, h->aliases, h->names) &&
	       below32(v->core, h->section_bytes[INDEX_CORE] / 4, strings) &&
	       below32(v->kind, h->kinds, strings) &&
	       below32(v->region_code, h->regions, strings) &&
	       below32(v->region_name, h->regions, strings) &&
	       below16(v->pool, h->section_bytes[INDEX_POOL] / 2, h->glyphs, false) &&
	       below16(v->row_kind, h->rows, h->kinds, true) &&
	       below16(v->row_attr, h->rows, h->attrs, true) &&
	       below16(v->name_kind, h->section_bytes[INDEX_NAME_KIND] / 2, h->kinds, false) &&
	       regions_fit(v);
}

static void point(struct index_view *v)
{
	const char *base = (const char *)v->h;
	const void *at[INDEX_SECTION__MAX];
	for (int i = 0; i < INDEX_SECTION__MAX; i++)
		at[i] = base + v->h->section_at[i];
	v->glyph_cp = at[INDEX_GLYPH_CP];
	v->glyph_df = at[INDEX_GLYPH_DF];
	v->text_at = at[INDEX_TEXT_AT];
	v->text_sig = at[INDEX_TEXT_SIG];
	v->text_pairs = at[INDEX_TEXT_PAIRS];
	v->pool = at[INDEX_POOL];
	v->string_at = at[INDEX_STRING_AT];
	v->alias_name = at[INDEX_ALIAS_NAME];
	v->row_at = at[INDEX_ROW_AT];
	v->row_id = at[INDEX_ROW_ID];
	v->row_region = at[INDEX_ROW_REGION];
	v->row_region2 = v->h->section_bytes[INDEX_ROW_REGION2] ? at[INDEX_ROW_REGION2] : NULL;
	v->row_kind = at[INDEX_ROW_KIND];
	v->row_attr = at[INDEX_ROW_ATTR];
	v->name_kind_at = at[INDEX_NAME_KIND_AT];
	v->name_kind = at[INDEX_NAME_KIND];
	v->core_at = at[INDEX_CORE_AT];
	v->core = at[INDEX_CORE];
	v->kind = at[INDEX_KIND];
	v->region_code = at[INDEX_REGION_CODE];
	v->region_name = at[INDEX_REGION_NAME];
	v->attr = at[INDEX_ATTR];
	v->strings = at[INDEX_STRINGS];
}

enum err index_check(struct index_view *v, const void *data, size_t len_bytes)
{
	const struct index_header *h = data;
	const size_t summed = offsetof(struct index_header, checksum) + sizeof h->checksum;
	if (len_bytes < sizeof *h || memcmp(h->magic, INDEX_MAGIC, sizeof h->magic) != 0 ||
		h->version != INDEX_VERSION || h->order != 0x01020304 || h->bytes != len_bytes)
		return ERR_DAMAGED;
	if (h->checksum != index_checksum((const char *)data + summed, len_bytes - summed) ||
		h->pinyin != pinyin_fingerprint() || !sections_fit(h, len_bytes))
		return ERR_DAMAGED;
	v->h = h;
	point(v);
	return contents_fit(v) ? OK : ERR_DAMAGED;
}

enum err index_map(struct index_view **out, const char *path, int64_t identity, int64_t generation)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return ERR_NOT_FOUND;
	struct index_view *v = mem_alloc(sizeof *v);
	enum err e = ERR_DAMAGED;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_size >= (off_t)sizeof(struct index_header)) {
		v->map_bytes = (size_t)st.st_size;
		v->device = (int64_t)st.st_dev;
		v->inode = (int64_t)st.st_ino;
		v->map = mmap(NULL, v->map_bytes, PROT_READ, MAP_SHARED, fd, 0);
		if (v->map == MAP_FAILED)
			v->map = NULL;
		else
			e = index_check(v, v->map, v->map_bytes);
		/* The check has walked through all of it, a search does not: what it needs comes
		 * back from the system's cache as it is needed. */
		if (e == OK)
			madvise(v->map, v->map_bytes, MADV_DONTNEED);
	}
	close(fd);
	if (e == ERR_DAMAGED)
		log_warn("index", "%s is not a whole index of this version", path);
	if (e == OK && (v->h->identity != identity || v->h->generation != generation))
		e = ERR_STATE;
	if (e == OK)
		*out = v;
	else
		index_unmap(v);
	return e;
}

void index_unmap(struct index_view *v)
{
	if (!v)
		return;
	if (v->map)
		munmap(v->map, v->map_bytes);
	free(v);
}
