/* Whole screens kept as text, and compared with it. */
#include "tests/screens/term_private.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One sign for the attributes of a cell: a name a reader can guess. */
static char look_of(const VTermScreenCell *cell)
{
	bool colour = !VTERM_COLOR_IS_DEFAULT_FG(&cell->fg);
	int fg = colour && VTERM_COLOR_IS_INDEXED(&cell->fg) ? cell->fg.indexed.idx % 8 : -1;
	bool back = !VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);

	if (cell->attrs.reverse)
		return cell->attrs.bold ? 'R' : 'r';
	if (back)
		return 'T'; /* the title row */
	if (cell->attrs.underline)
		return cell->attrs.bold ? 'U' : 'u';
	/* On a blank neither colour nor weight is seen: what is left of the text before does not
	 * count. */
	if (cell->chars[0] == 0 || cell->chars[0] == ' ')
		return '.';
	if (fg >= 0)
		return (char)((cell->attrs.bold ? 'A' : 'a') + fg);
	return cell->attrs.bold ? '*' : '.';
}

/* "2026年11月8日" becomes "0000年00月00日". It has not the same width each day, so that where it
 * stands alone it begins its row. */
static void mask_date_in_words(char *s)
{
	static const char masked[] = "0000年00月00日";
	char *year = strstr(s, "年"), *from = s, *end, rest[ROW_BYTES];
	int month, day, n = 0;

	if (!year || year - s < 4 || sscanf(year, "年%2d月%2d日%n", &month, &day, &n) != 2 ||
		n == 0)
		return;
	end = year + n;
	year -= 4;
	if (strspn(s, " ") < (size_t)(year - s))
		from = year;
	snprintf(rest, sizeof(rest), "%s", end);
	snprintf(from, ROW_BYTES - (size_t)(from - s), "%s%s", masked, rest);
}

/* Digits of times and dates become 0, so that a screen is the same at any hour. */
static void mask_times(char *s)
{
	mask_date_in_words(s);
	for (char *p = s; *p; p++)
		if (p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' &&
			(p[2] == ':' || p[2] == '-') && p[3] >= '0' && p[3] <= '9' && p[4] >= '0' &&
			p[4] <= '9' && !(p[5] >= '0' && p[5] <= '9') &&
			!(p > s && p[-1] >= '0' && p[-1] <= '9'))
			p[0] = p[1] = p[3] = p[4] = '0';
}

static void looks_of_row(struct term *t, int row, char *out)
{
	for (int col = 0; col < t->cols; col++) {
		VTermScreenCell cell = term_cell_at(t, row, col);
		/* The right half of a wide character looks as its left half, whatever stood there.
		 */
		out[col] = cell.chars[0] == (uint32_t)-1 && col > 0 ? out[col - 1] : look_of(&cell);
	}
	out[t->cols] = '\0';
	for (int col = t->cols - 1; col >= 0 && out[col] == '.'; col--)
		out[col] = '\0';
}

/* The screen as the golden file has it: rows, a rule, looks, the cursor. */
char *term_render(struct term *t)
{
	size_t size = (size_t)t->rows * (ROW_BYTES + COLS_MAX + 2) + 64, n = 0;
	char *out = malloc(size), looks[COLS_MAX + 1];
	VTermPos at;

	for (int row = 0; row < t->rows; row++) {
		term_row(t, row);
		mask_times(t->row);
		n += (size_t)snprintf(out + n, size - n, "%s\n", t->row);
	}
	n += (size_t)snprintf(out + n, size - n, "----\n");
	for (int row = 0; row < t->rows; row++) {
		looks_of_row(t, row, looks);
		n += (size_t)snprintf(out + n, size - n, "%s\n", looks);
	}
	vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &at);
	snprintf(out + n, size - n, "cursor %d %d\n", at.row, at.col);
	return out;
}

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *out;
	size_t n;

	if (!f)
		return NULL;
	out = malloc(1 << 18);
	n = fread(out, 1, (1 << 18) - 1, f);
	out[n] = '\0';
	fclose(f);
	return out;
}

static bool is_golden(struct term *t, const void *want)
{
	char *have = term_render(t);
	bool same = strcmp(have, want) == 0;

	free(have);
	return same;
}

static void print_difference(const char *want, const char *have)
{
	for (int line = 0; *want || *have; line++) {
		size_t a = strcspn(want, "\n"), b = strcspn(have, "\n");
		if (a != b || memcmp(want, have, a) != 0)
			fprintf(stderr, "%3d -|%.*s\n    +|%.*s\n", line, (int)a, want, (int)b,
				have);
		want += a + (want[a] == '\n');
		have += b + (have[b] == '\n');
	}
}

void term_golden(struct term *t, const char *name)
{
	char path[256], *want, *have;
	int64_t deadline = term_now_ms() + DEADLINE_MS;

	snprintf(path, sizeof(path), "tests/screens/golden/%s", name);
	if (getenv("YIMEN_UPDATE_GOLDEN")) {
		FILE *f;
		term_rest(t, 400);
		have = term_render(t);
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(have, f);
		fclose(f);
		free(have);
		return;
	}
	want = read_file(path);
	if (!want)
		fail_msg("there is no %s; YIMEN_UPDATE_GOLDEN=1 writes it", path);
	while (!is_golden(t, want)) {
		int64_t left = deadline - term_now_ms();
		if (left <= 0 || (!term_pump(t, (int)left) && t->ended)) {
			have = term_render(t);
			print_difference(want, have);
			free(have);
			free(want);
			fail_msg("the screen is not that of %s", path);
		}
	}
	free(want);
}
