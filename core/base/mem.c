#include "core/base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
	exhausted_hook = hook;
}

void mem_exhausted(void)
{
	static const char sentence[] =
		"yimen: 内存不足, 程序退出; 已填内容已存盘 / out of memory, stopping; "
		"what was typed is on disk\n";
	if (exhausted_hook != NULL)
		exhausted_hook();
	if (write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0)
		_exit(4);
	_exit(3);
}

void *mem_alloc(size_t size)
{
	return mem_array(1, size);
}

void *mem_array(size_t count, size_t size)
{
	void *p = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
	if (p == NULL)
		mem_exhausted();
	return p;
}

void *mem_resize(void *p, size_t count, size_t size)
{
	void *q;
	if (size > 0 && count > SIZE_MAX / size)
		mem_exhausted();
	q = realloc(p, count > 0 && size > 0 ? count * size : 1);
	if (q == NULL)
		mem_exhausted();
	return q;
}

char *mem_strdup(const char *s)
{
	return s == NULL ? NULL : mem_strndup(s, strlen(s));
}

char *mem_strndup(const char *s, size_t len_bytes)
{
	char *copy = mem_alloc(len_bytes + 1);
	memcpy(copy, s, len_bytes);
	return copy;
}
