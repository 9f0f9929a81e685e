#include "tui/big_digit.h"

enum {
	PIXELS = 5,
	PIXEL_COLS = 2
};

static const char shapes[5][BIG_DIGIT_ROWS][PIXELS + 1] = {
	{"  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", " ### "},
	{" ### ", "#   #", "    #", "   # ", "  #  ", " #   ", "#####"},
	{"#####", "   # ", "  #  ", "   # ", "    #", "#   #", " ### "},
	{"   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "},
	{"#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "},
};

void big_digit_draw(struct canvas *c, int row, int col, int digit, enum role role)
{
	const char text[3] = {(char)('0' + digit), (char)('0' + digit), '\0'};

	for (int y = 0; y < BIG_DIGIT_ROWS; y++)
		for (int x = 0; x < PIXELS; x++)
			if (shapes[digit - 1][y][x] == '#')
				canvas_put(
					c, row + y, col + x * PIXEL_COLS, PIXEL_COLS, role, text);
}
