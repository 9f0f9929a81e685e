/* Answers as canonical JSON and back. */
#include "forms/entry_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

/* ---- out ---- */

static void put_value(const struct field *f, const char *value, struct buf *out)
{
	char *end;
	double n = strtod(value, &end);
	const char *at = value;

	if ((f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL || f->type == FIELD_RANGE) &&
		end != value && *end == '\0') {
		json_put_num(out, n);
		return;
	}
	if (f->type != FIELD_SELECT_MULTIPLE && f->type != FIELD_RANK) {
		json_put_str(out, value);
		return;
	}
	buf_addc(out, '[');
	while (*at != '\0') {
		size_t len = strcspn(at, " ");
		json_comma(out);
		json_put_strn(out, at, len);
		at += len;
		at += strspn(at, " ");
	}
	buf_addc(out, ']');
}

static void put_members(struct entry *e, const struct node *holder, struct buf *out);

/* All repetitions from n on as one array; returns the last of them. */
static const struct node *put_repeat(struct entry *e, const struct node *n, struct buf *out)
{
	int field = n->field;
	bool open = false;

	for (;; n = n->next) {
		if (entry_is_sent(e, n)) {
			if (!open) {
				json_member(out, n->name);
				buf_addc(out, '[');
				open = true;
			}
			json_comma(out);
			buf_addc(out, '{');
			put_members(e, n, out);
			buf_addc(out, '}');
		}
		if (n->next == NULL || n->next->field != field)
			break;
	}
	if (open)
		buf_addc(out, ']');
	return n;
}

static void put_members(struct entry *e, const struct node *holder, struct buf *out)
{
	const struct node *n;

	for (n = holder->first; n != NULL; n = n->next) {
		const struct field *f = entry_field(e, n);
		if (f->type == FIELD_REPEAT) {
			n = put_repeat(e, n, out);
		} else if (f->type == FIELD_GROUP) {
			if (n->relevant)
				put_members(e, n, out);
		} else if (n->relevant && n->value[0] != '\0' && f->type != FIELD_NOTE) {
			json_member(out, n->name);
			put_value(f, n->value, out);
		}
	}
}

void entry_json(struct entry *e, struct buf *out)
{
	buf_addc(out, '{');
	put_members(e, e->root, out);
	buf_addc(out, '}');
}

/* ---- in ---- */

static void scalar_text(const json *v, struct buf *out)
{
	const json *one;
	double n;

	switch (json_type(v)) {
	case JSON_STRING:
		buf_adds(out, json_str(v));
		break;
	case JSON_NUMBER:
		if (json_num(v, &n))
			json_put_num(out, n);
		break;
	case JSON_BOOL:
		json_write(out, v); /* "true" or "false"; see yes_no below */
		break;
	case JSON_ARRAY:
		for (one = json_first(v); one != NULL; one = json_next(one)) {
			if (one != json_first(v))
				buf_addc(out, ' ');
			scalar_text(one, out);
		}
		break;
	default:
		break;
	}
}

static bool has_choice(const struct field *f, const char *name)
{
	size_t i;

	for (i = 0; f->list != NULL && i < f->list->count; i++)
		if (strcmp(f->list->choices[i].name, name) == 0)
			return true;
	return false;
}

/* true and false for a question of yes and no, or for an acknowledgement. */
static void yes_no(const struct field *f, const json *v, struct buf *text)
{
	bool yes = json_type(v) == JSON_BOOL && strcmp(buf_str(text), "true") == 0;

	if (json_type(v) != JSON_BOOL || f->type == FIELD_TEXT)
		return;
	buf_clear(text);
	if (f->type == FIELD_ACKNOWLEDGE)
		buf_adds(text, yes ? "OK" : "");
	else if (has_choice(f, "yes"))
		buf_adds(text, yes ? "yes" : "no");
	else
		buf_adds(text, yes ? "true" : "false");
}

static void load_object(struct entry *e, const char *prefix, const json *object, struct buf *why);

static void say(struct buf *why, const char *fmt, const char *place)
{
	if (why == NULL)
		return;
	buf_adds(why, why->len > 0 ? "\n" : "");
	buf_printf(why, fmt, place);
}

static void load_member(struct entry *e, const char *prefix, const json *m, struct buf *why)
{
	int field = form_find(e->form, json_key(m));
	struct buf place = {0}, text = {0};
	const json *one;
	int number = 0;

	buf_adds(&place, prefix);
	buf_adds(&place, json_key(m));
	if (field < 0) {
		say(why, tr("表里没有 %s 这一栏, 已忽略"), buf_str(&place));
	} else if (e->form->fields[field].type == FIELD_REPEAT) {
		for (one = json_first(m); one != NULL; one = json_next(one)) {
			buf_clear(&text);
			buf_printf(&text, "%s%s[%d]/", prefix, json_key(m), ++number);
			load_object(e, buf_str(&text), one, why);
		}
	} else if (e->form->fields[field].type == FIELD_GROUP) {
		load_object(e, prefix, m, why);
	} else {
		scalar_text(m, &text);
		yes_no(&e->form->fields[field], m, &text);
		if (entry_set_place(e, buf_str(&place), buf_str(&text)) == ERR_NOT_FOUND)
			say(why, tr("%s 放错了层次, 已忽略"), buf_str(&place));
	}
	buf_fini(&place);
	buf_fini(&text);
}

static void load_object(struct entry *e, const char *prefix, const json *object, struct buf *why)
{
	const json *m;

	if (json_type(object) != JSON_OBJECT) {
		say(why, tr("%s 应该是一个对象, 已忽略"), prefix);
		return;
	}
	for (m = json_first(object); m != NULL; m = json_next(m))
		load_member(e, prefix, m, why);
}

/* Whether the order in which answers come means nothing: no rule waits for one to change, no
 * repetition begins with what was computed before it. */
static bool order_is_free(const struct form *form)
{
	size_t i;
	int up;

	for (i = 0; i < form->count; i++) {
		if (form->fields[i].trigger != NULL)
			return false;
		for (up = form->fields[i].parent; up >= 0; up = form->fields[up].parent)
			if (form->fields[up].type == FIELD_REPEAT &&
				form->fields[i].dynamic_default != NULL)
				return false;
	}
	return true;
}

enum err entry_load_object(struct entry *e, const json *root, struct buf *why)
{
	if (json_type(root) != JSON_OBJECT) {
		buf_why(why, "%s", tr("答案应该是一个 JSON 对象: 栏名对应填的内容"));
		return ERR_INVALID;
	}
	e->loading = order_is_free(e->form);
	if (!e->loading) /* what comes before that on which it depends finds its place the second
			    time */
		load_object(e, "", root, NULL);
	load_object(e, "", root, why);
	entry_drop_untouched(e);
	if (e->loading || e->reshaped) {
		e->loading = false;
		entry_recompute(e, -1);
	}
	return OK;
}

enum err entry_load(struct entry *e, const char *json_text, size_t len_bytes, struct buf *why)
{
	json *root = NULL;
	enum err result = json_parse(&root, json_text, len_bytes, why);

	if (result == OK)
		result = entry_load_object(e, root, why);
	json_free(root);
	return result;
}

/* ---- what was given and does not stand ---- */

static void given_object(struct entry *e, const char *prefix, const json *object, struct buf *why);

/* What the form itself puts there, appended; nothing when it leaves that to others. */
static void own_value(struct entry *e, struct node *n, const struct field *f, struct buf *out)
{
	if (f->default_text != NULL)
		entry_normalise(e, f, f->default_text, out);
	else if (f->dynamic_default != NULL)
		entry_value(e, f->dynamic_default, n, out);
}

/* A sentence of the place, what stands in the form and what was given, numbers masked. */
static void say_given(struct entry *e, const struct node *n, const char *fmt, const char *place,
	const char *stands, const char *given, struct buf *why)
{
	struct buf a = {0}, b = {0};

	entry_value_text(e, n, stands, true, &a);
	entry_value_text(e, n, given, true, &b);
	buf_adds(why, why->len > 0 ? "\n" : "");
	buf_printf(why, fmt, place, buf_str(&a), buf_str(&b));
	buf_fini(&a);
	buf_fini(&b);
}

static void given_value(
	struct entry *e, const char *place, struct node *n, const char *given, struct buf *why)
{
	const struct field *f = entry_field(e, n);
	const bool stands = strcmp(n->value, given) == 0;
	struct buf own = {0};

	if (given[0] != '\0' && (!n->relevant || f->type == FIELD_NOTE)) {
		say(why, tr("%s 在这种情况下不填, 给的没有用"), place);
	} else if (f->calculation != NULL && !stands && n->value[0] == '\0') {
		say(why, tr("%s 由表算出, 现在算出来是空的, 给的没有用"), place);
	} else if (f->calculation != NULL && !stands) {
		say_given(e, n, tr("%s 由表算出, 是 %s; 给的 %s 没有用"), place, n->value, given,
			why);
	} else if (!stands) {
		say_given(e, n, tr("%s 现在是 %s, 给的 %s 没有用"), place, n->value, given, why);
	} else if (f->calculation == NULL && entry_readonly(e, n)) {
		own_value(e, n, f, &own);
		if (own.len > 0 && strcmp(buf_str(&own), given) != 0)
			say_given(e, n, tr("%s 是只读的, 表里写的是 %s; 按给的 %s 收下"), place,
				buf_str(&own), given, why);
	}
	buf_fini(&own);
}

/* Repetitions in which nothing was answered are gone: then it is not known which is which. */
static void given_repeat(struct entry *e, const char *prefix, const json *list, struct buf *why)
{
	struct buf place = {0};
	size_t count = json_count(list), number = 0;

	buf_printf(&place, "%s%s[%zu]", prefix, json_key(list), count);
	if (count > 0 && entry_find(e, place.data) != NULL)
		for (const json *one = json_first(list); one != NULL; one = json_next(one)) {
			buf_clear(&place);
			buf_printf(&place, "%s%s[%zu]/", prefix, json_key(list), ++number);
			given_object(e, place.data, one, why);
		}
	buf_fini(&place);
}

static void given_member(struct entry *e, const char *prefix, const json *m, struct buf *why)
{
	int field = form_find(e->form, json_key(m));
	const struct field *f = field >= 0 ? &e->form->fields[field] : NULL;
	struct buf place = {0}, text = {0}, given = {0};
	struct node *n;

	buf_printf(&place, "%s%s", prefix, json_key(m));
	if (f != NULL && f->type == FIELD_REPEAT) {
		given_repeat(e, prefix, m, why);
	} else if (f != NULL && f->type == FIELD_GROUP) {
		given_object(e, prefix, m, why);
	} else if (f != NULL && (n = entry_find(e, place.data)) != NULL && n->value != NULL) {
		scalar_text(m, &text);
		yes_no(f, m, &text);
		entry_normalise(e, f, buf_str(&text), &given);
		given_value(e, place.data, n, buf_str(&given), why);
	}
	buf_fini(&place);
	buf_fini(&text);
	buf_fini(&given);
}

static void given_object(struct entry *e, const char *prefix, const json *object, struct buf *why)
{
	const json *m;

	if (json_type(object) == JSON_OBJECT)
		for (m = json_first(object); m != NULL; m = json_next(m))
			given_member(e, prefix, m, why);
}

void entry_given(struct entry *e, const json *answers, struct buf *why)
{
	given_object(e, "", answers, why);
}
