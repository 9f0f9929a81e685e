/*
 * News of the centre as they are applied to this station's file. A document is
 *	{"cursor": "…", "changes": [{"kind": "case", "project_no": …, "state": …, "at": …, "note":
 *…},
 *				    {"kind": "catalogue", "version": …}, {"kind": "notice", "text":
 *…}]} Unknown kinds and cases of other stations are passed over: a newer centre may say more.
 */
#ifndef YIMEN_CORE_STATION_CHANGES_H
#define YIMEN_CORE_STATION_CHANGES_H

#include "core/base/err.h"

#include <stddef.h>

struct buf;
struct store;

/*
 * Applies one document and keeps its cursor, in one transaction. *applied: how many changed
 * something here. ERR_INVALID: not such a document; nothing was changed.
 */
enum err changes_apply(struct store *s, const char *json_text, size_t len_bytes, size_t *applied);

/* The path to ask next, with the cursor reached. Appends. */
void changes_path(struct store *s, int wait_seconds, struct buf *out);

#endif
