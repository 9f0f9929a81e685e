#include "tui/plain/talk_private.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "tui/widget_pager.h"

enum {
	LINE_COLS = 79,
	ROOM_COLS = 20, /* for an answer behind its question */
	PAGE_LINES = 20,
	FEW_LINES = 8, /* so few more are not asked about */
	UNWRAPPED = 1 << 20
};

enum err talk_open(struct talk **out, const struct talk_options *o, struct buf *why)
{
	struct talk *t;
	char charset[CHARSET_SIZE];
	enum err e = charset_take_locale(why);

	if (e == OK)
		e = charset_name(charset, why);
	if (e != OK)
		return e;
	t = mem_alloc(sizeof(*t));
	t->options = *o;
	memcpy(t->charset, charset, sizeof(charset));
	t->echoes = isatty(o->in_fd);
	talk_line_begin(t);
	*out = t;
	return OK;
}

void talk_close(struct talk *t)
{
	if (!t)
		return;
	talk_line_end(t);
	buf_fini(&t->in);
	buf_fini(&t->event);
	free(t);
}

void talk_listen(struct talk *t, int event_fd)
{
	t->options.event_fd = event_fd;
}

bool talk_over(const struct talk *t)
{
	return t->over && t->in.len == 0;
}

/* ---- saying ---- */

/* A reader that has gone ends the talk: nobody would hear the next question. */
static void put(struct talk *t, const char *text)
{
	struct pollfd p = {.fd = t->options.out_fd, .events = POLLOUT};
	struct buf coded = {0};
	size_t at = 0;

	charset_encode(&coded, t->charset, text);
	while (at < coded.len) {
		ssize_t n = write(t->options.out_fd, coded.data + at, coded.len - at);
		if (n > 0) {
			at += (size_t)n;
		} else if (errno == EAGAIN) {
			poll(&p, 1, -1);
		} else if (errno != EINTR) {
			t->over = true;
			buf_clear(&t->in);
			break;
		}
	}
	buf_fini(&coded);
}

/* Wrapped; the columns of its last line are what comes back. */
static int put_wrapped(struct talk *t, const char *text, bool last_ends)
{
	struct pager p;
	int cols = 0;

	pager_init(&p, LINE_COLS);
	pager_add(&p, 0, ROLE_TEXT, text);
	for (size_t i = 0; i < p.count; i++) {
		put(t, p.lines[i].text);
		if (last_ends || i + 1 < p.count)
			put(t, "\n");
		cols = text_cols(p.lines[i].text);
	}
	pager_fini(&p);
	return cols;
}

void talk_say(struct talk *t, const char *fmt, ...)
{
	struct buf b = {0};
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	put_wrapped(t, buf_str(&b), true);
	buf_fini(&b);
}

/* A question has its own sign at the end. */
static bool asks(const char *label)
{
	size_t len = strlen(label);

	return (len >= 1 && strcmp(label + len - 1, "?") == 0) ||
	       (len >= 3 && strcmp(label + len - 3, "？") == 0);
}

void talk_pair(struct talk *t, const char *label, const char *text)
{
	if (text && *text)
		talk_say(t, asks(label) ? "%s %s" : "%s: %s", label, text);
}

void talk_fail(struct talk *t, const char *what, enum err e, const struct buf *why)
{
	talk_say(t, "%s: %s", what, why && why->len ? buf_str(why) : err_text(e));
}

static bool wants_more(struct talk *t, size_t lines)
{
	struct buf ask = {0}, answer = {0};
	enum reply r;

	buf_printf(&ask, tr("还有 %zu 行, 回车接着听, 0 不听了"), lines);
	r = talk_ask(t, &(struct question){.ask = buf_str(&ask)}, &answer);
	buf_fini(&ask);
	buf_fini(&answer);
	return r == REPLY_NONE;
}

/* What stands apart on a screen is parted by commas. */
static void join(struct buf *out, const char *text)
{
	while (*text) {
		size_t n = strcspn(text, " "), blanks = strspn(text + n, " ");
		buf_add(out, text, n);
		if (blanks > 0 && text[n + blanks])
			buf_adds(out, blanks > 1 ? ", " : " ");
		text += n + blanks;
	}
}

static void say_line(struct talk *t, const struct pager_line *l)
{
	struct buf text = {0};

	join(&text, l->text);
	if (l->label && *l->label)
		talk_pair(t, l->label, buf_str(&text));
	else if (text.len > 0)
		talk_say(t, "%s", text.data);
	buf_fini(&text);
}

bool talk_text(
	struct talk *t, void (*fill)(void *arg, struct pager *p), void *arg, size_t from, size_t to)
{
	struct pager p;
	size_t i, end, said = 0;

	pager_init(&p, UNWRAPPED);
	fill(arg, &p);
	i = from < p.section_count ? p.sections[from] : from > 0 ? p.count : 0;
	end = to < p.section_count ? p.sections[to] : p.count;
	while (end > i && !*p.lines[end - 1].text)
		end--;
	for (; i < end; i++) {
		if (said >= PAGE_LINES && end - i > FEW_LINES) {
			said = 0;
			if (!wants_more(t, end - i))
				break;
		}
		said += *p.lines[i].text != '\0';
		say_line(t, &p.lines[i]);
	}
	pager_fini(&p);
	return i >= end;
}

/* ---- asking ---- */

/* What a sign becomes when an input method is on. */
static char sign_of(const char *line, size_t *len)
{
	static const struct {
		const char *text;
		char sign;
	} twins[] = {{"?", '?'}, {"？", '?'}, {"=", '='}, {"＝", '='}, {"-", '-'}, {"－", '-'},
		{"—", '-'}, {"——", '-'}, {"*", '*'}, {"＊", '*'}, {"×", '*'}, {"+", '+'},
		{"＋", '+'}, {"/", '/'}, {"／", '/'}, {"、", '/'}};

	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
		if (strcmp(line, twins[i].text) == 0)
			return twins[i].sign;
	*len = line[0] == ':' ? 1 : strncmp(line, "：", strlen("：")) == 0 ? strlen("：") : 0;
	return *len ? ':' : '\0';
}

static void say_help(struct talk *t, const struct question *q)
{
	for (const char *at = q->help ? q->help : ""; *at;) {
		size_t n = strcspn(at, "\n");
		talk_say(t, "%.*s", (int)n, at);
		at += n + (at[n] == '\n');
	}
	talk_say(t, "%s",
		tr("哪里都可以: = 再听一遍, - 返回, / 还能做什么, ? 帮助。"
		   "答案本身是一个符号的, 前面加一个空格。"));
}

/* The question stands before its answer; a long one stands alone. */
static void put_question(struct talk *t, const struct question *q)
{
	struct buf b = {0};

	buf_printf(&b, "%s:", q->ask);
	if (put_wrapped(t, buf_str(&b), false) > LINE_COLS - ROOM_COLS && t->echoes)
		put(t, "\n");
	else
		put(t, " ");
	buf_fini(&b);
}

/* The next line as it was meant; one that is too long is told, and none came. */
static enum line take_line(struct talk *t, const struct question *q, struct buf *line)
{
	struct buf raw = {0};
	enum line came;

	put_question(t, q);
	came = talk_line(t, q->secret, q->seconds, &raw);
	if (!t->echoes || came == LINE_NONE || came == LINE_LATE)
		put(t, "\n");
	buf_clear(line);
	if (came == LINE_CAME)
		text_clean(line, buf_str(&raw), raw.len);
	if (raw.len > 0)
		memset(raw.data, 0, raw.len);
	buf_fini(&raw);
	if (came == LINE_TOO_LONG)
		talk_say(t, tr("这一行太长 (超过 %d 字节), 没有取用。请重新回答。"),
			(int)talk_line_max(t));
	return came;
}

/* The words after the colon, or what is left of an answer. */
static void keep_from(struct buf *line, size_t from)
{
	char *rest = mem_strdup(buf_str(line) + from);

	text_trim(rest);
	buf_clear(line);
	buf_adds(line, rest);
	free(rest);
}

static enum reply reply_of(struct talk *t, const struct question *q, struct buf *line, bool *again)
{
	size_t colon = 0;

	if (q->secret) /* as it was typed */
		return line->len > 0 ? REPLY_TEXT : REPLY_NONE;
	switch (sign_of(buf_str(line), &colon)) {
	case '?':
		say_help(t, q);
		*again = true;
		return REPLY_NONE;
	case '=':
		*again = !q->again;
		return REPLY_AGAIN;
	case '-':
		return REPLY_BACK;
	case '*':
		return REPLY_LIST;
	case '+':
		return REPLY_TAKE;
	case '/':
		buf_clear(line);
		return REPLY_MENU;
	case ':':
		keep_from(line, colon);
		return REPLY_MENU;
	default:
		keep_from(line, 0);
		return line->len > 0 ? REPLY_TEXT : REPLY_NONE;
	}
}

void talk_news(struct talk *t)
{
	if (t->options.news)
		t->options.news(t->options.arg);
}

enum reply talk_ask(struct talk *t, const struct question *q, struct buf *answer)
{
	enum reply r = REPLY_END;
	bool again;

	do {
		enum line came;
		again = false;
		if (!q->turned)
			talk_news(t);
		if (talk_over(t))
			return REPLY_END;
		came = take_line(t, q, answer);
		if (came == LINE_LATE)
			return REPLY_LATE;
		if (came == LINE_TOO_LONG && !t->over)
			again = true;
		else if (talk_over(t) && answer->len == 0)
			r = REPLY_END;
		else
			r = reply_of(t, q, answer, &again);
	} while (again);
	return r;
}

long talk_number(const char *text, long max)
{
	struct buf half = {0};
	char *end;
	long n = -1;

	text_halfwidth(&half, text);
	if (half.len > 0 && half.data[0] >= '0' && half.data[0] <= '9') {
		errno = 0;
		n = strtol(half.data, &end, 10);
		if (*end || errno || n > max)
			n = -1;
	}
	buf_fini(&half);
	return n;
}
