/*
 * What a clerk types for a fact that a slip must not lack, in one line: a text as it is; a list as
 * "名称: 内容; 名称: 内容"; a day as YYYY-MM-DD.
 */
#ifndef YIMEN_TUI_SLIP_FILL_H
#define YIMEN_TUI_SLIP_FILL_H

#include "core/base/err.h"

struct buf;

/* Appends what to ask for. lack: as slip_first_lack has it; help: its name, N_(). */
void slip_fill_label(struct buf *out, const char *lack, const char *help);
/* Appends the facts `given` (a JSON object or NULL) with this one in them. ERR_INVALID: what was
 * typed is not of its form, why says which is. */
enum err slip_fill(
	struct buf *out, const char *given, const char *lack, const char *typed, struct buf *why);

#endif
