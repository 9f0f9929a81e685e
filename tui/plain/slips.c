/* The slips of a case: heard first, then printed or kept as PDF; the first printing gives the
 * number. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/cases.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/press.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tui/plain/paper_lines.h"
#include "tui/slip_fill.h"

struct slip_page {
	struct desk *desk;
	const char *number; /* of the case */
	enum slip kind;
	struct conf *conf;
	struct buf given; /* facts that were typed, a JSON object; empty: none */
	struct slip_record record;
	bool issued; /* record holds one */
};

static void look_up(struct slip_page *g)
{
	if (g->issued)
		slip_record_fini(&g->record);
	g->issued = g->kind != SLIP_NOTICE &&
		    slip_find(g->desk->session->store, g->kind, g->number, &g->record) == OK;
}

/* given: json_free it; NULL: nothing was typed. */
static struct slip_source source_of(const struct slip_page *g, json **given)
{
	const struct session *s = g->desk->session;

	*given = NULL;
	if (g->given.len > 0)
		json_parse(given, g->given.data, g->given.len, NULL);
	return (struct slip_source){
		s->store, s->catalogue, g->conf, s->who.name, s->window, *given};
}

/* ---- what it must not lack ---- */

/* The first of its facts that is lacking, appended; "": none. *help is borrowed. */
static enum err find_lack(struct slip_page *g, struct buf *lack, const char **help, struct buf *why)
{
	struct buf facts = {0};
	char case_id[ID_UUID_SIZE];
	json *given, *all = NULL;
	struct slip_source source = source_of(g, &given);
	enum err e = slip_facts_of(&facts, &source, g->kind, g->number, case_id, why);

	if (e == OK)
		e = json_parse(&all, buf_str(&facts), facts.len, NULL);
	if (e == OK)
		buf_adds(lack, slip_first_lack(g->kind, all, help));
	json_free(all);
	json_free(given);
	buf_fini(&facts);
	return e;
}

/* Before anything is asked for: that a case like this has none, when it has not. */
static void say_early(const struct slip_page *g)
{
	enum case_state state;
	struct case_view v;

	if (case_get(g->desk->session->store, g->number, &v) != OK)
		return;
	if (case_state_parse(v.state, &state) && !slip_is_of(g->kind, state))
		talk_say(g->desk->talk, tr("%s: 现在是“%s”, %s。"), slip_title(g->kind),
			case_state_label(state), slip_since(g->kind));
	case_view_fini(&v);
}

/* Asked for, one after the other. false: not all is known, and it is left. */
static bool fill_lacks(struct slip_page *g)
{
	struct talk *t = g->desk->talk;
	struct buf lack = {0}, ask = {0}, typed = {0}, facts = {0}, why = {0};
	const char *help = "";
	bool whole = false, stays = true;

	while (stays && !whole) {
		enum err e;
		buf_clear(&lack);
		e = find_lack(g, &lack, &help, &why);
		if (e != OK)
			talk_fail(t, tr("这份文书现在出不了"), e, &why);
		whole = e == OK && lack.len == 0;
		stays = e == OK && !whole;
		if (!stays)
			continue;
		if (g->given.len == 0)
			say_early(g);
		buf_clear(&ask);
		buf_clear(&facts);
		slip_fill_label(&ask, buf_str(&lack), help);
		stays = menu_line(t, buf_str(&ask), tr("这份文书还缺这一项。减号不出了。"), &typed);
		if (stays && slip_fill(&facts, g->given.len ? g->given.data : NULL, buf_str(&lack),
				     buf_str(&typed), &why) == OK) {
			buf_clear(&g->given);
			buf_adds(&g->given, buf_str(&facts));
		} else if (stays) {
			talk_say(t, tr("错误: %s"), buf_str(&why));
		}
	}
	buf_fini(&lack);
	buf_fini(&ask);
	buf_fini(&typed);
	buf_fini(&facts);
	buf_fini(&why);
	return whole;
}

/* ---- hearing and printing ---- */

static void fill_paper(void *arg, struct pager *p)
{
	paper_lines(p, arg);
}

/* What was issued, or what would be. */
static void hear(struct slip_page *g)
{
	struct paper paper = {0};
	struct buf why = {0};
	enum err e;

	if (g->issued) {
		const char *kept = msg_english() ? g->record.paper_en : g->record.paper;
		e = paper_read(&paper, kept, strlen(kept), &why);
	} else {
		json *given;
		struct slip_source source = source_of(g, &given);
		e = slip_preview_from(&source, g->kind, g->number, msg_english(), &paper, &why);
		json_free(given);
	}
	if (e == OK)
		talk_text(g->desk->talk, fill_paper, &paper, 0, 1);
	else
		talk_fail(g->desk->talk, tr("这份文书现在出不了"), e, &why);
	paper_fini(&paper);
	buf_fini(&why);
}

/* Numbered if it is not yet; both copies, counted. */
static enum err make_copies(struct slip_page *g, struct paper *out, struct buf *why)
{
	static const enum slip_copy copies[] = {SLIP_ORIGINAL, SLIP_STUB};
	struct session *s = g->desk->session;
	json *given;
	struct slip_source source = source_of(g, &given);
	enum err e = press_ready(why);

	if (e == OK && !g->issued) {
		e = slip_issue_from(&source, g->kind, g->number, &g->record, why);
		g->issued = e == OK;
	}
	if (e == OK)
		e = slip_print(
			s->store, &g->record, copies, 2, msg_english(), s->who.name, out, why);
	json_free(given);
	return e;
}

/* path NULL: on the printer of the hall. */
static void print(struct slip_page *g, const char *path)
{
	struct talk *t = g->desk->talk;
	struct paper paper = {0};
	struct buf why = {0};
	enum err e = make_copies(g, &paper, &why);

	if (e == OK)
		e = path ? press_pdf(&paper, path, &why)
			 : press_printer(&paper, conf_get(g->conf, "print.command"), &why);
	if (e != OK)
		talk_fail(t, tr("没有打印"), e, &why);
	else if (path)
		talk_say(t, tr("%s 已存成 %s, 正本和存根各一页。"), g->record.number, path);
	else
		talk_say(t, tr("%s 已交给打印机, 正本和存根各一份。"), g->record.number);
	paper_fini(&paper);
	buf_fini(&why);
}

static void print_to_file(struct slip_page *g)
{
	struct buf path = {0};

	if (menu_line(g->desk->talk, tr("存到哪个文件 (.pdf)"), NULL, &path))
		print(g, buf_str(&path));
	buf_fini(&path);
}

static void one_slip(struct slip_page *g)
{
	struct menu m = {0};
	long picked;

	look_up(g);
	if (!g->issued && !fill_lacks(g))
		return;
	hear(g);
	menu_add(&m, tr("再听一遍"));
	menu_command(&m, CMD_SLIP_LP);
	menu_command(&m, CMD_SLIP_PDF);
	while ((picked = menu_ask(g->desk->talk, &m, NULL)) > 0) {
		if (picked == 1)
			hear(g);
		else if (picked == 2)
			print(g, NULL);
		else
			print_to_file(g);
	}
	menu_fini(&m);
}

/* ---- which ---- */

static void add_kind(struct slip_page *g, struct menu *m)
{
	struct buf text = {0};

	look_up(g);
	buf_adds(&text, slip_title(g->kind));
	if (g->issued)
		buf_printf(&text, tr(", 开过, %s"), g->record.number);
	menu_add(m, buf_str(&text));
	buf_fini(&text);
}

enum way desk_slips(struct desk *d, const char *number)
{
	struct slip_page g = {.desk = d, .number = number};
	long picked = 1;

	settings_load(&g.conf, store_home(d->session->store), NULL);
	while (picked > 0) {
		struct menu m = {.title = tr("文书"), .page = SLIP__MAX};
		for (int k = 0; k < SLIP__MAX; k++) {
			g.kind = (enum slip)k;
			add_kind(&g, &m);
		}
		picked = menu_ask(d->talk, &m, NULL);
		menu_fini(&m);
		buf_clear(&g.given);
		if (picked > 0) {
			g.kind = (enum slip)(picked - 1);
			one_slip(&g);
		}
	}
	if (g.issued)
		slip_record_fini(&g.record);
	buf_fini(&g.given);
	conf_free(g.conf);
	return talk_over(d->talk) ? WAY_END : WAY_ON;
}
