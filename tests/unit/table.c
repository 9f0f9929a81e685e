#include "tests/unit/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void unescape(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s != '\\' || s[1] == '\0') {
			*to++ = *s;
			continue;
		}
		s++;
		*to++ = *s == 't' ? '\t' : *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s;
	}
	*to = '\0';
}

static void split(char *line, struct table_row *row)
{
	static char nothing[] = "";
	char *cell = line, *next;

	row->count = 0;
	while (cell != NULL && row->count < TABLE_CELLS_MAX) {
		next = strchr(cell, '\t');
		if (next != NULL)
			*next++ = '\0';
		unescape(cell);
		row->cell[row->count++] = cell;
		cell = next;
	}
	for (size_t i = row->count; i < TABLE_CELLS_MAX; i++)
		row->cell[i] = nothing;
}

/* From the top folder, or else beside the program: TOP/build/tests/unit/PROGRAM. */
static FILE *open_table(const char *name)
{
	char program[512] = "", path[600];
	ssize_t n;
	FILE *f;
	int up;

	snprintf(path, sizeof path, "tests/unit/data/%s", name);
	f = fopen(path, "r");
	n = readlink("/proc/self/exe", program, sizeof program - 1);
	for (up = 0; up < 4 && n > 0 && strrchr(program, '/') != NULL; up++)
		*strrchr(program, '/') = '\0';
	snprintf(path, sizeof path, "%s/tests/unit/data/%s", program, name);
	if (f == NULL)
		f = fopen(path, "r");
	if (f == NULL) {
		fprintf(stderr,
			"tests/unit/data/%s is not there: start the test in the top folder\n",
			name);
		exit(1);
	}
	return f;
}

int table_each(const char *name, void (*each)(const struct table_row *row))
{
	char *line = NULL;
	struct table_row row = {0};
	size_t cap = 0;
	ssize_t n;
	int rows = 0;
	FILE *f = open_table(name);

	while ((n = getline(&line, &cap, f)) >= 0) {
		row.line++;
		line[strcspn(line, "\n")] = '\0';
		if (row.line == 1 || strncmp(line, "# ", 2) == 0 || line[0] == '\0')
			continue;
		split(line, &row);
		each(&row);
		rows++;
	}
	free(line);
	fclose(f);
	return rows;
}
