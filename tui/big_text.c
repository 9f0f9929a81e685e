#include "tui/big_text.h"

#include <stddef.h>
#include <string.h>

struct shape {
	char ch;
	const char *rows[BIG_TEXT_ROWS];
};

/* clang-format off */
static const struct shape shapes[] = {
	{'0', {" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "}},
	{'1', {"  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "}},
	{'2', {" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"}},
	{'3', {"#####", "   # ", "  #  ", "   # ", "    #", "#   #", " ### "}},
	{'4', {"   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "}},
	{'5', {"#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "}},
	{'6', {"  ## ", " #   ", "#    ", "#### ", "#   #", "#   #", " ### "}},
	{'7', {"#####", "    #", "   # ", "  #  ", "  #  ", "  #  ", "  #  "}},
	{'8', {" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "}},
	{'9', {" ### ", "#   #", "#   #", " ####", "    #", "   # ", " ##  "}},
	{'A', {" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}},
	{'B', {"#### ", "#   #", "#   #", "#### ", "#   #", "#   #", "#### "}},
	{'C', {" ### ", "#   #", "#    ", "#    ", "#    ", "#   #", " ### "}},
	{'D', {"#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "}},
	{'E', {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"}},
	{'F', {"#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#    "}},
	{'G', {" ### ", "#   #", "#    ", "# ###", "#   #", "#   #", " ####"}},
	{'H', {"#   #", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"}},
	{'I', {" ### ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "}},
	{'J', {"  ###", "   # ", "   # ", "   # ", "   # ", "#  # ", " ##  "}},
	{'K', {"#   #", "#  # ", "# #  ", "##   ", "# #  ", "#  # ", "#   #"}},
	{'L', {"#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"}},
	{'M', {"#   #", "## ##", "# # #", "# # #", "#   #", "#   #", "#   #"}},
	{'N', {"#   #", "##  #", "# # #", "#  ##", "#   #", "#   #", "#   #"}},
	{'O', {" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "}},
	{'P', {"#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "}},
	{'Q', {" ### ", "#   #", "#   #", "#   #", "# # #", "#  # ", " ## #"}},
	{'R', {"#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"}},
	{'S', {" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "}},
	{'T', {"#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "}},
	{'U', {"#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "}},
	{'V', {"#   #", "#   #", "#   #", "#   #", "#   #", " # # ", "  #  "}},
	{'W', {"#   #", "#   #", "#   #", "# # #", "# # #", "# # #", " # # "}},
	{'X', {"#   #", "#   #", " # # ", "  #  ", " # # ", "#   #", "#   #"}},
	{'Y', {"#   #", "#   #", " # # ", "  #  ", "  #  ", "  #  ", "  #  "}},
	{'Z', {"#####", "    #", "   # ", "  #  ", " #   ", "#    ", "#####"}},
	{'-', {"     ", "     ", "     ", "#####", "     ", "     ", "     "}},
};
/* clang-format on */

static const struct shape *shape_of(char ch)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++)
		if (shapes[i].ch == ch)
			return &shapes[i];
	return NULL;
}

int big_text_char_cols(int pixel_cols)
{
	return BIG_TEXT_PIXELS * pixel_cols;
}

int big_text_cols(size_t len, int pixel_cols)
{
	return len == 0 ? 0 : (int)len * (BIG_TEXT_PIXELS + 1) * pixel_cols - pixel_cols;
}

bool big_text_can(const char *text)
{
	for (; *text; text++)
		if (!shape_of(*text))
			return false;
	return true;
}

static void draw_shape(
	struct canvas *c, int row, int col, const struct shape *s, int pixel_cols, enum role role)
{
	const char text[3] = {s->ch, s->ch, '\0'};

	for (int y = 0; y < BIG_TEXT_ROWS; y++)
		for (int x = 0; x < BIG_TEXT_PIXELS; x++)
			if (s->rows[y][x] == '#')
				canvas_put(
					c, row + y, col + x * pixel_cols, pixel_cols, role, text);
}

void big_text_draw(struct canvas *c, int row, int col, const char *text, size_t len, int pixel_cols,
	enum role role)
{
	for (size_t i = 0; i < len; i++) {
		const struct shape *s = shape_of(text[i]);
		if (s)
			draw_shape(c, row, col + (int)i * (BIG_TEXT_PIXELS + 1) * pixel_cols, s,
				pixel_cols, role);
	}
}
