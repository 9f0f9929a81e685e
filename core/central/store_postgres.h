/*
 * Inside of the PostgreSQL store, shared by the files that are its parts. Any number of programs
 * keep one database. Each has two connections (pg.h): one for letters, on a thread of its own, so
 * that nobody else waits for their commits, and one for everything else; when one is away every
 * call fails at once while it is sought again.
 *
 * Events are numbered under one lock, which each transaction that writes events takes first and
 * holds until its commit can be seen (postgres_lock): so a number that can be read has all lower
 * numbers before it, and a cursor of the feed skips nothing. A sequence would not do: it hands out
 * numbers before the commit, and who commits later may have the lower one. The same lock makes what
 * such a transaction reads of cases and letters still true when it writes. It is an advisory lock
 * of the transaction, which leaves no dead row behind as a counter row would, and is let go by the
 * server whatever happens to us.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_POSTGRES_H
#define YIMEN_CORE_CENTRAL_STORE_POSTGRES_H

#include "core/base/buf.h"
#include "core/central/pg.h"
#include "core/central/store.h"
#include "core/central/store_postgres_hope.h"

enum {
	POSTGRES_PATIENCE_MS = 2000 /* for the connection, when an outcome is unknown */
};

#define POSTGRES_CHANNEL "yimen"

struct writer;

struct postgres_store {
	struct central_store public;
	struct pg *pg;
	/* NULL until the first letter is posted. letters is the writer's alone. */
	struct pg *letters;
	struct hope hope, hope_of_letters; /* of pg, of letters */
	struct writer *writer;
	bool writer_refused;
	int descriptor;		 /* of both, by epoll */
	uint64_t watched_losses; /* pg_losses + 1 of the connection that is in there; 0: none */
	bool importing;
	uint64_t import_losses; /* pg_losses when it began: the lock is of that connection */
	struct catalogue_state catalogue;
	bool catalogue_known; /* what stands there is so */
};

struct postgres_store *postgres_store_of(struct central_store *s);

/* Queues the lock behind pg_begin. */
void postgres_lock(struct pg *pg);
/* An act of the centre inside the open transaction. */
struct postgres_act {
	int64_t at_ms;
	const char *kind, *project_no;
	int64_t prev, owner; /* of the case; 0, 0: of none */
	const char *state, *note, *facts;
};
/* seq: the number that it gets. Queues; the commit tells. */
void postgres_act_put(struct postgres_store *s, const struct postgres_act *act, int64_t seq);
/* The commit of a transaction that wrote the act under this number; an unknown outcome is looked
 * up. */
enum err postgres_act_commit(struct postgres_store *s, const struct postgres_act *act, int64_t seq);
/* The next number; under the lock. */
enum err postgres_next_seq(struct pg *pg, int64_t *seq);

/* store_postgres_take.c */
void postgres_take(struct central_store *s, struct posting **postings, size_t count);
/* The same over that connection. */
void postgres_take_group(struct pg *pg, struct hope *hope, struct posting **postings, size_t count);
/* store_postgres_cases.c */
enum err postgres_case_get(struct central_store *s, const char *by,
	void (*each)(void *arg, const struct case_record *c), void *arg);
enum err postgres_case_each(struct central_store *s, const struct case_filter *f,
	bool (*each)(void *arg, const struct case_record *c), void *arg);
enum err postgres_history(struct central_store *s, const char *project_no,
	void (*each)(void *arg, const struct event_record *e), void *arg);
enum err postgres_bodies(struct central_store *s, const char *project_no,
	void (*each)(void *arg, const struct event_body *b), void *arg);
enum err postgres_evaluations(struct central_store *s, int64_t after, size_t limit,
	void (*each)(void *arg, const struct evaluation_record *r), void *arg);
enum err postgres_changes(struct central_store *s, int64_t station, bool own, int64_t cursor,
	size_t limit, void (*each)(void *arg, const struct event_record *e), void *arg,
	int64_t *next);
enum err postgres_letter_get(
	struct central_store *s, const char *key, int64_t *owner, struct buf *body);
enum err postgres_event_at(struct central_store *s, int64_t seq, int64_t *at_ms);
enum err postgres_touches(struct central_store *s, int64_t cursor, size_t limit,
	void (*each)(void *arg, const struct event_touch *t), void *arg);
/* store_postgres_acts.c */
enum err postgres_advance(
	struct central_store *s, const struct case_advance *a, const char **state);
enum err postgres_notice(struct central_store *s, const char *text, int64_t now_ms);
/* store_postgres_catalogue.c */
enum err postgres_import_begin(struct central_store *s);
enum err postgres_import_put(struct central_store *s, const struct matter_row *rows, size_t count);
enum err postgres_import_end(struct central_store *s, int64_t now_ms);
void postgres_import_drop(struct central_store *s);
enum err postgres_catalogue(struct central_store *s, bool fresh, struct catalogue_state *out);
bool postgres_matter_known(struct central_store *s, const char *code);
enum err postgres_matter_get(struct central_store *s, const char *code, struct buf *out);
enum err postgres_matter_each(struct central_store *s, const char *after, size_t limit,
	void (*each)(void *arg, const char *code, const char *body), void *arg);
/* store_postgres_stations.c */
enum err postgres_station_add(struct central_store *s, const char *name, bool renew,
	const unsigned char code_digest[32], int64_t until_ms, int64_t now_ms);
enum err postgres_station_enrol(struct central_store *s, const unsigned char code_digest[32],
	const unsigned char token_digest[32], int64_t now_ms, struct buf *name);
enum err postgres_station_of(
	struct central_store *s, const unsigned char token_digest[32], int64_t *id);
enum err postgres_station_by_name(struct central_store *s, const char *name, int64_t *id);
enum err postgres_station_revoke(struct central_store *s, const char *name);
enum err postgres_station_each(struct central_store *s,
	void (*each)(void *arg, const struct station_record *r), void *arg);
/* store_postgres_papers.c */
enum err postgres_paper_get(struct central_store *s, const char *sha256, struct paper_row *out);
enum err postgres_paper_put(struct central_store *s, const struct paper_row *row);
enum err postgres_paper_drop(struct central_store *s, const char *sha256);
enum err postgres_paper_each_part(struct central_store *s, int64_t station,
	void (*each)(void *arg, const struct paper_row *row), void *arg);

#endif
