/*
 * The states and events of a case in words.
 */
#ifndef YIMEN_TUI_CASE_TEXT_H
#define YIMEN_TUI_CASE_TEXT_H

/* state: a name of core/domain/lifecycle.h; one that is not known stays as it is. Borrowed. */
const char *case_state_text(const char *state);
/* what: the name of an event (cases.h) or of a state reached. Borrowed. */
const char *case_event_text(const char *what);

#endif
