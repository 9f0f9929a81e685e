/*
 * 一次性告知单 without a number, as text: for the clipboard or a pipe. With a number it is a slip
 * (core/station/documents/slip_ledger.h).
 */
#ifndef YIMEN_TUI_NOTICE_H
#define YIMEN_TUI_NOTICE_H

#include "core/base/err.h"

struct buf;
struct catalogue;
struct matter;
struct slip_source;

/* Appends where this guide comes from: its version, when it came in and from where. */
void notice_origin(struct buf *out, struct catalogue *c, const struct matter *m);
/* Appends the whole sheet of a matter, in the language in force. */
enum err notice_text(
	struct buf *out, const struct slip_source *source, const char *code, struct buf *why);

#endif
