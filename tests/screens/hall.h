/*
 * A small hall for screen tests: a data folder with one operator and four matters, in a temporary
 * place, made by the same functions the commands use.
 */
#ifndef YIMEN_TESTS_SCREENS_HALL_H
#define YIMEN_TESTS_SCREENS_HALL_H

#include "tests/screens/term.h"

struct clock;
struct store;

#define HALL_OPERATOR "0317"
#define HALL_PASS     "xiaoming0317"

struct hall {
	char folder[256]; /* holds home/ and share/ */
	char home_env[300], share_env[300], locale_env[600];
	const char *env[12];
};

/* Exits the test program when it cannot be made. */
void hall_make(struct hall *h);
/* The same at a moment of its own. */
void hall_make_at(struct hall *h, const struct clock *clock);
/* One more matter, a line of the exchange format. */
void hall_learn(const struct hall *h, const struct clock *clock, const char *line);
void hall_drop(struct hall *h); /* removes the folder */

/* The same around each test of cmocka: *state is its hall. */
int hall_setup(void **state);
int hall_teardown(void **state);

/* The workstation on a terminal of this kind, at the sign-in screen. */
struct term *hall_open(struct hall *h, const char *type, const char *locale, const char *language,
	int rows, int cols);
/* Signs in; the screen is then 今日. */
void hall_sign_in(struct term *t, const char *today);

/* Both at once on a terminal that can do everything, 80x24, in Chinese. */
struct term *hall_today(struct hall *h);
/* The station's file beside the running workstation; store_close it. */
struct store *hall_store(const struct hall *h);
/* How many letters wait for the centre. */
size_t hall_waiting(const struct hall *h);
/* Waits until a draft has this answer on disk, reading the screen meanwhile. Fails the test at the
 * deadline. */
void hall_wait_on_disk(const struct hall *h, struct term *t, const char *place, const char *value);

#define HALL_PERSON "110101199003070011" /* invented; its check character is right */
#define HALL_MOBILE "13800138000"
enum {
	HALL_PERSON_SIZE = 24
};
/* The number of one more invented person; its check character is right (GB 11643). The same n from
 * 0 to 999 gives the same one. */
void hall_person(size_t n, char out[HALL_PERSON_SIZE]);
/* From 今日 by keys: the guide of 残疾人证新办. */
void hall_to_the_guide(struct term *t);
/* The same, to its papers; none is ticked. */
void hall_to_the_papers(struct term *t);
/* The same, its two papers ticked, to its form. */
void hall_to_the_form(struct term *t);
/* The same, filled in for that person (陈晓燕), up to 核对提交. */
void hall_to_review(struct term *t);
/* An application of that person (陈晓燕), the first of the day, submitted; the screen is then the
 * receipt. */
void hall_submit(struct term *t);

#endif
