/*
 * The centre's catalogue into HOME/catalogue.db with its index: through a file, because it may be
 * large, but not so large that the disk is filled. What is no catalogue
 * (a portal's page), was cut, holds no matter, or is more than a catalogue can be, changes nothing.
 */
#ifndef YIMEN_CORE_STATION_CATALOGUE_FETCH_H
#define YIMEN_CORE_STATION_CATALOGUE_FETCH_H

#include "core/base/err.h"
#include "core/station/transport.h"

#include <stdbool.h>
#include <stdio.h>

struct buf;
struct catalogue_taking;
struct store;

#define CATALOGUE_PATH "/v1/catalogue"

/* An unnamed file for the answer, on the disk of the data folder. fclose it. NULL: it could not be
 * made, why is a sentence. */
FILE *catalogue_fetch_file(struct store *s, struct buf *why);
/* The question for it, with its bounds; the answer goes into body. The tag is the caller's. */
struct transport_request catalogue_fetch_request(FILE *body);
/* Whether the centre offers a version (changes.h) that was not taken from it yet. */
bool catalogue_fetch_is_due(struct store *s);
/* The version that the centre offers now, NULL: it has named none. free() it. Looked up before the
 * request goes out: on a slow line another one may be offered before the answer has arrived, and
 * that one is still to be fetched then. */
char *catalogue_fetch_offered(struct store *s);
/*
 * Takes what has arrived as the version offered (NULL: it has no name). ERR_BUSY: there was no
 * answer, it was none of the centre's, or too much; ERR_INVALID: too much of it cannot be
 * understood; ERR_FULL: the disk keeps its last room for letters. why says it, and
 * catalogue_fetch_trouble until one is taken.
 */
enum err catalogue_fetch_take(struct store *s, FILE *body, const char *offered,
	const struct transport_answer *a, struct buf *why);
/*
 * The same in slices of some tens of milliseconds, because letters do not wait for a catalogue (see
 * catalogue_intake_open). body is borrowed until the end, a and offered only now.
 */
struct catalogue_taking *catalogue_taking_begin(
	struct store *s, FILE *body, const char *offered, const struct transport_answer *a);
/* false: nothing is left to do, or it failed. */
bool catalogue_taking_step(struct catalogue_taking *t);
/* Tells how it went, and frees it. Before the end: ERR_STATE, it is still to be taken. */
enum err catalogue_taking_end(struct catalogue_taking *t, struct buf *why);
/* The version that was taken last, as the centre calls it; NULL: none. free() it. */
char *catalogue_fetch_version(struct store *s);
/* Why the centre's catalogue was not taken the last time, a sentence; NULL: it was, or what the
 * centre offers now is here. free() it. */
char *catalogue_fetch_trouble(struct store *s);

#endif
