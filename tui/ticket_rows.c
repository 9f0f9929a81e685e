#include "tui/ticket_rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/pick_rows.h"

static void add_outcome(struct pick_row **rows, size_t *count, enum ticket_outcome o, bool work)
{
	pick_add(rows, count, ticket_outcome_label(o), work ? tr("按本次办理的情况") : "",
		ticket_outcome_name(o));
}

void ticket_rows_outcomes(enum ticket_outcome work, struct pick_row **rows, size_t *count)
{
	add_outcome(rows, count, work, true);
	for (int o = 0; o < TICKET_OUTCOME__MAX; o++)
		if (o != (int)work)
			add_outcome(rows, count, (enum ticket_outcome)o, false);
}

/* Adds a row for each item of a setting ("A 综合受理, B 社保医保"); kind comes before the item's
 * first word in the value. */
static void add_items(
	struct pick_row **rows, size_t *count, const char *setting, char kind, const char *from)
{
	char *copy = mem_strdup(setting ? setting : ""), *rest = copy, *item;

	while ((item = strtok_r(NULL, ",", &rest)) != NULL) {
		struct buf value = {0};
		item += strspn(item, " ");
		if (*item == '\0')
			continue;
		buf_printf(&value, "%c%.*s", kind, (int)strcspn(item, " "), item);
		pick_add(rows, count, from, item, buf_str(&value));
		buf_fini(&value);
	}
	free(copy);
}

void ticket_rows_goals(
	const char *windows, const char *groups, struct pick_row **rows, size_t *count)
{
	add_items(rows, count, windows, 'w', tr("转到窗口"));
	add_items(rows, count, groups, 'g', tr("转到类别"));
}

void ticket_rows_groups(const char *groups, struct pick_row **rows, size_t *count)
{
	add_items(rows, count, groups, 'n', tr("发号"));
	add_items(rows, count, groups, 'p', tr("发号, 优先"));
}
