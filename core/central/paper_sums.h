/*
 * The digests of unfinished papers, as far as they have been computed: so that the last piece of a
 * large paper does not have to wait for all of it to be read. Only a help: what is not remembered
 * is read from the file again.
 */
#ifndef YIMEN_CORE_CENTRAL_PAPER_SUMS_H
#define YIMEN_CORE_CENTRAL_PAPER_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "core/base/crypto.h"
#include "core/base/err.h"

struct paper_sum;

/* Zeroed: nothing is remembered. */
struct paper_sums {
	struct paper_sum *first; /* last used first */
};
void paper_sums_fini(struct paper_sums *s);

/* The bytes at this place of the paper went into its file. */
void paper_sums_add(
	struct paper_sums *s, const char *sha256, int64_t at, const void *data, size_t len_bytes);
/* Reads on where the digests lag behind `until`, but no more than most_bytes. ERR_DAMAGED: the file
 * is shorter. */
enum err paper_sums_catch_up(
	struct paper_sums *s, const char *sha256, int fd, int64_t until, int64_t most_bytes);
/* The digests of the whole file, size bytes, in hexadecimal; then they are forgotten. */
enum err paper_sums_end(struct paper_sums *s, const char *sha256, int fd, int64_t size,
	char sum[CRYPTO_HEX_SIZE], char sum_sm3[CRYPTO_HEX_SIZE]);
/* The file as we left it, and as it is found: when another program has written to it meanwhile,
 * what is remembered is forgotten. */
void paper_sums_left(struct paper_sums *s, const char *sha256, int fd);
void paper_sums_found(struct paper_sums *s, const char *sha256, int fd);
void paper_sums_forget(struct paper_sums *s, const char *sha256);

#endif
