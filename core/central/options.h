/* The command line of yimen-central: options, then perhaps a command. */
#ifndef YIMEN_CORE_CENTRAL_OPTIONS_H
#define YIMEN_CORE_CENTRAL_OPTIONS_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/central/behind.h"

struct buf;

struct options {
	const char *data;
	const char *listen; /* NULL: not given */
	const char *store;  /* NULL: what the folder says */
	const char *tls_cert, *tls_key;
	const char *region;
	const char *fault;
	const char *log;      /* file, or "-" for stderr */
	struct behind behind; /* proxies in front */
	unsigned connections, request_ms, idle_ms;
	bool open, quiet, help, version;
	char **command; /* words after the options, closed by NULL; empty: serve */
};

/* ERR_INVALID: why is one line that says what is expected. Borrows argv. */
enum err options_parse(struct options *o, int argc, char **argv, struct buf *why);
/* The usage text, in the language in force. */
const char *options_usage(void);

#endif
