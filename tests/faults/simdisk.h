/*
 * A disk in memory, handed to SQLite as its file system (a VFS that becomes the default). What was
 * written is seen by readers at once but is on the platter only after a flush; a power cut keeps
 * any part of the rest: each sector that was not flushed may have arrived or not, a file that was
 * made or removed may be so or not. A killed program loses nothing that it had written.
 *
 * Everything is drawn from a seed. One disk a process.
 */
#ifndef YIMEN_TESTS_FAULTS_SIMDISK_H
#define YIMEN_TESTS_FAULTS_SIMDISK_H

#include <stdbool.h>
#include <stdint.h>

struct simdisk;

struct simdisk *simdisk_new(void); /* registers itself with SQLite */
void simdisk_free(struct simdisk *d);

/* An empty disk, or one with what `keep` saw; chance begins anew from the seed. */
void simdisk_begin(struct simdisk *d, uint64_t seed);
/* Nothing stands on it any more. */
void simdisk_clear(struct simdisk *d);
/* What stands on the disk now is what later stories begin with. */
void simdisk_keep(struct simdisk *d);

/*
 * After `operations` more writes, flushes, cuts of length or removals every operation fails: the
 * program is dead, it only does not know it. The operation at which it happens may be half done.
 */
void simdisk_die_after(struct simdisk *d, uint64_t operations);
void simdisk_die(struct simdisk *d); /* between two operations: now */
/* The operation that comes after `operations` more fails, once; the program goes on. */
void simdisk_fail_after(struct simdisk *d, uint64_t operations);
bool simdisk_is_dead(const struct simdisk *d);
/* The machine starts again: after a power cut (what was not flushed is in doubt), or after a kill.
 */
void simdisk_revive(struct simdisk *d, bool power_cut);

/* How often an operation fails by itself (disk full, read or write error); 0: never. */
void simdisk_trouble(struct simdisk *d, unsigned per_mille);

uint64_t simdisk_operations(const struct simdisk *d); /* so far in this story */

#endif
