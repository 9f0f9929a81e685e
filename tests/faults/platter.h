/*
 * Files as a disk has them: what readers see now, and what is on the platter. Writes reach the
 * platter for sure only by a flush; a power cut keeps any part of the rest, sector by sector; a
 * name that was made, removed or renamed is so for sure only when its folder was flushed.
 */
#ifndef YIMEN_TESTS_FAULTS_PLATTER_H
#define YIMEN_TESTS_FAULTS_PLATTER_H

#include <stdbool.h>
#include <stddef.h>

struct chance;

enum {
	PLATTER_NAME_MAX = 200,
	PLATTER_SECTOR = 512
};

struct image {
	unsigned char *bytes;
	size_t len, room;
	bool exists;
};

struct platter_file {
	char name[PLATTER_NAME_MAX];
	struct image now, disk;
	struct image fresh;   /* the platter of the new file when `another` */
	unsigned char *dirty; /* a mark a sector of `now` that may not be on the platter */
	size_t dirty_room;
	bool length_dirty;
	bool forsaken;	  /* some sectors are: see platter_forsake */
	bool entry_dirty; /* made or removed, and the folder not flushed since */
	bool another;	  /* the platter's folder still names an older file */
};

struct platter {
	struct platter_file **files; /* each stays where it is */
	size_t count;
};

/* A zeroed platter is empty. */
void platter_fini(struct platter *p);
void platter_copy(
	struct platter *to, const struct platter *from); /* what readers see, all flushed */

/* The file of that name, existing or not; NULL: never heard of, and make is false. */
struct platter_file *platter_find(struct platter *p, const char *name, bool make);
void platter_create(struct platter_file *f); /* a new, empty file */
void platter_write(struct platter_file *f, const void *data, size_t len, size_t at);
void platter_length(struct platter_file *f, size_t len);
void platter_remove(struct platter_file *f);
void platter_rename(struct platter_file *from, struct platter_file *to);
void platter_flush(struct platter_file *f); /* its bytes */
/* The flush failed: Linux holds for written what was not, and the next flush, which goes well, does
 * not write it either. Written anew it is like any other. */
void platter_forsake(struct platter_file *f);
void platter_flush_entry(struct platter_file *f); /* its name */

/* The power is cut, and comes back: `now` becomes what may be left. */
void platter_lose(struct platter *p, struct chance *c);

#endif
