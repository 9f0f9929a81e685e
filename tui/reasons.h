/*
 * The reasons given for warnings of a form, as they are kept on disk: what has changed since they
 * were last written, and putting them back.
 */
#ifndef YIMEN_TUI_REASONS_H
#define YIMEN_TUI_REASONS_H

#include <stddef.h>

struct entry;

struct kept_reason {
	char *place;
	char *given;
	char *told; /* for what, see entry_each_reason; NULL: it was not kept */
};

/* A zeroed one is ready for use. */
struct kept_reasons {
	struct kept_reason *list;
	size_t count;
};
void reasons_fini(struct kept_reasons *r);
/* The texts are copied. Of one place, given and told may come by two calls, the other NULL. */
void reasons_put(struct kept_reasons *r, const char *place, const char *given, const char *told);
/* Those that stand in the form now; e NULL: none. */
void reasons_take(struct kept_reasons *r, struct entry *e);

/* Of each place where they differ, how it is now; given NULL: there is none any more. */
void reasons_changed(const struct kept_reasons *was, const struct kept_reasons *is,
	void (*each)(void *arg, const struct kept_reason *now), void *arg);

#endif
