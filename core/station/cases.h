/*
 * Cases (办件) as this station knows them, and the moment a draft becomes one: one transaction
 * freezes the bytes, puts the letter into the outbox and moves the case from draft to received. A
 * correction afterwards is a new version of the application: a letter of its own with a new key,
 * that names the version it replaces.
 */
#ifndef YIMEN_CORE_STATION_CASES_H
#define YIMEN_CORE_STATION_CASES_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/station/receipt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct case_view;
struct store;

/* What goes into the letter beside what the draft knows itself. JSON texts as the engine wrote
 * them. Its papers (core/station/papers.h) go with it by themselves. */
struct application {
	const char *draft_id;
	const char *station;	       /* this station's name at the centre */
	const char *applyer_name;      /* 申请人 */
	const char *applyer_type;      /* 服务对象 code: "1" 自然人 "2" 企业 … */
	const char *applyer_page_type; /* 证件类型 code */
	const char *applyer_page_code; /* 证件号码 */
	const char *contact_mobile;
	const char *situation_json;		 /* object */
	const char *materials_json;		 /* array */
	const char *answers_json;		 /* object */
	const char *accepted_json;		 /* array (accepted.h) */
	const char *situation_accepted_json;	 /* likewise, of the situation; NULL: none */
	const char *bundle_no;			 /* NULL: not part of a bundle */
	const struct application_matter *matter; /* NULL: the draft's own */
	bool knowing; /* a correction goes on although the centre changed the case meanwhile */
};

/* In a bundle: which of its matters an application is for. */
struct application_matter {
	const char *task_code, *task_name, *task_version;
	const char *form_id, *form_version;
	const char *dept_name; /* the body it belongs to; NULL: not known */
};

/*
 * Submits: durable when it returns OK. receipt is the local receipt number
 * (core/station/receipt.h). A second call for the same draft gives the same receipt again (OK). Of
 * a case under correction it makes the new version, under the same receipt; ERR_STATE with a
 * sentence when the centre has changed the case since the correction began, unless a->knowing.
 */
enum err case_submit(struct store *s, const struct application *a, char receipt[LOCAL_RECEIPT_SIZE],
	struct buf *why);

/*
 * One letter and one case for each application, all in one commit; the draft itself becomes the
 * bundle (state CASE_BUNDLE) and its receipt is their bundle number. Otherwise as case_submit.
 */
#define CASE_BUNDLE "bundle"
enum err case_submit_bundle(struct store *s, const struct application *list, size_t count,
	char receipt[LOCAL_RECEIPT_SIZE], struct buf *why);
/* The cases of a bundle, by the bundle's id, in the order of their letters. */
void case_each_in_bundle(struct store *s, const char *bundle_id,
	void (*each)(void *arg, const struct case_view *c), void *arg);

/*
 * Begins a correction (or goes on with the one under way): the answers can be changed again by the
 * functions of draft.h, with the case's id, until case_submit or case_revise_drop. Possible while
 * the case is received or wants correcting, unless its application is held for a person or kept;
 * and in any state while the centre has refused every version of it: what was decided here
 * meanwhile goes behind the new one. A reason (DRAFT_ACCEPTED) at a place that the centre has
 * refused is not part of it: it is to be written anew. Otherwise ERR_STATE with a sentence.
 * ERR_NOT_FOUND: no such case.
 */
enum err case_revise(
	struct store *s, const char *any_number, const char *operator_name, struct buf *why);
/* Whether case_revise would begin one, or go on with it. */
bool case_may_revise(struct store *s, const char *case_id);
/* Whether the version that the centre goes by was made elsewhere: a correction would go over it. */
bool case_made_elsewhere(struct store *s, const char *case_id);
/* Gives the correction up: the answers are again what was submitted. ERR_STATE: there is none. */
enum err case_revise_drop(struct store *s, const char *case_id, const char *operator_name);

/*
 * The applicant does not want it any more, or it can never be right: an application that the centre
 * has refused and never taken is given up with all that waits behind it, and the case is withdrawn
 * at this station alone. letter_id: of the refused version. ERR_STATE: it is no such letter, or is
 * being corrected.
 */
enum err case_abandon(
	struct store *s, const char *letter_id, const char *operator_name, struct buf *why);

struct case_view {
	char id[ID_UUID_SIZE];
	char *task_code, *task_name;
	char *applyer_name;
	char *local_receipt;
	char *project_no;     /* NULL until the centre answered */
	char *query_password; /* likewise */
	char *state;	      /* name of core/domain/lifecycle.h, e.g. "received" */
	char *operator_name, *window;
	int64_t submitted_ms, updated_ms;
	char *letter_state; /* "waiting" "held" "delivered" "replaced" of its letter */
	char *letter_hold;  /* why it is held: "refused" "person" "kept"; NULL: it is not */
	char *letter_id;    /* the first that has not gone, else the last; NULL: none (a bundle) */
	int version;	    /* of the application as submitted last, from 1 */
	bool revising;	    /* a correction is under way */
	char *note;	    /* what the centre said last (what to correct, a result); NULL */
	bool news;	    /* changed at the centre since it was last looked at */
};
void case_view_fini(struct case_view *c);

/* By case id, local receipt or the centre's number. */
enum err case_get(struct store *s, const char *any_number, struct case_view *out);
/* Last first. day: days since 1970 (clock_day) or -1 for all; text: part of a name, matter,
 * number of a case, certificate or telephone, or NULL. */
void case_each(struct store *s, int32_t day, const char *text,
	void (*each)(void *arg, const struct case_view *c), void *arg);
size_t case_count_day(struct store *s, int32_t day);
size_t case_count_state(struct store *s, const char *state);
/* Those with news, last changed first; and how many. */
void case_each_news(struct store *s, void (*each)(void *arg, const struct case_view *c), void *arg);
size_t case_count_news(struct store *s);
/* Somebody has looked at it: no news any more. */
enum err case_seen(struct store *s, const char *case_id);

/* History of one case, oldest first. what: an act's name ("submit", "revise", "delivered",
 * "refused", "version" …) or a state's; note: what was said with it, NULL. Each must not use the
 * store. */
struct case_event {
	int64_t at_ms;
	const char *who, *what, *note;
};
void case_each_event(struct store *s, const char *case_id,
	void (*each)(void *arg, const struct case_event *e), void *arg);
/* Belongs into the caller's transaction. */
enum err case_add_event(
	struct store *s, const char *case_id, const char *who, const char *what, const char *note);

#endif
