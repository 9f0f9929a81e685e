/*
 * Papers: scans and photographs that go with an application. Kept by content: HOME/papers/SHA256
 * (0600), written before the row that names it. A paper is sent once, however many cases carry it;
 * a letter waits for its own papers, other letters do not. Removed when no case needs it any more.
 */
#ifndef YIMEN_CORE_STATION_PAPERS_H
#define YIMEN_CORE_STATION_PAPERS_H

#include "core/base/err.h"
#include "core/base/id.h"

#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

enum {
	PAPER_MAX_BYTES = 20 << 20, /* what the centre takes */
	PAPER_HEX_SIZE = 65
};

enum paper_state {
	PAPER_WAITING, /* to be sent, or under way */
	PAPER_SENT,    /* whole at the centre */
	PAPER_REFUSED, /* by the centre; its letters are held with the reason */
	PAPER_STATE__MAX
};

/* One paper of a case (or of a frozen letter). Strings are borrowed during the call. */
struct paper {
	const char *sha256, *sm3, *media_type;
	const char *material; /* the name of the material it is for; "" when it answers a field */
	const char
		*field;	  /* the place of the field (forms/entry.h); "" when it is for a material */
	const char *name; /* the file's, without folders */
	int64_t size, sent; /* bytes; sent: known to be at the centre */
	enum paper_state state;
	const char *reason; /* what the centre or the line said of it last; "" nothing */
};

/*
 * Takes a file's bytes in and links them to a draft or a case under correction, in one commit;
 * durable when OK. The same file again for the same material or field changes nothing. One of the
 * same material or field that could not be sent (PAPER_REFUSED) gives way to it. material or field:
 * the other is NULL or "". ERR_INVALID: empty, too large, not a plain file; ERR_NOT_FOUND: there is
 * no such file; ERR_STATE: the draft was submitted. why says which and what to do.
 */
enum err paper_attach(struct store *s, const char *draft_id, const char *material,
	const char *field, const char *path, struct buf *why);
/* Takes the link away again; the bytes go when nobody needs them. ERR_NOT_FOUND: no such link. */
enum err paper_detach(struct store *s, const char *draft_id, const char *material,
	const char *field, const char *sha256);
/* The papers of a draft or case, by material and field, then in the order of their names. */
void papers_each(struct store *s, const char *case_id,
	void (*each)(void *arg, const struct paper *p), void *arg);
/* Those that a frozen letter waits for or has; material, field, name are "". */
void papers_each_of_letter(struct store *s, const char *letter_id,
	void (*each)(void *arg, const struct paper *p), void *arg);
/* HOME/papers/SHA256; free() it. */
char *paper_path(struct store *s, const char *sha256);

/* Removes what neither an open case nor an undelivered letter needs. *removed may be NULL. */
enum err paper_tidy(struct store *s, size_t *removed);

/* ---- for submitting, inside its transaction ---- */

/* Which papers go along: of materials that are listed, of fields that have an answer. JSON as in
 * struct application; NULL: all. */
struct paper_wants {
	const char *materials_json, *answers_json;
};
/* Appends the member "attachments" of the letter: an array; nothing when there is none. */
enum err papers_list(
	struct store *s, const char *draft_id, const struct paper_wants *wants, struct buf *out);
/* The letter waits for them from now on; case_id, if it is another than the draft, has them too. */
enum err papers_bind(struct store *s, const char *draft_id, const struct paper_wants *wants,
	const char *case_id, const char *letter_id);

#endif
