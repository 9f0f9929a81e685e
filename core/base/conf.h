/*
 * Settings: `key = value` lines in a file, overridden by the environment (YIMEN_KEY for key), over-
 * ridden by flags. Each value remembers where it came from, so that `yimen doctor` can say what is
 * in force and why. Unknown keys are reported with file and line, and otherwise kept.
 */
#ifndef YIMEN_CORE_BASE_CONF_H
#define YIMEN_CORE_BASE_CONF_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct conf;

struct conf_key {
	const char *name; /* lower case with dots: "centre.url" (environment YIMEN_CENTRE_URL) */
	const char *fallback; /* value when nobody sets it; NULL: none */
	const char *help;     /* N_() text: what it does, for doctor and the manual */
};

/* keys is a table closed by a NULL name; it must outlive the conf. */
struct conf *conf_new(const struct conf_key *keys);
void conf_free(struct conf *c);

/* A missing file is OK. ERR_INVALID: why names file:line and the mend; good lines are taken. */
enum err conf_read(struct conf *c, const char *path, struct buf *why);
void conf_environment(struct conf *c);
/* ERR_NOT_FOUND: no such key. */
enum err conf_set(struct conf *c, const char *key, const char *value, const char *source);

const char *conf_get(const struct conf *c, const char *key); /* NULL: not set, no fallback */
long conf_get_long(const struct conf *c, const char *key, long absent);
bool conf_get_bool(const struct conf *c, const char *key); /* 1 yes true on 是 */
bool conf_is_set(const struct conf *c, const char *key);   /* by anybody; false: the fallback */
const char *conf_source(const struct conf *c, const char *key); /* "default", file:line, … */

#endif
