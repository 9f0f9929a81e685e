/*
 * Administration: one request to the centre of a data folder. While it runs the request goes
 * through its socket; when it does not, this process takes the folder's lock and answers the
 * request itself. Either way exactly one program has the store open.
 */
#ifndef YIMEN_CORE_CENTRAL_ADMIN_H
#define YIMEN_CORE_CENTRAL_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/err.h"

struct buf;

struct admin_request {
	const char *method, *path; /* of the table in api.c */
	const char *headers;	   /* further ones, "Name: value\r\n" each; NULL: none */
	bool running;		   /* only of a running centre; ERR_BUSY: there is none */
	const char *look_for;	   /* a header of the answer; found is then written */
	bool found;
	/* The body, piece by piece: bytes put into out, 0 at the end, -1 to give up (then nothing
	 * is done). NULL: no body. */
	ssize_t (*more)(void *arg, char *out, size_t room);
	/* The answer of a success, piece by piece. NULL: collected in *answer. */
	void (*piece)(void *arg, const char *data, size_t len_bytes);
	void *arg;
};

/*
 * *status is the HTTP status; a refusal's document is always in *answer. ERR_BUSY: another program
 * holds the folder and does not answer; ERR_IO: the answer was cut. why: a sentence.
 */
enum err admin_call(
	const char *dir, struct admin_request *r, int *status, struct buf *answer, struct buf *why);

/* The folder's lock: ERR_BUSY when another program has it. *fd: close it to let go. */
enum err admin_lock(const char *dir, int *fd, struct buf *why);

#define ADMIN_SOCKET "admin.sock"

#endif
