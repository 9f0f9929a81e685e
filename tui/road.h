/*
 * The road of one application, whoever shows it: which steps it has, how a draft is taken up again
 * and what is to be told then, and whether there is one application too many. It knows no terminal.
 */
#ifndef YIMEN_TUI_ROAD_H
#define YIMEN_TUI_ROAD_H

#include <stdbool.h>

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/station/draft.h"

struct buf;
struct catalogue;
struct intake;
struct pager;
struct session;

/* A step that has nothing to ask is left out. */
bool road_has_step(const struct intake *in, enum draft_step step);

/*
 * A draft is this operator's from now on, and stands open here as long as the intake lives. d: how
 * it was before; draft_fini it also after an error.
 */
enum err road_resume(
	struct intake **out, struct session *s, const char *id, struct draft *d, struct buf *why);
/* Appends whose it was, when it was somebody else's. */
void road_before(const struct session *s, const struct draft *d, struct buf *out);

/* The guide has changed since the draft began (began_seq, seq): appends what in it. */
void road_changes(const struct intake *in, struct catalogue *c, struct buf *out);
/* Adds what a newer form or guide asks for and what it has no place for any more. */
void road_carried(const struct intake *in, struct pager *p);

/* The same person has the same matter open, as a draft or a case that is not ended: its id. Never
 * of a correction. */
bool road_alike(const struct intake *in, char id[ID_UUID_SIZE]);

/* Of the field at place, whose rule the clerk doubts: rule, masked value and words go to the audit
 * trail, and the draft is put aside for whoever keeps the rules. */
enum err road_doubt(
	struct intake *in, const struct session *s, const char *place, const char *words);

#endif
