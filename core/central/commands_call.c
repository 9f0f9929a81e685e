#include "core/central/commands_call.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/central/admin.h"

/* The word that makes the call a wrong one, as command_words found it; NULL: none does. */
static const char *wrong_word;

static bool is_option(const char *word)
{
	return strncmp(word, "--", 2) == 0 && word[2] != '\0';
}

static bool is_in(const char *expected, const char *option)
{
	size_t len = strlen(option);
	const char *at = strstr(expected, option);

	while (at != NULL && (isalnum((unsigned char)at[len]) || at[len] == '-'))
		at = strstr(at + 1, option);
	return at != NULL;
}

int command_usage(const char *expected)
{
	if (wrong_word != NULL && *wrong_word == '\0')
		fputs(tr("有一个词是空的: 是不是脚本里的变量没有值?\n"), stderr);
	else if (wrong_word != NULL && is_in(expected, wrong_word))
		fprintf(stderr, tr("选项 %s 后面没有值, 或写了两次。\n"), wrong_word);
	else if (wrong_word != NULL)
		fprintf(stderr, tr("没有选项 %s。\n"), wrong_word);
	fprintf(stderr, tr("用法: yimen-central --data 目录 %s\n"), expected);
	return EXIT_USAGE;
}

/* The option of this name; NULL: it is not there. Behind -- there are none. */
static char **find_option(char **words, const char *name)
{
	for (; *words != NULL && strcmp(*words, "--") != 0; words++)
		if (strcmp(*words, name) == 0)
			return words;
	return NULL;
}

static void take_out(char **at)
{
	for (; *at != NULL; at++)
		at[0] = at[1];
}

bool command_flag(char **words, const char *name)
{
	char **at = find_option(words, name);

	if (at != NULL)
		take_out(at);
	return at != NULL;
}

const char *command_flag_note(char **words, const char *name)
{
	char **at = find_option(words, name);
	const char *value = at != NULL ? at[1] : NULL;

	if (value == NULL || is_option(value))
		return NULL;
	take_out(at);
	take_out(at);
	return value;
}

const char *command_flag_value(char **words, const char *name)
{
	char **at = find_option(words, name);

	return at != NULL && at[1] != NULL && *at[1] != '\0' ? command_flag_note(words, name)
							     : NULL;
}

bool command_words(char **words, size_t least, size_t most)
{
	size_t count = 0;

	for (wrong_word = NULL; words[count] != NULL && strcmp(words[count], "--") != 0; count++)
		if (wrong_word == NULL && (*words[count] == '\0' || is_option(words[count])))
			wrong_word = words[count];
	if (words[count] != NULL)
		take_out(words + count);
	while (words[count] != NULL)
		count++;
	return wrong_word == NULL && count >= least && count <= most;
}

void command_put(const char *s)
{
	struct buf b = {0};

	text_clean(&b, s != NULL ? s : "", s != NULL ? strlen(s) : 0);
	fputs(buf_str(&b), stdout);
	buf_fini(&b);
}

const char *command_moment(const char *iso, char out[COMMAND_MOMENT_SIZE])
{
	int64_t ms;

	if (iso == NULL || !clock_parse_iso(iso, &ms))
		return "-";
	return clock_format(ms, "%Y-%m-%d %H:%M", out, COMMAND_MOMENT_SIZE);
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
	const json *wrong = NULL;
	const char *sentence = NULL;

	if (json_parse(&root, buf_str(answer), answer->len, NULL) == OK) {
		sentence = json_get_str(root, "detail");
		if (sentence == NULL)
			sentence = json_get_str(root, "title");
		wrong = json_first(json_get(root, "errors"));
	}
	fprintf(stderr, "%s\n", sentence != NULL ? sentence : tr("中心没有接受"));
	for (; wrong != NULL; wrong = json_next(wrong)) {
		const char *more = json_get_str(wrong, "detail");
		if (more != NULL && (sentence == NULL || strcmp(more, sentence) != 0))
			fprintf(stderr, "  %s\n", more);
	}
	json_free(root);
	return EXIT_REFUSED;
}

/* Calls; on success 0 with the parsed answer in *root (may be NULL: not wanted). */
int command_call(const char *dir, struct admin_request *r, json **root)
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

int command_call_with(const char *dir, const char *path, const struct buf *body, json **root)
{
	struct letter_body source = {buf_str(body), body->len};
	struct admin_request r = {
		.method = "POST", .path = path, .more = give_body, .arg = &source};

	return command_call(dir, &r, root);
}

/* Appends s percent-encoded. */
void command_escape(struct buf *b, const char *s)
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
	size_t shown;
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
		l->shown++;
		json_free(row);
		start = end + 1;
	}
	len_bytes = l->held.len - (size_t)(start - l->held.data);
	memmove(l->held.data, start, len_bytes + 1);
	l->held.len = len_bytes;
}

int command_print_lines(
	const char *dir, const char *path, void (*each)(const json *row), const char *none)
{
	struct lines lines = {.each = each};
	struct admin_request r = {
		.method = "GET", .path = path, .piece = take_piece, .arg = &lines};
	int code = command_call(dir, &r, NULL);

	if (code == EXIT_DONE && each != NULL && lines.shown == 0)
		fprintf(stderr, "%s\n", none);
	buf_fini(&lines.held);
	return code;
}

FILE *command_open(const char *file, int *code)
{
	struct buf why = {0};
	enum err e = OK;
	FILE *f = stdin;

	if (strcmp(file, "-") != 0) {
		e = paths_look_file(file, &why);
		f = e == OK ? fopen(file, "re") : NULL;
	}
	if (e == OK && f == NULL) {
		e = ERR_DENIED;
		buf_why(&why, tr("打不开 %s: %s"), file, err_cause(errno));
	}
	if (f == NULL)
		fprintf(stderr, "%s\n", buf_str(&why));
	*code = err_exit(e);
	buf_fini(&why);
	return f;
}
