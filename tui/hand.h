/*
 * Handing a case or a draft over, by keys: to whom is picked from a list, the note is asked for,
 * and it is done. A part of the screen that offers it.
 */
#ifndef YIMEN_TUI_HAND_H
#define YIMEN_TUI_HAND_H

#include <stdbool.h>

#include "core/base/id.h"

struct app;

/* A zeroed one is ready; belongs to the screen below the list. */
struct hand {
	struct app *app;
	char id[ID_UUID_SIZE];
	char to[64];
	bool to_window; /* to is a window, else an operator */
};

/* Shows whom it can go to; of one that is on its way already also taking it back. */
void hand_over(struct hand *h, struct app *a, const char *case_id);

#endif
