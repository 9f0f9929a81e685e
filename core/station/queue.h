/*
 * The queue of visitors: the tickets (号) of one day at this station, drawn by hand or written by a
 * ticket machine (queue_feed.h), and what windows do with them (core/domain/ticket.h has the
 * table). Several windows of one station share it: each act is one transaction, so no two of them
 * call the same visitor. A window has one visitor at a time.
 *
 * For figures of a day: table `ticket` (data/sql) has the times taken, called, started, finished
 * and the time at windows; queue_each gives them. The audit trail has each act as "ticket.take",
 * "ticket.call" …, its object the number, its detail the window and what else was said (the outcome
 * of ticket.finish, the goal of ticket.transfer).
 */
#ifndef YIMEN_CORE_STATION_QUEUE_H
#define YIMEN_CORE_STATION_QUEUE_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/domain/ticket.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

enum {
	QUEUE_NUMBER_SIZE = 12, /* letters and digits: A032 */
	QUEUE_WINDOW_SIZE = 32,
	QUEUE_DAY_MAX = 5000 /* tickets of one day; more are refused */
};

struct ticket {
	char id[ID_UUID_SIZE];
	int32_t day; /* since 1970 */
	char number[QUEUE_NUMBER_SIZE];
	char letter[QUEUE_NUMBER_SIZE];	    /* of its group */
	char for_window[QUEUE_WINDOW_SIZE]; /* it was transferred to this one; "": any */
	bool priority;			    /* 优先: the old, the disabled, soldiers */
	bool machine;			    /* from the ticket machine */
	enum ticket_state state;
	char window[QUEUE_WINDOW_SIZE]; /* where it was called last; "": nowhere yet */
	char *operator_name;
	enum ticket_outcome outcome;			      /* of one that is done */
	int calls;					      /* how often it was called */
	int64_t taken_ms, called_ms, started_ms, finished_ms; /* first times; 0: not yet */
	int64_t served_ms; /* at windows, pauses left out; of one at a window until since_ms */
	int64_t since_ms;  /* in its state */
};
void ticket_fini(struct ticket *t);

/* ---- groups and windows, as the settings have them ---- */

/* "A 综合受理, B 社保医保": appends the name of a letter's group. false: it has none. */
bool queue_group_name(const char *groups, const char *letter, struct buf *out);
/* The letter of the group that this letter or name means; false: there is none. */
bool queue_group_find(const char *groups, const char *text, char letter[QUEUE_NUMBER_SIZE]);
/* "03 A B, 05 C": appends the letters that a window serves, each between blanks (" A B "). Nothing
 * is appended for a window that is not named: it serves all. */
void queue_served(const char *windows, const char *window, struct buf *letters);

/* ---- drawing ---- */

struct queue_draw {
	const char *letter; /* of the group */
	bool priority;
	const char *operator_name;
};
/* The next number of the group, by hand. *ahead (may be NULL): how many of the group wait before
 * it. ERR_INVALID: no such letter; ERR_STATE: the day has too many. ticket_fini the result. */
enum err queue_draw(struct store *s, const struct queue_draw *d, struct ticket *out, size_t *ahead,
	struct buf *why);

/* ---- acts ---- */

struct queue_order {
	const char *number; /* of today */
	enum ticket_act act;
	const char *operator_name;
	const char *window;	     /* where it is done; "": the guide desk */
	const char *to_letter;	     /* TICKET_TRANSFER: another group; NULL: its own */
	const char *to_window;	     /* and only this window; NULL: any */
	enum ticket_outcome outcome; /* TICKET_FINISH; TICKET_OUTCOME__MAX: as the work shows */
};
/*
 * Durable when it returns OK; out (may be NULL) is the ticket then. ERR_NOT_FOUND: today has no
 * such number. ERR_STATE: not possible now, the visitor is at another window, or this window has
 * another visitor; why says which. ERR_INVALID: a call, start or resume without a window.
 */
enum err queue_act(
	struct store *s, const struct queue_order *o, struct ticket *out, struct buf *why);

struct queue_caller {
	const char *window, *operator_name;
	const char *letters; /* of queue_served; "": all */
};
struct queue_turn {
	char ended[QUEUE_NUMBER_SIZE]; /* the visitor before; "": there was none */
	enum ticket_state ended_as;    /* TICKET_DONE; TICKET_SKIPPED: nobody had come;
					  TICKET_PAUSED: a draft of it is still open */
	enum ticket_outcome outcome;
	bool called; /* somebody waited */
	struct ticket ticket;
};
/*
 * The next one at this window, in one transaction: whoever is served there is done (outcome as the
 * work shows) or, with a draft still open, has paused; whoever was called and has not come is
 * skipped. First come those sent to this window, then those with priority, then the earliest taken.
 * OK also when nobody waits. ticket_fini(&out->ticket) when called.
 */
enum err queue_next(
	struct store *s, const struct queue_caller *c, struct queue_turn *out, struct buf *why);
/* Of the one at this window: what it has come to, if it ended now. 受理 a case of it was submitted,
 * 领证 a result was handed over, else 咨询. */
enum ticket_outcome queue_outcome(struct store *s, const struct ticket *t);

/* ---- looking ---- */

enum err queue_get(struct store *s, const char *number, struct ticket *out); /* of today */
/* The visitor at this window; ERR_NOT_FOUND: nobody. */
enum err queue_current(struct store *s, const char *window, struct ticket *out);
/* In the order in which they would be called, then those at windows, those aside, those that have
 * ended. Each may use the store. */
void queue_each(
	struct store *s, int32_t day, void (*each)(void *arg, const struct ticket *t), void *arg);
/* The number of a case's ticket, appended; nothing when it has none. */
void queue_number_of_case(struct store *s, const char *case_id, struct buf *out);

/* The cases and drafts of its visit, the oldest first. Each may use the store. */
void queue_each_case(struct store *s, const struct ticket *t,
	void (*each)(void *arg, const char *case_or_draft_id), void *arg);

struct queue_counts {
	size_t taken;		      /* today, in all groups */
	size_t waiting, aside;	      /* of the letters asked for; aside: skipped and paused */
	int64_t oldest_ms;	      /* when the one that waits longest was taken; 0: none */
	char next[QUEUE_NUMBER_SIZE]; /* who would be called next; "": nobody */
	int64_t next_ms;	      /* when that one was taken */
	char here[QUEUE_NUMBER_SIZE]; /* at the window; "": nobody */
	enum ticket_state here_state; /* TICKET_CALLED, TICKET_SERVING */
	int64_t here_ms;	      /* since when */
};
enum err queue_counts(
	struct store *s, const char *letters, const char *window, struct queue_counts *out);

#endif
