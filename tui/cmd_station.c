#include "tui/cmd_station.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tui/cmd.h"
#include "tui/cmd_values.h"

enum {
	INPUT_MAX_BYTES = 64 << 20
};

static bool usage_asked;

void cmd_usage_asked(void)
{
	usage_asked = true;
}

static char **given; /* the command's words, closed by NULL */

void cmd_words(char **words)
{
	given = words;
}

/* Where it stands in the usage, behind its name; NULL: it does not. */
static const char *after(const char *usage, const char *option)
{
	size_t len = strlen(option);
	const char *at = strstr(usage, option);

	while (at != NULL && (isalnum((unsigned char)at[len]) || at[len] == '-'))
		at = strstr(at + 1, option);
	return at != NULL ? at + len : NULL;
}

static bool is_option(const char *word)
{
	return word[0] == '-' &&
	       (word[1] == '-' ? word[2] != '\0' : isalpha((unsigned char)word[1]));
}

static bool takes_value(const char *behind)
{
	return behind[0] == ' ' && strchr("[]| (", behind[1]) == NULL;
}

/* Of all that can be wrong with a line what is easily overlooked. */
static void name_wrong_option(const char *usage)
{
	for (char **word = given; word != NULL && *word != NULL; word++) {
		const char *behind;
		if (**word == '\0' && word > given && strncmp(word[-1], "--", 2) != 0) {
			fputs(tr("有一个词是空的: 是不是脚本里的变量没有值?\n"), stderr);
			return;
		}
		if (!is_option(*word))
			continue;
		behind = after(usage, *word);
		if (behind == NULL)
			fprintf(stderr, tr("没有选项 %s。\n"), *word);
		else if (takes_value(behind) && cmd_is_no_value(word[1]))
			fprintf(stderr, tr("选项 %s 后面没有值。\n"), *word);
		else
			continue;
		return;
	}
}

int cmd_usage(const char *usage)
{
	if (!usage_asked)
		name_wrong_option(usage);
	fprintf(usage_asked ? stdout : stderr, tr("用法: yimen %s\n"), usage);
	return usage_asked ? EXIT_DONE : EXIT_USAGE;
}

int cmd_refuse(enum err e, const struct buf *why)
{
	fprintf(stderr, "%s\n", why != NULL && why->len > 0 ? why->data : err_text(e));
	return err_exit(e);
}

void cmd_say_none(size_t shown, bool as_json, const char *sentence)
{
	if (shown == 0 && !as_json)
		fprintf(stderr, "%s\n", sentence);
}

static enum err open_all(struct cmd_station *s, bool with_catalogue, struct buf *why)
{
	enum err e = paths_home(&s->home, why);
	char *path;

	if (e != OK)
		return e;
	path = paths_join(s->home, "yimen.log");
	log_open(path, LOG_LEVEL_INFO);
	free(path);
	if (settings_load(&s->conf, s->home, why) != OK) {
		fprintf(stderr, "%s\n", buf_str(why)); /* the good lines are in force */
		buf_clear(why);
	}
	e = store_open(&s->store, s->home, &clock_system, &entropy_system, why);
	if (e != OK || !with_catalogue)
		return e;
	path = paths_join(s->home, "catalogue.db");
	e = catalogue_open(&s->catalogue, path, clock_day(store_now_ms(s->store)), why);
	free(path);
	return e;
}

enum err cmd_station_open(struct cmd_station *s, bool with_catalogue)
{
	struct buf why = {0};
	enum err e;

	*s = (struct cmd_station){0};
	e = open_all(s, with_catalogue, &why);
	if (e != OK) {
		cmd_refuse(e, &why);
		cmd_station_close(s);
	}
	buf_fini(&why);
	return e;
}

/* OK, or why the last read failed. */
static enum err unread;

void cmd_tell_unread(unsigned count, const enum err *why)
{
	if (count == 0 || unread != OK)
		return;
	unread = *why;
	fprintf(stderr, tr("有的数据没有读出来 (%s): 以上结果不全, 请再执行一次。\n"),
		err_text(*why));
}

int cmd_station_code(int code)
{
	return code == EXIT_DONE ? (int)err_exit(unread) : code;
}

void cmd_station_close(struct cmd_station *s)
{
	enum err why = OK;

	if (s->store != NULL)
		cmd_tell_unread(store_unread(s->store, &why), &why);
	if (s->catalogue != NULL)
		cmd_tell_unread(catalogue_unread(s->catalogue, &why), &why);
	catalogue_close(s->catalogue);
	store_close(s->store);
	conf_free(s->conf);
	free(s->home);
	log_close();
	*s = (struct cmd_station){0};
}

static enum err read_stdin(struct buf *out)
{
	char chunk[16384];
	ssize_t n;

	while ((n = read(STDIN_FILENO, chunk, sizeof chunk)) > 0) {
		if (out->len + (size_t)n > INPUT_MAX_BYTES)
			return ERR_INVALID;
		buf_add(out, chunk, (size_t)n);
	}
	return n == 0 ? OK : ERR_IO;
}

static enum err read_named(const char *name, struct buf *out, struct buf *why)
{
	enum err e = paths_look_file(name, why);

	if (e != OK)
		return e;
	e = paths_read(out, name, INPUT_MAX_BYTES);
	if (e == ERR_INVALID)
		buf_why(why, tr("读不了 %s: 超过 %d MB, 请检查是不是拿错了。"), name,
			INPUT_MAX_BYTES >> 20);
	else if (e != OK)
		buf_why(why, tr("读不了 %s: %s"), name, err_text(e));
	return e;
}

enum err cmd_read_input(const char *name, struct buf *out, struct buf *why)
{
	enum err e;

	if (strcmp(name, "-") != 0)
		return read_named(name, out, why);
	e = read_stdin(out);
	if (e == ERR_INVALID)
		buf_why(why, tr("标准输入超过 %d MB, 请检查是不是拿错了。"), INPUT_MAX_BYTES >> 20);
	else if (e != OK)
		buf_why(why, "%s", tr("读不了标准输入。请检查前面的命令, 或写文件名。"));
	return e;
}

enum err cmd_read_object(const char *name, const char *expected, json **out, struct buf *why)
{
	const char *called = strcmp(name, "-") == 0 ? tr("标准输入") : name;
	struct buf text = {0}, cause = {0};
	json *object = NULL;
	enum err e = cmd_read_input(name, &text, why);

	if (e == OK && strspn(buf_str(&text), " \t\r\n") == text.len) {
		buf_why(why, tr("%s 是空的。%s"), called, expected);
		e = ERR_INVALID;
	} else if (e == OK && json_parse(&object, buf_str(&text), text.len, &cause) != OK) {
		buf_why(why, tr("%s 读不懂: %s。%s"), called, buf_str(&cause), expected);
		e = ERR_INVALID;
	} else if (e == OK && json_type(object) != JSON_OBJECT) {
		buf_why(why, tr("%s 读不懂。%s"), called, expected);
		json_free(object);
		e = ERR_INVALID;
	}
	buf_fini(&text);
	buf_fini(&cause);
	if (e == OK)
		*out = object;
	return e;
}
