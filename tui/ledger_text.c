#include "tui/ledger_text.h"

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/domain/workday.h"

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
