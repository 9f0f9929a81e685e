#include "tests/unit/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"

char *scratch_folder(void)
{
	const char *base = getenv("TMPDIR");
	struct buf path = {0};
	char *name;

	buf_printf(&path, "%s/yimen-test-XXXXXX", base != NULL ? base : "/tmp");
	name = buf_take(&path);
	if (mkdtemp(name) == NULL)
		abort();
	return name;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void scratch_remove(char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(folder);
}
