/*
 * The parts of a ZIP package. The only home of libzip, which is loaded with the first package that
 * is opened: it brings OpenSSL along, and the workstation, which reads none all day, would start
 * later by a millisecond and be a megabyte and a half larger.
 */
#ifndef YIMEN_FORMS_PACKAGE_H
#define YIMEN_FORMS_PACKAGE_H

#include "core/base/err.h"

struct buf;
struct package;

enum {
	PACKAGE_PART_MAX_BYTES = 32 << 20 /* unpacked */
};

/* ERR_NOT_FOUND: no such file. ERR_INVALID: not a package. ERR_STATE: libzip is not there. */
enum err package_open(struct package **out, const char *path);
void package_close(struct package *p); /* NULL does nothing */
/* Appends one part, whole. ERR_NOT_FOUND: there is none of this name. ERR_INVALID: too large, or
 * damaged. */
enum err package_part(struct package *p, const char *name, struct buf *out);

#endif
