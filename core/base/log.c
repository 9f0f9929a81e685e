#include "core/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/text.h"

enum {
	ROTATE_BYTES = 4 << 20
};

/* The one global of the program (see log.h). */
static struct {
	int fd;
	enum log_level least;
} sink = {-1, LOG_LEVEL_INFO};

enum err log_open(const char *path, enum log_level least)
{
	struct stat st;

	log_close();
	sink.least = least;
	if (strcmp(path, "-") == 0) {
		sink.fd = STDERR_FILENO;
		return OK;
	}
	if (stat(path, &st) == 0 && st.st_size > ROTATE_BYTES) {
		struct buf old = {0};
		buf_printf(&old, "%s.1", path);
		rename(path, buf_str(&old));
		buf_fini(&old);
	}
	sink.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	return sink.fd >= 0 ? OK : errno == ENOSPC ? ERR_FULL : ERR_DENIED;
}

void log_close(void)
{
	if (sink.fd > STDERR_FILENO)
		close(sink.fd);
	sink.fd = -1;
}

static void put(enum log_level level, const char *module, const char *fmt, va_list ap)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	struct buf sentence = {0}, line = {0};
	char when[CLOCK_ISO_SIZE];

	if (sink.fd < 0 || level < sink.least)
		return;
	buf_vprintf(&sentence, fmt, ap);
	buf_printf(&line, "%s %s %s: ", clock_iso(clock_wall_ms(&clock_system), when), names[level],
		module);
	text_clean(&line, buf_str(&sentence), sentence.len);
	buf_addc(&line, '\n');
	if (write(sink.fd, line.data, line.len) < 0 && sink.fd != STDERR_FILENO)
		sink.least = LOG_LEVEL_ERROR; /* a full disk: keep what room there is for errors */
	buf_fini(&sentence);
	buf_fini(&line);
}

void log_debug(const char *module, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_LEVEL_DEBUG, module, fmt, ap);
	va_end(ap);
}

void log_info(const char *module, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_LEVEL_INFO, module, fmt, ap);
	va_end(ap);
}

void log_warn(const char *module, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_LEVEL_WARN, module, fmt, ap);
	va_end(ap);
}

void log_error(const char *module, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_LEVEL_ERROR, module, fmt, ap);
	va_end(ap);
}
