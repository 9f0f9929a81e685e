/*
 * The outbox: letters (application, supplement, …) that wait for the centre. On disk a letter is
 * waiting, held or delivered; "sending" lives in the deliverer's memory only, so that after any
 * crash it is simply waiting again. What is stored is what is sent, byte for byte; when it is tried
 * next is kept apart from what it is. Letters of one case go in order; cases do not wait for each
 * other.
 */
#ifndef YIMEN_CORE_STATION_OUTBOX_H
#define YIMEN_CORE_STATION_OUTBOX_H

#include "core/base/err.h"
#include "core/base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

enum letter_state {
	LETTER_WAITING,
	LETTER_HELD,
	LETTER_DELIVERED,
	LETTER_STATE__MAX
};

enum hold_reason {
	HOLD_NONE,
	HOLD_REFUSED, /* the centre refused the content: correct it (the form opens at the field) */
	HOLD_PERSON,  /* the station is not admitted, or a clerk held it: a person must act */
	HOLD__MAX
};

struct letter {
	char id[ID_UUID_SIZE]; /* the Idempotency-Key */
	char case_id[ID_UUID_SIZE];
	int64_t seq; /* order of posting */
	char *kind;  /* "application" … */
	char *path;  /* where it goes below the centre's address */
	char *body;  /* frozen bytes; NULL in lists */
	size_t body_len;
	enum letter_state state;
	enum hold_reason hold;
	char *reason;  /* what the centre or the line said last, a sentence; NULL: nothing */
	char *problem; /* the centre's problem document (RFC 9457) if any */
	char *receipt; /* the centre's answer once delivered */
	int tries;
	int64_t created_ms, next_ms, last_ms, delivered_ms;	     /* 0: never */
	char *local_receipt, *project_no, *task_name, *applyer_name; /* of its case */
};
void letter_fini(struct letter *l);

const char *letter_state_name(enum letter_state s); /* "waiting" "held" "delivered" */
const char *letter_state_text(const struct letter *l); /* 待发, 退回, 待处理, 已收妥; borrowed */

struct outbox_counts {
	size_t waiting, held, delivered;
	int64_t oldest_waiting_ms; /* 0: none */
	int64_t next_ms;	   /* the earliest next try; 0: none */
};
enum err outbox_counts(struct store *s, struct outbox_counts *out);

/* Newest first; bodies left out. state LETTER_STATE__MAX: all. */
void outbox_each(struct store *s, enum letter_state state,
	void (*each)(void *arg, const struct letter *l), void *arg);
/* By letter id, case id, local receipt or the centre's number; with the body. */
enum err outbox_get(struct store *s, const char *any_number, struct letter *out);

/* What a person can do. retry: at once, also when held. hold: keeps it back, with a reason. */
enum err outbox_retry(struct store *s, const char *id, const char *operator_name);
enum err outbox_hold(
	struct store *s, const char *id, const char *operator_name, const char *reason);

/*
 * What the deliverer does. due: letters that may go now, the first waiting one of each case, oldest
 * first, with bodies, at most `limit`; never one of the cases of `busy`. Returns how many.
 */
size_t outbox_due(struct store *s, int64_t now_ms, const char *const *busy_cases, size_t busy_count,
	struct letter *out, size_t limit);

/* The same whatever the next try says, among letters with after < seq <= until. */
size_t outbox_sweep(struct store *s, int64_t after, int64_t until, const char *const *busy_cases,
	size_t busy_count, struct letter *out, size_t limit);
int64_t outbox_newest(struct store *s); /* its seq; 0: none */
/* When the next letter may go (now_ms if one may already); INT64_MAX: none waits. */
int64_t outbox_next_ms(struct store *s, int64_t now_ms);

/* What the centre said of one letter; all of them of a round go into one transaction. */
struct outbox_outcome {
	char id[ID_UUID_SIZE];
	enum letter_state
		state; /* DELIVERED: receipt; HELD: hold, reason, problem; WAITING: again */
	enum hold_reason hold;
	const char *reason;  /* a sentence; NULL when delivered */
	const char *problem; /* JSON or NULL */
	const char *receipt; /* JSON, when delivered */
	int64_t next_ms;     /* when WAITING */
};
enum err outbox_settle(struct store *s, const struct outbox_outcome *outcomes, size_t count);

#endif
