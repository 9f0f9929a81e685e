#include "tests/unit/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/mem.h"
#include "core/central/store.h"
#include "tests/unit/postgres.h"
#include "tests/unit/scratch.h"

enum {
	PROMISES_MAX = 32,
	NAME_BYTES = 80
};

static struct postgres server;

static void open_store(struct store_bench *b)
{
	enum err e = b->in_database ? store_postgres_open(&b->s, b->conninfo, NULL)
				    : store_sqlite_open(&b->s, b->dir, NULL);

	assert_int_equal(e, OK);
}

void store_bench_reopen(struct store_bench *b)
{
	b->s->ops->close(b->s);
	open_store(b);
}

static int set_up(void **state)
{
	static int databases;
	struct store_bench *b = mem_alloc(sizeof *b);
	char name[16];

	b->in_database = *state != NULL;
	b->dir = scratch_folder();
	snprintf(name, sizeof name, "t%d", ++databases);
	if (b->in_database)
		postgres_database(&server, name, b->conninfo);
	open_store(b);
	*state = b;
	return 0;
}

static int tear_down(void **state)
{
	struct store_bench *b = *state;

	b->s->ops->close(b->s);
	scratch_remove(b->dir);
	free(b);
	return 0;
}

int stores_keep(const struct store_promise *promises, size_t count)
{
	static char names[2 * PROMISES_MAX][NAME_BYTES];
	struct CMUnitTest tests[2 * PROMISES_MAX] = {{0}}; /* one without a name is none */
	size_t i;
	int failed;

	if (count > PROMISES_MAX)
		return -1;
	for (i = 0; i < 2 * count; i++) {
		bool in_database = i >= count;
		const struct store_promise *p = &promises[i % count];
		snprintf(names[i], sizeof names[i], "%s: %s", in_database ? "postgresql" : "sqlite",
			p->name);
		tests[i] = (struct CMUnitTest){
			names[i], p->run, set_up, tear_down, in_database ? &server : NULL};
	}
	postgres_make(&server);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	postgres_remove(&server);
	return failed;
}
