/* One act on one case: its few questions, then it is done. A void is confirmed by a second person.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/operator.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tui/act_form.h"
#include "tui/act_keep.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/form_view.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"

struct act_screen {
	struct screen base;
	struct act_form *act;
	struct act_keep *keep;
	struct form_view view;
	char *matter, *who, *number; /* of the case */
	char *second;		     /* the number of whoever confirms; NULL: not typed yet */
	bool over; /* done, or to be begun anew: nothing typed is wanted any more */
};

struct scan {
	const char *material;
	bool has;
};

static void act_title(struct screen *s, struct buf *out)
{
	const struct act_screen *g = (struct act_screen *)s;

	buf_printf(out, "%s / %s", case_act_label(g->act->act), g->matter);
}

static void act_message(struct screen *s, struct buf *out)
{
	form_view_message(&((struct act_screen *)s)->view, out);
}

static void act_below(struct screen *s, struct buf *out)
{
	form_view_below(&((struct act_screen *)s)->view, out);
}

/* Whose case it is: one is decided, not another. */
static void draw_case(const struct act_screen *g, struct canvas *c)
{
	int cols = canvas_cols(c), from;
	struct buf b = {0};

	show_name(&b, g->who, !app_session(g->base.app)->unmasked);
	buf_printf(&b, "  %s", g->number);
	from = canvas_right(c, BODY_TOP, cols / 4, cols - 1, ROLE_TEXT, buf_str(&b));
	canvas_pad(c, BODY_TOP, 1, from - 3, ROLE_STRONG, form_title(g->act->form));
	buf_fini(&b);
}

static void act_draw(struct screen *s, struct canvas *c)
{
	struct act_screen *g = (struct act_screen *)s;

	draw_case(g, c);
	form_view_draw(&g->view, c, BODY_TOP + 2, screen_bottom(c) - BODY_TOP - 2,
		canvas_cols(c) < WIDE_COLS ? canvas_cols(c) : PANE_LEFT_COLS + 2);
	if (canvas_cols(c) >= WIDE_COLS)
		form_view_aside(&g->view, c, BODY_TOP + 2, screen_bottom(c) - BODY_TOP - 2,
			PANE_RIGHT_COL + 2);
}

static size_t act_commands(struct screen *s, enum command *out)
{
	struct act_screen *g = (struct act_screen *)s;
	size_t n = form_view_commands(&g->view, CMD_CONFIRM, out);

	if (g->act->act == ACT_SUPPLY && n < COMMANDS_MAX)
		out[n++] = CMD_ATTACH;
	if (g->keep->begun_ms && n < COMMANDS_MAX)
		out[n++] = CMD_ANEW;
	return n;
}

/* ---- doing it ---- */

static void finish(struct act_screen *g, const char *second)
{
	struct app *a = g->base.app;
	struct session *session = app_session(a);
	const struct act_by by = {session->station, session->who.name, session->window, second};
	struct buf why = {0};
	enum case_act act = g->act->act;
	char id[ID_UUID_SIZE];
	enum err e = act_form_do(g->act, &by, &why);

	memcpy(id, g->act->case_id, sizeof(id));

	session_saved(session, e);
	if (e == OK) {
		g->over = true;
		app_pop(a); /* frees g */
		app_wake(a, false);
		app_reread(a);
		if (act == ACT_DELIVER) /* the recipient signs for it now */
			app_push(a, slip_screen(a, id, true));
		app_say(a, tr("%s: 已办, 存在本机, 自动报送中心。"), case_act_label(act));
	} else {
		app_fail(a, tr("没有办成"), e, &why);
	}
	buf_fini(&why);
}

static void second_pass(void *arg, const char *pass)
{
	struct act_screen *g = arg;
	struct session *session = app_session(g->base.app);
	struct operator who = {0};
	struct buf why = {0};

	if (!pass)
		return;
	if (operator_sign_in(session->store, g->second, pass, session->window, &who, &why) == OK)
		finish(g, g->second); /* frees g when it is done */
	else
		app_error(g->base.app, "%s", buf_str(&why));
	operator_fini(&who);
	buf_fini(&why);
}

static void second_number(void *arg, const char *number)
{
	struct act_screen *g = arg;

	if (!number || !*number)
		return;
	if (strcmp(number, app_session(g->base.app)->who.name) == 0) {
		app_error(g->base.app, "%s", tr("确认的要是另一位工作人员。"));
		return;
	}
	free(g->second);
	g->second = mem_strdup(number);
	app_prompt_secret(g->base.app, tr("另一位的口令"), second_pass, g);
}

static void answer_confirm(void *arg, bool yes)
{
	struct act_screen *g = arg;

	if (!yes)
		return;
	if (g->act->act == ACT_VOID)
		app_prompt(g->base.app, tr("作废要另一位确认, 请他输入工号"), "", second_number, g);
	else
		finish(g, NULL);
}

/* ---- a scan of what was owed ---- */

static void count_paper(void *arg, const struct paper *p)
{
	struct scan *scan = arg;

	scan->has |= strcmp(p->material, scan->material) == 0;
}

/* The first material ticked that has no scan yet, else the first one ticked; NULL: none is. */
static char *material_of_scan(struct act_screen *g)
{
	struct store *s = app_session(g->base.app)->store;
	struct buf facts = {0};
	char *chosen = NULL;
	json *root = NULL;

	act_form_facts(g->act, &facts);
	json_parse(&root, buf_str(&facts), facts.len, NULL);
	for (const json *one = json_first(json_get(root, "supplied")); one; one = json_next(one)) {
		struct scan scan = {json_str(one) ? json_str(one) : "", false};
		papers_each(s, g->act->case_id, count_paper, &scan);
		if (scan.has && chosen)
			continue;
		free(chosen);
		chosen = mem_strdup(scan.material);
		if (!scan.has)
			break;
	}
	json_free(root);
	buf_fini(&facts);
	return chosen;
}

static void scanned(void *arg, const char *path)
{
	struct act_screen *g = arg;
	char *material;
	struct buf why = {0};
	enum err e;

	if (!path || !*path)
		return;
	material = material_of_scan(g);
	e = paper_attach(
		app_session(g->base.app)->store, g->act->case_id, material, NULL, path, &why);
	if (e == OK)
		app_say(g->base.app, tr("%s: 已附扫描件, 随这一步报送。"), material);
	else
		app_fail(g->base.app, tr("没有附上"), e, &why);
	free(material);
	buf_fini(&why);
}

static void ask_for_scan(struct act_screen *g)
{
	char *material;

	form_view_leave(&g->view);
	material = material_of_scan(g);
	if (material)
		app_prompt(g->base.app, tr("扫描件或照片在哪 (文件的位置)"), "", scanned, g);
	else
		app_error(g->base.app, "%s", tr("先勾上补交的是哪份材料。"));
	free(material);
}

/* ---- kept while it is typed ---- */

static enum err save(void *arg)
{
	struct act_screen *g = arg;
	bool was_over = g->keep->over;
	enum err e = act_keep_save(g->keep);

	if (g->keep->over && !was_over)
		app_error(g->base.app, "%s",
			tr("这一件的状态刚才变了, 这一步已经不能办: 返回看办件现在怎样。"));
	return e;
}

static void note_place(void *arg, const char *place)
{
	act_keep_at(((struct act_screen *)arg)->keep, place);
}

/* The same act with what the form proposes today. */
static void begin_anew(void *arg, bool yes)
{
	struct act_screen *g = arg;
	struct app *a = g->base.app;
	char id[ID_UUID_SIZE];
	enum case_act act = g->act->act;
	enum err e;

	if (!yes)
		return;
	e = act_keep_drop(g->keep);
	session_saved(app_session(a), e);
	if (e != OK) {
		app_fail(a, tr("没有删去填了一半的"), e, NULL);
		return;
	}
	memcpy(id, g->act->case_id, sizeof(id));
	g->over = true;
	app_pop(a); /* frees g */
	act_open(a, id, act);
}

static void go_on(struct act_screen *g)
{
	struct buf question = {0};

	if (!form_view_complete(&g->view))
		return;
	buf_printf(&question, tr("%s: 就这样办? 办了不能撤回。"), case_act_label(g->act->act));
	app_ask(g->base.app, question.data, answer_confirm, g);
	buf_fini(&question);
}

static bool act_command(struct screen *s, enum command c)
{
	struct act_screen *g = (struct act_screen *)s;

	switch (c) {
	case CMD_NEXT_FIELD:
		if (form_view_lost_scan(&g->view))
			return true;
		if (!form_view_next(&g->view) && !app_scan_ended(s->app))
			go_on(g);
		return true;
	case CMD_CONFIRM:
	case CMD_CONTINUE:
		go_on(g);
		return true;
	case CMD_ATTACH:
		ask_for_scan(g);
		return true;
	case CMD_ANEW:
		app_ask(s->app, tr("从头填? 填了一半的将删去, 不能找回。"), begin_anew, g);
		return true;
	case CMD_BACK:
		form_view_leave(&g->view);
		return false; /* the program takes the screen off */
	default:
		return form_view_command(&g->view, c);
	}
}

static bool act_key(struct screen *s, const struct key *k)
{
	return form_view_key(&((struct act_screen *)s)->view, k);
}

static enum typing act_typing(struct screen *s)
{
	return form_view_typing(&((struct act_screen *)s)->view);
}

static void act_before(struct screen *s, const struct key *k)
{
	struct act_screen *g = (struct act_screen *)s;

	g->view.run = k->run;
}

static int64_t act_tick(struct screen *s, int64_t mono_ms)
{
	return form_view_tick(&((struct act_screen *)s)->view, mono_ms);
}

static void act_close(struct screen *s)
{
	struct act_screen *g = (struct act_screen *)s;

	if (!g->over)
		form_view_leave(&g->view);
	form_view_fini(&g->view);
	act_keep_free(g->keep);
	act_form_free(g->act);
	free(g->matter);
	free(g->who);
	free(g->number);
	free(g->second);
	free(g);
}

static const struct screen_ops act_ops = {.page = CMD_GO_CASES,
	.draw = act_draw,
	.title = act_title,
	.message = act_message,
	.below = act_below,
	.commands = act_commands,
	.command = act_command,
	.before = act_before,
	.key = act_key,
	.typing = act_typing,
	.tick = act_tick,
	.close = act_close};

static void begin_view(struct act_screen *g)
{
	const struct form_keeper keeper = {save, note_place, g};
	char *place = mem_strdup(buf_str(&g->keep->place)); /* the keeper's own changes */

	form_view_init_entry(&g->view, g->base.app, g->act->entry, &keeper, place);
	free(place);
}

/* The form with what was begun; NULL, and the reason said, when it is not possible now. */
static struct act_form *open_form(
	struct app *a, const char *any_number, enum case_act act, struct act_keep **keep)
{
	struct session *session = app_session(a);
	struct act_form *form = NULL;
	struct buf why = {0};
	enum err e = act_form_open(&form, session->store, session->catalogue, any_number, act,
		session->correction_days, &why);

	if (e == OK) {
		if (act == ACT_DELIVER) /* most come themselves */
			entry_set_place(form->entry, "way", "hand");
		e = act_keep_open(keep, form, session->who.name, session->window, &why);
	}
	if (e != OK) {
		act_form_free(form);
		form = NULL;
		app_fail(a, tr("现在不能这样做"), e, &why);
	}
	buf_fini(&why);
	return form;
}

static void say_begun(struct app *a, const struct act_keep *k)
{
	struct buf when = {0};

	show_moment(&when, k->begun_ms, app_wall_ms(a));
	app_say(a, tr("接着填 %s 开始的 (%s); Ctrl-E 从头填。"), buf_str(&when), k->begun_by);
	buf_fini(&when);
}

/* Nothing of it when it cannot be read. */
static void name_case(struct act_screen *g)
{
	struct case_view v = {0};
	const char *number;

	if (case_get(app_session(g->base.app)->store, g->act->case_id, &v) != OK)
		v = (struct case_view){0};
	number = v.project_no ? v.project_no : v.local_receipt;
	g->matter = mem_strdup(v.task_name ? v.task_name : "");
	g->who = mem_strdup(v.applyer_name ? v.applyer_name : "");
	g->number = mem_strdup(number ? number : "");
	case_view_fini(&v);
}

void act_open(struct app *a, const char *any_number, enum case_act act)
{
	struct act_keep *keep = NULL;
	struct act_form *form = open_form(a, any_number, act, &keep);
	struct act_screen *g;

	if (!form)
		return;
	g = mem_alloc(sizeof(*g));
	g->base = (struct screen){&act_ops, a};
	g->act = form;
	g->keep = keep;
	name_case(g);
	if (act == ACT_DELIVER && keep->place.len == 0)
		buf_adds(&keep->place, "way");
	begin_view(g);
	app_push(a, &g->base);
	if (keep->begun_ms)
		say_begun(a, keep);
}

/* ---- which one ---- */

static void note_begun(void *arg, const struct act_begun *b)
{
	((int64_t *)arg)[b->act] = b->begun_ms;
}

/* What is possible now comes first; what is not says why. */
void act_rows(struct store *s, const char *case_id, const char *state, struct pick_row **rows,
	size_t *count)
{
	int64_t begun[CASE_ACT__MAX] = {0};
	enum case_act open[CASE_ACT__MAX];
	enum case_state from = CASE_RECEIVED, to;
	size_t n = acts_open_for(s, case_id, state, open), i;
	bool is_open[CASE_ACT__MAX] = {false};
	struct buf now = {0};
	const char *why;

	act_begun_each(s, NULL, case_id, note_begun, begun);
	for (i = 0; i < n; i++) {
		is_open[open[i]] = true;
		buf_clear(&now);
		buf_adds(&now, tr("现在可以"));
		if (begun[open[i]]) {
			buf_adds(&now, tr(", 没填完: "));
			show_moment(&now, begun[open[i]], store_now_ms(s));
		}
		pick_add(rows, count, case_act_label(open[i]), buf_str(&now),
			case_act_name(open[i]));
	}
	buf_fini(&now);
	case_state_parse(state, &from);
	for (int act = ACT_ACCEPT; act < CASE_ACT__MAX; act++) {
		if (is_open[act] || case_act_letter((enum case_act)act) == NULL)
			continue;
		why = "";
		if (lifecycle_next(from, (enum case_act)act, ACTOR_WINDOW, &to, &why))
			why = act_obstacle(s, case_id, state, (enum case_act)act);
		pick_add(rows, count, case_act_label((enum case_act)act), why,
			case_act_name((enum case_act)act));
	}
}
