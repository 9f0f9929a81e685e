#include "core/base/standard.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void standard_keep(void)
{
	int fd;

	/* the lowest free number is what open gives; each is opened the way it is not used */
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return;
}
