#include "tui/terminal_private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "tui/decode.h"

enum {
	ESCAPE_MIN_MS = 50,
	ESCAPE_FIRST_MS = 50, /* until the round trip is known; survives 40 ms between bytes */
	ESCAPE_MAX_MS = 300,
	ROW_BYTES = 8 /* to get to a row and to change the attributes there, about */
};

int terminal_fd(const struct terminal *t)
{
	(void)t;
	return STDIN_FILENO;
}

int terminal_rows(const struct terminal *t)
{
	(void)t;
	return LINES;
}

int terminal_cols(const struct terminal *t)
{
	(void)t;
	return COLS;
}

bool terminal_resize(struct terminal *t)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
		return false;
	/* ncurses may have seen it first, when it came back from a suspension */
	if (size.ws_row == canvas_rows(t->shown) && size.ws_col == canvas_cols(t->shown))
		return false;
	resizeterm(size.ws_row, size.ws_col);
	canvas_resize(t->shown, LINES, COLS);
	t->forgotten = true;
	return true;
}

bool terminal_read(struct terminal *t)
{
	char bytes[4096];
	ssize_t n;

	do {
		n = read(STDIN_FILENO, bytes, sizeof(bytes));
	} while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return true;
	if (n <= 0)
		return false;
	t->read_ms = clock_mono_ms(t->clock);
	decoder_feed(t->decoder, bytes, (size_t)n, t->read_ms);
	return true;
}

static int escape_ms(const struct terminal *t)
{
	int64_t round_trip_ms = t->pace.round_trip_ms;
	int ms = round_trip_ms < 0		     ? ESCAPE_FIRST_MS
		 : round_trip_ms > 2 * ESCAPE_MAX_MS ? ESCAPE_MAX_MS
						     : (int)round_trip_ms / 2;

	if (decoder_torn(t->decoder))
		return ESCAPE_MAX_MS;
	return ms < ESCAPE_MIN_MS ? ESCAPE_MIN_MS : ms > ESCAPE_MAX_MS ? ESCAPE_MAX_MS : ms;
}

/* u7 asks where the cursor is, u6 is how it answers: only terminals that promise both are asked. */
static void ask(struct terminal *t)
{
	static char ask_name[] = "u7", answer_name[] = "u6";
	const char *question = tigetstr(ask_name), *answer = tigetstr(answer_name);

	if (!question || question == (const char *)-1 || !answer || answer == (const char *)-1 ||
		strcmp(question, "\033[6n") != 0)
		t->pace.deaf = true;
	else
		terminal_write(question, strlen(question));
}

static void take_report(struct terminal *t, const struct key *k)
{
	bool sure = t->pace.sure;

	if (pace_answered(&t->pace, k->at_ms))
		ask(t);
	if (t->pace.sure && !sure && t->pace.slow)
		t->slow = true;
}

bool terminal_key(struct terminal *t, struct key *out)
{
	bool quiet = clock_mono_ms(t->clock) - t->read_ms >= escape_ms(t);

	while (decoder_next(t->decoder, quiet, out)) {
		if (out->code != K_REPORT)
			return true;
		take_report(t, out);
	}
	return false;
}

int64_t terminal_due(const struct terminal *t)
{
	return decoder_pending(t->decoder) ? t->read_ms + escape_ms(t) : -1;
}

bool terminal_row_same(const struct canvas *a, const struct canvas *b, int row)
{
	size_t bytes = sizeof(struct cell) * (size_t)canvas_cols(a);

	return memcmp(canvas_row(a, row), canvas_row(b, row), bytes) == 0;
}

void terminal_draw_row(
	const struct terminal *t, WINDOW *to, const struct canvas *c, int row, int cols)
{
	const struct cell *cells = canvas_row(c, row);
	cchar_t line[512];
	int n = 0, from = 0;

	for (int col = 0; col < cols; col++) {
		if (cells[col].cols == 0)
			continue;
		wchar_t text[2] = {(wchar_t)cells[col].cp, 0};
		setcchar(&line[n++], text, t->attrs[cells[col].role], t->pairs[cells[col].role],
			NULL);
		if (n == 512 || col + cells[col].cols >= cols) {
			mvwadd_wchnstr(to, row, from, line, n);
			from = col + cells[col].cols;
			n = 0;
		}
	}
}

size_t terminal_row_bytes(const struct cell *now, const struct cell *before, int cols)
{
	size_t n = ROW_BYTES;

	for (int col = 0; col < cols; col++)
		if (before ? memcmp(&now[col], &before[col], sizeof(*now)) != 0
			   : now[col].cp != ' ')
			n += now[col].cols == 2 ? 3 : now[col].cols;
	return n;
}

/* The terminal takes bytes now (it is not paused). */
static bool writable(void)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&p, 1, 0) > 0 && (p.revents & POLLOUT);
}

bool terminal_paint(struct terminal *t, const struct canvas *c)
{
	int rows = canvas_rows(c), cols = canvas_cols(c), row, col;
	int64_t now_ms = clock_mono_ms(t->clock);
	size_t bytes = 0;

	if (rows != LINES || cols != COLS)
		return true; /* a resize is on its way */
	if (!writable() || (t->slow && !pace_may_paint(&t->pace, now_ms)))
		return false;
	terminal_frame_begin(t);
	if (!t->forgotten && terminal_move_rows(t, c)) {
		wnoutrefresh(stdscr);
		doupdate();
	}
	for (row = 0; row < rows; row++) {
		bool last = row == rows - 1;
		if (!t->forgotten && terminal_row_same(c, t->shown, row))
			continue;
		bytes += terminal_row_bytes(
			canvas_row(c, row), t->forgotten ? NULL : canvas_row(t->shown, row), cols);
		if (!last && terminal_has_runs(t, canvas_row(c, row), cols))
			canvas_fill(t->shown, row, 0, cols, ROLE_TEXT);
		else
			canvas_copy_row(t->shown, c, row);
		terminal_draw_row(t, stdscr, t->shown, row, last ? cols - 1 : cols);
	}
	if (t->forgotten)
		clearok(curscr, TRUE);
	t->forgotten = false;
	canvas_cursor_at(c, &row, &col);
	move(row, col);
	wnoutrefresh(stdscr);
	doupdate();
	if (!terminal_draw_runs(t, c) || !terminal_frame_end(t)) {
		t->forgotten = true; /* who knows how much of it came through */
		return false;
	}
	if (t->slow || !t->pace.sure) {
		if (pace_painted(&t->pace, bytes, now_ms))
			ask(t);
	}
	return true;
}

void terminal_forget(struct terminal *t)
{
	t->forgotten = true;
}

void terminal_alert(struct terminal *t)
{
	if (t->alert == ALERT_BELL)
		beep();
	else if (t->alert == ALERT_FLASH)
		flash();
}

void terminal_suspend(struct terminal *t)
{
	(void)t;
	terminal_leave();
}

void terminal_resume(struct terminal *t)
{
	refresh();
	terminal_enter(t);
	terminal_resize(t);
}

int terminal_round_trip_ms(const struct terminal *t)
{
	return (int)t->pace.round_trip_ms;
}

bool terminal_slow(const struct terminal *t)
{
	return t->slow;
}

void terminal_set_slow(struct terminal *t, bool slow)
{
	t->slow = slow;
}

const char *terminal_charset(const struct terminal *t)
{
	return t->charset;
}

enum theme terminal_theme(const struct terminal *t)
{
	return t->theme;
}

int terminal_colours(const struct terminal *t)
{
	return t->theme == THEME_MONO ? 0 : COLORS;
}
