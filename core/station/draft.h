/*
 * A draft: what has been asked and answered for one application, on disk answer by answer. The
 * case's id and the letter's key are born with it, at the first keystroke. Answers are (part,
 * place, value); places are those of forms/entry.h, values are raw text. A case under correction
 * (case_revise) is filled in the same way, under its own id.
 */
#ifndef YIMEN_CORE_STATION_DRAFT_H
#define YIMEN_CORE_STATION_DRAFT_H

#include "core/base/err.h"
#include "core/base/id.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

enum draft_part {
	DRAFT_SITUATION, /* answers to the matter's 情形 questions */
	DRAFT_MATERIALS, /* material name -> "received" | "exempt" | "deferred" | "missing" */
	DRAFT_FORM,	 /* the form's fields */
	DRAFT_ACCEPTED,	 /* place -> reason for which a warning was accepted */
	DRAFT_NOTE,	 /* material name -> a remark of the clerk */
	DRAFT_GUIDE,	 /* "seq" -> the version of the matter (catalogue_seq) it began with */
	DRAFT_TOLD,	 /* place -> what DRAFT_ACCEPTED was given for (entry_each_reason) */
	DRAFT_SITUATION_ACCEPTED, /* the same two of the 情形 questions */
	DRAFT_SITUATION_TOLD,
	DRAFT_PART__MAX
};

/* Where the clerk was: the session resumes there. */
enum draft_step {
	DRAFT_AT_SITUATION,
	DRAFT_AT_CHECKLIST,
	DRAFT_AT_FORM,
	DRAFT_AT_REVIEW,
	DRAFT_STEP__MAX
};

struct draft {
	char id[ID_UUID_SIZE]; /* of the case that it becomes */
	char *task_code, *task_name, *task_version;
	char *form_id, *form_version; /* NULL: not chosen yet */
	char *operator_name, *window; /* who has it now */
	char *dept_name;	      /* the body of its matter; NULL: not known */
	char *applyer_name;	      /* for lists; NULL until known */
	char *parked_note;	      /* NULL: not parked */
	char *ticket;		      /* number of the visitor who was at the window; NULL: none */
	enum draft_step step;
	char *place;	/* the field with the cursor, "" if none */
	int cursor_cps; /* before which character of it, -1: after the last */
	int64_t created_ms, updated_ms;
	bool revising; /* the correction of a case that was submitted */
};
void draft_fini(struct draft *d);

/* The members task_*, form_*, dept_name, operator_name and window of origin are used (copied); id
 * is the result. It is for the visitor whose ticket is at that window now (core/station/queue.h),
 * if any; the visit began with the call, or with the case before for the same visitor, or now.
 * Logged in the audit trail. */
enum err draft_begin(struct store *s, const struct draft *origin, char id[ID_UUID_SIZE]);
/* ERR_NOT_FOUND: there is none, or it was submitted or dropped. */
enum err draft_get(struct store *s, const char *id, struct draft *out);

struct draft_answer {
	enum draft_part part;
	const char *place;
	const char *value; /* NULL: the answer is taken back */
};
/* What lists and lookups know of it; NULL: unchanged. */
struct draft_facts {
	const char *form_id, *form_version; /* after the situation is known */
	const char *applyer_name;
	const char *person; /* certificate number of the applicant */
	const char *mobile;
};
/* Answers and facts (NULL: none) in one commit; durable when it returns OK. ERR_STATE: the draft
 * was submitted. Nothing given does nothing. */
enum err draft_save(struct store *s, const char *id, const struct draft_answer *answers,
	size_t count, const struct draft_facts *facts);
/* Answers alone. */
enum err draft_put(
	struct store *s, const char *id, const struct draft_answer *answers, size_t count);
enum err draft_move(
	struct store *s, const char *id, enum draft_step step, const char *place, int cursor_cps);
void draft_each_answer(struct store *s, const char *id, enum draft_part part,
	void (*each)(void *arg, const char *place, const char *value), void *arg);

/* What one version of a form asks for, kept so that a later version can be held against it. Noting
 * the same version again changes nothing. */
struct draft_field {
	const char *name, *label;
	const char *label_en; /* "": none */
};
enum err draft_note_fields(struct store *s, const char *form_id, const char *version,
	const struct draft_field *fields, size_t count);
void draft_each_field(struct store *s, const char *form_id, const char *version,
	void (*each)(void *arg, const struct draft_field *f), void *arg);
/* The field of this name as the last noted version with it has it, for what no later one asks;
 * false: none has. What see gets is borrowed for the call. */
bool draft_see_field(struct store *s, const char *form_id, const char *name,
	void (*see)(void *arg, const struct draft_field *f), void *arg);

/* Open drafts and corrections, last touched first. operator_name NULL: of everybody. */
void draft_each(struct store *s, const char *operator_name,
	void (*each)(void *arg, const struct draft *d), void *arg);
/* Of everybody, those whose applicant (name, also by pinyin or initials, certificate, telephone),
 * matter or remark holds the text, or whose ticket has this number. */
void draft_find(struct store *s, const char *text, void (*each)(void *arg, const struct draft *d),
	void *arg);
size_t draft_count(struct store *s, const char *operator_name);

enum err draft_park(struct store *s, const char *id, const char *note);
/*
 * Taken up again, by whoever is at this window: it is theirs from now on, and neither parked nor on
 * its way to somebody else. How long it lay untouched does not count as time at the window. Logged
 * in the audit trail. ERR_STATE: it is a draft no more; ERR_DENIED: it was handed to somebody else
 * (core/station/handover.h).
 */
enum err draft_open(struct store *s, const char *id, const char *operator_name, const char *window,
	struct buf *why);
/* Removes it with its answers, or gives the correction up; logged in the audit trail. */
enum err draft_drop(struct store *s, const char *id, const char *operator_name);

#endif
