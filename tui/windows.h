/*
 * The list of windows in the settings: "01 综合受理, 02 社保医保".
 */
#ifndef YIMEN_TUI_WINDOWS_H
#define YIMEN_TUI_WINDOWS_H

#include <stdbool.h>

struct buf;

/* The part that begins at list: its number and its name. Returns where the next one begins. */
const char *windows_part(const char *list, struct buf *number, struct buf *name);

/* Whether a window of this number is among them. list NULL: none is. */
bool windows_have(const char *list, const char *number);

#endif
