/*
 * Who is asking when the centre stands behind a proxy: the proxies that the administrator has named
 * are believed when they say for whom they ask (X-Forwarded-For), and nobody else is.
 */
#ifndef YIMEN_CORE_CENTRAL_BEHIND_H
#define YIMEN_CORE_CENTRAL_BEHIND_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/err.h"

struct buf;
struct sockaddr;
struct sockaddr_storage;

enum {
	BEHIND_MAX = 32
};

/* Zeroed: none. */
struct behind {
	struct {
		unsigned char net[16]; /* IPv4 as ::ffff:a.b.c.d */
		unsigned bits;	       /* so many of them count */
	} of[BEHIND_MAX];
	size_t count;
};

/* Adds what a list names: addresses or networks (10.0.0.0/24, fd00::/64), with commas between.
 * ERR_INVALID: why is one line that says which is none. */
enum err behind_add(struct behind *b, const char *list, struct buf *why);
bool behind_names(const struct behind *b, const struct sockaddr *a); /* a NULL: no */

/*
 * For whom a proxy that is named asks. forwarded is the value of its X-Forwarded-For: each proxy on
 * the way has added, behind a comma, the address that asked it, so the last one is the client, or,
 * when that is a proxy which is named too, the one before. What the client itself wrote stands
 * before that and is not looked at. Ports, and brackets around an IPv6 address, are left out.
 * false: the last is no address; client is not touched.
 */
bool behind_client(const struct behind *b, const char *forwarded, struct sockaddr_storage *client);

#endif
