/*
 * Reasons that were written for warnings at places the centre has refused: what it did not take is
 * not sent a second time, the correction wants its own.
 */
#ifndef YIMEN_CORE_STATION_REFUSED_REASONS_H
#define YIMEN_CORE_STATION_REFUSED_REASONS_H

#include "core/base/err.h"

struct store;

/* Of the case's last application, should it be refused; in the open transaction of its correction.
 */
enum err refused_reasons_forget(struct store *s, const char *case_id);

#endif
