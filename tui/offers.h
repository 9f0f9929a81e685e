/*
 * What this person answered in earlier cases at this station, offered for the empty fields of the
 * form at hand: shown as such, taken or refused one by one or all at once. Fields are the same when
 * they have the same name (the standard data element); what only the other matter meant is offered
 * for the same form alone. Nothing is stored until it is taken.
 */
#ifndef YIMEN_TUI_OFFERS_H
#define YIMEN_TUI_OFFERS_H

#include <stdbool.h>
#include <stddef.h>

struct entry;
struct intake;
struct node;
struct person;

struct offer {
	char *name, *value;
	char *from; /* "11-20 高龄津贴发放" */
	bool taken, refused;
};

struct offers {
	struct offer *list;
	size_t count;
	char *person; /* whose they are; NULL: nobody's yet */
};

void offers_fini(struct offers *o);
/* After an answer: another person, other offers. true: there are new ones. */
bool offers_update(struct offers *o, struct intake *in);
/* The offer for this field, if it is empty; NULL: none. */
struct offer *offers_at(struct offers *o, struct entry *e, const struct node *n);
/* What was taken is offered again, if its field is empty: the taking was undone. */
void offers_untake(struct offers *o);
/* How many empty fields have one. */
size_t offers_open(struct offers *o, struct entry *e);
/* Takes all that are open; returns how many. */
size_t offers_take_all(struct offers *o, struct entry *e);

/* Fills the empty fields of a new form with the answers of one case: the same visitor, another
 * matter. Returns how many. */
size_t offers_same_visit(struct intake *in, const char *case_id);

/* Puts name, number and telephone of a person served before into the applicant's fields. */
void offers_take_person(struct intake *in, const struct person *p);

#endif
