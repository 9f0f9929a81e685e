/*
 * What the files of the search share. Not for others.
 */
#ifndef YIMEN_CORE_STATION_SEARCH_PRIVATE_H
#define YIMEN_CORE_STATION_SEARCH_PRIVATE_H

#include "core/base/buf.h"
#include "core/station/catalogue.h"
#include "core/station/fold.h"
#include "core/station/index_format.h"
#include "core/station/pattern.h"
#include "core/station/search.h"

enum {
	WORDS_MAX = 6,
	VARIANTS_MAX = 24, /* ways to read what was typed */
	KEPT_MAX = 48,	   /* candidates that are ranked in the end, at least */
	HOME_MAX = 6
};

/* How hits are sorted before anything else; each belongs to a tier of search.h. */
enum order {
	ORDER_EXACT,
	ORDER_PREFIX,
	ORDER_ALIAS, /* the whole typed text is an alias */
	ORDER_SUBSTRING,
	ORDER_ALIAS_PART, /* an alias is a part of it */
	ORDER_WORDS,	  /* each word stands whole in the name or in the body's */
	ORDER_GAP,
	ORDER_SOUND,
	ORDER_SLIP,
	ORDER_LOOSE,
	ORDER__MAX
};

/* One way to read what was typed. */
struct variant {
	uint32_t cp[PATTERN_MAX];
	size_t n;
	enum pattern_mode mode;
	enum order whole, part, gap; /* of what matches so */
	const char *via;	     /* the alias it came from, or "" */
};

struct candidate {
	uint64_t key; /* smaller is better: order, score, name */
	uint32_t name;
	int64_t row; /* of the catalogue, when the query says which; 0: the nearest */
	uint8_t order, variant;
	const char *via;
	bool words;	     /* marks come from all the words */
	uint32_t alias_text; /* the text that matched, when it is an alias; else 0 */
};

/* A filter made ready. */
struct sieve {
	bool any;	      /* there are conditions */
	uint8_t *attr, *kind; /* per number: passes */
	uint32_t region_from, region_to;
};

struct alias {
	struct buf shown;
	uint32_t *cp;
	size_t n;
	uint32_t **words; /* folded official words */
	size_t *word_len, word_count;
};

struct used {
	char *code;
	double score;
};

struct search {
	struct catalogue *catalogue;
	char *path;
	struct index_view *v; /* NULL: none that is good */
	int64_t generation, seen_device, seen_inode;
	struct pattern *pattern[WORDS_MAX];
	bool bonus_stale;
	uint8_t *bonus;	     /* per name: this window's region and own use, 0-255 */
	uint16_t *kind_pool; /* the bodies' names as glyphs */
	uint32_t *kind_at;
	uint8_t *kind_hit;
	float *weight; /* per glyph, for the loose tier */
	char home[13];
	struct alias *aliases;
	size_t alias_count;
	char **later; /* words of acts that come after the first issue */
	size_t later_count;
	struct used *used;
	size_t used_count;

	/* The query in hand. */
	struct variant variants[VARIANTS_MAX];
	size_t variant_count;
	uint32_t words[WORDS_MAX][PATTERN_MAX];
	size_t word_len[WORDS_MAX], word_count;
	struct candidate *kept;				 /* best first */
	size_t kept_count, kept_room, kept_max, matched; /* kept_max: KEPT_MAX, or the limit */
	struct sieve sieve;

	/* The answer. */
	struct search_hit *hits;
	size_t hit_room;
	char **owned; /* strings of the hits */
	size_t owned_count, owned_room;
};

static inline const uint16_t *search_text(const struct search *s, uint32_t text, size_t *len)
{
	*len = s->v->text_at[text + 1] - s->v->text_at[text];
	return s->v->pool + s->v->text_at[text];
}

static inline const char *search_string(const struct search *s, uint32_t text)
{
	return s->v->strings + s->v->string_at[text];
}

/* Where a variant is compiled; it stays there while there are few. */
static inline struct pattern *search_pattern(const struct search *s, size_t variant)
{
	return s->pattern[variant % WORDS_MAX];
}

/* search_filter.c */
void sieve_set(struct search *s, const struct search_filter *f);
void sieve_clear(struct search *s);
bool sieve_row(const struct search *s, uint32_t row);
bool sieve_name(const struct search *s, uint32_t name);
int sieve_count(const struct search *s, uint32_t name);
/* The regions whose code begins with the significant digits of code. */
void region_range(const struct index_view *v, const char *code, uint32_t *from, uint32_t *to);
/* The row of the name nearest to this window that passes the sieve. */
uint32_t nearest_row(const struct search *s, uint32_t name);
/* How near: 6 the window's own region … 1 anywhere. */
int nearness(const struct search *s, uint32_t region);
void bonus_set(struct search *s);
/* The number of a name as written, or -1. */
int64_t find_name(const struct index_view *v, const char *name);

/* search_scan.c */
/* Offers a name; score between 0 and 1 is raised by the bonus. Returns false when it was kept out.
 */
void keep(struct search *s, struct candidate c, double score);
/* No text of this length or more can still be kept in this order. */
bool closed(const struct search *s, enum order order, unsigned weight, size_t len);
void scan_variant(struct search *s, size_t variant);
void scan_slips(struct search *s, size_t variant);
void scan_words(struct search *s);
void scan_loose(struct search *s, const struct fold *f);
void scan_codes(struct search *s, const char *text);

/* search_alias.c */
void aliases_free(struct search *s);
void add_variant(struct search *s, const uint32_t *cp, size_t n, enum pattern_mode mode,
	enum order whole, enum order part, enum order gap, const char *via);
void add_alias_variants(struct search *s, const uint32_t *cp, size_t n);

/* search_result.c */
void answer(struct search *s, size_t limit, struct search_result *out);
void answer_clear(struct search *s);
struct search_hit *answer_add(struct search *s, struct search_result *out);
const char *answer_own(struct search *s, char *string);
void fill_place(struct search *s, struct search_hit *h, uint32_t row);

/* search_slow.c */
void slow_query(struct search *s, const char *text, const struct search_filter *filter,
	size_t limit, struct search_result *out);

#endif
