/*
 * Values as a person at the counter reads them: moments, names, numbers. Masked unless asked.
 */
#ifndef YIMEN_TUI_SHOW_H
#define YIMEN_TUI_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/station/checklist.h"

struct buf;
struct case_view;

/* Appends 14:32 today, 昨天 14:32, 11-20 14:32 this year, else the date. 0: "-". */
void show_moment(struct buf *out, int64_t wall_ms, int64_t now_ms);
/* Appends 3秒, 4分钟, 2小时, 5天. */
void show_duration(struct buf *out, int64_t ms);
/* What is a word within sentences too, where it stands alone: it begins with a capital letter, if
 * it begins with a letter that has one. Borrowed from b, which is emptied first. */
const char *show_alone(struct buf *b, const char *words);
/*
 * A person's name: 陈*燕, 孙*; of one in Latin letters, or with a middle dot, the first letter of
 * each part (Z*** O**). Other names longer than four characters are bodies and stay whole.
 */
void show_name(struct buf *out, const char *name, bool mask);

/* A number of a case in so many columns: numbers of one centre begin alike, so the end of one that
 * is too long is what stays. */
void show_number(struct buf *out, const char *number, int cols);

/* [x] received, [ ] missing, [-] exempt, [~] deferred. */
const char *show_material_mark(enum checklist_state state);
/* A case's state in words; one whose letter has not arrived says so instead. Borrowed, constant. */
const char *show_case_state(const struct case_view *v);

#endif
