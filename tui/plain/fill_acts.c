/* What can be done at a field beside answering it. */
#include "tui/plain/fill_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/form_line.h"
#include "tui/intake.h"
#include "tui/road.h"
#include "tui/why_text.h"
#include "tui/widget_pager.h"

enum fill_next fill_leave(struct fill *f, enum way w)
{
	f->left_for = talk_over(f->talk) ? WAY_END : w;
	return FILL_LEAVE;
}

enum fill_next fill_stay(struct fill *f)
{
	return talk_over(f->talk) ? fill_leave(f, WAY_END) : FILL_AGAIN;
}

/* ---- lists of fields ---- */

struct places {
	struct menu menu;
	char **list;
};

static void add_place(struct places *p, struct fill *f, struct node *n, const char *text)
{
	struct buf place = {0};

	p->list = mem_resize(p->list, p->menu.count + 1, sizeof(*p->list));
	entry_place(f->entry, n, &place);
	p->list[p->menu.count] = buf_take(&place);
	menu_add(&p->menu, text);
}

/* Goes to the one that is picked. */
static enum fill_next pick_place(struct places *p, struct fill *f)
{
	long picked = menu_ask(f->talk, &p->menu, NULL);
	enum fill_next next = picked > 0 ? FILL_THERE : fill_stay(f);

	if (picked > 0) {
		buf_clear(&f->place);
		buf_adds(&f->place, p->list[picked - 1]);
		f->at = NULL;
	}
	for (size_t i = 0; i < p->menu.count; i++)
		free(p->list[i]);
	free(p->list);
	menu_fini(&p->menu);
	return next;
}

void fill_field_text(struct fill *f, const struct entry_line *l, struct buf *out)
{
	const struct finding *x = entry_finding(f->entry, l->node);
	struct buf value = {0};

	entry_text(f->entry, l->node, !f->desk->session->unmasked, &value);
	buf_printf(out, "%s: %s", entry_label(l),
		value.len     ? buf_str(&value)
		: l->required ? tr("必填, 空着")
			      : tr("空着"));
	if (x->verdict == VERDICT_ERROR)
		buf_adds(out, tr(", 有错"));
	else if (x->verdict == VERDICT_WARNING)
		buf_adds(out, tr(", 有提醒"));
	buf_fini(&value);
}

enum fill_next fill_list(struct fill *f)
{
	struct places p = {
		.menu = {.title = tr("全部栏"), .ask = tr("打数字去那一栏"), .page = 12}};
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);
	struct buf text = {0};

	for (size_t i = 0; i < n; i++) {
		if (!form_line_can_focus(&lines[i]) || form_line_is_heading(&lines[i]))
			continue;
		buf_clear(&text);
		fill_field_text(f, &lines[i], &text);
		add_place(&p, f, lines[i].node, buf_str(&text));
	}
	buf_fini(&text);
	return pick_place(&p, f);
}

enum fill_next fill_faults(struct fill *f)
{
	struct places p = {.menu = {.ask = tr("打数字去那一栏"),
				   .back = tr("回到填写"),
				   .enter = tr("去第一处")}};
	const struct entry_fault *faults;
	size_t n = entry_check(f->entry, &faults);
	struct buf text = {0}, title = {0};
	enum fill_next next;

	if (n == 0)
		return FILL_CHECK;
	buf_printf(&title, tr("还有 %zu 处要处理:"), n);
	p.menu.title = title.data;
	for (size_t i = 0; i < n; i++) {
		const struct field *field = &entry_form(f->entry)->fields[faults[i].node->field];
		buf_clear(&text);
		buf_printf(&text, "%s: %s", field_label(field), faults[i].message);
		add_place(&p, f, faults[i].node, buf_str(&text));
	}
	buf_fini(&text);
	next = pick_place(&p, f);
	f->mending = next == FILL_THERE;
	buf_fini(&title);
	return next;
}

/* ---- the field at hand ---- */

enum fill_next fill_accept(struct fill *f, struct node *n)
{
	struct buf reason = {0};
	enum reply r = talk_ask(f->talk,
		&(struct question){.ask = tr("核实无误的写明原因, 减号改这一栏, 回车先放着"),
			.help = entry_doubts(f->entry, n) > 1
					? tr("提醒不止一处, 写的原因对说过的每一处都算。随件报送。先放着的, 提交前还要写。")
					: tr("原因随件报送。先放着的, 提交前还要写。")},
		&reason);
	enum fill_next next = FILL_ON;

	if (r == REPLY_TEXT && entry_accept(f->entry, n, buf_str(&reason)) == OK) {
		history_note(f->history);
		fill_store(f);
		talk_say(f->talk, "%s", tr("已记下原因, 随件报送。"));
	} else if (r == REPLY_END) {
		next = fill_leave(f, WAY_END);
	} else if (r != REPLY_NONE && r != REPLY_TEXT) {
		next = FILL_AGAIN;
	}
	buf_fini(&reason);
	return next;
}

static enum fill_next travel(struct fill *f, bool back)
{
	struct buf place = {0};
	enum err e = back ? history_undo(f->history, &place) : history_redo(f->history, &place);

	if (e == OK) {
		offers_untake(&f->offers);
		fill_store(f);
		f->at = NULL;
		buf_clear(&f->place);
		buf_adds(&f->place, buf_str(&place));
		talk_say(f->talk, "%s", back ? tr("已撤销一步。") : tr("已重做一步。"));
	}
	buf_fini(&place);
	return e == OK ? FILL_THERE : FILL_AGAIN;
}

struct why {
	struct fill *fill;
	const struct entry_line *line;
};

static void fill_why(void *arg, struct pager *p)
{
	struct why *w = arg;

	why_text(p, w->fill->entry, w->line, w->fill->intake);
}

static struct node *repetition_of(struct fill *f, const struct entry_line *l)
{
	if (form_line_is_adder(l))
		return NULL;
	for (struct node *n = l->node; n; n = n->parent)
		if (n->field >= 0 && entry_form(f->entry)->fields[n->field].type == FIELD_REPEAT)
			return n;
	return NULL;
}

/* The line that adds one, if the form lets one be added. */
static struct node *adder_of(struct fill *f, const struct field *repeat)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);

	for (size_t i = 0; i < n; i++)
		if (form_line_is_adder(&lines[i]) && lines[i].field == repeat)
			return lines[i].node;
	return NULL;
}

static enum fill_next remove_repetition(struct fill *f, struct node *repetition)
{
	const struct field *repeat = &entry_form(f->entry)->fields[repetition->field];
	enum err e;

	if (!menu_yes(f->talk, tr("删去这一份? 这份里填的都会删去。")))
		return fill_stay(f);
	buf_clear(&f->place);
	buf_clear(&f->card); /* the places behind it are others now */
	e = entry_repeat_remove(f->entry, repetition);
	if (e == OK)
		talk_say(f->talk, "%s", tr("已删去。"));
	else
		talk_fail(f->talk, tr("没有删去"), e, NULL);
	history_note(f->history);
	fill_store(f);
	f->at = adder_of(f, repeat);
	return FILL_AGAIN;
}

static enum fill_next park(struct fill *f)
{
	struct buf note = {0};
	enum reply r = talk_ask(f->talk,
		&(struct question){.ask = tr("暂存, 记一句 (如 去拿户口簿), 可以空着")}, &note);
	bool parks = r == REPLY_TEXT || r == REPLY_NONE;

	if (parks) {
		desk_saved(f->desk, intake_save(f->intake));
		if (f->intake->draft_id[0])
			desk_saved(f->desk,
				draft_park(f->intake->store, f->intake->draft_id, buf_str(&note)));
		talk_say(f->talk, "%s", tr("已暂存, 在没办完的里接着办。"));
	}
	buf_fini(&note);
	return parks ? fill_leave(f, WAY_HOME) : fill_stay(f);
}

static enum fill_next doubt(struct fill *f)
{
	struct buf words = {0};
	enum fill_next next;

	if (menu_line(f->talk, tr("哪里可疑 (如 证件是真的, 系统不认)"), NULL, &words)) {
		desk_saved(f->desk, road_doubt(f->intake, f->desk->session, buf_str(&f->place),
					    buf_str(&words)));
		talk_say(f->talk, "%s",
			tr("已记下存疑的规则并暂存这一件; 管理员在审计记录里看得到。"));
		next = fill_leave(f, WAY_HOME);
	} else {
		next = fill_stay(f);
	}
	buf_fini(&words);
	return next;
}

/* ---- the menu ---- */

static void add_field_acts(struct fill *f, const struct entry_line *l, struct menu *m)
{
	enum verdict v =
		form_line_is_heading(l) ? VERDICT_OK : entry_finding(f->entry, l->node)->verdict;

	if (v == VERDICT_WARNING)
		menu_command(m, CMD_ACCEPT);
	if (v == VERDICT_ERROR && f->step == DRAFT_AT_FORM)
		menu_command(m, CMD_DOUBT);
	if (*l->value)
		menu_command(m, CMD_CLEAR);
	if (repetition_of(f, l))
		menu_command(m, CMD_REMOVE);
}

static void make_menu(struct fill *f, const struct entry_line *l, struct menu *m)
{
	menu_command(m, f->step == DRAFT_AT_FORM ? CMD_REVIEW
			: f->intake		 ? CMD_NEXT_STEP
						 : CMD_CONFIRM);
	menu_command(m, CMD_MOVE);
	m->items[m->count - 1].text = mem_strdup(tr("全部栏, 去其中一栏"));
	add_field_acts(f, l, m);
	if (history_can_undo(f->history))
		menu_command(m, CMD_UNDO);
	if (history_can_redo(f->history))
		menu_command(m, CMD_REDO);
	menu_command(m, CMD_WHY);
	if (offers_open(&f->offers, f->entry) > 0)
		menu_command(m, CMD_TAKE_ALL);
	if (f->step == DRAFT_AT_FORM)
		menu_command(m, CMD_PERSON);
	if (f->intake && !f->intake->consult)
		menu_command(m, CMD_PARK);
	menu_command(m, CMD_BACK);
	m->items[m->count - 1].text = mem_strdup(tr("回主菜单, 填过的都在"));
}

static enum fill_next act(struct fill *f, const struct entry_line *l, enum command c)
{
	struct why why = {f, l};

	switch (c) {
	case CMD_REVIEW:
	case CMD_NEXT_STEP:
	case CMD_CONFIRM:
		return FILL_CHECK;
	case CMD_MOVE:
		return fill_list(f);
	case CMD_ACCEPT:
		return fill_accept(f, l->node);
	case CMD_DOUBT:
		return doubt(f);
	case CMD_CLEAR:
		return fill_put(f, l, "") == FILL_LEAVE ? FILL_LEAVE : FILL_AGAIN;
	case CMD_REMOVE:
		return remove_repetition(f, repetition_of(f, l));
	case CMD_UNDO:
	case CMD_REDO:
		return travel(f, c == CMD_UNDO);
	case CMD_WHY:
		talk_text(f->talk, fill_why, &why, 0, 1);
		return fill_stay(f);
	case CMD_TAKE_ALL:
		fill_take_all(f);
		return FILL_AGAIN;
	case CMD_PERSON:
		return fill_person(f);
	case CMD_PARK:
		return park(f);
	case CMD_BACK:
		return fill_leave(f, WAY_HOME);
	default:
		return fill_stay(f);
	}
}

enum fill_next fill_menu(struct fill *f, const struct entry_line *l, const char *words)
{
	struct menu m = {.title = tr("在这一栏还能"), .back = tr("接着填"), .page = 14};
	enum command c;

	make_menu(f, l, &m);
	c = menu_pick(f->talk, &m, words);
	menu_fini(&m);
	return act(f, l, c);
}
