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

/* The key in the store of the theme that was chosen in the program: its name. */
#define THEME_KEPT "screen_theme"

/* "default" "contrast" "safe" "mono": the words of the setting screen.theme. */
const char *theme_name(enum theme theme);
/* An unknown name, or NULL, is the default. */
enum theme theme_parse(const char *name);

const struct look *theme_look(enum theme theme, enum role role);

#endif
