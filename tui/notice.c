#include "tui/notice.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "tui/guide_text.h"

enum {
	SHEET_COLS = 78,
	LABEL_COLS = 10
};

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

static void add_lines(struct buf *out, const struct pager *p)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct pager_line *l = &p->lines[i];
		buf_printf(out, "%*s", l->indent, "");
		if (l->label)
			text_pad(out, l->label, l->label_cols);
		text_clean(out, l->text, strlen(l->text));
		buf_addc(out, '\n');
	}
}

static void pair_if(struct pager *p, const char *label, const char *text)
{
	if (*text)
		pager_pair(p, 0, LABEL_COLS, label, text);
}

static void add_material(struct pager *p, const struct matter *m, size_t i, bool *deferrable)
{
	const struct matter_material *x = &m->materials[i];
	struct buf b = {0};

	buf_printf(&b, "%zu. %s  ", i + 1, x->name);
	guide_material_form(&b, m, i);
	if (x->need == MATTER_NEED_OPTIONAL)
		buf_printf(&b, "  (%s)", tr("非必要"));
	if (x->need == MATTER_NEED_DEFERRABLE)
		buf_printf(&b, "  (%s)", tr("可容缺"));
	if (*x->relevant)
		buf_printf(&b, "  (%s)", tr("按情形"));
	*deferrable |= x->need == MATTER_NEED_DEFERRABLE;
	pager_add(p, 0, ROLE_TEXT, buf_str(&b));
	if (*x->accept_stand)
		pager_pair(p, 3, 6, tr("标准"), x->accept_stand);
	if (*x->source_explain)
		pager_pair(p, 3, 6, tr("来源"), x->source_explain);
	buf_fini(&b);
}

static void add_fees(struct buf *out, const struct matter *m)
{
	if (m->fee_count == 0)
		buf_adds(out, m->is_fee == 0 ? tr("不收费") : tr("未写明"));
	for (size_t i = 0; i < m->fee_count; i++)
		buf_printf(out, "%s%s %s", i ? "; " : "", m->fees[i].name, m->fees[i].stand);
}

static void add_body(struct pager *p, const struct matter *m)
{
	struct buf b = {0};
	bool deferrable = false;

	pager_pair(p, 0, LABEL_COLS, tr("事项"), m->name);
	pair_if(p, tr("编码"), m->code);
	pair_if(p, tr("部门"), m->dept_name);
	guide_limit(&b, m);
	pair_if(p, tr("时限"), buf_str(&b));
	buf_clear(&b);
	add_fees(&b, m);
	pair_if(p, tr("收费"), buf_str(&b));
	pair_if(p, tr("条件"), m->accept_condition);
	pager_gap(p);
	buf_clear(&b);
	buf_printf(&b, tr("要带的材料 (%zu 份)"), m->material_count);
	pager_add(p, 0, ROLE_STRONG, buf_str(&b));
	for (size_t i = 0; i < m->material_count; i++)
		add_material(p, m, i, &deferrable);
	pager_gap(p);
	if (deferrable)
		pager_add(
			p, 0, ROLE_TEXT, tr("写明可容缺的材料暂缺时, 可以先受理, 在期限内补齐。"));
	pair_if(p, tr("结果"), m->result_name);
	pair_if(p, tr("地点"), m->transact_addr);
	pair_if(p, tr("时间"), m->transact_time);
	pair_if(p, tr("咨询"), m->link_way);
	pair_if(p, tr("监督"), m->supervise_way);
	buf_fini(&b);
}

void notice_text(struct buf *out, const struct matter *m, const char *hall, const char *origin,
	const char *date)
{
	struct pager p;
	const char *title = tr("一次性告知单");
	int indent = (SHEET_COLS - text_cols(title)) / 2;

	buf_printf(out, "%*s%s\n", indent, "", title);
	pager_init(&p, SHEET_COLS);
	if (hall && *hall)
		pager_add(&p, 0, ROLE_TEXT, hall);
	add_body(&p, m);
	pair_if(&p, tr("依据指南"), origin);
	pair_if(&p, tr("告知日期"), date);
	add_lines(out, &p);
	pager_fini(&p);
}
