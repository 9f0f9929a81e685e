/*
 * The words of a survey's type column: XLSForm's and pyxform's, with their aliases. Inside of the
 * form reader.
 */
#ifndef YIMEN_FORMS_FORM_TYPES_H
#define YIMEN_FORMS_FORM_TYPES_H

#include "forms/form_build.h"

/* What a type cell says. */
enum type_word {
	WHAT_FIELD,
	WHAT_BEGIN,
	WHAT_END,
	WHAT_BEGIN_LOOP,
	WHAT_END_LOOP,
	WHAT_FILE, /* a file that expressions read: nothing to fill in */
	WHAT_LEFT_OUT,
	WHAT_UNKNOWN
};

/* A cell without a list's name; *type is written for a field, a group, a repeat. */
enum type_word type_word_of(const char *cell, enum field_type *type);
/* Fills type and list of f from a cell of column `at`; a list that is not there is a fault. */
enum type_word type_read(struct builder *b, struct field *f, const char *cell, int at);
/* Why a type that is left out is not here: a few words in the language in force. */
const char *type_left_out(const char *cell);
/* "begin_loop over LIST": the list; NULL when it is none. */
const char *type_loop_list(const char *cell);

/* " or_other" at the end of a select's type cell, in any of its spellings; NULL: it has none. */
const char *type_other(const char *cell);

#endif
