/*
 * The rules of a form at the centre: the same engine that checked the answers at the window
 * (forms/entry.h) checks them again, at the time the letter says it was submitted. Only the shipped
 * form of the very version that a letter names is asked; of another version nothing is said, so
 * what was accepted offline is never refused because the centre has moved on. Forms that were read
 * stay in memory.
 */
#ifndef YIMEN_CORE_CENTRAL_FORM_RULES_H
#define YIMEN_CORE_CENTRAL_FORM_RULES_H

#include <stdint.h>

#include "core/base/json.h"

struct form_rules;
struct problem;

struct form_rules *form_rules_new(void);
void form_rules_free(struct form_rules *r); /* NULL does nothing */

/*
 * Checks the answers of an application; each wrong place goes into p by its pointer
 * ("/answers/members/0/member_id"). Warnings that the letter says were accepted are. received_ms:
 * the time that counts when the letter does not name one.
 */
void form_rules_check(
	struct form_rules *r, const json *letter, int64_t received_ms, struct problem *p);

/* What the form a letter names calls the field at this place ("members/0/member_id"); NULL: that
 * version or the field is not there. Borrowed until another form is asked for. */
const char *form_rules_label(struct form_rules *r, const json *letter, const char *place);

#endif
