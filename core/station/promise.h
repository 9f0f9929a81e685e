/*
 * The promise of a matter: by which day an application for it will be decided.
 */
#ifndef YIMEN_CORE_STATION_PROMISE_H
#define YIMEN_CORE_STATION_PROMISE_H

#include "core/domain/deadline.h"

#include <stdbool.h>
#include <stdint.h>

struct conf;
struct matter;

/*
 * When the clock begins at this moment: the promised time, never later than the law's; 即办件 the
 * same day, after closing or on a day off the next working day. A licence (行政许可) for which the
 * guide says neither has the law's twenty working days (art 42); false: another for which it says
 * neither.
 */
bool promise_due(const struct matter *m, int64_t from_ms, int closing_minute, struct deadline *out);

/* Setting hall.closing as minutes since midnight; -1: none, or not a time of day. */
int promise_closing(const struct conf *c);

#endif
