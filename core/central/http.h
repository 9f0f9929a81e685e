/*
 * The HTTP server: libmicrohttpd's only home. One thread, our own poll loop (pselect over
 * libmicrohttpd's descriptors: its epoll mode hangs with suspended connections in 0.9.75), so many
 * lines a turn that nobody waits for all the others; one listener for stations and one Unix socket
 * for the administrator. Bounded in every direction: connections, header and body bytes, bytes of
 * all bodies together, time for a request to arrive.
 *
 * What can be read as a request is answered by the service, and refused with a problem document.
 * What cannot, libmicrohttpd ends before it tells us, and it has no way to put in another answer:
 * its own takes the place of one that is there, and neither its logger nor its other callbacks are
 * told whose line it is (0.9.75). Each of these ends its line, none has been taken, and no station
 * sends any; a page without a type, which is not believed to be the centre's
 * (core/station/answer.h):
 *	400  no version in the request line (HTTP/0.9), or no real one (http/1.1, HTTP/1.10)
 *	400  a header or trailer without a colon
 *	400  a chunk whose size is no number, or that does not end where it says
 *	400  a Content-Length that is no number (its head comes twice)
 *	413  a Content-Length or chunk of more than 64 bits (the former's head comes twice)
 *	414, 431  a target, headers or trailer beyond 16 KiB
 *	505  HTTP/2.0 and up, HTTP/2's preface too
 *	nothing: a request line of one word, or one that begins with a blank
 * A target, or the value of a header, with a NUL byte in it is taken to end there; a header without
 * a name is passed over.
 */
#ifndef YIMEN_CORE_CENTRAL_HTTP_H
#define YIMEN_CORE_CENTRAL_HTTP_H

#include "core/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct behind;
struct buf;
struct clock;
struct exchange;
struct httpd;

/* Who answers. All are called from the one thread. */
struct http_service {
	void *arg;
	/* The headers are there. May answer already; otherwise sets body_limit and perhaps sink. */
	void (*begin)(void *arg, struct exchange *x);
	/* The body is there. Answers now, or keeps x and answers later (exchange_answer). */
	void (*finish)(void *arg, struct exchange *x);
	/* The answer was sent or the line is gone; exchange_fini follows. */
	void (*ended)(void *arg, const struct exchange *x, int64_t took_us, size_t bytes);
	/* What one look at the lines brought is in: commit it, answer. Returns the milliseconds
	 * until it wants to be called again without anything arriving; -1: no wish. */
	int64_t (*round)(void *arg, int64_t mono_ms);
	/* A descriptor that is looked at with the lines; when it can be read it is time for a
	 * round. -1: none now. */
	int (*descriptor)(void *arg);
	/* The centre is asked to stop: answer what waits. */
	void (*stopping)(void *arg);
	/* The server's own refusals, so that they look like all others. */
	void (*refuse)(void *arg, struct exchange *x, int status);
};

struct http_config {
	const char *listen;		/* HOST:PORT, [::1]:PORT; port 0: any */
	const char *admin_path;		/* Unix socket, made 0600; NULL: none */
	const char *tls_cert, *tls_key; /* files (PEM); both or none */
	unsigned connections;		/* at most HTTP_CONNECTIONS_MAX; beyond: 503 */
	unsigned request_ms; /* a request must have arrived whole within this time of its start */
	unsigned idle_ms;    /* a line without a request is closed after this time */
	size_t bodies_bytes; /* all request bodies together; beyond: 503 */
	const struct behind
		*behind; /* proxies in front, believed when they say who asks; NULL: none */
	const struct clock *clock;
};

enum {
	HTTP_CONNECTIONS_MAX = 900 /* select's 1 024 descriptors, less files and spare lines */
};

/* Binds and listens; answers nothing yet. service and config are borrowed. why: a sentence. */
enum err httpd_open(struct httpd **out, const struct http_config *config,
	const struct http_service *service, struct buf *why);
void httpd_close(struct httpd *h); /* NULL does nothing */

/* "http://127.0.0.1:8080" with the real port; borrowed. */
const char *httpd_url(const struct httpd *h);
/* The listener is bound to a loopback address. */
int httpd_is_loopback(const struct httpd *h);
unsigned httpd_connections(const struct httpd *h);
/* When the certificate in force ends, wall time; 0: there is none. */
int64_t httpd_certificate_until_ms(const struct httpd *h);

/* Runs until SIGTERM or SIGINT, then answers what was taken (at most 5 s) and returns. At SIGHUP
 * the files of the certificate are read again, and in force for the lines that come after it; what
 * is wrong with them the log tells, and the old one stays. But when the terminal that it was
 * started at is gone, SIGHUP stops it. All three are caught from httpd_open on. */
enum err httpd_run(struct httpd *h);

#endif
