/* A form written down in the test itself, and all that is answered in it. */
#ifndef YIMEN_TESTS_UNIT_SMALL_FORM_H
#define YIMEN_TESTS_UNIT_SMALL_FORM_H

struct entry;
struct form;

/* Reads a definition in Markdown; form_free it. The test ends with the faults when it is refused.
 */
struct form *small_form(const char *markdown);
/* The test ends unless the answers, as they would be sent, are these. */
void small_form_answers(struct entry *e, const char *want);

#endif
