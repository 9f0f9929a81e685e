#include "core/central/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/log.h"

/* A path, or a name of Linux' own behind @ (then a NUL stands in its place). */
static socklen_t place(struct sockaddr_un *a, const char *name)
{
	size_t len = strlen(name);

	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	if ((name[0] != '/' && name[0] != '@') || len >= sizeof a->sun_path)
		return 0;
	memcpy(a->sun_path, name, len + 1);
	if (name[0] == '@')
		a->sun_path[0] = '\0';
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
}

void notify_ready(void)
{
	static const char said[] = "READY=1";
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un a;
	socklen_t len;
	int fd;

	if (name == NULL)
		return;
	len = place(&a, name);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (len == 0 || fd < 0 ||
		sendto(fd, said, sizeof said - 1, MSG_NOSIGNAL, (struct sockaddr *)&a, len) < 0)
		log_warn("main", "the service manager could not be told");
	if (fd >= 0)
		close(fd);
}
