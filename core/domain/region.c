#include "core/domain/region.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/paths.h"

enum {
	FILE_MAX_BYTES = 4 << 20
};

struct row {
	const char *code, *name;
	int first, last; /* 0: not said */
};

/* Read once and kept as long as the program runs: the text, and rows that point into it. */
struct table {
	struct buf text;
	struct row *rows;
	size_t count;
	bool tried;
};

static int year_of(const char *s)
{
	return (int)strtol(s, NULL, 10);
}

/* Cuts one line in place. false: a remark or the header. */
static bool take_line(char *line, struct row *r)
{
	char *name = strchr(line, '\t'), *first, *last;

	if (line[0] < '0' || line[0] > '9' || name == NULL)
		return false;
	*name++ = '\0';
	first = strchr(name, '\t');
	last = first != NULL ? strchr(first + 1, '\t') : NULL;
	if (last == NULL)
		return false;
	*first++ = '\0';
	*last++ = '\0';
	*r = (struct row){line, name, year_of(first), year_of(last)};
	return true;
}

static void read_rows(struct table *t)
{
	char *line = t->text.data, *next;
	struct row r;

	for (; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (!take_line(line, &r))
			continue;
		if ((t->count & (t->count - 1)) == 0)
			t->rows = mem_resize(
				t->rows, t->count > 0 ? t->count * 2 : 1, sizeof *t->rows);
		t->rows[t->count++] = r;
	}
}

static const struct table *history(void)
{
	static struct table t; /* constant once read */
	char *path;

	if (t.tried)
		return &t;
	t.tried = true;
	path = paths_share("data/regions/history.tsv");
	if (paths_read(&t.text, path, FILE_MAX_BYTES) == OK && t.text.len > 0)
		read_rows(&t);
	else
		log_warn("region", "cannot read %s", path);
	free(path);
	return &t;
}

/* The first row of a code that begins with these n digits (rows are sorted by code), or NULL. */
static const struct row *find_first(const struct table *t, const char *digits, size_t n)
{
	size_t low = 0, high = t->count;

	while (low < high) {
		size_t mid = (low + high) / 2;
		if (strncmp(t->rows[mid].code, digits, n) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < t->count && strncmp(t->rows[low].code, digits, n) == 0 ? &t->rows[low] : NULL;
}

static const struct row *find(const struct table *t, const char *six)
{
	return find_first(t, six, 6);
}

bool region_ever(const char *six)
{
	const struct table *t = history();

	return t->count == 0 || find(t, six) != NULL;
}

bool region_is_city(const char *six)
{
	const struct table *t = history();

	return t->count == 0 || find_first(t, six, 4) != NULL;
}

/* How far a year lies from the years of a row. */
static int distance(const struct row *r, int year)
{
	if (r->first == 0)
		return 100;
	return year < r->first ? r->first - year : year > r->last ? year - r->last : 0;
}

const char *region_name(const char *six, int year)
{
	const struct table *t = history();
	const struct row *r = find(t, six), *best = r;

	for (; r != NULL && r < t->rows + t->count && strncmp(r->code, six, 6) == 0; r++)
		if (distance(r, year) < distance(best, year))
			best = r;
	return best != NULL ? best->name : NULL;
}
