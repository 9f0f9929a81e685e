/*
 * What a correction changes in the version that it replaces, for whoever reviews it: the answers,
 * reasons, materials and scans of an intake held against those of the last letter of its case.
 *
 * The words come after what stands there now, "139****9000 (原为 138****8000)"; numbers are masked
 * where the caller masks them.
 */
#ifndef YIMEN_TUI_CORRECTION_H
#define YIMEN_TUI_CORRECTION_H

#include <stdbool.h>

struct buf;
struct checklist_item;
struct correction;
struct entry;
struct intake;
struct node;

/* NULL: it is no correction, or what was submitted is not to be had. The intake is borrowed and
 * must outlive it; what it changes is read anew with each question. */
struct correction *correction_open(const struct intake *in);
void correction_free(struct correction *c); /* NULL does nothing */

/*
 * Each of these is false when nothing has changed there (or c is NULL); else true, and text, which
 * holds what stands there now, is continued with what stood there before. An answer that was taken
 * out has the empty text.
 */
bool correction_answer(
	struct correction *c, struct entry *e, struct node *n, bool mask, struct buf *text);
/* Why a warning at n was accepted. */
bool correction_reason(struct correction *c, struct entry *e, struct node *n, struct buf *text);
/* Its state, remark, numbers and scans. */
bool correction_material(struct correction *c, const struct checklist_item *item, struct buf *text);

/* What was submitted and has no place any more: answers that are not asked for now, materials that
 * are not wanted. Texts are borrowed for the call. */
void correction_each_gone(struct correction *c, bool mask,
	void (*each)(void *arg, const char *label, const char *text), void *arg);

#endif
