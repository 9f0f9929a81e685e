/*
 * The choices of a select: narrowed by words, ticked and taken back.
 */
#ifndef YIMEN_TUI_CHOICES_H
#define YIMEN_TUI_CHOICES_H

#include <stddef.h>

struct buf;
struct choice;
struct entry;
struct node;

/* Those whose label or name holds the words; where none does, those that sound like them. Their
 * number; *out is an array to free(), its choices are borrowed until a change. */
size_t choices_matching(
	struct entry *e, struct node *n, const char *words, const struct choice ***out);
/* Appends a value of several names with this one taken out, or put at its end. */
void choices_toggle(struct buf *out, const char *value, const char *name);

#endif
