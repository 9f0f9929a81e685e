#include "tui/ledger_text.h"

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"
#include "core/station/evaluation.h"
#include "tui/show.h"

void ledger_due_words(struct buf *out, int32_t due_day, int32_t today)
{
	const struct calendar *c = calendar_shipped();

	if (due_day < 0) {
		buf_addc(out, '-');
		return;
	}
	if (due_day < today)
		buf_printf(out, tr("红牌: 已过 %d 天"), (int)(today - due_day));
	else if (due_day == today)
		buf_adds(out, tr("今天"));
	else
		buf_printf(out, tr("剩 %d 个工作日"), deadline_left(c, today, due_day));
	if (calendar_provisional(c, due_day))
		buf_adds(out, tr(" (暂定)"));
}

static void add_fact(struct buf *out, const char *label, const char *text, const char *who)
{
	if (!*text)
		return;
	buf_printf(out, "%s\t%s", label, text);
	if (*who)
		buf_printf(out, " (%s)", who);
	buf_addc(out, '\n');
}

void ledger_facts(struct buf *out, const struct complaint *c, int64_t now_ms)
{
	struct buf when = {0};

	show_moment(&when, c->at_ms, now_ms);
	add_fact(out, tr("评价"), buf_str(&when), "");
	add_fact(out, tr("收件号"), c->local_receipt, "");
	add_fact(out, tr("原因"), complaint_cause_label(c->cause), "");
	add_fact(out, tr("核实"), c->finding, c->verified_by);
	add_fact(out, tr("延期"), c->extension, "");
	add_fact(out, tr("整改"), c->mended, c->ended_by);
	buf_fini(&when);
}

const char *ledger_act_ask(enum complaint_act a)
{
	static const char *const asks[COMPLAINT_ACT__MAX] = {
		[COMPLAINT_VERIFY] = N_("查明的情况"),
		[COMPLAINT_DISMISS] = N_("为什么不属实"),
		[COMPLAINT_EXTEND] = N_("为什么要延期"),
		[COMPLAINT_MEND] = N_("做了什么, 怎样答复办事人"),
	};

	return tr(asks[a]);
}
