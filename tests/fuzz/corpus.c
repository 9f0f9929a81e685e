/*
 * What fuzzing began with and what it has found: every file of a target's corpus is given to it
 * once, in every run of the tests. Linked with one target, whose name is the program's.
 */
#include <dirent.h>
#include <libgen.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/paths.h"

enum {
	FILE_BYTES = 1 << 20
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Files of the folder given, or -1 if one of them could not be read. */
static int give_all(const char *folder, DIR *dir)
{
	struct dirent *entry;
	int given = 0;

	while ((entry = readdir(dir)) != NULL) {
		struct buf path = {0}, data = {0};
		enum err e;

		if (entry->d_name[0] == '.')
			continue;
		buf_printf(&path, "%s/%s", folder, entry->d_name);
		e = paths_read(&data, buf_str(&path), FILE_BYTES);
		if (e == OK)
			LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&data), data.len);
		else
			printf("# %s: %s\n", buf_str(&path), err_text(e));
		buf_fini(&path);
		buf_fini(&data);
		if (e != OK)
			return -1;
		given++;
	}
	return given;
}

int main(int argc, char **argv)
{
	char *name = basename(argv[0]), *end = strstr(name, "_corpus");
	struct buf folder = {0};
	DIR *dir;
	int given = -1;

	(void)argc;
	buf_printf(&folder, "tests/fuzz/corpus/%.*s",
		(int)(end != NULL ? (size_t)(end - name) : strlen(name)), name);
	dir = opendir(buf_str(&folder));
	if (dir != NULL) {
		given = give_all(buf_str(&folder), dir);
		closedir(dir);
	}
	printf("%s %s: each file of its corpus (%d)\n", given > 0 ? "ok" : "not ok", name, given);
	buf_fini(&folder);
	return given > 0 ? 0 : 1;
}
