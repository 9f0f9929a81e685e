/* The parameters column: which names a type takes, and what their values may be. */
#include "forms/form_build.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"

enum value_kind {
	VALUE_ANY,
	VALUE_NAME,    /* of a column */
	VALUE_PROGRAM, /* as a telephone names one: com.example.camera */
	VALUE_NUMBER,
	VALUE_WHOLE,
	VALUE_COUNT,	/* a whole number from 0 */
	VALUE_PRIORITY, /* of positions */
	VALUE_REASONS,
	VALUE_SEED, /* a number or ${name} */
	VALUE_TRUTH,
	VALUE_LIST /* a list of the choices sheet */
};

struct parameter {
	const char *type; /* the first word of the type cell */
	const char *name;
	enum value_kind kind;
};

/* XLSForm's reference table, "parameters". */
static const struct parameter parameters[] = {
	{"range", "start", VALUE_NUMBER},
	{"range", "end", VALUE_NUMBER},
	{"range", "step", VALUE_NUMBER},
	{"range", "tick_interval", VALUE_NUMBER},
	{"range", "placeholder", VALUE_NUMBER},
	{"range", "tick_labelset", VALUE_LIST},
	{"select", "randomize", VALUE_TRUTH},
	{"select", "seed", VALUE_SEED},
	{"file", "randomize", VALUE_TRUTH},
	{"file", "seed", VALUE_SEED},
	{"file", "value", VALUE_NAME},
	{"file", "label", VALUE_NAME},
	{"text", "rows", VALUE_WHOLE},
	{"image", "max-pixels", VALUE_WHOLE},
	{"image", "app", VALUE_PROGRAM},
	{"drawing", "max-pixels", VALUE_WHOLE},
	{"drawing", "app", VALUE_ANY},
	{"audit", "location-priority", VALUE_PRIORITY},
	{"audit", "location-min-interval", VALUE_COUNT},
	{"audit", "location-max-age", VALUE_COUNT},
	{"audit", "track-changes", VALUE_TRUTH},
	{"audit", "identify-user", VALUE_TRUTH},
	{"audit", "track-changes-reasons", VALUE_REASONS},
};

bool is_decimal(const char *text)
{
	size_t whole, part = 0;

	text += strspn(text, "+-") > 0;
	whole = strspn(text, "0123456789");
	text += whole;
	if (*text == '.') {
		part = strspn(text + 1, "0123456789");
		text += part + 1;
	}
	return whole + part > 0 && *text == '\0';
}

static bool is_whole(const char *text)
{
	return is_decimal(text) && strchr(text, '.') == NULL;
}

/* Words joined by points, at least two, each beginning with a letter. */
static bool is_program(const char *text)
{
	size_t words = 0;

	for (;; text++, words++) {
		size_t n = strcspn(text, ".");
		if (!isalpha((unsigned char)text[0]))
			return false;
		for (size_t i = 0; i < n; i++)
			if (!isalnum((unsigned char)text[i]) && text[i] != '_')
				return false;
		text += n;
		if (*text == '\0')
			return words > 0;
	}
}

static bool is_truth(const char *text)
{
	return strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0;
}

static bool fits(const struct builder *b, enum value_kind kind, const char *text)
{
	size_t n = strlen(text);

	switch (kind) {
	case VALUE_NAME:
		return good_name(text);
	case VALUE_PROGRAM:
		return is_program(text);
	case VALUE_NUMBER:
		return is_decimal(text);
	case VALUE_WHOLE:
		return is_whole(text);
	case VALUE_COUNT:
		return is_whole(text) && strtol(text, NULL, 10) >= 0;
	case VALUE_PRIORITY:
		return strcmp(text, "no-power") == 0 || strcmp(text, "low-power") == 0 ||
		       strcmp(text, "balanced") == 0 || strcmp(text, "high-accuracy") == 0;
	case VALUE_REASONS:
		return strcmp(text, "on-form-edit") == 0;
	case VALUE_SEED:
		return is_decimal(text) ||
		       (n > 3 && strncmp(text, "${", 2) == 0 && text[n - 1] == '}');
	case VALUE_TRUTH:
		return is_truth(text);
	case VALUE_LIST:
		return form_list(b->form, text) != NULL;
	case VALUE_ANY:
		break;
	}
	return n > 0;
}

static const struct parameter *find(const char *type, const char *name)
{
	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
		if (strcmp(parameters[i].type, type) == 0 &&
			strcasecmp(parameters[i].name, name) == 0)
			return &parameters[i];
	return NULL;
}

static void say_known(struct builder *b, int at, const char *type, const char *name)
{
	struct buf known = {0};

	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
		if (strcmp(parameters[i].type, type) == 0)
			buf_printf(&known, " %s", parameters[i].name);
	builder_fault(b, at, tr("parameters 里没有 %s 这一项, 可用:%s"), name, buf_str(&known));
	buf_fini(&known);
}

bool parameters_next(const char **rest, struct buf *name, struct buf *value)
{
	const char *p = *rest + strspn(*rest, " ,;");
	size_t n = strcspn(p, "= ,;");

	buf_clear(name);
	buf_clear(value);
	buf_add(name, p, n);
	p += n + strspn(p + n, " ");
	if (*p == '=') {
		p += 1 + strspn(p + 1, " ");
		n = strcspn(p, " ,;");
		buf_add(value, p, n);
		p += n;
	}
	*rest = p;
	return name->len > 0;
}

/* What parameters mean only together. */
struct together {
	long interval, age; /* -1: not said */
	bool priority, seed, random;
};

static void note_parameter(struct together *t, const char *name, const char *value)
{
	if (strcmp(name, "location-min-interval") == 0)
		t->interval = strtol(value, NULL, 10);
	else if (strcmp(name, "location-max-age") == 0)
		t->age = strtol(value, NULL, 10);
	t->priority = t->priority || strcmp(name, "location-priority") == 0;
	t->seed = t->seed || strcmp(name, "seed") == 0;
	t->random = t->random || (strcmp(name, "randomize") == 0 && strcasecmp(value, "true") == 0);
}

static void check_together(struct builder *b, int at, const struct together *t)
{
	int given = t->priority + (t->interval >= 0) + (t->age >= 0);

	if (given > 0 && given < 3)
		builder_fault(b, at,
			tr("location-priority、location-min-interval、location-max-age 要三样都写"));
	else if (given == 3 && t->age < t->interval)
		builder_fault(b, at, tr("location-max-age 不能小于 location-min-interval"));
	if (t->seed && !t->random)
		builder_fault(b, at, tr("写了 seed 就要写 randomize=true"));
}

bool check_parameters(struct builder *b, const char *type)
{
	struct buf name = {0}, value = {0};
	struct together together = {.interval = -1, .age = -1};
	int at = 0;
	const char *cell = builder_cell(b, COL_PARAMETERS, &at);
	bool good = true;

	while (good && parameters_next(&cell, &name, &value)) {
		const struct parameter *p = find(type, buf_str(&name));
		good = p != NULL && fits(b, p->kind, buf_str(&value));
		if (good)
			note_parameter(&together, p->name, buf_str(&value));
		else if (p == NULL)
			say_known(b, at, type, buf_str(&name));
		else
			builder_fault(b, at, tr("parameters 的 %s 不能是 %s"), p->name,
				value.len > 0 ? buf_str(&value) : "\"\"");
	}
	if (good)
		check_together(b, at, &together);
	buf_fini(&name);
	buf_fini(&value);
	return good;
}
