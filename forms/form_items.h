/*
 * Inside of form_merge.c: a survey sheet as a tree that can be changed and written again. A row is
 * an item; a group or a repeat has the rows up to its end in it.
 */
#ifndef YIMEN_FORMS_FORM_ITEMS_H
#define YIMEN_FORMS_FORM_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "forms/form_build.h"

struct sheet;

struct item {
	char *cells[COLUMN__MAX]; /* NULL: empty */
	bool group, repeat;
	struct item **inner; /* owned */
	size_t count;
	struct item *parent;
};

/* "" when it is empty; borrowed until it is set. */
const char *item_cell(const struct item *x, enum column c);
void item_set(struct item *x, enum column c, const char *text);
/* A group or a repeat. */
bool item_is_inner(const struct item *x);
/* The type's word, an underscore of it written so or as a blank, begins the cell. */
bool type_begins(const char *type, const char *word);
/* The item of this name, group or not as asked, anywhere below; NULL: none. */
struct item *item_find(struct item *in, const char *name, bool inner);

/* The rows of a survey below one nameless item. item_free() it. */
struct item *item_read(const struct sheet *s);
/* Its cells, without what is in it and hung nowhere. */
struct item *item_copy(const struct item *x);
/* Puts it behind all that parent has, which owns it. */
void item_hang(struct item *parent, struct item *x);
/* Takes it off its parent: the caller owns it. */
void item_take_out(struct item *x);
void item_free(struct item *x);

/* The header of the columns that are written. */
void items_write_header(struct sheet *s);
/* Writes what is in it, each group and repeat with its end. */
void items_write(struct sheet *s, const struct item *in);
/* A row of copies of these texts, NULL for an empty one, behind the others. */
void items_write_texts(struct sheet *s, const char *const *texts, size_t count);

#endif
