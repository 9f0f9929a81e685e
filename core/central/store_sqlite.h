/*
 * Inside of the SQLite store, shared by the files that are its parts. One connection, WAL,
 * synchronous=FULL, and for letters a log of their own before it (letter_log.h); it alone writes
 * and checkpoints (SQLite before 3.51.3 can corrupt a WAL otherwise), so everything goes through
 * the one program that holds it.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_SQLITE_H
#define YIMEN_CORE_CENTRAL_STORE_SQLITE_H

#include "core/base/db.h"
#include "core/central/store.h"

struct writer;

struct sqlite_store {
	struct central_store public;
	struct db *db;
	char *path, *log_path;
	/* The last number given, of which region and day; n < 0: not known, ask the file. */
	char series[24];
	int64_t series_n;
	int64_t day_minute; /* `day` is that of this minute; minutes since 1970 */
	char day[12];
	int64_t wal_bytes;	/* about so many written since the last checkpoint */
	bool quiet;		/* there is time for a checkpoint */
	bool wary;		/* the last one failed */
	bool ahead;		/* … and the next one's letters are committed, but for a few */
	struct letter_log *log; /* NULL: there is none */
	bool no_log;   /* it could not be made, or failed: not tried again before a quiet moment */
	bool promised; /* it has letters that are not in the file for good, */
	bool open;     /* … and of these some in a transaction that is open */
	/* … which is lost, and could not be made again yet. This and the next are looked at while
	 * the writer has the file, lest it seem well meanwhile. */
	_Atomic bool owed;
	_Atomic enum err away; /* the file could not be opened again, and why; OK: it is open */
	int64_t away_ms;       /* … when that was tried last; monotonic */
	uint64_t losses;       /* how often it went away */
	int64_t open_bytes;    /* of its rows, about */
	struct writer *writer; /* NULL: nothing was posted yet, or there is no thread to be had */
	bool writer_refused;
	bool importing;
	int64_t import_id; /* rows from this one on are not in force; 0: there are none */
	struct catalogue_state catalogue;
	bool catalogue_known; /* what stands there is so */
};

enum {
	ROW_BYTES = 512 /* of a row beside its texts, with its places in the indexes */
};

/* The file belongs to one thread at a time: to the writer from a letter's posting until it is in,
 * otherwise to the caller. Waits until it is the caller's; no transaction is open then, and all
 * that was promised is in the file, or every statement fails. */
struct sqlite_store *sqlite_store_of(struct central_store *s);
/* Without waiting: for what the writer does not touch, or when it is known to be idle. */
struct sqlite_store *sqlite_store_at_once(struct central_store *s);

/* The file and how it is worked with; also when it is opened again. why may be NULL. */
enum err sqlite_open_file(struct sqlite_store *s, struct buf *why);
enum err sqlite_last_seq(struct sqlite_store *s, int64_t *out);
/*
 * store_sqlite_again.c: after a failure that left open what the disk has, the file is opened again:
 * what is read from there on is so, but for what the log has promised. Where the disk does not let
 * it be opened it is away: every statement fails, nobody hears that something is not there, and it
 * is tried again each second.
 */
enum err sqlite_open_file_again(struct sqlite_store *s);
/* One that is away: the next try, when it is time. */
enum err sqlite_come_back(struct sqlite_store *s);
/* Of a failure what every statement may fail with: none that says that there is no such thing. */
enum err sqlite_trouble(enum err e);

/* One event row inside the open transaction; *seq may be NULL. */
struct event_row {
	int64_t at_ms;
	const char *kind, *project_no;
	int64_t prev;
	const char *state;
	int64_t owner;	/* station of the case; 0: none */
	int64_t source; /* station that sent it; -1: the centre */
	const char *note;
	const char *facts;	      /* of an act of the centre; NULL: none */
	const struct posting *letter; /* key, digest, body, answer; NULL: not a letter */
};
enum err sqlite_event_put(struct sqlite_store *s, const struct event_row *row, int64_t *seq);
/* The commit of a transaction that has put that event. Where it leaves open what the disk has, the
 * file is opened again and looked into: OK when it is there. */
enum err sqlite_event_commit(struct sqlite_store *s, const struct event_row *row, int64_t seq);

/* store_sqlite_take.c */
void sqlite_take(struct central_store *s, struct posting **postings, size_t count);
void sqlite_take_group(struct sqlite_store *s, struct posting **postings, size_t count);
/* One letter inside the open transaction: its result, when OK. */
enum err sqlite_take_rows(struct sqlite_store *s, struct posting *p);
/*
 * store_sqlite_log.c: a letter is promised when the log has it, and its rows are left in a
 * transaction that stays open for others. What is lost of them, by a kill, a power cut or a commit
 * that failed, is made again from the log before anybody reads.
 */
/* Before anything is read or written: the file is open, this connection knows of it what the next
 * one would find, lest the log promise numbers that are given there, and it lacks nothing that was
 * promised. Else every statement fails with this. */
enum err sqlite_settle(struct sqlite_store *s);
/* The same without a look at it: there is doubt. */
enum err sqlite_open_again(struct sqlite_store *s);
/* The log is there, where it can be. */
void sqlite_want_log(struct sqlite_store *s);
/* On opening: of the log that a kill has left. why: where it is to be seen to by hand. */
enum err sqlite_redo(struct sqlite_store *s, struct buf *why);
/* The open transaction has the rows of this group: promised, or, where the log cannot, committed
 * and flushed. ERR_UNSURE: the file, opened again, knows. Any other failure: none of it is in. */
enum err sqlite_keep_group(struct sqlite_store *s, struct posting **postings, size_t count);
/* Undoes a group, and so the open transaction; what was promised before is in the file then. */
enum err sqlite_undo(struct sqlite_store *s);
/* Ends the open transaction, and sees to what is owed; of an act of the office that has begun it
 * ends nothing. */
enum err sqlite_keep(struct sqlite_store *s);
void sqlite_kept_by_checkpoint(struct sqlite_store *s); /* one that went well */
void sqlite_log_may_be_made(struct sqlite_store *s);	/* it is a quiet moment */
void sqlite_end_log(struct sqlite_store *s);		/* before the file is closed */
/* store_sqlite_cases.c */
enum err sqlite_case_get(struct central_store *s, const char *by,
	void (*each)(void *arg, const struct case_record *c), void *arg);
enum err sqlite_case_each(struct central_store *s, const struct case_filter *f,
	bool (*each)(void *arg, const struct case_record *c), void *arg);
enum err sqlite_history(struct central_store *s, const char *project_no,
	void (*each)(void *arg, const struct event_record *e), void *arg);
enum err sqlite_bodies(struct central_store *s, const char *project_no,
	void (*each)(void *arg, const struct event_body *b), void *arg);
enum err sqlite_advance(struct central_store *s, const struct case_advance *a, const char **state);
enum err sqlite_evaluations(struct central_store *s, int64_t after, size_t limit,
	void (*each)(void *arg, const struct evaluation_record *r), void *arg);
enum err sqlite_notice(struct central_store *s, const char *text, int64_t now_ms);
enum err sqlite_changes(struct central_store *s, int64_t station, bool own, int64_t cursor,
	size_t limit, void (*each)(void *arg, const struct event_record *e), void *arg,
	int64_t *next);
enum err sqlite_letter_get(
	struct central_store *s, const char *key, int64_t *owner, struct buf *body);
enum err sqlite_event_at(struct central_store *s, int64_t seq, int64_t *at_ms);
enum err sqlite_touches(struct central_store *s, int64_t cursor, size_t limit,
	void (*each)(void *arg, const struct event_touch *t), void *arg);
/* store_sqlite_catalogue.c */
/* What a killed or dropped import left behind has never been. What cannot be removed, as on a full
 * disk, stays unseen until the next import removes it. */
enum err sqlite_import_forget(struct central_store *s);
enum err sqlite_import_begin(struct central_store *s);
enum err sqlite_import_put(struct central_store *s, const struct matter_row *rows, size_t count);
enum err sqlite_import_end(struct central_store *s, int64_t now_ms);
void sqlite_import_drop(struct central_store *s);
enum err sqlite_catalogue(struct central_store *s, bool fresh, struct catalogue_state *out);
bool sqlite_matter_known(struct central_store *s, const char *code);
enum err sqlite_matter_get(struct central_store *s, const char *code, struct buf *out);
enum err sqlite_matter_each(struct central_store *s, const char *after, size_t limit,
	void (*each)(void *arg, const char *code, const char *body), void *arg);
/* store_sqlite_stations.c */
enum err sqlite_station_add(struct central_store *s, const char *name, bool renew,
	const unsigned char code_digest[32], int64_t until_ms, int64_t now_ms);
enum err sqlite_station_enrol(struct central_store *s, const unsigned char code_digest[32],
	const unsigned char token_digest[32], int64_t now_ms, struct buf *name);
enum err sqlite_station_of(
	struct central_store *s, const unsigned char token_digest[32], int64_t *id);
enum err sqlite_station_by_name(struct central_store *s, const char *name, int64_t *id);
enum err sqlite_station_revoke(struct central_store *s, const char *name);
enum err sqlite_station_each(struct central_store *s,
	void (*each)(void *arg, const struct station_record *r), void *arg);
/* store_sqlite_papers.c */
enum err sqlite_paper_get(struct central_store *s, const char *sha256, struct paper_row *out);
enum err sqlite_paper_put(struct central_store *s, const struct paper_row *row);
enum err sqlite_paper_drop(struct central_store *s, const char *sha256);
enum err sqlite_paper_each_part(struct central_store *s, int64_t station,
	void (*each)(void *arg, const struct paper_row *row), void *arg);

#endif
