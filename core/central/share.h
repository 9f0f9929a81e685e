/*
 * Who is read in this turn: not all that can be read is read at once, and nobody waits for ever.
 */
#ifndef YIMEN_CORE_CENTRAL_SHARE_H
#define YIMEN_CORE_CENTRAL_SHARE_H

#include <sys/select.h>

/* Leaves at most `most` (≥ 1) of the descriptors 0 … max in `ready`: the next ones after *last,
 * round and round; *last becomes the last of them. So one that stays ready has its turn after every
 * other has had one at most. */
void share_take(fd_set *ready, int max, unsigned most, int *last);

#endif
