#include "tui/letter_view.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/outbox_file.h"
#include "core/station/refusal.h"
#include "tui/app.h"
#include "tui/exercise.h"
#include "tui/flow.h"
#include "tui/letter_sender.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

/* ---- words ---- */

bool letter_behind_words(struct buf *out, const struct letter *l)
{
	const struct letter first = {.state = LETTER_HELD, .hold = l->ahead};

	if (!l->behind)
		return false;
	if (l->ahead == HOLD_NONE)
		buf_adds(out, tr("这一件还有一封在前面, 那一封送到就接着送这一封。"));
	else
		buf_printf(out,
			tr("这一件还有一封在前面, 是“%s”: 先处理那一封, 这一封随后自己报送。"),
			letter_state_text(&first));
	return true;
}

const char *letter_ended_words(const struct letter *l)
{
	if (l->hold == HOLD_REFUSED)
		return tr("更正后的新版本已接替它, 这里不用再做什么。");
	return l->origin != NULL ? tr("不再代送, 由原窗口更正后自己报送。")
				 : tr("已经放弃, 不再报送; 中心那边照旧。");
}

static bool is_application(const struct letter *l)
{
	return strcmp(l->kind, "application") == 0;
}

/* A person may count it as refused: nobody else does. */
static void unread_words(const struct letter *l, int64_t now_ms, struct buf *b)
{
	if (l->next_ms > now_ms) {
		show_duration(b, l->next_ms - now_ms);
		buf_adds(b, tr("后再试。"));
	}
	if (l->origin != NULL)
		buf_adds(b, tr("为什么退回请管理员问中心; 请告诉原窗口更正, Ctrl-D 就不再代送。"));
	else if (is_application(l))
		buf_adds(b, tr("为什么退回请管理员问中心; 要改的 Ctrl-E 更正, 不办了 Ctrl-D。"));
	else
		buf_adds(b, tr("为什么退回请管理员问中心; 不再要这一步, Ctrl-D 撤回它。"));
}

static void waiting_words(
	const struct letter *l, enum letter_sender by, int64_t now_ms, struct buf *b)
{
	const char *advice = letter_sender_words(by);

	if (letter_behind_words(b, l))
		return;
	if (l->tries + l->papers_tries > 0)
		buf_printf(b, tr("已试 %d 次, "), l->tries + l->papers_tries);
	if (l->unread) {
		unread_words(l, now_ms, b);
	} else if (by == LETTER_SENDER_NO_CENTRE) {
		buf_adds(b, advice);
	} else if (l->next_ms > now_ms) {
		show_duration(b, l->next_ms - now_ms);
		buf_printf(b, tr("后再试, 只报一次; %s Ctrl-R 立即重试。"), advice);
	} else if (l->papers_sent < l->papers_bytes) {
		buf_printf(b, tr("扫描件送完就报送这一件; %s"), advice);
	} else {
		buf_printf(b, tr("连得通就报送; %s"), advice);
	}
}

static bool is_refused(const struct letter *l)
{
	return l->state == LETTER_HELD && l->hold == HOLD_REFUSED;
}

static const char *held_words(const struct letter *l)
{
	if (l->hold == HOLD_KEPT)
		return tr("有人让它暂缓; 可以送了按 Ctrl-T 放行, 编号不变。");
	if (l->hold == HOLD_PERSON)
		return tr("请管理员处理 (接入或证书); 处理好后按 Ctrl-R 重发, 编号不变。");
	if (l->origin != NULL)
		return tr("这一件是别的窗口的, 请告诉原窗口更正; Ctrl-D 就不再代送。");
	if (is_application(l) && l->project_no != NULL && refusal_is_too_late(l->problem))
		return tr(
			"这一件在中心已往下办, 现在不收更正: Ctrl-D 放弃这一版; 要改的, 等中心要求补正时再改。");
	if (is_application(l) && refusal_is_final(l->problem))
		return l->project_no != NULL
			       ? tr("中心有别的版本, 或这一件已办到别处: 先看办件, 再 Ctrl-E 更正, 或 "
				    "Ctrl-D 放弃这一版。")
			       : tr("中心已有这一件: 先看办件, 再 Ctrl-E 更正; 不办了, Ctrl-D。");
	if (!is_application(l) && refusal_is_unknown_case(l->problem))
		return tr(
			"中心没有这一件 (可能用旧备份恢复过): 请管理员补送申请 (yimen reconcile 收件日期 "
			"--send-again), 这一步跟着自己报。中心已有的, Ctrl-R 重发; 不要了, Ctrl-D 撤回它。");
	if (!is_application(l))
		return tr("中心没有接受这一步: Ctrl-D 撤回它; 中心弄错的, Ctrl-R 原样重发。");
	return tr(
		"按 Ctrl-E 打开表单更正, 光标停在被退回的栏; 收件号不变。中心弄错的, Ctrl-R 原样重发; "
		"不办了, Ctrl-D。");
}

void letter_advice(struct pager *p, int label_cols, const struct session *s, const struct letter *l,
	int64_t now_ms)
{
	struct buf b = {0};

	if (l->papers_bytes > 0 && l->state == LETTER_WAITING) {
		buf_printf(&b, tr("已送 %lld, 共 %lld KB"),
			(long long)((l->papers_sent + 1023) / 1024),
			(long long)((l->papers_bytes + 1023) / 1024));
		pager_pair(p, 2, label_cols, tr("扫描件"), buf_str(&b));
		buf_clear(&b);
	}
	switch (l->state) {
	case LETTER_WAITING:
		waiting_words(l, letter_sender_open(s), now_ms, &b);
		pager_pair(p, 2, label_cols, tr("接着"), buf_str(&b));
		break;
	case LETTER_HELD:
		pager_pair(p, 2, label_cols, tr("建议"), held_words(l));
		break;
	case LETTER_REPLACED:
		pager_pair(p, 2, label_cols, tr("接着"), letter_ended_words(l));
		break;
	default:
		pager_pair(p, 2, label_cols, tr("接着"), tr("中心已收, 这里不用再做什么。"));
		break;
	}
	buf_fini(&b);
}

void letter_lines(struct pager *p, int label_cols, const struct session *s, const struct letter *l,
	int64_t now_ms, int rows)
{
	struct buf b = {0};
	size_t reason, told, over;

	buf_printf(&b, "%s  ",
		l->project_no	   ? l->project_no
		: l->local_receipt ? l->local_receipt
				   : "");
	letter_subject(&b, l);
	pager_add(p, 0, ROLE_STRONG, buf_str(&b));
	if (l->origin)
		pager_pair(p, 2, label_cols, tr("原窗口"), l->origin);
	reason = p->count;
	if (l->reason && l->state != LETTER_DELIVERED)
		pager_pair(p, 2, label_cols, tr("原因"), letter_reason(s, l, l->reason));
	told = p->count - reason;
	letter_advice(p, label_cols, s, l, now_ms);
	over = rows > 0 && p->count > (size_t)rows ? p->count - (size_t)rows : 0;
	if (told > 1 && over > 0) {
		over = over < told ? over : told - 1;
		pager_shorten(p, reason + told - 1 - over, over);
	}
	buf_fini(&b);
}

void letter_state_words(struct buf *out, const struct letter *l)
{
	if (l->state == LETTER_WAITING && l->papers_sent < l->papers_bytes)
		buf_printf(out, tr("待发 %d%%"), (int)(100 * l->papers_sent / l->papers_bytes));
	else
		buf_adds(out, letter_state_text(l));
}

const char *letter_reason(const struct session *s, const struct letter *l, const char *told)
{
	return told != NULL && s->cut && l->state == LETTER_WAITING && !l->unread
		       ? exercise_reason()
		       : told;
}

void letter_note(struct buf *out, const struct session *s, const char *id)
{
	struct letter l;

	if (outbox_get(s->store, id, &l) != OK)
		return;
	letter_state_words(out, &l);
	if (l.reason)
		buf_printf(out, " %s", letter_reason(s, &l, l.reason));
	letter_fini(&l);
}

/* Several of one case are told apart. Of one that is carried only the first is known from others.
 */
static void add_correction(struct buf *out, const struct letter *l)
{
	if (l->version > 2)
		buf_printf(out, tr("第 %d 次更正: "), l->version - 1);
	else
		buf_printf(out, "%s: ", case_act_label(ACT_REVISE));
}

void letter_subject(struct buf *out, const struct letter *l)
{
	enum case_act act;

	if (l->origin != NULL)
		buf_printf(out, "%s: ", tr("代送"));
	if (case_act_of_letter(l->kind, &act))
		buf_printf(out, "%s: ", case_act_label(act));
	else if (is_application(l) && l->version > 1)
		add_correction(out, l);
	else if (strcmp(l->kind, "evaluation") == 0)
		buf_printf(out, "%s: ", tr("评价"));
	buf_adds(out, l->task_name ? l->task_name : "");
}

void letter_left_words(struct buf *out, const struct letter *l, const char *why)
{
	buf_printf(out, "%s  ", l->local_receipt != NULL ? l->local_receipt : l->id);
	letter_subject(out, l);
	buf_printf(out, ": %s\n", why);
}

/* What there is none of is not said. */
void letter_taken_words(struct buf *out, const struct outbox_file_result *done)
{
	if (done->letters == 0 && done->skipped > 0) {
		buf_printf(out, tr("没有新的: 文件里的 %zu 件以前收过。"), done->skipped);
		return;
	}
	buf_printf(out, tr("已收 %zu 件"), done->letters);
	if (done->carried > 0)
		buf_printf(out, tr(" (替别的窗口送的 %zu 件)"), done->carried);
	if (done->papers > 0)
		buf_printf(out, tr(", 扫描件 %zu 份"), done->papers);
	if (done->skipped > 0)
		buf_printf(out, tr("; 以前收过 %zu 件"), done->skipped);
	buf_adds(out, tr("。"));
}

/* ---- acts ---- */

bool letter_is_case(const struct letter *l)
{
	return is_application(l) && l->origin == NULL && l->project_no == NULL;
}

size_t letter_commands(const struct letter *l, enum command *out)
{
	size_t n = 0;

	bool refused = is_refused(l) || l->unread; /* or may be counted so */
	bool late = is_refused(l) && l->project_no != NULL && refusal_is_too_late(l->problem);

	if (refused) {
		if (late && !letter_is_case(l))
			out[n++] = CMD_TAKE_BACK;
		if (is_application(l) && l->origin == NULL)
			out[n++] = CMD_CORRECT;
		if (!late && !letter_is_case(l))
			out[n++] = CMD_TAKE_BACK;
	}
	if (l->state == LETTER_HELD && l->hold == HOLD_KEPT)
		out[n++] = CMD_RELEASE;
	if ((l->state == LETTER_WAITING && !l->behind) ||
		(l->state == LETTER_HELD && l->hold == HOLD_PERSON) ||
		(is_refused(l) && !refusal_is_final(l->problem)))
		out[n++] = CMD_RETRY;
	if (refused && letter_is_case(l))
		out[n++] = CMD_TAKE_BACK;
	if (l->state == LETTER_WAITING)
		out[n++] = CMD_HOLD;
	if (l->origin == NULL)
		out[n++] = CMD_OPEN_CASE;
	return n;
}

/* After an act: the sentence, and the deliverer looks again. */
static void done(struct app *a, enum err e, const char *what, const char *said)
{
	if (e != OK) {
		app_fail(a, what, e, NULL);
		return;
	}
	app_wake(a, true);
	app_reread(a);
	app_say(a, "%s", said);
}

static void hold(void *arg, const char *reason)
{
	struct app *a = arg;
	struct session *s = app_session(a);

	if (reason == NULL)
		return;
	if (reason[0] == '\0')
		app_error(a, "%s", tr("没有暂缓: 请写明为什么, 别人才知道何时放行。"));
	else
		done(a, outbox_hold(s->store, s->asked, s->who.name, reason), tr("没有暂缓"),
			tr("已暂缓: 放行以前不会报送。"));
}

static void ask_hold(struct app *a, const struct letter *l)
{
	struct session *s = app_session(a);

	memcpy(s->asked, l->id, sizeof(s->asked));
	app_prompt(a, tr("为什么暂缓 (放行以前不报送)"), "", hold, a);
}

static void abandon(void *arg, bool yes)
{
	struct app *a = arg;
	struct session *s = app_session(a);
	struct buf why = {0};
	enum err e;

	if (!yes)
		return;
	e = case_abandon(s->store, s->asked, s->who.name, &why);
	if (e == OK)
		done(a, OK, "", tr("已不办: 不再报送, 办件记为撤回。"));
	else
		app_fail(a, tr("没有撤回"), e, &why);
	buf_fini(&why);
}

static void ask_abandon(struct app *a, const struct letter *l)
{
	struct session *s = app_session(a);

	memcpy(s->asked, l->id, sizeof(s->asked));
	app_ask(a, letter_abandon_question(), abandon, a);
}

const char *letter_abandon_question(void)
{
	return tr("这一件不办了? 中心没有收过, 不再报送, 办件记为撤回。");
}

static void take_back(struct app *a, const struct letter *l)
{
	struct session *s = app_session(a);
	struct buf why = {0};
	enum err e = act_take_back(s->store, l->id, s->who.name, &why);

	if (e == OK)
		done(a, OK, "",
			l->origin != NULL ? tr("不再代送; 请告诉原窗口更正。")
					  : tr("已撤回, 办件回到这一步以前。"));
	else
		app_fail(a, tr("没有撤回"), e, &why);
	buf_fini(&why);
}

bool letter_command(struct app *a, const struct letter *l, enum command c)
{
	struct session *s = app_session(a);

	switch (c) {
	case CMD_RETRY:
		done(a, outbox_retry(s->store, l->id, s->who.name), tr("不能重试"),
			tr("已排到最前, 连得通就送。"));
		return true;
	case CMD_RELEASE:
		done(a, outbox_release(s->store, l->id, s->who.name), tr("没有放行"),
			tr("已放行, 连得通就报送。"));
		return true;
	case CMD_HOLD:
		ask_hold(a, l);
		return true;
	case CMD_TAKE_BACK:
		if (letter_is_case(l))
			ask_abandon(a, l);
		else
			take_back(a, l);
		return true;
	case CMD_CORRECT:
		flow_correct(a, l->case_id);
		return true;
	case CMD_OPEN_CASE:
		app_push(a, case_screen(a, l->case_id));
		return true;
	default:
		return false;
	}
}
