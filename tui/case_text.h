/*
 * The states and events of a case in words.
 */
#ifndef YIMEN_TUI_CASE_TEXT_H
#define YIMEN_TUI_CASE_TEXT_H

struct buf;
struct store;

/* state: a name of core/domain/lifecycle.h; one that is not known stays as it is. Borrowed. */
const char *case_state_text(const char *state);
/* what: the name of an event (cases.h) or of a state reached. Borrowed. */
const char *case_event_text(const char *what);
/* Appends what the window can do now, "补交容缺材料、挂起、退件". */
void case_acts_text(struct store *s, const char *case_id, const char *state, struct buf *out);

#endif
