/*
 * How each role looks, by theme: one of eight colours, -1 the terminal's own, and attributes. Blue
 * is a background only; nothing is told apart by colour alone. A look with a colour is neither
 * reversed nor underlined: there are terminals that cannot (terminfo's ncv).
 */
#ifndef YIMEN_TUI_THEME_H
#define YIMEN_TUI_THEME_H

#include "tui/canvas.h"
#include "tui/terminal.h"

struct look {
	signed char fg, bg; /* 0 black 1 red 2 green 3 yellow 4 blue 5 magenta 6 cyan 7 white */
	bool bold, reverse, underline;
};

const struct look *theme_look(enum theme theme, enum role role);

#endif
