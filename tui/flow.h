/*
 * The road of one application through the screens: situation, materials, form, review, receipt.
 * Each screen holds the flow; the intake (tui/intake.h) lives as long as one of them does.
 */
#ifndef YIMEN_TUI_FLOW_H
#define YIMEN_TUI_FLOW_H

#include "core/base/err.h"
#include "core/station/cases.h"
#include "core/station/draft.h"

#include <stdbool.h>

struct app;
struct buf;
struct intake;

struct flow {
	struct app *app;
	struct intake *intake;
	int holders;
	char receipt[LOCAL_RECEIPT_SIZE]; /* "" until submitted */
	bool compared;			  /* the clerk has seen the case that looks like this one */
};

/* Begins an application of this matter and shows its first step; says why it cannot. */
void flow_begin(struct app *a, const char *task_code);
/* 咨询: the questions and the list of materials only, for a visitor who wants to know; nothing of
 * it is kept. flow_take_up makes an application of it. */
void flow_consult(struct app *a, const char *task_code);
void flow_take_up(struct flow *f);
/* Takes a draft up again: its steps so far are under the one it stopped at. place: a field to go to
 * instead of where the clerk was, or NULL. */
void flow_resume(struct app *a, const char *draft_id, const char *place);

/* Opens a submitted case for correction, at the first answer that the centre refused; says why it
 * cannot. */
void flow_correct(struct app *a, const char *any_number);

struct flow *flow_hold(struct flow *f);
void flow_release(struct flow *f); /* saves what is not on disk yet; the last one frees */

/* Shows the step after this one; before the review a case of the same person and matter, if this
 * station has one that is not ended. */
void flow_next(struct flow *f, enum draft_step done);
/* Appends "step / matter". */
void flow_title(const struct flow *f, const char *step, struct buf *out);
/* Saves and notes the result in the status row. */
void flow_save(struct flow *f);

#endif
