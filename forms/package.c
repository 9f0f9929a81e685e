#include "forms/package.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/mem.h"

/* What we use of libzip, by its own names and types. */
#define FUNCTIONS(X) X(open) X(discard) X(stat) X(fopen) X(fread) X(fclose)

struct library {
#define X(name) __typeof__(zip_##name) *name;
	FUNCTIONS(X)
#undef X
};

struct package {
	const struct library *lib;
	zip_t *zip;
};

static bool find(void *handle, const char *name, void *function)
{
	void *found = dlsym(handle, name);

	memcpy(function, &found, sizeof found); /* as POSIX has it: the two kinds are of one size */
	return found != NULL;
}

/* NULL: it is not there. It stays until the program ends. */
static const struct library *load(void)
{
	static struct library lib;
	static bool whole;
	void *handle;

	if (whole)
		return &lib;
	handle = dlopen(ZIP_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	whole = handle != NULL;
#define X(name) whole = whole && find(handle, "zip_" #name, &lib.name);
	FUNCTIONS(X)
#undef X
	if (!whole)
		log_error("package", "%s", dlerror());
	return whole ? &lib : NULL;
}

enum err package_open(struct package **out, const char *path)
{
	const struct library *lib = load();
	int code = 0;
	zip_t *zip;

	if (lib == NULL)
		return ERR_STATE;
	zip = lib->open(path, ZIP_RDONLY, &code);
	if (zip == NULL)
		return code == ZIP_ER_NOENT ? ERR_NOT_FOUND : ERR_INVALID;
	*out = mem_alloc(sizeof **out);
	**out = (struct package){lib, zip};
	return OK;
}

void package_close(struct package *p)
{
	if (p == NULL)
		return;
	p->lib->discard(p->zip);
	free(p);
}

enum err package_part(struct package *p, const char *name, struct buf *out)
{
	const size_t start = out->len;
	zip_stat_t st;
	zip_file_t *f;
	zip_int64_t n = 0;
	char chunk[16384];

	if (p->lib->stat(p->zip, name, 0, &st) != 0)
		return ERR_NOT_FOUND;
	if ((st.valid & ZIP_STAT_SIZE) == 0 || st.size > PACKAGE_PART_MAX_BYTES)
		return ERR_INVALID;
	f = p->lib->fopen(p->zip, name, 0);
	if (f == NULL)
		return ERR_INVALID;
	buf_reserve(out, (size_t)st.size);
	while (out->len - start <= PACKAGE_PART_MAX_BYTES &&
		(n = p->lib->fread(f, chunk, sizeof chunk)) > 0)
		buf_add(out, chunk, (size_t)n);
	p->lib->fclose(f);
	return n == 0 ? OK : ERR_INVALID;
}
