/* yimen form eval: one JSON value for one expression, one line for one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "tui/cmd.h"

/* The command with up to three arguments, the first that is NULL ends them. */
static int command(const char *const *arguments)
{
	char *argv[5] = {NULL};
	int argc = 0, code;

	argv[argc++] = mem_strdup("eval");
	while (argc < 4 && arguments[argc - 1])
		argv[argc] = mem_strdup(arguments[argc - 1]), argc++;
	code = cmd_form_eval(argc, argv);
	while (argc > 0)
		free(argv[--argc]);
	return code;
}

/* Runs it with `input` as stdin; out is what it wrote. */
static int run(const char *const *arguments, const char *input, struct buf *out)
{
	FILE *in = tmpfile(), *written = tmpfile();
	int old_in = dup(STDIN_FILENO), old_out = dup(STDOUT_FILENO), code, c;

	assert_non_null(in);
	assert_non_null(written);
	fputs(input, in);
	rewind(in);
	fflush(stdout);
	dup2(fileno(in), STDIN_FILENO);
	dup2(fileno(written), STDOUT_FILENO);
	clearerr(stdin);
	code = command(arguments);
	fflush(stdout);
	dup2(old_in, STDIN_FILENO);
	dup2(old_out, STDOUT_FILENO);
	rewind(written);
	buf_clear(out);
	while ((c = getc(written)) != EOF)
		buf_addc(out, (char)c);
	fclose(in);
	fclose(written);
	close(old_in);
	close(old_out);
	return code;
}

static void test_one(void **state)
{
	static const char *const rows[][2] = {
		{"1 + 1", "2\n"},
		{"1 div 4", "0.25\n"},
		{"1 div 0", "\"Infinity\"\n"},
		{"0 div 0", "\"NaN\"\n"},
		{"1 = 1", "true\n"},
		{"concat('“', '\"', '\n')", "\"“\\\"\\n\"\n"},
		{"if(/data/age > 17, 'adult', 'child')", "\"child\"\n"},
		{"count(../person) + string-length(.)", "0\n"},
		{"coalesce(name, 'none')", "\"none\"\n"},
		{"date(0)", "\"1969-12-31T17:00:00.000-07:00\"\n"},
	};
	const char *arguments[4] = {"--tz", "America/Phoenix"};
	struct buf out = {0};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		arguments[2] = rows[i][0];
		assert_int_equal(run(arguments, "", &out), EXIT_DONE);
		assert_string_equal(buf_str(&out), rows[i][1]);
	}
	buf_fini(&out);
}

static void test_a_refusal_is_json_and_fails(void **state)
{
	static const char *const outside[] = {"/data/age", "age | name", "${age} + 1", "(age)[2]"};
	const char *arguments[4] = {"1 + nonsense()"};
	struct buf out = {0};
	json *j = NULL;

	(void)state;
	assert_int_equal(run(arguments, "", &out), EXIT_REFUSED);
	assert_int_equal(json_parse(&j, out.data, out.len, NULL), OK);
	assert_non_null(strstr(json_get_str(j, "error"), "nonsense"));
	json_free(j);
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		arguments[0] = outside[i];
		assert_int_equal(run(arguments, "", &out), EXIT_REFUSED);
		assert_non_null(strstr(buf_str(&out), "这里没有表单"));
	}
	arguments[0] = "1 + )";
	assert_int_equal(run(arguments, "", &out), EXIT_REFUSED);
	assert_int_equal(json_parse(&j, out.data, out.len, NULL), OK);
	assert_int_equal(json_get_int(j, "at", -1), 4);
	json_free(j);
	buf_fini(&out);
}

static void test_lines_stay_in_step(void **state)
{
	const char *const arguments[4] = {"-"};
	struct buf out = {0};
	int lines = 0;

	(void)state;
	assert_int_equal(run(arguments, "1\n\nbad(\n'x'\r\n2 > 1", &out), EXIT_DONE);
	for (size_t i = 0; i < out.len; i++)
		lines += out.data[i] == '\n';
	assert_int_equal(lines, 5);
	assert_true(strncmp(out.data, "1\n{\"error\":", 11) == 0);
	assert_non_null(strstr(out.data, "}\n\"x\"\ntrue\n"));
	buf_fini(&out);
}

static void test_usage(void **state)
{
	const char *const nothing[4] = {NULL}, *const zone[4] = {"--tz", "UTC"},
			  *const nowhere[4] = {"--tz", "Asia/Nowhere", "1"},
			  *const posix[4] = {"--tz", "CST-8", "date(0)"};
	struct buf out = {0};

	(void)state;
	assert_int_equal(run(nothing, "", &out), EXIT_USAGE);
	assert_int_equal(run(zone, "", &out), EXIT_USAGE);
	assert_int_equal(run(nowhere, "", &out), EXIT_USAGE);
	assert_string_equal(buf_str(&out), "");
	assert_int_equal(run(posix, "", &out), EXIT_DONE);
	assert_string_equal(buf_str(&out), "\"1970-01-01T08:00:00.000+08:00\"\n");
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one),
		cmocka_unit_test(test_a_refusal_is_json_and_fails),
		cmocka_unit_test(test_lines_stay_in_step),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
