/*
 * What goes to the terminal: a frame as one write; through it to its clipboard and its printer.
 */
#define _GNU_SOURCE /* memfd_create, dup3 */
#include "tui/terminal_private.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "tui/charset.h"

enum {
	OUTPUT_WAIT_MS = 2000,
	COPY_MAX = 70000 /* bytes; terminals cut or drop longer ones */
};

bool terminal_write(const char *s, size_t n)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};

	while (n > 0) {
		ssize_t did = write(STDOUT_FILENO, s, n);
		if (did > 0) {
			s += did;
			n -= (size_t)did;
		} else if ((errno != EAGAIN && errno != EINTR) ||
			   poll(&p, 1, OUTPUT_WAIT_MS) <= 0) {
			return false;
		}
	}
	return true;
}

bool terminal_frame_open(struct terminal *t)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

	t->frame_fd = memfd_create("frame", MFD_CLOEXEC);
	t->out = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (!t->out && fd >= 0)
		close(fd);
	return t->out != NULL;
}

void terminal_frame_close(struct terminal *t)
{
	if (t->out)
		fclose(t->out);
	if (t->frame_fd >= 0)
		close(t->frame_fd);
	buf_fini(&t->frame);
}

void terminal_frame_begin(struct terminal *t)
{
	if (t->frame_fd >= 0 && dup3(t->frame_fd, fileno(t->out), O_CLOEXEC) < 0) {
		close(t->frame_fd);
		t->frame_fd = -1;
	}
	errno = 0;
}

/* ncurses gives up a write that fails and tells nobody: only the error's number is left. */
static bool is_whole(void)
{
	return errno != ENOSPC && errno != EIO && errno != ENOMEM && errno != EFBIG;
}

bool terminal_frame_add(struct terminal *t, const char *s, size_t n)
{
	return t->frame_fd < 0 ? terminal_write(s, n) : write(t->frame_fd, s, n) == (ssize_t)n;
}

bool terminal_frame_end(struct terminal *t)
{
	bool whole = is_whole();
	off_t len = t->frame_fd >= 0 ? lseek(t->frame_fd, 0, SEEK_CUR) : 0;

	if (t->frame_fd < 0)
		return whole;
	dup3(STDOUT_FILENO, fileno(t->out), O_CLOEXEC);
	lseek(t->frame_fd, 0, SEEK_SET);
	if (len <= 0)
		return whole;
	buf_clear(&t->frame);
	buf_reserve(&t->frame, (size_t)len);
	return pread(t->frame_fd, t->frame.data, (size_t)len, 0) == (ssize_t)len &&
	       terminal_write(t->frame.data, (size_t)len) && whole;
}

bool terminal_copy(struct terminal *t, const char *text)
{
	size_t n = strlen(text);
	char *coded;
	struct buf b = {0};
	bool done;

	(void)t;
	if (n > COPY_MAX)
		return false;
	coded = crypto_base64(text, n);
	buf_printf(&b, "\033]52;c;%s\a", coded);
	done = terminal_write(b.data, b.len);
	free(coded);
	buf_fini(&b);
	return done;
}

/* Text as the terminal's printer takes it: its charset, crlf ended by CR LF. */
static void for_printer(const struct terminal *t, const char *text, struct buf *out)
{
	struct buf crlf = {0};

	for (; *text; text++) {
		if (*text == '\n')
			buf_addc(&crlf, '\r');
		buf_addc(&crlf, *text);
	}
	charset_encode(out, t->charset, buf_str(&crlf));
	buf_fini(&crlf);
}

bool terminal_print(struct terminal *t, const char *text)
{
	static char on_name[] = "mc5", off_name[] = "mc4";
	const char *on = tigetstr(on_name), *off = tigetstr(off_name);
	struct buf b = {0};
	bool done;

	if (!on || on == (const char *)-1 || !off || off == (const char *)-1) {
		on = "\033[5i";
		off = "\033[4i";
	}
	buf_adds(&b, on);
	for_printer(t, text, &b);
	buf_adds(&b, "\f");
	buf_adds(&b, off);
	done = terminal_write(b.data, b.len);
	if (!done) /* or all that is drawn from now on goes to paper */
		terminal_write(off, strlen(off));
	t->forgotten = true; /* a terminal that cannot print has shown it all instead */
	buf_fini(&b);
	return done;
}
