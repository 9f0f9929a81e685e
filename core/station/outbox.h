/*
 * The outbox: letters (application, supplement, …) that wait for the centre. On disk a letter is
 * waiting, held, delivered or replaced; "sending" lives in the deliverer's memory only, so that
 * after any crash it is simply waiting again. What is stored is what is sent, byte for byte; when
 * it is tried next is kept apart from what it is. Letters of one case go in order; cases do not
 * wait for each other; a letter waits for its own papers (core/station/papers.h).
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
	LETTER_REPLACED, /* refused, and a newer version took its place (hold still says refused)
			  * or it was given up (HOLD_NONE): an end */
	LETTER_STATE__MAX
};

enum hold_reason {
	HOLD_NONE,
	HOLD_REFUSED, /* the centre refused the content: correct it (the form opens at the field) */
	HOLD_PERSON,  /* the station is not admitted, or a file of it is gone: a person must act */
	HOLD_KEPT,    /* a clerk keeps it back; outbox_release lets it go */
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
	int version; /* of the application, from 1; of one that is carried for another station 1
		      * where it is the first for the centre, else as that station counts */
	enum letter_state state;
	enum hold_reason hold;
	char *reason;  /* what the centre or the line said last, of it or of a paper that it waits
			* for, a sentence; NULL: nothing. In the language in force, as far as it
			* can be said in it */
	char *problem; /* the centre's problem document (RFC 9457) if any; see refusal.h */
	bool unread; /* it waits, and the last answer looked like a refusal, but was too long to be
		      * read: whoever corrects it or gives it up counts it as refused */
	char *receipt; /* the centre's answer once delivered */
	int tries;
	/* next: of it, or of a paper that it waits for. */
	int64_t created_ms, since_ms, next_ms, last_ms,
		delivered_ms; /* 0: never. since: in this state */
	char *origin; /* the station whose it is when it is carried for another; NULL: ours */
	char *local_receipt, *project_no, *task_code, *task_name, *applyer_name; /* of its case */
	int64_t papers_bytes, papers_sent; /* of all its papers; 0, 0: it has none */
	int papers_tries; /* how often in a row the paper that it waits for did not go */
	/* Told of single letters, not in lists: it waits for an earlier letter of its case, and how
	 * that one is held (HOLD_NONE: it only waits, too). */
	bool behind;
	enum hold_reason ahead;
};
void letter_fini(struct letter *l);

/* "waiting" "held" "delivered" "replaced" */
const char *letter_state_name(enum letter_state s);
bool letter_state_parse(const char *name, enum letter_state *out);
/* 待发, 退回, 待处理, 暂缓, 已收妥, 已替换, 已放弃; borrowed */
const char *letter_state_text(const struct letter *l);

struct outbox_counts {
	size_t waiting, held, delivered, replaced;
	size_t person,
		kept; /* of the held: those that need a person; that their owner keeps back */
	int64_t oldest_waiting_ms; /* 0: none */
	int64_t next_ms;	   /* the earliest next try; 0: none */
};
enum err outbox_counts(struct store *s, struct outbox_counts *out);
/* Of those that wait, how many do so behind one of their case that is held: no line helps them. */
enum err outbox_count_behind(struct store *s, size_t *out);

/* What keeps the oldest of those that wait and have been tried, a sentence; free() it. NULL: none.
 */
char *outbox_why_waiting(struct store *s);

struct outbox_filter {
	enum letter_state state; /* LETTER_STATE__MAX: all */
	const char *text;	 /* part of a number, matter, applicant or origin; NULL: any */
	size_t limit;		 /* 0: none */
	bool brief;		 /* without reason, problem and receipt: for lists of very many */
};
/* Newest first; bodies left out. filter NULL: all. Each may use the store. */
void outbox_each(struct store *s, const struct outbox_filter *filter,
	void (*each)(void *arg, const struct letter *l), void *arg);
/* By letter id, case id, local receipt or the centre's number (then the last of its letters); with
 * the body. */
enum err outbox_get(struct store *s, const char *any_number, struct letter *out);
/* The same, but by a number of a case the first of its letters that is not at its end: the others
 * wait for that one. When all are, the last. */
enum err outbox_get_next(struct store *s, const char *any_number, struct letter *out);
/* The same as outbox_get among applications only: the last version of one. */
enum err outbox_get_application(struct store *s, const char *any_number, struct letter *out);

/*
 * What a person can do with one that is not at its end (ERR_STATE: it is). retry: at once, whatever
 * the next try says, also when it was held. hold: keeps it back, with a reason. release: one that
 * was kept back waits again.
 */
enum err outbox_retry(struct store *s, const char *id, const char *operator_name);
enum err outbox_hold(
	struct store *s, const char *id, const char *operator_name, const char *reason);
enum err outbox_release(struct store *s, const char *id, const char *operator_name);
/* All that wait or are held because a person had to act; not the refused and the kept ones. */
enum err outbox_retry_all(struct store *s, const char *operator_name, size_t *count);
/* The refused ones as well, but for those that would be refused again as they are
 * (refusal_is_final). */
enum err outbox_retry_refused(struct store *s, const char *operator_name, size_t *count);

/*
 * A centre that was restored from an old copy has lost a case whose receipt is here: its letters
 * wait again, in order, and are taken as the first time; so do those that it refused meanwhile
 * because they did not fit to what it has (refusal_is_final), and what came after them and was
 * refused for want of the case waits behind them. ERR_STATE: none of them was delivered.
 */
enum err outbox_send_again(struct store *s, const char *case_id, const char *operator_name);

/*
 * What the deliverer does. due: letters that may go now, the first waiting one of each case, oldest
 * first, with bodies, at most `limit`; never one of the cases of `busy`. Returns how many.
 */
size_t outbox_due(struct store *s, int64_t now_ms, const char *const *busy_cases, size_t busy_count,
	struct letter *out, size_t limit);

/* The same whatever the next try says, among letters with after < seq <= until; skip (may be NULL)
 * leaves out those it says true for. */
struct outbox_range {
	int64_t after, until;
	bool (*skip)(const void *arg, int64_t seq);
	const void *arg;
};
size_t outbox_sweep(struct store *s, const struct outbox_range *range,
	const char *const *busy_cases, size_t busy_count, struct letter *out, size_t limit);
int64_t outbox_newest(struct store *s); /* its seq; 0: none */
/* Forgets every pause of letters and papers: all may go now. */
enum err outbox_hurry(struct store *s);
/* When the next letter may go (now_ms if one may already); INT64_MAX: none waits. */
int64_t outbox_next_ms(struct store *s, int64_t now_ms);

/*
 * Inside the caller's transaction, where a newer version of an application may stand behind a
 * refused one: the refused is replaced; and what was posted between them (accepted, rated), while
 * the centre knows nothing of the case, goes behind the newer one and before what was posted after
 * that, or it would be refused, too, and keep that one back. None of it is in the air: the
 * refused version has kept it here.
 */
enum err outbox_make_way(struct store *s, const char *case_id);
/* The same when a version is refused only after the newer one was posted: what that one has
 * answered already, a request for corrections, is not asked once more and is replaced, too; and
 * where the centre has an older version, or one still waits, what names the refused one goes in a
 * new letter that names that older one. */
enum err outbox_version_refused(struct store *s, const char *case_id);

/*
 * Inside the caller's transaction, when a person corrects the letter of this id or the case of this
 * id, or gives it up: what waits with a refusal that was too long to be read (of a case: of its
 * applications) is held as refused from now on, or makes way for a newer version (not where it is
 * carried: what stands behind it is given up with it). The person decides, no such answer does.
 * *count (may be NULL): how many there were.
 */
enum err outbox_count_as_refused(
	struct store *s, const char *id, const char *operator_name, size_t *count);

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
	bool papers_missing; /* when WAITING: the centre lacks papers of it, they are sent again */
	bool unread; /* when WAITING: it looked like a refusal, and was too long to be read */
};
enum err outbox_settle(struct store *s, const struct outbox_outcome *outcomes, size_t count);

#endif
