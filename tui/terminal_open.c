/* Opening a terminal: is it one, what are its abilities and how does each role look on it. */
#include "tui/terminal_private.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/charset.h"
#include "tui/decode.h"
#include "tui/theme.h"

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

/* The one sentence for a terminal that cannot be used; English where Chinese could not be read. */
static enum err check(char charset[CHARSET_SIZE], struct buf *why)
{
	const char *term = getenv("TERM"), *tty;
	int status;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		buf_why(why, "%s",
			tr("这里没有终端, 打不开工作台。请在终端里运行; 逐行问答用 yimen --plain, "
			   "单条命令见 yimen help。"));
		return ERR_DENIED;
	}
	if (charset_name(charset, why) != 0) /* before Chinese is said */
		return ERR_DENIED;
	if (!term || !*term || setupterm(term, STDOUT_FILENO, &status) != OK) {
		buf_why(why, "%s",
			tr("不认识这个终端类型 (TERM)。请设为 xterm-256color, vt100 等后再试, "
			   "或用逐行问答: yimen --plain。"));
		return ERR_DENIED;
	}
	if (!cursor_address || !clear_screen) {
		buf_why(why,
			tr("终端 %s 不能移动光标, 打不开全屏的工作台。请用逐行问答: yimen --plain。"),
			term);
		return ERR_DENIED;
	}
	tty = ttyname(STDIN_FILENO);
	if (tty && strncmp(tty, "/dev/tty", 8) == 0 && tty[8] >= '0' && tty[8] <= '9' &&
		strcmp(term, "linux") == 0 && !msg_english()) {
		buf_why(why,
			"The Linux console cannot show Chinese. Install and start fbterm or kmscon, "
			"or set LANGUAGE=en. With a screen reader or a braille display run yimen --plain.");
		return ERR_DENIED;
	}
	return 0;
}

/* Nothing of colours is begun until a theme wants them. */
static bool can_colour(struct terminal *t)
{
	const char *no_colour = getenv("NO_COLOR");

	if (!has_colors() || (no_colour && *no_colour))
		return false;
	if (!t->colours_begun) {
		start_color();
		use_default_colors();
		t->colours_begun = true;
	}
	return COLORS >= 8;
}

bool terminal_set_theme(struct terminal *t, enum theme theme)
{
	bool can = can_colour(t);

	t->theme = theme;
	terminal_init_looks(t);
	terminal_forget(t);
	return can;
}

/* Each role's attributes, and a colour pair where the terminal has colours. */
void terminal_init_looks(struct terminal *t)
{
	short next_pair = 1;

	if (t->theme != THEME_MONO && !can_colour(t))
		t->theme = THEME_MONO;
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

/* Takes parts out of a capability, in the library's own copy of this terminal's description. */
static void cut_out(const char *name, const char *const *parts, size_t count)
{
	char asked[8];
	char *capability;

	snprintf(asked, sizeof(asked), "%s", name);
	capability = tigetstr(asked);
	if (!capability || capability == (char *)-1)
		return;
	for (size_t i = 0; i < count; i++) {
		char *at = strstr(capability, parts[i]);
		if (at)
			memmove(at, at + strlen(parts[i]), strlen(at + strlen(parts[i])) + 1);
	}
}

/*
 * Nothing here is drawn with the line-drawing charset, so it is never switched to: a change of
 * attributes need not switch back, which is 1 to 3 bytes each.
 */
static void drop_charset_switch(void)
{
	static const char *const of_set[] = {"%?%p9%t\033(0%e\033(B%;", "%?%p9%t\016%e\017%;"};
	static const char *const of_reset[] = {"\033(B", "\017"};

	cut_out("sgr", of_set, 2);
	cut_out("sgr0", of_reset, 2);
}

void terminal_enter(struct terminal *t)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	typeahead(-1); /* what waits was read before the paint; a frame is drawn whole */
	keypad(stdscr, TRUE);
	scrollok(stdscr, FALSE);
	idlok(stdscr, FALSE);
	idcok(stdscr, FALSE); /* ncurses inserts within a wide character and leaves half of what it
				 pushed */
	if (knows_paste())
		terminal_write(paste_on, strlen(paste_on));
	t->forgotten = true;
}

/*
 * Only with Unicode does ncurses leave out "repeat the last character" (REP), which PuTTY before
 * 0.71 and others behind TERM=xterm do not know: 0531-0000000 would stand there as 0531-0. So it
 * is told that the charset is UTF-8 while it looks; what it writes goes by the locale in force.
 */
static SCREEN *new_screen(FILE *to, struct buf *why)
{
	SCREEN *s;

	setlocale(LC_CTYPE, "C.UTF-8");
	s = newterm(NULL, to, stdin);
	return charset_take_locale(why) == OK ? s : NULL;
}

enum err terminal_usable(struct buf *why)
{
	char charset[CHARSET_SIZE];
	enum err e = charset_take_locale(why);

	return e ? e : check(charset, why);
}

enum err terminal_open(
	struct terminal **out, const struct terminal_options *options, struct buf *why)
{
	struct terminal *t;
	char charset[CHARSET_SIZE];
	enum err e;

	e = charset_take_locale(why);
	if (!e)
		e = check(charset, why);
	if (e)
		return e;
	t = mem_alloc(sizeof(*t));
	t->clock = options->clock;
	t->theme = options->theme;
	t->slow = options->slow;
	t->alert = options->alert;
	pace_init(&t->pace);
	memcpy(t->charset, charset, sizeof(t->charset));
	t->screen = terminal_frame_open(t) ? new_screen(t->out, why) : NULL;
	if (!t->screen) {
		terminal_frame_close(t);
		free(t);
		buf_why(why, "%s",
			tr("终端打不开。请检查 TERM 后再试, 或用逐行问答: yimen --plain。"));
		return ERR_DENIED;
	}
	drop_charset_switch();
	terminal_init_looks(t);
	t->decoder = decoder_new();
	bind_keys(t->decoder);
	t->shown = canvas_new(LINES, COLS);
	terminal_enter(t);
	*out = t;
	return 0;
}

void terminal_leave(void)
{
	if (knows_paste())
		terminal_write(paste_off, strlen(paste_off));
	endwin();
}

void terminal_close(struct terminal *t)
{
	if (!t)
		return;
	terminal_leave();
	delscreen(t->screen);
	terminal_frame_close(t);
	decoder_free(t->decoder);
	canvas_free(t->shown);
	free(t);
}
