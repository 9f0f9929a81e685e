/*
 * What a display and a voice in the hall need: a text file to which each call adds a line,
 *
 *	2026-11-24T09:12:40+08:00	A032	03	call
 *
 * when, the number, the window, and "call" or "recall". They read what is added (tail -F).
 */
#ifndef YIMEN_CORE_STATION_QUEUE_CALLS_H
#define YIMEN_CORE_STATION_QUEUE_CALLS_H

#include "core/base/err.h"

#include <stdint.h>

struct ticket;

/* One write of a whole line to the end; path NULL or "" does nothing. The call itself is durable
 * before: a display that cannot be told is logged and stops no window. */
enum err queue_announce(const char *path, const struct ticket *t, int64_t now_ms);

#endif
