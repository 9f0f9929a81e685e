/*
 * The back office by commands: case return (all defects, a reason each), finish (a result to hand
 * over, or a refusal with its remedy), extend, act (any other). What the centre does with them is
 * in office.h.
 */
#ifndef YIMEN_CORE_CENTRAL_COMMANDS_OFFICE_H
#define YIMEN_CORE_CENTRAL_COMMANDS_OFFICE_H

#include <stdbool.h>

struct buf;

/* words: from "return" on, closed by NULL. false: it is none of these; else *code is the exit code.
 */
bool commands_office(const char *dir, char **words, int *code);

/*
 * Lists as a person writes them in one line: "材料: 问题: 怎样补正" and "名称: 编号: 份数", a colon
 * of either width, several by ";". Appends the elements of a JSON array. false: one has no name, or
 * (defects) no reason.
 */
bool office_read_defects(struct buf *out, const char *text);
bool office_read_documents(struct buf *out, const char *text);

#endif
