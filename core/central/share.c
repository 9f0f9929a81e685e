#include "core/central/share.h"

void share_take(fd_set *ready, int max, unsigned most, int *last)
{
	fd_set all = *ready;
	int first = *last + 1, i;

	FD_ZERO(ready);
	for (i = 0; i <= max && most > 0; i++) {
		int fd = (first + i) % (max + 1);
		if (!FD_ISSET(fd, &all))
			continue;
		FD_SET(fd, ready);
		*last = fd;
		most--;
	}
}
