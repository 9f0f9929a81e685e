/*
 * The papers that applicants brought, scanned: kept once, whoever sent them and however many cases
 * name them, under the SHA-256 of their bytes. They arrive in pieces.
 *
 *	papers/<sha256>		whole: its digest was found right
 *	papers/<sha256>.part	pieces are missing: its length is what has arrived
 *
 * The store has a row for each (store.h), written before the file is begun and after it is whole,
 * so that a kill at any moment leaves something that goes on: what a row and a file say differently
 * is settled when it is next asked for. Bytes are never trusted before the digest is right.
 *
 * Programs that share a database share this folder too (papers_shared.c); a file is written by one
 * of them at a time, under its lock (flock).
 */
#ifndef YIMEN_CORE_CENTRAL_PAPERS_H
#define YIMEN_CORE_CENTRAL_PAPERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/central/store.h"

enum {
	PAPER_BYTES_MAX = 20 << 20,
	PAPER_PIECE_BYTES_MAX = 256 << 10,
	PAPER_PARTS_MAX = 64, /* unfinished ones of a station; the oldest makes room */
	PAPER_WRITERS_MAX = 32,
	PAPER_PART_DAYS = 7,	     /* without a new piece */
	PAPERS_ROOM_BYTES = 64 << 20 /* kept free for letters, whatever papers come */
};

struct buf;
struct papers;
struct paper_writer;

struct paper_state {
	int64_t size, received; /* bytes */
	bool complete;
	char sm3[PAPER_DIGEST_SIZE]; /* of a complete one */
};

/* dir/papers, made when absent. The store is borrowed. ERR_STATE: it is not the folder of this
 * database. */
enum err papers_open(
	struct papers **out, struct central_store *store, const char *dir, struct buf *why);
void papers_close(struct papers *p); /* NULL does nothing */

/* Bytes that are free on the disk of the folder; -1: nobody can tell. */
int64_t papers_free_bytes(const struct papers *p);
/* 64 hexadecimal digits in lower case. */
bool paper_is_digest(const char *s);
/* ERR_NOT_FOUND: nothing is known of it. */
enum err papers_look(struct papers *p, const char *sha256, struct paper_state *out);

struct paper_piece {
	const char *sha256;
	int64_t station, offset, size; /* size: of the whole paper */
	int64_t now_ms;
};
/*
 * Begins a piece; *now is what is there. ERR_EXISTS: it is complete. ERR_STATE: the piece does not
 * begin where the received bytes end, or (now->size is another) goes on with a paper of another
 * size, of which it has nothing: only a piece at 0 begins anew, and throws away what was there.
 * ERR_BUSY: too many at once. ERR_FULL: the disk has no room to spare. Who is still writing the
 * same paper is put aside: a line may be dead and not know it.
 */
enum err papers_begin(struct papers *p, const struct paper_piece *piece, struct paper_writer **out,
	struct paper_state *now);
/* ERR_STATE: put aside by a newer one. ERR_INVALID: more than the paper's size. */
enum err papers_write(struct paper_writer *w, const void *data, size_t len_bytes);
/*
 * The piece is durable on OK; *now is what is there. When it was the last one the digest is
 * checked: ERR_INVALID: wrong, all pieces are thrown away. ERR_STATE as above. Frees w in any case.
 */
enum err papers_end(struct paper_writer *w, struct paper_state *now);
/* Ends without a word, as when the line was cut: what has arrived stays. NULL does nothing. */
void papers_drop(struct paper_writer *w);

/* Removes what nobody went on with. Cheap; to be called now and then. */
void papers_tidy(struct papers *p, int64_t now_ms);

/* papers_shared.c: the folder and the database belong together, by a word that both keep. */
enum err papers_claim(const char *folder, struct central_store *store, struct buf *why);

#endif
