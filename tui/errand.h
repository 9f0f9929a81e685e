/*
 * A command of yimen-deliver run beside the screens (the screens link no network): begun, looked at
 * now and then. What it says is in the station's file when it has ended. Or waited for, by a
 * command.
 */
#ifndef YIMEN_TUI_ERRAND_H
#define YIMEN_TUI_ERRAND_H

#include <stdbool.h>

struct buf;

struct errand;

/* argument NULL: none. NULL: it could not be begun. */
struct errand *errand_start(const char *command, const char *argument);
/* true: it has ended; *code is its exit code, -1: it was killed. */
bool errand_look(struct errand *e, int *code);
void errand_free(struct errand *e); /* stops it when it has not ended; NULL does nothing */

/* Begun and waited for; what it says of its outcome replaces said. Its exit code, -1: it could not
 * be begun or was killed. */
int errand_wait(const char *command, struct buf *said);

#endif
