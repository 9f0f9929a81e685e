#include "tui/material_text.h"

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "tui/intake.h"
#include "tui/paper_list.h"
#include "tui/widget_pager.h"

void material_text(struct pager *p, const struct intake *in, const struct checklist_item *x,
	const struct paper_list *papers)
{
	const struct matter_material *m = x->material;
	struct buf why = {0};

	pager_add(p, 0, ROLE_STRONG, m->name);
	paper_list_show(papers, m->name, p);
	if (x->note && *x->note)
		pager_pair(p, 2, 10, tr("备注"), x->note);
	intake_why(in, m, &why);
	pager_pair(p, 2, 10, tr("为何要收"), buf_str(&why));
	if (*m->accept_stand)
		pager_pair(p, 2, 10, tr("标准"), m->accept_stand);
	for (size_t i = 0; i < m->fault_count; i++)
		pager_pair(p, 2, 10, tr("常见退回"), m->faults[i]);
	if (*m->source_explain)
		pager_pair(p, 2, 10, tr("来源"), m->source_explain);
	if (*m->fill_explain)
		pager_pair(p, 2, 10, tr("填写"), m->fill_explain);
	for (size_t i = 0; i < m->use_count && m->use_count > 1; i++)
		pager_pair(p, 2, 10, tr("用于"), m->uses[i]);
	if (m->exempt && *m->certificate)
		pager_pair(p, 2, 10, tr("电子证照"), m->certificate);
	buf_fini(&why);
}
