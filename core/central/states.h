/*
 * States of a case and the acts that move it, as far as the centre judges them. Names are what
 * travels: "received", "correcting", "accepted" … as core/domain/lifecycle.h names them.
 */
#ifndef YIMEN_CORE_CENTRAL_STATES_H
#define YIMEN_CORE_CENTRAL_STATES_H

#include <stdbool.h>

struct buf;

/* The state in which every case begins: 收件. */
extern const char *const state_first;

bool state_known(const char *name);
/* 收件, 待补正, …, in the language in force; the name itself when it is not known. */
const char *state_label(const char *name);

/* What the back office does: may a case go from one to the other? */
bool state_may_follow(const char *from, const char *to);
/* The ordinary next step (收件 → 受理 → 办结 → 送达); NULL: there is none. */
const char *state_next(const char *from);
/* Appends the states that may follow, separated by a comma and a space. */
void state_list_following(struct buf *out, const char *from);

/* The constant of this name; NULL: not known. */
const char *state_constant(const char *name);

#endif
