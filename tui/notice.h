/*
 * 一次性告知单: all a visitor must bring and know, once and complete, on one piece of paper. Plain
 * text for a printer, the clipboard or a pipe; numbered, 78 columns, no column of ambiguous width.
 */
#ifndef YIMEN_TUI_NOTICE_H
#define YIMEN_TUI_NOTICE_H

struct buf;
struct catalogue;
struct matter;

/* Appends where this guide comes from: its version, when it came in and from where. */
void notice_origin(struct buf *out, struct catalogue *c, const struct matter *m);
/* Appends the whole sheet, in the language in force. hall NULL: none; date: of today, YYYY-MM-DD.
 */
void notice_text(struct buf *out, const struct matter *m, const char *hall, const char *origin,
	const char *date);

#endif
