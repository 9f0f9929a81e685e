#include "forms/form_library.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "forms/near.h"

enum {
	FILE_MAX_BYTES = 64 << 20
};

static const char spreadsheet[] = "form.xlsx"; /* in a folder of its own */

/* A form of the station: a folder of sheets, a folder with a spreadsheet, or a spreadsheet. */
static char *own_path(const char *home, const char *id)
{
	struct buf name = {0};

	buf_printf(&name, "%s/forms/%s/%s", home, id, spreadsheet);
	if (access(name.data, F_OK) == 0)
		return buf_take(&name);
	buf_clear(&name);
	buf_printf(&name, "%s/forms/%s", home, id);
	if (access(name.data, F_OK) == 0)
		return buf_take(&name);
	buf_adds(&name, ".xlsx");
	if (access(name.data, F_OK) == 0)
		return buf_take(&name);
	buf_fini(&name);
	return NULL;
}

char *form_library_path(const char *home, const char *id)
{
	char *path = home != NULL ? own_path(home, id) : NULL;
	struct buf name = {0};

	if (path != NULL)
		return path;
	buf_printf(&name, "forms/library/%s", id);
	path = paths_share(name.data);
	buf_fini(&name);
	return path;
}

static enum err copy(const char *from, const char *to)
{
	struct buf bytes = {0};
	enum err e = paths_read(&bytes, from, FILE_MAX_BYTES);

	if (e == OK)
		e = paths_replace(to, buf_str(&bytes), bytes.len);
	buf_fini(&bytes);
	return e;
}

static bool is_file(const struct choice_list *l)
{
	return form_list_file(l->name);
}

/* The choice and data files of a form, from where its spreadsheet stands. */
static enum err copy_files(const struct form *form, const char *file, const char *folder)
{
	const char *slash = strrchr(file, '/');
	enum err e = OK;

	for (size_t i = 0; e == OK && i < form->list_count; i++) {
		struct buf from = {0};
		char *to;
		if (!is_file(&form->lists[i]))
			continue;
		buf_add(&from, file, slash != NULL ? (size_t)(slash - file) + 1 : 0);
		buf_adds(&from, form->lists[i].name);
		to = paths_join(folder, form->lists[i].name);
		e = copy(from.data, to);
		free(to);
		buf_fini(&from);
	}
	return e;
}

static enum err make_folder(const char *path)
{
	return mkdir(path, 0700) == 0 || errno == EEXIST ? OK : ERR_DENIED;
}

enum err form_library_keep(char **out, const char *home, const struct form *form, const char *file)
{
	char *shelf = paths_join(home, "forms"), *folder = paths_join(shelf, form->id),
	     *target = paths_join(folder, spreadsheet);
	bool files = access(folder, F_OK) == 0; /* what is there would come before a sheet beside */
	enum err e = strchr(form->id, '/') != NULL || form->id[0] == '.' ? ERR_INVALID
									 : make_folder(shelf);

	for (size_t i = 0; i < form->list_count; i++)
		files = files || is_file(&form->lists[i]);
	if (e == OK && files) {
		e = make_folder(folder);
		if (e == OK)
			e = copy_files(form, file, folder);
	} else {
		struct buf name = {0};
		buf_printf(&name, "%s.xlsx", folder);
		free(target);
		target = buf_take(&name);
	}
	if (e == OK)
		e = copy(file, target);
	if (e == OK) {
		*out = target;
		target = NULL;
	}
	free(shelf);
	free(folder);
	free(target);
	return e;
}

/* Digits and letters count; what parts them does not, nor do zeros before a number. */
static const char *next_part(const char *s)
{
	while (*s != '\0' && !isalnum((unsigned char)*s) && (unsigned char)*s < 0x80)
		s++;
	while (s[0] == '0' && isdigit((unsigned char)s[1]))
		s++;
	return s;
}

int form_version_compare(const char *a, const char *b)
{
	for (;;) {
		size_t n, m;
		int order;
		a = next_part(a);
		b = next_part(b);
		if (*a == '\0' || *b == '\0')
			return (*a != '\0') - (*b != '\0');
		n = strspn(a, "0123456789");
		m = strspn(b, "0123456789");
		if (n != m) /* more digits, or a number against a letter */
			return n > m ? 1 : -1;
		n = n > 0 ? n : 1;
		order = strncmp(a, b, n);
		if (order != 0)
			return order;
		a += n;
		b += n;
	}
}

/* What stands in this folder, each under its id; *best is kept up to date with what is nearest. */
static void look_near(struct near *n, char **best, const char *folder)
{
	DIR *d = opendir(folder);
	struct dirent *one;

	while (d != NULL && (one = readdir(d)) != NULL) {
		char *end = strrchr(one->d_name, '.');
		const char *before = n->best;
		if (end != NULL && strcmp(end, ".xlsx") == 0)
			*end = '\0';
		if (one->d_name[0] == '.')
			continue;
		near_try(n, one->d_name);
		if (n->best == before)
			continue;
		free(*best);
		*best = mem_strdup(one->d_name);
		n->best = *best; /* the entry is the folder's */
	}
	if (d != NULL)
		closedir(d);
}

char *form_library_near(const char *home, const char *id)
{
	char *shipped = paths_share("forms/library"), *own;
	struct near n = {.written = id};
	char *best = NULL;

	if (home != NULL) {
		own = paths_join(home, "forms");
		look_near(&n, &best, own);
		free(own);
	}
	look_near(&n, &best, shipped);
	free(shipped);
	return best;
}

enum err form_read(struct form **out, const char *path, struct buf *faults)
{
	return form_read_asked(out, path, NULL, faults);
}

enum err form_library_read(struct form **out, const char *home, const char *id, struct buf *faults)
{
	char *path = form_library_path(home, id);
	enum err e = form_read(out, path, faults);

	free(path);
	return e;
}
