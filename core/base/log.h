/*
 * The log: one line an event, in a file of the data folder (or on stderr for the centre), never on
 * the screen. Lines carry time, level, the module and the sentence. Nothing personal: mask with
 * text_mask before it comes here. Control characters are removed. The deepest function that knows a
 * cause logs it, once. The log is the one global of the program; before log_open it is silent.
 */
#ifndef YIMEN_CORE_BASE_LOG_H
#define YIMEN_CORE_BASE_LOG_H

#include "core/base/err.h"

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR
};

/* Appends to path (0600); at 4 MiB the file becomes path.1. "-" is stderr. */
enum err log_open(const char *path, enum log_level least);
void log_close(void);

void log_debug(const char *module, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *module, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *module, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_error(const char *module, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
