/* The main menu. */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/draft.h"
#include "core/station/store.h"
#include "tui/app_options.h"
#include "tui/exercise.h"
#include "tui/visitors.h"

static void add_counted(struct menu *m, enum command c, const char *text, size_t count)
{
	struct buf b = {0};

	menu_command(m, c);
	buf_printf(&b, tr("%s (%zu 件)"), text, count);
	m->items[m->count - 1].text = buf_take(&b);
}

static const char *name_of(enum command c)
{
	return trc("key", command_info(c)->name);
}

static void make_menu(struct desk *d, struct menu *m)
{
	const struct session *s = d->session;

	menu_command(m, CMD_GO_FIND);
	add_counted(m, CMD_OPEN, tr("没办完的"), draft_count(s->store, s->who.name));
	menu_command(m, CMD_GO_TODAY);
	add_counted(m, CMD_GO_OUTBOX, name_of(CMD_GO_OUTBOX), s->letters.waiting + s->letters.held);
	add_counted(m, CMD_GO_CASES, name_of(CMD_GO_CASES), s->today);
	menu_command(m, CMD_GO_PICKUP);
	if (visitors_in_use(s->visitors))
		menu_command(m, CMD_GO_QUEUE);
	menu_command(m, CMD_DAY_END);
	menu_command(m, CMD_UNMASK);
	menu_command(m, CMD_HELP);
	/* behind Enter, or by words */
	menu_command(m, CMD_BROWSE);
	menu_command(m, CMD_GO_CHANGES);
	menu_command(m, CMD_GO_LEDGER);
	menu_command(m, CMD_SIGN_OUT);
	if (d->options->cut_line != NULL)
		menu_command(m, CMD_CUT_LINE);
	if (!visitors_in_use(s->visitors))
		menu_command(m, CMD_GO_QUEUE);
}

static void say_help(struct desk *d)
{
	static const char *const lines[] = {
		N_("每一行是一个问题, 在同一行回答, 按回车。"),
		N_("列出来的用数字选, 0 返回, 空着回车是下一页或下一栏。"),
		N_("问号是帮助, 等号再听一遍, 减号返回, 斜线是还能做什么, 星号列出全部, 加号取用。"),
		N_("这些符号和数字用中文输入法打出来的也算。"),
		N_("答案正好是一个符号的, 前面加一个空格。"),
		N_("在主菜单直接打字就是查事项: 名称、拼音、首字母、编码、口语都可以。"),
		N_("每答一栏就存一次。断线、关机、走开, 都在没办完的里, 接着填。"),
		N_("全屏的工作台和这里是同一份数据, 一边开始的另一边可以接着办。"),
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		talk_say(d->talk, "%s", tr(lines[i]));
}

static void unmask(struct desk *d)
{
	d->session->unmasked = !d->session->unmasked;
	talk_say(d->talk, "%s",
		d->session->unmasked ? tr("号码现在全部读出来。旁边有人时请用耳机。")
				     : tr("号码现在遮住中间。"));
}

static void cut_line(struct desk *d)
{
	bool cut;

	if (d->options->cut_line == NULL)
		return;
	cut = d->options->cut_line(d->options->training);
	session_exercise(d->session, cut);
	d->said_link = d->session->link; /* by the words of the exercise */
	talk_say(d->talk, "%s", exercise_words(cut));
	desk_wake(d, true);
}

static enum way go(struct desk *d, enum command c)
{
	switch (c) {
	case CMD_GO_FIND:
		return desk_find(d, "");
	case CMD_OPEN:
		return desk_drafts(d);
	case CMD_GO_OUTBOX:
		return desk_outbox(d);
	case CMD_GO_CASES:
		return desk_cases(d);
	case CMD_GO_TODAY:
		return desk_today(d);
	case CMD_GO_PICKUP:
		return desk_pickup(d);
	case CMD_GO_QUEUE:
		return desk_queue(d);
	case CMD_DAY_END:
		return desk_day(d);
	case CMD_BROWSE:
		return desk_browse(d);
	case CMD_GO_CHANGES:
		return desk_changes(d);
	case CMD_GO_LEDGER:
		return desk_ledger(d);
	case CMD_UNMASK:
		unmask(d);
		return WAY_ON;
	case CMD_CUT_LINE:
		cut_line(d);
		return WAY_ON;
	default:
		say_help(d);
		return WAY_ON;
	}
}

static enum way sign_out(struct desk *d)
{
	if (!menu_yes(d->talk, tr("退出登录? 填过的都存着。")))
		return talk_over(d->talk) ? WAY_END : WAY_ON;
	session_leave(d->session);
	session_sign_out(d->session);
	return WAY_BACK;
}

/* A part that is left leads here. */
static enum way stay(enum way w)
{
	return w == WAY_END ? WAY_END : WAY_ON;
}

enum way desk_menu(struct desk *d)
{
	struct buf words = {0};
	enum way w = WAY_ON;

	while (w != WAY_BACK && w != WAY_END) {
		struct menu m = {.title = tr("主菜单"),
			.words = tr("查事项"),
			.back = tr("退出"),
			.page = visitors_in_use(d->session->visitors) ? 10 : 9};
		long picked;
		session_refresh(d->session);
		make_menu(d, &m);
		picked = menu_ask(d->talk, &m, &words);
		if (picked > 0 && m.items[picked - 1].command == CMD_SIGN_OUT)
			w = desk_shift(d);
		else if (picked > 0)
			w = stay(go(d, m.items[picked - 1].command));
		else if (picked == MENU_WORDS)
			w = stay(desk_find(d, buf_str(&words)));
		else
			w = picked == MENU_END ? WAY_END : sign_out(d);
		menu_fini(&m);
	}
	buf_fini(&words);
	return w;
}
