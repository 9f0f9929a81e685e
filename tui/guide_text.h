/*
 * A matter in words: the guide's sections for a pager, and the few lines of a preview.
 */
#ifndef YIMEN_TUI_GUIDE_TEXT_H
#define YIMEN_TUI_GUIDE_TEXT_H

#include "tui/widget_pager.h"

struct buf;
struct matter;

enum guide_section {
	GUIDE_SUMMARY,
	GUIDE_MATERIALS,
	GUIDE_CONDITION,
	GUIDE_FLOW,
	GUIDE_FEES,
	GUIDE_LAW,
	GUIDE_QUESTIONS,
	GUIDE_SECTION__MAX
};

/* The name of a section in the language in force. */
const char *guide_section_name(enum guide_section s);
/* 类型 and 层级 as the national code tables have them; an unknown code stays as it is. Borrowed. */
const char *guide_type_name(const char *code);
const char *guide_level_name(const char *code);
/* All sections, in order; p is empty and has its width. origin: where this guide comes from
 * (notice.h), "" not said; folded: long law texts are cut, with a word on how to see the rest. */
void guide_fill(struct pager *p, const struct matter *m, const char *origin, bool folded);
/* Appends place and telephone in one line: what is asked for most. */
void guide_contact(struct buf *out, const struct matter *m);
/* The preview: what decides at the counter, in few lines. */
void guide_preview(struct pager *p, const struct matter *m);
/* Appends the time limit in words: 当场办结, 承诺 3 个工作日 … */
void guide_limit(struct buf *out, const struct matter *m);
/* Appends one material's form in words: 原件 1, 复印件 2, 免交. */
void guide_material_form(struct buf *out, const struct matter *m, size_t material);

#endif
