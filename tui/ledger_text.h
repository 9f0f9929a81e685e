/*
 * How near the last day of an entry in the ledger of bad marks is, in words.
 */
#ifndef YIMEN_TUI_LEDGER_TEXT_H
#define YIMEN_TUI_LEDGER_TEXT_H

#include <stdint.h>

struct buf;

/* Appends 红牌: 已过 2 天, 今天, 剩 3 个工作日; "-" when it has ended. */
void ledger_due_words(struct buf *out, int32_t due_day, int32_t today);

#endif
