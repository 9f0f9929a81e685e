/*
 * The instance: the answers of one form as a tree, the shape of the XForms primary instance. The
 * root is named after the form ("data"); groups and each repetition of a repeat are inner nodes;
 * questions are leaves with a string value ("" is unanswered). Secondary instances (choice lists,
 * tables for pulldata) are trees of the same type: root/item/…
 *
 * Order of siblings is document order; repetitions of one repeat stand together. Nodes are owned by
 * their tree. Names and values are UTF-8.
 */
#ifndef YIMEN_FORMS_INSTANCE_H
#define YIMEN_FORMS_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct node {
	int field;	  /* index into the form's fields; -1: not from a form */
	const char *name; /* its own copy */
	char *value;	  /* leaf: the value, never NULL; inner node: NULL */
	bool relevant;	  /* false: hidden with all below it; evaluates as absent/"" */
	struct node *parent;
	struct node *first, *last; /* children */
	struct node *next, *prev;  /* siblings */
	size_t position; /* as node_position found it; 0: not since a sibling came or went */
	void *extra;	 /* the tree's owner hangs its own here and frees it before node_free */
};

struct node *node_new(const char *name, int field); /* a leaf until it is given a child */
void node_free(struct node *n);			    /* with all below it; unlinked first */
void node_append(struct node *parent, struct node *child);
void node_insert_before(struct node *at, struct node *child);
void node_unlink(struct node *n);
/* true when the value changed. */
bool node_set(struct node *n, const char *value);
/* The i-th (from 0) child of that name, or NULL. */
struct node *node_child(const struct node *parent, const char *name, size_t i);
/* 1-based place among the siblings of the same name. */
size_t node_position(struct node *n);
/* Appends the string value (XPath 1.0 §5): a leaf's value, an inner node's leaves joined; nothing
 * when the node is not relevant. */
void node_text(const struct node *n, struct buf *out);

#endif
