#include "tui/windows.h"

#include <string.h>

#include "core/base/buf.h"

const char *windows_part(const char *list, struct buf *number, struct buf *name)
{
	size_t n;

	buf_clear(number);
	buf_clear(name);
	list += strspn(list, ", ");
	n = strcspn(list, " ,");
	buf_add(number, list, n);
	list += n;
	list += strspn(list, " ");
	n = strcspn(list, ",");
	buf_add(name, list, n);
	return list + n;
}
