/*
 * An entry in the ledger of bad marks in words: its facts, how near its last day is.
 */
#ifndef YIMEN_TUI_LEDGER_TEXT_H
#define YIMEN_TUI_LEDGER_TEXT_H

#include <stdint.h>

#include "core/domain/complaint.h"

struct buf;
struct complaint;

/* Appends one fact a line, "label TAB text": when, of what, why, what was found and done. */
void ledger_facts(struct buf *out, const struct complaint *c, int64_t now_ms);

/* What is asked for with an act, without a colon. */
const char *ledger_act_ask(enum complaint_act a);

/* Appends 红牌: 已过 2 天, 今天, 剩 3 个工作日; "-" when it has ended. */
void ledger_due_words(struct buf *out, int32_t due_day, int32_t today);

#endif
