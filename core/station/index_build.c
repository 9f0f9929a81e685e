#include "core/station/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/fold.h"
#include "core/station/index_format.h"
#include "core/station/intern.h"
#include "core/station/pinyin.h"

enum {
	ATTR_MAX_BYTES = 64, /* of a type or a level in a key */
	CORE_MAX_BYTES = 64,
	SLICE_ROWS = 2000, /* of a catalogue, in one slice */
	WHOLE_CODES_MAX =
		50000 /* distinct codes that are kept whole, in dialects we cannot split */
};

struct row {
	uint32_t name, id, region;
	uint16_t kind, attr;
};

struct index_builder {
	struct intern names, aliases, regions, kinds, cores, attrs, strings;
	struct intern_pairs name_kinds, name_cores, alias_names;
	struct buf region_names; /* u32 offsets into strings, by region */
	struct buf attr_list;	 /* struct index_attr, offsets into strings */
	struct row *rows;
	size_t row_count, row_room;
};

struct index_builder *index_builder_new(void)
{
	return mem_alloc(sizeof(struct index_builder));
}

void index_builder_free(struct index_builder *b)
{
	if (!b)
		return;
	struct intern *const interns[] = {
		&b->names, &b->aliases, &b->regions, &b->kinds, &b->cores, &b->attrs, &b->strings};
	for (size_t i = 0; i < sizeof interns / sizeof *interns; i++)
		intern_fini(interns[i]);
	intern_pairs_fini(&b->name_kinds);
	intern_pairs_fini(&b->name_cores);
	intern_pairs_fini(&b->alias_names);
	buf_fini(&b->region_names);
	buf_fini(&b->attr_list);
	free(b->rows);
	free(b);
}

static uint32_t string(struct index_builder *b, const char *s)
{
	return intern_offset(&b->strings, intern(&b->strings, s, strlen(s)));
}

/*
 * A body's name without its region's: 广州市越秀区民政局 in 广东省广州市越秀区 becomes \1, the
 * offset + 1 at which the region's name goes on in it, and 民政局. Thus a few thousand kinds serve
 * every place.
 */
static uint16_t kind_of(struct index_builder *b, const struct catalogue_row *row)
{
	const char *dept = row->dept_name, *region = row->region_name;
	size_t region_len = strlen(region);
	char rest[512];
	for (size_t a = 0; a + 6 <= region_len && a < 254; a++) {
		if (((unsigned char)region[a] & 0xC0) == 0x80 ||
			strncmp(dept, region + a, region_len - a) != 0)
			continue;
		size_t n = strlen(dept + region_len - a) + 1;
		if (n + 2 <= sizeof rest) {
			rest[0] = '\1';
			rest[1] = (char)(a + 1);
			memcpy(rest + 2, dept + region_len - a, n);
			dept = rest;
		}
		break;
	}
	uint32_t kind = intern(&b->kinds, dept, strlen(dept));
	return kind < INDEX_NONE16 ? (uint16_t)kind : INDEX_NONE16;
}

static uint32_t region_of(struct index_builder *b, const struct catalogue_row *row)
{
	size_t before = b->regions.count;
	uint32_t region = intern(&b->regions, row->region_code, strlen(row->region_code));
	if (b->regions.count > before) {
		uint32_t name = string(b, row->region_name);
		buf_add(&b->region_names, &name, sizeof name);
	}
	return region;
}

/* Adds s and a separator, as far as there is room: printf would take half of the whole build. */
static size_t join(char *out, size_t at, size_t room, const char *s)
{
	while (*s && at + 2 < room)
		out[at++] = *s++;
	out[at++] = '\x1F';
	return at;
}

static uint16_t attr_of(struct index_builder *b, const struct catalogue_row *row)
{
	char key[1024];
	uint32_t flags = (row->for_person ? INDEX_PERSON : 0) | (row->for_body ? INDEX_BODY : 0) |
			 (row->instant ? INDEX_INSTANT : 0) | (row->online ? INDEX_ONLINE : 0);
	const char flag[2] = {(char)('A' + flags), '\0'};
	size_t len = join(key, 0, ATTR_MAX_BYTES, row->type);
	len = join(key, len, ATTR_MAX_BYTES * 2, row->level);
	len = join(key, len, ATTR_MAX_BYTES * 2 + 4, flag);
	len = join(key, len, sizeof key, row->topics);
	size_t before = b->attrs.count;
	uint32_t attr = intern(&b->attrs, key, len);
	if (b->attrs.count > before) {
		struct index_attr a = {
			string(b, row->type), string(b, row->level), string(b, row->topics), flags};
		buf_add(&b->attr_list, &a, sizeof a);
	}
	return attr < INDEX_NONE16 ? (uint16_t)attr : INDEX_NONE16;
}

/* The part of a code that tells the matter, in the dialects we know. Returns its length, 0 when
 * there is none. */
static size_t code_core(const struct index_builder *b, const struct catalogue_row *row, char *out)
{
	const char *code = row->code, *end = code + strlen(code);
	size_t dept_len = strlen(row->dept_code), region_len = strlen(row->region_code);
	const char *region = region_len >= 6 ? strstr(code, row->region_code) : NULL;
	if (region && region > code + 4 && region[-1] == '-')
		end = region - 1; /* 511A0147200000-511602000000-… */
	else if (dept_len >= 8 && strncmp(code, row->dept_code, dept_len) == 0)
		code += dept_len; /* the body's code, level, basic code */
	else if (end - code >= 31 && end - code <= 33)
		code += 18; /* likewise, the body under another code */
	else if (b->cores.count > WHOLE_CODES_MAX)
		end = code;
	size_t n = 0;
	for (; code < end && n < CORE_MAX_BYTES - 1; code++)
		out[n++] = *code >= 'A' && *code <= 'Z' ? (char)(*code + 'a' - 'A') : *code;
	out[n] = '\0';
	return n;
}

static void add_aliases(struct index_builder *b, const struct catalogue_row *row, uint32_t name)
{
	for (const char *s = row->aliases; *s;) {
		size_t n = strcspn(s, "\n");
		if (n > 0)
			intern_pair(&b->alias_names, name, intern(&b->aliases, s, n));
		s += n + (s[n] == '\n');
	}
}

void index_builder_add(struct index_builder *b, const struct catalogue_row *row)
{
	if (b->row_count == b->row_room) {
		b->row_room = b->row_room ? b->row_room * 2 : 1024;
		b->rows = mem_resize(b->rows, b->row_room, sizeof *b->rows);
	}
	char core[CORE_MAX_BYTES];
	const size_t name_len = strlen(row->name), core_len = code_core(b, row, core);
	const uint64_t name_hash = intern_hash(&b->names, row->name, name_len);
	const uint64_t core_hash = intern_hash(&b->cores, core, core_len);
	struct row r = {0, (uint32_t)row->id, region_of(b, row), kind_of(b, row), attr_of(b, row)};
	r.name = intern_hashed(&b->names, row->name, name_len, name_hash);
	b->rows[b->row_count++] = r;
	if (r.kind != INDEX_NONE16)
		intern_pair(&b->name_kinds, r.name, r.kind);
	if (core_len > 0)
		intern_pair(&b->name_cores, r.name,
			intern_hashed(&b->cores, core, core_len, core_hash));
	if (*row->catalog_code && !strstr(core, row->catalog_code))
		intern_pair(&b->name_cores, r.name,
			intern(&b->cores, row->catalog_code, strlen(row->catalog_code)));
	if (*row->aliases)
		add_aliases(b, row, r.name);
}

/* ---- writing ---- */

struct text {
	uint32_t origin;  /* number of the name, or of the pair (name, alias) */
	uint32_t pool_at; /* into the folded pool */
	uint16_t len;
};

struct writer {
	struct index_builder *b;
	struct index_header h;
	struct buf section[INDEX_SECTION__MAX];
	struct buf folded;  /* u32 code points of all texts, in order of origin */
	struct text *texts; /* names, then aliases; each part sorted */
	uint32_t *name_rank, *region_rank;
};

static void put32(struct buf *b, uint64_t n)
{
	uint32_t v = (uint32_t)n;
	buf_add(b, &v, sizeof v);
}

static void put16(struct buf *b, unsigned n)
{
	uint16_t v = (uint16_t)n;
	buf_add(b, &v, sizeof v);
}

static const char *text_string(const struct writer *w, const struct text *t)
{
	if (t < w->texts + w->h.names)
		return intern_text(&w->b->names, t->origin);
	return intern_text(&w->b->aliases, w->b->alias_names.pairs[t->origin].value);
}

static void fold_one(struct writer *w, struct text *t, uint32_t origin, const char *s)
{
	struct fold f;
	fold_text(&f, s, strlen(s));
	t->origin = origin;
	t->pool_at = (uint32_t)(w->folded.len / sizeof(uint32_t));
	t->len = (uint16_t)f.len;
	buf_add(&w->folded, f.cp, f.len * sizeof *f.cp);
}

static int compare_texts(const void *a, const void *b)
{
	const struct text *x = a, *y = b;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->origin < y->origin ? -1 : x->origin > y->origin;
}

/* The characters of the bodies' names are numbered too, so that words can be held against them. */
static void fold_kinds(struct writer *w)
{
	for (uint32_t i = 0; i < w->b->kinds.count; i++) {
		struct fold f;
		const char *s = intern_text(&w->b->kinds, i);
		if (s[0] == '\1' && s[1])
			s += 2;
		fold_text(&f, s, strlen(s));
		buf_add(&w->folded, f.cp, f.len * sizeof *f.cp);
	}
}

static void make_texts(struct writer *w)
{
	struct index_builder *b = w->b;
	w->h.names = (uint32_t)b->names.count;
	w->h.aliases = (uint32_t)b->alias_names.count;
	w->texts = mem_array((size_t)w->h.names + w->h.aliases + 1, sizeof *w->texts);
	for (uint32_t i = 0; i < w->h.names; i++)
		fold_one(w, &w->texts[i], i, intern_text(&b->names, i));
	for (uint32_t i = 0; i < w->h.aliases; i++)
		fold_one(w, &w->texts[w->h.names + i], i,
			intern_text(&b->aliases, b->alias_names.pairs[i].value));
	fold_kinds(w);
	qsort(w->texts, w->h.names, sizeof *w->texts, compare_texts);
	qsort(w->texts + w->h.names, w->h.aliases, sizeof *w->texts, compare_texts);
	w->name_rank = mem_array(w->h.names + 1, sizeof *w->name_rank);
	for (uint32_t i = 0; i < w->h.names; i++)
		w->name_rank[w->texts[i].origin] = i;
}

/* Numbers the characters; glyph_of is by code point, 0 = absent, else number + 1. */
static uint16_t *make_glyphs(struct writer *w)
{
	enum {
		CODE_POINTS = 0x40000
	};
	uint16_t *glyph_of = mem_array(CODE_POINTS, sizeof *glyph_of);
	const uint32_t *cp = (const uint32_t *)(const void *)w->folded.data;
	size_t n = w->folded.len / sizeof *cp;
	for (size_t i = 0; i < n; i++)
		if (cp[i] < CODE_POINTS)
			glyph_of[cp[i]] = 1;
	for (uint32_t c = 0; c < CODE_POINTS; c++) {
		if (!glyph_of[c])
			continue;
		if (w->h.glyphs == UINT16_MAX) {
			glyph_of[c] = 0;
			continue;
		}
		glyph_of[c] = (uint16_t)++w->h.glyphs;
		put32(&w->section[INDEX_GLYPH_CP], c);
	}
	return glyph_of;
}

/* What a character gives to the signatures of a text. */
struct signature {
	uint64_t letters, pairs;
};

static void write_text(struct writer *w, const struct text *t, const uint16_t *glyph_of,
	const struct signature *sign, uint32_t *df, uint32_t *seen, uint32_t mark)
{
	const uint32_t *cp = (const uint32_t *)(const void *)w->folded.data + t->pool_at;
	struct signature all = {0, 0};
	for (size_t i = 0; i < t->len; i++) {
		unsigned glyph = cp[i] < 0x40000 ? glyph_of[cp[i]] : 0;
		if (glyph == 0)
			continue;
		glyph--;
		put16(&w->section[INDEX_POOL], glyph);
		all.letters |= sign[glyph].letters;
		all.pairs |= sign[glyph].pairs;
		if (df && seen[glyph] != mark) {
			seen[glyph] = mark;
			df[glyph]++;
		}
	}
	buf_add(&w->section[INDEX_TEXT_SIG], &all.letters, sizeof all.letters);
	buf_add(&w->section[INDEX_TEXT_PAIRS], &all.pairs, sizeof all.pairs);
	put32(&w->section[INDEX_TEXT_AT], w->section[INDEX_POOL].len / 2);
	const char *s = text_string(w, t);
	buf_add(&w->section[INDEX_STRINGS], s, strlen(s) + 1);
	put32(&w->section[INDEX_STRING_AT], w->section[INDEX_STRINGS].len);
}

static void write_texts(struct writer *w)
{
	uint16_t *glyph_of = make_glyphs(w);
	uint32_t *df = mem_array(w->h.glyphs + 1, sizeof *df);
	uint32_t *seen = mem_array(w->h.glyphs + 1, sizeof *seen);
	struct signature *sign = mem_array(w->h.glyphs + 1, sizeof *sign);
	const uint32_t *glyph_cp = (const uint32_t *)(const void *)w->section[INDEX_GLYPH_CP].data;
	for (uint32_t i = 0; i < w->h.glyphs; i++)
		sign[i] =
			(struct signature){index_signature(glyph_cp[i]), index_pairs(glyph_cp[i])};
	put32(&w->section[INDEX_TEXT_AT], 0);
	put32(&w->section[INDEX_STRING_AT], 0);
	for (uint32_t i = 0; i < w->h.names + w->h.aliases; i++) {
		bool name = i < w->h.names;
		write_text(w, &w->texts[i], glyph_of, sign, name ? df : NULL, seen, i + 1);
		if (!name)
			put32(&w->section[INDEX_ALIAS_NAME],
				w->name_rank[w->b->alias_names.pairs[w->texts[i].origin].owner]);
	}
	buf_add(&w->section[INDEX_GLYPH_DF], df, w->h.glyphs * sizeof *df);
	free(glyph_of);
	free(df);
	free(seen);
	free(sign);
}

struct region_key {
	const char *code;
	uint32_t number;
};

static int compare_regions(const void *a, const void *b)
{
	return strcmp(((const struct region_key *)a)->code, ((const struct region_key *)b)->code);
}

/* base: where the interned strings begin in STRINGS. */
static void write_regions(struct writer *w, uint32_t base, uint32_t codes)
{
	struct index_builder *b = w->b;
	w->h.regions = (uint32_t)b->regions.count;
	struct region_key *keys = mem_array(w->h.regions + 1, sizeof *keys);
	w->region_rank = mem_array(w->h.regions + 1, sizeof *w->region_rank);
	for (uint32_t i = 0; i < w->h.regions; i++)
		keys[i] = (struct region_key){intern_text(&b->regions, i), i};
	qsort(keys, w->h.regions, sizeof *keys, compare_regions);
	const uint32_t *names = (const uint32_t *)(const void *)b->region_names.data;
	for (uint32_t i = 0; i < w->h.regions; i++) {
		w->region_rank[keys[i].number] = i;
		put32(&w->section[INDEX_REGION_CODE],
			codes + intern_offset(&b->regions, keys[i].number));
		put32(&w->section[INDEX_REGION_NAME], base + names[keys[i].number]);
	}
	free(keys);
}

/* Stable counting sort of rows by key(row) < keys. */
static struct row *sort_rows(struct row *rows, size_t n, const uint32_t *rank, uint32_t keys,
	size_t key_offset, uint32_t *at)
{
	struct row *out = mem_array(n + 1, sizeof *out);
	memset(at, 0, (keys + 1u) * sizeof *at);
	for (size_t i = 0; i < n; i++) {
		uint32_t k;
		memcpy(&k, (const char *)&rows[i] + key_offset, sizeof k);
		at[rank[k] + 1]++;
	}
	for (uint32_t k = 0; k < keys; k++)
		at[k + 1] += at[k];
	uint32_t *next = mem_array(keys + 1u, sizeof *next);
	memcpy(next, at, keys * sizeof *next);
	for (size_t i = 0; i < n; i++) {
		uint32_t k;
		memcpy(&k, (const char *)&rows[i] + key_offset, sizeof k);
		out[next[rank[k]]++] = rows[i];
	}
	free(next);
	free(rows);
	return out;
}

static void write_rows(struct writer *w)
{
	struct index_builder *b = w->b;
	size_t n = b->row_count;
	uint32_t most = w->h.names > w->h.regions ? w->h.names : w->h.regions;
	uint32_t *at = mem_array(most + 2u, sizeof *at);
	b->rows = sort_rows(
		b->rows, n, w->region_rank, w->h.regions, offsetof(struct row, region), at);
	b->rows = sort_rows(b->rows, n, w->name_rank, w->h.names, offsetof(struct row, name), at);
	w->h.rows = (uint32_t)n;
	buf_add(&w->section[INDEX_ROW_AT], at, (w->h.names + 1u) * sizeof *at);
	free(at);
	struct buf *s = w->section;
	static const struct {
		enum index_section section;
		size_t bytes;
	} columns[] = {
		{INDEX_ROW_ID, 4}, {INDEX_ROW_REGION, 2}, {INDEX_ROW_KIND, 2}, {INDEX_ROW_ATTR, 2}};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		buf_reserve(&s[columns[i].section], n * columns[i].bytes + 1);
	for (size_t i = 0; i < n; i++) {
		uint32_t region = w->region_rank[b->rows[i].region];
		put32(&s[INDEX_ROW_ID], b->rows[i].id);
		put16(&s[INDEX_ROW_REGION], region & 0xFFFF);
		if (w->h.regions > 65536)
			buf_addc(&s[INDEX_ROW_REGION2], (char)(region >> 16));
		put16(&s[INDEX_ROW_KIND], b->rows[i].kind);
		put16(&s[INDEX_ROW_ATTR], b->rows[i].attr);
	}
}

/* Lists of values by name rank: at[names + 1] and the values. */
static void write_lists(struct writer *w, const struct intern_pairs *p, struct buf *at,
	void (*put)(struct writer *w, uint32_t value))
{
	uint32_t *start = mem_array(w->h.names + 2u, sizeof *start);
	uint32_t *values = mem_array(p->count + 1, sizeof *values);
	for (size_t i = 0; i < p->count; i++)
		start[w->name_rank[p->pairs[i].owner] + 1]++;
	for (uint32_t i = 0; i < w->h.names; i++)
		start[i + 1] += start[i];
	buf_add(at, start, (w->h.names + 1u) * sizeof *start);
	for (size_t i = 0; i < p->count; i++)
		values[start[w->name_rank[p->pairs[i].owner]]++] = p->pairs[i].value;
	for (size_t i = 0; i < p->count; i++)
		put(w, values[i]);
	free(start);
	free(values);
}

static void put_kind(struct writer *w, uint32_t value)
{
	put16(&w->section[INDEX_NAME_KIND], value);
}

static void put_core(struct writer *w, uint32_t value)
{
	put32(&w->section[INDEX_CORE], value); /* made an offset by shift_cores */
}

static uint32_t append_strings(struct writer *w, const struct intern *in)
{
	uint32_t base = (uint32_t)w->section[INDEX_STRINGS].len;
	buf_add(&w->section[INDEX_STRINGS], buf_str(&in->strings), in->strings.len);
	return base;
}

static void write_tables(struct writer *w)
{
	struct index_builder *b = w->b;
	uint32_t base = append_strings(w, &b->strings);
	uint32_t kinds = append_strings(w, &b->kinds);
	uint32_t cores = append_strings(w, &b->cores);
	uint32_t codes = append_strings(w, &b->regions);
	buf_addc(&w->section[INDEX_STRINGS], '\0');
	write_regions(w, base, codes);
	w->h.kinds = (uint32_t)(b->kinds.count < INDEX_NONE16 ? b->kinds.count : INDEX_NONE16);
	for (uint32_t i = 0; i < w->h.kinds; i++)
		put32(&w->section[INDEX_KIND], kinds + intern_offset(&b->kinds, i));
	const struct index_attr *attrs = (const struct index_attr *)(const void *)b->attr_list.data;
	w->h.attrs = (uint32_t)(b->attrs.count < INDEX_NONE16 ? b->attrs.count : INDEX_NONE16);
	for (uint32_t i = 0; i < w->h.attrs; i++) {
		struct index_attr a = attrs[i];
		a.type += base;
		a.level += base;
		a.topics += base;
		buf_add(&w->section[INDEX_ATTR], &a, sizeof a);
	}
	write_lists(w, &b->name_kinds, &w->section[INDEX_NAME_KIND_AT], put_kind);
	write_lists(w, &b->name_cores, &w->section[INDEX_CORE_AT], put_core);
	uint32_t *core = (uint32_t *)(void *)w->section[INDEX_CORE].data;
	for (size_t i = 0; i < w->section[INDEX_CORE].len / sizeof *core; i++)
		core[i] = cores + intern_offset(&b->cores, core[i]);
}

static void pad(struct buf *b)
{
	static const char zeros[8];
	buf_add(b, zeros, (8 - b->len % 8) % 8);
}

static enum err save(struct writer *w, const char *path)
{
	struct buf file = {0};
	size_t total = sizeof w->h;
	for (int i = 0; i < INDEX_SECTION__MAX; i++)
		total += w->section[i].len + 8;
	buf_reserve(&file, total);
	buf_add(&file, &w->h, sizeof w->h);
	pad(&file);
	for (int i = 0; i < INDEX_SECTION__MAX; i++) {
		w->h.section_at[i] = file.len;
		w->h.section_bytes[i] = w->section[i].len;
		buf_add(&file, buf_str(&w->section[i]), w->section[i].len);
		pad(&file);
	}
	w->h.bytes = file.len;
	memcpy(file.data, &w->h, sizeof w->h);
	const size_t summed = offsetof(struct index_header, checksum) + sizeof w->h.checksum;
	w->h.checksum = index_checksum(file.data + summed, file.len - summed);
	memcpy(file.data, &w->h, sizeof w->h);
	paths_tidy(path); /* some megabytes each */
	enum err e = paths_replace(path, file.data, file.len);
	buf_fini(&file);
	return e;
}

static struct writer *writer_new(struct index_builder *b, int64_t identity, int64_t generation)
{
	struct writer *w = mem_alloc(sizeof *w);
	w->b = b;
	memcpy(w->h.magic, INDEX_MAGIC, sizeof w->h.magic);
	w->h.version = INDEX_VERSION;
	w->h.order = 0x01020304;
	w->h.identity = identity;
	w->h.generation = generation;
	w->h.pinyin = pinyin_fingerprint();
	return w;
}

static void writer_free(struct writer *w)
{
	if (!w)
		return;
	for (int i = 0; i < INDEX_SECTION__MAX; i++)
		buf_fini(&w->section[i]);
	buf_fini(&w->folded);
	free(w->texts);
	free(w->name_rank);
	free(w->region_rank);
	free(w);
}

/* In this order, then save. */
static void (*const stages[])(struct writer *w) = {
	make_texts, write_texts, write_tables, write_rows};

enum {
	STAGES = sizeof stages / sizeof *stages
};

enum err index_builder_write(
	struct index_builder *b, const char *path, int64_t identity, int64_t generation)
{
	struct writer *w = writer_new(b, identity, generation);
	for (int i = 0; i < STAGES; i++)
		stages[i](w);
	enum err e = save(w, path);
	writer_free(w);
	return e;
}

/* ---- of a catalogue, in slices ---- */

struct index_making {
	struct catalogue *c;
	char *path;
	struct catalogue_info info; /* as it was before the first row */
	struct index_builder *b;    /* NULL: not begun */
	struct writer *w;	    /* NULL: rows are still to come */
	int64_t after;
	int stage, count;
	enum err e;
	bool done;
};

struct index_making *index_making_begin(struct catalogue *c, const char *index_path)
{
	struct index_making *m = mem_alloc(sizeof *m);
	m->c = c;
	m->path = mem_strdup(index_path);
	return m;
}

static void forget(struct index_making *m)
{
	writer_free(m->w);
	index_builder_free(m->b);
	m->w = NULL;
	m->b = NULL;
	m->after = INT64_MIN;
	m->stage = 0;
}

static enum err start(struct index_making *m)
{
	forget(m);
	m->b = index_builder_new();
	return catalogue_info(m->c, &m->info);
}

static bool add_row(void *arg, const struct catalogue_row *row)
{
	struct index_making *m = arg;
	index_builder_add(m->b, row);
	m->after = row->id;
	m->count++;
	return true;
}

static enum err add_rows(struct index_making *m)
{
	m->count = 0;
	enum err e = catalogue_slice(m->c, m->after, SLICE_ROWS, add_row, m);
	if (e == OK && m->count < SLICE_ROWS)
		m->w = writer_new(m->b, m->info.identity, m->info.generation);
	return e;
}

/* One that is old already would take the place of one that is not: begin again. */
static enum err put_in_place(struct index_making *m)
{
	struct catalogue_info now;
	enum err e = catalogue_info(m->c, &now);
	if (e == OK && now.generation != m->info.generation)
		return start(m);
	if (e == OK)
		e = save(m->w, m->path);
	m->done = e == OK;
	return e;
}

bool index_making_step(struct index_making *m)
{
	if (m->e != OK || m->done)
		return false;
	if (!m->b)
		m->e = start(m);
	else if (!m->w)
		m->e = add_rows(m);
	else if (m->stage < STAGES)
		stages[m->stage++](m->w);
	else
		m->e = put_in_place(m);
	return m->e == OK && !m->done;
}

enum err index_making_end(struct index_making *m, struct buf *why)
{
	enum err e = m->e == OK && !m->done ? ERR_STATE : m->e;
	if (e != OK)
		buf_why(why, tr("建不成检索索引 %s: %s。查找仍可用, 只是慢一些。"), m->path,
			err_text(e));
	forget(m);
	free(m->path);
	free(m);
	return e;
}

enum err index_build(struct catalogue *c, const char *index_path, struct buf *why)
{
	struct index_making *m = index_making_begin(c, index_path);
	while (index_making_step(m))
		continue;
	return index_making_end(m, why);
}
