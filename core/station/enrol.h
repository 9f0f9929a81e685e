/*
 * Connecting this station to a centre: a code that works once (yimen-central station add) is
 * exchanged for this station's token. Address and token are kept in the station's file.
 */
#ifndef YIMEN_CORE_STATION_ENROL_H
#define YIMEN_CORE_STATION_ENROL_H

#include "core/base/err.h"

struct buf;
struct conf;
struct store;

/* ERR_DENIED: the centre does not take the code. ERR_BUSY: it cannot be reached. why says more. */
enum err enrol(struct store *s, const struct conf *conf, const char *url, const char *code,
	struct buf *why);

#endif
