/*
 * Filling a form: the answers, what follows from them, and what is wrong with them. No screen, no
 * network, no disk: the caller stores each changed answer (entry_changed) and restores it.
 *
 * A place is a path as text: "applicant_name", "members[2]/member_id": groups are not part of it,
 * repeats are, counted from 1. It stays the same as long as no repetition before it is removed.
 */
#ifndef YIMEN_FORMS_ENTRY_H
#define YIMEN_FORMS_ENTRY_H

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/domain/finding.h"
#include "forms/form.h"

struct clock;
struct entry;
struct expr;
struct node;

/* The form is borrowed and must outlive the entry. Defaults and calculations are in force at once.
 */
struct entry *entry_new(const struct form *form, const struct clock *clock);
void entry_free(struct entry *e);
const struct form *entry_form(const struct entry *e);
/* What ${instanceID} gives, "uuid:" and the id of the case it is to become; "" until it is known.
 */
void entry_identify(struct entry *e, const char *case_id);

/* The lines of the form as they stand now: relevant fields, groups and repetitions, top to bottom.
 */
struct entry_line {
	struct entry *entry;	   /* whose it is */
	struct node *node;	   /* identity while the structure does not change */
	const struct field *field; /* FIELD_GROUP, FIELD_REPEAT: a heading */
	int depth;		   /* 0 at the top */
	int repetition;		   /* repeat headings: which, from 1; 0: the "add another" line */
	bool required, readonly;
	const char *value; /* raw value, "" unanswered */
};
/* The label and the hint of a line with what was answered where they mention a field (${name}), in
 * the language in force, numbers masked; borrowed until asked of another line. */
const char *entry_label(const struct entry_line *l);
const char *entry_hint(const struct entry_line *l);
/* The same label of a field that need have no line. */
const char *entry_node_label(struct entry *e, struct node *n);
size_t entry_lines(struct entry *e, const struct entry_line **out); /* borrowed until a change */
struct node *entry_find(struct entry *e, const char *place);	    /* NULL: no such place now */
/* The same for a place in what entry_json writes, where repetitions may be left out. */
struct node *entry_find_sent(struct entry *e, const char *place);
void entry_place(struct entry *e, struct node *n, struct buf *out);
/* The place of n in what entry_json writes; false, and nothing: it is not in it, answered or not.
 */
bool entry_place_sent(struct entry *e, struct node *n, struct buf *out);

/*
 * Answers a question: normalises (full-width, spaces, case by its kind), stores, computes what
 * depends on it. Always stores what was given, right or wrong: nothing typed is refused, it is
 * found wrong. ERR_STATE: read-only or not relevant. raw NULL is "".
 */
enum err entry_set(struct entry *e, struct node *n, const char *raw);
/*
 * What is being typed into n and is not its answer yet (n NULL: nothing is, any more):
 * entry_changed reports it in the place of the answer, and nothing else goes by it. Over with
 * entry_set of n, and when a repetition comes or goes. Half a number by which repetitions are
 * counted is not reported: whoever went on from there would have lost those beyond it.
 */
void entry_typing(struct entry *e, struct node *n, const char *text);
/* What stands in a field: what is being typed there, or else the answer. Borrowed until a change.
 */
const char *entry_standing(const struct entry *e, const struct node *n);
/* Answers at a place; makes repetitions as needed. ERR_NOT_FOUND: the form has no such field. */
enum err entry_set_place(struct entry *e, const char *place, const char *raw);
/* *first is the new repetition's node. */
enum err entry_repeat_add(struct entry *e, struct node *repeat_line, struct node **first);
enum err entry_repeat_remove(struct entry *e, struct node *repetition);

/*
 * What the checks say of one answer (borrowed until a change); verdict OK with an empty message if
 * it is fine. A required field left empty is only found by entry_check.
 */
const struct finding *entry_finding(struct entry *e, const struct node *n);
/* How many rules warn of it: the finding tells all of them, one after the other. */
size_t entry_doubts(struct entry *e, const struct node *n);
/* Accepts the warnings that stand there, all that are told, with a reason; it travels with the
 * application. ERR_STATE: nothing warns, or the reason is blank. */
enum err entry_accept(struct entry *e, struct node *n, const char *reason);
/* Why what warns there was accepted; NULL: it was not, nothing does, or another rule does by now.
 * Borrowed until a change. */
const char *entry_reason(struct entry *e, const struct node *n);
/*
 * The reasons that stand, for the draft: each with what was told when it was given, a text that
 * names the rules whatever the language, but not the same once the form has another rule there.
 */
typedef void entry_reason_fn(void *arg, const char *place, const char *reason, const char *told);
void entry_each_reason(struct entry *e, entry_reason_fn *each, void *arg);
/* The same by the places in what entry_json writes, where repetitions may be left out. */
void entry_each_reason_sent(struct entry *e, entry_reason_fn *each, void *arg);
/* Puts such a reason back; false: it does not stand, for something else warns, or nothing. */
bool entry_restore_reason(struct entry *e, struct node *n, const char *reason, const char *told);

/*
 * Somebody who has more to go by (the centre) found this answer wrong: a warning, rule
 * "centre.refused", as long as the answer is what it is now; another value makes it go.
 */
void entry_object(struct entry *e, struct node *n, const char *message);

/* All that blocks a submission, in order: errors, required ones empty, warnings not accepted. */
struct entry_fault {
	struct node *node;
	enum verdict verdict;
	const char *message; /* borrowed until a change */
	const char *rule;    /* of the finding; NULL: a required one is empty */
};
size_t entry_check(struct entry *e, const struct entry_fault **out);

/* The choices of a select as its filter leaves them now; borrowed until a change. */
size_t entry_choices(struct entry *e, const struct node *n, const struct choice *const **out);
/* The words of a choice as this question offers it, with what was answered in them; borrowed until
 * the next. */
const char *entry_choice_label(struct entry *e, struct node *n, const struct choice *c);
/* Appends the value as a person reads it: choice labels, 是/否; numbers masked when `mask`. */
void entry_text(struct entry *e, const struct node *n, bool mask, struct buf *out);
/* The same for another value of this field. */
void entry_value_text(
	struct entry *e, const struct node *n, const char *value, bool mask, struct buf *out);
/* What struct expr_words asks for, of the form of an entry (arg). */
const char *entry_word_label(void *arg, const char *name);
const struct expr *entry_word_origin(void *arg, const char *name);
bool entry_word_is_day(void *arg, const char *name);
size_t entry_word_choices(void *arg, const char *name);
const char *entry_word_group(void *arg, const char *name, const char *near);
/* Appends why this field is hidden, asked or refused: a line from each of its rules. */
void entry_why(struct entry *e, const char *field_name, struct buf *out);
/* Appends when a field would be asked for: its own rule, or that of the group that hides it. */
void entry_why_hidden(struct entry *e, const char *field_name, struct buf *out);

/*
 * Each answer that differs from what is on disk, for the draft; value NULL when it went away. They
 * are reported again and again until entry_saved says that what the last call reported (no change
 * in between) has been written.
 */
void entry_changed(
	struct entry *e, void (*each)(void *arg, const char *place, const char *value), void *arg);
void entry_saved(struct entry *e);

/*
 * Appends the answers as canonical JSON: an object, field name -> value in form order, repeats as
 * arrays of objects, unanswered and hidden fields left out, numbers as numbers, select_multiple as
 * arrays of names. The same answers give the same bytes.
 */
void entry_json(struct entry *e, struct buf *out);
/*
 * Sets answers from such an object. Unknown names are listed in why, one sentence each, and
 * otherwise ignored; ERR_INVALID only when the text is not a JSON object.
 */
enum err entry_load(struct entry *e, const char *json_text, size_t len_bytes, struct buf *why);
/* The same for answers that were read already. */
enum err entry_load_object(struct entry *e, const json *answers, struct buf *why);
/*
 * Of answers that were loaded, by a person who is to be told: a sentence each, a line each, for
 * what has no effect (computed otherwise, not asked in this situation) and for what replaces a
 * value that the form holds read-only. XForms keeps such a value from being changed on the form,
 * not from being given with the data.
 */
void entry_given(struct entry *e, const json *answers, struct buf *why);
/* Appends the accepted warnings, each rule for itself, by the places in what entry_json writes:
 * [{"field": place, "label": …, "rule": …, "reason": …, "message": what was told}, …]. */
void entry_accepted_sent(struct entry *e, struct buf *out);
/* Accepts what such a list says, where there is a warning; once the answers are loaded. */
void entry_load_accepted(struct entry *e, const json *accepted);

/* Whether an expression over the answers holds: for materials' rules. An error counts as true: what
 * cannot be decided is asked for, and said. */
bool entry_holds(struct entry *e, const struct expr *rule);

#endif
