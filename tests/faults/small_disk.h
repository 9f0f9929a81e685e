/* A file system of a stage's own, as large as the test wants it (tmpfs; needs the right to mount).
 */
#ifndef YIMEN_TESTS_FAULTS_SMALL_DISK_H
#define YIMEN_TESTS_FAULTS_SMALL_DISK_H

#include <stdbool.h>
#include <stddef.h>

struct stage;

/* Moves what the stage has onto it, before its centre starts. false, errno: it may not be mounted.
 */
bool small_disk_mount(const struct stage *s);
/* What runs on it has ended; the stage's folder is empty then. */
void small_disk_unmount(const struct stage *s);
/* So much is free from now on, and what there is stays. */
void small_disk_leave(const struct stage *s, size_t bytes);
/* As much as it had, and it can be written. */
void small_disk_clear(const struct stage *s);
void small_disk_read_only(const struct stage *s);
/* One folder of it takes no writes from now on, whatever is open already; and takes them again. */
void small_disk_lock(const char *folder);
void small_disk_unlock(const char *folder);
size_t small_disk_room(const struct stage *s);

#endif
