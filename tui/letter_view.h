/* What is said of a letter wherever it is shown: what becomes of it next, and what one can do. */
#ifndef YIMEN_TUI_LETTER_VIEW_H
#define YIMEN_TUI_LETTER_VIEW_H

#include <stdint.h>

#include "core/station/outbox.h"

struct app;
struct pager;

void letter_advice(
	struct pager *p, enum letter_state state, int tries, int64_t next_ms, int64_t now_ms);
/* Sends it at once, and says so. */
void letter_retry(struct app *a, const char *id);

#endif
