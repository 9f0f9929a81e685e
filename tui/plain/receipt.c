/* What to tell the applicant: the receipt, and the centre's number when it has come. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"
#include "tui/visitors.h"

/* "L 2 6 1 1 2 4, 0 3, …": as it is said to somebody who writes it down. */
static void spell(struct talk *t, const char *label, const char *number)
{
	struct buf b = {0};

	for (const char *p = number; *p; p++)
		if (*p == '-')
			buf_adds(&b, ",");
		else
			buf_printf(&b, "%s%c", b.len ? " " : "", *p);
	talk_pair(t, label, buf_str(&b));
	buf_fini(&b);
}

static void say_member(void *arg, const struct case_view *v)
{
	talk_say(arg, "%s: %s", v->task_name, v->project_no ? v->project_no : tr("等中心给号"));
}

static void say_numbers(struct desk *d, const struct case_view *v)
{
	struct talk *t = d->talk;

	talk_pair(t, tr("事项"), v->task_name);
	talk_pair(t, tr("申请人"), v->applyer_name);
	talk_pair(t, tr("本地收件号"), v->local_receipt);
	spell(t, tr("逐字念"), v->local_receipt);
	if (strcmp(v->state, CASE_BUNDLE) == 0) {
		talk_say(t, "%s", tr("一件事, 各事项分别报送, 各有办件编号:"));
		case_each_in_bundle(d->session->store, v->id, say_member, t);
		return;
	}
	talk_pair(t, tr("办件编号"), v->project_no);
	talk_pair(t, tr("查询密码"), v->query_password);
	if (v->project_no)
		talk_say(t, "%s", tr("请把办件编号和查询密码告诉申请人, 凭它查办理进度。"));
	else
		talk_say(t, "%s",
			d->session->link == CENTRE_OFFLINE
				? tr("网络已断, 这一件在待发里, 恢复后自动报送一次。")
			: d->session->link == CENTRE_NONE
				? tr("本机还没有接入中心, 这一件在待发里, 接入后自动报送一次。")
				: tr("正在报送中心, 办件编号随后就有。先给申请人本地收件号。"));
}

static void say_it(struct desk *d, const char *any_number, char id[ID_UUID_SIZE])
{
	struct case_view v;

	id[0] = '\0';
	if (case_get(d->session->store, any_number, &v) != OK) {
		talk_say(d->talk, "%s", tr("这一件读不出来。请到 办件 里查看。"));
		return;
	}
	memcpy(id, v.id, ID_UUID_SIZE);
	say_numbers(d, &v);
	case_view_fini(&v);
}

/* The centre's number comes when it comes: it is told before the question after. */
static void await_number(struct desk *d, const char *id)
{
	struct case_view v;

	if (case_get(d->session->store, id, &v) != OK)
		return;
	if (v.project_no == NULL && strcmp(v.state, CASE_BUNDLE) != 0)
		memcpy(d->awaiting, v.id, sizeof(d->awaiting));
	case_view_fini(&v);
}

void desk_tell_number(struct desk *d)
{
	struct case_view v;

	if (!d->awaiting[0] || case_get(d->session->store, d->awaiting, &v) != OK)
		return;
	if (v.project_no) {
		talk_say(d->talk, tr("消息: %s 的办件编号 %s, 查询密码 %s。"), v.local_receipt,
			v.project_no, v.query_password ? v.query_password : "-");
		d->awaiting[0] = '\0';
	}
	case_view_fini(&v);
}

static void make_menu(struct desk *d, struct menu *m, const char *id)
{
	menu_add(m, tr("再听一遍, 看中心给号没有"));
	menu_add(m, tr("同一位再办一件"));
	menu_command(m, CMD_SLIPS);
	if (evaluation_possible(d->session->store, id))
		menu_command(m, CMD_EVALUATE);
	if (visitors_in_use(d->session->visitors))
		menu_command(m, CMD_CALL_NEXT);
}

/* false: it is left. */
static bool use(
	struct desk *d, const char *number, char id[ID_UUID_SIZE], long picked, enum command c)
{
	session_refresh(d->session);
	if (c == CMD_SLIPS)
		desk_slips(d, number);
	else if (c == CMD_EVALUATE)
		desk_evaluate(d, id);
	else if (picked == 1)
		say_it(d, number, id);
	else
		return false;
	return true;
}

void desk_receipt(struct desk *d, const char *any_number)
{
	char id[ID_UUID_SIZE];
	enum command c;
	long picked;
	bool stays = true;

	talk_say(d->talk, "%s", tr("已提交, 存在本机, 不会丢。"));
	say_it(d, any_number, id);
	while (stays) {
		struct menu m = {.title = tr("接着"), .back = tr("主菜单, 接下一位")};
		make_menu(d, &m, id);
		picked = menu_ask(d->talk, &m, NULL);
		c = picked > 0 ? m.items[picked - 1].command : CMD_NONE;
		menu_fini(&m);
		stays = picked > 0 && use(d, any_number, id, picked, c);
	}
	await_number(d, id);
	if (c == CMD_CALL_NEXT) {
		desk_call_next(d);
	} else if (picked == 2) {
		memcpy(d->session->visit, id, sizeof(id));
		desk_find(d, "");
	}
}
