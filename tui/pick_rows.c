#include "tui/pick_rows.h"

#include <stdlib.h>

#include "core/base/mem.h"

void pick_add(struct pick_row **rows, size_t *count, const char *from, const char *shown,
	const char *value)
{
	*rows = mem_resize(*rows, *count + 1, sizeof(**rows));
	(*rows)[(*count)++] =
		(struct pick_row){mem_strdup(from), mem_strdup(shown), mem_strdup(value)};
}

void pick_free(struct pick_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(rows[i].from);
		free(rows[i].shown);
		free(rows[i].value);
	}
	free(rows);
}
