#include "tui/notice.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/matter.h"
#include "tui/paper_text.h"

struct latest {
	struct buf *out;
	bool found;
};

static void version_in_force(void *arg, const struct catalogue_version *v)
{
	struct latest *l = arg;
	char day[DATE_SIZE];

	if (!v->in_force || l->found)
		return;
	l->found = true;
	buf_printf(l->out, tr("第 %d 版"), v->seq);
	if (v->task_version && *v->task_version)
		buf_printf(l->out, " (%s)", v->task_version);
	buf_printf(l->out, tr(", %s 收到"),
		date_format(date_from_day(clock_day(v->imported_ms)), day));
	if (v->source && *v->source) {
		const char *slash = strrchr(v->source, '/');
		buf_printf(l->out, tr(", 来自 %s"),
			slash && strstr(v->source, "://") == NULL ? slash + 1 : v->source);
	}
}

void notice_origin(struct buf *out, struct catalogue *c, const struct matter *m)
{
	struct latest l = {.out = out};

	catalogue_versions(c, m->code, version_in_force, &l);
}

enum err notice_text(
	struct buf *out, const struct slip_source *source, const char *code, struct buf *why)
{
	struct paper p = {0};
	enum err e = slip_preview_from(source, SLIP_NOTICE, code, msg_english(), &p, why);

	if (e == OK)
		paper_text(out, &p);
	paper_fini(&p);
	return e;
}
