/* The whole application once more, and what came of it. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/checklist.h"
#include "core/station/matter.h"
#include "tui/correction.h"
#include "tui/intake.h"
#include "tui/review_text.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 1 << 10 /* a label stays with its text */
};

struct review {
	struct desk *desk;
	struct intake *intake;
	struct correction *before; /* the version it replaces; NULL: none */
	struct pager *pager;	   /* being filled */
};

static void add_answer(void *arg, const struct review_row *row)
{
	struct review *g = arg;

	if (row->heading)
		pager_add(g->pager, 0, ROLE_STRONG, row->heading);
	pager_pair(g->pager, 0, LABEL_COLS, row->label, row->text);
}

static void add_materials(struct review *g)
{
	const struct checklist *c = &g->intake->checklist;
	struct buf state = {0};

	for (size_t i = 0; i < c->count; i++) {
		buf_clear(&state);
		buf_adds(&state, checklist_state_label(c->items[i].state));
		correction_material(g->before, &c->items[i], &state);
		pager_pair(g->pager, 0, LABEL_COLS, c->items[i].material->name, buf_str(&state));
	}
	buf_fini(&state);
}

static void add_changes(struct review *g)
{
	struct buf text = {0};

	review_changes(g->intake, g->before, &text);
	pager_add(g->pager, 0, ROLE_TEXT, buf_str(&text));
	buf_fini(&text);
}

static void fill(void *arg, struct pager *p)
{
	struct review *g = arg;
	bool mask = !g->desk->session->unmasked;

	g->pager = p;
	pager_add(p, 0, ROLE_STRONG, g->intake->matter->name);
	if (g->before)
		add_changes(g);
	review_answers(g->intake, g->before, mask, add_answer, g);
	if (g->intake->checklist.count > 0)
		pager_add(p, 0, ROLE_STRONG, tr("材料"));
	add_materials(g);
}

/* What stands in the way of submitting, all of it. true: nothing does. */
static bool say_obstacles(struct review *g)
{
	struct buf why = {0};
	bool clear = intake_check(g->intake, false, &why) == OK;

	if (!clear)
		talk_say(g->desk->talk, "%s", tr("还不能提交:"));
	for (char *at = clear ? NULL : why.data; at && *at;) {
		char *end = strchr(at, '\n');
		if (end)
			*end = '\0';
		talk_say(g->desk->talk, "%s", at);
		at = end ? end + 1 : NULL;
	}
	buf_fini(&why);
	return clear;
}

/* The centre moved the case while it was being corrected: nothing is overwritten unasked. */
static bool goes_on_knowing(struct review *g)
{
	struct buf ask = {0};
	bool yes;

	review_ask_knowing(g->desk->session->store, g->intake->draft_id, &ask);
	yes = menu_yes(g->desk->talk, buf_str(&ask));
	buf_fini(&ask);
	return yes;
}

static bool submit(struct review *g, char *receipt)
{
	struct session *s = g->desk->session;
	struct buf why = {0};
	enum err e = intake_submit(g->intake, s->station, receipt, &why);

	if (e == ERR_STATE && g->intake->revising && !g->intake->knowing && goes_on_knowing(g)) {
		g->intake->knowing = true;
		buf_clear(&why);
		e = intake_submit(g->intake, s->station, receipt, &why);
	}
	if (e == OK) {
		session_saved(s, OK);
		desk_wake(g->desk, false);
	} else {
		receipt[0] = '\0';
		talk_fail(g->desk->talk, tr("没有提交"), e, &why);
	}
	buf_fini(&why);
	return e == OK;
}

static bool confirm(struct review *g)
{
	struct talk *t = g->desk->talk;

	talk_say(t, "%s",
		g->intake->revising
			? tr("请申请人当面确认。提交后这一版接替原来的, 收件号不变。")
			: tr("请申请人当面确认以上内容。提交后不能再改, 只能更正、补正或撤回。"));
	if (g->desk->session->link == CENTRE_OFFLINE)
		talk_say(t, "%s", tr("网络已断: 提交后先存本机待发, 恢复后自动报送, 不会重复。"));
	if (g->desk->session->link == CENTRE_NONE)
		talk_say(t, "%s", tr("本机还没有接入中心: 提交后存在本机, 接入后自动报送。"));
	if (g->before && review_changes(g->intake, g->before, NULL) == 0)
		return menu_yes(t, review_same_question());
	return menu_yes(t, tr("确认提交?"));
}

enum way desk_review(struct desk *d, struct intake *in, char *receipt)
{
	struct review g = {d, in, correction_open(in), NULL};
	struct menu m = {.title = tr("核对提交"), .back = tr("回到填写")};
	enum way w = WAY_BACK;
	long picked = 1;
	bool clear;

	intake_at(in, DRAFT_AT_REVIEW, "", 0);
	menu_add(&m, tr("听一遍全部内容"));
	menu_add(&m, tr("提交"));
	menu_add(&m, tr("回主菜单, 填过的都在"));
	talk_text(d->talk, fill, &g, 0, 1);
	clear = say_obstacles(&g);
	while (w == WAY_BACK && picked > 0) {
		picked = menu_ask(d->talk, &m, NULL);
		if (picked == 1)
			talk_text(d->talk, fill, &g, 0, 1);
		else if (picked == 2 && !clear)
			say_obstacles(&g);
		else if (picked == 2 && confirm(&g))
			w = submit(&g, receipt) ? WAY_ON : WAY_BACK;
		else if (picked == 3)
			w = WAY_HOME;
	}
	menu_fini(&m);
	correction_free(g.before);
	return talk_over(d->talk) && w != WAY_ON ? WAY_END : w;
}
