#include "tests/faults/platter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"

/* Of a sector. */
enum {
	DIRTY = 1,   /* written since the last flush */
	FORSAKEN = 2 /* the system holds it for written since a flush that failed */
};

static void image_length(struct image *i, size_t len)
{
	if (len > i->room) {
		i->room = len < 65536 ? 65536 : len * 2;
		i->bytes = mem_resize(i->bytes, i->room, 1);
	}
	if (len > i->len)
		memset(i->bytes + i->len, 0, len - i->len);
	i->len = len;
}

static void image_copy(struct image *to, const struct image *from)
{
	to->len = 0;
	image_length(to, from->len);
	if (from->len > 0)
		memcpy(to->bytes, from->bytes, from->len);
	to->exists = from->exists;
}

static void clean_bytes(struct platter_file *f)
{
	if (f->dirty_room > 0)
		memset(f->dirty, 0, f->dirty_room);
	f->length_dirty = f->forsaken = false;
}

void platter_fini(struct platter *p)
{
	size_t i;

	for (i = 0; i < p->count; i++) {
		struct platter_file *f = p->files[i];
		free(f->now.bytes);
		free(f->disk.bytes);
		free(f->fresh.bytes);
		free(f->dirty);
		free(f);
	}
	free(p->files);
	*p = (struct platter){0};
}

/* Never there, or gone for good. */
static bool is_nothing(const struct platter_file *f)
{
	return f->name[0] == '\0' ||
	       (!f->now.exists && !f->disk.exists && !f->entry_dirty && !f->another);
}

static struct platter_file *one_more(struct platter *p)
{
	struct platter_file *f = mem_array(1, sizeof *f);

	p->files = mem_resize(p->files, p->count + 1, sizeof *p->files);
	return p->files[p->count++] = f;
}

struct platter_file *platter_find(struct platter *p, const char *name, bool make)
{
	struct platter_file *unused = NULL;
	size_t i;

	for (i = 0; i < p->count; i++) {
		if (strcmp(p->files[i]->name, name) == 0)
			return p->files[i];
		if (unused == NULL && is_nothing(p->files[i]))
			unused = p->files[i];
	}
	if (!make)
		return NULL;
	if (unused == NULL)
		unused = one_more(p);
	snprintf(unused->name, sizeof unused->name, "%s", name);
	return unused;
}

void platter_copy(struct platter *to, const struct platter *from)
{
	size_t i;

	while (to->count < from->count)
		one_more(to);
	for (i = 0; i < to->count; i++) {
		struct platter_file *f = to->files[i];
		static const struct image none;
		bool there = i < from->count;
		snprintf(f->name, sizeof f->name, "%s", there ? from->files[i]->name : "");
		image_copy(&f->now, there ? &from->files[i]->now : &none);
		image_copy(&f->disk, &f->now);
		clean_bytes(f);
		f->entry_dirty = f->another = false;
	}
}

/* From here on the name means a file that the platter's folder may not know yet. */
static void begin_another(struct platter_file *f)
{
	f->another = true;
	f->entry_dirty = true;
	f->now.exists = true;
	image_length(&f->now, 0);
	image_length(&f->fresh, 0);
	clean_bytes(f);
}

void platter_create(struct platter_file *f)
{
	begin_another(f);
}

static void mark(struct platter_file *f, size_t from, size_t to)
{
	size_t i, need = to / PLATTER_SECTOR + 1;

	if (need > f->dirty_room) {
		size_t room = need < 256 ? 256 : need * 2;
		f->dirty = mem_resize(f->dirty, room, 1);
		memset(f->dirty + f->dirty_room, 0, room - f->dirty_room);
		f->dirty_room = room;
	}
	for (i = from / PLATTER_SECTOR; i * PLATTER_SECTOR < to; i++)
		f->dirty[i] = DIRTY;
}

void platter_write(struct platter_file *f, const void *data, size_t len, size_t at)
{
	if (len == 0)
		return;
	if (at + len > f->now.len) {
		image_length(&f->now, at + len);
		f->length_dirty = true;
	}
	memcpy(f->now.bytes + at, data, len);
	mark(f, at, at + len);
}

void platter_length(struct platter_file *f, size_t len)
{
	image_length(&f->now, len);
	f->length_dirty = true;
}

void platter_remove(struct platter_file *f)
{
	f->now.exists = false;
	f->entry_dirty = true;
}

void platter_rename(struct platter_file *from, struct platter_file *to)
{
	begin_another(to);
	image_copy(&to->now, &from->now);
	image_copy(&to->fresh, from->another ? &from->fresh : &from->disk);
	if (from->length_dirty || to->fresh.len != to->now.len) {
		to->length_dirty = true;
		mark(to, 0, to->now.len);
	}
	platter_remove(from);
}

/* All but what a flush that failed has left behind. */
static void flush_some(struct platter_file *f, struct image *to)
{
	size_t i, end;

	image_length(to, f->now.len);
	for (i = 0; i * PLATTER_SECTOR < f->now.len; i++) {
		size_t from = i * PLATTER_SECTOR;
		if (i < f->dirty_room && f->dirty[i] == FORSAKEN)
			continue;
		end = from + PLATTER_SECTOR < f->now.len ? from + PLATTER_SECTOR : f->now.len;
		memcpy(to->bytes + from, f->now.bytes + from, end - from);
		if (i < f->dirty_room)
			f->dirty[i] = 0;
	}
	f->length_dirty = false;
}

void platter_flush(struct platter_file *f)
{
	struct image *to = f->another ? &f->fresh : &f->disk;
	bool exists = f->disk.exists;

	if (f->forsaken) {
		flush_some(f, to);
	} else {
		image_copy(to, &f->now);
		clean_bytes(f);
	}
	f->disk.exists = exists;
}

void platter_forsake(struct platter_file *f)
{
	size_t i;

	for (i = 0; i < f->dirty_room; i++)
		if (f->dirty[i] == DIRTY)
			f->dirty[i] = FORSAKEN;
	f->forsaken = true;
}

void platter_flush_entry(struct platter_file *f)
{
	if (f->another)
		image_copy(&f->disk, &f->fresh);
	f->disk.exists = f->now.exists;
	f->entry_dirty = f->another = false;
}

static bool coin(struct chance *c)
{
	return chance_below(c, 2) == 0;
}

static void lose(struct platter_file *f, struct chance *c)
{
	struct image *left = &f->disk;
	size_t i, from, end;
	bool exists = f->disk.exists;

	if (f->another && coin(c)) {
		image_copy(&f->now, &f->disk); /* the folder still names the older one */
		goto out;
	}
	if (f->another) {
		left = &f->fresh;
		exists = f->now.exists;
	} else if (f->entry_dirty && coin(c)) {
		exists = f->now.exists;
	}
	if (f->length_dirty && coin(c))
		image_length(left, f->now.len);
	for (i = 0; i < f->dirty_room && i * PLATTER_SECTOR < f->now.len; i++) {
		if (!f->dirty[i] || coin(c))
			continue;
		from = i * PLATTER_SECTOR;
		end = from + PLATTER_SECTOR < f->now.len ? from + PLATTER_SECTOR : f->now.len;
		if (left->len < end)
			image_length(left, end);
		memcpy(left->bytes + from, f->now.bytes + from, end - from);
	}
	image_copy(&f->now, left);
	f->now.exists = exists;
out:
	image_copy(&f->disk, &f->now);
	clean_bytes(f);
	f->entry_dirty = f->another = false;
}

void platter_lose(struct platter *p, struct chance *c)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		lose(p->files[i], c);
}
