/* Options of a command that take a value: "--window 03". */
#ifndef YIMEN_TUI_CMD_VALUES_H
#define YIMEN_TUI_CMD_VALUES_H

#include <stdbool.h>
#include <stddef.h>

struct cmd_value {
	const char *name; /* "--window" */
	const char **at;  /* where its value goes, borrowed */
};

/* Whether arg is one of them and has its value; it is in its place then. value NULL: it has none.
 */
bool cmd_take_value(
	const struct cmd_value *values, size_t count, const char *arg, const char *value);

#endif
