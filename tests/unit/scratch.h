/*
 * A folder of its own for a test, and its removal.
 */
#ifndef YIMEN_TESTS_UNIT_SCRATCH_H
#define YIMEN_TESTS_UNIT_SCRATCH_H

/* A new empty folder (0700); scratch_remove frees the name too. */
char *scratch_folder(void);
void scratch_remove(char *folder);

#endif
