/*
 * Where definitions are found by their id: the station's own (HOME/forms/ID or ID.xlsx) before the
 * shipped ones (forms/library/ID).
 */
#ifndef YIMEN_FORMS_FORM_LIBRARY_H
#define YIMEN_FORMS_FORM_LIBRARY_H

#include "forms/form.h"

/* home NULL: only the shipped ones. free() the path; it may lead nowhere. */
char *form_library_path(const char *home, const char *id);
/* The id of the form that was probably meant by one that there is not; NULL: none is near. free()
 * it.
 */
char *form_library_near(const char *home, const char *id);
/* A folder of CSV files, or an .xlsx file by its name. */
enum err form_read(struct form **out, const char *path, struct buf *faults);
/* Both in one: the form of this id. */
enum err form_library_read(struct form **out, const char *home, const char *id, struct buf *faults);

/* Which of two versions came later, by their numbers one after another (2025-12 < 2026.2 <
 * 2026.10); less than, equal to or greater than 0. One that is not written is before any other. */
int form_version_compare(const char *a, const char *b);

/*
 * Puts a spreadsheet, read before as form, among the station's own forms, with the choice and data
 * files that stand beside it; *out is where. From now on it is the one of its id. free() *out.
 */
enum err form_library_keep(char **out, const char *home, const struct form *form, const char *file);

#endif
