#include "tui/letter_view.h"

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/app.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/widget_pager.h"

void letter_advice(
	struct pager *p, enum letter_state state, int tries, int64_t next_ms, int64_t now_ms)
{
	struct buf b = {0};

	switch (state) {
	case LETTER_WAITING:
		if (tries > 0)
			buf_printf(&b, tr("已试 %d 次, "), tries);
		if (next_ms > now_ms) {
			show_duration(&b, next_ms - now_ms);
			buf_adds(&b, tr("后再试; 不用守着, 恢复后自动报送一次。Ctrl-R 立即重试。"));
		} else {
			buf_adds(&b, tr("马上报送; 不用守着。"));
		}
		pager_pair(p, 2, 8, tr("接着"), buf_str(&b));
		break;
	case LETTER_HELD:
		pager_pair(p, 2, 8, tr("建议"),
			tr("按原因联系承办部门或管理员; 处理好后按 Ctrl-R 重发, 编号不变。"));
		break;
	default:
		pager_pair(p, 2, 8, tr("接着"), tr("中心已收, 这里不用再做什么。"));
		break;
	}
	buf_fini(&b);
}

void letter_retry(struct app *a, const char *id)
{
	struct session *s = app_session(a);
	enum err e = outbox_retry(s->store, id, s->who.name);

	if (e != OK) {
		app_fail(a, tr("不能重试"), e, NULL);
		return;
	}
	app_wake(a, true);
	app_say(a, "%s", tr("已排到最前, 马上再送。"));
}
