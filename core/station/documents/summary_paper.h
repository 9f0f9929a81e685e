/*
 * A summary of a day or a month as a paper, for the same three outputs as a slip: text, PDF, print.
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_SUMMARY_PAPER_H
#define YIMEN_CORE_STATION_DOCUMENTS_SUMMARY_PAPER_H

struct paper;
struct store;
struct summary;

/* *out must be empty. hall: its name, NULL: none. store: for the names of operators. */
void summary_paper(
	struct paper *out, const struct summary *s, struct store *store, const char *hall);

#endif
