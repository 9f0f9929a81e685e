/*
 * The queue of visitors as a window sees it: how many wait, who is here, and the one key that calls
 * the next. core/station/queue.h is the truth; this remembers what was read of it.
 */
#ifndef YIMEN_TUI_VISITORS_H
#define YIMEN_TUI_VISITORS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/station/queue.h"

struct app;
struct app_options;
struct buf;
struct session;
struct store;
struct visitors;

/* Settings are copied. */
struct visitors *visitors_new(const struct app_options *options);
void visitors_free(struct visitors *v); /* NULL does nothing */
/* The window one has signed in at: which groups it serves. */
void visitors_at(struct visitors *v, const char *window);

/* Reads the counts anew. true: something differs. */
bool visitors_refresh(struct visitors *v, struct store *s);
/* Takes what the ticket machine has written since. true: there are new tickets. */
bool visitors_read_machine(struct visitors *v, struct store *s);

const struct queue_counts *visitors_counts(const struct visitors *v);
const char *visitors_groups(const struct visitors *v); /* queue.groups */
/* What was wrong with the machine's lines last; "": nothing. */
const char *visitors_trouble(const struct visitors *v);
/* Anybody took a ticket today: the queue is in use. */
bool visitors_in_use(const struct visitors *v);

/* Appends 12分: whole minutes, so that a screen at rest changes with the minute only. */
void visitors_minutes(struct buf *out, int64_t since_ms, int64_t now_ms);
/* Appends "   等候 4 人 12分" for the status row; nothing when the queue is not in use. */
void visitors_status(const struct visitors *v, int64_t now_ms, struct buf *out);
/* Appends who is here, who waits and who is next, for the first row of 今日; likewise. */
void visitors_words(const struct visitors *v, int64_t now_ms, struct buf *out);

/* The one key: ends the visitor who is here, calls the next, goes to 今日 and says so. A visitor
 * who was called and has not come is skipped at the second press only. */
void visitors_next(struct app *a);
/* Something is being done for the visitor who was called: he has come. */
void visitors_came(struct app *a);
/* A draft of the visitor with this number is taken up again: he is back, if this window is free. */
void visitors_back(struct app *a, const char *number);
/* The same of a session. */
void visitors_are_served(struct session *s);
void visitors_are_back(struct session *s, const char *number);
/* Ends who is here and calls the next, and tells the hall's display; ticket_fini(&turn->ticket)
 * when called. As queue_next. */
enum err visitors_call(struct session *s, struct queue_turn *turn, struct buf *why);
/* Appends what became of both. */
void visitors_turn_words(const struct queue_turn *turn, struct buf *out);
/* One act on a ticket, and the hall's display is told of a call. As queue_act. */
enum err visitors_do(struct session *s, const struct queue_order *o, struct buf *why);
/* For the hall's display: a call of this ticket at this window, as one line of queue.calls. */
void visitors_announce(const struct visitors *v, const struct ticket *t, int64_t now_ms);
/* One act of this window on a ticket; says what went wrong. */
bool visitors_act(struct app *a, const struct queue_order *o);

#endif
