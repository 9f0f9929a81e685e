/*
 * One request and its answer, without any transport: the HTTP server fills the first half and
 * sends the second; an administration command without a running centre does the same in memory.
 */
#ifndef YIMEN_CORE_CENTRAL_EXCHANGE_H
#define YIMEN_CORE_CENTRAL_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/buf.h"
#include "core/central/language.h"

/* The request headers that mean something to us. */
enum request_header {
	REQUEST_HOST,
	REQUEST_AUTHORIZATION,
	REQUEST_IDEMPOTENCY_KEY,
	REQUEST_CONTENT_TYPE,
	REQUEST_CONTENT_ENCODING,
	REQUEST_CONTENT_LENGTH,
	REQUEST_TRANSFER_ENCODING,
	REQUEST_EXPECT,
	REQUEST_IF_NONE_MATCH,
	REQUEST_QUERY_PASSWORD,
	REQUEST_UPLOAD_OFFSET,
	REQUEST_UPLOAD_LENGTH,
	REQUEST_HEADER__MAX
};
extern const char *const request_header_names[REQUEST_HEADER__MAX];

enum {
	ANSWER_HEADERS_MAX = 8
};

/* Where an answer too large for memory comes from. */
struct answer_reader {
	/* Bytes put into out, 0 at the end, -1 when the rest cannot be had (the line is cut, so
	 * that nobody takes the part for the whole). */
	ssize_t (*read)(void *arg, char *out, size_t room);
	void (*close)(void *arg);
	void *arg;
};

struct exchange {
	/* The request. Borrowed from the transport. */
	const char *method;
	const char *path;  /* as sent, still percent-encoded, without the query */
	const char *query; /* after '?', as sent; "" if none */
	const char *headers[REQUEST_HEADER__MAX]; /* the first of each name; NULL: absent */
	unsigned header_count[REQUEST_HEADER__MAX];
	struct language_wish languages; /* of Accept-Language, all its lines */
	/* One that means something to us and is twice or not plain ASCII; NULL: none. */
	const char *broken_header;
	bool admin;	 /* came through the administrator's socket */
	bool loopback;	 /* came from this machine */
	uint64_t origin; /* where it came from (a proxy that is named: for whom): listen_origin */
	struct buf body;
	size_t body_limit; /* bytes; set by the service when it has seen the headers */
	/* When set, takes the body piece by piece and nothing is collected. */
	void (*sink)(struct exchange *x, const char *data, size_t len_bytes);

	/* The answer. status 0: there is none yet. */
	int status;
	const char *content_type; /* constant; NULL: no body */
	struct buf answer;
	struct {
		const char *name; /* constant */
		char *value;
	} answer_headers[ANSWER_HEADERS_MAX];
	size_t answer_header_count;
	struct answer_reader reader; /* read NULL: the answer is in `answer` */
	bool drop;		     /* the line is cut instead of answering (practice and tests) */

	/* The service's own notes. */
	const char *route;  /* template for the log: "/v1/cases/{project_no}" */
	const void *chosen; /* the route it took */
	const char *param;  /* the part of the path that is {…}; percent-encoded */
	size_t param_len_bytes;
	int64_t station; /* who asks: id of the station; 0: nobody in particular */
	void *parked;	 /* what waits for a commit or a change */
	void *work;	 /* of a sink */
	void (*forget)(struct exchange *x); /* frees parked and work; NULL: nothing to free */

	/* The other end has stopped sending while the answer was awaited: it may be given now,
	 * nobody may be there to read it. NULL: the answer comes soon anyway. */
	void (*gone)(struct exchange *x);

	/* The transport's: called when an answer that was not there at once is there. */
	void (*wake)(struct exchange *x);
	void *transport;
};

/* Frees what the answer holds, and calls forget. */
void exchange_fini(struct exchange *x);

/* Adds a header; value is copied. */
void exchange_header(struct exchange *x, const char *name, const char *value);

/* What is said from here on, in this thread, is for whoever asks this: in the language they wish.
 * Called wherever x is taken up (again). */
void exchange_speak(const struct exchange *x);
/* The same in the other language, for what is kept and read by people of both. false: there is only
 * one, and nothing is changed. */
bool exchange_speak_other(const struct exchange *x);
/* The answer has words in the language in force: says so, and that it depends on what was asked. */
void exchange_worded(struct exchange *x);

/* Sets status and type (NULL: no body); the body is what is in x->answer. Wakes the transport. */
void exchange_answer(struct exchange *x, int status, const char *content_type);

/* What a parameter of the query is. */
enum query_value {
	QUERY_ABSENT,
	QUERY_GIVEN,
	QUERY_BROKEN /* given twice, a broken escape, a control character, or not UTF-8 */
};
/* The value of a query parameter, decoded, replaces out; out->data is not NULL when it is given,
 * even as "name=". */
enum query_value exchange_query(const struct exchange *x, const char *name, struct buf *out);
/* Appends the decoded bytes (out->data is not NULL then). false: a broken escape, %00, or not
 * UTF-8. */
bool exchange_decode(const char *s, size_t len_bytes, struct buf *out);

#endif
