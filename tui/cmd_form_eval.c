#include "tui/cmd.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "forms/expr.h"
#include "forms/expr_number.h"

/* One JSON value; numbers that JSON has no word for are strings. */
static void put_value(const struct value *v, struct buf *out)
{
	struct buf text = {0};

	if (v->type == VALUE_NUMBER && isfinite(v->as.number)) {
		json_put_num(out, v->as.number);
	} else if (v->type == VALUE_BOOLEAN) {
		buf_adds(out, v->as.boolean ? "true" : "false");
	} else {
		value_string(v, &text);
		json_put_strn(out, buf_str(&text), text.len);
	}
	buf_fini(&text);
}

/* A path alone asks for what only a form has; within an expression it is a question not answered.
 */
static enum err want_value(struct value *v, struct buf *why)
{
	if (v->type != VALUE_NODES)
		return OK;
	value_fini(v);
	buf_adds(why, tr("这里没有表单，路径和 ${字段} 没有所指；请在表单里使用这条规则"));
	return ERR_INVALID;
}

/* Appends the value of one expression, or {"error": …} and false. */
static bool eval_one(const char *text, struct buf *out)
{
	const struct expr_env env = {.clock = &clock_system, .no_form = true};
	struct buf why = {0};
	struct expr *e = NULL;
	struct value v;
	size_t at = 0;
	enum err err = expr_compile_lenient(&e, text, &at, &why);

	if (!err)
		err = expr_eval(e, &env, NULL, &v, &why);
	if (!err)
		err = want_value(&v, &why);
	if (err) {
		buf_addc(out, '{');
		json_member_str(out, "error", buf_str(&why));
		if (!e) {
			json_member_int(out, "at", (int64_t)at);
		}
		buf_addc(out, '}');
	} else {
		put_value(&v, out);
		value_fini(&v);
	}
	buf_addc(out, '\n');
	expr_free(e);
	buf_fini(&why);
	return !err;
}

/* Each line of stdin. An empty line is an empty expression: refused, so that lines stay in step. */
static void eval_lines(FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	struct buf out = {0};

	while ((len = getline(&line, &cap, in)) > 0) {
		while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
			line[--len] = '\0';
		buf_clear(&out);
		eval_one(line, &out);
		fwrite(out.data, 1, out.len, stdout);
	}
	free(line);
	buf_fini(&out);
}

/* The C library takes a zone that it does not know for UTC: better to say so. */
static bool use_zone(const char *name)
{
	const char *folder = getenv("TZDIR");
	struct buf path = {0};
	bool known;

	buf_printf(&path, "%s/%s", folder ? folder : "/usr/share/zoneinfo", name);
	/* what is no file may still be POSIX's own form: CST-8 */
	known = name[0] && name[0] != '/' && !strstr(name, "..") &&
		(access(path.data, R_OK) == 0 || strcmp(name, "UTC") == 0 ||
			(strlen(name) < 30 && !strchr(name, '/') && strpbrk(name, "0123456789")));
	buf_fini(&path);
	if (!known) {
		fprintf(stderr, tr("没有时区“%s”；请写 Asia/Shanghai 这样的名字\n"), name);
		return false;
	}
	setenv("TZ", name, 1);
	tzset();
	return true;
}

/* A refusal fails a single expression; of many, each line says it for itself. */
int cmd_form_eval(int argc, char **argv)
{
	struct buf out = {0};
	bool good = true;
	int i = 1;

	if (i + 1 < argc && strcmp(argv[i], "--tz") == 0) {
		if (!use_zone(argv[i + 1]))
			return EXIT_USAGE;
		i += 2;
	}
	if (i + 1 != argc)
		return cmd_usage(tr("form eval [--tz 时区] 表达式|-"));
	if (strcmp(argv[i], "-") == 0) {
		eval_lines(stdin);
	} else {
		good = eval_one(argv[i], &out);
		fwrite(out.data, 1, out.len, stdout);
	}
	buf_fini(&out);
	return good ? EXIT_DONE : EXIT_REFUSED;
}
