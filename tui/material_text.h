/*
 * One material of the list in words: what is here of it, why it is asked for, what is accepted,
 * what it is often refused for.
 */
#ifndef YIMEN_TUI_MATERIAL_TEXT_H
#define YIMEN_TUI_MATERIAL_TEXT_H

struct checklist_item;
struct intake;
struct pager;
struct paper_list;

/* Adds the lines. papers: the scans of this application. */
void material_text(struct pager *p, const struct intake *in, const struct checklist_item *x,
	const struct paper_list *papers);

#endif
