#include "tui/terminal.h"

#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "tui/canvas.h"
#include "tui/decode.h"
#include "tui/theme.h"

enum {
	ESCAPE_MIN_MS = 50,
	ESCAPE_FIRST_MS = 50, /* until the round trip is known; survives 40 ms between bytes */
	ESCAPE_MAX_MS = 300,
	SLOW_ROUND_TRIP_MS = 150,
	OUTPUT_WAIT_MS = 2000,
	COPY_MAX = 70000 /* bytes; terminals cut or drop longer ones */
};

struct terminal {
	const struct clock *clock;
	SCREEN *screen;
	struct decoder *decoder;
	struct canvas *shown; /* what the last paint put on the screen */
	bool forgotten;	      /* shown is not to be trusted */
	enum theme theme;
	attr_t attrs[ROLE__MAX];
	short pairs[ROLE__MAX];
	char charset[16];
	int64_t read_ms; /* when the last bytes came */
	int64_t asked_ms;
	int round_trip_ms;
	bool slow;
};

/* The one sentence for a terminal that cannot be used; English where Chinese could not be read. */
static enum err check(char charset[16], struct buf *why)
{
	const char *term = getenv("TERM"), *codeset, *tty;
	int status;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		buf_why(why, "%s",
			tr("这里没有终端, 打不开工作台。请在终端里运行, 或改用 yimen "
			   "help 里的命令。"));
		return ERR_DENIED;
	}
	if (!term || !*term || setupterm(term, STDOUT_FILENO, &status) != OK) {
		buf_why(why, "%s",
			tr("不认识这个终端类型 (TERM)。请设为 xterm-256color, vt100 "
			   "等后再试。"));
		return ERR_DENIED;
	}
	if (!cursor_address || !clear_screen) {
		buf_why(why,
			tr("终端 %s 不能移动光标, 打不开工作台。请换终端, 或改用 yimen help "
			   "里的命令。"),
			term);
		return ERR_DENIED;
	}
	codeset = nl_langinfo(CODESET);
	if (strcasecmp(codeset, "UTF-8") != 0 && strcasecmp(codeset, "GB18030") != 0 &&
		strcasecmp(codeset, "GBK") != 0) {
		buf_why(why,
			"The locale's character set (%s) has no Chinese. Set LANG=C.UTF-8 or "
			"LANG=zh_CN.GB18030 to match your terminal and start again.",
			codeset);
		return ERR_DENIED;
	}
	tty = ttyname(STDIN_FILENO);
	if (tty && strncmp(tty, "/dev/tty", 8) == 0 && tty[8] >= '0' && tty[8] <= '9' &&
		strcmp(term, "linux") == 0 && !msg_english()) {
		buf_why(why,
			"The Linux console cannot show Chinese. Install and start fbterm or kmscon, "
			"or set LANGUAGE=en.");
		return ERR_DENIED;
	}
	snprintf(charset, 16, "%s", codeset);
	return 0;
}

/* Each role's attributes, and a colour pair where the terminal has colours. */
static void init_looks(struct terminal *t)
{
	const char *no_colour = getenv("NO_COLOR");
	short next_pair = 1;

	if (t->theme != THEME_MONO && has_colors() && !(no_colour && *no_colour)) {
		start_color();
		use_default_colors();
		if (COLORS < 8)
			t->theme = THEME_MONO;
	} else {
		t->theme = THEME_MONO;
	}
	for (int r = 0; r < ROLE__MAX; r++) {
		const struct look *l = theme_look(t->theme, (enum role)r);
		t->attrs[r] = (l->bold ? A_BOLD : 0U) | (l->reverse ? A_REVERSE : 0U) |
			      (l->underline ? A_UNDERLINE : 0U);
		t->pairs[r] = 0;
		if (l->fg >= 0 || l->bg >= 0) {
			init_pair(next_pair, l->fg, l->bg);
			t->pairs[r] = next_pair++;
		}
	}
}

static void bind_keys(struct decoder *d)
{
	static const struct {
		const char *capability;
		enum key_code code;
		uint32_t ch;
	} keys[] = {
		{"kcuu1", K_UP, 0},
		{"kcud1", K_DOWN, 0},
		{"kcub1", K_LEFT, 0},
		{"kcuf1", K_RIGHT, 0},
		{"khome", K_HOME, 0},
		{"kend", K_END, 0},
		{"kpp", K_PGUP, 0},
		{"knp", K_PGDN, 0},
		{"kdch1", K_DELETE, 0},
		{"kich1", K_INSERT, 0},
		{"kcbt", K_BACKTAB, 0},
		{"kent", K_ENTER, 0},
		{"kf1", K_F, 1},
		{"kf2", K_F, 2},
		{"kf3", K_F, 3},
		{"kf4", K_F, 4},
		{"kf5", K_F, 5},
		{"kf6", K_F, 6},
		{"kf7", K_F, 7},
		{"kf8", K_F, 8},
		{"kf9", K_F, 9},
		{"kf10", K_F, 10},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char name[8];
		snprintf(name, sizeof(name), "%s", keys[i].capability);
		const char *sequence = tigetstr(name);
		/* one control character would take a key that has its own meaning */
		if (sequence && sequence != (const char *)-1 && sequence[0] == '\033')
			decoder_bind(d, sequence, keys[i].code, keys[i].ch);
	}
}

static void raw_write(const char *s)
{
	ssize_t n = write(STDOUT_FILENO, s, strlen(s));

	(void)n; /* a lost request is not repeated; a lost terminal is found by reading */
}

/* Bracketed paste is asked for only where the terminal is one of those that know it. */
static bool knows_paste(void)
{
	const char *term = getenv("TERM");
	static const char *const known[] = {"xterm", "rxvt", "screen", "tmux", "putty", "foot",
		"alacritty", "kitty", "st-", "konsole", "gnome", "vte"};

	for (size_t i = 0; term && i < sizeof(known) / sizeof(*known); i++)
		if (strncmp(term, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static void enter(struct terminal *t)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	idlok(stdscr, FALSE);
	if (knows_paste())
		raw_write("\033[?2004h");
	t->forgotten = true;
}

/* The charset of the environment; where that says nothing at all, terminals of today speak UTF-8.
 */
static enum err choose_charset(struct buf *why)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *value = getenv(names[i]);
		if (!value || !*value)
			continue;
		if (setlocale(LC_CTYPE, ""))
			return 0;
		buf_why(why,
			"The locale %s=%s is not installed here. Install it (Debian: dpkg-reconfigure "
			"locales) or set LC_ALL=C.UTF-8 on a UTF-8 terminal.",
			names[i], value);
		return ERR_DENIED;
	}
	setlocale(LC_CTYPE, "C.UTF-8");
	return 0;
}

enum err terminal_open(
	struct terminal **out, const struct terminal_options *options, struct buf *why)
{
	struct terminal *t;
	char charset[16];
	enum err e;

	e = choose_charset(why);
	if (!e)
		e = check(charset, why);
	if (e)
		return e;
	t = mem_alloc(sizeof(*t));
	t->clock = options->clock;
	t->theme = options->theme;
	t->slow = options->slow;
	t->round_trip_ms = -1;
	t->asked_ms = -1;
	memcpy(t->charset, charset, sizeof(t->charset));
	t->screen = newterm(NULL, stdout, stdin);
	if (!t->screen) {
		free(t);
		buf_why(why, "%s", tr("终端打不开。请检查 TERM 后再试。"));
		return ERR_DENIED;
	}
	init_looks(t);
	t->decoder = decoder_new();
	bind_keys(t->decoder);
	t->shown = canvas_new(LINES, COLS);
	enter(t);
	*out = t;
	return 0;
}

static void leave(void)
{
	if (knows_paste())
		raw_write("\033[?2004l");
	endwin();
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	leave();
	delscreen(t->screen);
	decoder_free(t->decoder);
	canvas_free(t->shown);
	free(t);
}

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
	if (size.ws_row == LINES && size.ws_col == COLS)
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
	int ms = t->round_trip_ms < 0 ? ESCAPE_FIRST_MS : t->round_trip_ms / 2;

	return ms < ESCAPE_MIN_MS ? ESCAPE_MIN_MS : ms > ESCAPE_MAX_MS ? ESCAPE_MAX_MS : ms;
}

/* The answer to terminal_ask. */
static void take_report(struct terminal *t, const struct key *k)
{
	if (t->asked_ms < 0)
		return;
	t->round_trip_ms = (int)(k->at_ms - t->asked_ms);
	t->asked_ms = -1;
	if (t->round_trip_ms > SLOW_ROUND_TRIP_MS)
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

static bool row_same(const struct canvas *a, const struct canvas *b, int row, int cols)
{
	return memcmp(canvas_row(a, row), canvas_row(b, row), sizeof(struct cell) * (size_t)cols) ==
	       0;
}

static void draw_row(struct terminal *t, const struct canvas *c, int row, int cols)
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
			mvadd_wchnstr(row, from, line, n);
			from = col + cells[col].cols;
			n = 0;
		}
	}
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

	if (rows != LINES || cols != COLS)
		return true; /* a resize is on its way */
	if (!writable())
		return false;
	for (row = 0; row < rows; row++) {
		if (!t->forgotten && row_same(c, t->shown, row, cols))
			continue;
		draw_row(t, c, row, row == rows - 1 ? cols - 1 : cols);
		canvas_copy_row(t->shown, c, row);
	}
	if (t->forgotten)
		clearok(curscr, TRUE);
	t->forgotten = false;
	canvas_cursor_at(c, &row, &col);
	move(row, col);
	wnoutrefresh(stdscr);
	doupdate();
	return true;
}

void terminal_forget(struct terminal *t)
{
	t->forgotten = true;
}

void terminal_bell(struct terminal *t)
{
	(void)t;
	beep();
}

/* All of it, waiting a little when the line is full. */
static bool write_all(const char *s, size_t n)
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
	done = write_all(b.data, b.len);
	free(coded);
	buf_fini(&b);
	return done;
}

/* One character in the terminal's charset; what it lacks becomes ?. */
static void add_coded(struct buf *out, iconv_t coder, const char *s, size_t n)
{
	char coded[16], *in = (char *)(uintptr_t)s, *to = coded;
	size_t left = n, room = sizeof(coded);

	if (iconv(coder, &in, &left, &to, &room) == (size_t)-1)
		buf_addc(out, '?');
	else
		buf_add(out, coded, sizeof(coded) - room);
}

/* Text as the terminal's printer takes it: its charset, lines ended by CR LF. */
static void for_printer(const struct terminal *t, const char *text, struct buf *out)
{
	iconv_t coder = iconv_open(t->charset, "UTF-8");
	size_t len = strlen(text), n;

	for (size_t i = 0; i < len; i += n) {
		uint32_t cp;
		n = text_decode(text + i, len - i, &cp);
		if (cp == '\n')
			buf_adds(out, "\r\n");
		else if (cp < 0x80 || coder == (iconv_t)-1)
			buf_add(out, text + i, n);
		else
			add_coded(out, coder, text + i, n);
	}
	if (coder != (iconv_t)-1)
		iconv_close(coder);
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
	done = write_all(b.data, b.len);
	if (!done) /* or all that is drawn from now on goes to paper */
		write_all(off, strlen(off));
	buf_fini(&b);
	return done;
}

void terminal_suspend(struct terminal *t)
{
	(void)t;
	leave();
}

void terminal_resume(struct terminal *t)
{
	refresh();
	enter(t);
	terminal_resize(t);
}

/* u7 asks, u6 is how it answers: only terminals that promise both are asked. */
void terminal_ask(struct terminal *t)
{
	static char ask_name[] = "u7", answer_name[] = "u6";
	const char *ask = tigetstr(ask_name), *answer = tigetstr(answer_name);

	if (t->asked_ms >= 0 || !ask || ask == (const char *)-1 || !answer ||
		answer == (const char *)-1 || strcmp(ask, "\033[6n") != 0)
		return;
	t->asked_ms = clock_mono_ms(t->clock);
	raw_write(ask);
}

int terminal_round_trip_ms(const struct terminal *t)
{
	return t->round_trip_ms;
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

int terminal_colours(const struct terminal *t)
{
	return t->theme == THEME_MONO ? 0 : COLORS;
}
