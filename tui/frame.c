#include "tui/frame.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/glyph.h"
#include "tui/screen.h"
#include "tui/widget_pager.h"

enum {
	MESSAGE_ROWS_MAX = 3
};

static const enum command pages[] = {
	CMD_GO_TODAY, CMD_GO_FIND, CMD_GO_CASES, CMD_GO_OUTBOX, CMD_GO_COUNTS};

int screen_bottom(const struct canvas *c)
{
	return canvas_rows(c) - FRAME_BELOW - (canvas_cols(c) < FULL_COLS ? 1 : 0);
}

static void draw_title(struct canvas *c, const struct frame *f)
{
	int cols = canvas_cols(c), from;
	struct buf title = {0};
	bool room = glyph_cols(f->title) + glyph_cols(f->whose) + 4 <= cols;

	canvas_fill(c, 0, 0, cols, ROLE_TITLE);
	from = canvas_right(c, 0, cols / 4, cols - 1, ROLE_TITLE, room ? f->whose : f->whose_brief);
	glyph_fit(&title, f->title, from - 3);
	canvas_put(c, 0, 1, from - 3, ROLE_TITLE, buf_str(&title));
	buf_fini(&title);
}

static const char *page_name(size_t i)
{
	return trc("key", command_info(pages[i])->name);
}

static void draw_pages(struct canvas *c, const struct frame *f)
{
	int cols = canvas_cols(c), col = 1, end, all = 1, gap;
	const char *help = f->typing == TYPING_TEXT ? tr("Ctrl-X 命令") : tr("?帮助  :命令");

	if (f->page == CMD_QUIT)
		return;
	end = canvas_right(c, 1, 0, cols - 1, ROLE_NAV, help);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		all += 1 + glyph_cols(page_name(i)) + 3;
	gap = all <= end ? 3 : 2; /* nearer to one another before the last of them goes */
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		char text[64];
		snprintf(text, sizeof(text), "%zu%s", i + 1, page_name(i));
		if (col + glyph_cols(text) + 2 > end)
			break;
		col += canvas_put(
			c, 1, col, end - col, pages[i] == f->page ? ROLE_NAV_ON : ROLE_NAV, text);
		col += gap;
	}
}

/* The way out and the way to help stay when others go. */
static bool stays(enum command c)
{
	return c == CMD_BACK || c == CMD_HELP || c == CMD_QUIT || c == CMD_LEAVE;
}

static const char *keys_of(enum command c, enum typing typing)
{
	if (c == CMD_HELP && typing == TYPING_TEXT)
		return "F1"; /* ? is text there */
	return tr(command_info(c)->keys_text);
}

/* The columns of an act and of its key, without what parts it from the next. */
static int key_cols(enum command c, enum typing typing)
{
	return glyph_cols(keys_of(c, typing)) + 1 + glyph_cols(trc("key", command_info(c)->name));
}

/* Of those that stay (or not): as many as fit from col up to end. Returns where the next begins. */
static int draw_keys(struct canvas *c, int row, int col, int end, const struct frame *f, bool those)
{
	for (size_t i = 0; i < f->command_count; i++) {
		enum command command = f->commands[i];
		const char *keys = keys_of(command, f->typing);

		if (stays(command) != those || !*keys)
			continue;
		if (col + key_cols(command, f->typing) > end)
			continue;
		col += canvas_put(c, row, col, end - col, ROLE_KEY, keys) + 1;
		col += canvas_put(
			c, row, col, end - col, ROLE_TEXT, trc("key", command_info(command)->name));
		col += 2;
	}
	return col;
}

void frame_keys(struct canvas *c, int row, int end, const struct frame *f)
{
	int kept = 0, col;

	for (size_t i = 0; i < f->command_count; i++)
		if (stays(f->commands[i]))
			kept += key_cols(f->commands[i], f->typing) + 2;
	col = draw_keys(c, row, 1, end - kept, f, false);
	draw_keys(c, row, col, end, f, true);
}

/* Rows that a text takes in so many columns; none when there is none. */
static int rows_of(const char *text, int cols)
{
	struct pager p;
	int rows;

	if (!*text)
		return 0;
	if (strchr(text, '\n') == NULL && glyph_cols(text) <= cols)
		return 1;
	pager_init(&p, cols);
	pager_add(&p, 0, ROLE_TEXT, text);
	rows = (int)p.count;
	pager_fini(&p);
	return rows;
}

int frame_message_top(const struct canvas *c, const char *message, const char *below)
{
	int last = canvas_rows(c) - FRAME_BELOW, top = screen_bottom(c), cols = canvas_cols(c) - 2;
	int want = rows_of(message, cols) + rows_of(below, cols), row, col;

	if (want <= 1)
		return last;
	if (want > MESSAGE_ROWS_MAX)
		want = MESSAGE_ROWS_MAX;
	canvas_cursor_at(c, &row, &col);
	while (top > last - want + 1 && row != top - 1)
		top--;
	return top;
}

/* What stands below gives way last, but for the first row of the message. */
static void draw_message(struct canvas *c, const struct frame *f)
{
	int last = canvas_rows(c) - FRAME_BELOW;
	int top = frame_message_top(c, f->message, f->below), cols = canvas_cols(c) - 2;
	int said = rows_of(f->message, cols), below = rows_of(f->below, cols);

	for (int row = top; row < screen_bottom(c); row++)
		canvas_fill(c, row, 0, canvas_cols(c), ROLE_TEXT);
	if (said + below > last - top + 1 && said > 0)
		said = last - top + 1 > below + 1 ? last - top + 1 - below : 1;
	pager_put(c, top, said, 1, cols, f->message_role, f->message);
	pager_put(c, top + said, last - top + 1 - said, 1, cols, ROLE_TEXT, f->below);
}

/* In the rows above the answers. */
static void put_above(struct canvas *c, int last, int cols, const struct frame *f)
{
	struct pager p;
	int rows;

	pager_init(&p, cols);
	pager_add(&p, 0, ROLE_TEXT, f->message);
	rows = p.count < MESSAGE_ROWS_MAX ? (int)p.count : MESSAGE_ROWS_MAX;
	pager_fini(&p);
	for (int row = last - rows; row < last; row++)
		canvas_fill(c, row, 0, canvas_cols(c), ROLE_TEXT);
	pager_put(c, last - rows, rows, 1, cols, f->message_role, f->message);
}

/* A question is read whole before it is answered. */
void frame_question(struct canvas *c, const struct frame *f, int *row, int *col)
{
	int last = canvas_rows(c) - FRAME_BELOW, cols = canvas_cols(c) - 2, used = 0;
	int room = cols - glyph_cols(f->answers) - f->answer_cols - 3;

	if (glyph_cols(f->message) > room)
		put_above(c, last, cols, f);
	else
		used = canvas_put(c, last, 1, room, f->message_role, f->message) + 2;
	*row = last;
	*col = 1 + used + canvas_put(c, last, 1 + used, cols - used, f->message_role, f->answers);
	if (*f->answers)
		(*col)++;
}

/* As many of its parts (they stand three blanks apart) as have room: no half a number. */
static void draw_status_left(struct canvas *c, int row, int cols, const char *text)
{
	struct buf b = {0};
	size_t fit = 0;

	for (const char *at = text; at && *at;) {
		const char *end = strstr(at + 1, "   ");
		buf_clear(&b);
		buf_add(&b, text, end ? (size_t)(end - text) : strlen(text));
		if (glyph_cols(buf_str(&b)) > cols)
			break;
		fit = b.len;
		at = end;
	}
	buf_clear(&b);
	buf_add(&b, text, fit ? fit : strlen(text));
	canvas_put(c, row, 1, cols, ROLE_STATUS, buf_str(&b));
	buf_fini(&b);
}

void frame_draw(struct canvas *c, const struct frame *f)
{
	int rows = canvas_rows(c), cols = canvas_cols(c), from;

	draw_title(c, f);
	draw_pages(c, f);
	if (!f->answers)
		draw_message(c, f);
	frame_keys(c, rows - 2, cols - 1, f);
	canvas_fill(c, rows - 1, 0, cols, ROLE_STATUS);
	from = canvas_right(c, rows - 1, cols / 2, cols - 1, ROLE_STATUS, f->status_right);
	draw_status_left(c, rows - 1, from - 2, f->status_left);
}
