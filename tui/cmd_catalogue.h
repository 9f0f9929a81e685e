/*
 * What the commands about matters share: the catalogue and the search of the data folder.
 */
#ifndef YIMEN_TUI_CMD_CATALOGUE_H
#define YIMEN_TUI_CMD_CATALOGUE_H

#include <stdbool.h>

struct catalogue;
struct search;

struct command_catalogue {
	struct catalogue *catalogue;
	struct search *search; /* NULL when it was not asked for */
	char *home;
};

/*
 * Opens catalogue.db of the data folder, and the search with its aliases when asked for (a stale
 * index is rebuilt first). Anything but EXIT_DONE was said on stderr.
 */
int command_catalogue_open(struct command_catalogue *cc, bool with_search);
void command_catalogue_close(struct command_catalogue *cc);

#endif
