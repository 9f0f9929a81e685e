#include "tui/case_text.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/acts.h"
#include "core/station/cases.h"

const char *case_state_text(const char *state)
{
	enum case_state s;

	if (strcmp(state, CASE_BUNDLE) == 0)
		return tr("一件事");
	return case_state_parse(state, &s) ? case_state_label(s) : state;
}

const char *case_event_text(const char *what)
{
	enum case_act act;

	if (strcmp(what, "delivered") == 0)
		return tr("已报送中心");
	if (strcmp(what, "refused") == 0)
		return tr("中心退回");
	if (strcmp(what, "revise") == 0)
		return tr("更正后重新提交");
	if (strcmp(what, "version") == 0)
		return tr("别处提交了新版本");
	if (strcmp(what, "changed") == 0)
		return tr("中心有新情况");
	if (strcmp(what, "taken-back") == 0)
		return tr("撤回没有被接受的一步");
	if (strcmp(what, "evaluated") == 0)
		return tr("办事人已评价");
	if (strcmp(what, "handed") == 0)
		return tr("移交");
	if (strcmp(what, "taken-over") == 0)
		return tr("接手");
	if (case_act_parse(what, &act))
		return case_act_told(act);
	return case_state_text(what);
}

void case_acts_text(struct store *s, const char *case_id, const char *state, struct buf *out)
{
	enum case_act open[CASE_ACT__MAX];
	size_t n = acts_open_for(s, case_id, state, open), i;

	for (i = 0; i < n; i++)
		buf_printf(out, "%s%s", i > 0 ? tr("、") : "", case_act_label(open[i]));
}
