#include "core/base/conf.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"

struct setting {
	char *value; /* NULL: not set */
	char *source;
};

struct conf {
	const struct conf_key *keys;
	struct setting *settings; /* beside keys */
	size_t count;
};

struct conf *conf_new(const struct conf_key *keys)
{
	struct conf *c = mem_alloc(sizeof *c);

	c->keys = keys;
	while (keys[c->count].name != NULL)
		c->count++;
	c->settings = mem_array(c->count, sizeof *c->settings);
	return c;
}

void conf_free(struct conf *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->count; i++) {
		free(c->settings[i].value);
		free(c->settings[i].source);
	}
	free(c->settings);
	free(c);
}

static size_t find(const struct conf *c, const char *key)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (strcmp(c->keys[i].name, key) == 0)
			break;
	return i;
}

enum err conf_set(struct conf *c, const char *key, const char *value, const char *source)
{
	size_t i = find(c, key);

	if (i == c->count)
		return ERR_NOT_FOUND;
	free(c->settings[i].value);
	free(c->settings[i].source);
	c->settings[i].value = mem_strdup(value);
	c->settings[i].source = mem_strdup(source);
	return OK;
}

/* One line, already without its line end. */
static enum err take_line(struct conf *c, char *line, const char *source, struct buf *why)
{
	char *equals;

	text_trim(line);
	if (line[0] == '\0' || line[0] == '#')
		return OK;
	equals = strchr(line, '=');
	if (equals == NULL) {
		buf_why(why, tr("%s: 这一行要写成 名称 = 值, 或以 # 开头"), source);
		return ERR_INVALID;
	}
	*equals = '\0';
	text_trim(line);
	text_trim(equals + 1);
	if (conf_set(c, line, equals + 1, source) != OK) {
		buf_why(why, tr("%s: 没有叫 %s 的设置, 请用 yimen doctor 查看可用的名称"), source,
			line);
		return ERR_INVALID;
	}
	return OK;
}

enum err conf_read(struct conf *c, const char *path, struct buf *why)
{
	struct buf text = {0}, source = {0}, fault = {0};
	enum err e = paths_read(&text, path, 1 << 20), result = OK;
	char *line, *next;
	int number = 0;

	if (e == ERR_NOT_FOUND) {
		buf_fini(&text);
		return OK;
	}
	for (line = text.data; e == OK && line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		buf_clear(&source);
		buf_printf(&source, "%s:%d", path, ++number);
		if (take_line(c, line, buf_str(&source), &fault) != OK) {
			result = ERR_INVALID;
			if (why != NULL)
				buf_printf(why, "%s%s", why->len > 0 ? "\n" : "", fault.data);
		}
	}
	if (e != OK)
		buf_why(why, tr("读不了设置文件 %s: %s"), path, err_text(e));
	buf_fini(&text);
	buf_fini(&source);
	buf_fini(&fault);
	return e != OK ? e : result;
}

void conf_environment(struct conf *c)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		struct buf name = {0};
		const char *at, *value;
		buf_adds(&name, "YIMEN_");
		for (at = c->keys[i].name; *at != '\0'; at++)
			buf_addc(&name, isalnum((unsigned char)*at)
						? (char)toupper((unsigned char)*at)
						: '_');
		value = getenv(name.data);
		if (value != NULL)
			conf_set(c, c->keys[i].name, value, name.data);
		buf_fini(&name);
	}
}

const char *conf_get(const struct conf *c, const char *key)
{
	size_t i = find(c, key);

	if (i == c->count)
		return NULL;
	return c->settings[i].value != NULL ? c->settings[i].value : c->keys[i].fallback;
}

long conf_get_long(const struct conf *c, const char *key, long absent)
{
	const char *s = conf_get(c, key);
	char *end;
	long n;

	if (s == NULL || *s == '\0')
		return absent;
	n = strtol(s, &end, 10);
	return *end == '\0' ? n : absent;
}

bool conf_get_bool(const struct conf *c, const char *key)
{
	static const char *const yes[] = {"1", "yes", "true", "on", "是"};
	const char *s = conf_get(c, key);
	size_t i;

	for (i = 0; s != NULL && i < sizeof yes / sizeof yes[0]; i++)
		if (strcmp(s, yes[i]) == 0)
			return true;
	return false;
}

bool conf_is_set(const struct conf *c, const char *key)
{
	size_t i = find(c, key);

	return i < c->count && c->settings[i].source != NULL;
}

const char *conf_source(const struct conf *c, const char *key)
{
	size_t i = find(c, key);

	return i < c->count && c->settings[i].source != NULL ? c->settings[i].source
							     : tr("程序默认");
}
