#include "core/central/commands.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/central/admin.h"
#include "core/central/backoffice.h"
#include "core/central/commands_backup.h"
#include "core/central/commands_call.h"
#include "core/central/commands_case.h"
#include "core/central/commands_move.h"
#include "core/central/letters_import.h"

/* ---- import ---- */

struct source {
	FILE *file;
	long long bytes;
	bool show;
};

static ssize_t read_file(void *arg, char *out, size_t room)
{
	struct source *s = arg;
	size_t n = fread(out, 1, room, s->file);

	s->bytes += (long long)n;
	if (s->show) {
		fputc('\r', stderr);
		fprintf(stderr, tr("已读 %lld KiB"), s->bytes >> 10);
	}
	return n == 0 && ferror(s->file) ? -1 : (ssize_t)n;
}

static void print_bad_lines(const json *root)
{
	const json *line = json_first(json_get(root, "lines"));

	for (; line != NULL; line = json_next(line))
		fprintf(stderr, tr("第 %lld 行: %s\n"), (long long)json_get_int(line, "line", 0),
			json_get_str(line, "reason"));
}

static int import(const char *dir, char **words)
{
	struct source source = {.show = isatty(STDERR_FILENO)};
	struct admin_request r = {
		.method = "POST", .path = "/admin/catalogue", .more = read_file, .arg = &source};
	json *root = NULL;
	int code;

	if (!command_words(words, 1, 1))
		return command_usage(tr("import 文件|-"));
	source.file = command_open(words[0], &code);
	if (source.file == NULL)
		return code;
	code = command_call(dir, &r, &root);
	if (source.show)
		fputs("\r\033[K", stderr);
	if (source.file != stdin)
		fclose(source.file);
	if (code == EXIT_DONE) {
		print_bad_lines(root);
		printf(tr("导入 %lld 个事项, %lld 行没有收; 目录现有 %lld 个事项, 版本 %s\n"),
			(long long)json_get_int(root, "taken", 0),
			(long long)json_get_int(root, "bad", 0),
			(long long)json_get_int(root, "matters", 0), json_get_str(root, "version"));
		if (json_get_int(root, "bad", 0) > 0)
			code = EXIT_REFUSED;
	}
	json_free(root);
	return code;
}

/* ---- stations ---- */

static int station_add(const char *dir, char **words)
{
	bool renew = command_flag(words, "--renew");
	struct buf body = {0};
	char until[COMMAND_MOMENT_SIZE];
	json *root = NULL;
	int code;

	if (!command_words(words, 1, 1))
		return command_usage(tr("station add 名称 [--renew]"));
	buf_addc(&body, '{');
	json_member_str(&body, "name", words[0]);
	buf_printf(&body, ",\"renew\":%s}", renew ? "true" : "false");
	code = command_call_with(dir, "/admin/stations", &body, &root);
	if (code == EXIT_DONE) {
		/* The code alone on stdout: scripts take it. */
		printf("%s\n", json_get_str(root, "code"));
		fprintf(stderr,
			tr("在那台窗口机上运行: yimen enrol 中心地址 接入码 (一次有效, 到 %s)\n"),
			command_moment(json_get_str(root, "until"), until));
	}
	json_free(root);
	buf_fini(&body);
	return code;
}

static void print_station(const json *row)
{
	const char *enrolled = json_get_str(row, "enrolled_at");
	char when[COMMAND_MOMENT_SIZE];

	command_put(json_get_str(row, "name"));
	printf("\t%s\n", enrolled != NULL ? command_moment(enrolled, when) : tr("未登记"));
}

static int station_revoke(const char *dir, char **words)
{
	struct buf path = {0};
	struct admin_request r = {.method = "DELETE"};
	int code;

	if (!command_words(words, 1, 1))
		return command_usage(tr("station revoke 名称"));
	buf_adds(&path, "/admin/stations/");
	command_escape(&path, words[0]);
	r.path = path.data;
	code = command_call(dir, &r, NULL);
	buf_fini(&path);
	return code;
}

static int station_list(const char *dir, char **words)
{
	bool as_json = command_flag(words, "--json");

	if (!command_words(words, 0, 0))
		return command_usage("station list [--json]");
	return command_print_lines(
		dir, "/admin/stations", as_json ? NULL : print_station, tr("还没有登记窗口机。"));
}

static int station(const char *dir, char **words)
{
	if (words[0] != NULL && strcmp(words[0], "add") == 0)
		return station_add(dir, words + 1);
	if (words[0] != NULL && strcmp(words[0], "list") == 0)
		return station_list(dir, words + 1);
	if (words[0] != NULL && strcmp(words[0], "revoke") == 0)
		return station_revoke(dir, words + 1);
	return command_usage(tr("station add|list|revoke …"));
}

/* ---- notices ---- */

static int notice(const char *dir, char **words)
{
	struct buf body = {0};
	int code;

	if (!command_words(words, 1, 1))
		return command_usage(tr("notice 文字"));
	buf_addc(&body, '{');
	json_member_str(&body, "text", words[0]);
	buf_addc(&body, '}');
	code = command_call_with(dir, "/admin/notices", &body, NULL);
	buf_fini(&body);
	return code;
}

/* ---- evaluations ---- */

static void print_evaluation(const json *row)
{
	static const char *const members[] = {
		"project_no", "satisfaction", "cause", "station", "window", "operator"};
	char when[COMMAND_MOMENT_SIZE];
	size_t i;

	fputs(command_moment(json_get_str(row, "at"), when), stdout);
	for (i = 0; i < sizeof members / sizeof *members; i++) {
		putchar('\t');
		command_put(json_get_str(row, members[i]));
	}
	putchar('\n');
}

static int evaluation(const char *dir, char **words)
{
	bool as_json = command_flag(words, "--json");

	if (!command_words(words, 1, 1) || strcmp(words[0], "list") != 0)
		return command_usage("evaluation list [--json]");
	return command_print_lines(
		dir, "/admin/evaluations", as_json ? NULL : print_evaluation, tr("还没有评价。"));
}

/* ---- letters ---- */

static int letters(const char *dir, char **words)
{
	if (!command_words(words, 2, 2) || strcmp(words[0], "import") != 0)
		return command_usage(tr("letters import 文件|-"));
	return letters_import(dir, words[1]);
}

/* ---- the demo back office ---- */

static bool take_count(char **words, const char *name, long most, int *out)
{
	const char *text = command_flag_value(words, name);
	char *end;
	long n;

	if (text == NULL)
		return true;
	n = strtol(text, &end, 10);
	if (*end != '\0' || n < 1 || n > most)
		return false;
	*out = (int)n;
	return true;
}

static int backoffice(const char *dir, char **words)
{
	struct backoffice_options o = {.seed = 1, .speed = 1, .day_s = 86400, .wait_s = 30};
	int seed = 1;
	bool good;

	o.rules = command_flag_value(words, "--rules");
	o.once = command_flag(words, "--once");
	o.quiet = command_flag(words, "--quiet");
	good = take_count(words, "--seed", 1000000000, &seed) &&
	       take_count(words, "--speed", 100000, &o.speed) &&
	       take_count(words, "--day", 10000000, &o.day_s) &&
	       take_count(words, "--wait", 86400, &o.wait_s) && command_words(words, 0, 0);
	o.seed = (uint64_t)seed;
	if (!good)
		return command_usage(tr(
			"backoffice [--rules 文件] [--seed 数] [--speed 倍] [--day 秒] [--wait 秒]"
			" [--once] [--quiet]"));
	return backoffice_run(dir, &o);
}

int commands_run(const char *dir, char **words)
{
	static const struct {
		const char *name;
		int (*run)(const char *dir, char **words);
	} table[] = {{"import", import}, {"station", station}, {"case", commands_case},
		{"notice", notice}, {"evaluation", evaluation}, {"letters", letters},
		{"backoffice", backoffice}, {"move", commands_move}, {"backup", commands_backup}};
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].name, words[0]) == 0)
			return table[i].run(dir, words + 1);
	fprintf(stderr, tr("没有命令 %s。可用的命令:\n"), words[0]);
	return command_usage(
		"import|station|case|notice|evaluation|letters|backoffice|move|backup …");
}
