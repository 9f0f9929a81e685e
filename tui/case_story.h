/*
 * What became of one case, as lines to read: the result to hand over, what is to be corrected, what
 * is owed, its papers, and the whole history with times and persons of the window and the back
 * office.
 */
#ifndef YIMEN_TUI_CASE_STORY_H
#define YIMEN_TUI_CASE_STORY_H

#include <stdint.h>

struct buf;
struct case_view;
struct pager;
struct session;
struct store;

/* Appends the documents of the result, "残疾人证 〔2026〕…号; …"; nothing when there is none yet.
 */
void case_result(struct store *s, const char *case_id, struct buf *out);

/* What the centre wants corrected, in its order; nothing when it named none. Texts are borrowed for
 * the call, NULL when not said. */
void case_corrections(struct store *s, const char *case_id,
	void (*each)(void *arg, const char *name, const char *defect, const char *how), void *arg);

/* Adds the lines, labels in label_cols columns. */
void case_story(struct pager *p, const struct session *s, const struct case_view *v, int label_cols,
	int64_t now_ms);

#endif
