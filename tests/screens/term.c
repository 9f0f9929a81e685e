#include "tests/screens/term_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <iconv.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

enum {
	HAND_US = 40000,
	UNSEEN_MS = 500,     /* not all that is typed shows */
	FIRST_BYTE_MS = 500, /* no frame at all when nothing came until then */
	ROWS_MAX = 64
};

int64_t term_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void send_bytes(struct term *t, const char *s, size_t n)
{
	while (n > 0) {
		ssize_t w = write(t->fd, s, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			return;
		s += w;
		n -= (size_t)w;
	}
}

static void child(const char *const *argv, const struct term_options *o)
{
	char *path = getenv("PATH"), keep[4096], home[4096];

	snprintf(keep, sizeof(keep), "%s", path ? path : "/usr/bin:/bin");
	snprintf(home, sizeof(home), "%s", getenv("HOME") ? getenv("HOME") : "/");
	clearenv();
	setenv("PATH", keep, 1);
	setenv("HOME", home, 1);
	setenv("TERM", o->type, 1);
	setenv("LC_ALL", o->locale, 1);
	setenv("LANGUAGE", o->language, 1);
	setenv("TZ", "Asia/Shanghai", 1);
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	for (const char *const *e = o->env; e && *e; e++)
		putenv((char *)(uintptr_t)*e);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static int on_bell(void *arg)
{
	((struct term *)arg)->bells++;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.bell = on_bell};

static struct term *new_term(const struct term_options *o)
{
	struct term *t = calloc(1, sizeof(*t));

	assert_true(o->rows <= ROWS_MAX && o->cols <= COLS_MAX);
	t->rows = o->rows;
	t->cols = o->cols;
	t->in = t->out = (iconv_t)-1;
	if (!strstr(o->locale, "UTF-8") && strchr(o->locale, '.')) {
		const char *charset = strchr(o->locale, '.') + 1;
		t->in = iconv_open("UTF-8", charset);
		t->out = iconv_open(charset, "UTF-8");
	}
	t->vt = vterm_new(o->rows, o->cols);
	vterm_set_utf8(t->vt, 1);
	t->screen = vterm_obtain_screen(t->vt);
	vterm_screen_enable_altscreen(t->screen, 1);
	vterm_screen_set_callbacks(t->screen, &callbacks, t);
	vterm_screen_reset(t->screen, 1);
	return t;
}

struct term *term_start(const char *const *argv, const struct term_options *o)
{
	struct term *t = new_term(o);
	struct winsize size = {
		.ws_row = (unsigned short)o->rows, .ws_col = (unsigned short)o->cols};

	t->sent_us = now_us();
	t->pid = forkpty(&t->fd, NULL, NULL, &size);
	if (t->pid == 0)
		child(argv, o);
	assert_true(t->pid > 0);
	return t;
}

struct term *term_within(
	const struct term_options *o, void (*turn)(void *arg), void *arg, int *slave)
{
	struct term *t = new_term(o);
	struct winsize size = {
		.ws_row = (unsigned short)o->rows, .ws_col = (unsigned short)o->cols};

	assert_int_equal(openpty(&t->fd, slave, NULL, NULL, &size), 0);
	t->turn = turn;
	t->turn_arg = arg;
	return t;
}

/* Bytes of the program in its charset; what is cut at the end waits for the rest. */
static void take_converted(struct term *t, const char *bytes, size_t n)
{
	char joined[4096 + 8], utf8[4 * sizeof(joined)];
	char *in = joined, *out = utf8;
	size_t in_left = t->left_len + n, out_left = sizeof(utf8);

	memcpy(joined, t->left, t->left_len);
	memcpy(joined + t->left_len, bytes, n);
	while (in_left > 0 && iconv(t->in, &in, &in_left, &out, &out_left) == (size_t)-1) {
		if (errno == EINVAL && in_left < sizeof(t->left))
			break;
		in++;
		in_left--;
	}
	memcpy(t->left, in, in_left);
	t->left_len = in_left;
	vterm_input_write(t->vt, utf8, (size_t)(out - utf8));
}

/* How many bytes at the end are a character that is not whole yet. */
static size_t unfinished(const char *s, size_t n)
{
	for (size_t back = 1; back <= 3 && back <= n; back++) {
		unsigned char c = (unsigned char)s[n - back];
		size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
		if (want > back)
			return back;
		if (c < 0x80 || c >= 0xc0)
			return 0;
	}
	return 0;
}

/*
 * libvterm 0.3 keeps what it has of a character beside the charset of the first byte of its text:
 * cut behind ASCII, the rest would be looked for elsewhere. It is never given a part.
 */
static void take_utf8(struct term *t, const char *bytes, size_t n)
{
	char joined[4096 + 8];
	size_t left;

	assert_true(n <= 4096);
	memcpy(joined, t->left, t->left_len);
	memcpy(joined + t->left_len, bytes, n);
	n += t->left_len;
	left = unfinished(joined, n);
	vterm_input_write(t->vt, joined, n - left);
	memcpy(t->left, joined + n - left, left);
	t->left_len = left;
}

size_t term_see(struct term *t, const char *bytes, size_t n, char *answer, size_t size)
{
	if (t->in == (iconv_t)-1)
		take_utf8(t, bytes, n);
	else
		take_converted(t, bytes, n);
	vterm_screen_flush_damage(t->screen);
	return vterm_output_read(t->vt, answer, size);
}

bool term_pump(struct term *t, int max_ms)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	char bytes[4096];
	ssize_t n;

	if (t->turn) {
		t->turn(t->turn_arg);
		max_ms = 0;
	}
	if (t->ended || poll(&p, 1, max_ms) <= 0)
		return false;
	n = read(t->fd, bytes, sizeof(bytes));
	if (n <= 0) {
		if (n < 0 && errno == EINTR)
			return true;
		t->ended = true;
		waitpid(t->pid, &t->status, 0);
		return false;
	}
	t->bytes += (size_t)n;
	n = (ssize_t)term_see(t, bytes, (size_t)n, bytes, sizeof(bytes));
	send_bytes(t, bytes, (size_t)n);
	return true;
}

size_t term_take(struct term *t, char *out, size_t size)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};
	ssize_t n = poll(&p, 1, 0) > 0 ? read(t->fd, out, size) : 0;

	return n > 0 ? (size_t)n : 0;
}

void term_send(struct term *t, const char *bytes, size_t n)
{
	send_bytes(t, bytes, n);
}

int term_stop(struct term *t)
{
	int status;

	if (t->turn) {
		close(t->fd);
	} else if (!t->ended) {
		kill(t->pid, SIGHUP);
		close(t->fd);
		waitpid(t->pid, &t->status, 0);
	} else {
		close(t->fd);
	}
	status = t->status;
	if (t->in != (iconv_t)-1) {
		iconv_close(t->in);
		iconv_close(t->out);
	}
	vterm_free(t->vt);
	free(t);
	return status;
}

int term_pid(const struct term *t)
{
	return t->pid;
}

/* ---- keys ---- */

static const struct {
	const char *name, *bytes;
} names[] = {{"Enter", "\r"}, {"Tab", "\t"}, {"Esc", "\033"}, {"Up", "\033OA"}, {"Down", "\033OB"},
	{"Right", "\033OC"}, {"Left", "\033OD"}, {"PgUp", "\033[5~"}, {"PgDn", "\033[6~"},
	{"Home", "\033OH"}, {"End", "\033OF"}, {"BS", "\177"}, {"Space", " "}, {"lt", "<"}};

static void send_text(struct term *t, const char *s, size_t n)
{
	char bytes[1024], *in = (char *)(uintptr_t)s, *out = bytes;
	size_t in_left = n, out_left = sizeof(bytes);

	if (t->out == (iconv_t)-1) {
		send_bytes(t, s, n);
		return;
	}
	assert_true(iconv(t->out, &in, &in_left, &out, &out_left) != (size_t)-1);
	send_bytes(t, bytes, (size_t)(out - bytes));
}

static void send_name(struct term *t, const char *name, size_t n)
{
	if (n == 3 && name[0] == 'C' && name[1] == '-') {
		send_bytes(t, &(char){name[2] & 0x1f}, 1);
		return;
	}
	if (n == 3 && name[0] == 'M' && name[1] == '-') {
		send_bytes(t, (char[]){033, name[2]}, 2);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i].name) == n && memcmp(names[i].name, name, n) == 0) {
			send_bytes(t, names[i].bytes, strlen(names[i].bytes));
			return;
		}
	fail_msg("no key is called <%.*s>", (int)n, name);
}

/* On a busy machine the program may read keys with the next ones: it has not shown yet what these
 * did. */
static bool is_unseen(const struct term *t)
{
	return t->pid > 0 && !t->ended && t->bytes == t->sent_bytes;
}

/* What comes quicker after the last keys is not a hand's, and is not taken for one (tui/key.h).
 * Meanwhile the terminal answers what it is asked, or its line would be judged slow. */
static void wait_as_a_hand(struct term *t)
{
	int64_t until_ms = term_now_ms() + UNSEEN_MS;
	double left_us;

	while (is_unseen(t) && term_now_ms() < until_ms) {
		term_pump(t, 10);
		t->sent_us = now_us();
	}
	while (t->pid > 0 && !t->ended && (left_us = t->sent_us + HAND_US - now_us()) > 0 &&
		left_us <= HAND_US)
		term_pump(t, (int)(left_us / 1000) + 1);
}

static bool ends_line(const char *name, size_t n)
{
	return (n == 5 && memcmp(name, "Enter", n) == 0) || (n == 3 && memcmp(name, "Tab", n) == 0);
}

static void note_sent(struct term *t)
{
	t->sent_us = now_us();
	t->sent_bytes = t->bytes;
}

static void send_keys(struct term *t, const char *keys, bool hand)
{
	const char *begin = keys;

	wait_as_a_hand(t);
	note_sent(t);
	while (*keys) {
		size_t n = strcspn(keys, "<");
		if (n > 0) {
			send_text(t, keys, n);
			keys += n;
			continue;
		}
		n = strcspn(keys, ">");
		if (hand && keys > begin && ends_line(keys + 1, n - 1)) {
			wait_as_a_hand(t);
			note_sent(t);
		}
		send_name(t, keys + 1, n - 1);
		keys += n + 1;
	}
}

void term_keys(struct term *t, const char *keys)
{
	send_keys(t, keys, true);
}

void term_burst(struct term *t, const char *keys)
{
	send_keys(t, keys, false);
}

void term_paste(struct term *t, const char *text)
{
	send_bytes(t, "\033[200~", 6);
	send_text(t, text, strlen(text));
	send_bytes(t, "\033[201~", 6);
}

void term_resize(struct term *t, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};

	t->rows = rows;
	t->cols = cols;
	vterm_set_size(t->vt, rows, cols);
	ioctl(t->fd, TIOCSWINSZ, &size);
	if (t->turn)
		raise(SIGWINCH); /* it is not the terminal of this process: nobody else tells it */
}

/* ---- looking ---- */

static size_t put_utf8(char *out, uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

VTermScreenCell term_cell_at(struct term *t, int row, int col)
{
	VTermScreenCell cell;

	vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
	return cell;
}

const char *term_row(struct term *t, int row)
{
	size_t n = 0;

	for (int col = 0; col < t->cols; col++) {
		VTermScreenCell cell = term_cell_at(t, row, col);
		if (cell.chars[0] == (uint32_t)-1)
			continue;
		n += put_utf8(t->row + n, cell.chars[0] ? cell.chars[0] : ' ');
	}
	while (n > 0 && t->row[n - 1] == ' ')
		n--;
	t->row[n] = '\0';
	return t->row;
}

bool term_has(struct term *t, const char *text)
{
	for (int row = 0; row < t->rows; row++)
		if (strstr(term_row(t, row), text))
			return true;
	return false;
}

bool term_word(struct term *t, const char *prefix, char *out, size_t size)
{
	for (int row = 0; row < t->rows; row++) {
		const char *at = strstr(term_row(t, row), prefix);
		if (at) {
			snprintf(out, size, "%.*s", (int)strcspn(at, " "), at);
			return true;
		}
	}
	return false;
}

static void print_screen(struct term *t)
{
	for (int row = 0; row < t->rows; row++)
		fprintf(stderr, "%3d|%s\n", row, term_row(t, row));
}

/* Polls the terminal until the condition holds. */
static void wait_for(struct term *t, bool (*holds)(struct term *t, const void *arg),
	const void *arg, const char *what)
{
	int64_t deadline = term_now_ms() + DEADLINE_MS;

	while (!holds(t, arg)) {
		int64_t left = deadline - term_now_ms();
		if (left <= 0 || (!term_pump(t, (int)left) && t->ended)) {
			print_screen(t);
			fail_msg("%s: %s",
				t->ended ? "the program ended" : "not within the deadline", what);
		}
	}
}

static bool has(struct term *t, const void *text)
{
	return term_has(t, text);
}

static bool has_not(struct term *t, const void *text)
{
	return !term_has(t, text);
}

static int colour_of(const VTermColor *c, bool none)
{
	return none ? -1 : VTERM_COLOR_IS_INDEXED(c) ? c->indexed.idx % 8 : 8;
}

struct term_cell term_cell(struct term *t, int row, int col)
{
	VTermScreenCell cell = term_cell_at(t, row, col);
	struct term_cell out = {.cp = cell.chars[0] == (uint32_t)-1 ? 0
				      : cell.chars[0]		    ? cell.chars[0]
								    : ' ',
		.bold = cell.attrs.bold,
		.reverse = cell.attrs.reverse,
		.underline = cell.attrs.underline != 0};

	out.fg = colour_of(&cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
	out.bg = colour_of(&cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
	return out;
}

void term_cursor(struct term *t, int *row, int *col)
{
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
	*row = at.row;
	*col = at.col;
}

bool term_turn(struct term *t)
{
	return term_pump(t, 0);
}

void term_wait(struct term *t, const char *text)
{
	wait_for(t, has, text, text);
}

struct row_text {
	int row;
	const char *text;
};

static bool row_has(struct term *t, const void *arg)
{
	const struct row_text *r = arg;

	return strstr(term_row(t, r->row), r->text) != NULL;
}

void term_wait_row(struct term *t, int row, const char *text)
{
	wait_for(t, row_has, &(const struct row_text){row, text}, text);
}

void term_wait_gone(struct term *t, const char *text)
{
	wait_for(t, has_not, text, text);
}

static bool cursor_is(struct term *t, const void *arg)
{
	const int *want = arg;
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
	return at.row == want[0] && at.col == want[1];
}

void term_wait_cursor(struct term *t, int row, int col)
{
	int want[2] = {row, col};
	char what[64];

	snprintf(what, sizeof(what), "cursor at row %d column %d", row, col);
	wait_for(t, cursor_is, want, what);
}

int term_wait_exit(struct term *t)
{
	int64_t deadline = term_now_ms() + DEADLINE_MS;

	while (!t->ended) {
		int64_t left = deadline - term_now_ms();
		if (left <= 0) {
			print_screen(t);
			fail_msg("the program did not end");
		}
		term_pump(t, (int)left);
	}
	return WIFEXITED(t->status) ? WEXITSTATUS(t->status) : 128 + WTERMSIG(t->status);
}

size_t term_bytes(struct term *t)
{
	size_t n = t->bytes;

	t->bytes = 0;
	return n;
}

void term_rest(struct term *t, int rest_ms)
{
	while (term_pump(t, rest_ms))
		continue;
}

size_t term_bells(struct term *t)
{
	size_t n = t->bells;

	t->bells = 0;
	return n;
}

void term_frame(struct term *t, int gap_ms, struct term_frame *out)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	*out = (struct term_frame){.bytes = t->bytes};
	while (!t->ended && poll(&p, 1, t->bytes == out->bytes ? FIRST_BYTE_MS : gap_ms) > 0) {
		out->last_ms = (now_us() - t->sent_us) / 1e3;
		if (t->bytes == out->bytes)
			out->first_ms = out->last_ms;
		term_pump(t, 0);
	}
	out->bytes = t->bytes - out->bytes;
}
