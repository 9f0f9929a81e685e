#include "forms/form_library.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/paths.h"

char *form_library_path(const char *home, const char *id)
{
	static const char *const endings[] = {"", ".xlsx"};
	struct buf name = {0};
	char *path;
	size_t i;

	for (i = 0; home != NULL && i < sizeof endings / sizeof endings[0]; i++) {
		buf_clear(&name);
		buf_printf(&name, "%s/forms/%s%s", home, id, endings[i]);
		if (access(name.data, F_OK) == 0)
			return buf_take(&name);
	}
	buf_clear(&name);
	buf_printf(&name, "forms/library/%s", id);
	path = paths_share(name.data);
	buf_fini(&name);
	return path;
}

enum err form_read(struct form **out, const char *path, struct buf *faults)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".xlsx") == 0 ? form_read_xlsx(out, path, faults)
							   : form_read_folder(out, path, faults);
}

enum err form_library_read(struct form **out, const char *home, const char *id, struct buf *faults)
{
	char *path = form_library_path(home, id);
	enum err e = form_read(out, path, faults);

	free(path);
	return e;
}
