#define _GNU_SOURCE
#include "tests/faults/shim.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>

void *shim_next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static unsigned mode_in(int flags, va_list ap)
{
	return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(ap, unsigned) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = shim_open("open", path, flags, mode_in(flags, ap));
	va_end(ap);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	int fd;

	va_start(ap, flags);
	fd = shim_open("open64", path, flags, mode_in(flags, ap));
	va_end(ap);
	return fd;
}
