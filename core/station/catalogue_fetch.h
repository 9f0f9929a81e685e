/*
 * The centre's catalogue into HOME/catalogue.db with its index: through a file, because it may be
 * large. What is no catalogue (a portal's page), or was cut, changes nothing.
 */
#ifndef YIMEN_CORE_STATION_CATALOGUE_FETCH_H
#define YIMEN_CORE_STATION_CATALOGUE_FETCH_H

#include "core/base/err.h"
#include "core/station/transport.h"

#include <stdbool.h>
#include <stdio.h>

struct buf;
struct store;

#define CATALOGUE_PATH "/v1/catalogue"

/* An unnamed file for the answer; NULL: no room. fclose it. */
FILE *catalogue_fetch_file(void);
/* Whether the centre offers a version (changes.h) that was not taken from it yet. */
bool catalogue_fetch_is_due(struct store *s);
/* Takes what has arrived. ERR_BUSY: the answer was none of the centre's; why says it. */
enum err catalogue_fetch_take(
	struct store *s, FILE *body, const struct transport_answer *a, struct buf *why);

#endif
