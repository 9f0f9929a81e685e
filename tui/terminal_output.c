/* What goes through the terminal to its clipboard and its printer. */
#include "tui/terminal_private.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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
