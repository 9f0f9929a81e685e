/*
 * What a program did to the files below a folder, as shim_record.so has written it down; and the
 * folder as a kill or a power cut at any moment of that leaves it.
 */
#ifndef YIMEN_TESTS_FAULTS_TAPE_H
#define YIMEN_TESTS_FAULTS_TAPE_H

#include <stdbool.h>
#include <stddef.h>

struct chance;
struct record;

/* In memory. */
struct tape {
	char *bytes;
	size_t len;
	struct entry {
		const struct record *head;
		const char *path, *data;
	} * entries;
	size_t count;
};

void tape_read(struct tape *t, const char *log); /* tape_free it */
void tape_free(struct tape *t);
/* folder is made as `before` with the first `cut` entries done to it. chance: the power is cut
 * there, and this draws what is left of what was not flushed; NULL: the program was killed. */
void tape_cut(const struct tape *t, const char *before, size_t cut, struct chance *chance,
	const char *folder);

/* The same of two programs, one after the other was killed. */
void tape_cut_twice(const struct tape *t, const char *before, size_t cut, const struct tape *then,
	size_t then_cut, struct chance *chance, const char *folder);

/* The paths are ours, without quotes in them. */
void tape_remove_folder(const char *path);
void tape_copy_folder(const char *from, const char *to);
/* Ends the program where the test itself cannot go on. */
void tape_must(bool good, const char *what);

#endif
