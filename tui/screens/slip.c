/* A slip to look at before it is paper: its preview, and what can be done with it. */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/domain/lifecycle.h"
#include "core/station/cases.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/press.h"
#include "core/station/documents/slip.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/paper_text.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/slip_fill.h"
#include "tui/terminal.h"
#include "tui/widget_pager.h"

enum {
	LOOK_MS = 60 /* how often the press is looked at */
};

struct slip_page {
	struct screen base;
	struct conf *conf;
	char *number; /* of the case, or code of the matter */
	bool of_case;
	enum slip kind;
	char *given;		   /* facts the clerk added, a JSON object; NULL: none */
	struct slip_record record; /* when it was issued */
	bool issued;
	struct pager pager;
	int cols, left; /* of the window; how far it stands to the right of the paper's edge */
	char *wrong;	/* it cannot be shown; NULL: it can */
	char *lack;	/* the first fact it must not lack and does; NULL: none */
	const char *lack_help; /* N_() */
	enum case_state state; /* of the case, as it was shown last */
	struct press *press;
	char *pressed; /* what to say when it is done */
};

static struct slip_source source_of(const struct slip_page *g, const json *given)
{
	const struct session *s = app_session(g->base.app);

	return (struct slip_source){s->store, s->catalogue, g->conf, s->who.name, s->window, given};
}

/* ---- what is shown ---- */

/* The lines of the text with their blanks in front kept as they are. */
static void show_text(struct pager *p, const char *text)
{
	pager_clear(p, PAPER_TEXT_COLS);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");
		size_t blanks = strspn(text, " ");
		char *line = mem_strndup(text, len);
		if (len == 0)
			pager_gap(p);
		else if (blanks < len)
			pager_add(p, (int)blanks, ROLE_TEXT, line + blanks);
		free(line);
		text += len + (text[len] == '\n');
	}
}

static enum case_state state_of(const struct slip_page *g)
{
	enum case_state state = CASE_RECEIVED;
	struct case_view v;

	if (case_get(app_session(g->base.app)->store, g->number, &v) == OK) {
		case_state_parse(v.state, &state);
		case_view_fini(&v);
	}
	return state;
}

static void note_lack(struct slip_page *g, const struct buf *facts)
{
	const char *help = "", *lack = "";
	json *v = NULL;

	g->state = state_of(g);

	free(g->lack);
	g->lack = NULL;
	if (json_parse(&v, buf_str(facts), facts->len, NULL) == OK)
		lack = slip_first_lack(g->kind, v, &help);
	if (*lack != '\0') {
		g->lack = mem_strdup(lack);
		g->lack_help = help;
	}
	json_free(v);
}

/* The paper that was issued, or what would be. */
static enum err make_paper(struct slip_page *g, struct paper *p, struct buf *why)
{
	struct buf facts = {0};
	char case_id[ID_UUID_SIZE];
	json *given = NULL;
	struct slip_source source;
	enum err e;

	if (g->issued) {
		const char *kept = msg_english() ? g->record.paper_en : g->record.paper;
		return paper_read(p, kept, strlen(kept), why);
	}
	if (g->given != NULL)
		json_parse(&given, g->given, strlen(g->given), NULL);
	source = source_of(g, given);
	e = slip_facts_of(&facts, &source, g->kind, g->number, case_id, why);
	if (e == OK) {
		note_lack(g, &facts);
		e = slip_preview(
			p, store_home(source.store), g->kind, msg_english(), buf_str(&facts), why);
	}
	json_free(given);
	buf_fini(&facts);
	return e;
}

static void show(struct slip_page *g)
{
	struct paper p = {0};
	struct buf text = {0}, why = {0};

	free(g->wrong);
	g->wrong = NULL;
	if (make_paper(g, &p, &why) == OK)
		paper_text(&text, &p);
	else
		g->wrong = mem_strdup(why.len > 0 ? why.data : tr("这份文书读不出来。"));
	show_text(&g->pager, g->wrong != NULL ? g->wrong : buf_str(&text));
	paper_fini(&p);
	buf_fini(&text);
	buf_fini(&why);
	app_dirty(g->base.app);
}

/* Another kind, or anew: what was issued of it for this number is shown, but each visitor without a
 * case gets a notice of his own. */
static void choose(struct slip_page *g, enum slip k)
{
	if (g->issued)
		slip_record_fini(&g->record);
	free(g->given);
	free(g->lack);
	g->given = g->lack = NULL;
	g->kind = k;
	g->issued = k != SLIP_NOTICE &&
		    slip_find(app_session(g->base.app)->store, k, g->number, &g->record) == OK;
	g->pager.top = 0;
	show(g);
}

static void slip_title_row(struct screen *s, struct buf *out)
{
	buf_printf(out, tr("文书 / %s"), slip_title(((struct slip_page *)s)->kind));
}

static void slip_message(struct screen *s, struct buf *out)
{
	const struct slip_page *g = (struct slip_page *)s;

	if (g->press != NULL)
		buf_adds(out, tr("正在做 PDF。"));
	else if (g->wrong != NULL)
		buf_adds(out, tr("这份文书现在出不了, 原因见上。"));
	else if (g->issued)
		buf_printf(out, tr("%s, 已印正本 %d 次、存根 %d 次; 再印会标明补打。"),
			g->record.number, g->record.printed[SLIP_ORIGINAL],
			g->record.printed[SLIP_STUB]);
	else if (g->lack != NULL && g->of_case && !slip_is_of(g->kind, g->state))
		buf_printf(out, tr("现在是“%s”, %s。确实要开, 按 Ctrl-E 填 %s。"),
			case_state_label(g->state), slip_since(g->kind), tr(g->lack_help));
	else if (g->lack != NULL)
		buf_printf(out, tr("还缺: %s。按 Ctrl-E 填写。"), tr(g->lack_help));
	else
		buf_adds(out, tr("这是样子, 还没有编号; 打印时给出。"));
}

/* So many columns of the paper have no room: it is shown as it is printed, not wrapped anew. */
static int hidden_cols(const struct slip_page *g)
{
	return g->cols > 0 && g->cols < PAPER_TEXT_COLS ? PAPER_TEXT_COLS - g->cols : 0;
}

static void slip_draw(struct screen *s, struct canvas *c)
{
	struct slip_page *g = (struct slip_page *)s;

	g->cols = canvas_cols(c);
	if (g->left > hidden_cols(g))
		g->left = hidden_cols(g);
	pager_draw(&g->pager, c, BODY_TOP, screen_bottom(c) - BODY_TOP, -g->left);
	canvas_cursor(c, BODY_TOP, 0);
}

/* ---- printing ---- */

/* Numbers it when it has no number yet. */
static enum err issue(struct slip_page *g, struct buf *why)
{
	json *given = NULL;
	struct slip_source source;
	enum err e = OK;

	if (g->issued)
		return OK;
	if (g->given != NULL)
		e = json_parse(&given, g->given, strlen(g->given), why);
	source = source_of(g, given);
	if (e == OK)
		e = slip_issue_from(&source, g->kind, g->number, &g->record, why);
	g->issued = e == OK;
	json_free(given);
	return e;
}

/* Both copies, marked and counted. */
static bool take_paper(struct slip_page *g, struct paper *out)
{
	static const enum slip_copy both[] = {SLIP_ORIGINAL, SLIP_STUB};
	struct session *s = app_session(g->base.app);
	struct buf why = {0};
	enum err e = g->wrong != NULL ? ERR_INVALID : issue(g, &why);

	if (e == OK)
		e = slip_print(
			s->store, &g->record, both, 2, msg_english(), s->who.name, out, &why);
	if (e != OK)
		app_error(g->base.app, "%s",
			why.len > 0 ? why.data : tr("这份文书现在出不了, 原因见上。"));
	buf_fini(&why);
	show(g);
	return e == OK;
}

static void print_here(struct slip_page *g)
{
	struct paper p = {0};
	struct buf text = {0};

	if (take_paper(g, &p)) {
		paper_text(&text, &p);
		if (terminal_print(app_terminal(g->base.app), buf_str(&text)))
			app_say(g->base.app, tr("%s 正本和存根已送往终端的打印机。"),
				g->record.number);
		else
			app_error(g->base.app, tr("终端没有收下; 请用 yimen slip %s %s 输出。"),
				slip_name(g->kind), g->number);
	}
	paper_fini(&p);
	buf_fini(&text);
}

/* To a PDF (path) or the system's printer (path NULL): made beside the screen, looked at in tick.
 */
static void press(struct slip_page *g, const char *path)
{
	struct paper p = {0};
	struct buf why = {0}, done = {0};
	enum err e = press_ready(&why);

	if (e == OK && g->press != NULL) {
		buf_why(&why, "%s", tr("正在做 PDF。"));
		e = ERR_BUSY;
	}
	if (e != OK) {
		app_error(g->base.app, "%s", why.data);
		buf_fini(&why);
		return;
	}
	if (take_paper(g, &p)) {
		e = press_start(&g->press, &p, path, conf_get(g->conf, "print.command"), &why);
		if (e != OK)
			app_error(g->base.app, "%s", why.data);
		if (path != NULL)
			buf_printf(&done, tr("已存为 %s"), path);
		else
			buf_printf(&done, tr("%s 已交给打印机。"), g->record.number);
		free(g->pressed);
		g->pressed = buf_take(&done);
	}
	paper_fini(&p);
	buf_fini(&why);
}

static int64_t slip_tick(struct screen *s, int64_t mono_ms)
{
	struct slip_page *g = (struct slip_page *)s;
	struct buf why = {0};
	enum err e = OK;

	if (g->press == NULL)
		return -1;
	if (!press_look(g->press, false, &e, &why))
		return mono_ms + LOOK_MS;
	press_free(g->press);
	g->press = NULL;
	if (e == OK)
		app_say(s->app, "%s", g->pressed);
	else
		app_error(s->app, "%s", buf_str(&why));
	buf_fini(&why);
	app_dirty(s->app);
	return -1;
}

static void save_as(void *arg, const char *path)
{
	if (path != NULL && *path != '\0')
		press(arg, path);
}

static void ask_path(struct slip_page *g)
{
	const struct session *s = app_session(g->base.app);
	struct buf path = {0};

	buf_printf(&path, "%s/%s-%s.pdf", store_home(s->store), slip_name(g->kind), g->number);
	app_prompt(g->base.app, tr("存到"), path.data, save_as, g);
	buf_fini(&path);
}

/* ---- what lacks, another kind ---- */

static void filled(void *arg, const char *text)
{
	struct slip_page *g = arg;
	struct buf now = {0}, why = {0};

	if (text == NULL || *text == '\0' || g->lack == NULL)
		return;
	if (slip_fill(&now, g->given, g->lack, text, &why) == OK) {
		free(g->given);
		g->given = buf_take(&now);
		show(g);
	} else {
		app_error(g->base.app, "%s", buf_str(&why));
	}
	buf_fini(&now);
	buf_fini(&why);
}

static void ask_lack(struct slip_page *g)
{
	struct buf label = {0};

	slip_fill_label(&label, g->lack, g->lack_help);
	app_prompt(g->base.app, label.data, "", filled, g);
	buf_fini(&label);
}

static void kind_picked(void *arg, const char *name)
{
	enum slip k;

	if (slip_parse(name, &k))
		choose(arg, k);
}

static void pick_kind(struct slip_page *g)
{
	struct session *s = app_session(g->base.app);
	struct pick_row *rows = NULL;
	size_t count = 0;

	for (int i = 0; i < SLIP__MAX; i++) {
		struct slip_record r;
		struct buf shown = {0};
		if (i != SLIP_NOTICE && slip_find(s->store, (enum slip)i, g->number, &r) == OK) {
			buf_printf(&shown, tr("已开 %s"), r.number);
			slip_record_fini(&r);
		}
		pick_add(&rows, &count, slip_title((enum slip)i), buf_str(&shown),
			slip_name((enum slip)i));
		buf_fini(&shown);
	}
	app_push(g->base.app, pick_screen(g->base.app, tr("文书"), rows, count, kind_picked, g));
}

/* Another one of this kind, with a number of its own. */
static void renew(struct slip_page *g)
{
	slip_record_fini(&g->record);
	g->issued = false;
	show(g);
}

/* ---- the screen ---- */

static size_t slip_commands(struct screen *s, enum command *out)
{
	const struct slip_page *g = (struct slip_page *)s;
	size_t n = 0;

	if (g->lack != NULL && !g->issued)
		out[n++] = CMD_SLIP_FILL;
	out[n++] = CMD_SLIP_PRINT;
	if (hidden_cols(g) > 0)
		out[n++] = CMD_SIDEWAYS;
	out[n++] = CMD_SLIP_PDF;
	out[n++] = CMD_SLIP_LP;
	if (g->of_case)
		out[n++] = CMD_SLIP_KIND;
	if (g->issued)
		out[n++] = CMD_SLIP_NEW;
	out[n++] = CMD_PAGE;
	return n;
}

static bool slip_command(struct screen *s, enum command c)
{
	struct slip_page *g = (struct slip_page *)s;

	switch (c) {
	case CMD_SIDEWAYS:
		g->left = g->left ? 0 : hidden_cols(g);
		return true;
	case CMD_SLIP_FILL:
		ask_lack(g);
		return true;
	case CMD_SLIP_PRINT:
		print_here(g);
		return true;
	case CMD_SLIP_PDF:
		ask_path(g);
		return true;
	case CMD_SLIP_LP:
		press(g, NULL);
		return true;
	case CMD_SLIP_KIND:
		pick_kind(g);
		return true;
	case CMD_SLIP_NEW:
		renew(g);
		return true;
	default:
		return false;
	}
}

static bool slip_key(struct screen *s, const struct key *k)
{
	struct slip_page *g = (struct slip_page *)s;

	if (k->code == K_RIGHT || k->code == K_LEFT) {
		g->left = k->code == K_RIGHT ? hidden_cols(g) : 0;
		return true;
	}
	return pager_key(&g->pager, k);
}

static void slip_close(struct screen *s)
{
	struct slip_page *g = (struct slip_page *)s;

	press_free(g->press);
	if (g->issued)
		slip_record_fini(&g->record);
	pager_fini(&g->pager);
	conf_free(g->conf);
	free(g->pressed);
	free(g->number);
	free(g->given);
	free(g->wrong);
	free(g->lack);
	free(g);
}

static const struct screen_ops slip_ops = {.page = CMD_NONE,
	.draw = slip_draw,
	.title = slip_title_row,
	.message = slip_message,
	.commands = slip_commands,
	.command = slip_command,
	.key = slip_key,
	.tick = slip_tick,
	.close = slip_close};

/* The slip that goes with where the case is now. */
static enum slip first_kind(const struct slip_page *g)
{
	static const enum slip kinds[CASE_STATE__MAX] = {
		[CASE_RECEIVED] = SLIP_RECEIPT,
		[CASE_CORRECTING] = SLIP_CORRECTION,
		[CASE_ACCEPTED] = SLIP_ACCEPTANCE,
		[CASE_SUSPENDED] = SLIP_ACCEPTANCE,
		[CASE_DECIDED] = SLIP_DELIVERY,
		[CASE_DELIVERED] = SLIP_DELIVERY,
		[CASE_ARCHIVED] = SLIP_DELIVERY,
		[CASE_REFUSED] = SLIP_REJECTION,
		[CASE_RETURNED] = SLIP_RETURN,
		[CASE_WITHDRAWN] = SLIP_RETURN,
	};

	return kinds[state_of(g)];
}

static struct slip_page *new_page(struct app *a, const char *number, bool of_case)
{
	struct slip_page *g = mem_alloc(sizeof(*g));

	g->base = (struct screen){&slip_ops, a};
	settings_load(&g->conf, store_home(app_session(a)->store), NULL);
	g->number = mem_strdup(number);
	g->of_case = of_case;
	pager_init(&g->pager, PAPER_TEXT_COLS);
	return g;
}

struct screen *slip_screen(struct app *a, const char *number, bool of_case)
{
	struct slip_page *g = new_page(a, number, of_case);

	choose(g, of_case ? first_kind(g) : SLIP_NOTICE);
	return &g->base;
}

struct screen *slip_notice_screen(struct app *a, const char *task_code, const char *facts)
{
	struct slip_page *g = new_page(a, task_code, false);

	choose(g, SLIP_NOTICE);
	g->given = mem_strdup(facts);
	show(g);
	return &g->base;
}
