/*
 * Power cuts of the whole hall: station and centre do their work under a recorder that writes down
 * each write, flush, removal and rename of their files, and each promise (a receipt shown, an
 * answer sent). Then the power is cut at any moment of it: what was flushed is there, of the rest
 * any part. The real programs start on what is left, and every promise made before the cut must
 * hold: a receipt the centre had answered is at the centre, a receipt a person was shown comes
 * there, once.
 *
 * CUTS: how many; SEED: where they are and what they leave.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/mem.h"
#include "tests/faults/chance.h"
#include "tests/faults/count.h"
#include "tests/faults/platter.h"
#include "tests/faults/record.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"

enum {
	ROUNDS = 6,
	PEACE_ROUNDS = 20,
	FILE_BYTES_MAX = 64 << 20,
	NOTES_MAX = 5
};

/* What was recorded, in memory. */
struct tape {
	char *bytes;
	size_t len;
	struct entry {
		const struct record *head;
		const char *path, *data;
	} * entries;
	size_t count;
};

static void must(bool good, const char *what)
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

	must(fd >= 0 && fstat(fd, &st) == 0 && st.st_size < FILE_BYTES_MAX, path);
	bytes = mem_alloc((size_t)st.st_size + 1);
	while ((n = read(fd, bytes + at, (size_t)st.st_size - at)) > 0)
		at += (size_t)n;
	close(fd);
	*len = at;
	return bytes;
}

/* The paths are ours, without quotes in them. */
static void remove_folder(const char *path)
{
	char command[200];

	snprintf(command, sizeof command, "rm -rf '%s'", path);
	must(system(command) == 0, command);
}

static void copy_folder(const char *from, const char *to)
{
	char command[400];

	remove_folder(to);
	snprintf(command, sizeof command, "cp -a '%s' '%s'", from, to);
	must(system(command) == 0, command);
}

/* ---- recording ---- */

static void record(struct stage *s, const char *log)
{
	char preload[600], root[128], to[128], here[400];
	const char *const env[] = {preload, root, to, NULL};
	const char *build = getenv("BUILD");
	struct program p = {0};
	int i;

	must(getcwd(here, sizeof here) != NULL, "getcwd");
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s/%s/tests/faults/shim_record.so", here,
		build != NULL ? build : "build");
	snprintf(root, sizeof root, "RECORD_ROOT=%s", s->folder);
	snprintf(to, sizeof to, "RECORD_LOG=%s", log);
	must(stage_centre_start(s, NULL, env), "centre under the recorder");
	for (i = 0; i < ROUNDS; i++) {
		stage_apply(s, &p, env);
		must(program_end(&p, PROGRAM_PATIENCE_US, SIGKILL) == 0,
			"apply under the recorder");
		if (i % 3 == 1) /* two together */
			continue;
		stage_deliver(s, &p, "--once", env);
		must(program_end(&p, PROGRAM_PATIENCE_US, SIGKILL) == 0,
			"deliver under the recorder");
	}
	program_fini(&p);
	stage_centre_kill(s);
}

static void read_tape(struct tape *t, const char *log)
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

static void free_tape(struct tape *t)
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
		must(fd >= 0 && write(fd, f->now.bytes, f->now.len) == (ssize_t)f->now.len, path);
		close(fd);
	}
}

static bool lists(const struct program *p, const char *receipt)
{
	return strstr(buf_str(&p->said), receipt) != NULL;
}

/* What the centre had answered is there before anybody sends it again. */
static void check_answers(struct stage *s, const struct tape *t, size_t cut, struct row *row)
{
	const char *const cases[] = {"case", "list", "--json", NULL};
	struct program p = {0};
	char *receipt;
	size_t i;

	row->other += stage_central(s, &p, cases) != 0;
	for (i = 0; i < cut; i++) {
		const struct entry *e = &t->entries[i];
		if (e->head->kind != RECORD_PROMISE)
			continue;
		receipt = mem_strndup(e->data, e->head->len);
		if (e->head->at == 0)
			stage_promise_receipt(s, receipt);
		else if (!lists(&p, receipt))
			row->lost++;
		free(receipt);
	}
	program_fini(&p);
}

static void forget_promises(struct stage *s)
{
	while (s->receipt_count > 0)
		free(s->receipts[--s->receipt_count]);
}

static void cut_at(struct stage *s, const struct tape *t, const char *before, size_t cut,
	struct chance *chance, struct row *row)
{
	size_t bad = row->lost + row->twice + row->other, i;
	struct platter p = {0};
	struct count c;

	copy_folder(before, s->folder);
	for (i = 0; i < cut; i++)
		play(&p, before, &t->entries[i]);
	platter_lose(&p, chance);
	write_out(&p, s->folder);
	platter_fini(&p);
	forget_promises(s);
	check_answers(s, t, cut, row);
	if (!stage_centre_start(s, NULL, NULL)) {
		row->other++;
		report_note("the centre does not start: %s", buf_str(&s->centre.sighed));
		return;
	}
	row->other += !stage_peace(s, PEACE_ROUNDS);
	stage_centre_stop(s);
	count_both(s, &c);
	count_into(&c, row);
	row->count++;
	if (row->lost + row->twice + row->other > bad)
		report_note("… cut after %zu of %zu operations", cut, t->count);
}

int main(void)
{
	size_t cuts = report_length("CUTS", 3, 60), i, faults = 0;
	struct chance chance = {report_length("SEED", 1, 1)};
	struct row row = {.part = "power", .what = "cut at any moment, station and centre"};
	const char *build = getenv("BUILD");
	char before[100], log[100], folder[64];
	struct stage s;
	struct tape t;

	if (build != NULL && strstr(build, "san") != NULL) {
		report_skipped("power", "all", "a sanitizer has the calls already");
		return 0;
	}
	stage_open(&s);
	snprintf(folder, sizeof folder, "%s", s.folder);
	snprintf(before, sizeof before, "%s.before", folder);
	snprintf(log, sizeof log, "%s.log", folder);
	stage_apply_now(&s); /* the tables are made, both sides have been at work before */
	must(stage_centre_start(&s, NULL, NULL) && stage_peace(&s, 2), "the first letter");
	stage_centre_stop(&s);
	copy_folder(folder, before);
	record(&s, log);
	read_tape(&t, log);
	report_note("%zu operations recorded", t.count);
	for (i = 0; i < cuts && faults < NOTES_MAX; i++) {
		cut_at(&s, &t, before, 1 + (size_t)chance_below(&chance, t.count), &chance, &row);
		faults = row.lost + row.twice + row.other;
	}
	free_tape(&t);
	stage_close(&s);
	unlink(log);
	remove_folder(before);
	return report_row(&row) ? 0 : 1;
}
