/*
 * 好差评: a service is evaluated by the visitor, once, of his own will. An offer is made for a case
 * at a window; it ends with an answer, with a refusal to answer, or with time. One service is the
 * visit of one day for one case: whatever the offer came to, there is no second one that day. Each
 * step is one transaction with its audit row ("evaluation.offer", ".answer", ".decline",
 * ".time-out"; the detail says how long it took). An answer posts a letter of the kind "evaluation"
 * to the centre; its key is born with the offer, so it is one letter whatever happens. A bad mark
 * (core/domain/complaint.h) opens an entry in the ledger, which somebody else than the one who
 * served must deal with (回避).
 */
#ifndef YIMEN_CORE_STATION_EVALUATION_H
#define YIMEN_CORE_STATION_EVALUATION_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/domain/complaint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct conf;
struct store;

enum evaluation_state {
	EVALUATION_OFFERED,
	EVALUATION_ANSWERED,
	EVALUATION_DECLINED,
	EVALUATION_TIMED_OUT,
	EVALUATION_STATE__MAX
};
const char *evaluation_state_name(enum evaluation_state s); /* "offered" … "timed-out" */
const char *evaluation_state_label(enum evaluation_state s);

enum evaluation_source {
	EVALUATION_SCREEN, /* on the turned screen */
	EVALUATION_DEVICE, /* a rating device, by a script */
	EVALUATION_PAPER,  /* a card that the visitor has filled in */
	EVALUATION_SOURCE__MAX
};
const char *evaluation_source_name(enum evaluation_source s);
bool evaluation_source_parse(const char *name, enum evaluation_source *out);

/* ---- the offer ---- */

struct evaluation_offer {
	const char *case_number; /* any of its numbers; of a bundle: its first case is named */
	const char *operator_name, *window;
};
/*
 * id is the offer's. One that was cut off (the program ended) is taken up again under its id.
 * ERR_EXISTS: this service was offered before and that has ended; ERR_NOT_FOUND: no such case was
 * submitted. why says so.
 */
enum err evaluation_begin(
	struct store *s, const struct evaluation_offer *o, char id[ID_UUID_SIZE], struct buf *why);
/* Whether evaluation_begin would do it; for what is offered on a screen. */
bool evaluation_possible(struct store *s, const char *case_number);

struct evaluation_answer {
	int mark; /* 1 to 5 */
	enum complaint_cause cause;
	enum evaluation_source source;
	const char *station; /* this station's name at the centre */
	struct complaint_days days;
};
/* ERR_STATE: it has ended already; ERR_INVALID: no such mark. Durable when it returns OK. */
enum err evaluation_answer(
	struct store *s, const char *id, const struct evaluation_answer *a, struct buf *why);
/* Without an answer: how is EVALUATION_DECLINED or EVALUATION_TIMED_OUT. Nothing is sent. */
enum err evaluation_end(struct store *s, const char *id, enum evaluation_state how);

struct evaluation {
	const char *id, *case_id, *local_receipt, *task_name, *operator_name, *window;
	enum evaluation_state state;
	enum evaluation_source source;
	int mark; /* 0: none */
	enum complaint_cause cause;
	int64_t offered_ms, ended_ms;
};
/* Of the days from..until, both in, oldest first; each may use the store. */
void evaluation_each(struct store *s, int32_t from, int32_t until,
	void (*each)(void *arg, const struct evaluation *e), void *arg);

/* ---- the ledger of bad marks ---- */

struct complaint {
	const char *id; /* of the evaluation */
	const char *case_id, *local_receipt, *task_name;
	const char *operator_name, *window; /* who served */
	int mark;
	enum complaint_cause cause;
	enum complaint_state state;
	int32_t due_day; /* -1: ended */
	const char *finding, *verified_by, *extension, *mended, *ended_by;
	int64_t at_ms, verified_ms, ended_ms; /* at: of the evaluation */
};
/* Open ones by due day, then (ended: true) those that have ended, last first; each may use the
 * store. */
void complaint_each(
	struct store *s, bool ended, void (*each)(void *arg, const struct complaint *c), void *arg);

struct complaint_order {
	const char *id; /* or a unique beginning of it */
	enum complaint_act act;
	const char *operator_name;
	const char *text; /* what was found, why it takes longer, what was done; never "" */
	struct complaint_days days;
};
/* ERR_STATE: not possible now, or it is the operator's own; ERR_INVALID: nothing is written;
 * ERR_NOT_FOUND; why says which. Audit: "complaint.verify" …, object the id, detail the text. */
enum err complaint_do(struct store *s, const struct complaint_order *o, struct buf *why);

/* From the settings evaluation.verify_days, .mend_days, .extend_days. */
struct complaint_days complaint_days_of(const struct conf *c);

#endif
