/*
 * What was typed, compiled for one set of characters (the glyphs of an index), and held against
 * texts of them. One automaton for characters, full pinyin, initials and any mixture: its states
 * are the places in what was typed, one bit each; a character of the text advances by one typed
 * character that is itself, by its initial, or by a whole syllable; the last syllable may be
 * unfinished.
 */
#ifndef YIMEN_CORE_STATION_PATTERN_H
#define YIMEN_CORE_STATION_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fold;
struct index_view;
struct pattern;

enum {
	PATTERN_MAX = 60 /* typed characters; the rest is cut */
};

enum pattern_mode {
	PATTERN_PLAIN,
	PATTERN_SOUND, /* homophones, and syllables that are mixed up */
	PATTERN_SLIP /* plain with one wrong, missing, additional or swapped letter or character */
};

/* How well a text holds it. */
enum pattern_level {
	PATTERN_NONE,
	PATTERN_GAP,
	PATTERN_PART,
	PATTERN_BEGINNING,
	PATTERN_WHOLE
};

/* Memory for patterns over the glyphs of an index, which must outlive it. */
struct pattern *pattern_new(const struct index_view *v);
void pattern_free(struct pattern *p); /* NULL does nothing */

/* Compiles cp[0..n); what it held before is gone. false: no text can hold it. */
bool pattern_compile(struct pattern *p, const uint32_t *cp, size_t n, enum pattern_mode mode);

/* About how many characters of a text it stands for (at least 1). */
unsigned pattern_weight(const struct pattern *p);
/* Signature bits that a text must have; for PATTERN_SLIP all but one of them. */
uint64_t pattern_need(const struct pattern *p);

/* Whether a text with these signatures (index_signature, index_pairs of its characters) can hold
 * it; for texts that have what pattern_need asks for. */
bool pattern_may(const struct pattern *p, uint64_t letters, uint64_t pairs);

enum pattern_level pattern_match(const struct pattern *p, const uint16_t *text, size_t len);
/* Only whether it is the beginning (or the whole): cheaper. */
enum pattern_level pattern_begins(const struct pattern *p, const uint16_t *text, size_t len);
/* For PATTERN_SLIP: a part of the text holds it with at most one slip. */
bool pattern_slips(const struct pattern *p, const uint16_t *text, size_t len);

/* The best way it lies in the text: hit[i] tells whether text[i] was matched; *runs how many
 * pieces. Returns how many characters were matched, 0 when the text does not hold it. */
unsigned pattern_align(
	const struct pattern *p, const uint16_t *text, size_t len, bool *hit, unsigned *runs);

#endif
