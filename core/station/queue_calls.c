#include "core/station/queue_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/station/queue.h"

enum err queue_announce(const char *path, const struct ticket *t, int64_t now_ms)
{
	struct buf line = {0};
	char iso[CLOCK_ISO_SIZE];
	enum err e = OK;
	int fd;

	if (path == NULL || path[0] == '\0')
		return OK;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0644);
	buf_printf(&line, "%s\t%s\t", clock_iso(now_ms, iso), t->number);
	text_clean(&line, t->window, strlen(t->window));
	buf_printf(&line, "\t%s\n", t->calls > 1 ? "recall" : "call");
	if (fd < 0 || write(fd, line.data, line.len) != (ssize_t)line.len) {
		log_warn("queue", "queue.calls cannot be written: %s", strerror(errno));
		e = ERR_IO;
	}
	if (fd >= 0)
		close(fd);
	buf_fini(&line);
	return e;
}
