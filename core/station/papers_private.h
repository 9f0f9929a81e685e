/* What the modules that bring papers in by other ways (import) share with papers.c; all inside the
 * caller's transaction. */
#ifndef YIMEN_CORE_STATION_PAPERS_PRIVATE_H
#define YIMEN_CORE_STATION_PAPERS_PRIVATE_H

#include "core/base/json.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"

#include <stdbool.h>

/* Keeps the bytes and their row; media_type NULL: by its first bytes. */
enum err paper_keep(struct store *s, const struct buf *bytes, const char *media_type,
	char sha256[PAPER_HEX_SIZE]);
/* Whether the bytes are those of that digest; whether a paper is here. */
bool paper_is(const struct buf *bytes, const char *sha256);
bool paper_is_kept(struct store *s, const char *sha256);
enum err paper_link(struct store *s, const char *case_id, const char *sha256, const char *material,
	const char *field, const char *name);
/* A letter waits for a paper. */
enum err papers_wait(struct store *s, const char *letter_id, const char *sha256);
/* A paper is not to be had: the letters that wait for it are held, or they would wait for ever. A
 * newer version behind a refused one goes on without it. reason NULL: the station's own copy is
 * gone or is not what it was. */
enum err paper_give_up(
	struct store *s, const char *sha256, enum hold_reason hold, const char *reason);

/* A case's papers are again those of the letter it submitted last. */
enum err papers_restore(struct store *s, const char *case_id, const char *letter_body);
/* What a letter that the centre has taken names is known as being there, without its bytes;
 * of_case: and is what the case has. */
enum err papers_recover(struct store *s, const char *case_id, const char *letter_id,
	const json *body, bool of_case);

#endif
