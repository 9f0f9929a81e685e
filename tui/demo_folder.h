/*
 * The folder of a demo hall, under the temporary directory. While its hall is open the folder is
 * locked (flock: it ends with the program, however that ends), so a folder whose lock is free was
 * left by one that was killed, and goes away with the next hall that opens.
 */
#ifndef YIMEN_TUI_DEMO_FOLDER_H
#define YIMEN_TUI_DEMO_FOLDER_H

#include "core/base/err.h"

struct buf;

struct demo_folder {
	char *path; /* NULL: none */
	int lock;
};

/* Removes what killed halls have left, then makes a new one, for the owner alone. */
enum err demo_folder_make(struct demo_folder *f, struct buf *why);
/* With all that is in it. Nothing for a zeroed one. */
void demo_folder_remove(struct demo_folder *f);

#endif
