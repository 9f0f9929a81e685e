/* One line in: waits for it, for the other program's lines and for signals at once. */
#include "tui/plain/talk_private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/clock.h"

enum {
	IDLE_MS = 1000,
	EVENT_MAX = 8192
};

void talk_line_begin(struct talk *t)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, &t->signals_before);
	t->signal_fd = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

void talk_line_end(struct talk *t)
{
	if (t->signal_fd >= 0)
		close(t->signal_fd);
	sigprocmask(SIG_SETMASK, &t->signals_before, NULL);
}

static void take_events(struct talk *t)
{
	char bytes[1024], *end;
	ssize_t n = read(t->options.event_fd, bytes, sizeof(bytes));

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
		t->options.event_fd = -1; /* it is gone; the file is still looked at */
		t->options.event(t->options.arg, NULL);
	}
	if (n <= 0)
		return;
	buf_add(&t->event, bytes, (size_t)n);
	while ((end = memchr(t->event.data, '\n', t->event.len)) != NULL) {
		size_t used = (size_t)(end - t->event.data) + 1;
		*end = '\0';
		t->options.event(t->options.arg, t->event.data);
		memmove(t->event.data, t->event.data + used, t->event.len - used);
		t->event.len -= used;
	}
	if (t->event.len > EVENT_MAX)
		buf_clear(&t->event);
}

/* Bytes of the input; of a line that is too long only its end is still looked for. */
static void take_bytes(struct talk *t, bool *too_long)
{
	char bytes[4096];
	ssize_t n = read(t->options.in_fd, bytes, sizeof(bytes));

	if (n > 0)
		buf_add(&t->in, bytes, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		t->over = true;
	if (t->in.len > TALK_LINE_MAX && !memchr(t->in.data, '\n', t->in.len)) {
		*too_long = true;
		buf_clear(&t->in);
	}
}

static void wait_once(struct talk *t, bool *too_long)
{
	struct pollfd p[3] = {{t->options.in_fd, POLLIN, 0}, {t->signal_fd, POLLIN, 0},
		{t->options.event_fd, POLLIN, 0}};
	int n = poll(p, 3, IDLE_MS);

	if (n < 0 && errno != EINTR)
		t->over = true;
	if (n == 0 && t->options.idle)
		t->options.idle(t->options.arg);
	if (n <= 0)
		return;
	if (p[2].revents)
		take_events(t);
	if (p[0].revents)
		take_bytes(t, too_long);
	else if (p[1].revents)
		t->over = true;
}

/* Typed without being shown; *before is how it was. */
static bool hide(struct talk *t, struct termios *before)
{
	struct termios hidden;

	if (tcgetattr(t->options.in_fd, before) != 0)
		return false;
	hidden = *before;
	hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK);
	hidden.c_lflag |= ECHONL;
	return tcsetattr(t->options.in_fd, TCSADRAIN, &hidden) == 0;
}

size_t talk_line_max(const struct talk *t)
{
	return t->echoes ? TALK_TYPED_MAX : TALK_LINE_MAX;
}

/* A line is ended by LF, CR LF or the end of the input; what was typed is forgotten here. Returns
 * how many bytes it had. */
static size_t cut_line(struct talk *t, struct buf *out)
{
	char *end = t->in.data ? memchr(t->in.data, '\n', t->in.len) : NULL;
	size_t len = end ? (size_t)(end - t->in.data) : t->in.len;
	size_t used = end ? len + 1 : len, rest = t->in.len - used, had = len;

	while (len > 0 && t->in.data[len - 1] == '\r')
		len--;
	charset_decode(out, t->charset, t->in.data, len);
	memmove(t->in.data, t->in.data + used, rest);
	memset(t->in.data + rest, 0, used);
	t->in.len = rest;
	return had;
}

static bool has_line(const struct talk *t)
{
	return t->in.len > 0 && memchr(t->in.data, '\n', t->in.len);
}

enum line talk_line(struct talk *t, bool secret, int seconds, struct buf *out)
{
	struct termios before;
	bool hidden = secret && hide(t, &before), too_long = false, late = false;
	int64_t until_ms = clock_mono_ms(&clock_system) + (int64_t)seconds * 1000;

	while (!t->over && !late && !has_line(t)) {
		wait_once(t, &too_long);
		late = seconds > 0 && clock_mono_ms(&clock_system) >= until_ms && !has_line(t);
	}
	if (hidden)
		tcsetattr(t->options.in_fd, TCSADRAIN, &before);
	buf_clear(out);
	if (late && !t->over)
		return LINE_LATE;
	if (t->in.len == 0)
		return LINE_NONE;
	if (cut_line(t, out) > talk_line_max(t))
		too_long = true;
	if (too_long)
		buf_clear(out);
	return too_long ? LINE_TOO_LONG : LINE_CAME;
}

void talk_discard(struct talk *t)
{
	if (!t->echoes)
		return;
	tcflush(t->options.in_fd, TCIFLUSH);
	if (t->in.len > 0)
		memset(t->in.data, 0, t->in.len);
	buf_clear(&t->in);
}
