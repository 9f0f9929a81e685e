#include "core/domain/workday.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/domain/statutory.h"

enum {
	FIRST_YEAR = 1990,
	LAST_YEAR = 2100,
	FILE_MAX_BYTES = 1 << 20,
	FARTHEST_DAYS = 400 * 366
};

struct special {
	int32_t day;
	bool work;
	char *name;
};

struct calendar {
	struct special *days; /* sorted by day */
	size_t count;
	bool known[LAST_YEAR - FIRST_YEAR + 1];
};

static int by_day(const void *a, const void *b)
{
	const struct special *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

static void note_year(struct calendar *c, int year)
{
	if (year >= FIRST_YEAR && year <= LAST_YEAR)
		c->known[year - FIRST_YEAR] = true;
}

/* "2026-01-04 TAB work TAB 元旦补班". false: not understood. */
static bool take_line(struct calendar *c, char *line)
{
	char *kind = strchr(line, '\t'), *name;
	struct date d;

	if (line[0] == '#' || line[0] == '\0' || strncmp(line, "date\t", 5) == 0)
		return true;
	if (kind == NULL)
		return false;
	*kind++ = '\0';
	name = strchr(kind, '\t');
	if (name != NULL)
		*name++ = '\0';
	if (!date_parse(line, &d) || (strcmp(kind, "off") != 0 && strcmp(kind, "work") != 0))
		return false;
	c->days = mem_resize(c->days, c->count + 1, sizeof *c->days);
	c->days[c->count++] = (struct special){
		date_to_day(d), kind[0] == 'w', mem_strdup(name != NULL ? name : "")};
	note_year(c, d.year);
	return true;
}

static enum err read_file(struct calendar *c, const char *path, struct buf *why)
{
	struct buf text = {0};
	enum err e = paths_read(&text, path, FILE_MAX_BYTES);
	char *line = text.data, *next;
	int number = 0;

	for (; e == OK && line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		number++;
		if (!take_line(c, line)) {
			buf_why(why, tr("%s:%d: 要写成 日期 TAB off 或 work TAB 名称"), path,
				number);
			e = ERR_INVALID;
		}
	}
	buf_fini(&text);
	return e;
}

enum err calendar_open(struct calendar **out, const char *folder, struct buf *why)
{
	struct calendar *c = mem_alloc(sizeof *c);
	const struct dirent *entry;
	DIR *d = opendir(folder);
	enum err e = d != NULL ? OK : ERR_NOT_FOUND;

	while (e == OK && (entry = readdir(d)) != NULL) {
		size_t n = strlen(entry->d_name);
		char *path;
		if (n <= 4 || entry->d_name[0] == '.' || strcmp(entry->d_name + n - 4, ".tsv") != 0)
			continue;
		path = paths_join(folder, entry->d_name);
		e = read_file(c, path, why);
		free(path);
	}
	if (d != NULL)
		closedir(d);
	if (e != OK) {
		calendar_free(c);
		return e;
	}
	if (c->count > 1)
		qsort(c->days, c->count, sizeof *c->days, by_day);
	*out = c;
	return OK;
}

const struct calendar *calendar_shipped(void)
{
	static struct calendar *c; /* constant once read */
	char *folder;

	if (c != NULL)
		return c;
	folder = paths_share("data/calendars");
	if (calendar_open(&c, folder, NULL) != OK) {
		log_warn("workday", "cannot read %s", folder);
		c = mem_alloc(sizeof *c);
	}
	free(folder);
	return c;
}

void calendar_free(struct calendar *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->count; i++)
		free(c->days[i].name);
	free(c->days);
	free(c);
}

static const struct special *find(const struct calendar *c, int32_t day)
{
	const struct special key = {.day = day};

	return c->count > 0 ? bsearch(&key, c->days, c->count, sizeof key, by_day) : NULL;
}

/* 0 Sunday … 6 Saturday; 1970-01-01 was a Thursday. */
static int weekday(int32_t day)
{
	int w = (int)((day + 4) % 7);

	return w < 0 ? w + 7 : w;
}

static bool has_table(const struct calendar *c, int year)
{
	return year >= FIRST_YEAR && year <= LAST_YEAR && c->known[year - FIRST_YEAR];
}

/* The name of a day that is off by law in a year without a table; NULL: it is none. */
static const char *by_law(const struct calendar *c, int32_t day)
{
	struct date d = date_from_day(day);

	return has_table(c, d.year) ? NULL : statutory_day(d);
}

bool calendar_is_work(const struct calendar *c, int32_t day)
{
	const struct special *s = find(c, day);
	int w = weekday(day);

	if (s == NULL && by_law(c, day) != NULL)
		return false;
	return s != NULL ? s->work : w != 0 && w != 6;
}

const char *calendar_why(const struct calendar *c, int32_t day)
{
	static const char *const names[7] = {N_("星期日"), N_("星期一"), N_("星期二"), N_("星期三"),
		N_("星期四"), N_("星期五"), N_("星期六")};
	const struct special *s = find(c, day);
	const char *law = by_law(c, day);

	if (s == NULL && law != NULL)
		return tr(law);
	return s != NULL && s->name[0] != '\0' ? s->name : tr(names[weekday(day)]);
}

bool calendar_provisional(const struct calendar *c, int32_t day)
{
	return !has_table(c, date_from_day(day).year) && by_law(c, day) == NULL;
}

int32_t calendar_add(const struct calendar *c, int32_t day, int n)
{
	int step = n < 0 ? -1 : 1;
	int32_t walked = 0;

	if (n == 0) {
		while (!calendar_is_work(c, day) && walked++ < FARTHEST_DAYS)
			day++;
		return day;
	}
	while (n != 0 && walked++ < FARTHEST_DAYS) {
		day += step;
		if (calendar_is_work(c, day))
			n -= step;
	}
	return day;
}

int32_t calendar_count(const struct calendar *c, int32_t a, int32_t b)
{
	int32_t low = a < b ? a : b, high = a < b ? b : a, day, n = 0;

	for (day = low; day <= high; day++)
		n += calendar_is_work(c, day);
	return a <= b ? n : -n;
}

int32_t calendar_due(
	const struct calendar *c, int32_t start_day, int limit, char unit, int suspended)
{
	int32_t due = unit == 'Z' ? start_day + limit
		      : limit > 0 ? calendar_add(c, start_day, limit)
				  : calendar_add(c, start_day, 0);

	return suspended > 0 ? calendar_add(c, due, suspended) : due;
}
