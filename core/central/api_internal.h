/* Inside of the api, shared by its files (one resource each). Nobody else includes this. */
#ifndef YIMEN_CORE_CENTRAL_API_INTERNAL_H
#define YIMEN_CORE_CENTRAL_API_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/central/api.h"
#include "core/central/exchange.h"
#include "core/central/guesses.h"
#include "core/central/posting.h"
#include "core/central/problem.h"
#include "core/central/recent.h"
#include "core/central/store.h"

enum access {
	ACCESS_PUBLIC,	/* anyone */
	ACCESS_STATION, /* a station's token */
	ACCESS_ADMIN	/* the administrator's socket */
};

struct route {
	const char *method;
	const char *template; /* "{…}" stands for one part */
	enum access access;
	size_t body_limit_bytes;			  /* 0: no body */
	const char *media_type;				  /* of the body; NULL: whatever it is */
	void (*begin)(struct api *a, struct exchange *x); /* before the body; NULL: nothing */
	void (*handle)(struct api *a, struct exchange *x);
};
/* Closed by a NULL method. */
extern const struct route api_routes[];

enum {
	API_BODY_BYTES = 1 << 20,
	ROUTES_MAX = 32,
	TOKEN_CACHE = 256,
	RUNNING_SLOTS = 256,
	ANSWER_STATUSES = 6, /* by hundreds */
	TIME_BUCKETS = 10
};

/* Someone who waits for a change. */
struct waiter {
	struct waiter *prev, *next;
	struct api *api;
	struct exchange *x;
	int64_t station, cursor, until_ms;
};

/* What became of a piece of a paper. */
enum piece_result {
	PIECE_FAILED,
	PIECE_TAKEN,
	PIECE_COMPLETE, /* the last one: the paper is whole */
	PIECE_OFFSET,
	PIECE_DIGEST,
	PIECE__MAX
};

struct api_counters {
	uint64_t requests[ROUTES_MAX + 1][ANSWER_STATUSES]; /* the last row: no route */
	uint64_t postings[POSTING__MAX];
	uint64_t groups, group_letters;
	uint64_t took[TIME_BUCKETS + 1], took_us, took_count;
	uint64_t commit_us;
	uint64_t pieces[PIECE__MAX], piece_bytes;
};

struct api {
	struct api_config config;
	struct central_store *store;
	struct form_rules *forms;
	struct buf region;

	/* Letters that are not answered yet, by their key: a slot's first, next_running. */
	struct posting *running[RUNNING_SLOTS];
	struct posting *
		*group; /* letters of this look at the lines, when the store has no thread */
	size_t group_count, group_cap;
	int64_t group_since_us; /* when its first letter was in; monotonic */
	size_t last_groups[2];	/* how many were in the last two */
	int64_t last_commit_us; /* how long the last one took */
	struct waiter *waiters; /* the newest first */
	unsigned waiter_count;
	bool changed; /* something that waiters may want to hear */
	bool heard;   /* the store's news, in this look at the lines */
	bool stopping;
	int64_t mono_ms, last_letter_ms;
	int64_t tidied_ms; /* 0: not yet */

	struct {
		unsigned char digest[32];
		int64_t station; /* 0: free */
		int64_t until_ms;
	} tokens[TOKEN_CACHE];
	struct recent station_names; /* to ids; 0: no such station */
	struct recent matters;	     /* known ones, of the catalogue's version below */
	char matters_version[17];
	struct {
		unsigned char bytes[512];
		size_t left; /* of them, from the first on */
	} chance; /* drawn in advance for query passwords, as the system is asked for it */
	/* Wrong passwords and codes: at most so many a minute. */
	struct guesses guesses;

	bool importing, copying;
	bool has_stations;
	int64_t no_stations_until_ms; /* there were none: not asked for again before */
	struct api_counters counters;
};

/* ---- api.c ---- */
/* For so many bytes in the data folder, and what letters need beside them. */
bool api_has_room(const struct api *a, int64_t bytes);
int64_t api_now_ms(const struct api *a);
/* Too many wrong guesses lately; api_guessing answers 429 as well when it is true. */
bool api_guesses_spent(struct api *a, const struct exchange *x);
bool api_guessing(struct api *a, struct exchange *x);
void api_guessed_wrong(struct api *a, const struct exchange *x);
void api_answer_json(struct exchange *x, int status);
void api_answer_words(struct exchange *x, int status); /* the same with words in it */
/* A long answer of JSON lines. fill appends some whole lines; none: that was all; false: the rest
 * cannot be had, and the line is cut. */
struct slices {
	bool (*fill)(void *arg, struct buf *out);
	void (*close)(void *arg);
	void *arg;
};
void api_answer_slices(struct exchange *x, const struct slices *from); /* api_slices.c */
/* The answer to an error of the store. */
void api_store_failed(struct exchange *x);

/* ---- api_read.c ---- */
/* The {…} of the path, decoded, replaces out; answers 404 and returns false when it is none. */
bool api_param(struct exchange *x, struct buf *out);
/* A parameter of the query that is a number from least to most; absent: *out stays. Answers 400 and
 * returns false when it is none. */
bool api_number(struct exchange *x, const char *name, int64_t least, int64_t most, int64_t *out);
/* Parses the body; answers 400 and returns NULL when it is not JSON. json_free the result. */
json *api_body(struct exchange *x);

/* ---- api_stations.c ---- */
/* Who asks: true with *station, or answers 401 and returns false. */
bool api_authenticate(struct api *a, struct exchange *x, int64_t *station);
bool api_is_open(struct api *a);
/* Once there is a station no request without a token is taken. */
void api_look_for_stations(struct api *a);
/* The id of the station of that name. ERR_NOT_FOUND: there is none. */
enum err api_station_by_name(struct api *a, const char *name, int64_t *id);
/* Nothing that was remembered of stations holds any more. */
void api_forget_stations(struct api *a);
void api_enrol(struct api *a, struct exchange *x);
void api_admin_station_add(struct api *a, struct exchange *x);
void api_admin_backup(struct api *a, struct exchange *x);
void api_admin_backup_again(struct api *a, struct exchange *x);
void api_admin_station_list(struct api *a, struct exchange *x);
void api_admin_receipt_key(struct api *a, struct exchange *x);
void api_admin_station_revoke(struct api *a, struct exchange *x);

/* ---- api_letters.c ---- */
void api_letter_begin(struct api *a, struct exchange *x);
void api_application(struct api *a, struct exchange *x);
void api_letter(struct api *a, struct exchange *x);
void api_letter_again(struct api *a, struct exchange *x); /* what was sent, for its own station */

/* ---- api_settle.c ---- */
/* The letter goes to the store now, or with the group at the end of this look at the lines. */
void api_send_letter(struct api *a, struct posting *p);
/* A letter under this key is not answered yet. */
bool api_is_running(const struct api *a, const char *key);
/* The group goes into the store, unless others are about to join it; what the store has taken is
 * answered. Returns when it wants to be looked at again, in ms; -1: not because of letters. */
int64_t api_settle_letters(struct api *a);

/* What an exchange keeps while its letter is with the store: the posting and what was wrong. */
struct parked {
	struct posting *posting;
	struct problem problem;
	struct problem other; /* the same in the other language */
};

/* ---- api_cases.c ---- */
void api_case(struct api *a, struct exchange *x);
void api_case_list(struct api *a, struct exchange *x);
void api_admin_case_list(struct api *a, struct exchange *x);
void api_admin_case(struct api *a, struct exchange *x);
void api_admin_advance(struct api *a, struct exchange *x);

/* ---- api_office.c ---- */
void api_admin_act(struct api *a, struct exchange *x);
/* Appends members: materials received, days of acceptance and decision, what is owed. */
void api_write_dossier(struct api *a, const char *project_no, struct buf *b);

/* ---- api_query.c ---- */
void api_query_form(struct api *a, struct exchange *x);
void api_query_code(struct api *a, struct exchange *x);
void api_query_ask(struct api *a, struct exchange *x);

/* ---- api_evaluations.c ---- */
void api_admin_evaluation_list(struct api *a, struct exchange *x);

/* ---- api_papers.c ---- */
void api_paper(struct api *a, struct exchange *x);
void api_paper_piece_begin(struct api *a, struct exchange *x);
void api_paper_piece(struct api *a, struct exchange *x);

/* ---- api_catalogue.c ---- */
void api_catalogue(struct api *a, struct exchange *x);
void api_admin_import_begin(struct api *a, struct exchange *x);
void api_admin_import(struct api *a, struct exchange *x);

/* ---- api_changes.c ---- */
void api_changes(struct api *a, struct exchange *x);
void api_admin_notice(struct api *a, struct exchange *x);
/* Answers those who have waited long enough or whose change has come. */
void api_serve_waiters(struct api *a);

/* ---- api_status.c ---- */
void api_health(struct api *a, struct exchange *x);
void api_metrics(struct api *a, struct exchange *x);

#endif
