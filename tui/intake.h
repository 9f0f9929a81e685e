/*
 * Taking one application: the matter, the answers about the situation, the list of materials and
 * the form, kept in step with each other and with the draft on disk. The screens and `yimen apply`
 * both work through this; it is where forms and station meet, and it knows no terminal.
 */
#ifndef YIMEN_TUI_INTAKE_H
#define YIMEN_TUI_INTAKE_H

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/station/cases.h"
#include "core/station/checklist.h"
#include "core/station/draft.h"
#include "core/station/matter.h"
#include "forms/entry.h"
#include "tui/reasons.h"

#include <stdbool.h>
#include <stddef.h>

struct catalogue;
struct draft_lock;
struct intake_rules;
struct store;

/* One of the matters of a bundle (一件事). */
struct intake_member {
	struct matter *matter;
	struct form *form;
};

/* What a newer form or guide did to a draft that was begun under an older one. */
struct intake_carry {
	struct carried_field {
		char *label, *value; /* value "": there was no answer yet */
		char *why;	     /* of a refused one: the sentence */
	} * lost, *gained, *refused; /* fields that are gone, are new, do not take their answer */
	size_t lost_count, gained_count, refused_count;
	/* Reasons for warnings that the form or the guide in force does not have, or has otherwise:
	 * they are given anew where something still warns. value is the reason. */
	struct carried_field *unreasoned;
	size_t unreasoned_count;
	char **papers_lost, **papers_gained;
	size_t papers_lost_count, papers_gained_count;
	char *form_version; /* under which it was begun */
};

struct intake {
	struct matter *matter;
	struct intake_member *members; /* of a bundle; NULL: it is none */
	size_t member_count;
	struct form *situation_form; /* NULL: the matter asks no questions */
	struct entry *situation;     /* likewise */
	struct checklist checklist;
	struct form *form;
	struct entry *entry;
	struct store *store;
	char draft_id[ID_UUID_SIZE]; /* "" until the first answer is saved */
	char *operator_name, *window;
	struct draft_lock *lock;    /* held while the draft stands open here; NULL: not yet */
	int seq, began_seq;	    /* versions of the matter: in force, and the draft's first */
	struct intake_rules *rules; /* the materials' expressions, compiled once */
	struct intake_carry carry;  /* after intake_resume; all empty: nothing has changed */
	struct buf followed;	/* what the last intake_follow changed in the list; "" nothing */
	struct checklist saved; /* private: the states that are on disk */
	struct kept_reasons saved_reasons[2]; /* private: likewise, why warnings were accepted, in
					    the form and in the situation */
	char *saved_facts; /* private: likewise, what the draft is known by; NULL: not yet */
	bool consult; /* 咨询: only asked and counted, nothing goes to disk until it is taken up */
	bool from_letter;   /* private: the answers are not on disk yet */
	bool revising;	    /* a case that was submitted is being corrected */
	bool knowing;	    /* the clerk goes on although the centre changed the case */
	struct buf refused; /* what the centre said of the letter as a whole; "" nothing */
	char *refused_at;   /* the first answer that it refused and that is still so; NULL */
};

/*
 * A new application. Nothing is on disk until intake_save. ERR_NOT_FOUND: no such matter.
 * ERR_INVALID: its form has a fault; why has the list. store is borrowed.
 */
enum err intake_open(struct intake **out, struct catalogue *catalogue, struct store *store,
	const char *task_code, const char *operator_name, const char *window, struct buf *why);
/* A draft taken up again, every answer in its place. draft_get tells the step and the field. */
enum err intake_resume(struct intake **out, struct catalogue *catalogue, struct store *store,
	const char *draft_id, struct buf *why);
/*
 * Opens a submitted case for correction (see case_revise); then intake_resume with its id. Reasons
 * given for warnings at answers that the centre refused all the same count no longer.
 */
enum err intake_begin_correction(struct store *s, const char *any_number, const char *operator_name,
	char id[ID_UUID_SIZE], struct buf *why);
/* Whether the draft was begun under another form, or what it asks for has changed. */
bool intake_carried(const struct intake *in);
/* The clerk has been told of the guide and form in force: the draft goes by them from now on. */
enum err intake_note_version(struct intake *in);
void intake_free(struct intake *in); /* what was not saved is lost; NULL does nothing */

/*
 * After an answer about the situation (or a form answer the materials depend on): the list of
 * materials and the form's hidden fields follow. true: the list of materials has changed, or what
 * the form asks for by them; `followed` names what came and went.
 */
bool intake_follow(struct intake *in);

/* Of a 咨询: what the visitor has and what is still to be brought, as facts of the notice slip (a
 * JSON object). Appends. */
void intake_notice_facts(const struct intake *in, struct buf *out);

/* Puts all that changed since the last call on disk, in one commit; the draft is born with the
 * first. */
enum err intake_save(struct intake *in);
/* Where the clerk is; only once the draft is on disk. */
enum err intake_at(struct intake *in, enum draft_step step, const char *place, int cursor_cps);

/* A scan for a material of the list (core/station/papers.h); the draft is saved first, born if it
 * is not yet. ERR_INVALID: the list has no such material; otherwise see paper_attach. */
enum err intake_attach(struct intake *in, const char *material, const char *path, struct buf *why);

/* The applicant's name, certificate number, telephone as answered so far, the name also as it is
 * being typed; "" if not yet. Borrowed until the next answer. */
const char *intake_applicant(const struct intake *in);
const char *intake_person(const struct intake *in);
const char *intake_mobile(const struct intake *in);

/* Appends why a material is asked for, or when it would be: its rule in plain words. */
void intake_why(const struct intake *in, const struct matter_material *m, struct buf *out);

/*
 * What stands in the way of submitting, one sentence a line in why: questions and fields found
 * wrong or left open, and materials missing that cannot be deferred. `places`: with the inner name
 * of each field, for who writes a file of answers. ERR_INVALID, else OK.
 */
enum err intake_check(struct intake *in, bool places, struct buf *why);

/* Saves, checks nothing, submits: durable when it returns OK. See case_submit. */
enum err intake_submit(
	struct intake *in, const char *station, char receipt[LOCAL_RECEIPT_SIZE], struct buf *why);

/* Appends a field's label, and which repetition it stands in. */
void intake_say_field(struct entry *e, struct node *n, struct buf *out);

#endif
