/*
 * What travels in a file when the line is dead: letters and their papers as lines of JSON, inside a
 * sealed file (core/base/seal.h). One line at a time, in this order:
 *
 *	{"yimen":"outbox","version":1,"station":…,"exported_at":…}
 *	{"paper":{"sha256":…,"size":…,"media_type":…}}	then its bytes:
 *	{"piece":"base64"}				at most 48 KiB of them a line
 *	{"letter":{"id":…,"case_id":…,"kind":…,"path":…,"created_at":…,"sha256":…,"body":"…",
 *		"local_receipt":…,"task_code":…,"task_name":…,"applyer_name":…,"version":n}}
 *	{"end":{"letters":n,"papers":m}}
 *
 * sha256 of a letter is that of its body, of a paper that of its pieces together. Papers come
 *before the letters that name them. A file without its end line is not a whole one.
 */
#ifndef YIMEN_CORE_DOMAIN_PARCEL_H
#define YIMEN_CORE_DOMAIN_PARCEL_H

#include "core/base/err.h"
#include "core/base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum {
	PARCEL_PIECE_BYTES = 48 << 10,
	PARCEL_PAPER_MAX_BYTES = 20 << 20,
	PARCEL_SHA256_SIZE = 65
};

enum parcel_kind {
	PARCEL_HEAD,
	PARCEL_PAPER,
	PARCEL_PIECE,
	PARCEL_LETTER,
	PARCEL_END
};

struct parcel_letter {
	const char *id, *case_id, *kind, *path, *created_at;
	const char *body; /* as it was frozen: its bytes are what is sent */
	size_t body_len;
	/* Of its case, for whoever carries it: a step says nothing of that itself. NULL: not told.
	 */
	const char *local_receipt, *task_code, *task_name, *applyer_name;
	int version; /* of an application, as its window counts them from 1; 0: not told */
};

/* Each appends one line with its line feed. */
void parcel_write_head(struct buf *out, const char *station, const char *exported_at);
void parcel_write_paper(struct buf *out, const char *sha256, int64_t size, const char *media_type);
void parcel_write_piece(struct buf *out, const void *data, size_t len_bytes);
void parcel_write_letter(struct buf *out, const struct parcel_letter *l);
void parcel_write_end(struct buf *out, int64_t letters, int64_t papers);

/* One line as it was read; strings are borrowed from it until parcel_line_fini. */
struct parcel_line {
	enum parcel_kind kind;
	const char *station, *exported_at; /* PARCEL_HEAD */
	const char *sha256, *media_type;   /* PARCEL_PAPER */
	int64_t size;			   /* PARCEL_PAPER */
	char *piece;			   /* PARCEL_PIECE: its bytes */
	size_t piece_len;		   /* PARCEL_PIECE */
	struct parcel_letter letter;	   /* PARCEL_LETTER */
	int64_t letters, papers;	   /* PARCEL_END */
	json *doc;			   /* private */
};
void parcel_line_fini(struct parcel_line *l);

/* What came before, to know whether the next line may follow. Zeroed: nothing yet. */
struct parcel_state {
	bool begun, ended;
	int64_t letters, papers;
	int64_t paper_left; /* bytes that the paper begun still wants */
};

/*
 * Reads one line and holds it against what came before. ERR_INVALID: not a line of a parcel, out of
 * its place, of a newer version, or a letter whose body is not the one its sha256 names; why says
 * it and *out holds nothing. The digest of a paper's bytes is for whoever puts them together.
 */
enum err parcel_read(struct parcel_state *state, const char *line, size_t len_bytes,
	struct parcel_line *out, struct buf *why);

#endif
