/*
 * Materials still owed (容缺受理): what was accepted without, each with its last day; what came
 * since, when, and who brought it. Rows are made by the acceptance (acts.h); ACT_SUPPLY ends them.
 */
#ifndef YIMEN_CORE_STATION_OWED_H
#define YIMEN_CORE_STATION_OWED_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

struct owed {
	const char *material;
	int32_t due_day;	 /* since 1970 */
	int64_t supplied_ms;	 /* 0: not yet */
	const char *supplied_by; /* "": not said, or not yet */
};
/* Of one case, those still owed first, by their day. Each must not use the store. */
void owed_each(struct store *s, const char *case_id, void (*each)(void *arg, const struct owed *o),
	void *arg);
/* How many are still owed; only those whose last day is before `before`, unless it is 0. */
size_t owed_count(struct store *s, const char *case_id, int32_t before);
bool owed_is(struct store *s, const char *case_id, const char *material);

/* ---- inside the transaction of an act ---- */

/* The facts of ACT_SUPPLY: {"supplied": ["照片", …], "supplied_by": …}. ERR_INVALID: none is named,
 * or one that is not owed; why says which. */
enum err owed_check(struct store *s, const char *case_id, const json *facts, struct buf *why);
/* They are supplied from now on; *left: how many are still owed. */
enum err owed_supply(struct store *s, const char *case_id, const json *facts, size_t *left);
/* The centre did not take it: they are owed again. */
enum err owed_again(struct store *s, const char *case_id, const json *facts);

#endif
