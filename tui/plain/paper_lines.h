/*
 * A paper (core/station/documents/paper.h) to be heard: one fact a line, a row of a table as its
 * cells with the names of their columns.
 */
#ifndef YIMEN_TUI_PLAIN_PAPER_LINES_H
#define YIMEN_TUI_PLAIN_PAPER_LINES_H

struct pager;
struct paper;

void paper_lines(struct pager *p, const struct paper *paper);

#endif
