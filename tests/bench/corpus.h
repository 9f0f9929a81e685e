/*
 * A large catalogue made up with a fixed seed: the names of the demo matters, varied by objects and
 * acts, in divisions of made-up places. A catalogue repeats names: 200 000 rows hold about 7 000.
 */
#ifndef YIMEN_TESTS_BENCH_CORPUS_H
#define YIMEN_TESTS_BENCH_CORPUS_H

#include "core/base/buf.h"
#include "core/station/catalogue.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct corpus {
	char **names;
	size_t name_count;
	size_t rows, places;
	struct buf code, place_code, place_name, body;
};

/* demo_path: data/demo/matters.jsonl. names distinct names, at least one row each. */
void corpus_init(struct corpus *c, const char *demo_path, size_t names, size_t rows);
void corpus_fini(struct corpus *c);
/* Row i of it (any order); borrowed until the next call. */
struct catalogue_row corpus_row(struct corpus *c, size_t i);
/* A number that follows from seed and i alone. */
uint64_t corpus_random(uint64_t seed, uint64_t i);
/* Writes a row as a line of a catalogue file. */
void corpus_print(FILE *f, const struct catalogue_row *row);

#endif
