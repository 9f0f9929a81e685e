#include "tests/unit/store_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "tests/unit/scratch.h"

static const int64_t now_ms = 1700000000000;

void store_bed_folders(struct store_bed *b)
{
	b->dir = scratch_folder();
	b->copy = scratch_folder();
	b->s = NULL;
}

bool store_bed_begin(struct store_bed *b)
{
	store_bed_folders(b);
	b->s = store_bed_open(b->dir);
	return b->s != NULL;
}

void store_bed_end(struct store_bed *b)
{
	if (b->s != NULL)
		b->s->ops->close(b->s);
	scratch_remove(b->dir);
	scratch_remove(b->copy);
}

struct central_store *store_bed_open(const char *dir)
{
	struct central_store *s = NULL;
	struct buf why = {0};

	if (store_sqlite_open(&s, dir, &why) != OK)
		fprintf(stderr, "%s\n", buf_str(&why));
	buf_fini(&why);
	return s;
}

struct posting *store_bed_letter(int number)
{
	struct posting *p = letter_new("application", number, number, "");

	p->now_ms = now_ms;
	return p;
}

enum posting_result store_bed_ask(struct central_store *s, int number)
{
	return letter_take(s, store_bed_letter(number));
}

void store_bed_run(const char *fmt, const char *from, const char *to)
{
	char command[400];

	snprintf(command, sizeof command, fmt, from, to);
	assert_int_equal(system(command), 0);
}

bool store_bed_has(const char *dir, const char *name)
{
	char *path = paths_join(dir, name);
	bool has = access(path, F_OK) == 0;

	free(path);
	return has;
}
