/*
 * Where things are: shipped files (forms, calendars, demo hall, messages) and this station's data.
 * Shipped files are found beside the program: in the source tree when it runs from build/, in
 * PREFIX/share/yimen when installed; YIMEN_SHARE overrides.
 */
#ifndef YIMEN_CORE_BASE_PATHS_H
#define YIMEN_CORE_BASE_PATHS_H

#include "core/base/err.h"

struct buf;

/* The path of a shipped file by its place in the source tree, e.g. "data/calendars/2026.tsv" or
 * "forms/library". free() it. */
char *paths_share(const char *name);

/* The folder of compiled message catalogues. free() it. */
char *paths_messages(void);

/* The path of one of our programs ("yimen-central") beside the one that is running. free() it. */
char *paths_program(const char *name);

/*
 * The data folder: YIMEN_HOME, else $XDG_DATA_HOME/yimen, else ~/.local/share/yimen. Made 0700 when
 * absent; ERR_DENIED with the mend in why when it is not ours or open to others. free() *out.
 */
enum err paths_home(char **out, struct buf *why);

/* dir + "/" + name; free() it. */
char *paths_join(const char *dir, const char *name);

/* Writes bytes to path by a temporary file beside it, fsync, rename, fsync of the folder. */
enum err paths_replace(const char *path, const void *data, unsigned long len_bytes);
/* Whether paths_replace could: found out before what cannot be undone. Appends why not; what is not
 * there to write into is ERR_IO, never ERR_NOT_FOUND. */
enum err paths_writable(const char *path, struct buf *why);
/* Removes the temporary files of path whose writers were killed: their name has a process that is
 * gone. */
void paths_tidy(const char *path);
/* After a rename: makes the name durable (fsync of the folder that holds path). */
enum err paths_sync_folder(const char *path);
/* What a person can mend before a file is read: ERR_NOT_FOUND, there is none; ERR_INVALID, it is a
 * folder. */
enum err paths_look_file(const char *path, struct buf *why);
/* Reads a whole file, at most max_bytes (ERR_INVALID over it). */
enum err paths_read(struct buf *out, const char *path, unsigned long max_bytes);

#endif
