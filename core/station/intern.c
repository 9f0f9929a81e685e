#include "core/station/intern.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

static uint64_t hash_bytes(const char *s, size_t n)
{
	uint64_t h = n * 0x9E3779B97F4A7C15u;
	while (n >= 8) {
		uint64_t w;
		memcpy(&w, s, 8);
		h = (h ^ w) * 0xFF51AFD7ED558CCDu;
		h ^= h >> 32;
		s += 8;
		n -= 8;
	}
	uint64_t w = 0;
	memcpy(&w, s, n);
	h = (h ^ w) * 0xFF51AFD7ED558CCDu;
	return h ^ h >> 29;
}

static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static void grow_slots(struct intern *in)
{
	in->slot_count = in->slot_count ? in->slot_count * 2 : 64;
	free(in->slots);
	in->slots = mem_array(in->slot_count, sizeof *in->slots);
	for (size_t i = 0; i < in->count; i++) {
		size_t k = in->hashes[i] & (in->slot_count - 1);
		while (in->slots[k].number)
			k = (k + 1) & (in->slot_count - 1);
		const char *s = in->strings.data + in->at[i];
		in->slots[k] = (struct intern_slot){
			tag_of(in->hashes[i]), (uint32_t)i + 1, in->at[i], (uint32_t)strlen(s)};
	}
}

uint64_t intern_hash(const struct intern *in, const char *s, size_t len_bytes)
{
	uint64_t hash = hash_bytes(s, len_bytes);
	if (in->slot_count)
		__builtin_prefetch(&in->slots[hash & (in->slot_count - 1)]);
	return hash;
}

uint32_t intern(struct intern *in, const char *s, size_t len_bytes)
{
	return intern_hashed(in, s, len_bytes, hash_bytes(s, len_bytes));
}

uint32_t intern_hashed(struct intern *in, const char *s, size_t len_bytes, uint64_t hash)
{
	if (in->count * 2 >= in->slot_count)
		grow_slots(in);
	size_t k = hash & (in->slot_count - 1);
	for (; in->slots[k].number; k = (k + 1) & (in->slot_count - 1)) {
		const struct intern_slot *have = &in->slots[k];
		if (have->tag == tag_of(hash) && have->len_bytes == len_bytes &&
			memcmp(in->strings.data + have->at, s, len_bytes) == 0)
			return have->number - 1;
	}
	if (in->count == in->room) {
		in->room = in->room ? in->room * 2 : 64;
		in->at = mem_resize(in->at, in->room, sizeof *in->at);
		in->hashes = mem_resize(in->hashes, in->room, sizeof *in->hashes);
	}
	uint32_t at = (uint32_t)in->strings.len;
	buf_add(&in->strings, s, len_bytes);
	buf_addc(&in->strings, '\0');
	in->at[in->count] = at;
	in->hashes[in->count] = hash;
	in->slots[k] =
		(struct intern_slot){tag_of(hash), (uint32_t)++in->count, at, (uint32_t)len_bytes};
	return (uint32_t)in->count - 1;
}

const char *intern_text(const struct intern *in, uint32_t number)
{
	return in->strings.data + in->at[number];
}

uint32_t intern_offset(const struct intern *in, uint32_t number)
{
	return in->at[number];
}

void intern_fini(struct intern *in)
{
	buf_fini(&in->strings);
	free(in->at);
	free(in->hashes);
	free(in->slots);
	*in = (struct intern){0};
}

static size_t pair_slot(const struct intern_pairs *p, uint32_t owner, uint32_t value)
{
	uint64_t h = ((uint64_t)owner << 32 | value) * 0x9E3779B97F4A7C15u;
	return (h ^ h >> 31) & (p->slot_count - 1);
}

static void grow_pairs(struct intern_pairs *p)
{
	p->slot_count = p->slot_count ? p->slot_count * 2 : 64;
	free(p->slots);
	p->slots = mem_array(p->slot_count, sizeof *p->slots);
	for (size_t i = 0; i < p->count; i++) {
		size_t k = pair_slot(p, p->pairs[i].owner, p->pairs[i].value);
		while (p->slots[k])
			k = (k + 1) & (p->slot_count - 1);
		p->slots[k] = (uint32_t)i + 1;
	}
}

void intern_pair(struct intern_pairs *p, uint32_t owner, uint32_t value)
{
	if (p->count * 2 >= p->slot_count)
		grow_pairs(p);
	size_t k = pair_slot(p, owner, value);
	for (; p->slots[k]; k = (k + 1) & (p->slot_count - 1)) {
		const struct intern_pair *have = &p->pairs[p->slots[k] - 1];
		if (have->owner == owner && have->value == value)
			return;
	}
	if (p->count == p->room) {
		p->room = p->room ? p->room * 2 : 64;
		p->pairs = mem_resize(p->pairs, p->room, sizeof *p->pairs);
	}
	p->pairs[p->count] = (struct intern_pair){owner, value};
	p->slots[k] = (uint32_t)++p->count;
}

void intern_pairs_fini(struct intern_pairs *p)
{
	free(p->pairs);
	free(p->slots);
	*p = (struct intern_pairs){0};
}
