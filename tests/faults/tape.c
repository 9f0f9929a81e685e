#include "tests/faults/tape.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"
#include "tests/faults/platter.h"
#include "tests/faults/record.h"

enum {
	FILE_BYTES_MAX = 64 << 20
};

void tape_must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(3);
}

static char *read_whole(const char *path, size_t *len)
{
	struct stat st;
	int fd = open(path, O_RDONLY);
	size_t at = 0;
	char *bytes;
	ssize_t n;

	tape_must(fd >= 0 && fstat(fd, &st) == 0 && st.st_size < FILE_BYTES_MAX, path);
	bytes = mem_alloc((size_t)st.st_size + 1);
	while ((n = read(fd, bytes + at, (size_t)st.st_size - at)) > 0)
		at += (size_t)n;
	close(fd);
	*len = at;
	return bytes;
}

/* The paths are ours, without quotes in them. */
void tape_remove_folder(const char *path)
{
	char command[200];

	snprintf(command, sizeof command, "rm -rf '%s'", path);
	tape_must(system(command) == 0, command);
}

void tape_copy_folder(const char *from, const char *to)
{
	char command[400];

	tape_remove_folder(to);
	snprintf(command, sizeof command, "cp -a '%s' '%s'", from, to);
	tape_must(system(command) == 0, command);
}

void tape_read(struct tape *t, const char *log)
{
	size_t at = 0;

	*t = (struct tape){0};
	t->bytes = read_whole(log, &t->len);
	while (at + sizeof(struct record) <= t->len) {
		struct record *head = mem_alloc(sizeof *head);
		memcpy(head, t->bytes + at, sizeof *head);
		at += sizeof *head;
		t->entries = mem_resize(t->entries, t->count + 1, sizeof *t->entries);
		t->entries[t->count].head = head;
		t->entries[t->count].path = mem_strndup(t->bytes + at, head->path_len);
		t->entries[t->count].data = t->bytes + at + head->path_len;
		at += head->path_len + head->len;
		t->count++;
	}
}

void tape_free(struct tape *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		free((void *)(uintptr_t)t->entries[i].head);
		free((void *)(uintptr_t)t->entries[i].path);
	}
	free(t->entries);
	free(t->bytes);
}

/* ---- a cut ---- */

/* Shared memory that SQLite makes anew, sockets, locks: not of the disk. */
static bool is_of_disk(const char *path)
{
	const char *dot = strrchr(path, '.');

	return strstr(path, "-shm") == NULL && (dot == NULL || strcmp(dot, ".sock") != 0);
}

/* The file; one that stood there before the recording is read in, all of it on the platter. */
static struct platter_file *file_of(struct platter *p, const char *before, const char *path)
{
	struct platter_file *f = platter_find(p, path, false);
	char whole[300];
	size_t len;
	char *bytes;

	if (f != NULL)
		return f;
	f = platter_find(p, path, true);
	snprintf(whole, sizeof whole, "%s/%s", before, path);
	if (access(whole, F_OK) != 0)
		return f;
	bytes = read_whole(whole, &len);
	platter_create(f);
	platter_write(f, bytes, len, 0);
	platter_flush(f);
	platter_flush_entry(f);
	free(bytes);
	return f;
}

static void flush_folder(struct platter *p, const char *folder)
{
	size_t len = strlen(folder), i;

	for (i = 0; i < p->count; i++) {
		const char *name = p->files[i]->name, *slash = strrchr(name, '/');
		if (slash != NULL && (size_t)(slash - name) == len &&
			strncmp(name, folder, len) == 0)
			platter_flush_entry(p->files[i]);
	}
}

static bool is_folder(const char *before, const char *path)
{
	char whole[300];
	struct stat st;

	snprintf(whole, sizeof whole, "%s/%s", before, path);
	return stat(whole, &st) == 0 && S_ISDIR(st.st_mode);
}

static void play(struct platter *p, const char *before, const struct entry *e)
{
	const struct record *r = e->head;
	struct platter_file *f;
	char *other;

	if (r->kind == RECORD_PROMISE || !is_of_disk(e->path))
		return;
	if (r->kind == RECORD_FLUSH && is_folder(before, e->path)) {
		flush_folder(p, e->path);
		return;
	}
	f = file_of(p, before, e->path);
	switch (r->kind) {
	case RECORD_CREATE:
		platter_create(f);
		break;
	case RECORD_WRITE:
		platter_write(f, e->data, r->len, r->at);
		break;
	case RECORD_LENGTH:
		platter_length(f, r->at);
		break;
	case RECORD_FLUSH:
		platter_flush(f);
		break;
	case RECORD_REMOVE:
		platter_remove(f);
		break;
	default:
		other = mem_strndup(e->data, r->len);
		platter_rename(f, file_of(p, before, other));
		free(other);
	}
}

static void write_out(const struct platter *p, const char *folder)
{
	char path[300];
	size_t i;
	int fd;

	for (i = 0; i < p->count; i++) {
		const struct platter_file *f = p->files[i];
		if (f->name[0] == '\0')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, f->name);
		unlink(path);
		if (!f->now.exists)
			continue;
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		tape_must(fd >= 0 && write(fd, f->now.bytes, f->now.len) == (ssize_t)f->now.len,
			path);
		close(fd);
	}
}

void tape_cut(const struct tape *t, const char *before, size_t cut, struct chance *chance,
	const char *folder)
{
	tape_cut_twice(t, before, cut, NULL, 0, chance, folder);
}

void tape_cut_twice(const struct tape *t, const char *before, size_t cut, const struct tape *then,
	size_t then_cut, struct chance *chance, const char *folder)
{
	struct platter p = {0};
	size_t i;

	tape_copy_folder(before, folder);
	for (i = 0; i < cut; i++)
		play(&p, before, &t->entries[i]);
	for (i = 0; i < then_cut; i++)
		play(&p, before, &then->entries[i]);
	if (chance != NULL)
		platter_lose(&p, chance);
	write_out(&p, folder);
	platter_fini(&p);
}
