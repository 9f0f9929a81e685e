#include "tui/letter_tell.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/outbox.h"
#include "core/station/refusal.h"
#include "tui/cmd_station.h"
#include "tui/letter_sender.h"
#include "tui/letter_view.h"
#include "tui/refusal_text.h"

/* ---- as JSON ---- */

static void put_time(struct buf *out, const char *key, int64_t ms)
{
	char iso[CLOCK_ISO_SIZE];

	json_member(out, key);
	json_put_str(out, ms > 0 ? clock_iso(ms, iso) : NULL);
}

static const char *hold_name(const struct letter *l)
{
	static const char *const names[HOLD__MAX] = {NULL, "refused", "person", "kept"};

	return l->state == LETTER_HELD ? names[l->hold] : NULL;
}

static void write_json(struct buf *out, const struct letter *l)
{
	buf_addc(out, '{');
	json_member_str(out, "id", l->id);
	json_member_str(out, "case_id", l->case_id);
	json_member_str(out, "kind", l->kind);
	json_member_str(out, "local_receipt", l->local_receipt);
	json_member(out, "project_no");
	json_put_str(out, l->project_no);
	json_member_str(out, "state", letter_state_name(l->state));
	json_member_int(out, "tries", l->tries);
	put_time(out, "next_at", l->state == LETTER_WAITING ? l->next_ms : 0);
	put_time(out, "since", l->since_ms);
	put_time(out, "created_at", l->created_ms);
	put_time(out, "last_at", l->last_ms);
	put_time(out, "delivered_at", l->delivered_ms);
	json_member(out, "reason");
	json_put_str(out, l->reason);
	json_member_str(out, "hold", hold_name(l));
	json_member_int(out, "version", l->version);
	json_member_str(out, "origin", l->origin);
	if (l->papers_bytes > 0) {
		json_member_int(out, "papers_bytes", l->papers_bytes);
		json_member_int(out, "papers_sent", l->papers_sent);
		json_member_int(out, "papers_tries", l->papers_tries);
	}
	buf_addc(out, '}');
}

void letter_tell_json(void *arg, const struct letter *l)
{
	struct buf line = {0};

	(void)arg;
	write_json(&line, l);
	puts(line.data);
	buf_fini(&line);
}

/* ---- for a person ---- */

const char *letter_number(const struct letter *l)
{
	return l->local_receipt != NULL ? l->local_receipt : l->id;
}

void letter_tell_row(void *arg, const struct letter *l)
{
	struct buf line = {0};
	char when[32];

	(void)arg;
	clock_format(l->created_ms, "%m-%d %H:%M", when, sizeof when);
	buf_printf(&line, "%s\t%s\t%s\t%s\t", letter_number(l), letter_state_text(l), when,
		l->project_no != NULL ? l->project_no : "-");
	letter_subject(&line, l);
	buf_addc(&line, '\t');
	if (l->reason != NULL)
		text_clean(&line, l->reason, strlen(l->reason));
	puts(line.data);
	buf_fini(&line);
}

static void show_behind(const struct letter *l)
{
	struct buf b = {0};

	letter_behind_words(&b, l);
	printf(tr("现在可做    %s 查看 yimen outbox show %s\n"), buf_str(&b), letter_number(l));
	buf_fini(&b);
}

static void show_waiting(const struct letter *l, enum letter_sender by)
{
	const char *number = letter_number(l);

	if (by == LETTER_SENDER_BACKGROUND || by == LETTER_SENDER_WORKSTATION)
		printf(tr("现在可做    %s 马上再试 yimen outbox retry %s, 暂缓 yimen outbox hold %s "
			  "--reason 原因\n"),
			letter_sender_words(by), number, number);
	else
		printf(tr("现在可做    %s 暂缓 yimen outbox hold %s --reason 原因\n"),
			letter_sender_words(by), number);
}

static void show_advice(const struct letter *l, enum letter_sender by)
{
	const char *number = letter_number(l);

	if (l->behind)
		show_behind(l);
	else if (l->unread && (l->origin != NULL || strcmp(l->kind, "application") != 0))
		printf(tr("现在可做    为什么退回请管理员问中心; 不要了 yimen outbox give-up %s; 不管它就一直再试\n"),
			number);
	else if (l->unread)
		printf(tr("现在可做    为什么退回请管理员问中心; 要改的 yimen case correct %s --answers 文件, 不要了 "
			  "yimen outbox give-up %s; 不管它就一直再试\n"),
			number, number);
	else if (l->state == LETTER_WAITING)
		show_waiting(l, by);
	else if (l->state != LETTER_HELD)
		return;
	else if (l->hold == HOLD_KEPT)
		printf(tr("现在可做    放行 yimen outbox release %s\n"), number);
	else if (l->hold == HOLD_PERSON)
		printf(tr("现在可做    请管理员看接入是否有效 (yimen doctor), 好了就 yimen outbox retry "
			  "%s\n"),
			number);
	else if (l->origin != NULL)
		printf(tr("现在可做    请 %s 在那边更正; 这里不能改别的窗口的件, 不再代送用 yimen outbox give-up %s\n"),
			l->origin, number);
	else if (strcmp(l->kind, "application") != 0 && refusal_is_unknown_case(l->problem))
		printf(tr("现在可做    中心没有这一件 (可能用旧备份恢复过): 请管理员用 yimen reconcile 收件日期 --send-again "
			  "补送申请, 这一步跟着自己报; 中心已有的 yimen outbox retry %s; 不要这一步了 yimen outbox give-up %s\n"),
			number, number);
	else if (strcmp(l->kind, "application") != 0)
		printf(tr("现在可做    中心没有接受这一步: 撤回 yimen outbox give-up %s; 中心弄错的, 原样重发 "
			  "yimen outbox retry %s\n"),
			number, number);
	else if (l->project_no != NULL && refusal_is_too_late(l->problem))
		printf(tr("现在可做    这一件在中心已往下办, 现在不收更正: 放弃这一版 yimen outbox give-up %s; "
			  "要改的, 等中心要求补正时再改\n"),
			number);
	else if (refusal_is_final(l->problem))
		printf(tr("现在可做    中心有别的版本或已办到别处, 原样重发没有用: 先 yimen sync 再看 yimen case show "
			  "%s; 仍要更正用 yimen case correct, 不要了用 yimen outbox give-up %s\n"),
			number, number);
	else
		printf(tr("现在可做    更正后重新提交: 打开这一件, 或 yimen case correct %s --answers 文件; "
			  "不用改就 yimen outbox retry %s; 不办了 yimen outbox give-up %s\n"),
			number, number, number);
}

static void show_faults(const struct refusal_told *told)
{
	for (size_t i = 0; i < told->count; i++) {
		const struct refusal_fault *f = &told->faults[i];
		if (*f->field)
			printf(tr("  %s (%s): %s\n"), f->field, f->place, f->message);
		else if (*f->place)
			printf(tr("  栏 %s: %s\n"), f->place, f->message);
		else
			printf("  %s\n", f->message);
	}
}

static void show_next(const struct letter *l, enum letter_sender by, int64_t now_ms)
{
	char when[32];
	const char *next = tr("一有线路就报");

	if (by == LETTER_SENDER_NO_CENTRE)
		next = tr("接入中心以后");
	else if (by == LETTER_SENDER_NOBODY)
		next = tr("报送程序一开就报");
	else if (l->next_ms > now_ms)
		next = clock_format(l->next_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when);
	else if (l->next_ms > 0)
		next = tr("时间已到, 报送程序一开就报");
	printf(tr("下次        %s\n"), next);
}

static void show_said(struct store *s, const struct letter *l)
{
	struct refusal_told told;

	refusal_tell(s, l, &told);
	if (told.reason != NULL)
		printf(l->state == LETTER_HELD && l->hold == HOLD_KEPT ? tr("暂缓原因    %s\n")
								       : tr("最近答复    %s\n"),
			told.reason);
	show_faults(&told);
	refusal_told_fini(&told);
}

void letter_tell(const struct cmd_station *st, const struct letter *l, int64_t now_ms)
{
	enum letter_sender by = letter_sender_found(st);
	struct buf subject = {0};
	char when[32];

	printf(tr("本地收件号  %s\n"), letter_number(l));
	printf(tr("办件编号    %s\n"),
		l->project_no != NULL ? l->project_no : tr("(中心尚未给出)"));
	if (l->origin != NULL)
		printf(tr("捎带自      %s\n"), l->origin);
	letter_subject(&subject, l);
	printf(tr("事项        %s\n"), buf_str(&subject));
	if (l->version > 1 && l->origin == NULL)
		printf(tr("版本        第 %d 版\n"), l->version);
	printf(tr("状态        %s, 从 %s 起\n"), letter_state_text(l),
		clock_format(l->since_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when));
	if (l->papers_bytes > 0)
		printf(tr("扫描件      已传 %lld / %lld 字节\n"), (long long)l->papers_sent,
			(long long)l->papers_bytes);
	printf(tr("已试        %d 次\n"), l->tries + l->papers_tries);
	if (l->last_ms > 0)
		printf(tr("上次        %s\n"),
			clock_format(l->last_ms, "%Y-%m-%d %H:%M:%S", when, sizeof when));
	if (l->state == LETTER_WAITING && !l->behind)
		show_next(l, by, now_ms);
	show_said(st->store, l);
	show_advice(l, by);
	printf(tr("信件编号    %s\n"), l->id);
	buf_fini(&subject);
}

/* Of our own, that the centre has not refused. */
static void tell_unrefused(const struct letter *l)
{
	const char *number = letter_number(l);

	if (l->state == LETTER_WAITING)
		fprintf(stderr,
			tr("%s 没有放弃: 它还在待发, 中心没有退回过。先不报用 yimen outbox hold %s --reason 原因; "
			   "这件不办了, 用 yimen case act %s 看能不能撤回。\n"),
			number, number, number);
	else
		fprintf(stderr,
			tr("%s 没有放弃: 它是%s, 中心没有退回过。怎样继续见 yimen outbox show %s; 这件不办了, 用 "
			   "yimen case act %s 看能不能撤回。\n"),
			number, letter_state_text(l), number, number);
}

bool letter_tell_kept(const struct letter *l)
{
	const char *number = letter_number(l);

	if (l->state == LETTER_HELD && l->hold == HOLD_REFUSED)
		return false;
	if (l->state == LETTER_REPLACED)
		fprintf(stderr, tr("%s 不用放弃: %s\n"), number, letter_ended_words(l));
	else if (l->origin != NULL)
		fprintf(stderr,
			tr("%s 没有放弃: 它是 %s 的件 (%s), 只有退回的才能不再代送。别的请在原窗口办。\n"),
			number, l->origin, letter_state_text(l));
	else if (l->state == LETTER_DELIVERED)
		fprintf(stderr,
			tr("%s 没有放弃: 中心已经收下。这件不办了, 用 yimen case act %s 看能不能撤回。\n"),
			number, number);
	else
		tell_unrefused(l);
	return true;
}
