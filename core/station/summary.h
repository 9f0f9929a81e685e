/*
 * A day or a month in figures: what was taken in and decided, of which matter and body, by whom at
 * which window, how long it took, what kept its promised time, what went out late. Counted from the
 * station's tables; each figure can be found again from the audit trail alone (tests/unit/recount.h
 * does so).
 *
 * An act that the centre refused and that was taken back is not counted. Time at the window of an
 * application: from the beginning of the visit (the ticket called, else the draft begun) to its
 * submission, without the time it lay before it was taken up again; the matters of a bundle share
 * theirs equally.
 */
#ifndef YIMEN_CORE_STATION_SUMMARY_H
#define YIMEN_CORE_STATION_SUMMARY_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

enum figure {
	/* taken in */
	FIGURE_SUBMITTED,
	FIGURE_REVISED, /* new versions of what was submitted */
	/* decided at the window, in the order of lifecycle.h */
	FIGURE_CORRECTION,
	FIGURE_SUPPLEMENT,
	FIGURE_SUPPLIED, /* what was owed (容缺) */
	FIGURE_ACCEPTED,
	FIGURE_REFUSED,
	FIGURE_SUSPENDED,
	FIGURE_RESUMED,
	FIGURE_DELIVERED,
	FIGURE_ARCHIVED,
	FIGURE_RETURNED,
	FIGURE_WITHDRAWN,
	FIGURE_VOID,
	/* decided by the back office */
	FIGURE_DECIDED,
	/* clocks that ended: an answer within five days, the promise, the delivery; and in time */
	FIGURE_ANSWERS,
	FIGURE_ANSWERS_IN_TIME,
	FIGURE_PROMISES,
	FIGURE_PROMISES_KEPT,
	FIGURE_DELIVERIES,
	FIGURE_DELIVERIES_IN_TIME,
	/* letters to the centre */
	FIGURE_LETTERS,
	FIGURE_ARRIVED,
	FIGURE_LATE,	/* arrived more than so many minutes after it was written */
	FIGURE_OFFLINE, /* written while the line was down */
	FIGURE_WAITING, /* not there yet: waiting or held */
	FIGURE_BOUNCED, /* times the centre refused one, or a person had to act */
	/* time at the window */
	FIGURE_TIMED, /* applications of which it is known */
	FIGURE_TIME,  /* in all, ms */
	FIGURE_TIME_MEDIAN,
	FIGURE_TIME_LONGEST,
	FIGURE__MAX
};

const char *figure_name(enum figure f);	 /* "submitted", for programs; those of time in seconds */
const char *figure_label(enum figure f); /* 收件 …, in the language in force */
bool figure_is_time(enum figure f);

enum summary_group {
	SUMMARY_ALL,
	SUMMARY_DAY,
	SUMMARY_MATTER,
	SUMMARY_BODY,
	SUMMARY_OPERATOR, /* at a window */
	SUMMARY_GROUP__MAX
};
const char *summary_group_name(enum summary_group g);  /* "all", "day" … */
const char *summary_group_label(enum summary_group g); /* 合计, 日期 … */

struct summary_line {
	/* ALL: "", ""; DAY: 2026-11-24, ""; MATTER: code, name; BODY: name, ""; OPERATOR: number,
	 * window */
	char *key, *name;
	int64_t figures[FIGURE__MAX];
	int64_t *times; /* private */
};

struct summary {
	int32_t from_day, to_day; /* the first, and the one after the last */
	int late_minutes;
	/* ALL has one line; the others those with anything in them: days by date, operators by
	 * number and window, the rest with most submitted first. */
	struct summary_line *lines[SUMMARY_GROUP__MAX];
	size_t counts[SUMMARY_GROUP__MAX];
};

/* *out must be zeroed. */
enum err summary_make(
	struct summary *out, struct store *s, int32_t from_day, int32_t to_day, int late_minutes);
void summary_fini(struct summary *s);

/*
 * The same a day at a time, for a screen that answers keys meanwhile; each step reads by itself and
 * holds nothing open. What others write between two steps is counted in the days not yet read.
 */
struct summary_work;
struct summary_work *summary_begin(
	struct store *s, int32_t from_day, int32_t to_day, int late_minutes);
/* Counts the next day; false: all are counted, or it failed. */
bool summary_step(struct summary_work *w);
/* Days counted of all. */
void summary_progress(const struct summary_work *w, int *done, int *all);
/* Frees w; *out must be zeroed, and is the sum when OK. ERR_STATE: not all is counted. */
enum err summary_end(struct summary_work *w, struct summary *out);
void summary_drop(struct summary_work *w); /* NULL does nothing */

const struct summary_line *summary_all(const struct summary *s);

/* The days of the month of this day: the first, and the first of the next. */
void summary_month(int32_t day, int32_t *from_day, int32_t *to_day);

/* Share in per cent, rounded down; -1: of nothing. */
int summary_share(int64_t part, int64_t whole);
/* Appends "92% (11/12)"; "-" of nothing. */
void summary_put_share(struct buf *out, int64_t part, int64_t whole);
/* Appends 45秒, 6分20秒, 1小时05分; "-" for none. */
void summary_put_time(struct buf *out, int64_t ms, bool any);
/* Appends 2026-11-24, or 2026-11 for a month. */
void summary_put_period(struct buf *out, const struct summary *s);
/* Appends how a line is called: the name of a matter, a body, operator and window. */
void summary_put_label(
	struct buf *out, struct store *s, enum summary_group g, const struct summary_line *l);

/*
 * A table for a spreadsheet: a line a group and key, every figure a column with its label (RFC
 * 4180, UTF-8 with its mark, times in whole seconds). What would be taken for a formula gets an
 * apostrophe.
 */
void summary_csv(struct buf *out, const struct summary *s);
/* For other programs: one JSON object a line, figures by name, times in whole seconds. */
void summary_json(struct buf *out, const struct summary *s);

#endif
