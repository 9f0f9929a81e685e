/*
 * How each screen is reached by keys: from 今日, in a hall with one application submitted. Whole
 * screens, budgets and the walk go through this list, so a new screen is one row of it.
 */
#ifndef YIMEN_TESTS_SCREENS_ROADS_H
#define YIMEN_TESTS_SCREENS_ROADS_H

#include <stddef.h>

#include "tests/screens/inside.h"

enum {
	ROAD_LIST = 1,	 /* a list that Down steps through */
	ROAD_TELLS = 2,	 /* it says what terminal it stands on */
	ROAD_ONCE = 4,	 /* it changes the hall: gone again it may lead elsewhere */
	ROAD_TIMED = 8,	 /* a clock of its own ends it */
	ROAD_TURNED = 16 /* turned to the visitor: only Esc leads back */
};

struct road {
	const char *name;
	const char *keys;
	int what; /* ROAD_LIST and others, or 0 */
};

extern const struct road roads[];
extern const size_t roads_count;

/* A hall at inside_clock where HALL_PERSON's application is submitted. */
void roads_hall(struct hall *h);
/* The same once for all tests of a program: setup and teardown of a group of cmocka; *state is it
 * too. */
extern struct hall roads_home;
int roads_setup(void **state);
int roads_teardown(void **state);
/* A copy of a hall's folder of data, to be spoilt; removes what was at `copy` before. */
void roads_copy(const struct hall *h, struct hall *copy);
/* One more application, of a person called so. */
void roads_submit(struct inside *in, const char *name);
/* The first key of keys, as term_keys takes it; returns how long it is there. */
size_t roads_key(const char *keys, char *out, size_t size);
/* From 今日 (or any screen) to its end; what falls due within a second has come. */
void roads_go(struct inside *in, const struct road *r);

#endif
