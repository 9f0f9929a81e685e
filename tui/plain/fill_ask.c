/* One field: its question, its answer, what the checks say of it. */
#include "tui/plain/fill_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/entry_history.h"
#include "forms/instance.h"
#include "tui/form_line.h"
#include "tui/intake.h"

/* ---- the question ---- */

/* ", 必填": a label that is a question has its own sign already. */
static void part(struct buf *out)
{
	static const char *const ends[] = {"?", "？", "。", ":", "："};

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t n = strlen(ends[i]);
		if (out->len >= n && strcmp(out->data + out->len - n, ends[i]) == 0) {
			buf_addc(out, ' ');
			return;
		}
	}
	buf_adds(out, ", ");
}

static void add(struct buf *out, const char *text)
{
	if (*text) {
		if (out->len > 0)
			part(out);
		buf_adds(out, text);
	}
}

void fill_question(struct fill *f, const struct entry_line *l, struct buf *out)
{
	const struct offer *o = offers_at(&f->offers, f->entry, l->node);
	struct buf now = {0}, said = {0};

	add(out, entry_label(l));
	if (!f->once_more) {
		add(out, l->required ? tr("必填") : "");
		add(out, entry_hint(l));
	}
	entry_text(f->entry, l->node, false, &now);
	if (now.len > 0) {
		buf_printf(&said, tr("现在是 %s"), now.data);
		add(out, said.data);
	}
	if (o) {
		buf_clear(&now);
		buf_clear(&said);
		entry_value_text(f->entry, l->node, o->value, true, &now);
		buf_printf(&said, tr("上次填的 %s, 打加号取用"), buf_str(&now));
		add(out, said.data);
	}
	buf_fini(&now);
	buf_fini(&said);
}

static const char *help_of(const struct field *f)
{
	switch (f->type) {
	case FIELD_DATE:
		return tr("年月日, 如 2026-11-24。空着回车不改, 到下一栏。星号是全部栏。");
	case FIELD_TIME:
		return tr("时和分, 如 14:30。空着回车不改, 到下一栏。星号是全部栏。");
	case FIELD_DATETIME:
		return tr("年月日和时分, 如 2026-11-24 14:30。空着回车不改。星号是全部栏。");
	case FIELD_INTEGER:
	case FIELD_DECIMAL:
	case FIELD_RANGE:
		return tr("一个数。空着回车不改, 到下一栏。星号是全部栏。");
	case FIELD_FILE:
		return tr("文件的位置。空着回车不改, 到下一栏。星号是全部栏。");
	default:
		return tr("打字回答。空着回车不改, 到下一栏。星号是全部栏, 可以去任何一栏。");
	}
}

/* ---- what follows from an answer ---- */

static bool is_derived(const struct entry_line *l)
{
	return form_line_is_shown(l) && !form_line_is_heading(l) && l->field->type != FIELD_NOTE &&
	       !form_line_can_focus(l);
}

void fill_remember(struct fill *f, struct derived *d)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);

	d->list = mem_array(n + 1, sizeof(*d->list));
	for (size_t i = 0; i < n; i++)
		if (is_derived(&lines[i]))
			d->list[d->count++] =
				(struct derived_value){lines[i].node, mem_strdup(lines[i].value)};
}

static bool was_so(const struct derived *d, const struct entry_line *l)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].node == l->node && strcmp(d->list[i].value, l->value) == 0)
			return true;
	return false;
}

void fill_tell_derived(struct fill *f, struct derived *d)
{
	const struct entry_line *lines;
	size_t n = entry_lines(f->entry, &lines);
	struct buf text = {0};

	for (size_t i = 0; i < n; i++) {
		if (!is_derived(&lines[i]) || !*lines[i].value || was_so(d, &lines[i]))
			continue;
		buf_clear(&text);
		entry_text(f->entry, lines[i].node, false, &text);
		talk_say(f->talk, tr("自动得出 %s: %s"), entry_label(&lines[i]), buf_str(&text));
	}
	for (size_t i = 0; i < d->count; i++)
		free(d->list[i].value);
	free(d->list);
	buf_fini(&text);
}

/* What was made of what was typed, when that is not the same. */
static void tell_normalised(struct fill *f, const struct node *n, const char *typed)
{
	const struct field *field = &entry_form(f->entry)->fields[n->field];
	struct buf text = {0};

	entry_text(f->entry, n, false, &text);
	if (text.len > 0 && !form_line_is_select(field) && field->type != FIELD_ACKNOWLEDGE &&
		strcmp(buf_str(&text), typed) != 0)
		talk_say(f->talk, tr("记作: %s"), buf_str(&text));
	buf_fini(&text);
}

/* Typed a second time: the same, or the first time does not count. false: it does not. */
static bool typed_twice(struct fill *f, struct node *n)
{
	const struct field *field = &entry_form(f->entry)->fields[n->field];
	struct buf ask = {0}, again = {0};
	bool same;

	if (!form_line_is_twice(field) || !n->value || !*n->value ||
		entry_finding(f->entry, n)->verdict == VERDICT_ERROR)
		return true;
	buf_printf(&ask, tr("再输一遍 %s"), field_label(field));
	same = menu_line(f->talk, buf_str(&ask), NULL, &again) &&
	       form_line_same(buf_str(&again), n->value);
	if (same) {
		talk_say(f->talk, "%s", tr("两遍一致。"));
	} else if (!talk_over(f->talk)) {
		entry_set(f->entry, n, "");
		talk_say(f->talk, "%s", tr("两遍不一致, 已清空。请看着卡重新输入。"));
	}
	buf_fini(&ask);
	buf_fini(&again);
	return same || talk_over(f->talk);
}

/* What was explained before need not be explained again. */
static enum fill_next judge_warning(struct fill *f, struct node *n, const char *message)
{
	const char *reason = entry_reason(f->entry, n);
	struct buf said = {0};

	buf_printf(&said, tr("提醒: %s"), message);
	if (reason)
		buf_printf(&said, tr(" 已写明: %s。"), reason);
	talk_say(f->talk, "%s", said.data);
	buf_fini(&said);
	return reason ? FILL_ON : fill_accept(f, n);
}

static enum fill_next judge(struct fill *f, struct node *n)
{
	const struct finding *x = entry_finding(f->entry, n);

	if (!n->relevant || x->message.len == 0)
		return FILL_ON;
	switch (x->verdict) {
	case VERDICT_ERROR:
		talk_say(f->talk, tr("错误: %s"), buf_str(&x->message));
		return FILL_AGAIN;
	case VERDICT_WARNING:
		return judge_warning(f, n, buf_str(&x->message));
	default:
		talk_say(f->talk, tr("说明: %s"), buf_str(&x->message));
		return FILL_ON;
	}
}

enum fill_next fill_put(struct fill *f, const struct entry_line *l, const char *value)
{
	struct node *n = l->node;
	struct derived before = {0};
	bool twice;

	fill_remember(f, &before);
	entry_set(f->entry, n, value);
	tell_normalised(f, n, value);
	twice = typed_twice(f, n);
	history_note(f->history);
	fill_store(f);
	fill_tell_derived(f, &before);
	fill_meet(f);
	return twice ? judge(f, n) : FILL_AGAIN;
}

/* ---- asking ---- */

enum fill_next fill_reply(
	struct fill *f, const struct entry_line *l, enum reply r, const char *words)
{
	struct offer *o;

	switch (r) {
	case REPLY_END:
		return fill_leave(f, WAY_END);
	case REPLY_BACK:
		return FILL_BEFORE;
	case REPLY_LIST:
		return fill_list(f);
	case REPLY_MENU:
		return fill_menu(f, l, words);
	case REPLY_TAKE:
		o = offers_at(&f->offers, f->entry, l->node);
		if (!o) {
			talk_say(f->talk, "%s", tr("这一栏没有上次填的。"));
			return FILL_AGAIN;
		}
		o->taken = true;
		return fill_put(f, l, o->value);
	default:
		if (l->required && !*l->value)
			talk_say(f->talk, "%s", tr("先空着, 提交前要填。"));
		return FILL_ON;
	}
}

static enum fill_next ask_text(struct fill *f, const struct entry_line *l)
{
	struct buf ask = {0}, answer = {0};
	enum fill_next next;
	enum reply r;

	fill_question(f, l, &ask);
	r = talk_ask(f->talk, &(struct question){.ask = buf_str(&ask), .help = help_of(l->field)},
		&answer);
	if (r != REPLY_TEXT)
		next = fill_reply(f, l, r, buf_str(&answer));
	else if (!fill_card(f, l, buf_str(&answer), &next))
		next = fill_put(f, l, buf_str(&answer));
	buf_fini(&ask);
	buf_fini(&answer);
	return next;
}

static enum fill_next ask_acknowledge(struct fill *f, const struct entry_line *l)
{
	struct buf ask = {0}, answer = {0};
	enum fill_next next = FILL_AGAIN;
	enum reply r;

	add(&ask, entry_label(l));
	add(&ask, l->required ? tr("必填") : "");
	add(&ask, *l->value ? tr("已确认, 0 取消") : tr("1 确认"));
	r = talk_ask(f->talk,
		&(struct question){
			.ask = buf_str(&ask), .help = tr("1 确认, 0 取消, 空着回车不改。")},
		&answer);
	if (r != REPLY_TEXT)
		next = fill_reply(f, l, r, buf_str(&answer));
	else if (fill_card(f, l, buf_str(&answer), &next))
		; /* it has said all */
	else if (talk_number(buf_str(&answer), 1) >= 0)
		next = fill_put(f, l, talk_number(buf_str(&answer), 1) == 1 ? "OK" : "");
	else
		talk_say(f->talk, "%s", tr("请打 1 或 0。"));
	buf_fini(&ask);
	buf_fini(&answer);
	return next;
}

/* One more of a repetition; the field after is its first one then. */
static enum fill_next ask_more(struct fill *f, const struct entry_line *l)
{
	struct buf ask = {0}, answer = {0};
	struct node *first = NULL;
	enum fill_next next = FILL_ON;
	enum reply r;

	buf_printf(&ask, tr("%s, 再加一份? 1 加, 回车不加"), entry_label(l));
	r = talk_ask(f->talk, &(struct question){.ask = buf_str(&ask)}, &answer);
	if (r != REPLY_TEXT && r != REPLY_NONE) {
		next = fill_reply(f, l, r, buf_str(&answer));
	} else if (r == REPLY_TEXT && talk_number(buf_str(&answer), 1) != 1) {
		next = FILL_AGAIN;
	} else if (r == REPLY_TEXT) {
		enum err e = entry_repeat_add(f->entry, l->node, &first);
		if (e == OK) {
			history_note(f->history);
			fill_store(f);
			f->at = first; /* its heading: the field after it comes next */
		} else {
			talk_fail(f->talk, tr("不能再加"), e, NULL);
		}
	}
	buf_fini(&ask);
	buf_fini(&answer);
	return next;
}

/* What the checks say of it already, when one comes to it again. */
static void say_finding(struct fill *f, const struct entry_line *l)
{
	const struct finding *x = entry_finding(f->entry, l->node);

	if (f->once_more || !*l->value || x->message.len == 0 || !fill_is_wrong(f, l->node))
		return; /* nothing, or its reason is written down */
	if (x->verdict == VERDICT_ERROR)
		talk_say(f->talk, tr("错误: %s"), buf_str(&x->message));
	else if (x->verdict == VERDICT_WARNING)
		talk_say(f->talk, tr("提醒: %s"), buf_str(&x->message));
}

enum fill_next fill_ask(struct fill *f, const struct entry_line *l)
{
	if (form_line_is_adder(l))
		return ask_more(f, l);
	say_finding(f, l);
	if (form_line_is_select(l->field))
		return fill_ask_choice(f, l);
	if (l->field->type == FIELD_ACKNOWLEDGE)
		return ask_acknowledge(f, l);
	return ask_text(f, l);
}
