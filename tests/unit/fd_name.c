#include "tests/unit/fd_name.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool fd_name_ends(int fd, const char *with)
{
	char link[40], path[PATH_MAX];
	size_t len = strlen(with);
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path);
	return n >= (ssize_t)len && memcmp(path + n - len, with, len) == 0;
}
