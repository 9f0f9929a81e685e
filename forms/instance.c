#include "forms/instance.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"

/*
 * The name is stored behind the node in one piece of memory, so a node never depends on who made
 * it: a form may be closed before a tree that was made from it.
 */
struct node *node_new(const char *name, int field)
{
	size_t len = strlen(name);
	struct node *n = mem_alloc(sizeof *n + len + 1);
	char *own = (char *)(n + 1);

	memcpy(own, name, len + 1);
	n->field = field;
	n->name = own;
	n->value = mem_strdup("");
	n->relevant = true;
	return n;
}

/* Without recursion: a tree as deep as a hostile file makes it must not exhaust the stack. */
void node_free(struct node *n)
{
	struct node *at = n;

	if (!n)
		return;
	node_unlink(n);
	while (at) {
		struct node *parent = at->parent;
		struct node *child = at->first;

		if (child) {
			at->first = child->next;
			at = child;
			continue;
		}
		free(at->value);
		free(at);
		at = parent;
	}
}

/* An inner node has no value of its own. */
static void become_inner(struct node *n)
{
	free(n->value);
	n->value = NULL;
}

void node_append(struct node *parent, struct node *child)
{
	become_inner(parent);
	child->position = 0;
	child->parent = parent;
	child->next = NULL;
	child->prev = parent->last;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

/* They have to be counted again. */
static void forget_positions(struct node *from)
{
	for (; from; from = from->next)
		from->position = 0;
}

void node_insert_before(struct node *at, struct node *child)
{
	forget_positions(at);
	child->position = 0;
	child->parent = at->parent;
	child->next = at;
	child->prev = at->prev;
	if (at->prev)
		at->prev->next = child;
	else if (at->parent)
		at->parent->first = child;
	at->prev = child;
}

void node_unlink(struct node *n)
{
	forget_positions(n);
	if (n->prev)
		n->prev->next = n->next;
	else if (n->parent)
		n->parent->first = n->next;
	if (n->next)
		n->next->prev = n->prev;
	else if (n->parent)
		n->parent->last = n->prev;
	n->parent = n->next = n->prev = NULL;
}

bool node_set(struct node *n, const char *value)
{
	if (n->first || (n->value && strcmp(n->value, value) == 0))
		return false;
	free(n->value);
	n->value = mem_strdup(value);
	return true;
}

struct node *node_child(const struct node *parent, const char *name, size_t i)
{
	for (struct node *c = parent->first; c; c = c->next)
		if (strcmp(c->name, name) == 0 && i-- == 0)
			return c;
	return NULL;
}

static bool is_same(const struct node *a, const struct node *b)
{
	return (a->field == b->field && a->field >= 0) || strcmp(a->name, b->name) == 0;
}

/* From the nearest sibling before it whose position is known: repetitions are asked one after the
 * other, and there may be a thousand. */
size_t node_position(struct node *n)
{
	size_t at = 1;

	if (n->position > 0)
		return n->position;
	for (const struct node *p = n->prev; p; p = p->prev) {
		if (!is_same(p, n))
			continue;
		if (p->position > 0) {
			at += p->position;
			break;
		}
		at++;
	}
	n->position = at;
	return at;
}

static bool hidden(const struct node *n)
{
	for (; n; n = n->parent)
		if (!n->relevant)
			return true;
	return false;
}

/* The node after n in document order within top; with skip_below, after all that is below n. */
static const struct node *after(const struct node *n, const struct node *top, bool skip_below)
{
	if (n->first && !skip_below)
		return n->first;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

void node_text(const struct node *n, struct buf *out)
{
	if (hidden(n))
		return;
	for (const struct node *at = n; at; at = after(at, n, !at->relevant))
		if (at->relevant && at->value)
			buf_adds(out, at->value);
}
