/* The first screen after signing in: what wants this clerk, what is half done, what waits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/deadline.h"
#include "core/domain/lifecycle.h"
#include "core/domain/workday.h"
#include "core/station/act_begun.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/draft.h"
#include "core/station/draft_lock.h"
#include "core/station/evaluation.h"
#include "core/station/handover.h"
#include "core/station/notices.h"
#include "core/station/store.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/case_lines.h"
#include "tui/case_text.h"
#include "tui/flow.h"
#include "tui/hand.h"
#include "tui/ledger_text.h"
#include "tui/letter_view.h"
#include "tui/preview.h"
#include "tui/screen.h"
#include "tui/screens/screens.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/visitors.h"
#include "tui/widget_list.h"

enum {
	LEAST_ROWS = 4, /* to be listed before blank rows are */
	PREVIEW_NOTICES = 5
};

enum group {
	GROUP_ACT,  /* refused or held letters, cases that want correcting */
	GROUP_NEWS, /* results, other changes, notices */
	GROUP_DRAFTS,
	GROUP_WAITING,
	GROUP__MAX
};

enum row_kind {
	ROW_LETTER,
	ROW_CASE,
	ROW_DRAFT,
	ROW_ACT, /* begun on a case, and not done */
	ROW_NOTICES,
	ROW_LEDGER,
	ROW_HANDED, /* to this operator or window */
	ROW_PICKUP  /* results that wait to be fetched */
};

struct row {
	enum group group;
	enum row_kind kind;
	char id[ID_UUID_SIZE];
	enum case_act act; /* ROW_ACT */
	char *when, *what, *who, *note;
	char *due; /* after the note, never cut; NULL: none */
};

struct today {
	struct screen base;
	struct row *rows;
	size_t count, in_group[GROUP__MAX];
	struct list list;
	struct hand hand;
	struct preview preview;
};

static void drop_rows(struct today *t)
{
	for (size_t i = 0; i < t->count; i++) {
		free(t->rows[i].when);
		free(t->rows[i].what);
		free(t->rows[i].who);
		free(t->rows[i].note);
		free(t->rows[i].due);
	}
	t->count = 0;
	memset(t->in_group, 0, sizeof(t->in_group));
}

static struct row *new_row(
	struct today *t, enum group group, enum row_kind kind, const char *id, int64_t at_ms)
{
	struct buf when = {0};
	struct row *r;

	t->rows = mem_resize(t->rows, t->count + 1, sizeof(*t->rows));
	r = &t->rows[t->count++];
	memset(r, 0, sizeof(*r));
	r->group = group;
	r->kind = kind;
	snprintf(r->id, sizeof(r->id), "%s", id);
	show_moment(&when, at_ms, app_wall_ms(t->base.app));
	r->when = buf_take(&when);
	t->in_group[group]++;
	return r;
}

static void add_letter(void *arg, const struct letter *l)
{
	struct today *t = arg;
	struct row *r = new_row(t, l->state == LETTER_HELD ? GROUP_ACT : GROUP_WAITING, ROW_LETTER,
		l->id, l->since_ms ? l->since_ms : l->created_ms);
	struct buf note = {0};

	r->what = mem_strdup(l->task_name ? l->task_name : "");
	r->who = mem_strdup(l->applyer_name ? l->applyer_name : "");
	letter_state_words(&note, l);
	if (l->reason)
		buf_printf(&note, " %s", l->reason);
	r->note = buf_take(&note);
}

/* What the centre said of a case: to be corrected, or only to be known. */
static void add_news(void *arg, const struct case_view *v)
{
	struct today *t = arg;
	enum case_state state;
	bool act = case_state_parse(v->state, &state) && state == CASE_CORRECTING;
	struct row *r = new_row(t, act ? GROUP_ACT : GROUP_NEWS, ROW_CASE, v->id, v->updated_ms);
	struct buf note = {0};

	r->what = mem_strdup(v->task_name ? v->task_name : "");
	r->who = mem_strdup(v->applyer_name ? v->applyer_name : "");
	buf_adds(&note, case_state_text(v->state));
	if (v->note && *v->note)
		buf_printf(&note, ": %s", v->note);
	r->note = buf_take(&note);
}

static void add_wanted(void *arg, const struct case_view *v)
{
	if (strcmp(v->state, case_state_name(CASE_CORRECTING)) == 0)
		add_news(arg, v);
}

/* What falls due by then is shown: today, and so many working days (黄牌). */
static int32_t last_due_day(const struct session *s)
{
	return calendar_add(calendar_shipped(), clock_day(clock_wall_ms(s->clock)), s->yellow_days);
}

static void add_due_words(const struct due *d, int32_t today, struct buf *out)
{
	const struct calendar *c = calendar_shipped();

	buf_printf(out, "%s  ", due_label(d->kind));
	if (deadline_alarm(c, today, d->day, 0) == ALARM_RED)
		buf_printf(out, tr("红牌: 已过 %d 天"), (int)(today - d->day));
	else if (d->day == today)
		buf_adds(out, tr("今天"));
	else
		buf_printf(out, tr("黄牌: 剩 %d 个工作日"), deadline_left(c, today, d->day));
	if (calendar_provisional(c, d->day))
		buf_adds(out, tr(" (暂定)"));
}

/* By when something is owed: short, for it stands beside the name of what is owed. */
static char *owed_due(const struct due *d, int32_t today)
{
	const struct calendar *c = calendar_shipped();
	struct buf b = {0};

	if (d->day < today)
		buf_printf(&b, tr("逾期 %d 天"), (int)(today - d->day));
	else if (d->day == today)
		buf_adds(&b, tr("今天到期"));
	else
		buf_printf(&b, tr("剩 %d 个工作日"), deadline_left(c, today, d->day));
	if (calendar_provisional(c, d->day))
		buf_adds(&b, tr(" (暂定)"));
	return buf_take(&b);
}

static void add_due(void *arg, const struct due *d)
{
	struct today *t = arg;
	struct row *r = new_row(t, GROUP_ACT, ROW_CASE, d->case_id, 0);
	int32_t today = clock_day(app_wall_ms(t->base.app));
	struct buf note = {0};
	char day[DATE_SIZE];

	free(r->when);
	r->when = mem_strdup(date_format(date_from_day(d->day), day) + 5); /* MM-DD */
	r->what = mem_strdup(d->task_name);
	r->who = mem_strdup(d->applyer_name);
	if (d->kind == DUE_OWED) { /* which paper is the point */
		buf_printf(&note, tr("欠 %s"), d->material);
		r->due = owed_due(d, today);
	} else {
		add_due_words(d, today, &note);
	}
	r->note = buf_take(&note);
}

/* A bad mark to look into; not one's own. */
static void add_complaint(void *arg, const struct complaint *c)
{
	struct today *t = arg;
	struct buf what = {0}, note = {0};
	struct row *r;
	char day[DATE_SIZE];

	if (strcmp(c->operator_name, app_session(t->base.app)->who.name) == 0)
		return;
	r = new_row(t, GROUP_ACT, ROW_LEDGER, c->id, c->at_ms);
	free(r->when);
	r->when = mem_strdup(date_format(date_from_day(c->due_day), day) + 5); /* MM-DD */
	buf_printf(&what, tr("差评: %s"), c->task_name);
	r->what = buf_take(&what);
	r->who = mem_strdup("");
	buf_printf(&note, "%s  ", complaint_state_label(c->state));
	ledger_due_words(&note, c->due_day, clock_day(app_wall_ms(t->base.app)));
	r->note = buf_take(&note);
}

static void add_other_news(void *arg, const struct case_view *v)
{
	if (strcmp(v->state, case_state_name(CASE_CORRECTING)) != 0)
		add_news(arg, v);
}

/* One row for all of them: the newest, and how many. */
static void add_notice(void *arg, const struct notice *n)
{
	struct today *t = arg;
	struct row *r;
	struct buf what = {0};
	size_t unseen = notice_count_unseen(app_session(t->base.app)->store);

	if (n->seen)
		return;
	r = new_row(t, GROUP_NEWS, ROW_NOTICES, "", n->at_ms);
	buf_printf(&what, tr("通知 %zu 条"), unseen);
	r->what = buf_take(&what);
	r->who = mem_strdup("");
	r->note = mem_strdup(n->text);
}

static void add_handed(void *arg, const struct handover *h)
{
	struct today *t = arg;
	struct row *r = new_row(t, GROUP_ACT, ROW_HANDED, h->case_id, h->at_ms);
	struct buf note = {0};

	r->what = mem_strdup(h->task_name ? h->task_name : "");
	r->who = mem_strdup(h->applyer_name ? h->applyer_name : "");
	buf_printf(&note, tr("%s 移交给您"), h->from_operator);
	if (*h->note)
		buf_printf(&note, ": %s", h->note);
	r->note = buf_take(&note);
}

/* Handed to somebody else, and not taken yet. */
static void add_on_its_way(struct store *s, const char *id, struct buf *note)
{
	struct handover h = {.case_id = ""};

	if (handover_find(s, id, &h) != OK)
		return;
	buf_adds(note, tr(", 已交 "));
	handover_to(&h, note);
	handover_fini(&h);
}

/* One row for all results that wait to be fetched; a name is enough there. */
static void add_pickup(struct today *t)
{
	size_t waiting =
		case_count_state(app_session(t->base.app)->store, case_state_name(CASE_DECIDED));
	struct buf what = {0};
	struct row *r;

	if (waiting == 0)
		return;
	r = new_row(t, GROUP_NEWS, ROW_PICKUP, "", 0);
	free(r->when);
	r->when = mem_strdup(tr("取件"));
	buf_printf(&what, tr("待取的结果 %zu 件"), waiting);
	r->what = buf_take(&what);
	r->who = mem_strdup("");
	r->note = mem_strdup(tr("来人说姓名就能找到"));
}

static void add_draft(void *arg, const struct draft *d)
{
	struct today *t = arg;
	struct row *r = new_row(t, GROUP_DRAFTS, ROW_DRAFT, d->id, d->updated_ms);
	struct buf note = {0};

	r->what = mem_strdup(d->task_name ? d->task_name : "");
	r->who = mem_strdup(d->applyer_name ? d->applyer_name : "");
	if (d->revising)
		buf_adds(&note, tr("更正, "));
	buf_adds(&note, draft_step_text(d->step));
	if (d->ticket)
		buf_printf(&note, ", %s", d->ticket);
	add_on_its_way(app_session(t->base.app)->store, d->id, &note);
	if (d->parked_note && *d->parked_note)
		buf_printf(&note, ", %s", d->parked_note);
	r->note = buf_take(&note);
}

static void add_begun(void *arg, const struct act_begun *b)
{
	struct today *t = arg;
	struct row *r = new_row(t, GROUP_DRAFTS, ROW_ACT, b->case_id, b->touched_ms);
	struct buf note = {0};

	r->act = b->act;
	r->what = mem_strdup(b->task_name);
	r->who = mem_strdup(b->applyer_name);
	buf_printf(&note, tr("%s 没填完"), case_act_label(b->act));
	r->note = buf_take(&note);
}

static void today_refresh(struct screen *s)
{
	struct today *t = (struct today *)s;
	struct session *session = app_session(s->app);

	session->visit[0] = '\0'; /* the next visitor */
	drop_rows(t);
	preview_forget(&t->preview);
	handover_each(session->store, session->who.name, session->window, add_handed, t);
	outbox_each(session->store, &(struct outbox_filter){.state = LETTER_HELD}, add_letter, t);
	case_each_news(session->store, add_wanted, t);
	dues_each(session->store, last_due_day(session), add_due, t);
	complaint_each(session->store, false, add_complaint, t);
	case_each_news(session->store, add_other_news, t);
	add_pickup(t);
	notice_each(session->store, 1, add_notice, t);
	draft_each(session->store, session->who.name, add_draft, t);
	act_begun_each(session->store, session->who.name, NULL, add_begun, t);
	outbox_each(
		session->store, &(struct outbox_filter){.state = LETTER_WAITING}, add_letter, t);
	list_resize(&t->list, t->count);
}

static void today_title(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("今日"));
}

static void today_message(struct screen *s, struct buf *out)
{
	(void)s;
	buf_adds(out, tr("直接输入就是查找: 事项名称、编码、拼音首字母都可以。"));
}

static void draw_heading(struct canvas *c, int row, enum group g, size_t count, int cols)
{
	static const char *const names[GROUP__MAX] = {
		[GROUP_ACT] = N_("1 要您处理"),
		[GROUP_NEWS] = N_("2 有消息"),
		[GROUP_DRAFTS] = N_("3 没办完的"),
		[GROUP_WAITING] = N_("4 待发"),
	};
	static const char *const none[GROUP__MAX] = {
		[GROUP_ACT] = N_("没有退回的, 没有要补正的"),
		[GROUP_NEWS] = N_("没有新消息"),
		[GROUP_DRAFTS] = N_("没有草稿"),
		[GROUP_WAITING] = N_("全部已送达中心"),
	};
	struct buf b = {0};
	int end;

	canvas_put(c, row, 1, 40, ROLE_STRONG, tr(names[g]));
	if (count)
		buf_printf(&b, tr("%zu 件"), count);
	else
		buf_adds(&b, tr(none[g]));
	end = cols < 79 ? cols : 79;
	canvas_right(c, row, 24, end, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

/* What it is due by stays whole; the note before it is cut when both are too wide. */
static void draw_note(
	const struct row *r, struct canvas *c, int row, int col, int cols, enum role role)
{
	int due = 0, note = cols;

	if (r->due) {
		text_fit(r->due, cols, &due);
		text_fit(r->note, cols, &note);
		if (note + 1 + due > cols)
			note = cols - due - 1;
	}
	if (note > 0)
		canvas_pad(c, row, col, note, role, r->note);
	if (r->due)
		canvas_pad(c, row, col + note + 1, cols - note - 1, role, r->due);
}

static void draw_item(struct today *t, struct canvas *c, int row, size_t i, int cols)
{
	const struct row *r = &t->rows[i];
	struct session *session = app_session(t->base.app);
	struct buf who = {0};
	int what = canvas_cols(c) < 80 ? 18 : 28; /* the note is wanted in a narrow window too */

	show_name(&who, r->who, !session->unmasked);
	canvas_pad(c, row, 4, 11, ROLE_TEXT, r->when);
	canvas_pad(c, row, 16, what, ROLE_TEXT, r->what);
	canvas_pad(c, row, 18 + what, 8, ROLE_TEXT, buf_str(&who));
	draw_note(r, c, row, 28 + what, cols - 28 - what,
		r->group == GROUP_ACT ? ROLE_WARN : ROLE_TEXT);
	list_mark(&t->list, c, i, row, 1, 15 + what, app_slow(t->base.app), true);
	buf_fini(&who);
}

static void draw_greeting(struct today *t, struct canvas *c)
{
	struct session *session = app_session(t->base.app);
	struct buf b = {0}, queue = {0};

	buf_printf(&b, tr("今日受理 %zu 件"), session->today);
	visitors_words(session->visitors, app_wall_ms(t->base.app), &queue);
	if (session->letters.waiting > 0 && queue.len == 0)
		buf_printf(&b, tr(", %zu 件待发"), session->letters.waiting);
	if (queue.len) { /* who waits comes first */
		canvas_put(c, BODY_TOP, 1, 56, ROLE_STRONG, buf_str(&queue));
		canvas_right(c, BODY_TOP, 58, 79, ROLE_TEXT, buf_str(&b));
	} else {
		canvas_put(c, BODY_TOP, 1, 78, ROLE_TEXT, buf_str(&b));
	}
	buf_fini(&b);
	buf_fini(&queue);
}

static void add_seen_notice(void *arg, const struct notice *n)
{
	pager_add(arg, 2, ROLE_TEXT, n->text);
}

/* A row without a page of its own kind: the whole of what its columns cut. */
static void row_lines(struct pager *p, const struct row *r)
{
	pager_add(p, 0, ROLE_STRONG, r->what);
	pager_gap(p);
	pager_add(p, 2, ROLE_TEXT, r->note);
}

static void fill_preview(void *arg, struct pager *p)
{
	struct today *t = arg;
	const struct row *r = &t->rows[t->list.selected];
	const struct session *s = app_session(t->base.app);
	int64_t now = app_wall_ms(t->base.app);

	switch (r->kind) {
	case ROW_LETTER:
		letter_preview(p, s, r->id, now);
		break;
	case ROW_HANDED:
		row_lines(p, r);
		pager_gap(p);
		case_preview(p, s, r->id, now);
		break;
	case ROW_CASE:
	case ROW_DRAFT:
		case_preview(p, s, r->id, now);
		break;
	case ROW_NOTICES:
		pager_add(p, 0, ROLE_STRONG, r->what);
		pager_gap(p);
		notice_each(s->store, PREVIEW_NOTICES, add_seen_notice, p);
		break;
	default:
		row_lines(p, r);
	}
}

static void draw_preview(struct today *t, struct canvas *c, const struct preview_place *at)
{
	char of[PREVIEW_OF_SIZE] = "";

	if (t->count > 0)
		snprintf(of, sizeof(of), "%zu %s", t->list.selected, t->rows[t->list.selected].id);
	preview_draw(&t->preview, t->base.app, c, at, of, fill_preview, t);
}

/* Groups share the height: those with few rows leave theirs to the others. In a low window no row
 * is left blank between them. */
static void today_draw(struct screen *s, struct canvas *c)
{
	struct today *t = (struct today *)s;
	int row = BODY_TOP + 2, room, gap;
	struct preview_place at = preview_place(c, row);
	size_t i = 0, from = 0;

	draw_greeting(t, c);
	gap = at.list_end - row >= 2 * GROUP__MAX + LEAST_ROWS;
	room = at.list_end - row - (1 + gap) * GROUP__MAX;
	list_fit(&t->list, room);
	from = t->list.top;
	canvas_cursor(c, BODY_TOP, 0);
	for (int g = 0; g < GROUP__MAX; g++) {
		draw_heading(c, row++, (enum group)g, t->in_group[g], at.list_cols);
		for (; i < t->count && (int)t->rows[i].group == g; i++) {
			if (i < from || i >= from + (size_t)(room > 0 ? room : 1))
				continue;
			draw_item(t, c, row++, i, at.list_cols);
		}
		row += gap;
	}
	draw_preview(t, c, &at);
}

static bool can_hand(const struct row *r)
{
	return r->kind == ROW_DRAFT || r->kind == ROW_CASE;
}

static size_t today_commands(struct screen *s, enum command *out)
{
	const struct today *t = (struct today *)s;
	size_t n = 0;

	if (t->count > 0) {
		out[n++] = CMD_OPEN;
		out[n++] = CMD_GROUP;
	}
	if (visitors_in_use(app_session(s->app)->visitors))
		out[n++] = CMD_CALL_NEXT;
	out[n++] = CMD_GO_FIND;
	if (t->count > 0 && t->rows[t->list.selected].group == GROUP_DRAFTS)
		out[n++] = CMD_DROP;
	if (t->count > 0 && can_hand(&t->rows[t->list.selected]))
		out[n++] = CMD_HAND;
	return n;
}

static void next_group(struct today *t)
{
	size_t i = t->list.selected;

	for (size_t step = 1; step <= t->count; step++) {
		size_t j = (i + step) % t->count;
		if (t->rows[j].group != t->rows[i].group &&
			(j == 0 || t->rows[j - 1].group != t->rows[j].group)) {
			t->list.selected = j;
			return;
		}
	}
}

static void answer_drop(void *arg, bool yes)
{
	struct today *t = arg;
	struct session *session = app_session(t->base.app);
	const struct row *r = t->count > 0 ? &t->rows[t->list.selected] : NULL;
	enum err e;

	if (!yes || !r || r->group != GROUP_DRAFTS)
		return;
	if (draft_lock_held(session->store, r->id)) {
		app_error(t->base.app, "%s", tr("这份草稿正在别处打开, 现在不能作废。"));
		return;
	}
	if (r->kind == ROW_ACT)
		e = act_begun_drop(session->store, r->id, r->act, session->who.name);
	else
		e = draft_drop(session->store, r->id, session->who.name);
	if (e == OK)
		app_say(t->base.app, "%s", tr("草稿已作废。"));
	else
		app_fail(t->base.app, tr("草稿没有作废"), e, NULL);
	today_refresh(&t->base);
}

/* It is ours from now on, and opens: a form where it was left, a case as its page. */
static void take_handed(struct today *t, const char *case_id)
{
	struct app *a = t->base.app;
	struct session *s = app_session(a);
	struct draft d = {.id = ""};
	char id[ID_UUID_SIZE];
	struct buf why = {0};
	enum err e;

	memcpy(id, case_id, sizeof(id)); /* the row may go */
	if (draft_get(s->store, id, &d) == OK) {
		draft_fini(&d);
		flow_resume(a, id, NULL);
		return;
	}
	e = handover_take(s->store, id, s->who.name, s->window, &why);
	session_saved(s, e);
	app_reread(a);
	if (e == OK)
		app_push(a, case_screen(a, id));
	else
		app_fail(a, tr("没有接过来"), e, &why);
	buf_fini(&why);
}

static void open_row(struct today *t, const struct row *r)
{
	struct app *a = t->base.app;

	switch (r->kind) {
	case ROW_LETTER:
		app_push(a, letter_screen(a, r->id));
		break;
	case ROW_CASE:
		app_push(a, case_screen(a, r->id));
		break;
	case ROW_DRAFT:
		flow_resume(a, r->id, NULL);
		break;
	case ROW_ACT:
		act_open(a, r->id, r->act);
		break;
	case ROW_NOTICES:
		app_push(a, notices_screen(a));
		break;
	case ROW_LEDGER:
		app_push(a, ledger_screen(a));
		break;
	case ROW_HANDED:
		take_handed(t, r->id);
		break;
	case ROW_PICKUP:
		app_push(a, pickup_screen(a));
		break;
	}
}

static bool today_command(struct screen *s, enum command c)
{
	struct today *t = (struct today *)s;

	if (c == CMD_OPEN && t->count > 0) {
		open_row(t, &t->rows[t->list.selected]);
		return true;
	}
	if (c == CMD_GROUP && t->count > 0) {
		next_group(t);
		return true;
	}
	if (c == CMD_HAND && t->count > 0 && can_hand(&t->rows[t->list.selected])) {
		hand_over(&t->hand, s->app, t->rows[t->list.selected].id);
		return true;
	}
	if (c == CMD_DROP && t->count > 0) {
		app_ask(s->app, tr("作废这份草稿? 填的内容将删去, 不能找回。"), answer_drop, t);
		return true;
	}
	return false;
}

/* Digits go to a group; anything else that is typed begins a search. */
static bool today_key(struct screen *s, const struct key *k)
{
	struct today *t = (struct today *)s;
	bool picked;

	if (k->code == K_CHAR && k->plain >= '1' && k->plain < '1' + GROUP__MAX) {
		for (size_t i = 0; i < t->count; i++)
			if (t->rows[i].group == (enum group)(k->plain - '1')) {
				t->list.selected = i;
				return true;
			}
		return true;
	}
	if (k->code != K_CHAR && list_key(&t->list, k, false, &picked))
		return true;
	if (k->code == K_CHAR && k->ch > 0x20) {
		char words[8] = "";
		words[text_encode(k->ch, words)] = '\0';
		app_push(s->app, find_screen(s->app, words));
		return true;
	}
	if (k->code == K_PASTE) {
		app_push(s->app, find_screen(s->app, k->text));
		return true;
	}
	return false;
}

static enum typing today_typing(struct screen *s)
{
	(void)s;
	return TYPING_WORDS;
}

static void today_close(struct screen *s)
{
	struct today *t = (struct today *)s;

	drop_rows(t);
	free(t->rows);
	preview_fini(&t->preview);
	free(t);
}

static const struct screen_ops today_ops = {.page = CMD_GO_TODAY,
	.draw = today_draw,
	.title = today_title,
	.message = today_message,
	.commands = today_commands,
	.command = today_command,
	.key = today_key,
	.typing = today_typing,
	.refresh = today_refresh,
	.close = today_close};

struct screen *today_screen(struct app *a)
{
	struct today *t = mem_alloc(sizeof(*t));

	t->base = (struct screen){&today_ops, a};
	return &t->base;
}
