/*
 * A letter of the outbox on standard output: as JSON, as a row of a list, whole for a person.
 */
#ifndef YIMEN_TUI_LETTER_TELL_H
#define YIMEN_TUI_LETTER_TELL_H

#include <stdbool.h>
#include <stdint.h>

struct cmd_station;
struct letter;

/* Its local receipt; a carried letter may have none of ours: then its own number. Borrowed. */
const char *letter_number(const struct letter *l);

/* A line each; arg is not looked at (outbox_each). */
void letter_tell_json(void *arg, const struct letter *l);
void letter_tell_row(void *arg, const struct letter *l);
/* Where it stands, what was said of it, and what one can do. */
void letter_tell(const struct cmd_station *st, const struct letter *l, int64_t now_ms);

/* On standard error why it cannot be given up, and what one can do instead; false: it is refused,
 * and whoever would not do it has to say why. */
bool letter_tell_kept(const struct letter *l);

#endif
