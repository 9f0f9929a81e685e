/*
 * What kind of line of an entry this is, for whoever moves over the lines or draws them.
 */
#ifndef YIMEN_TUI_FORM_LINE_H
#define YIMEN_TUI_FORM_LINE_H

#include <stdbool.h>

struct entry_line;
struct field;

/* A group, a repetition, or the line that adds one. */
bool form_line_is_heading(const struct entry_line *l);
/* The line that adds a repetition. */
bool form_line_is_adder(const struct entry_line *l);
bool form_line_is_shown(const struct entry_line *l);
/* Its answer, when there is one, is shown to be confirmed. */
bool form_line_is_reviewed(const struct entry_line *l);
/* One can type, choose or add there. */
bool form_line_can_focus(const struct entry_line *l);
bool form_line_is_select(const struct field *f);
/* A value of several names holds this one. */
bool form_line_holds(const char *value, const char *name);

/* It takes the number of a certificate of a person. */
bool form_line_is_certificate(const struct field *f);
/* It is to be typed twice (appearance "twice"). */
bool form_line_is_twice(const struct field *f);
/* Typed twice alike: blanks and hyphens do not count. */
bool form_line_same(const char *first, const char *second);

#endif
