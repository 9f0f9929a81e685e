/* The expressions of ODK Web Forms and of JavaRosa that need no form. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "forms/expr.h"
#include "forms/regex.h"
#include "tests/forms/suite.h"

enum column {
	COLUMN_TEST,
	COLUMN_TZ,
	COLUMN_KIND,
	COLUMN_EXPECTED,
	COLUMN_EXPR
};

static enum err evaluate(const char *text, struct value *out, struct buf *why)
{
	const struct expr_env env = {.clock = &clock_system, .no_form = true};
	struct expr *e = NULL;
	size_t at;
	enum err err = expr_compile_lenient(&e, text, &at, why);

	if (!err)
		err = expr_eval(e, &env, NULL, out, why);
	if (!err && out->type == VALUE_NODES) { /* as form eval has it */
		value_fini(out);
		buf_adds(why, "a path alone");
		err = ERR_INVALID;
	}
	expr_free(e);
	return err;
}

/* Half a unit of the last decimal that is given, and of the second when none is. */
static double rounding(const char *expected)
{
	const char *point = strchr(expected, '.');
	size_t decimals = point ? strlen(point + 1) : 2;

	return 0.5001 * pow(10, -(double)(decimals > 6 ? 6 : decimals));
}

static bool number_agrees(const struct value *v, const char *expected, double tolerance)
{
	double is = value_number(v), should = strtod(expected, NULL);

	if (isnan(should))
		return isnan(is);
	return is == should || fabs(is - should) <= tolerance;
}

static bool matches(const char *text, const char *pattern)
{
	struct regex *r = NULL;
	bool found = false;

	if (regex_compile(&r, pattern, NULL) == OK)
		regex_search(r, text, &found, NULL);
	regex_free(r);
	return found;
}

static bool agrees(const struct value *v, const char *kind, const char *expected)
{
	struct buf text = {0};
	bool good;

	if (strcmp(kind, "number") == 0)
		return number_agrees(v, expected, 1e-12);
	if (strcmp(kind, "number-rounded") == 0)
		return number_agrees(v, expected, rounding(expected));
	if (strcmp(kind, "boolean") == 0)
		return value_boolean(v) == (strcmp(expected, "true") == 0);
	value_string(v, &text);
	good = strcmp(kind, "string-matches") == 0 ? matches(buf_str(&text), expected)
						   : strcmp(buf_str(&text), expected) == 0;
	buf_fini(&text);
	return good;
}

/* The expression, or "kind: expression", or either with " = expected". */
static bool excluded(struct suite *s, char *cell[SUITE_CELLS_MAX])
{
	struct buf key = {0};
	bool found = suite_excluded(s, cell[COLUMN_EXPR]);

	buf_printf(&key, "%s: %s", cell[COLUMN_KIND], cell[COLUMN_EXPR]);
	found = found || suite_excluded(s, key.data);
	buf_printf(&key, " = %s", cell[COLUMN_EXPECTED]);
	found = found || suite_excluded(s, key.data);
	buf_fini(&key);
	return found;
}

static void one(struct suite *s, char *cell[SUITE_CELLS_MAX], int line)
{
	struct buf why = {0}, got = {0};
	struct value v;
	bool wants_error = strcmp(cell[COLUMN_KIND], "error") == 0;
	enum err err;

	if (excluded(s, cell))
		return;
	setenv("TZ", cell[COLUMN_TZ], 1);
	tzset();
	err = evaluate(cell[COLUMN_EXPR], &v, &why);
	if (err ? wants_error
		: !wants_error && agrees(&v, cell[COLUMN_KIND], cell[COLUMN_EXPECTED])) {
		suite_passed(s);
	} else {
		if (!err)
			value_string(&v, &got);
		suite_failed(s, "line %d: %s: expected %s %s, got %s", line, cell[COLUMN_EXPR],
			cell[COLUMN_KIND], cell[COLUMN_EXPECTED],
			err ? buf_str(&why) : buf_str(&got));
	}
	if (!err)
		value_fini(&v);
	buf_fini(&why);
	buf_fini(&got);
}

int main(void)
{
	static const char *const names[] = {"expressions-odk", "expressions-javarosa"};
	int failed = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct suite *s = suite_open(names[i]);

		suite_rows(s, one);
		failed += suite_close(s);
	}
	return failed ? 1 : 0;
}
