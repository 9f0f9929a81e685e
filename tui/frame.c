#include "tui/frame.h"

#include <stdio.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "tui/glyph.h"
#include "tui/screen.h"

static const enum command pages[] = {
	CMD_GO_TODAY, CMD_GO_FIND, CMD_GO_CASES, CMD_GO_OUTBOX, CMD_GO_COUNTS};

int screen_bottom(const struct canvas *c)
{
	return canvas_rows(c) - FRAME_BELOW;
}

int frame_message_row(const struct canvas *c)
{
	return canvas_rows(c) - 3;
}

static void draw_title(struct canvas *c, const struct frame *f)
{
	int cols = canvas_cols(c), from;
	struct buf title = {0};

	canvas_fill(c, 0, 0, cols, ROLE_TITLE);
	from = canvas_right(c, 0, cols / 4, cols - 1, ROLE_TITLE, f->whose);
	glyph_fit(&title, f->title, from - 3);
	canvas_put(c, 0, 1, from - 3, ROLE_TITLE, buf_str(&title));
	buf_fini(&title);
}

static void draw_pages(struct canvas *c, const struct frame *f)
{
	int cols = canvas_cols(c), col = 1, end;
	const char *help = f->typing == TYPING_TEXT ? tr("Ctrl-X 命令") : tr("?帮助  :命令");

	if (f->page == CMD_QUIT)
		return;
	end = canvas_right(c, 1, 0, cols - 1, ROLE_NAV, help);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		char text[64];
		snprintf(text, sizeof(text), "%zu%s", i + 1,
			trc("key", command_info(pages[i])->name));
		if (col + glyph_cols(text) + 2 > end)
			break;
		col += canvas_put(
			c, 1, col, end - col, pages[i] == f->page ? ROLE_NAV_ON : ROLE_NAV, text);
		col += 3;
	}
}

void frame_keys(struct canvas *c, int row, int end, const enum command *commands, size_t count,
	enum typing typing)
{
	int col = 1;

	for (size_t i = 0; i < count; i++) {
		const struct command_info *info = command_info(commands[i]);
		const char *keys = tr(info->keys_text), *name = trc("key", info->name);
		if (commands[i] == CMD_PALETTE && typing == TYPING_TEXT)
			keys = "Ctrl-X";
		if (!*keys)
			continue;
		if (col + glyph_cols(keys) + 1 + glyph_cols(name) > end)
			continue;
		col += canvas_put(c, row, col, end - col, ROLE_KEY, keys) + 1;
		col += canvas_put(c, row, col, end - col, ROLE_TEXT, name) + 2;
	}
}

/* What does not fit ends in two dots: one sees that there is more. */
static void draw_message(struct canvas *c, const struct frame *f)
{
	struct buf b = {0};
	int cols = canvas_cols(c) - 2;

	if (glyph_cols(f->message) > cols)
		glyph_fit(&b, f->message, cols);
	else
		buf_adds(&b, f->message);
	canvas_put(c, canvas_rows(c) - 3, 1, cols, f->message_role, buf_str(&b));
	buf_fini(&b);
}

void frame_draw(struct canvas *c, const struct frame *f)
{
	int rows = canvas_rows(c), cols = canvas_cols(c), from;

	draw_title(c, f);
	draw_pages(c, f);
	draw_message(c, f);
	frame_keys(c, rows - 2, cols - 1, f->commands, f->command_count, f->typing);
	canvas_fill(c, rows - 1, 0, cols, ROLE_STATUS);
	from = canvas_right(c, rows - 1, cols / 2, cols - 1, ROLE_STATUS, f->status_right);
	canvas_put(c, rows - 1, 1, from - 2, ROLE_STATUS, f->status_left);
}
