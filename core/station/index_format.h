/*
 * The layout of the index file, and a view of one in memory. Only index_build.c writes it and only
 * index_map.c checks it; the search reads through struct index_view. Numbers are in the machine's
 * own order (the header tells), every section begins at a multiple of 8.
 */
#ifndef YIMEN_CORE_STATION_INDEX_FORMAT_H
#define YIMEN_CORE_STATION_INDEX_FORMAT_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INDEX_MAGIC "yimenidx"

enum {
	INDEX_VERSION = 3,
	INDEX_NONE16 = 0xFFFF /* too many distinct ones to number: ask the catalogue */
};

/* A text: a name (numbered 0 to names-1, in order of length), then the aliases of the catalogue. */
enum index_section {
	INDEX_GLYPH_CP,	   /* u32[glyphs]: the distinct characters of texts and bodies, ascending */
	INDEX_GLYPH_DF,	   /* u32[glyphs]: in how many names */
	INDEX_TEXT_AT,	   /* u32[texts + 1]: into POOL */
	INDEX_TEXT_SIG,	   /* u64[texts]: signature, see index_signature */
	INDEX_TEXT_PAIRS,  /* u64[texts]: how its syllables begin, see index_pairs */
	INDEX_POOL,	   /* u16[]: glyph numbers of the texts, folded */
	INDEX_STRING_AT,   /* u32[texts + 1]: into STRINGS, as written */
	INDEX_ALIAS_NAME,  /* u32[aliases]: the name it stands for */
	INDEX_ROW_AT,	   /* u32[names + 1]: rows of a name, in order of region */
	INDEX_ROW_ID,	   /* u32[rows]: of the catalogue */
	INDEX_ROW_REGION,  /* u16[rows]: low half */
	INDEX_ROW_REGION2, /* u8[rows] when there are more than 65 536 regions, else empty */
	INDEX_ROW_KIND,	   /* u16[rows]: the body's name, or INDEX_NONE16 */
	INDEX_ROW_ATTR,	   /* u16[rows]: its attributes, or INDEX_NONE16 */
	INDEX_NAME_KIND_AT, /* u32[names + 1]: into NAME_KIND */
	INDEX_NAME_KIND,    /* u16[]: the kinds of body that have a name */
	INDEX_CORE_AT,	    /* u32[names + 1]: into CORE */
	INDEX_CORE, /* u32[]: offsets into STRINGS of the codes' telling parts, lower case */
	INDEX_KIND, /* u32[kinds]: offsets into STRINGS: digit-free template, see index_dept */
	INDEX_REGION_CODE, /* u32[regions]: offsets into STRINGS, ascending by code */
	INDEX_REGION_NAME, /* u32[regions]: offsets into STRINGS */
	INDEX_ATTR,	   /* struct index_attr[attrs] */
	INDEX_STRINGS,	   /* bytes, each string closed by NUL */
	INDEX_SECTION__MAX
};

enum {
	INDEX_PERSON = 1,
	INDEX_BODY = 2,
	INDEX_INSTANT = 4,
	INDEX_ONLINE = 8
};

struct index_attr {
	uint32_t type, level, topics; /* offsets into STRINGS; topics separated by '\n' */
	uint32_t flags;
};

struct index_header {
	char magic[8];
	uint32_t version, order; /* order: 0x01020304 */
	uint64_t bytes;		 /* of the whole file */
	uint64_t checksum;	 /* of all after this member */
	int64_t identity, generation;
	uint32_t pinyin; /* fingerprint of the tables the signatures were made with */
	uint32_t glyphs, names, aliases, rows, kinds, regions, attrs;
	uint64_t section_at[INDEX_SECTION__MAX], section_bytes[INDEX_SECTION__MAX];
};

struct index_view {
	const struct index_header *h;
	const uint32_t *glyph_cp, *glyph_df, *text_at, *string_at, *alias_name;
	const uint64_t *text_sig, *text_pairs;
	const uint16_t *pool;
	const uint32_t *row_at, *row_id;
	const uint16_t *row_region, *row_kind, *row_attr;
	const uint8_t *row_region2; /* NULL: none */
	const uint32_t *name_kind_at;
	const uint16_t *name_kind;
	const uint32_t *core_at, *core, *kind, *region_code, *region_name;
	const struct index_attr *attr;
	const char *strings;
	void *map;
	size_t map_bytes;
	int64_t device, inode; /* of the file that is mapped */
};

/* Maps and checks it. ERR_NOT_FOUND: no file. ERR_DAMAGED: not whole, or not of this format.
 * ERR_STATE: of another catalogue or generation. */
enum err index_map(struct index_view **out, const char *path, int64_t identity, int64_t generation);
void index_unmap(struct index_view *v); /* NULL does nothing */
/* The same from bytes in memory (8-aligned, borrowed): for index_map and its tests. */
enum err index_check(struct index_view *v, const void *data, size_t len_bytes);

uint64_t index_checksum(const void *data, size_t len_bytes);

/* One bit for each initial letter of any reading and each letter, 38 for characters by hash. */
uint64_t index_signature(uint32_t cp);

/* One bit, by hash, for the first two letters of any reading of cp. 0: it has none. */
uint64_t index_pairs(uint32_t cp);
/* The bit of a syllable that begins with these two letters. */
uint64_t index_pair(char first, char second);

static inline uint32_t index_region(const struct index_view *v, uint32_t row)
{
	return v->row_region[row] | (v->row_region2 ? (uint32_t)v->row_region2[row] << 16 : 0);
}

/* The number of a character, or -1. */
int index_glyph(const struct index_view *v, uint32_t cp);

#endif
