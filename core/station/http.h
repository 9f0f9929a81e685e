/*
 * HTTP to the centre. The only home of libcurl. HTTP/1.1 with kept connections, TLS verified by the
 * system's or the named authority and never switched off; plain http only to loopback. No
 * redirects, no cookies, no proxy from the environment. An answer is at most 8 MiB. Each request
 * says which language is in force, for what the centre will say.
 */
#ifndef YIMEN_CORE_STATION_HTTP_H
#define YIMEN_CORE_STATION_HTTP_H

#include "core/station/transport.h"

struct buf;
struct http;

struct http_options {
	const char *url;     /* the centre's address, with or without a path; required */
	const char *token;   /* bearer token of this station; NULL: none */
	const char *ca_file; /* NULL: the system's */
	const char *proxy;   /* NULL: direct */
	const char *user_agent;
	int timeout_ms;
	size_t answer_max_bytes; /* 0: 8 MiB */
};

/* ERR_INVALID: the address is none, or plain http to another machine. Strings are copied. */
enum err http_open(struct http **out, const struct http_options *o, struct buf *why);
void http_close(struct http *h); /* what is in flight is abandoned: it will be sent again */
struct transport http_transport(struct http *h); /* valid until close */

#endif
