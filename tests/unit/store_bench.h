/*
 * What store.h promises, tried of both stores: the same tests over a file and over a database (a
 * real PostgreSQL of their own).
 */
#ifndef YIMEN_TESTS_UNIT_STORE_BENCH_H
#define YIMEN_TESTS_UNIT_STORE_BENCH_H

#include <stdbool.h>
#include <stddef.h>

struct central_store;

/* The *state of each test: an empty store of its own. */
struct store_bench {
	bool in_database;
	char *dir;
	char conninfo[256];
	struct central_store *s;
};

/* One test, and its name. */
struct store_promise {
	const char *name;
	void (*run)(void **state);
};

/* Closes the store and opens it again, as after a restart: b->s is another one then. */
void store_bench_reopen(struct store_bench *b);
/* Runs all of both stores; how many failed, for main to return. */
int stores_keep(const struct store_promise *promises, size_t count);

#endif
