/* Options of a command that take a value: "--window 03". */
#ifndef YIMEN_TUI_CMD_VALUES_H
#define YIMEN_TUI_CMD_VALUES_H

#include <stdbool.h>
#include <stddef.h>

struct cmd_value {
	const char *name; /* "--window" */
	const char **at;  /* where its value goes, borrowed */
};

/*
 * Whether arg is one of them and has its value; it is in its place then. value NULL: it has none.
 * Nor has it one that is empty (a script's variable that was not set) or is the next option.
 */
bool cmd_take_value(
	const struct cmd_value *values, size_t count, const char *arg, const char *value);

/* The same of one option with a sentence of a person, which may be anything. */
bool cmd_take_words(struct cmd_value option, const char *arg, const char *value);

/* An option that has no value, as above. */
bool cmd_is_no_value(const char *value);

#endif
