/*
 * What the centre remembers, as an interface with two implementations: store_sqlite.c (one file and
 * one program, for a hall, a county, a classroom) and store_postgres.c (a database and any number
 * of programs, for a province). All calls come from one thread (the store may have another of its
 * own: post). Texts given to callbacks are borrowed for the time of the call; callbacks must not
 * use the store.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_H
#define YIMEN_CORE_CENTRAL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

struct buf;
struct central_store;
struct posting;

struct case_record {
	const char *project_no, *case_id, *key;
	int64_t station;
	const char *task_code, *task_name, *applyer_name, *local_receipt, *query_password, *state;
	int64_t received_ms, updated_ms;
	int64_t letters; /* of it that were taken, whoever sent them; -1: not counted */
};

/* One event: in a case's history, or in the feed of changes. */
struct event_record {
	int64_t seq, at_ms;
	const char *kind;		  /* a letter's kind, "advance", "catalogue", "notice" */
	const char *project_no, *case_id; /* NULL: of no case */
	const char *state, *note;	  /* NULL: none */
	const char *case_state;		  /* in the feed: of its case now; NULL: of no case */
	const char *key;		  /* of a letter; NULL: none */
	const char *who;   /* a person, as the letter or the office named them; NULL */
	const char *facts; /* of an act of the office: a JSON object; NULL: none */
	bool own;	   /* in the feed: the station that asks has sent it itself */
};

/* Whose case an event is of (a station; 0: of none in particular; -1: it concerns all), and who
 * sent it (likewise; -1: the centre). A station hears of its own cases what others sent. */
struct event_touch {
	int64_t seq, owner, source;
};

/* What one event said. */
struct event_body {
	const char *kind;
	int64_t at_ms;
	bool of_office;
	const char *text; /* JSON; not closed by NUL */
	size_t len_bytes;
};

struct case_filter {
	const char *after;	   /* only numbers after this one; NULL: from the first */
	int64_t station;	   /* 0: of all */
	int64_t from_ms, until_ms; /* received in [from, until); 0, 0: whenever */
	size_t limit;
	bool count_letters;
};

/* An evaluation of the service; body: the letter as it came. */
struct evaluation_record {
	int64_t seq, at_ms;
	const char *project_no, *task_name, *body;
};

struct case_advance {
	const char *project_no;
	const char *kind;   /* of the event; NULL: "advance" */
	const char *note;   /* NULL: none */
	const char *facts;  /* JSON object; NULL: none */
	int64_t before_seq; /* the newest event of the case must be this one; 0: whichever */
	int64_t now_ms;
	/* As in struct posting: the state after `from`, or NULL: not allowed. */
	const char *(*judge)(void *arg, const char *from);
	void *arg;
};

struct matter_row {
	const char *code, *name, *body; /* body: the JSON object, one line */
};

struct catalogue_state {
	char version[17]; /* of what is in force; "" while it is empty */
	int64_t matters;
};

struct station_record {
	int64_t id;
	const char *name;
	int64_t added_ms, enrolled_ms; /* 0: not enrolled yet */
};

#define PAPER_DIGEST_SIZE 65
struct paper_row {
	char sha256[PAPER_DIGEST_SIZE], sm3[PAPER_DIGEST_SIZE]; /* sm3 "": pieces are missing */
	int64_t size, station, at_ms;
};

enum {
	NEWS_EVENTS = 1,
	NEWS_STATIONS = 2
};

struct central_store_ops {
	/*
	 * Takes a group of letters: each result and answer is written, and all that says TAKEN is
	 * durable when it returns. A letter that fails does so alone. When the group could not be
	 * made durable every one of it says FAILED, unless it is found to be there after all.
	 */
	void (*take)(struct central_store *s, struct posting **postings, size_t count);
	/*
	 * The same without waiting: the store takes the letter with others on a thread of its own,
	 * which begins with the next call of settled at the latest. The posting, and all that it
	 * borrows from, is the store's until settled gives it back. false: there is no such thread,
	 * take it. Every other call but settled, descriptor, idle and catalogue may first wait
	 * until all that was posted is in. NULL: always take.
	 */
	bool (*post)(struct central_store *s, struct posting *p);
	/* Gives back the groups that are in, with how long each took; wait: all that was posted. */
	void (*settled)(struct central_store *s, bool wait,
		void (*each)(void *arg, struct posting **postings, size_t count, int64_t took_us),
		void *arg);
	/* When it can be read there is something for settled to give back or for news to take in.
	 * -1: none now. */
	int (*descriptor)(struct central_store *s);

	/* by: a case number or a case id. ERR_NOT_FOUND. */
	enum err (*case_get)(struct central_store *s, const char *by,
		void (*each)(void *arg, const struct case_record *c), void *arg);
	/* In order of number; each returns false to stop. */
	enum err (*case_each)(struct central_store *s, const struct case_filter *f,
		bool (*each)(void *arg, const struct case_record *c), void *arg);
	/* Newest first. facts are of acts of the office. */
	enum err (*history)(struct central_store *s, const char *project_no,
		void (*each)(void *arg, const struct event_record *e), void *arg);
	/* What each event said, newest first: a letter's body, the facts of an act of the office.
	 */
	enum err (*bodies)(struct central_store *s, const char *project_no,
		void (*each)(void *arg, const struct event_body *b), void *arg);
	/* A step of the back office. ERR_STATE: judge said no; ERR_EXISTS: another event came
	 * before it; *state: after it, constant. */
	enum err (*advance)(
		struct central_store *s, const struct case_advance *a, const char **state);
	/* Evaluations after the event with this number, oldest first. */
	enum err (*evaluations)(struct central_store *s, int64_t after, size_t limit,
		void (*each)(void *arg, const struct evaluation_record *r), void *arg);
	/* A notice to all stations. */
	enum err (*notice)(struct central_store *s, const char *text, int64_t now_ms);

	/* Events after the cursor that station should hear of (its cases, moved by others; what
	 * concerns all), oldest first; station 0 hears all. own: what it sent itself as well.
	 * *next: the cursor for the next call. */
	enum err (*changes)(struct central_store *s, int64_t station, bool own, int64_t cursor,
		size_t limit, void (*each)(void *arg, const struct event_record *e), void *arg,
		int64_t *next);

	/* The body of a letter that was taken, as it came (appended), and of which station its case
	 * is. ERR_NOT_FOUND. */
	enum err (*letter_get)(
		struct central_store *s, const char *key, int64_t *owner, struct buf *body);

	/* The same without what they say: to find out who should hear of them. In order, after the
	 * cursor. */
	enum err (*touches)(struct central_store *s, int64_t cursor, size_t limit,
		void (*each)(void *arg, const struct event_touch *t), void *arg);

	/* When that event was. ERR_NOT_FOUND: there is none of this number. */
	enum err (*event_at)(struct central_store *s, int64_t seq, int64_t *at_ms);

	/* The catalogue. An import is put together unseen and shows at import_end only; one that
	 * was not ended has never been. */
	enum err (*import_begin)(struct central_store *s);
	/* All of them in one transaction of its own; a code twice: the last one counts. */
	enum err (*import_put)(
		struct central_store *s, const struct matter_row *rows, size_t count);
	/* Shows it; stations hear of it when anything is different. */
	enum err (*import_end)(struct central_store *s, int64_t now_ms);
	void (*import_drop)(struct central_store *s);
	/* fresh: as it is this moment; otherwise what was known at the last news will do. */
	enum err (*catalogue)(struct central_store *s, bool fresh, struct catalogue_state *out);
	bool (*matter_known)(struct central_store *s, const char *code);
	/* Appends the body of one in force. ERR_NOT_FOUND. */
	enum err (*matter_get)(struct central_store *s, const char *code, struct buf *out);
	/* Bodies of matters in force with a code after `after`, in order of code. */
	enum err (*matter_each)(struct central_store *s, const char *after, size_t limit,
		void (*each)(void *arg, const char *code, const char *body), void *arg);

	/* Stations. Codes and tokens are known by their SHA-256 only. ERR_EXISTS: the name is in
	 * use by an enrolled station and renew is false. */
	enum err (*station_add)(struct central_store *s, const char *name, bool renew,
		const unsigned char code_digest[32], int64_t until_ms, int64_t now_ms);
	/* The code is used up. ERR_NOT_FOUND: no such code, or too late. name: appended. */
	enum err (*station_enrol)(struct central_store *s, const unsigned char code_digest[32],
		const unsigned char token_digest[32], int64_t now_ms, struct buf *name);
	/* ERR_NOT_FOUND: there is none. */
	enum err (*station_of)(
		struct central_store *s, const unsigned char token_digest[32], int64_t *id);
	enum err (*station_by_name)(struct central_store *s, const char *name, int64_t *id);
	enum err (*station_revoke)(struct central_store *s, const char *name);
	enum err (*station_each)(struct central_store *s,
		void (*each)(void *arg, const struct station_record *r), void *arg);

	/* What is known of a paper (papers.h). ERR_NOT_FOUND. */
	enum err (*paper_get)(struct central_store *s, const char *sha256, struct paper_row *out);
	/* New, or in place of what was there; durable. */
	enum err (*paper_put)(struct central_store *s, const struct paper_row *row);
	enum err (*paper_drop)(struct central_store *s, const char *sha256);
	/* Those of which pieces are missing. station -1: of all. */
	enum err (*paper_each_part)(struct central_store *s, int64_t station,
		void (*each)(void *arg, const struct paper_row *row), void *arg);

	/* Small facts. get appends; ERR_NOT_FOUND. */
	enum err (*meta_get)(struct central_store *s, const char *key, struct buf *out);
	enum err (*meta_set)(struct central_store *s, const char *key, const char *value);
	/* Only the first one is kept: ERR_EXISTS when another program was first. */
	enum err (*meta_add)(struct central_store *s, const char *key, const char *value);

	/* Of the newest event; 0: none. */
	enum err (*last_seq)(struct central_store *s, int64_t *out);
	/* Nothing is going on: housekeeping that may take some milliseconds. Returns when it wants
	 * to be called again, in ms; -1: nothing to do. quiet_ms: since the last letter. */
	int64_t (*idle)(struct central_store *s, int64_t quiet_ms);

	/* OK, or it is away for the moment and every call would fail: ERR_BUSY a database, of a
	 * file why it cannot be opened. */
	enum err (*ready)(struct central_store *s);
	/* NEWS_… of what other programs have changed since the last call: what was remembered of
	 * the store may be old, and there may be changes to tell of. */
	unsigned (*news)(struct central_store *s);
	/* How often it went away since it was opened. */
	uint64_t (*losses)(struct central_store *s);
	/* Other programs may use it at the same time. */
	bool shared;
	void (*close)(struct central_store *s);
};

struct central_store {
	const struct central_store_ops *ops;
};

/*
 * The store of a data folder: the database that its file "store" names, or else dir/central.db.
 * central_store_note writes that file, so that commands of the folder find the same store later.
 * ERR_INVALID: not a connection string, or the folder has a central.db already.
 */
enum err central_store_open(struct central_store **out, const char *dir, struct buf *why);
bool central_store_exists(const char *dir); /* there is one to open: opening would not make it */
enum err central_store_note(const char *dir, const char *conninfo, struct buf *why);
/* From a file to a database (store_move.h). may_move: the folder has a central.db, and names no
 * other database; ERR_INVALID. moved: names the database, then the file becomes central.db.moved;
 * cut between the two, the same again ends it. */
enum err central_store_may_move(const char *dir, const char *conninfo, struct buf *why);
enum err central_store_moved(const char *dir, const char *conninfo, struct buf *why);

/* dir/central.db, made and upgraded as needed. ERR_DAMAGED and others: why says what to do. */
enum err store_sqlite_open(struct central_store **out, const char *dir, struct buf *why);
/* A copy of it in slices, while it takes letters (db_copy_begin). Not of a store that is shared. */
struct db_copy;
enum err store_sqlite_copy(
	struct db_copy **out, struct central_store *s, const char *path, struct buf *why);
enum err store_sqlite_copy_step(
	struct central_store *s, struct db_copy *c, int64_t *left, int64_t *all);
/* Ended before it is whole, too. The store is open still. */
void store_sqlite_copy_end(struct central_store *s, struct db_copy *c);
/* The database of libpq's connection string; its tables are made and upgraded as needed. */
enum err store_postgres_open(struct central_store **out, const char *conninfo, struct buf *why);

#endif
