/*
 * Numbering strings: equal strings get equal numbers, from 0 in order of first appearance. And sets
 * of pairs of numbers. For building the index.
 */
#ifndef YIMEN_CORE_STATION_INTERN_H
#define YIMEN_CORE_STATION_INTERN_H

#include "core/base/buf.h"

#include <stddef.h>
#include <stdint.h>

/* A zeroed one is empty. */
struct intern {
	struct buf strings; /* each closed by NUL */
	uint32_t *at;	    /* where each begins there */
	struct intern_slot {
		uint32_t tag;	 /* of the hash, so that most others are never looked at */
		uint32_t number; /* + 1; 0: free */
		uint32_t at, len_bytes;
	} * slots;
	uint64_t *hashes;
	size_t count, room, slot_count;
};

uint32_t intern(struct intern *in, const char *s, size_t len_bytes);
/* The same in two steps, for tables larger than the caches: what intern_hash asks of memory comes
 * while the caller does other work. */
uint64_t intern_hash(const struct intern *in, const char *s, size_t len_bytes);
uint32_t intern_hashed(struct intern *in, const char *s, size_t len_bytes, uint64_t hash);
/* Borrowed until the next intern. */
const char *intern_text(const struct intern *in, uint32_t number);
uint32_t intern_offset(const struct intern *in, uint32_t number);
void intern_fini(struct intern *in);

struct intern_pair {
	uint32_t owner, value;
};
/* A zeroed one is empty. pairs holds each pair once, in order of first appearance. */
struct intern_pairs {
	struct intern_pair *pairs;
	uint32_t *slots;
	size_t count, room, slot_count;
};

void intern_pair(struct intern_pairs *p, uint32_t owner, uint32_t value);
void intern_pairs_fini(struct intern_pairs *p);

#endif
