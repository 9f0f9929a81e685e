#include "tui/cmd_values.h"

#include <string.h>

bool cmd_is_no_value(const char *value)
{
	return value == NULL || *value == '\0' || strncmp(value, "--", 2) == 0;
}

bool cmd_take_words(struct cmd_value option, const char *arg, const char *value)
{
	if (value == NULL || strcmp(arg, option.name) != 0)
		return false;
	*option.at = value;
	return true;
}

bool cmd_take_value(
	const struct cmd_value *values, size_t count, const char *arg, const char *value)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(arg, values[i].name) == 0)
			return !cmd_is_no_value(value) && cmd_take_words(values[i], arg, value);
	return false;
}
