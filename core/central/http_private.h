/*
 * Inside of the HTTP server: what its two halves share. http.c opens, waits and closes;
 * http_request.c follows one request from its first line to the end of its answer. Nobody else
 * includes this.
 */
#ifndef YIMEN_CORE_CENTRAL_HTTP_PRIVATE_H
#define YIMEN_CORE_CENTRAL_HTTP_PRIVATE_H

#include <microhttpd.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"
#include "core/central/certificate.h"
#include "core/central/exchange.h"
#include "core/central/http.h"
#include "core/central/lines.h"

/* One request on a line. */
struct call {
	struct exchange x;
	struct httpd *server;
	struct MHD_Connection *connection;
	char *query;
	const char *forwarded; /* the last X-Forwarded-For; NULL: none */
	bool admin, began, suspended, queued;
	bool unclear;	    /* the target or a header has a byte in it that none may have */
	bool taken;	    /* it came whole: it will be answered even if the centre is to stop */
	bool close;	    /* the line ends with this answer */
	size_t got_bytes;   /* of the body */
	size_t fresh_bytes; /* of them, since its deadline was last put off */
	size_t sent_bytes;
	int64_t start_us;
};

struct httpd {
	const struct http_config *config;
	const struct http_service *service;
	struct MHD_Daemon *stations, *admin;
	struct buf url;
	struct certificate *certificate; /* NULL: no TLS */
	int64_t doubted_ms;		 /* when the log was last told what is wrong with it */
	sigset_t while_waiting;
	struct lines lines;
	size_t bodies_bytes; /* memory of all bodies that are collected */
	int64_t now_ms;
	int served; /* the last descriptor that had its turn */
	bool loopback;
	bool told_proxy;  /* the log says that one is not named */
	bool on_terminal; /* it was started at one, and ends with it */
	bool stopping;	  /* nothing new is taken, every answer ends its line */
	bool woken; /* a suspended line was resumed: libmicrohttpd does not say so in its timeout */
};

/* What libmicrohttpd calls; arg is the struct httpd. */
void http_on_line(void *arg, struct MHD_Connection *c, void **context,
	enum MHD_ConnectionNotificationCode what);
void *http_on_request_line(void *arg, const char *uri, struct MHD_Connection *c);
void *http_on_admin_request_line(void *arg, const char *uri, struct MHD_Connection *c);
enum MHD_Result http_on_request(void *arg, struct MHD_Connection *c, const char *path,
	const char *method, const char *version, const char *data, size_t *len_bytes,
	void **con_cls);
void http_on_completed(
	void *arg, struct MHD_Connection *c, void **con_cls, enum MHD_RequestTerminationCode why);
size_t http_leave_escaped(void *arg, struct MHD_Connection *c, char *s);
/* What lines_sweep calls. */
void http_on_gone(struct line *l);

#endif
