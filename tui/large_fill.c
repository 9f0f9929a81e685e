#include "tui/large_fill.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/domain/workday.h"
#include "core/station/cases.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "core/station/owed.h"
#include "tui/case_story.h"
#include "tui/guide_text.h"
#include "tui/intake.h"
#include "tui/review_text.h"
#include "tui/show.h"

static void add_line(struct buf *out, const char *label, const char *text)
{
	if (text && *text)
		buf_printf(out, "%s%s%s%s", out->len ? "\n" : "", label, *label ? " " : "", text);
}

static void add_numbered(struct large_text *t, size_t number, const char *text)
{
	char big[24];

	snprintf(big, sizeof(big), "%zu", number);
	large_text_add(t, number < 10 ? (int)number : 0, big, text);
}

/* ---- a guide ---- */

static void add_material(struct large_text *t, const struct matter *m, size_t i)
{
	const struct matter_material *x = &m->materials[i];
	struct buf text = {0}, form = {0};

	guide_material_form(&form, m, i);
	if (x->need == MATTER_NEED_OPTIONAL)
		buf_printf(&form, "  %s", tr("非必要"));
	if (x->need == MATTER_NEED_DEFERRABLE)
		buf_printf(&form, "  %s", tr("可容缺"));
	if (*x->relevant)
		buf_printf(&form, "  %s", tr("按情形"));
	add_line(&text, "", x->name);
	add_line(&text, "", buf_str(&form));
	add_numbered(t, i + 1, buf_str(&text));
	buf_fini(&form);
	buf_fini(&text);
}

void large_matter(struct large_text *t, const struct matter *m)
{
	struct buf text = {0};
	char big[24];

	large_text_begin(t, m->name);
	snprintf(big, sizeof(big), "%zu", m->material_count);
	buf_printf(&text, tr("一共 %zu 份材料"), m->material_count);
	large_text_add(t, 0, m->material_count ? big : NULL,
		m->material_count ? buf_str(&text) : tr("没有写明要什么材料"));
	for (size_t i = 0; i < m->material_count; i++)
		add_material(t, m, i);
	buf_clear(&text);
	add_line(&text, tr("地点"), m->transact_addr);
	add_line(&text, tr("时间"), m->transact_time);
	add_line(&text, tr("咨询"), m->link_way);
	if (text.len)
		large_text_add(t, 0, NULL, buf_str(&text));
	buf_fini(&text);
}

/* ---- the list of materials ---- */

static void add_item(struct large_text *t, const struct checklist *c, size_t i)
{
	const struct checklist_item *x = &c->items[i];
	struct buf text = {0}, state = {0};

	buf_printf(&state, "%s  ", checklist_state_label(x->state));
	if (x->state != CHECKLIST_EXEMPT)
		guide_material_form(
			&state, c->matter, (size_t)(x->material - c->matter->materials));
	add_line(&text, "", x->material->name);
	add_line(&text, "", buf_str(&state));
	add_numbered(t, i + 1, buf_str(&text));
	buf_fini(&state);
	buf_fini(&text);
}

static void add_items(struct large_text *t, const struct checklist *c, bool wanted)
{
	for (size_t i = 0; i < c->count; i++) {
		enum checklist_state s = c->items[i].state;
		if ((s == CHECKLIST_MISSING || s == CHECKLIST_DEFERRED) == wanted)
			add_item(t, c, i);
	}
}

void large_checklist(struct large_text *t, const struct checklist *c)
{
	struct checklist_summary sum;
	struct buf text = {0};
	char big[24];
	size_t wanted;

	checklist_sum(c, &sum);
	wanted = sum.by_state[CHECKLIST_MISSING] + sum.by_state[CHECKLIST_DEFERRED];
	large_text_begin(t, c->matter->name);
	snprintf(big, sizeof(big), "%zu", wanted);
	buf_printf(&text, tr("还缺 %zu 份材料"), wanted);
	large_text_add(t, 0, wanted ? big : NULL, wanted ? buf_str(&text) : tr("材料齐了"));
	add_items(t, c, true);
	add_items(t, c, false);
	buf_fini(&text);
}

/* ---- what is confirmed ---- */

struct answers {
	struct large_text *to;
	struct buf page;
};

static void end_page(struct answers *a)
{
	if (a->page.len)
		large_text_add(a->to, 0, NULL, buf_str(&a->page));
	buf_clear(&a->page);
}

static void add_answer(void *arg, const struct review_row *row)
{
	struct answers *a = arg;

	if (row->heading) {
		end_page(a);
		buf_adds(&a->page, row->heading);
	}
	add_line(&a->page, row->label, row->text);
}

void large_answers(struct large_text *t, const struct intake *in)
{
	struct answers a = {.to = t};

	large_text_begin(t, in->matter->name);
	large_text_add(t, 0, NULL, tr("请核对您填的内容"));
	review_answers(in, NULL, true, add_answer, &a);
	end_page(&a);
	for (size_t i = 0; i < in->checklist.count; i++)
		add_line(&a.page, checklist_state_label(in->checklist.items[i].state),
			in->checklist.items[i].material->name);
	end_page(&a);
	buf_fini(&a.page);
}

/* ---- a case ---- */

static const char *number_of(const struct case_view *v)
{
	return v->project_no ? v->project_no : v->local_receipt ? v->local_receipt : "";
}

/* Its number, large, and what kind of number that is; with how it stands or without. */
static void add_number(struct large_text *t, const struct case_view *v, bool with_state)
{
	struct buf text = {0}, who = {0};

	show_name(&who, v->applyer_name ? v->applyer_name : "", true);
	add_line(&text, "", v->project_no ? tr("办件编号") : tr("本地收件号"));
	if (with_state)
		buf_printf(&who, "   %s", show_case_state(v));
	add_line(&text, "", buf_str(&who));
	large_text_add(t, 0, number_of(v), buf_str(&text));
	buf_fini(&who);
	buf_fini(&text);
}

static void add_member(void *arg, const struct case_view *v)
{
	struct buf text = {0};

	add_line(&text, "", v->task_name);
	add_line(&text, "", v->project_no ? tr("办件编号") : tr("等中心给号"));
	large_text_add(arg, 0, v->project_no, buf_str(&text));
	buf_fini(&text);
}

void large_receipt(struct large_text *t, struct store *s, const struct case_view *v)
{
	large_text_begin(t, v->task_name ? v->task_name : "");
	add_number(t, v, false);
	if (strcmp(v->state, CASE_BUNDLE) == 0)
		case_each_in_bundle(s, v->id, add_member, t);
}

struct numbered {
	struct large_text *to;
	size_t count;
};

static void add_correction(void *arg, const char *name, const char *defect, const char *how)
{
	struct numbered *n = arg;
	struct buf text = {0};

	add_line(&text, tr("要补正"), name);
	add_line(&text, "", defect);
	add_line(&text, "", how);
	add_numbered(n->to, ++n->count, buf_str(&text));
	buf_fini(&text);
}

static void add_owed(void *arg, const struct owed *o)
{
	struct numbered *n = arg;
	struct buf text = {0}, until = {0};
	char day[DATE_SIZE];

	if (o->supplied_ms)
		return;
	buf_printf(&until, tr("%s 前补交"), date_format(date_from_day(o->due_day), day));
	add_line(&text, "", o->material);
	add_line(&text, "", buf_str(&until));
	add_numbered(n->to, ++n->count, buf_str(&text));
	buf_fini(&until);
	buf_fini(&text);
}

void large_case(struct large_text *t, struct store *s, const struct case_view *v)
{
	struct numbered n = {t, 0};
	struct buf text = {0}, result = {0};

	large_text_begin(t, v->task_name ? v->task_name : "");
	add_number(t, v, true);
	if (strcmp(v->state, case_state_name(CASE_CORRECTING)) == 0)
		case_corrections(s, v->id, add_correction, &n);
	case_result(s, v->id, &result);
	if (n.count == 0 && v->note && *v->note && strcmp(v->note, buf_str(&result)) != 0)
		large_text_add(t, 0, NULL, v->note);
	owed_each(s, v->id, add_owed, &n);
	add_line(&text, tr("结果"), buf_str(&result));
	if (text.len)
		large_text_add(t, 0, NULL, buf_str(&text));
	buf_fini(&result);
	buf_fini(&text);
}
