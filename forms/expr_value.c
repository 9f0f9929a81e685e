/* Values and their conversions (XPath 1.0 §4, with ODK's number() of a date). */
#include "forms/expr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "forms/expr_number.h"
#include "forms/expr_time.h"
#include "forms/fn.h"
#include "forms/instance.h"

void value_fini(struct value *v)
{
	if (v->type == VALUE_STRING)
		free(v->as.string);
	else if (v->type == VALUE_NODES)
		free(v->as.set.nodes);
	v->type = VALUE_BOOLEAN;
	v->as.boolean = false;
}

void str_fini(struct str *s)
{
	free(s->own);
	s->own = NULL;
	s->s = "";
}

bool node_hidden(const struct node *n)
{
	for (; n; n = n->parent)
		if (!n->relevant)
			return true;
	return false;
}

void node_str(const struct node *n, struct str *out)
{
	struct buf b = {0};

	out->own = NULL;
	out->s = "";
	if (n->value) {
		if (!node_hidden(n))
			out->s = n->value;
		return;
	}
	node_text(n, &b);
	out->s = out->own = buf_take(&b);
}

int shown_bytes(const char *s)
{
	size_t len = strlen(s), at = 0;
	uint32_t cp;

	for (int i = 0; i < 20 && at < len; i++)
		at += text_decode(s + at, len - at, &cp);
	return (int)at;
}

double text_number(const struct expr_env *env, const char *s)
{
	size_t len = strlen(s);
	double n = number_read(s, len);
	int64_t utc_ms;

	/* the shortest date is longer than most answers, and has its dash where no number has one
	 */
	if (isnan(n) && len >= 10 && s[4] == '-' && time_read(env, s, &utc_ms))
		return (double)utc_ms / TIME_DAY_MS;
	return n;
}

static double first_number(const struct value *v)
{
	struct str s;
	double n;

	if (v->as.set.count == 0)
		return NAN;
	node_str(v->as.set.nodes[0], &s);
	n = text_number(NULL, s.s);
	str_fini(&s);
	return n;
}

double value_number(const struct value *v)
{
	switch (v->type) {
	case VALUE_NUMBER:
		return v->as.number;
	case VALUE_BOOLEAN:
		return v->as.boolean ? 1 : 0;
	case VALUE_STRING:
		return text_number(NULL, v->as.string);
	case VALUE_NODES:
		return first_number(v);
	}
	return NAN;
}

static bool first_filled(const struct value *v)
{
	struct str s;
	bool filled;

	if (v->as.set.count == 0)
		return false;
	node_str(v->as.set.nodes[0], &s);
	filled = s.s[0] != '\0';
	str_fini(&s);
	return filled;
}

bool value_boolean(const struct value *v)
{
	switch (v->type) {
	case VALUE_NUMBER:
		return v->as.number != 0 && !isnan(v->as.number);
	case VALUE_BOOLEAN:
		return v->as.boolean;
	case VALUE_STRING:
		return v->as.string[0] != '\0';
	case VALUE_NODES:
		return first_filled(v);
	}
	return false;
}

void value_string(const struct value *v, struct buf *out)
{
	switch (v->type) {
	case VALUE_NUMBER:
		number_write(out, v->as.number);
		break;
	case VALUE_BOOLEAN:
		buf_adds(out, v->as.boolean ? "true" : "false");
		break;
	case VALUE_STRING:
		buf_adds(out, v->as.string);
		break;
	case VALUE_NODES:
		if (v->as.set.count > 0)
			node_text(v->as.set.nodes[0], out);
		break;
	}
}

enum err put_number(struct value *out, double n)
{
	out->type = VALUE_NUMBER;
	out->as.number = n;
	return OK;
}

enum err put_boolean(struct value *out, bool b)
{
	out->type = VALUE_BOOLEAN;
	out->as.boolean = b;
	return OK;
}

enum err put_string(struct value *out, const char *s)
{
	out->type = VALUE_STRING;
	out->as.string = mem_strdup(s);
	return OK;
}

enum err put_bytes(struct value *out, const char *s, size_t len_bytes)
{
	out->type = VALUE_STRING;
	out->as.string = mem_strndup(s, len_bytes);
	return OK;
}

enum err put_buf(struct value *out, struct buf *b)
{
	out->type = VALUE_STRING;
	out->as.string = buf_take(b);
	return OK;
}
