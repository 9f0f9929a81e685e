/*
 * How letters leave the building: requests go in, answers come out, any number in flight. The real
 * one is core/station/http.h (libcurl); tests and the simulator bring their own.
 */
#ifndef YIMEN_CORE_STATION_TRANSPORT_H
#define YIMEN_CORE_STATION_TRANSPORT_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct transport_request {
	void *tag;	    /* comes back with the answer */
	const char *method; /* "GET", "POST" or "PATCH" */
	const char *path;   /* below the centre's address, begins with '/' */
	const char *key;    /* Idempotency-Key; NULL: none */
	const char *body;   /* copied; NULL: none */
	size_t body_len;
	int64_t upload_offset, upload_length; /* of a piece of a paper; length 0: it is none */
	/* 0: the body of a good answer comes with it; else it is written here.
	 * Its own copy of the descriptor is used. */
	int into_fd;
	/* Of what is written there: more bytes are LINE_OVERSIZE (0: no limit). Of its disk so much
	 * is left free, and twice what has come already, or it is LINE_NO_ROOM. */
	int64_t into_max_bytes, into_spare_bytes;
	int timeout_ms; /* 0: the setting's */
};

/* Whether it may be sent twice without harm: it only asks, it says where its bytes belong, or the
 * centre knows it by its key. What may not is never sent again by itself. */
bool transport_may_repeat(const struct transport_request *r);

enum line_fault {
	LINE_OK,	 /* there was an answer, whatever it says */
	LINE_NO_NAME,	 /* the name does not resolve */
	LINE_NO_CONNECT, /* nobody listens, or no way there */
	LINE_TIMEOUT,
	LINE_TLS_DATE,	 /* by this machine's date the certificate is not valid yet, or no more */
	LINE_TLS_NAME,	 /* it is for another name */
	LINE_TLS_ISSUER, /* signed by nobody who is trusted here */
	LINE_TLS,	 /* something else is wrong with it */
	LINE_NO_TLS,	 /* the other side does not encrypt, or not as we do */
	LINE_NO_CA,	 /* our own file of authorities (centre.ca) cannot be read */
	LINE_CUT,	 /* ended in the middle of the answer */
	LINE_OVERSIZE,	 /* more than an answer may be */
	LINE_NO_ROOM,	 /* what comes cannot be written here */
	LINE_OTHER,
	LINE__MAX
};

struct transport_answer {
	void *tag;
	enum line_fault fault;
	long status;		  /* 0 when there was no answer; of one that is too large what its
				   * head said */
	const char *content_type; /* "" if none. All strings are borrowed until the next poll. */
	const char *retry_after;  /* "" if none */
	const char *key;	  /* Idempotency-Key header of the answer, "" if none */
	const char *etag;	  /* "" if none */
	const char *body;	  /* terminated; "" if none */
	size_t body_len;
	int64_t elapsed_ms;
};

struct transport {
	/* ERR_BUSY: too many in flight already. */
	enum err (*send)(void *arg, const struct transport_request *request);
	/*
	 * Waits up to timeout_ms for an answer or for wake_fd (-1: none) to become readable; fills
	 * up to max answers and returns how many. timeout_ms 0 only looks.
	 */
	size_t (*poll)(void *arg, int timeout_ms, const int *wake_fds, size_t wake_count,
		struct transport_answer *out, size_t max);
	void *arg;
};

/* A sentence for a person. */
const char *line_fault_text(enum line_fault f);

#endif
