/*
 * A day's work put into a station's file by the same functions that the screens use, hours before
 * now: two operators, three matters, results, a line that was down.
 */
#ifndef YIMEN_TESTS_SCREENS_DAY_FILL_H
#define YIMEN_TESTS_SCREENS_DAY_FILL_H

/* home: the data folder; the operators 0317 and 0318 need not be there. Exits when it fails. */
void day_fill(const char *home);

#endif
