#include "core/central/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"

enum {
	BACKLOG = 511
};

bool listen_is_loopback(const struct sockaddr *a)
{
	if (a == NULL)
		return false;
	if (a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >>
			       24 ==
		       127;
	if (a->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(
			&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
	return a->sa_family == AF_UNIX;
}

static uint64_t number_of(const unsigned char *bytes, size_t count)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < count; i++)
		n = n << 8 | bytes[i];
	return n;
}

uint64_t listen_origin(const struct sockaddr *a)
{
	const struct in6_addr *six;

	if (a != NULL && a->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr);
	if (a == NULL || a->sa_family != AF_INET6)
		return 0;
	six = &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr;
	return IN6_IS_ADDR_V4MAPPED(six) ? number_of(six->s6_addr + 12, 4)
					 : number_of(six->s6_addr, 8);
}

static bool split_address(const char *address, struct buf *host, const char **port)
{
	const char *colon = strrchr(address, ':');
	unsigned long number;

	if (colon == NULL || colon[1] == '\0' ||
		strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	number = strtoul(colon + 1, NULL, 10);
	if (number > 65535)
		return false; /* getaddrinfo takes what is left of it by 65536 */
	if (address[0] == '[' && colon > address && colon[-1] == ']')
		buf_add(host, address + 1, (size_t)(colon - address) - 2);
	else
		buf_add(host, address, (size_t)(colon - address));
	*port = colon + 1;
	return true;
}

bool listen_is_address(const char *text)
{
	struct buf host = {0};
	const char *port;
	bool is = split_address(text, &host, &port);

	buf_fini(&host);
	return is;
}

void listen_say_address(const char *text, struct buf *why)
{
	buf_why(why, tr("--listen 应写成 主机:端口, 例如 127.0.0.1:8080, 不是 %s"), text);
}

static int bind_to(const struct addrinfo *ai)
{
	int one = 1, fd = socket(ai->ai_family, ai->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	one = errno;
	close(fd);
	errno = one;
	return -1;
}

static void say_why(const char *address, int cause, struct buf *why)
{
	if (cause == EADDRINUSE)
		buf_why(why,
			tr("不能在 %s 上接听: 这个端口已被别的程序占用, 也许中心已经开着。换一个端口, "
			   "或先停掉占用它的程序 (ss -ltnp 看是哪个)"),
			address);
	else if (cause == EADDRNOTAVAIL)
		buf_why(why,
			tr("不能在 %s 上接听: 这台机器没有这个地址 (ip addr 看有哪些); 要在所有地址上接听, "
			   "写 0.0.0.0:端口"),
			address);
	else if (cause == EACCES)
		buf_why(why,
			tr("不能在 %s 上接听: 1024 以下的端口要特许, 照 yimen-central.service 里的话添上, "
			   "或换一个大的端口"),
			address);
	else
		buf_why(why, tr("不能在 %s 上接听: %s; 请检查 --listen"), address,
			err_cause(cause));
}

static void describe(int fd, struct buf *where, bool *loopback)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	char host[NI_MAXHOST] = "?", port[NI_MAXSERV] = "0";
	bool six;

	getsockname(fd, (struct sockaddr *)&a, &len);
	getnameinfo((struct sockaddr *)&a, len, host, sizeof host, port, sizeof port,
		NI_NUMERICHOST | NI_NUMERICSERV);
	six = a.ss_family == AF_INET6;
	buf_printf(where, "%s%s%s:%s", six ? "[" : "", host, six ? "]" : "", port);
	*loopback = listen_is_loopback((const struct sockaddr *)&a);
}

enum err listen_tcp(
	const char *address, int *fd, struct buf *where, bool *loopback, struct buf *why)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
	struct addrinfo *found = NULL;
	struct buf host = {0};
	enum err e = ERR_IO;
	const char *port;
	int bound = -1;

	if (!split_address(address, &host, &port)) {
		e = ERR_INVALID;
		listen_say_address(address, why);
	} else if (getaddrinfo(host.len > 0 ? host.data : NULL, port, &hints, &found) != 0) {
		buf_why(why, tr("找不到主机 %s, 请检查 --listen"), buf_str(&host));
	} else if ((bound = bind_to(found)) < 0) {
		say_why(address, errno, why);
	} else {
		describe(bound, where, loopback);
		*fd = bound;
		e = OK;
	}
	if (found != NULL)
		freeaddrinfo(found);
	buf_fini(&host);
	return e;
}

/* A path may be longer than sockaddr_un's 108 bytes: go through the folder's descriptor. */
int listen_file(const char *path)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	char *dir = mem_strdup(path);
	char *slash = strrchr(dir, '/');
	struct buf name = {0};
	int folder, fd = -1;

	*slash = '\0';
	folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	buf_printf(&name, "/proc/self/fd/%d/%s", folder, slash + 1);
	if (folder >= 0 && name.len < sizeof a.sun_path) {
		memcpy(a.sun_path, name.data, name.len + 1);
		unlink(path);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (fd >= 0 &&
			(bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0)) {
			close(fd);
			fd = -1;
		}
	}
	if (folder >= 0)
		close(folder);
	free(dir);
	buf_fini(&name);
	return fd;
}
