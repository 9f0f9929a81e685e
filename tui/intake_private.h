/*
 * Shared by the parts of the intake: opening and following (intake.c), the materials' rules
 * (intake_rules.c), newer forms (intake_carry.c), the draft (intake_save.c), submitting
 * (intake_submit.c), correcting what was submitted (intake_correct.c). Nobody else includes this.
 */
#ifndef YIMEN_TUI_INTAKE_PRIVATE_H
#define YIMEN_TUI_INTAKE_PRIVATE_H

#include "tui/intake.h"

struct draft;
struct entry;
struct node;

/* Reasons for warnings are given in the form and in the situation: their parts of the draft. */
enum {
	INTAKE_REASONS = 2
};
extern const struct intake_reason_parts {
	enum draft_part given, told;
} intake_reasons[INTAKE_REASONS];
/* Where they stand; NULL: the matter asks no questions. */
struct entry *intake_reasoned(const struct intake *in, size_t which);
/* Those of the draft go back where what they were given for still warns; the others are told, when
 * the form or the guide is another one. */
void intake_restore_reasons(struct intake *in, const struct draft *d);

void intake_compile_rules(struct intake *in);
void intake_free_rules(struct intake_rules *rules);
/* Whether the rule of a material holds; what cannot be decided does. arg: the intake. */
bool intake_holds(void *arg, const char *expression);

/* The answer at a place as it counts now; "" when there is none. e may be NULL. */
const char *intake_answer(struct entry *e, const char *place);
/* Fills `carry`, when all answers are back in their places. */
void intake_compare(struct intake *in, struct catalogue *catalogue, const struct draft *d);
void intake_free_carry(struct intake_carry *c);
/* What this version of the form asks for, so that a later one can say what it lost. */
enum err intake_note_fields(struct intake *in);
/* Of a correction: what the centre refused stands at the answers that are still as they were sent.
 * A case that has no answers of its own here (one of a bundle) takes those of its letter. */
void intake_take_letter(struct intake *in);
/* The guide and form in force are the draft's. */
enum err intake_write_version(struct intake *in);
/* Puts the draft itself on disk. */
enum err intake_begin_draft(struct intake *in);

/* The files that answer fields become papers of the draft, which is on disk. */
enum err intake_take_files(struct intake *in, struct buf *why);

#endif
