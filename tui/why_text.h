/*
 * Why: the rules of one field, and why other fields and papers are not asked for now.
 */
#ifndef YIMEN_TUI_WHY_TEXT_H
#define YIMEN_TUI_WHY_TEXT_H

struct entry;
struct entry_line;
struct intake;
struct pager;

/* Adds the lines. l NULL: of no field in particular; in NULL: no draft, so no papers. */
void why_text(
	struct pager *p, struct entry *e, const struct entry_line *l, const struct intake *in);

#endif
