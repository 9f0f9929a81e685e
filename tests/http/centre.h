/*
 * A real yimen-central for tests: started on any port in a folder of its own, spoken to through
 * plain sockets, so that every byte is the test's. Whatever fails here fails the test.
 */
#ifndef YIMEN_TESTS_HTTP_CENTRE_H
#define YIMEN_TESTS_HTTP_CENTRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/buf.h"

struct centre {
	char dir[64];
	pid_t pid; /* 0: does not run */
	int port;
};

/* Makes the folder. */
void centre_init(struct centre *c);
/* Starts it with further options (separated by blanks) and waits for its line. */
void centre_start(struct centre *c, const char *options);
/* Sends the signal and returns the exit status (128 + signal when killed). */
int centre_stop(struct centre *c, int signo);
/* Stops what runs and removes the folder. */
void centre_fini(struct centre *c);
/* cmocka's: a centre that has not begun is the state; it is ended however the test ends. */
int centre_set_up(void **state);
int centre_tear_down(void **state);
/* Whatever was done to it, it answers still, and it ends in order. */
int centre_tear_down_well(void **state);
/* Runs a command of the administrator; what it printed replaces out (may be NULL). */
int centre_command(struct centre *c, const char *words, struct buf *out);
/* Begins one that runs on; what it prints can be read from *fd. */
pid_t centre_begin(struct centre *c, const char *words, int *fd);

struct answer {
	int status; /* 0: the line ended without an answer */
	struct buf head, body;
};
void answer_fini(struct answer *a);
/* The value of a header, "" if none; borrowed until the next call. */
const char *answer_header(const struct answer *a, const char *name);
bool answer_has(const struct answer *a, const char *text);

/* A connection that gives up after 20 s of silence. */
int centre_dial(const struct centre *c);
void line_send(int fd, const void *data, size_t len_bytes);
void line_sends(int fd, const char *text);
/* The next answer on the line; replaces a. */
void line_answer(int fd, struct answer *a);
/* The other side closes without another byte. */
bool line_ends(int fd);

/* One request on a line of its own. headers: "Name: value\r\n"…; body NULL: none. */
void centre_ask(const struct centre *c, struct answer *a, const char *method, const char *path,
	const char *headers, const char *body);
/* Registers a window machine; header is then "Authorization: Bearer …\r\n". */
void centre_enrol(struct centre *c, const char *name, char header[128]);
/* An application: key and case differ by number; extra: further members ",\"x\":1" or "". */
void application(struct buf *out, int case_number, const char *extra);
/* The request's text for it. */
void application_request(struct buf *out, int key_number, int case_number, const char *extra);
/* Posts it. */
void post_application(const struct centre *c, struct answer *a, int key_number, int case_number,
	const char *extra);
/* The version in which a form is shipped now; borrowed until the next call. */
const char *shipped_version(const char *form_id);
/* A member of a JSON answer, "" if none; borrowed until the next call. */
const char *member(const struct answer *a, const char *name);

#endif
