/* Listening sockets: for stations by host and port, for the administrator by a file. */
#ifndef YIMEN_CORE_CENTRAL_LISTEN_H
#define YIMEN_CORE_CENTRAL_LISTEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"

struct buf;
struct sockaddr;

/*
 * HOST:PORT or [::1]:PORT, port 0: any. *fd listens, not blocking; where ("127.0.0.1:8080", with
 * the real port) is appended; *loopback: nobody beyond this machine can reach it. why: a sentence.
 */
enum err listen_tcp(
	const char *address, int *fd, struct buf *where, bool *loopback, struct buf *why);
/* Whether it is written as one, whoever may be found there; and the sentence for what is not. */
bool listen_is_address(const char *text);
void listen_say_address(const char *text, struct buf *why);
/* A socket file, made anew, for its owner only. -1: errno says why. */
int listen_file(const char *path);

bool listen_is_loopback(const struct sockaddr *a); /* NULL: no */
/* A number for the other end: of an IPv6 address its network, which one machine may have all of. 0:
 * no address. */
uint64_t listen_origin(const struct sockaddr *a);

#endif
