/*
 * The form of one act on one case (forms/acts): what is asked, with what is known put in already -
 * the materials of the case, dates by the working-day calendar. Where forms and station meet, like
 * tui/intake.h; it knows no terminal.
 */
#ifndef YIMEN_TUI_ACT_FORM_H
#define YIMEN_TUI_ACT_FORM_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/domain/lifecycle.h"
#include "forms/entry.h"

struct buf;
struct catalogue;
struct store;

struct act_form {
	struct form *form;
	struct entry *entry;
	struct store *store;
	enum case_act act;
	char case_id[ID_UUID_SIZE];
};

/*
 * store is borrowed. correction_days: calendar days an applicant has for a supplement. ERR_STATE:
 * the act is not possible now, ERR_NOT_FOUND: no such case, ERR_INVALID: the form has faults; why
 * says so.
 */
enum err act_form_open(struct act_form **out, struct store *s, struct catalogue *catalogue,
	const char *any_number, enum case_act act, int correction_days, struct buf *why);
void act_form_free(struct act_form *f); /* NULL does nothing */

/* What stands in the way, one sentence a line in why; ERR_INVALID, else OK. */
enum err act_form_check(struct act_form *f, struct buf *why);

/* Appends the answers as they stand: the facts of the act (acts.h). Why warnings were accepted goes
 * beside them. */
void act_form_facts(struct act_form *f, struct buf *out);

struct act_by {
	const char *station, *operator_name, *window;
	const char *second; /* ACT_VOID; else NULL */
};
/* Does it with the answers; durable when it returns OK. As act_do. */
enum err act_form_do(struct act_form *f, const struct act_by *by, struct buf *why);

#endif
