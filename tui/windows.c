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

bool windows_have(const char *list, const char *number)
{
	struct buf one = {0}, name = {0};
	bool found = false;

	while (list != NULL && *list != '\0' && !found) {
		list = windows_part(list, &one, &name);
		found = one.len > 0 && strcmp(buf_str(&one), number) == 0;
	}
	buf_fini(&one);
	buf_fini(&name);
	return found;
}
