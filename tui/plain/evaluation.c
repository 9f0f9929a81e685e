/*
 * 评价: the visitor answers at this keyboard, unseen and unheard. What was typed before counts for
 * nothing; it ends with an answer, with 0, or with time; what was chosen is not told to the window.
 */
#include "tui/plain/desk.h"

#include <stdlib.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/evaluation.h"

enum {
	DECLINED = 0, /* what he chose instead of a mark */
	LATE = -1
};

/* Asked until it is one of 0 to max. Below 0: no answer within the time, or the input has ended. */
static int choose(struct desk *d, const char *ask, int max)
{
	const struct question q = {.ask = ask,
		.secret = true,
		.turned = true,
		.seconds = d->session->evaluation_seconds};
	struct buf answer = {0};
	long n = -1;
	enum reply r;

	do {
		r = talk_ask(d->talk, &q, &answer);
		n = r == REPLY_TEXT ? talk_number(buf_str(&answer), max) : -1;
		if (r == REPLY_TEXT && n < 0)
			talk_say(d->talk, tr("请打 0 到 %d 的一个数字, 再按回车。"), max);
	} while ((r == REPLY_TEXT && n < 0) || (r == REPLY_NONE && max == MARK_WORST));
	buf_fini(&answer);
	return r == REPLY_NONE ? 0 : (int)n;
}

static int ask_mark(struct desk *d, const char *task_name)
{
	const struct session *s = d->session;

	if (s->hall && *s->hall)
		talk_say(d->talk, "%s", s->hall);
	talk_say(d->talk, tr("请您评价这次服务: %s号窗口, %s"), s->window, task_name);
	for (int i = 1; i <= MARK_WORST; i++)
		talk_say(d->talk, "%d %s", i, mark_label(i));
	talk_say(d->talk, "%s",
		tr("不想评价打 0。评不评、怎么评都由您; 您选了什么, 不给窗口人员看。"));
	return choose(d, tr("打一个数字, 再按回车 (打的字不显示)"), MARK_WORST);
}

/* CAUSE_NONE: not told. */
static enum complaint_cause ask_cause(struct desk *d)
{
	int n;

	talk_say(d->talk, "%s", tr("哪里让您不满意? 可以不说, 直接按回车。"));
	for (int i = 1; i < COMPLAINT_CAUSE__MAX; i++)
		talk_say(d->talk, "%d %s", i, complaint_cause_label((enum complaint_cause)i));
	n = choose(d, tr("打一个数字, 再按回车 (打的字不显示)"), COMPLAINT_CAUSE__MAX - 1);
	return n > 0 ? (enum complaint_cause)n : CAUSE_NONE;
}

/* What the visitor is told at the end; why is the clerk's. */
static enum err settle(struct desk *d, const char *id, int mark, const char **bye, struct buf *why)
{
	struct session *s = d->session;
	struct evaluation_answer a = {.mark = mark,
		.source = EVALUATION_SCREEN,
		.station = s->station,
		.days = s->complaint_days};

	if (talk_over(d->talk)) /* it stays open and is taken up the next time */
		return ERR_STATE;
	*bye = mark <= LATE	  ? tr("评价时间已过, 谢谢。")
	       : mark == DECLINED ? tr("谢谢, 祝您一切顺利。")
				  : tr("谢谢您的评价。");
	if (mark <= DECLINED)
		return evaluation_end(s->store, id,
			mark == DECLINED ? EVALUATION_DECLINED : EVALUATION_TIMED_OUT);
	if (mark_is_bad(mark))
		a.cause = ask_cause(d);
	return evaluation_answer(s->store, id, &a, why);
}

static void turned(struct desk *d, const char *ask)
{
	struct buf nothing = {0};

	talk_ask(d->talk, &(struct question){.ask = ask, .turned = true}, &nothing);
	buf_fini(&nothing);
}

static void ask_visitor(struct desk *d, const char *id, const char *task_name)
{
	struct buf why = {0};
	const char *bye = "";
	enum err e;

	turned(d, tr("请把键盘和屏幕 (或耳机) 交给办事人, 交好按回车"));
	talk_discard(d->talk);
	e = settle(d, id, ask_mark(d, task_name), &bye, &why);
	if (e == OK)
		talk_say(d->talk, "%s", bye);
	else if (!talk_over(d->talk))
		talk_say(d->talk, "%s", tr("评价没有存下, 请告诉工作人员。"));
	if (!talk_over(d->talk))
		turned(d, tr("请交还窗口, 交好按回车"));
	talk_discard(d->talk);
	if (e == OK)
		desk_wake(d, false);
	else if (!talk_over(d->talk))
		talk_fail(d->talk, tr("评价没有存下"), e, &why);
	buf_fini(&why);
}

void desk_evaluate(struct desk *d, const char *any_number)
{
	struct session *s = d->session;
	const struct evaluation_offer o = {any_number, s->who.name, s->window};
	struct case_view v = {0};
	struct buf why = {0};
	char id[ID_UUID_SIZE];
	enum err e = evaluation_begin(s->store, &o, id, &why);

	if (e == OK)
		e = case_get(s->store, any_number, &v);
	if (e == OK)
		ask_visitor(d, id, v.task_name ? v.task_name : "");
	else
		talk_fail(d->talk, tr("现在不能请评价"), e, &why);
	case_view_fini(&v);
	buf_fini(&why);
}
