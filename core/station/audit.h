/*
 * The audit trail: who did what to what, when. Each row carries the SHA-256 of the row before it,
 * so a row that was changed, taken out or put in between shows. What is written holds no personal
 * data beyond case numbers and operator names.
 */
#ifndef YIMEN_CORE_STATION_AUDIT_H
#define YIMEN_CORE_STATION_AUDIT_H

#include "core/base/err.h"

#include <stdint.h>

struct buf;
struct store;

/* Part of the caller's open transaction. who "": the program itself. */
enum err audit_put(
	struct store *s, const char *who, const char *act, const char *object, const char *detail);
/* The same for a moment that stands in another table too: both are then equal. */
enum err audit_put_at(struct store *s, int64_t at_ms, const char *who, const char *act,
	const char *object, const char *detail);

/*
 * What a detail says for programs: name=value, words apart by tabs, so that each figure of a
 * summary can be found again from the trail alone. Appends one; a value NULL or "" appends nothing.
 */
void audit_word(struct buf *detail, const char *name, const char *value);
void audit_word_int(struct buf *detail, const char *name, int64_t value);

/* The same in a commit of its own. */
enum err audit_note(
	struct store *s, const char *who, const char *act, const char *object, const char *detail);
/* ERR_DAMAGED: why names the first row that does not fit. *rows: how many were read. */
enum err audit_verify(struct store *s, int64_t *rows, struct buf *why);

#endif
