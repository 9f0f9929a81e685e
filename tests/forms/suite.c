#include "tests/forms/suite.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

#define FOLDER "tests/forms/conformance/"

struct exclusion {
	char *text;
	bool used;
};

struct suite {
	const char *name;
	struct exclusion *exclusions;
	size_t count;
	int passed, excluded, failed;
};

/* Undoes the escapes of one cell in place. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s != '\\' || !s[1]) {
			*to++ = *s;
			continue;
		}
		s++;
		*to++ = *s == 't' ? '\t' : *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s;
	}
	*to = '\0';
}

static void split(char *line, char *cell[SUITE_CELLS_MAX])
{
	static char nothing[1];
	int count = 0;

	line[strcspn(line, "\r\n")] = '\0';
	for (char *at = line; at && count < SUITE_CELLS_MAX; count++) {
		char *tab = strchr(at, '\t');

		if (tab)
			*tab = '\0';
		cell[count] = at;
		unescape(at);
		at = tab ? tab + 1 : NULL;
	}
	for (; count < SUITE_CELLS_MAX; count++)
		cell[count] = nothing;
}

static void read_table(struct suite *s, const char *name,
	void (*each)(struct suite *s, char *cell[SUITE_CELLS_MAX], int line))
{
	struct buf path = {0};
	char *line = NULL, *cell[SUITE_CELLS_MAX];
	size_t cap = 0;
	int number = 0;
	bool titles = true;
	FILE *in;

	buf_printf(&path, FOLDER "%s.tsv", name);
	in = fopen(path.data, "r");
	if (!in) {
		perror(path.data);
		exit(2);
	}
	while (getline(&line, &cap, in) > 0) {
		number++;
		if (strncmp(line, "# ", 2) == 0)
			continue;
		if (!titles) {
			split(line, cell);
			each(s, cell, number);
		}
		titles = false;
	}
	free(line);
	fclose(in);
	buf_fini(&path);
}

static void add_exclusion(struct suite *s, char *cell[SUITE_CELLS_MAX], int line)
{
	(void)line;
	if (strcmp(cell[0], s->name) != 0)
		return;
	s->exclusions = mem_resize(s->exclusions, s->count + 1, sizeof *s->exclusions);
	s->exclusions[s->count++] = (struct exclusion){mem_strdup(cell[1]), false};
}

struct suite *suite_open(const char *name)
{
	struct suite *s = mem_alloc(sizeof *s);

	s->name = name;
	read_table(s, "exclusions", add_exclusion);
	return s;
}

void suite_rows(
	struct suite *s, void (*each)(struct suite *s, char *cell[SUITE_CELLS_MAX], int line))
{
	read_table(s, s->name, each);
}

/* "name()" means every text in which name( stands as a word. */
static bool calls(const char *text, const char *exclusion)
{
	size_t len = strlen(exclusion);

	if (len < 3 || strcmp(exclusion + len - 2, "()") != 0)
		return false;
	for (const char *at = text; (at = strchr(at, exclusion[0])); at++)
		if (strncmp(at, exclusion, len - 1) == 0 &&
			(at == text || !strchr("abcdefghijklmnopqrstuvwxyz-:", at[-1])))
			return true;
	return false;
}

bool suite_excluded(struct suite *s, const char *text)
{
	for (size_t i = 0; i < s->count; i++) {
		struct exclusion *x = &s->exclusions[i];

		if (strcmp(x->text, text) != 0 && !calls(text, x->text))
			continue;
		x->used = true;
		s->excluded++;
		return true;
	}
	return false;
}

void suite_passed(struct suite *s)
{
	s->passed++;
}

void suite_failed(struct suite *s, const char *fmt, ...)
{
	va_list ap;

	s->failed++;
	printf("# %s: ", s->name);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

int suite_close(struct suite *s)
{
	static int number;
	int failed;

	for (size_t i = 0; i < s->count; i++) {
		if (!s->exclusions[i].used)
			suite_failed(s, "exclusion without a case: %s", s->exclusions[i].text);
		free(s->exclusions[i].text);
	}
	failed = s->failed;
	printf("%s %d - %s: %d passed, %d excluded, %d failed\n", failed ? "not ok" : "ok",
		++number, s->name, s->passed, s->excluded, s->failed);
	free(s->exclusions);
	free(s);
	return failed;
}
