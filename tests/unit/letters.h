/* Letters as the intake makes them, for tests of the centre's stores. */
#ifndef YIMEN_TESTS_UNIT_LETTERS_H
#define YIMEN_TESTS_UNIT_LETTERS_H

#include "core/central/posting.h"
#include "core/central/store.h"

/* Key and case by their numbers; extra: further members ",\"x\":1" or "". letter_free it. */
struct posting *letter_new(const char *kind, int key, int of_case, const char *extra);
void letter_free(struct posting *p);

/* Takes one and frees it. */
enum posting_result letter_take(struct central_store *s, struct posting *p);
/* An application: key and case of this number, sent by station. */
enum posting_result letter_apply(struct central_store *s, int number, int64_t station);
/* The number of the case by its own number here, replaces out. */
const char *letter_project_no(struct central_store *s, int of_case, char out[PROJECT_NO_SIZE]);
const char *letter_case_id(int of_case, char out[ID_UUID_SIZE]);

#endif
