/*
 * Deadlines of a case: the day by which something must be done, and how near it is. Rules of the
 * 行政许可法 (arts 32, 42, 44, 45) and of the windows' systems; pure, days since 1970-01-01.
 *
 * The start day never counts, the last day is in until 23:59. Days on which a special procedure ran
 * are not counted (art 45). A day in a year whose holidays are not known yet is provisional.
 */
#ifndef YIMEN_CORE_DOMAIN_DEADLINE_H
#define YIMEN_CORE_DOMAIN_DEADLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct calendar;

struct deadline {
	int32_t day;
	bool provisional; /* it, or a day counted on the way to it, has no calendar yet */
};

enum {
	DEEMED_WORKDAYS = 5,	   /* art 32: nobody said what is missing: counts as accepted */
	DECIDE_WORKDAYS = 20,	   /* art 42: from acceptance, */
	DECIDE_MORE_WORKDAYS = 10, /* with approval so many more; */
	JOINT_WORKDAYS = 45,	   /* when several bodies decide together, */
	JOINT_MORE_WORKDAYS = 15,  /* and so many more */
	DELIVER_WORKDAYS = 10	   /* art 44: from the decision */
};

enum {
	/* 补正: calendar days that an applicant has, when nobody says. No law says how many: art 32
	 * binds the office only (all that is missing, once, within five days); the notice names the
	 * applicant's last day. Offices give 15 to 30 days, few more. Setting hall.correction_days.
	 */
	SUPPLEMENT_DAYS = 30
};

/* Art 42: what the law allows; joint: several bodies together; extended: with approval. */
int deadline_legal_workdays(bool joint, bool extended);

/* A limit of so many days; unit 'G' working days, 'Z' calendar days. stopped: days of that unit on
 * which the clock stood still. */
struct deadline deadline_after(
	const struct calendar *c, int32_t start_day, int limit, char unit, int stopped);

/* The last day of so many calendar days for an applicant, who must find the window open: one that
 * is off gives way to the next working day (民法典 art 203). */
int32_t deadline_supplement(const struct calendar *c, int32_t start_day, int days);

/* A limit as a catalogue has it; days < 0: not said. */
struct limit {
	int days;
	char unit;
};
/* The promised time, but never later than the legal one; the other when one is not said. false:
 * neither is. */
bool deadline_decide(const struct calendar *c, int32_t start_day, struct limit promised,
	struct limit legal, int stopped, struct deadline *out);

/* 即办: the same day; received after closing (minutes since midnight) or on a day off: the next
 * working day. */
struct deadline deadline_instant(
	const struct calendar *c, int32_t day, int minute, int closing_minute);
/* "17:00" as minutes since midnight; -1: not a time of day. */
int deadline_minute(const char *time_of_day);

/* The clock stood from the day `from` (the procedure began) until the day `until` (it ended, and
 * counts again). until at or before from: not at all. */
struct stop {
	int32_t from, until;
};
/* How many days of this unit all stops cover together; days that two of them cover count once. */
int deadline_stopped(const struct calendar *c, const struct stop *stops, size_t count, char unit);

/* Working days left after today: 0 on the last day, negative when it is over. */
int deadline_left(const struct calendar *c, int32_t today, int32_t day);

enum alarm {
	ALARM_NONE,
	ALARM_YELLOW, /* 黄牌: as many working days left as the setting says, or fewer */
	ALARM_RED     /* 红牌: over */
};
enum alarm deadline_alarm(const struct calendar *c, int32_t today, int32_t day, int yellow_days);

#endif
