/* One matter: in short, its guide by sections, the sheet for the visitor, and the way on. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/station/catalogue.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/matter.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tui/guide_text.h"
#include "tui/intake.h"
#include "tui/notice.h"
#include "tui/plain/paper_lines.h"
#include "tui/widget_pager.h"

struct guide {
	const struct matter *matter;
	struct buf origin;
};

static void fill_preview(void *arg, struct pager *p)
{
	guide_preview(p, ((const struct guide *)arg)->matter);
}

static void fill_guide(void *arg, struct pager *p)
{
	struct guide *g = arg;

	guide_fill(p, g->matter, buf_str(&g->origin), false);
}

/* The sections of the guide, one at a time. */
static enum way read_guide(struct desk *d, const struct matter *m)
{
	struct guide g = {m, {0}};
	struct menu menu = {.title = tr("办事指南")};
	long picked;

	notice_origin(&g.origin, d->session->catalogue, m);
	for (int i = 0; i < GUIDE_SECTION__MAX; i++)
		menu_add(&menu, guide_section_name((enum guide_section)i));
	while ((picked = menu_ask(d->talk, &menu, NULL)) > 0)
		talk_text(d->talk, fill_guide, &g, (size_t)picked - 1, (size_t)picked);
	menu_fini(&menu);
	buf_fini(&g.origin);
	return picked == MENU_END ? WAY_END : WAY_BACK;
}

static void fill_sheet(void *arg, struct pager *p)
{
	paper_lines(p, arg);
}

enum way desk_notice(struct desk *d, const char *task_code, const struct intake *in)
{
	struct session *s = d->session;
	struct paper paper = {0};
	struct buf facts = {0}, why = {0};
	struct conf *conf = NULL;
	json *given = NULL;
	enum err e;

	if (in) {
		intake_notice_facts(in, &facts);
		json_parse(&given, buf_str(&facts), facts.len, NULL);
	}
	settings_load(&conf, store_home(s->store), NULL);
	const struct slip_source source = {
		s->store, s->catalogue, conf, s->who.name, s->window, given};
	e = slip_preview_from(&source, SLIP_NOTICE, task_code, msg_english(), &paper, &why);
	if (e == OK)
		talk_text(d->talk, fill_sheet, &paper, 0, 1);
	else
		talk_fail(d->talk, tr("告知单出不来"), e, &why);
	paper_fini(&paper);
	conf_free(conf);
	json_free(given);
	buf_fini(&facts);
	buf_fini(&why);
	return talk_over(d->talk) ? WAY_END : WAY_BACK;
}

static enum way go(struct desk *d, const struct matter *m, long picked)
{
	switch (picked) {
	case 1:
		return desk_begin(d, m->code, false);
	case 2:
		return read_guide(d, m);
	case 3:
		return desk_begin(d, m->code, true);
	case 4:
		return desk_notice(d, m->code, NULL);
	default:
		return picked == MENU_END ? WAY_END : WAY_HOME;
	}
}

enum way desk_matter(struct desk *d, const char *task_code)
{
	struct menu menu = {0};
	struct guide g = {0};
	struct matter *m;
	enum way w = WAY_BACK;
	enum err e = catalogue_get(d->session->catalogue, task_code, &m);
	long picked = 1;

	if (e != OK) {
		talk_fail(d->talk, tr("指南打不开"), e, NULL);
		return WAY_BACK;
	}
	g.matter = m;
	menu_add(&menu, tr("开始办理"));
	menu_add(&menu, tr("听指南"));
	menu_add(&menu, tr("咨询: 只问几句, 对一遍材料"));
	menu_add(&menu, tr("一次性告知单"));
	talk_text(d->talk, fill_preview, &g, 0, 1);
	while (w == WAY_BACK && picked > 0) {
		picked = menu_ask(d->talk, &menu, NULL);
		if (picked != MENU_BACK)
			w = go(d, m, picked);
	}
	menu_fini(&menu);
	matter_free(m);
	return w;
}
