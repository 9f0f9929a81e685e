/*
 * One question to the centre, waited for: what the commands ask outside of a delivery.
 */
#ifndef YIMEN_CORE_STATION_FETCH_H
#define YIMEN_CORE_STATION_FETCH_H

#include "core/base/err.h"
#include "core/station/transport.h"

struct buf;

/* GET path. OK: there was an answer, whatever its status; its strings live until the transport is
 * used again. ERR_BUSY: there was none; why says how. */
enum err fetch(struct transport t, const char *path, struct transport_answer *out, struct buf *why);
/* The same of any request that only asks. */
enum err fetch_ask(struct transport t, const struct transport_request *r,
	struct transport_answer *out, struct buf *why);
/* ERR_BUSY, with the sentence for an answer that is not 200. */
enum err fetch_failed(const char *path, const struct transport_answer *a, struct buf *why);
/* The same, and only 200 is OK; otherwise ERR_BUSY with a sentence. */
enum err fetch_good(
	struct transport t, const char *path, struct transport_answer *out, struct buf *why);

/* Appends text as it may stand in a path or a query (RFC 3986: all but unreserved is escaped). */
void fetch_escape(struct buf *out, const char *text);

#endif
