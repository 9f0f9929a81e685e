/* A select: its choices by number, long lists by words. */
#include "tui/plain/fill_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "forms/instance.h"
#include "tui/choices.h"
#include "tui/form_line.h"

enum {
	SHORT = 9 /* so many are said at once */
};

static bool takes_one(const struct entry_line *l)
{
	return l->field->type == FIELD_SELECT_ONE;
}

static void say_choices(struct fill *f, const struct entry_line *l,
	const struct choice *const *choices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		talk_say(f->talk, "%zu %s", i + 1,
			entry_choice_label(f->entry, l->node, choices[i]));
}

static enum fill_next put_choice(struct fill *f, const struct entry_line *l, const struct choice *c)
{
	struct buf value = {0};
	enum fill_next next;

	if (takes_one(l))
		buf_adds(&value, c->name);
	else
		choices_toggle(&value, l->value, c->name);
	talk_say(f->talk, tr("%s: %s"), entry_choice_label(f->entry, l->node, c),
		takes_one(l) || form_line_holds(buf_str(&value), c->name) ? tr("选上")
									  : tr("去掉"));
	next = fill_put(f, l, buf_str(&value));
	if (next == FILL_ON && !takes_one(l)) /* another one, or an empty line */
		next = FILL_AGAIN;
	buf_fini(&value);
	return next;
}

/* ---- by numbers ---- */

/* "1 3": these and no others, in this order; false: there is none of such a number. */
static bool by_numbers(
	const struct choice *const *choices, size_t count, const char *answer, struct buf *value)
{
	static const char parting[] = " ,;";
	struct buf half = {0};
	char *rest, *one;
	bool good = true;

	text_halfwidth(&half, answer);
	for (char *at; half.data && (at = strstr(half.data, "、")) != NULL;)
		memcpy(at, "  ,", 3);
	rest = half.data;
	while (good && rest && (one = strtok_r(NULL, parting, &rest)) != NULL) {
		long n = talk_number(one, (long)count);
		good = n > 0 || (n == 0 && value->len == 0);
		if (n > 0 && !form_line_holds(buf_str(value), choices[n - 1]->name))
			buf_printf(value, "%s%s", value->len ? " " : "", choices[n - 1]->name);
	}
	buf_fini(&half);
	return good;
}

static enum fill_next take_numbers(
	struct fill *f, const struct entry_line *l, const char *answer, bool *taken)
{
	const struct choice *const *choices;
	size_t count = entry_choices(f->entry, l->node, &choices);
	struct buf value = {0};
	enum fill_next next = FILL_AGAIN;
	long n = talk_number(answer, (long)count);

	*taken = true;
	if (takes_one(l) && n > 0)
		next = fill_put(f, l, choices[n - 1]->name);
	else if (!takes_one(l) && by_numbers(choices, count, answer, &value))
		next = fill_put(f, l, buf_str(&value));
	else
		*taken = false;
	buf_fini(&value);
	return next;
}

/* ---- by words ---- */

static enum fill_next pick_among(struct fill *f, const struct entry_line *l,
	const struct choice *const *choices, size_t count)
{
	struct menu m = {.back = tr("都不是")};
	enum fill_next next = FILL_AGAIN;
	long picked;

	for (size_t i = 0; i < count; i++)
		menu_add(&m, entry_choice_label(f->entry, l->node, choices[i]));
	picked = menu_ask(f->talk, &m, NULL);
	if (picked > 0)
		next = put_choice(f, l, choices[picked - 1]);
	else if (picked == MENU_END)
		next = fill_leave(f, WAY_END);
	menu_fini(&m);
	return next;
}

static enum fill_next take_words(struct fill *f, const struct entry_line *l, const char *words)
{
	const struct choice **found = NULL;
	size_t count = choices_matching(f->entry, l->node, words, &found);
	enum fill_next next = FILL_AGAIN;

	if (count == 1)
		next = put_choice(f, l, found[0]);
	else if (count > 1)
		next = pick_among(f, l, found, count);
	else
		talk_say(f->talk, tr("没有 %s 这一项。换个说法, 或打等号听全部。"), words);
	free(found);
	return next;
}

static enum fill_next pick_any(struct fill *f, const struct entry_line *l)
{
	const struct choice **all = NULL;
	size_t count = choices_matching(f->entry, l->node, "", &all);
	enum fill_next next = pick_among(f, l, all, count);

	free(all);
	return next;
}

/* ---- asking ---- */

static void put_ask(struct buf *out, const struct entry_line *l, size_t count)
{
	if (count > SHORT)
		buf_printf(out, tr("共 %zu 项, 打字查找, 等号听全部"), count);
	else if (takes_one(l))
		buf_adds(out, tr("打数字选"));
	else
		buf_adds(out, tr("可选几项, 数字之间空格, 0 都不选"));
}

enum fill_next fill_ask_choice(struct fill *f, const struct entry_line *l)
{
	const struct choice *const *choices;
	size_t count = entry_choices(f->entry, l->node, &choices);
	struct buf ask = {0}, answer = {0};
	enum fill_next next = FILL_AGAIN;
	bool taken = false;
	enum reply r;

	fill_question(f, l, &ask);
	if (f->once_more) {
		buf_adds(&ask, ", ");
	} else {
		talk_say(f->talk, "%s", ask.data);
		if (count <= SHORT)
			say_choices(f, l, choices, count);
		buf_clear(&ask);
	}
	put_ask(&ask, l, count);
	r = talk_ask(f->talk,
		&(struct question){.ask = buf_str(&ask),
			.help = tr("打数字, 或打字: 名称的一部分、拼音、首字母。空着回车不改。"),
			.again = true},
		&answer);
	if (r == REPLY_TEXT)
		taken = fill_card(f, l, buf_str(&answer), &next);
	if (r == REPLY_TEXT && !taken && count <= SHORT)
		next = take_numbers(f, l, buf_str(&answer), &taken);
	if (r == REPLY_TEXT && !taken)
		next = take_words(f, l, buf_str(&answer));
	else if (r == REPLY_AGAIN && count > SHORT)
		next = pick_any(f, l);
	else if (r == REPLY_AGAIN)
		next = FILL_THERE; /* with its choices */
	else if (r != REPLY_TEXT)
		next = fill_reply(f, l, r, buf_str(&answer));
	buf_fini(&ask);
	buf_fini(&answer);
	return next;
}
