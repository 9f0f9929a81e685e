/*
 * One case, draft or letter as lines to read: on its own page, and as the preview of a list. Names
 * and numbers as the session has them, masked or not.
 */
#ifndef YIMEN_TUI_CASE_LINES_H
#define YIMEN_TUI_CASE_LINES_H

#include <stdint.h>

#include "core/station/draft.h"

struct case_view;
struct pager;
struct session;

/* Its numbers, its state, who has it, and its story (case_story.h). */
void case_lines(
	struct pager *p, const struct session *s, const struct case_view *v, int64_t now_ms);
/* How far it came, what is there, what was remarked. */
void draft_lines(struct pager *p, const struct session *s, const struct draft *d, int64_t now_ms);
/* 填表, 核对材料 … */
const char *draft_step_text(enum draft_step step);

/* By id, for a preview: whatever of these it is; a line that says so when it cannot be read. */
void case_preview(
	struct pager *p, const struct session *s, const char *case_or_draft_id, int64_t now_ms);
void letter_preview(
	struct pager *p, const struct session *s, const char *letter_id, int64_t now_ms);

#endif
