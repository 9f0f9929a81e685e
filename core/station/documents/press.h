/*
 * A paper to PDF or to the system's printer, by yimen-print: a program of its own, so that the
 * workstation links neither fonts nor drawing. The work is done beside the caller, who looks in now
 * and then, or waits.
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_PRESS_H
#define YIMEN_CORE_STATION_DOCUMENTS_PRESS_H

#include "core/base/err.h"

#include <stdbool.h>

struct buf;
struct paper;
struct press;

/* ERR_NOT_FOUND: yimen-print is not there, why says in one sentence what to install. */
enum err press_ready(struct buf *why);

/* Begins. path: the PDF to write (0600, whole or not at all, and on the disk); or NULL and the
 * shell command that reads a PDF from its standard input and prints it. */
enum err press_start(struct press **out, const struct paper *p, const char *path,
	const char *command, struct buf *why);
/*
 * true: it has ended, *e tells how, with a sentence in why; nothing but press_free is then left to
 * do. wait: until it has ended.
 */
bool press_look(struct press *x, bool wait, enum err *e, struct buf *why);
/* Stops it when it has not ended; NULL does nothing. */
void press_free(struct press *x);

/* Begins and waits. */
enum err press_pdf(const struct paper *p, const char *path, struct buf *why);
enum err press_printer(const struct paper *p, const char *command, struct buf *why);

#endif
