#include "tui/plain/menu.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/words.h"

enum {
	PAGE = 9,
	LIST = -10, /* all is said again */
	MORE,
	WRONG,
	NO_SUCH /* words after a colon that mean nothing here */
};

static struct menu_item *new_item(struct menu *m)
{
	m->items = mem_resize(m->items, m->count + 1, sizeof(*m->items));
	m->items[m->count] = (struct menu_item){NULL, CMD_NONE};
	return &m->items[m->count++];
}

void menu_add(struct menu *m, const char *text)
{
	new_item(m)->text = mem_strdup(text);
}

void menu_command(struct menu *m, enum command c)
{
	new_item(m)->command = c;
}

void menu_fini(struct menu *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->items[i].text);
	free(m->items);
	m->items = NULL;
	m->count = 0;
}

static const char *text_of(const struct menu_item *x)
{
	return x->text ? x->text : trc("key", command_info(x->command)->name);
}

static void say_page(struct talk *t, const struct menu *m, size_t from, size_t page)
{
	if (m->title && from == 0)
		talk_say(t, "%s", m->title);
	for (size_t i = from; i < m->count && i < from + page; i++)
		talk_say(t, "%zu %s", i + 1, text_of(&m->items[i]));
}

static void put_ask(struct buf *out, const struct menu *m, bool more)
{
	buf_adds(out, m->ask ? m->ask : tr("打数字选"));
	if (m->words)
		buf_printf(out, tr(", 打字%s"), m->words);
	if (m->enter && m->count > 0)
		buf_printf(out, tr(", 回车%s"), m->enter);
	else if (more)
		buf_adds(out, tr(", 回车听后面的"));
	buf_printf(out, tr(", 0 %s"), m->back ? m->back : tr("返回"));
}

/* Its sentence speaks of a key of the screens. */
static bool names_a_key(enum command c)
{
	return strstr(command_info(c)->help, "Ctrl-") != NULL;
}

static void put_help(struct buf *out, const struct menu *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].command != CMD_NONE && !names_a_key(m->items[i].command))
			buf_printf(out, "%zu %s: %s\n", i + 1, text_of(&m->items[i]),
				tr(command_info(m->items[i].command)->help));
	buf_adds(out,
		tr("打一个数字再回车就选它; 全角的数字也算。冒号加名称、拼音或首字母也可以。\n"));
}

static enum command_match match_of(const struct menu_item *item, const char *words)
{
	enum command_match match =
		item->command != CMD_NONE ? command_match(item->command, words) : MATCH_NONE;

	if (match == MATCH_NONE &&
		(words_in(text_of(item), words) || words_sound_like(text_of(item), words)))
		match = MATCH_INSIDE;
	return match;
}

/* The item that the words mean; 0: none. */
static long by_words(const struct menu *m, const char *words)
{
	long inside = 0;

	for (size_t i = 0; *words && i < m->count; i++) {
		enum command_match match = match_of(&m->items[i], words);
		if (match == MATCH_BEGINS)
			return (long)i + 1;
		if (match == MATCH_INSIDE && inside == 0)
			inside = (long)i + 1;
	}
	return inside;
}

static enum reply ask_page(struct talk *t, const struct menu *m, bool more, struct buf *answer)
{
	struct buf ask = {0}, help = {0};
	enum reply r;

	put_ask(&ask, m, more);
	put_help(&help, m);
	r = talk_ask(t,
		&(struct question){.ask = buf_str(&ask), .help = buf_str(&help), .again = true},
		answer);
	buf_fini(&ask);
	buf_fini(&help);
	return r;
}

static long picked_of(const struct menu *m, enum reply r, const char *answer, bool more, bool words)
{
	long n;

	switch (r) {
	case REPLY_END:
		return MENU_END;
	case REPLY_BACK:
		return MENU_BACK;
	case REPLY_NONE:
		return m->enter && m->count > 0 ? 1 : more ? MORE : LIST;
	case REPLY_MENU:
		n = by_words(m, answer);
		return n > 0 ? n : *answer ? NO_SUCH : LIST;
	case REPLY_TEXT:
		n = talk_number(answer, (long)m->count);
		return n >= 0 ? n : words && m->words ? MENU_WORDS : WRONG;
	default:
		return LIST;
	}
}

long menu_ask(struct talk *t, struct menu *m, struct buf *words)
{
	size_t page = m->page ? m->page : PAGE, from = 0;
	struct buf answer = {0};
	long picked = LIST;

	while (picked < MENU_WORDS) {
		bool more = from + page < m->count;
		enum reply r;
		if (picked == LIST || picked == MORE) {
			talk_news(t);
			say_page(t, m, from, page);
		}
		r = ask_page(t, m, more, &answer);
		picked = picked_of(m, r, buf_str(&answer), more, words != NULL);
		from = picked == MORE ? from + page : picked == LIST ? 0 : from;
		if (picked == WRONG)
			talk_say(t, tr("没有这一项。请打 1 到 %zu 的数字, 或 0。"), m->count);
		if (picked == NO_SUCH)
			talk_say(t, tr("这里没有: %s"), buf_str(&answer));
	}
	if (picked == MENU_WORDS) {
		buf_clear(words);
		buf_adds(words, buf_str(&answer));
	}
	buf_fini(&answer);
	return picked;
}

enum command menu_pick(struct talk *t, struct menu *m, const char *words)
{
	long n = by_words(m, words);

	if (n == 0 && *words)
		talk_say(t, tr("这里没有: %s"), words);
	if (n == 0)
		n = menu_ask(t, m, NULL);
	return n > 0 ? m->items[n - 1].command : CMD_NONE;
}

bool menu_yes(struct talk *t, const char *question)
{
	struct buf ask = {0}, answer = {0};
	bool yes;

	buf_printf(&ask, tr("%s 1 是, 回车否"), question);
	yes = talk_ask(t, &(struct question){.ask = buf_str(&ask)}, &answer) == REPLY_TEXT &&
	      talk_number(buf_str(&answer), 1) == 1;
	buf_fini(&ask);
	buf_fini(&answer);
	return yes;
}

bool menu_line(struct talk *t, const char *ask, const char *help, struct buf *answer)
{
	return talk_ask(t, &(struct question){.ask = ask, .help = help}, answer) == REPLY_TEXT;
}
