/* The centre's store in one file, in a folder of its own, and a second folder for what somebody
 * finds who opens its files elsewhere. */
#ifndef YIMEN_TESTS_UNIT_STORE_BED_H
#define YIMEN_TESTS_UNIT_STORE_BED_H

#include <stdbool.h>

#include "tests/unit/letters.h"

struct store_bed {
	char *dir, *copy;
	struct central_store *s; /* on dir; NULL: none is open */
};

void store_bed_folders(struct store_bed *b); /* no store yet */
bool store_bed_begin(struct store_bed *b);   /* false: its store was not opened */
void store_bed_end(struct store_bed *b);

struct central_store *store_bed_open(const char *dir); /* NULL: why not is on stderr */
struct posting *store_bed_letter(int number); /* an application, key and case of this number */
enum posting_result store_bed_ask(struct central_store *s, int number); /* the same, taken */

/* A shell's line with both names where it says %s. */
void store_bed_run(const char *fmt, const char *from, const char *to);
bool store_bed_has(const char *dir, const char *name);

#endif
