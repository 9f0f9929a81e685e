/*
 * The settings of a station: one table of keys, read from HOME/yimen.conf and the environment.
 * `yimen doctor` prints it with where each value came from.
 */
#ifndef YIMEN_CORE_STATION_SETTINGS_H
#define YIMEN_CORE_STATION_SETTINGS_H

#include "core/base/conf.h"

extern const struct conf_key settings_keys[];

/*
 * Reads the file and the environment. Faulty lines are listed in why (the rest is taken) and the
 * result is ERR_INVALID; *out is set all the same. free with conf_free.
 */
enum err settings_load(struct conf **out, const char *home, struct buf *why);

#endif
