/*
 * The quality report of a catalogue: what a matter's guide gets wrong by the rules of data
 * governance (promise within the legal limit, 即办 means the same day, fees with basis and
 * standard, materials with an accept standard and a source, telephone numbers, codes, situations,
 * versions).
 */
#ifndef YIMEN_CORE_STATION_CATALOGUE_CHECK_H
#define YIMEN_CORE_STATION_CATALOGUE_CHECK_H

#include "core/base/err.h"

#include <stdint.h>
#include <stdio.h>

struct buf;
struct matter;

enum quality_rule {
	QUALITY_LINE,	   /* the line cannot be taken at all */
	QUALITY_PROMISE,   /* promise longer than the legal limit */
	QUALITY_INSTANT,   /* 即办 and promise do not agree */
	QUALITY_LIMIT,	   /* a limit is missing, or without its unit */
	QUALITY_RESULT,	   /* a result named …证 that is not issued as one, or none named */
	QUALITY_FEE,	   /* a fee without basis or standard, or fees though none is taken */
	QUALITY_MATERIAL,  /* a material without accept standard or source */
	QUALITY_PHONE,	   /* no number, or one that cannot be */
	QUALITY_CODE,	   /* code, body, level and catalogue code do not agree */
	QUALITY_SITUATION, /* a question without choices, or that nothing asks for */
	QUALITY_RELEVANT,  /* a condition names what nobody can answer */
	QUALITY_DATE,	   /* a date that is none, or cancelled before it takes effect */
	QUALITY_NAME,	   /* one name with several catalogue codes in one body */
	QUALITY_VERSION,   /* the same code again, or a version going backwards */
	QUALITY_RULE__MAX
};

/* What the rule demands, in the language in force. */
const char *quality_rule_text(enum quality_rule r);
/* Stable name, e.g. "promise". */
const char *quality_rule_name(enum quality_rule r);

/* One fault; body, code, name "" for a line that cannot be read. line counts from 1. */
typedef void quality_fault(void *arg, int64_t line, enum quality_rule rule, const char *body,
	const char *code, const char *name, const char *fault);

/* The faults that a matter has by itself. */
void quality_of_matter(const struct matter *m, int64_t line, quality_fault *each, void *arg);

struct quality_body {
	const char *body; /* dept_name */
	int64_t matters, faulty;
	int64_t faults[QUALITY_RULE__MAX];
};
/* What else is wrong with a matter, told by who knows the forms: say is called for each fault. */
struct quality_more {
	void (*check)(void *arg, const struct matter *m, void (*say)(void *to, const char *fault),
		void *to);
	void *arg;
};
/*
 * Reads JSON lines to the end: each fault as it is found, then each body, most faults first.
 * Borrowed for the call. ERR_IO: the stream failed. *matters and *faulty (matters with faults and
 * lines that cannot be read) are for the summary. more (conditions, QUALITY_RELEVANT) may be NULL.
 */
enum err quality_check(FILE *in, const struct quality_more *more, quality_fault *each,
	void (*each_body)(void *arg, const struct quality_body *b), void *arg, int64_t *matters,
	int64_t *faulty);

#endif
