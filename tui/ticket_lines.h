/*
 * One ticket (号) as lines to read, for the preview of the queue: where it has been and when, and
 * what this visitor's visit has come to. Names as the session has them, masked or not.
 */
#ifndef YIMEN_TUI_TICKET_LINES_H
#define YIMEN_TUI_TICKET_LINES_H

#include <stddef.h>
#include <stdint.h>

struct pager;
struct session;
struct ticket;

/* ahead: how many of its group would be called before it, of one that waits. */
void ticket_lines(struct pager *p, const struct session *s, const struct ticket *t, size_t ahead,
	int64_t now_ms);

#endif
