/* What is wrong with the answers, and how they are read. */
#include "forms/entry_private.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"

enum {
	DIGITS_MAX = 15,     /* so many are kept exactly, here and by whoever reads the letter */
	MENDED_STEPS_MAX = 8 /* calculations from each other, up to an answer */
};

/* ---- one answer ---- */

static void wrong(struct finding *out, const char *rule, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void wrong(struct finding *out, const char *rule, const char *fmt, ...)
{
	va_list ap;

	out->verdict = VERDICT_ERROR;
	out->rule = rule;
	buf_clear(&out->message);
	va_start(ap, fmt);
	buf_vprintf(&out->message, fmt, ap);
	va_end(ap);
}

static bool is_integer(const char *s)
{
	s += *s == '-' || *s == '+';
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Digits that count: not zeros before the first of them, nor zeros at the end behind a point. */
static size_t digits_of(const char *s)
{
	size_t count = 0, zeros = 0;
	bool fraction = false;

	for (; *s != '\0'; s++) {
		if (*s == '.')
			fraction = true;
		if (*s < '0' || *s > '9' || (*s == '0' && count == 0))
			continue;
		count++;
		zeros = fraction && *s == '0' ? zeros + 1 : 0;
	}
	return count - zeros;
}

/* As expressions read numbers: no exponent. */
static bool is_number(const char *s, double *value)
{
	char *end;

	*value = strtod(s, &end);
	return end != s && *end == '\0' && isfinite(*value) && strpbrk(s, "xXnNeEpP") == NULL;
}

/* One of start, start + step, start + 2 steps …, as near as binary fractions let it be. */
static bool on_step(const struct field *f, double n)
{
	double steps = (n - f->range_start) / f->range_step;

	return fabs(steps - nearbyint(steps)) < 1e-6;
}

static void examine_range(const struct field *f, const char *value, double n, struct finding *out)
{
	double low = fmin(f->range_start, f->range_end), high = fmax(f->range_start, f->range_end);

	if (f->type != FIELD_RANGE)
		return;
	if (n < low || n > high)
		wrong(out, "type.range", tr("应在 %g 到 %g 之间"), low, high);
	else if (!on_step(f, n))
		wrong(out, "type.range", tr("从 %g 起每次加 %g, %s 不在其中"), f->range_start,
			f->range_step, value);
}

/* Nobody types it, so its digits are not for anybody to take away: they are rounded. */
static bool is_computed(const struct field *f)
{
	return f->calculation != NULL && f->trigger == NULL;
}

static void examine_number(const struct field *f, const char *value, struct finding *out)
{
	double n;

	if (f->type == FIELD_INTEGER && !is_integer(value))
		wrong(out, "type.integer", tr("请填整数, 不要带小数或单位"));
	else if (!is_number(value, &n))
		wrong(out, "type.decimal", tr("请填数字, 不要带单位"));
	else if (is_computed(f) || digits_of(value) <= DIGITS_MAX)
		examine_range(f, value, n, out);
	else if (strchr(value, '.') == NULL)
		wrong(out, "number.digits",
			tr("这个数有 %zu 位, 最多 %d 位: 请核对是否多打了; 号码要填在文本栏里"),
			digits_of(value), DIGITS_MAX);
	else
		wrong(out, "number.digits",
			tr("这个数有 %zu 位, 最多记 %d 位, 再多就会被四舍五入: 请去掉几位小数"),
			digits_of(value), DIGITS_MAX);
}

static void examine_date(const struct field *f, const char *value, struct finding *out)
{
	const char *rule = f->type == FIELD_TIME       ? "type.time"
			   : f->type == FIELD_DATETIME ? "type.datetime"
						       : "type.date";
	struct buf fault = {0};

	if (!entry_date_right(f->type, value, &fault))
		wrong(out, rule, "%s", buf_str(&fault));
	buf_fini(&fault);
}

static bool offered(struct entry *e, const struct node *n, const char *name, size_t len)
{
	const struct choice *const *choices;
	size_t count = entry_choices(e, n, &choices), i;

	for (i = 0; i < count; i++)
		if (strlen(choices[i]->name) == len && memcmp(choices[i]->name, name, len) == 0)
			return true;
	return false;
}

static void examine_choice(
	struct entry *e, const struct node *n, const struct field *f, struct finding *out)
{
	const char *at = n->value;

	while (*at != '\0') {
		size_t len = f->type == FIELD_SELECT_ONE ? strlen(at) : strcspn(at, " ");
		if (len > 0 && !offered(e, n, at, len)) {
			wrong(out, "type.choice", tr("%.*s 不在可选的范围里, 请重新选择"), (int)len,
				at);
			return;
		}
		at += len;
		at += strspn(at, " ");
	}
}

static bool holds_word(const char *words, const char *word)
{
	size_t len = strlen(word);
	const char *at;

	for (at = strstr(words, word); at != NULL; at = strstr(at + 1, word))
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* A ranking is one when every choice has its place. */
static void examine_rank(struct entry *e, struct node *n, struct finding *out)
{
	const struct choice *const *choices;
	size_t count = entry_choices(e, n, &choices), i;

	for (i = 0; out->verdict < VERDICT_ERROR && i < count; i++)
		if (!holds_word(n->value, choices[i]->name))
			wrong(out, "type.rank", tr("还没有排到: %s"),
				entry_choice_label(e, n, choices[i]));
}

static void examine_kind(
	struct entry *e, const struct field *f, const char *value, struct finding *out)
{
	enum identifier_kind kind;

	if (identifier_kind_by_name(f->kind, &kind))
		identifier_check(kind, value, clock_day(clock_wall_ms(e->clock)), out);
}

/* In the words of the form, or else in those of the rule behind head. */
static void say_rule(struct entry *e, struct node *n, const struct expr *rule, const char *message,
	const char *head, struct buf *out)
{
	buf_clear(out);
	if (message[0] != '\0') {
		entry_say(e, n, message, out);
		return;
	}
	buf_adds(out, head);
	entry_explain(e, entry_field(e, n), rule, out);
}

static void examine_constraint(
	struct entry *e, struct node *n, const struct field *f, struct finding *out)
{
	if (f->constraint == NULL || entry_truth(e, f->constraint, n, true))
		return;
	out->verdict = VERDICT_ERROR;
	out->rule = "form.constraint";
	say_rule(e, n, f->constraint, field_constraint_message(f), tr("不符合要求: "),
		&out->message);
}

/* What is rare and may be true: taken with a reason. */
static void examine_soft(struct entry *e, struct node *n, const struct soft_rule *r)
{
	struct buf message = {0};

	if (entry_truth(e, r->expr, n, true))
		return;
	say_rule(e, n, r->expr, soft_rule_message(r), tr("少见, 请核对: "), &message);
	entry_doubt(entry_note(n), "form.soft_constraint", r->text, buf_str(&message));
	buf_fini(&message);
}

/* The type's, the kind's and the form's own check of a value that is not empty. */
static void examine(struct entry *e, struct node *n, struct finding *out)
{
	const struct field *f = entry_field(e, n);

	switch (f->type) {
	case FIELD_INTEGER:
	case FIELD_DECIMAL:
	case FIELD_RANGE:
		examine_number(f, n->value, out);
		break;
	case FIELD_DATE:
	case FIELD_TIME:
	case FIELD_DATETIME:
		examine_date(f, n->value, out);
		break;
	case FIELD_SELECT_ONE:
	case FIELD_SELECT_MULTIPLE:
	case FIELD_RANK:
		examine_choice(e, n, f, out);
		if (f->type == FIELD_RANK)
			examine_rank(e, n, out);
		break;
	case FIELD_ACKNOWLEDGE:
		if (strcmp(n->value, "OK") != 0)
			wrong(out, "type.acknowledge", tr("确认写作 OK, 没有确认就不填"));
		break;
	default:
		break;
	}
	if (out->verdict < VERDICT_ERROR && f->kind != NULL)
		examine_kind(e, f, n->value, out);
	if (out->verdict < VERDICT_ERROR)
		examine_constraint(e, n, f, out);
	if (out->verdict == VERDICT_WARNING)
		entry_doubt(entry_note(n), out->rule, NULL, buf_str(&out->message));
	for (size_t i = 0; out->verdict < VERDICT_ERROR && i < f->soft_count; i++)
		examine_soft(e, n, &f->soft[i]);
}

/* What was said of this very value from outside. */
static void add_objection(const struct node *n, struct note *note)
{
	struct buf message = {0};

	if (note->objection == NULL || !n->relevant || strcmp(note->objected, n->value) != 0)
		return;
	buf_printf(&message, tr("中心退回: %s"), note->objection);
	entry_doubt(note, "centre.refused", note->objection, buf_str(&message));
	buf_fini(&message);
}

struct sources {
	struct entry *e;
	struct node *of;
	int steps;
	bool wrong;
};

static bool comes_from_wrong(struct entry *e, struct node *n, int steps);

static void see_source(void *arg, const char *name, bool path)
{
	struct sources *s = arg;
	struct node **nodes = NULL;
	size_t count = 0, i;

	if (path || s->wrong)
		return;
	s->e->env.reference(s->e, s->of, name, &nodes, &count);
	for (i = 0; i < count && !s->wrong; i++)
		s->wrong = nodes[i] != s->of && nodes[i]->field >= 0 &&
			   (entry_finding(s->e, nodes[i])->verdict == VERDICT_ERROR ||
				   (entry_field(s->e, nodes[i])->calculation != NULL &&
					   comes_from_wrong(s->e, nodes[i], s->steps + 1)));
	free(nodes);
}

/* It cannot be computed because an answer that it needs is wrong: that is said at the answer. */
static bool comes_from_wrong(struct entry *e, struct node *n, int steps)
{
	struct sources s = {e, n, steps, false};

	if (steps < MENDED_STEPS_MAX)
		expr_references(entry_field(e, n)->calculation, see_source, &s);
	return s.wrong;
}

const struct finding *entry_finding(struct entry *e, const struct node *n)
{
	struct node *own = (struct node *)(uintptr_t)n;
	struct note *note = entry_note(own);
	const struct field *f = n->field >= 0 ? entry_field(e, n) : NULL;

	if (note->checked)
		return &note->finding;
	finding_clear(&note->finding);
	entry_forget_doubts(note);
	note->checked = true;
	add_objection(n, note);
	if (f != NULL && !entry_is_inner(f->type) && n->relevant) {
		if (note->failed != NULL) {
			if (!comes_from_wrong(e, own, 0))
				wrong(&note->finding, "form.calculation", tr("算不出来: %s"),
					note->failed);
		} else if (n->value != NULL && n->value[0] != '\0')
			examine(e, own, &note->finding);
	}
	entry_tell_doubts(note);
	return &note->finding;
}

bool entry_required(struct entry *e, struct node *n)
{
	const struct field *f = entry_field(e, n);

	return form_asks(f) &&
	       (f->always_required ||
		       (f->required != NULL && entry_truth(e, f->required, n, false)));
}

bool entry_readonly(struct entry *e, struct node *n)
{
	const struct field *f = entry_field(e, n);

	if (f->calculation != NULL && f->trigger == NULL)
		return true;
	return f->readonly || f->type == FIELD_NOTE ||
	       (f->readonly_if != NULL && entry_truth(e, f->readonly_if, n, false));
}

/* ---- the whole form ---- */

static void add_fault(struct entry *e, struct node *n, const struct entry_fault *fault)
{
	e->faults = mem_resize(e->faults, e->fault_count + 1, sizeof *e->faults);
	e->faults[e->fault_count] = *fault;
	e->faults[e->fault_count++].node = n;
}

static void see_first(void *arg, const char *name, bool path)
{
	const char **first = arg;

	if (*first == NULL && !path)
		*first = name;
}

/* The first answer that the rule is made from; NULL: it is made from none. */
static struct node *made_from(struct entry *e, const struct expr *rule)
{
	const char *name = NULL;
	struct node *n;

	expr_references(rule, see_first, &name);
	for (n = e->root; name != NULL && n != NULL; n = entry_next_node(e->root, n))
		if (n->field >= 0 && strcmp(entry_field(e, n)->name, name) == 0)
			return n;
	return NULL;
}

/* Where a person can mend it: what has no line itself is mended in what it is computed from. */
static struct node *mended_at(struct entry *e, struct node *n)
{
	struct node *at = n;

	for (int steps = 0; at != NULL && !entry_shown(entry_field(e, at)); steps++) {
		const struct expr *rule = entry_field(e, at)->calculation;
		at = rule != NULL && steps < MENDED_STEPS_MAX ? made_from(e, rule) : NULL;
	}
	return at != NULL ? at : n;
}

/* As the form says it, or as every form does. */
static const char *asked_for(struct entry *e, struct node *n)
{
	const char *message = field_required_message(entry_field(e, n));
	struct note *note;
	struct buf said = {0};

	if (message[0] == '\0')
		return tr("必填, 还没有填");
	if (strstr(message, "${") == NULL)
		return message;
	note = entry_note(n);
	free(note->asked);
	entry_say(e, n, message, &said);
	note->asked = buf_take(&said);
	return note->asked;
}

static void check_node(struct entry *e, struct node *n)
{
	const struct finding *found;

	if (n->value[0] == '\0' && entry_required(e, n) && !entry_left_out(e, n)) {
		add_fault(e, n,
			&(struct entry_fault){
				.verdict = VERDICT_ERROR, .message = asked_for(e, n)});
		return;
	}
	found = entry_finding(e, n);
	if (found->verdict == VERDICT_ERROR ||
		(found->verdict == VERDICT_WARNING && entry_reason(e, n) == NULL))
		add_fault(e, mended_at(e, n),
			&(struct entry_fault){.verdict = found->verdict,
				.message = buf_str(&found->message),
				.rule = found->rule});
}

static void check_crowd(struct entry *e)
{
	struct node *n = made_from(e, e->crowded->repeat_count);

	buf_clear(&e->crowded_said);
	buf_printf(&e->crowded_said, tr("%s: 各层合计最多 %d 份, 请核对填的数"),
		field_label(e->crowded), ENTRY_COUNTED);
	add_fault(e, n != NULL ? mended_at(e, n) : e->root->first,
		&(struct entry_fault){.verdict = VERDICT_ERROR,
			.message = buf_str(&e->crowded_said),
			.rule = "form.count"});
}

/* Nothing was answered in it: it is filled or taken away, which is said once. */
static void check_untouched(struct entry *e, struct node *repetition)
{
	struct node *n = entry_is_vain(e, repetition) ? NULL : repetition;

	for (; n != NULL; n = entry_next_node(repetition, n)) {
		if (!entry_repetition_asks(e, n))
			continue;
		add_fault(e, n,
			&(struct entry_fault){.verdict = VERDICT_ERROR,
				.message = tr("没有填: 填好, 或删去这一份")});
		return;
	}
}

size_t entry_check(struct entry *e, const struct entry_fault **out)
{
	struct node *n;

	e->fault_count = 0;
	if (e->crowded != NULL)
		check_crowd(e);
	for (n = e->root; n != NULL; n = entry_next_node(e->root, n)) {
		const struct field *f = n->field >= 0 ? entry_field(e, n) : NULL;
		if (f != NULL && n->relevant && entry_is_untouched(e, n))
			check_untouched(e, n);
		else if (f != NULL && !entry_is_inner(f->type) && f->type != FIELD_NOTE &&
			 n->relevant)
			check_node(e, n);
	}
	*out = e->faults;
	return e->fault_count;
}
