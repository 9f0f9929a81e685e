/*
 * Warnings that were accepted with a reason, as letters carry them: a JSON array of {field, label,
 * rule, reason, message}; message is what was told.
 */
#ifndef YIMEN_CORE_STATION_ACCEPTED_H
#define YIMEN_CORE_STATION_ACCEPTED_H

#include <stdbool.h>

struct buf;

/* NULL, "" and [] hold none. */
bool accepted_any(const char *list);
/* Appends what the history says of them: the field, what was told, why it was accepted. Warnings of
 * one field share their reason. A list may follow another. Nothing when there are none. */
void accepted_tell(const char *list, struct buf *out);

#endif
