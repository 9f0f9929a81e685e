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
#include "core/base/text.h"
#include "core/central/admin.h"
#include "core/central/letters_import.h"
#include "core/domain/lifecycle.h"

/* ---- common ---- */

static int usage(const char *expected)
{
	fprintf(stderr, tr("用法: yimen-central --data 目录 %s\n"), expected);
	return EXIT_USAGE;
}

/* Takes a flag out of the words; true when it was there. */
static bool flag(char **words, const char *name)
{
	for (; *words != NULL; words++) {
		if (strcmp(*words, name) != 0)
			continue;
		for (; *words != NULL; words++)
			words[0] = words[1];
		return true;
	}
	return false;
}

/* The same with a value; NULL: not there. */
static const char *flag_value(char **words, const char *name)
{
	for (; *words != NULL; words++) {
		const char *value = words[1];
		if (strcmp(*words, name) != 0 || value == NULL)
			continue;
		for (; words[1] != NULL; words++)
			words[0] = words[2];
		return value;
	}
	return NULL;
}

static void put_clean(const char *s)
{
	struct buf b = {0};

	text_clean(&b, s != NULL ? s : "", s != NULL ? strlen(s) : 0);
	fputs(buf_str(&b), stdout);
	buf_fini(&b);
}

/* A body that is already there. */
struct letter_body {
	const char *data;
	size_t len;
};

static ssize_t give_body(void *arg, char *out, size_t room)
{
	struct letter_body *b = arg;
	size_t n = b->len < room ? b->len : room;

	memcpy(out, b->data, n);
	b->data += n;
	b->len -= n;
	return (ssize_t)n;
}

static int refused(const struct buf *answer)
{
	json *root = NULL;
	const char *sentence = NULL;

	if (json_parse(&root, buf_str(answer), answer->len, NULL) == OK) {
		sentence = json_get_str(root, "detail");
		if (sentence == NULL)
			sentence = json_get_str(root, "title");
	}
	fprintf(stderr, "%s\n", sentence != NULL ? sentence : tr("中心没有接受"));
	json_free(root);
	return EXIT_REFUSED;
}

/* Calls; on success 0 with the parsed answer in *root (may be NULL: not wanted). */
static int call(const char *dir, struct admin_request *r, json **root)
{
	struct buf answer = {0}, why = {0};
	int status = 0, code = EXIT_DONE;
	enum err e = admin_call(dir, r, &status, &answer, &why);

	if (e != OK) {
		fprintf(stderr, "%s\n", why.len > 0 ? why.data : err_text(e));
		code = e == ERR_STATE ? EXIT_REFUSED : EXIT_ENV;
	} else if (status >= 500) {
		refused(&answer);
		code = EXIT_ENV;
	} else if (status >= 300) {
		code = refused(&answer);
	} else if (root != NULL && json_parse(root, buf_str(&answer), answer.len, &why) != OK) {
		fprintf(stderr, "%s\n", buf_str(&why));
		code = EXIT_ENV;
	}
	buf_fini(&answer);
	buf_fini(&why);
	return code;
}

static int call_with(const char *dir, const char *path, const struct buf *body, json **root)
{
	struct letter_body source = {buf_str(body), body->len};
	struct admin_request r = {
		.method = "POST", .path = path, .more = give_body, .arg = &source};

	return call(dir, &r, root);
}

/* Appends s percent-encoded. */
static void put_escaped(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || strchr("-._~", c) != NULL;
		if (plain)
			buf_addc(b, (char)c);
		else
			buf_printf(b, "%%%02X", c);
	}
}

/* Lines of a streamed answer, one at a time. */
struct lines {
	struct buf held;
	void (*each)(const json *row);
};

static void take_piece(void *arg, const char *data, size_t len_bytes)
{
	struct lines *l = arg;
	char *start, *end;

	if (l->each == NULL) {
		fwrite(data, 1, len_bytes, stdout);
		return;
	}
	buf_add(&l->held, data, len_bytes);
	start = l->held.data;
	while ((end = strchr(start, '\n')) != NULL) {
		json *row = NULL;
		if (json_parse(&row, start, (size_t)(end - start), NULL) == OK)
			l->each(row);
		json_free(row);
		start = end + 1;
	}
	len_bytes = l->held.len - (size_t)(start - l->held.data);
	memmove(l->held.data, start, len_bytes + 1);
	l->held.len = len_bytes;
}

static int print_lines(const char *dir, const char *path, void (*each)(const json *row))
{
	struct lines lines = {.each = each};
	struct admin_request r = {
		.method = "GET", .path = path, .piece = take_piece, .arg = &lines};
	int code = call(dir, &r, NULL);

	buf_fini(&lines.held);
	return code;
}

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
	if (s->show)
		fprintf(stderr, tr("\r已读 %lld KiB"), s->bytes >> 10);
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

	if (words[0] == NULL || words[1] != NULL)
		return usage(tr("import 文件|-"));
	source.file = strcmp(words[0], "-") == 0 ? stdin : fopen(words[0], "re");
	if (source.file == NULL) {
		fprintf(stderr, tr("打不开 %s: %s\n"), words[0], strerror(errno));
		return EXIT_ENV;
	}
	code = call(dir, &r, &root);
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
	bool renew = flag(words, "--renew");
	struct buf body = {0};
	json *root = NULL;
	int code;

	if (words[0] == NULL || words[1] != NULL)
		return usage(tr("station add 名称 [--renew]"));
	buf_addc(&body, '{');
	json_member_str(&body, "name", words[0]);
	buf_printf(&body, ",\"renew\":%s}", renew ? "true" : "false");
	code = call_with(dir, "/admin/stations", &body, &root);
	if (code == EXIT_DONE) {
		/* The code alone on stdout: scripts take it. */
		printf("%s\n", json_get_str(root, "code"));
		fprintf(stderr,
			tr("在那台窗口机上运行: yimen enrol 中心地址 登记码 (一次有效, 到 %s)\n"),
			json_get_str(root, "until"));
	}
	json_free(root);
	buf_fini(&body);
	return code;
}

static void print_station(const json *row)
{
	const char *enrolled = json_get_str(row, "enrolled_at");

	put_clean(json_get_str(row, "name"));
	printf("\t%s\n", enrolled != NULL ? enrolled : tr("未登记"));
}

static int station_revoke(const char *dir, char **words)
{
	struct buf path = {0};
	struct admin_request r = {.method = "DELETE"};
	int code;

	if (words[0] == NULL || words[1] != NULL)
		return usage(tr("station revoke 名称"));
	buf_adds(&path, "/admin/stations/");
	put_escaped(&path, words[0]);
	r.path = path.data;
	code = call(dir, &r, NULL);
	buf_fini(&path);
	return code;
}

static int station(const char *dir, char **words)
{
	if (words[0] != NULL && strcmp(words[0], "add") == 0)
		return station_add(dir, words + 1);
	if (words[0] != NULL && strcmp(words[0], "list") == 0)
		return print_lines(
			dir, "/admin/stations", flag(words, "--json") ? NULL : print_station);
	if (words[0] != NULL && strcmp(words[0], "revoke") == 0)
		return station_revoke(dir, words + 1);
	return usage(tr("station add|list|revoke …"));
}

/* ---- cases ---- */

static void print_case(const json *row)
{
	struct buf name = {0};
	const char *applyer = json_get_str(row, "applyer_name");

	text_mask(&name, applyer != NULL ? applyer : "", 1, 0);
	put_clean(json_get_str(row, "project_no"));
	printf("\t%s\t", case_state_label_of(json_get_str(row, "state")));
	put_clean(buf_str(&name));
	putchar('\t');
	put_clean(json_get_str(row, "task_name"));
	putchar('\n');
	buf_fini(&name);
}

static void print_member(const json *root, const char *key, const char *label)
{
	const char *value = json_get_str(root, key);

	if (value == NULL)
		return;
	printf("%s: ", label);
	put_clean(value);
	putchar('\n');
}

static void print_history(const json *root)
{
	const json *e = json_first(json_get(root, "history"));

	for (; e != NULL; e = json_next(e)) {
		printf("  %s  %s  ", json_get_str(e, "at"),
			case_state_label_of(json_get_str(e, "state")));
		put_clean(json_get_str(e, "kind"));
		putchar(' ');
		put_clean(json_get_str(e, "note"));
		putchar('\n');
	}
}

static void print_whole_case(const json *root)
{
	struct buf name = {0};
	const char *applyer = json_get_str(root, "applyer_name");

	text_mask(&name, applyer != NULL ? applyer : "", 1, 0);
	print_member(root, "project_no", tr("办件编号"));
	print_member(root, "state_label", tr("状态"));
	print_member(root, "task_name", tr("事项"));
	print_member(root, "task_code", tr("事项编码"));
	printf("%s: ", tr("申请人"));
	put_clean(buf_str(&name));
	putchar('\n');
	print_member(root, "local_receipt", tr("窗口回执号"));
	print_member(root, "received_at", tr("收件时间"));
	print_history(root);
	buf_fini(&name);
}

static int case_show(const char *dir, char **words)
{
	bool as_json = flag(words, "--json");
	struct buf path = {0};
	struct admin_request r = {.method = "GET"};
	json *root = NULL;
	struct buf text = {0};
	int code;

	if (words[0] == NULL || words[1] != NULL)
		return usage(tr("case show 编号 [--json]"));
	buf_adds(&path, "/admin/cases/");
	put_escaped(&path, words[0]);
	r.path = path.data;
	code = call(dir, &r, &root);
	if (code == EXIT_DONE && as_json) {
		json_write(&text, root);
		puts(buf_str(&text));
	} else if (code == EXIT_DONE) {
		print_whole_case(root);
	}
	json_free(root);
	buf_fini(&text);
	buf_fini(&path);
	return code;
}

static int case_advance(const char *dir, char **words)
{
	const char *note = flag_value(words, "--note");
	struct buf path = {0}, body = {0};
	json *root = NULL;
	int code;

	if (words[0] == NULL || (words[1] != NULL && words[2] != NULL))
		return usage(tr("case advance 编号 [状态] [--note 说明]"));
	buf_adds(&path, "/admin/cases/");
	put_escaped(&path, words[0]);
	buf_adds(&path, "/advance");
	buf_addc(&body, '{');
	json_member_str(&body, "state", words[1]);
	json_member_str(&body, "note", note);
	buf_addc(&body, '}');
	code = call_with(dir, path.data, &body, &root);
	if (code == EXIT_DONE)
		printf("%s\t%s\t%s\n", json_get_str(root, "project_no"),
			json_get_str(root, "state"), json_get_str(root, "state_label"));
	json_free(root);
	buf_fini(&path);
	buf_fini(&body);
	return code;
}

static int cases(const char *dir, char **words)
{
	if (words[0] != NULL && strcmp(words[0], "list") == 0) {
		bool as_json = flag(words, "--json");
		if (words[1] != NULL)
			return usage(tr("case list [--json]"));
		return print_lines(dir, "/admin/cases", as_json ? NULL : print_case);
	}
	if (words[0] != NULL && strcmp(words[0], "show") == 0)
		return case_show(dir, words + 1);
	if (words[0] != NULL && strcmp(words[0], "advance") == 0)
		return case_advance(dir, words + 1);
	return usage(tr("case list|show|advance …"));
}

/* ---- notices ---- */

static int notice(const char *dir, char **words)
{
	struct buf body = {0};
	int code;

	if (words[0] == NULL || words[1] != NULL)
		return usage(tr("notice 文字"));
	buf_addc(&body, '{');
	json_member_str(&body, "text", words[0]);
	buf_addc(&body, '}');
	code = call_with(dir, "/admin/notices", &body, NULL);
	buf_fini(&body);
	return code;
}

/* ---- letters ---- */

static int letters(const char *dir, char **words)
{
	if (words[0] == NULL || strcmp(words[0], "import") != 0 || words[1] == NULL ||
		words[2] != NULL)
		return usage(tr("letters import 文件|-"));
	return letters_import(dir, words[1]);
}

int commands_run(const char *dir, char **words)
{
	static const struct {
		const char *name;
		int (*run)(const char *dir, char **words);
	} table[] = {{"import", import}, {"station", station}, {"case", cases}, {"notice", notice},
		{"letters", letters}};
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].name, words[0]) == 0)
			return table[i].run(dir, words + 1);
	return usage("import|station|case|notice|letters …");
}
