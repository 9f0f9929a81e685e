/*
 * Whether the centre answers and admits this station, asked once for a person who wants to know:
 * nothing here is changed by it.
 */
#ifndef YIMEN_CORE_STATION_CENTRE_LOOK_H
#define YIMEN_CORE_STATION_CENTRE_LOOK_H

#include "core/base/err.h"
#include "core/station/transport.h"

struct buf;
struct store;

/* finding gets a sentence in any case. ERR_BUSY: nobody answers, it is not a centre that does, or
 * it can take nothing now. ERR_DENIED: it does not admit this station. Takes some seconds at most.
 */
enum err centre_look(struct store *s, struct transport t, struct buf *finding);

#endif
