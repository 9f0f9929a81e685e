#include "tui/cmd_values.h"

#include <string.h>

bool cmd_take_value(
	const struct cmd_value *values, size_t count, const char *arg, const char *value)
{
	size_t i;

	for (i = 0; value != NULL && i < count; i++)
		if (strcmp(arg, values[i].name) == 0) {
			*values[i].at = value;
			return true;
		}
	return false;
}
