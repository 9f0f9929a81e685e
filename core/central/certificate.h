/*
 * The certificate that stations are shown, and its key. GnuTLS's only home: libmicrohttpd speaks
 * TLS by it, but takes a certificate once and tells nothing of it. Here the two are read, held
 * against each other and given to each line as it is opened; a renewed one is for the lines that
 * come after it, those that are open keep theirs.
 */
#ifndef YIMEN_CORE_CENTRAL_CERTIFICATE_H
#define YIMEN_CORE_CENTRAL_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

struct buf;
struct certificate;

enum {
	CERTIFICATE_SOON_DAYS = 30
};

/* PEM files: the chain, its own certificate first, and the key, without a pass phrase. ERR_DAMAGED:
 * not that, or they do not belong together; why says which of them is wrong, and how. */
enum err certificate_read(
	struct certificate **out, const char *chain, const char *key, struct buf *why);
/* c takes the place of another one, which is kept: a line may be greeting somebody with it. */
void certificate_follow(struct certificate *c, struct certificate *before);
void certificate_free(struct certificate *c); /* and those it followed; NULL does nothing */

/* What was read; borrowed, and not to be changed. */
char *certificate_chain(struct certificate *c);
char *certificate_key(struct certificate *c);
/* session: GnuTLS's, of a line on which nothing has been said yet. */
void certificate_show(const struct certificate *c, void *session);

/* Its own validity, whatever is said of the others in the chain: the last moment of it, and whether
 * it has begun and is not over. */
int64_t certificate_until_ms(const struct certificate *c);
bool certificate_holds(const struct certificate *c, int64_t now_ms);
/* Appends a sentence when it is over, has not begun, or ends within CERTIFICATE_SOON_DAYS; false:
 * nothing is to be said. chain: how the file is called. */
bool certificate_doubt(
	const struct certificate *c, const char *chain, int64_t now_ms, struct buf *out);

#endif
