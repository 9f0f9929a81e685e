/*
 * A letter on its way into the store, and what became of it. Built by the intake from a request;
 * handed to the store in groups; answered when the group is durable.
 */
#ifndef YIMEN_CORE_CENTRAL_POSTING_H
#define YIMEN_CORE_CENTRAL_POSTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/id.h"
#include "core/base/json.h"
#include "core/domain/lifecycle.h"

enum {
	POSTING_DIGEST_BYTES = 32,
	PROJECT_NO_SIZE = 48,
	QUERY_PASSWORD_CHARS = 8,
	CASE_STATE_SIZE = 24
};

enum posting_result {
	POSTING_FAILED,	      /* not stored for a reason of ours: try again later */
	POSTING_TAKEN,	      /* stored now; answer */
	POSTING_AGAIN,	      /* the same letter was stored before; answer is the first one */
	POSTING_OTHER_BODY,   /* its key was used for other bytes */
	POSTING_CASE_EXISTS,  /* an application for this case is here under another key */
	POSTING_STALE,	      /* it replaces a version that is not the newest */
	POSTING_OTHER_MATTER, /* it replaces a version of another matter */
	POSTING_OTHER_CASE,   /* it replaces a letter of another case */
	POSTING_NO_CASE,      /* a letter to a case that is not here */
	POSTING_STATE,	      /* not allowed in the state of the case */
	POSTING_INVALID,      /* new, and it did not pass the intake's check */
	POSTING_NO_PAPER,     /* new, and a paper that it names is not here */
	POSTING__MAX
};

struct posting {
	char key[ID_UUID_SIZE];			    /* lower case */
	unsigned char digest[POSTING_DIGEST_BYTES]; /* SHA-256 of the body's bytes */
	const char *body;
	size_t body_len_bytes;
	int64_t station;    /* who sent it; 0: a station without a name (open centre) */
	int64_t of_station; /* whose case it is, should it be a new one */
	int64_t now_ms;
	const char *region; /* first part of a case number */

	/* Borrowed from the parsed body. */
	const char *kind; /* "application", "supplement", … */
	char case_id[ID_UUID_SIZE];
	const char *task_code, *task_name, *applyer_name, *local_receipt; /* applications */
	char replaces[ID_UUID_SIZE]; /* key of the version it replaces, lower case; "": none */
	const char *note;	     /* other letters: a remark for the history */
	const char *service; /* evaluations: which service of the case, "" if not said; else NULL */

	bool acts; /* false: the state of the case stays as it is */
	enum case_act act;
	enum case_actor actor;
	char query_password[QUERY_PASSWORD_CHARS + 1];

	/* POSTING_INVALID, POSTING_NO_PAPER: is stored under no circumstances, but when the same
	 * bytes were taken before (by rules that were in force then) the first answer still holds.
	 * 0: no objection. */
	enum posting_result objection;

	/* What became of it; written by the store. */
	enum posting_result result;
	enum err failed_for; /* POSTING_FAILED: what the store met with */
	char project_no[PROJECT_NO_SIZE];
	const char *state;		     /* after it */
	bool evaluated;			     /* POSTING_STATE: the service has its evaluation */
	bool unknown;			     /* POSTING_STALE: what it replaces never came here */
	char current_key[ID_UUID_SIZE];	     /* of the version in force, when it refuses this one */
	char current_state[CASE_STATE_SIZE]; /* likewise */
	int64_t seq;
	struct buf answer;	  /* the stored answer's bytes when TAKEN or AGAIN */
	const char *first_answer; /* of one that is made again from the log; NULL: it is new */

	void *owner;		      /* the exchange that waits for it */
	json *root;		      /* keeps the borrowed texts alive */
	struct posting *next_running; /* see api_internal.h */
};
void posting_free(struct posting *p);
/* Writes the digests of their bodies: by the one who takes a group, not by the one who reads. */
void posting_sum(struct posting **postings, size_t count);

/*
 * What becomes of the case by the one state machine (core/domain/lifecycle.h): the state after this
 * letter, constant; NULL: not allowed. from NULL: there is no case yet.
 */
const char *posting_judge(const struct posting *p, const char *from);
/* POSTING_STATE: why not, a sentence in the language in force: of whoever answers, not of whoever
 * took the group. Borrowed, constant. */
const char *posting_why(const struct posting *p);

/* Others than the station that sent it will want to hear of this letter, now that it is taken: a
 * station that sent its own first version knows of it already. */
bool posting_is_news(const struct posting *p);

/* Writes the answer of a letter that has just been given its number; the first, when it has one. */
void posting_write_answer(struct posting *p);

#endif
