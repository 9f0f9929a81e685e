/* Letters: what waits for the centre, what it refused; one of them, and what can be done with it.
 */
#include "tui/plain/desk.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/outbox.h"
#include "core/station/outbox_file.h"
#include "core/station/refusal.h"
#include "core/station/store.h"
#include "tui/intake.h"
#include "tui/letter_sender.h"
#include "tui/letter_view.h"
#include "tui/refusal_text.h"
#include "tui/show.h"

enum {
	LETTERS_MAX = 200
};

struct letters {
	struct desk *desk;
	struct menu menu;
	char (*ids)[ID_UUID_SIZE];
};

static void add_letter(void *arg, const struct letter *l)
{
	struct letters *all = arg;
	struct buf text = {0};

	all->ids = mem_resize(all->ids, all->menu.count + 1, sizeof(*all->ids));
	memcpy(all->ids[all->menu.count], l->id, ID_UUID_SIZE);
	letter_state_words(&text, l);
	buf_adds(&text, ", ");
	letter_subject(&text, l);
	if (l->applyer_name && *l->applyer_name) {
		buf_adds(&text, ", ");
		show_name(&text, l->applyer_name, !all->desk->session->unmasked);
	}
	buf_printf(&text, ", %s, ",
		l->project_no	   ? l->project_no
		: l->local_receipt ? l->local_receipt
				   : "");
	show_moment(&text, l->since_ms ? l->since_ms : l->created_ms, desk_now(all->desk));
	menu_add(&all->menu, buf_str(&text));
	buf_fini(&text);
}

/* As it is now, like the list that follows; and it is no news any more. */
static void say_line(struct desk *d)
{
	struct session *s = d->session;

	session_refresh(s);
	if (s->link == CENTRE_ONLINE)
		talk_say(d->talk, "%s", tr("中心连通。"));
	else if (s->link == CENTRE_OFFLINE)
		talk_say(d->talk, tr("中心连不上: %s"), s->link_reason ? s->link_reason : "");
	else if (s->link == CENTRE_NONE)
		talk_say(d->talk, "%s", s->link_reason ? s->link_reason : "");
	else
		talk_say(d->talk, "%s", tr("正在连中心。"));
	talk_say(d->talk, tr("待发 %zu 件, 退回或等人处理 %zu 件。"), s->letters.waiting,
		s->letters.held);
	if (s->link != CENTRE_UNKNOWN)
		d->said_link = s->link;
	d->said_held = s->letters.held;
}

/* ---- by hand ---- */

static const char *whole_path(const char *path, char out[PATH_MAX])
{
	return realpath(path, out) ? out : path;
}

static void say_left(void *arg, const struct letter *l, const char *why)
{
	struct desk *d = arg;
	struct buf line = {0};

	letter_left_words(&line, l, why);
	talk_pair(d->talk, tr("没有导出"), line.data);
	buf_fini(&line);
}

/* id NULL: all that wait. */
static void put_out(struct desk *d, const char *id)
{
	struct session *s = d->session;
	struct outbox_order order = {.ids = &id,
		.count = id ? 1 : 0,
		.operator_name = s->who.name,
		.left = say_left,
		.arg = d};
	struct outbox_file_result done;
	struct buf path = {0}, why = {0};
	char whole[PATH_MAX];
	enum err e;

	if (!menu_line(d->talk, tr("导出成什么文件, 写路径"),
		    tr("封存的文件, 由别的窗口或中心收下; 这里的照样报送, 不会重复。"), &path))
		goto out;
	order.path = buf_str(&path);
	e = outbox_export(s->store, &order, &done, &why);
	if (e == OK)
		talk_say(d->talk,
			tr("已导出 %zu 件, 扫描件 %zu 份, 文件 %s。这些件仍在待发里, 线路好了照样报送, 不会重复。"),
			done.letters, done.papers, whole_path(buf_str(&path), whole));
	else
		talk_fail(d->talk, tr("没有导出"), e, &why);
out:
	buf_fini(&path);
	buf_fini(&why);
}

static void take_in(struct desk *d)
{
	struct session *s = d->session;
	struct outbox_file_result done;
	struct buf path = {0}, why = {0}, said = {0};
	enum err e;

	if (!menu_line(d->talk, tr("收下哪个文件, 写路径"), tr("别的窗口导出的文件。"), &path))
		goto out;
	e = outbox_import(s->store, buf_str(&path), s->who.name, &done, &why);
	if (e == OK) {
		desk_wake(d, false);
		letter_taken_words(&said, &done);
		talk_say(d->talk, "%s", said.data);
	} else {
		talk_fail(d->talk, tr("没有收下"), e, &why);
	}
out:
	buf_fini(&path);
	buf_fini(&said);
	buf_fini(&why);
}

/* ---- one letter ---- */

/* Where the form is not here its name of the place helps nobody: the correction opens there. */
static void say_refusal(struct desk *d, const struct letter *l)
{
	struct refusal_told told;

	refusal_tell(d->session->store, l, &told);
	talk_pair(d->talk, tr("原因"), letter_reason(d->session, l, told.reason));
	for (size_t i = 0; i < told.count; i++)
		talk_pair(d->talk, *told.faults[i].field ? told.faults[i].field : tr("中心的话"),
			told.faults[i].message);
	refusal_told_fini(&told);
}

static void put_waiting(const struct desk *d, const struct letter *l, struct buf *out)
{
	enum letter_sender by = letter_sender_open(d->session);
	int64_t now_ms = desk_now(d);

	if (by == LETTER_SENDER_NO_CENTRE) {
		buf_adds(out, letter_sender_words(by));
	} else if (l->next_ms > now_ms) {
		show_duration(out, l->next_ms - now_ms);
		buf_printf(out, tr("后再试, 恢复后自动报送一次; %s"), letter_sender_words(by));
	} else {
		buf_printf(out, tr("连得通就报送; %s"), letter_sender_words(by));
	}
}

/* A step is not corrected: it is taken back, or goes again. */
static const char *refused_words(const struct letter *l)
{
	bool is_step = strcmp(l->kind, "application") != 0;

	if (l->origin != NULL)
		return tr("这一件是别的窗口的, 请告诉原窗口更正; 撤回就不再代送。");
	if (is_step && refusal_is_unknown_case(l->problem))
		return tr(
			"中心没有这一件 (可能用旧备份恢复过): 请管理员补送申请 (yimen reconcile 收件日期 "
			"--send-again), 这一步跟着自己报; 中心已有的就重试, 不要了就撤回。");
	if (is_step)
		return tr("中心没有接受这一步: 撤回它; 中心弄错的, 重试就原样再送。");
	if (l->project_no != NULL && refusal_is_too_late(l->problem))
		return tr(
			"这一件在中心已往下办, 现在不收更正: 撤回就放弃这一版; 要改的, 等中心要求补正时再改。");
	if (refusal_is_final(l->problem))
		return tr("中心有别的版本, 或已有这一件: 先看办件, 再更正; 原样重试还会退回。");
	return tr("改好重报, 收件号不变; 中心弄错的, 重试就原样再送。");
}

static void put_next(const struct desk *d, const struct letter *l, struct buf *out)
{
	if (letter_behind_words(out, l))
		return;
	if (l->state == LETTER_DELIVERED)
		buf_adds(out, tr("中心已收, 这里不用再做什么。"));
	else if (l->state == LETTER_REPLACED)
		buf_adds(out, letter_ended_words(l));
	else if (l->unread)
		buf_adds(out,
			tr("为什么退回请管理员问中心; 要改就更正, 不要了就撤回, 不管它就一直再试。"));
	else if (l->state == LETTER_WAITING)
		put_waiting(d, l, out);
	else if (l->hold == HOLD_KEPT)
		buf_adds(out, tr("有人让它暂缓; 可以送了就放行, 编号不变。"));
	else if (l->hold == HOLD_PERSON)
		buf_adds(out, tr("请管理员处理 (接入或证书); 处理好后重试, 编号不变。"));
	else
		buf_adds(out, refused_words(l));
}

static void say_letter(struct desk *d, const struct letter *l)
{
	struct buf b = {0};

	letter_subject(&b, l);
	talk_pair(d->talk, tr("事项"), buf_str(&b));
	buf_clear(&b);
	show_name(&b, l->applyer_name ? l->applyer_name : "", !d->session->unmasked);
	talk_pair(d->talk, tr("申请人"), buf_str(&b));
	talk_pair(d->talk, tr("本地收件号"), l->local_receipt);
	talk_pair(d->talk, tr("办件编号"), l->project_no);
	talk_pair(d->talk, tr("原窗口"), l->origin);
	buf_clear(&b);
	letter_state_words(&b, l);
	talk_pair(d->talk, tr("状态"), buf_str(&b));
	if (l->state != LETTER_DELIVERED)
		say_refusal(d, l);
	if (l->tries > 0)
		talk_say(d->talk, tr("已试 %d 次。"), l->tries);
	buf_clear(&b);
	put_next(d, l, &b);
	talk_pair(d->talk, tr("接着"), buf_str(&b));
	buf_fini(&b);
}

static void done(struct desk *d, enum err e, const char *failed, const char *said)
{
	if (e != OK) {
		talk_fail(d->talk, failed, e, NULL);
		return;
	}
	desk_wake(d, true);
	talk_say(d->talk, "%s", said);
}

static void hold(struct desk *d, const char *id)
{
	struct session *s = d->session;
	struct buf reason = {0};

	if (menu_line(d->talk, tr("为什么暂缓 (放行以前不报送)"), NULL, &reason))
		done(d, outbox_hold(s->store, id, s->who.name, buf_str(&reason)), tr("没有暂缓"),
			tr("已暂缓: 放行以前不会报送。"));
	else
		talk_say(d->talk, "%s", tr("没有暂缓: 请写明为什么, 别人才知道何时放行。"));
	buf_fini(&reason);
}

static void take_back(struct desk *d, const struct letter *l)
{
	struct buf why = {0};
	enum err e = act_take_back(d->session->store, l->id, d->session->who.name, &why);

	if (e == OK)
		done(d, OK, "",
			l->origin != NULL ? tr("不再代送; 请告诉原窗口更正。")
					  : tr("已撤回, 办件回到这一步以前。"));
	else
		talk_fail(d->talk, tr("没有撤回"), e, &why);
	buf_fini(&why);
}

static void abandon(struct desk *d, const struct letter *l)
{
	struct buf why = {0};
	enum err e;

	if (!menu_yes(d->talk, letter_abandon_question()))
		return;
	e = case_abandon(d->session->store, l->id, d->session->who.name, &why);
	if (e == OK)
		done(d, OK, "", tr("已不办: 不再报送, 办件记为撤回。"));
	else
		talk_fail(d->talk, tr("没有撤回"), e, &why);
	buf_fini(&why);
}

static enum way use_letter(struct desk *d, const struct letter *l, enum command c)
{
	struct session *s = d->session;

	switch (c) {
	case CMD_RETRY:
		done(d, outbox_retry(s->store, l->id, s->who.name), tr("不能重试"),
			tr("已排到最前, 连得通就送。"));
		return WAY_ON;
	case CMD_RELEASE:
		done(d, outbox_release(s->store, l->id, s->who.name), tr("没有放行"),
			tr("已放行, 连得通就报送。"));
		return WAY_ON;
	case CMD_HOLD:
		hold(d, l->id);
		return WAY_ON;
	case CMD_TAKE_BACK:
		if (letter_is_case(l))
			abandon(d, l);
		else
			take_back(d, l);
		return WAY_ON;
	case CMD_CORRECT:
		return desk_correct(d, l->case_id);
	case CMD_OPEN_CASE:
		return desk_case(d, l->case_id);
	default:
		return WAY_BACK;
	}
}

enum way desk_letter(struct desk *d, const char *id)
{
	enum way w = WAY_ON;

	while (w == WAY_ON) {
		enum command acts[LETTER_COMMANDS_MAX];
		struct menu m = {0};
		struct letter l;
		size_t n;
		long picked;
		if (outbox_get(d->session->store, id, &l) != OK) {
			talk_say(d->talk, "%s", tr("这一件读不出来。"));
			return WAY_BACK;
		}
		say_letter(d, &l);
		n = letter_commands(&l, acts);
		for (size_t i = 0; i < n; i++)
			menu_command(&m, acts[i]);
		if (l.state == LETTER_WAITING || l.state == LETTER_HELD)
			menu_add(&m, tr("导出成文件, 由人送去"));
		picked = menu_ask(d->talk, &m, NULL);
		if (picked > (long)n)
			put_out(d, l.id);
		else
			w = use_letter(d, &l, picked > 0 ? m.items[picked - 1].command : CMD_NONE);
		menu_fini(&m);
		letter_fini(&l);
	}
	return talk_over(d->talk) ? WAY_END : w;
}

/* ---- all ---- */

static void retry_all(struct desk *d)
{
	size_t count = 0;
	enum err e = outbox_retry_all(d->session->store, d->session->who.name, &count);

	if (e != OK) {
		talk_fail(d->talk, tr("不能重试"), e, NULL);
		return;
	}
	desk_wake(d, true);
	talk_say(d->talk, tr("%zu 件马上再试; 退回的和暂缓的不动。"), count);
}

static void read_letters(struct letters *all)
{
	static const enum letter_state order[] = {LETTER_HELD, LETTER_WAITING, LETTER_DELIVERED};
	struct outbox_filter filter = {.limit = LETTERS_MAX, .brief = true};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		filter.state = order[i];
		outbox_each(all->desk->session->store, &filter, add_letter, all);
	}
}

/* What concerns all of them, after the letters. */
static void use_all(struct desk *d, size_t which)
{
	if (which == 0)
		retry_all(d);
	else if (which == 1)
		put_out(d, NULL);
	else
		take_in(d);
}

enum way desk_outbox(struct desk *d)
{
	enum way w = WAY_BACK;

	say_line(d);
	while (w == WAY_BACK) {
		struct letters all = {.desk = d, .menu = {.title = tr("待发与退回, 要处理的在前")}};
		size_t letters;
		long picked;
		read_letters(&all);
		letters = all.menu.count;
		menu_command(&all.menu, CMD_RETRY_ALL);
		menu_add(&all.menu, tr("待发的导出成文件, 由人送去"));
		menu_add(&all.menu, tr("收下别的窗口导出的文件"));
		picked = menu_ask(d->talk, &all.menu, NULL);
		if (picked == MENU_END)
			w = WAY_END;
		else if (picked == MENU_BACK)
			w = WAY_HOME;
		else if ((size_t)picked > letters)
			use_all(d, (size_t)picked - letters - 1);
		else
			w = desk_letter(d, all.ids[picked - 1]);
		free(all.ids);
		menu_fini(&all.menu);
	}
	return talk_over(d->talk) ? WAY_END : w;
}
