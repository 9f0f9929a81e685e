/*
 * Every screen there is: what it needs to begin. Each gives a screen for app_push.
 */
#ifndef YIMEN_TUI_SCREENS_SCREENS_H
#define YIMEN_TUI_SCREENS_SCREENS_H

#include <stddef.h>

struct app;
struct screen;

struct screen *sign_in_screen(struct app *a, const char *window);
struct screen *today_screen(struct app *a);
struct screen *help_screen(struct app *a, struct screen *of);
struct screen *palette_screen(struct app *a, struct screen *of);

#endif
