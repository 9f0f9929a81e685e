/*
 * The answers of a form as an applicant confirms them: group by group, those without one left out.
 */
#ifndef YIMEN_TUI_REVIEW_TEXT_H
#define YIMEN_TUI_REVIEW_TEXT_H

#include <stdbool.h>

struct buf;
struct entry;
struct store;

/* After an answer whose warning was accepted comes the reason, labelled as such.
 * heading: of the group an answer is the first of; NULL: it goes on. Texts are borrowed for the
 * call. e NULL: there are none. */
void review_each(struct entry *e, bool mask,
	void (*each)(void *arg, const char *heading, const char *label, const char *text),
	void *arg);

/*
 * Appends what is asked before a correction goes although the centre moved its case meanwhile: how
 * the case stands there, and whether it can take one.
 */
void review_ask_knowing(struct store *s, const char *case_id, struct buf *out);

#endif
