/* From a key to what is done: questions, commands, screens. */
#include "tui/app_private.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/store.h"
#include "tui/exercise.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/theme.h"
#include "tui/visitors.h"

static size_t add_commands(enum command *out, size_t n, const enum command *more, size_t count)
{
	for (size_t i = 0; i < count && n < COMMANDS_MAX; i++) {
		size_t j = 0;
		while (j < n && out[j] != more[i])
			j++;
		if (j == n)
			out[n++] = more[i];
	}
	return n;
}

enum typing app_typing(struct screen *s)
{
	return s->ops->typing ? s->ops->typing(s) : TYPING_NONE;
}

size_t app_commands(struct app *a, struct screen *s, enum command *out)
{
	static const enum command always[] = {
		CMD_HELP, CMD_PALETTE, CMD_BACK, CMD_QUIT, CMD_REDRAW, CMD_BLANK};
	static const enum command signed_in[] = {CMD_GO_TODAY, CMD_GO_FIND, CMD_GO_CASES,
		CMD_GO_OUTBOX, CMD_GO_COUNTS, CMD_GO_CHANGES, CMD_GO_NOTICES, CMD_BROWSE,
		CMD_UNMASK, CMD_SLOW, CMD_THEME, CMD_SIGN_OUT, CMD_GO_QUEUE, CMD_GO_LEDGER,
		CMD_GO_PICKUP};
	static const enum command next[] = {CMD_CALL_NEXT}, exercise[] = {CMD_CUT_LINE};
	size_t n = s->ops->commands(s, out);

	n = add_commands(out, n, always, sizeof(always) / sizeof(*always));
	if (a->session->signed_in)
		n = add_commands(out, n, signed_in, sizeof(signed_in) / sizeof(*signed_in));
	if (a->session->signed_in && a->options.cut_line != NULL)
		n = add_commands(out, n, exercise, 1);
	/* from the pages, not from the middle of a form */
	if (a->session->signed_in && s->ops->page != CMD_NONE && s->ops->page != CMD_QUIT)
		n = add_commands(out, n, next, 1);
	return n;
}

size_t app_footer(struct app *a, struct screen *s, enum command *out)
{
	static const enum command out_of_screen[] = {CMD_BACK, CMD_HELP};
	static const enum command out_of_program[] = {CMD_HELP, CMD_QUIT};
	size_t n;

	if (a->question) {
		n = 0;
		if (a->prompted)
			out[n++] = CMD_ANSWER;
		out[n++] = CMD_LEAVE;
		return n;
	}
	n = s->ops->commands(s, out);
	return add_commands(out, n, a->depth > 1 ? out_of_screen : out_of_program, 2);
}

static void answer_quit(void *arg, bool yes)
{
	struct app *a = arg;

	if (!yes)
		return;
	session_leave(a->session);
	app_quit(a);
}

/* Says what waits and what becomes of it. */
static void ask_quit(struct app *a)
{
	struct buf waiting = {0}, question = {0};

	if (a->session->signed_in)
		session_left_waiting(a->session, &waiting);
	if (a->options.training != NULL)
		buf_adds(&question, tr("离开演示大厅? 用完即弃, 填的和待发的都不留下。"));
	else if (waiting.len > 0)
		buf_printf(&question, tr("退出工作台? %s"), waiting.data);
	else
		buf_adds(&question, tr("退出工作台? 草稿和待发都在本机, 下次接着办。"));
	app_ask(a, question.data, answer_quit, a);
	buf_fini(&waiting);
	buf_fini(&question);
}

static void go(struct app *a, struct screen *(*make)(struct app *a))
{
	app_home(a);
	if (make)
		app_push(a, make(a));
}

static bool go_page(struct app *a, enum command c)
{
	if (!a->session->signed_in)
		return false;
	switch (c) {
	case CMD_GO_TODAY:
		go(a, NULL);
		return true;
	case CMD_GO_FIND:
		app_home(a);
		app_push(a, find_screen(a, ""));
		return true;
	case CMD_GO_CASES:
		go(a, cases_screen);
		return true;
	case CMD_GO_OUTBOX:
		go(a, outbox_screen);
		return true;
	case CMD_GO_COUNTS:
		go(a, counts_screen);
		return true;
	case CMD_GO_CHANGES:
		go(a, changes_screen);
		return true;
	case CMD_GO_NOTICES:
		go(a, notices_screen);
		return true;
	case CMD_BROWSE:
		go(a, browse_screen);
		return true;
	case CMD_GO_QUEUE:
		go(a, queue_screen);
		return true;
	case CMD_GO_LEDGER:
		go(a, ledger_screen);
		return true;
	case CMD_GO_PICKUP:
		go(a, pickup_screen);
		return true;
	case CMD_CALL_NEXT:
		visitors_next(a);
		return true;
	default:
		return false;
	}
}

static void back(struct app *a)
{
	if (a->depth > 1)
		app_pop(a);
	else
		app_command(a, CMD_QUIT);
}

/* The next one; kept for the next time. */
static void change_theme(struct app *a)
{
	static const char *const names[THEME__MAX] = {
		[THEME_DEFAULT] = N_("配色: 平常。"),
		[THEME_CONTRAST] = N_("配色: 高对比。"),
		[THEME_COLOURBLIND] = N_("配色: 色弱适用。"),
		[THEME_MONO] = N_("配色: 单色。"),
	};
	enum theme theme = (enum theme)((terminal_theme(a->terminal) + 1) % THEME__MAX);

	if (!terminal_set_theme(a->terminal, theme)) {
		app_say(a, "%s", tr("这个终端没有颜色, 或者设了 NO_COLOR: 只有单色。"));
		return;
	}
	session_saved(a->session, store_set(a->session->store, THEME_KEPT, theme_name(theme)));
	app_say(a, "%s", tr(names[theme]));
}

static void cut_line(struct app *a)
{
	bool cut;

	if (a->options.cut_line == NULL)
		return;
	cut = a->options.cut_line(a->options.training);
	session_exercise(a->session, cut);
	app_say(a, "%s", exercise_words(cut));
	app_wake(a, true);
	app_refresh_top(a);
}

void app_command(struct app *a, enum command c)
{
	struct screen *s = app_top(a);

	a->dirty = true;
	if (s->ops->command && s->ops->command(s, c))
		return;
	switch (c) {
	case CMD_HELP:
		app_push(a, help_screen(a, s));
		break;
	case CMD_PALETTE:
		app_push(a, palette_screen(a, s));
		break;
	case CMD_BACK:
		back(a);
		break;
	case CMD_QUIT:
		ask_quit(a);
		break;
	case CMD_SIGN_OUT:
		go(a, shift_screen); /* what stands open is put away first */
		break;
	case CMD_REDRAW:
		terminal_forget(a->terminal);
		break;
	case CMD_BLANK:
		a->blanked = true;
		break;
	case CMD_SLOW:
		terminal_set_slow(a->terminal, !app_slow(a));
		app_say(a, "%s", app_slow(a) ? tr("已启用慢线显示。") : tr("已恢复平常显示。"));
		break;
	case CMD_THEME:
		change_theme(a);
		break;
	case CMD_CUT_LINE:
		cut_line(a);
		break;
	case CMD_UNMASK:
		a->session->unmasked = !a->session->unmasked;
		app_refresh_top(a);
		break;
	default:
		go_page(a, c);
		break;
	}
}

static void key_of_prompt(struct app *a, const struct key *k)
{
	void (*prompted)(void *, const char *) = a->prompted;
	char *text;

	if (key_ends_scan(k)) /* read, and not yet confirmed */
		return;
	if (k->code != K_ENTER && k->code != K_ESC) {
		line_key(&a->prompt, k);
		return;
	}
	free(a->question);
	a->question = NULL;
	/* the answer may ask the next question, in the same line */
	text = mem_strdup(line_text(&a->prompt));
	line_set(&a->prompt, "");
	prompted(a->answer_arg, k->code == K_ENTER ? text : NULL);
	explicit_bzero(text, strlen(text));
	free(text);
}

/* Others came just before or right behind it: no answer of a hand. */
static bool is_crowded(const struct key *k)
{
	return (k->code == K_CHAR || k->code == K_ENTER) && (k->burst > 0 || k->ahead > 0);
}

static void key_of_question(struct app *a, const struct key *k)
{
	void (*answer)(void *, bool) = a->answer;
	bool yes = k->code == K_CHAR &&
		   (k->plain == 'y' || k->plain == 'Y' || k->plain == '1' || k->ch == 0x662f);
	bool no = k->code == K_ESC || k->code == K_ENTER || (k->code == K_CTRL && k->ch == 'c') ||
		  (k->code == K_CHAR && (k->plain == 'n' || k->plain == 'N' || k->plain == '2' ||
						k->ch == 0x5426));

	if ((!yes && !no) || is_crowded(k))
		return;
	free(a->question);
	a->question = NULL;
	answer(a->answer_arg, yes);
}

/* It is not a person's key, and the screen has no field for it: neither picks nor goes on. */
static bool is_lost_scan(struct screen *s, const struct key *k)
{
	if (app_typing(s) != TYPING_NONE)
		return false;
	if (s->ops->by_hand && is_crowded(k))
		return true;
	if (k->code == K_CHAR) /* what opens something to type in is what was typed for */
		return k->run + (isalnum((int)k->plain) ? k->ahead : 0) >= KEY_BURST;
	return key_ends_scan(k);
}

/* What is done at once and for good waits a moment: the first character of a reader looks like a
 * hand's until the second comes. */
static bool must_wait(struct app *a, const struct key *k)
{
	struct screen *s = app_top(a);

	if (a->blanked || (a->question && a->prompted) || k->code != K_CHAR || is_crowded(k))
		return false;
	return a->question != NULL || (s->ops->by_hand && k->plain >= '0' && k->plain <= '9');
}

static void do_key(struct app *a, const struct key *k);

void app_take_key(struct app *a, const struct key *k)
{
	bool crowds = k->burst > 0 && k->at_ms - a->held.at_ms < KEY_GAP_MS;

	if (a->holding) {
		a->holding = false;
		if (!crowds)
			do_key(a, &a->held);
	}
	a->holding = must_wait(a, k);
	if (a->holding)
		a->held = *k;
	else
		do_key(a, k);
}

int64_t app_release_key(struct app *a)
{
	if (!a->holding)
		return -1;
	if (app_mono_ms(a) < a->held.at_ms + KEY_GAP_MS)
		return a->held.at_ms + KEY_GAP_MS;
	a->holding = false;
	do_key(a, &a->held);
	return -1;
}

static bool is_step(const struct key *k)
{
	return k->code == K_UP || k->code == K_DOWN || k->code == K_ENTER ||
	       (k->code == K_CTRL && (k->ch == 'n' || k->ch == 'p')) ||
	       (k->code == K_CHAR && (k->plain == 'j' || k->plain == 'k'));
}

static void do_key(struct app *a, const struct key *k)
{
	struct screen *s = app_top(a);
	enum command commands[COMMANDS_MAX], c;
	struct key end = *k;
	size_t n;

	a->dirty = true;
	a->key_ms = app_mono_ms(a);
	a->stepped = is_step(k);
	if (a->blanked) {
		a->blanked = false;
		return;
	}
	if (a->question) {
		if (a->prompted)
			key_of_prompt(a, k);
		else
			key_of_question(a, k);
		return;
	}
	buf_clear(&a->said);
	if (s->ops->before)
		s->ops->before(s, k);
	if (is_lost_scan(s, k)) {
		app_say_unread(a);
		return;
	}
	n = app_commands(a, s, commands);
	a->scan_ended = key_ends_scan(k);
	if (a->scan_ended) /* whichever its reader is set to */
		end.code = K_ENTER;
	c = command_of_key(&end, commands, n, app_typing(s));
	if (c != CMD_NONE)
		app_command(a, c);
	else if (s->ops->key)
		s->ops->key(s, &end);
	a->scan_ended = false;
}

bool app_scan_ended(const struct app *a)
{
	return a->scan_ended;
}
