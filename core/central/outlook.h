/*
 * What an administrator is to know at a centre's start, although it starts: a clock that is wrong,
 * by which numbers and days are given, a disk that is nearly full, letters that were put aside.
 */
#ifndef YIMEN_CORE_CENTRAL_OUTLOOK_H
#define YIMEN_CORE_CENTRAL_OUTLOOK_H

#include <stdint.h>

struct buf;
struct central_store;

/* Appends a line each. */
void outlook_clock(struct central_store *s, int64_t now_ms, struct buf *out);
/* Of the data, when they are in a file of the folder dir, and of the papers when theirs is another.
 */
void outlook_disks(struct central_store *s, const char *dir, struct buf *out);
/* Letters that were put aside there (store_sqlite_log.c) and that nobody has seen to. */
void outlook_letters(const char *dir, struct buf *out);

#endif
