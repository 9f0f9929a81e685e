#include "tui/road.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/audit.h"
#include "core/station/catalogue.h"
#include "core/station/draft_lock.h"
#include "core/station/matter.h"
#include "core/station/people.h"
#include "tui/intake.h"
#include "tui/session.h"
#include "tui/widget_pager.h"

enum {
	LABELS_MAX_BYTES = 60 /* of what changed, in one message */
};

bool road_has_step(const struct intake *in, enum draft_step step)
{
	if (step == DRAFT_AT_SITUATION)
		return in->situation != NULL;
	if (step == DRAFT_AT_CHECKLIST)
		return in->matter->material_count > 0;
	return true;
}

/* ---- taking up again ---- */

static enum err open_draft(struct session *s, const char *id, struct draft_lock **lock,
	struct draft *d, struct buf *why)
{
	enum err e = draft_get(s->store, id, d);

	if (e != OK)
		return e;
	if (draft_lock_take(lock, s->store, id) == ERR_BUSY) {
		buf_why(why, tr("%s 正在 %s 号窗口填这一件"), d->operator_name, d->window);
		return ERR_BUSY;
	}
	return draft_open(s->store, id, s->who.name, s->window, why);
}

enum err road_resume(
	struct intake **out, struct session *s, const char *id, struct draft *d, struct buf *why)
{
	struct draft_lock *lock = NULL;
	enum err e = open_draft(s, id, &lock, d, why);

	if (e == OK)
		e = intake_resume(out, s->catalogue, s->store, id, why);
	if (e == OK)
		(*out)->lock = lock;
	else
		draft_lock_free(lock);
	return e;
}

void road_before(const struct session *s, const struct draft *d, struct buf *out)
{
	if (strcmp(d->operator_name, s->who.name) != 0)
		buf_printf(out, tr("这一件原来在 %s (%s号窗口) 手里, 现在由您接着办。"),
			d->operator_name, d->window);
}

/* ---- a newer form, a newer guide ---- */

static void add_label(void *arg, const struct catalogue_field *field)
{
	struct buf *b = arg;

	if (b->len < LABELS_MAX_BYTES && !strstr(buf_str(b), field->label))
		buf_printf(b, "%s%s", b->len ? ", " : "", field->label);
}

void road_changes(const struct intake *in, struct catalogue *c, struct buf *out)
{
	struct buf labels = {0};

	catalogue_diff(c, in->matter->code, in->began_seq, in->seq, add_label, &labels);
	buf_printf(out, tr("指南在暂存以后变了 (第 %d 版 -> 第 %d 版): %s。请再核对材料和填写。"),
		in->began_seq, in->seq, buf_str(&labels));
	buf_fini(&labels);
}

static void add_names(struct pager *p, const char *heading, char *const *names, size_t count)
{
	if (count == 0)
		return;
	pager_gap(p);
	pager_add(p, 0, ROLE_STRONG, heading);
	for (size_t i = 0; i < count; i++)
		pager_add(p, 2, ROLE_TEXT, names[i]);
}

void road_carried(const struct intake *in, struct pager *p)
{
	const struct intake_carry *c = &in->carry;
	struct buf b = {0};

	pager_add(p, 0, ROLE_TEXT,
		tr("这份草稿开始以后, 表单或指南有了新版。填过的已逐栏带过来, 请看有什么不同。"));
	if (c->form_version) {
		buf_printf(&b, tr("表单: %s 版 -> %s 版"), c->form_version, in->form->version);
		pager_gap(p);
		pager_add(p, 0, ROLE_TEXT, buf_str(&b));
	}
	if (c->lost_count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG, tr("新表没有这些栏, 原来填的是"));
		for (size_t i = 0; i < c->lost_count; i++)
			pager_pair(p, 2, 20, c->lost[i].label, c->lost[i].value);
	}
	if (c->gained_count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG, tr("新表多了这些栏"));
		for (size_t i = 0; i < c->gained_count; i++)
			pager_add(p, 2, ROLE_TEXT, c->gained[i].label);
	}
	if (c->refused_count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG, tr("填过的这些不合新版要求, 请改"));
		for (size_t i = 0; i < c->refused_count; i++) {
			pager_pair(p, 2, 20, c->refused[i].label, c->refused[i].value);
			pager_add(p, 4, ROLE_WARN, c->refused[i].why);
		}
	}
	if (c->unreasoned_count > 0) {
		pager_gap(p);
		pager_add(p, 0, ROLE_STRONG,
			tr("这几栏的提醒没有了或者变了, 原来写的原因不算了; 还有提醒的请重新写"));
		for (size_t i = 0; i < c->unreasoned_count; i++)
			pager_pair(p, 2, 20, c->unreasoned[i].label, c->unreasoned[i].value);
	}
	add_names(p, tr("多要的材料"), c->papers_gained, c->papers_gained_count);
	add_names(p, tr("不再要的材料"), c->papers_lost, c->papers_lost_count);
	buf_fini(&b);
}

/* ---- one application too many ---- */

struct alike {
	const char *task_code;
	char *id;
};

/* Still open: a draft, or a case that is not ended. */
static void see_case(void *arg, const struct person_case *c)
{
	struct alike *x = arg;
	enum case_state state;

	if (x->id[0] || strcmp(c->task_code, x->task_code) != 0)
		return;
	if (case_state_parse(c->state, &state) && state <= CASE_DECIDED)
		memcpy(x->id, c->id, strlen(c->id) + 1);
}

bool road_alike(const struct intake *in, char id[ID_UUID_SIZE])
{
	struct alike x = {in->matter->code, id};
	const char *person = intake_person(in);

	id[0] = '\0';
	if (!in->revising && *person)
		people_cases(in->store, person, in->draft_id, see_case, &x);
	return id[0] != '\0';
}

/* ---- a rule that is doubted ---- */

enum err road_doubt(
	struct intake *in, const struct session *s, const char *place, const char *words)
{
	const struct node *n = entry_find(in->entry, place);
	const struct finding *f = n ? entry_finding(in->entry, n) : NULL;
	struct buf detail = {0}, value = {0}, note = {0};
	enum err e;

	if (!f)
		return ERR_NOT_FOUND;
	entry_text(in->entry, n, true, &value);
	buf_printf(&detail, "%s/%s %s %s: %s", in->form->id, place, f->rule ? f->rule : "",
		buf_str(&value), words);
	buf_printf(&note, tr("规则存疑: %s"), buf_str(&f->message));
	e = intake_save(in);
	if (e == OK)
		e = audit_note(s->store, s->who.name, "rule.doubt", in->draft_id, buf_str(&detail));
	if (e == OK)
		e = draft_park(s->store, in->draft_id, buf_str(&note));
	buf_fini(&detail);
	buf_fini(&value);
	buf_fini(&note);
	return e;
}
