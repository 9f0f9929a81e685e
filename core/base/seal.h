/*
 * A sealed file: what only the stations and the centre of one hall can read, and nobody can cut,
 * reorder or add to unseen. Written and read as a stream, so that it may be of any size.
 *
 *	"yimen-sealed 1\n"	15 bytes, bound to every chunk
 *	salt			16 bytes
 *	check			16 bytes: whose key it is
 *	chunks			64 KiB of text each but the last, AES-256-GCM
 *
 * Both keys are HKDF-SHA-256(key, salt, info): info "yimen outbox check" gives the check, "yimen
 * outbox" that of the chunks. The nonce of a chunk is its number (11 bytes, big-endian, from 0) and
 * 1 for the last, 0 for the others: the STREAM construction of Hoang, Reyhanitabar, Rogaway and
 * Vizar.
 */
#ifndef YIMEN_CORE_BASE_SEAL_H
#define YIMEN_CORE_BASE_SEAL_H

#include "core/base/err.h"

#include <stdio.h>

struct buf;
struct entropy;
struct seal;
struct unseal;

/* Writes onto f (borrowed, binary). key: the hall's, any text. */
enum err seal_begin(struct seal **out, FILE *f, const char *key, const struct entropy *entropy);
enum err seal_add(struct seal *s, const void *text, size_t len_bytes);
/* Writes the last chunk and frees s, whatever it returns; flushing f to the disk is the caller's.
 * Without it the file is a cut one. s NULL does nothing. */
enum err seal_end(struct seal *s);

/*
 * Reads from f (borrowed). ERR_INVALID: not a sealed file; ERR_DENIED: of another hall; why says
 * it.
 */
enum err unseal_begin(struct unseal **out, FILE *f, const char *key, struct buf *why);
/*
 * The next line into `line` (replacing what it held), without its line feed. ERR_NOT_FOUND: the end
 * of a whole file. ERR_DAMAGED: cut off, changed, reordered or added to, or a line of more than 8
 * MiB; why tells which. What was given before is genuine.
 */
enum err unseal_line(struct unseal *u, struct buf *line, struct buf *why);
void unseal_end(struct unseal *u); /* NULL does nothing */

#endif
