/*
 * The answers of an application as an applicant confirms them: group by group, those without one
 * left out; in a correction with what stood in the version before.
 */
#ifndef YIMEN_TUI_REVIEW_TEXT_H
#define YIMEN_TUI_REVIEW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct checklist_item;
struct correction;
struct intake;
struct store;

/* Texts are borrowed for the call. */
struct review_row {
	const char *heading; /* of the group an answer is the first of; NULL: it goes on */
	const char *label, *text;
	bool changed; /* it was otherwise in the version that a correction replaces: text says how
		       */
};
typedef void review_row_fn(void *arg, const struct review_row *row);

/*
 * The answers about the situation, then those of the form. After one whose warning was accepted
 * comes the reason, labelled as such; last what the version before had and this one has not. c
 * NULL: nothing is held against it.
 */
void review_answers(
	const struct intake *in, struct correction *c, bool mask, review_row_fn *each, void *arg);

/* In how many places a correction differs from the version before: rows of the answers, materials.
 * Appends that to out (may be NULL) as a sentence that names the first of them. */
size_t review_changes(const struct intake *in, struct correction *c, struct buf *out);
/* What is asked before a correction goes that changes nothing. */
const char *review_same_question(void);

/*
 * Appends what is asked before a correction goes although the centre moved its case meanwhile: how
 * the case stands there, and whether it can take one.
 */
void review_ask_knowing(struct store *s, const char *case_id, struct buf *out);

#endif
