/*
 * The station's file: operators, drafts and their answers, cases, letters, the audit trail. One
 * SQLite file in the data folder, written by several programs (screen, deliverer, commands), hence
 * a rollback journal with synchronous=EXTRA. The modules beside this one (draft, cases, outbox,
 * operator, audit) are its tables; this one opens it and owns time and chance.
 */
#ifndef YIMEN_CORE_STATION_STORE_H
#define YIMEN_CORE_STATION_STORE_H

#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/id.h"

#include <stdint.h>

struct buf;
struct db;
struct store;

/*
 * Opens (and makes or upgrades) HOME/station.db. clock and entropy are borrowed and must outlive
 * it. ERR_DAMAGED: why says what to do; nothing is deleted.
 */
enum err store_open(struct store **out, const char *home, const struct clock *clock,
	const struct entropy *entropy, struct buf *why);
void store_close(struct store *s); /* NULL does nothing */
/* After ERR_UNSURE: closes the file and opens it again, which settles what the last commit did. */
enum err store_reopen(struct store *s);

const char *store_home(const struct store *s); /* the data folder */
/*
 * How many reads of the file have failed since it was opened, by whatever module; why (may be
 * NULL): the last one. A count or a list is then of what could be read: who acts on it compares
 * before and after, the screens tell it once for all.
 */
unsigned store_unread(const struct store *s, enum err *why);
/* OK when none has failed since store_unread was `before`, else why the last did. */
enum err store_read_since(const struct store *s, unsigned before);
/* Differs from last time when any other program has committed something. */
int64_t store_version(struct store *s);
int64_t store_now_ms(const struct store *s); /* wall time */
const struct clock *store_clock(const struct store *s);
const struct entropy *store_entropy(const struct store *s);
struct db *store_db(struct store *s); /* for the modules that are its tables, nobody else */

/* Small facts of the station ("last_window", "centre.token" …). Own commit. get: free() the result;
 * NULL when absent. */
enum err store_set(struct store *s, const char *key, const char *value);
char *store_get(struct store *s, const char *key);

/* A matter was opened or applied for at this window: counts for the order of search results,
 * halving every 30 days. each gets code and score, best first, at most limit. */
enum err store_used(struct store *s, const char *task_code);
void store_each_used(struct store *s, int limit,
	void (*each)(void *arg, const char *task_code, double score), void *arg);

#endif
