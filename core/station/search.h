/*
 * Finding a matter as one types: by any part of its name in characters, pinyin, initials or a
 * mixture, by alias, by code, with words for the body or the place. Two calls: search_query
 * answers what is exactly there (fast enough for every key), search_fuzzy what was perhaps
 * meant (for the frame after). Answers come from the mapped index; while that is absent, damaged
 * or older than the catalogue, from the catalogue itself, slower and the same.
 *
 * One thread. Index and catalogue may be replaced by another program meanwhile: search_refresh.
 */
#ifndef YIMEN_CORE_STATION_SEARCH_H
#define YIMEN_CORE_STATION_SEARCH_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct catalogue;
struct search;

/* What a hit is, best first. Within a tier: coverage, this window's region, own use, shorter. */
enum search_tier {
	SEARCH_EXACT,	  /* the whole name, or the whole code */
	SEARCH_PREFIX,	  /* the beginning of it */
	SEARCH_SUBSTRING, /* a part of it */
	SEARCH_ALIAS,	  /* what people call it */
	SEARCH_WORDS,	  /* some of the words: of the body or the place (others of the name) */
	SEARCH_GAP,	  /* in order, with gaps */
	SEARCH_SOUND,	  /* sounds alike: homophone, zh/z, n/l, an/ang */
	SEARCH_SLIP,	  /* one wrong, missing or swapped letter or character */
	SEARCH_LOOSE,	  /* shares its telling characters */
	SEARCH_TIER__MAX
};

/* "" or NULL and SEARCH_ANY: no such condition. */
struct search_filter {
	const char *region; /* 12 digits: this region and those below it */
	const char *dept;   /* part of the body's name */
	const char *type;   /* task_type */
	const char *level;  /* use_level */
	const char *theme;  /* one of the topics */
	bool person, body;  /* 自然人 / 法人 only; both false: all */
	bool instant;	    /* only 即办件 */
	bool online;	    /* only 可网办 */
};

#define SEARCH_MARKS 24
struct search_mark {
	uint16_t at_bytes, len_bytes; /* of the hit's name */
};

/* One line: matters of one name. The code is of the place nearest to this window. */
struct search_hit {
	const char *code, *name, *dept, *region, *region_code;
	const char *via; /* the alias or code that matched, "" if the name itself did */
	enum search_tier tier;
	int places; /* matters of this name that pass the filter */
	struct search_mark marks[SEARCH_MARKS];
	int mark_count;
	int64_t id; /* row of the catalogue */
};

struct search_result {
	struct search_hit *hits; /* borrowed until the next query with the same search */
	size_t count;
	bool more; /* there are others beyond the limit */
	bool slow; /* answered without the index */
};

/* There are hits, and the words stand in none of their names or aliases: they only resemble them.
 */
bool search_is_guess(const struct search_result *r);

/*
 * Maps the index at index_path when it is whole and of this generation. It is OK without one: then
 * slow is set in results and search_stale is true. The catalogue must outlive it.
 */
enum err search_open(
	struct search **out, struct catalogue *cat, const char *index_path, struct buf *why);
void search_close(struct search *s); /* NULL does nothing */
/* The index in use is not that of the catalogue: index_build (index.h), then search_refresh. */
bool search_stale(struct search *s);
/* Looks whether the index was replaced and takes the new one. Cheap when not. */
void search_refresh(struct search *s);

/*
 * Aliases in lines `alias TAB official words separated by |`, # for remarks: the shipped file, then
 * the station's own. The alias * lists the acts that come after the first issue (变更, 补办 …):
 * between equals their matters come later. ERR_NOT_FOUND: no such file. ERR_INVALID: why names
 * file:line; good ones taken.
 */
enum err search_aliases(struct search *s, const char *path, struct buf *why);
/* This window's region (12 digits): its matters and its parents' come first. NULL: none. */
void search_home(struct search *s, const char *region_code);
/* Use at this window: score as store_each_used gives it. Replaces the code's former score. */
void search_use(struct search *s, const char *task_code, double score);

/* Never an error: a query that means nothing has no hits. text is UTF-8 as typed. filter NULL: all.
 * An empty text with a filter lists what passes it, most used first. */
void search_query(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, struct search_result *out);
/* The same with the tiers for mistakes; what search_query finds comes first again. */
void search_fuzzy(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, struct search_result *out);
/* The places of a name, nearest first: hits of one matter each. */
void search_places(struct search *s, const char *name, const struct search_filter *filter,
	size_t limit, struct search_result *out);

enum search_facet {
	SEARCH_BY_THEME,
	SEARCH_BY_DEPT,
	SEARCH_BY_REGION,
	SEARCH_BY_TYPE,	 /* value: task_type */
	SEARCH_BY_LEVEL, /* value: use_level */
	SEARCH_FACET__MAX
};
/* For browsing without typing: the values of a facet and how many matters each has; for regions
 * value is the code and label the name. Order: most first (regions: by code). */
void search_facets(struct search *s, enum search_facet facet, const struct search_filter *filter,
	void (*each)(void *arg, const char *value, const char *label, int matters), void *arg);

/* A word for lists: 名称, 别名, 同音 …, in the language in force. */
const char *search_tier_label(enum search_tier t);

#endif
