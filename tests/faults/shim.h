/* What both preloaded libraries (shim_fail.c, shim_record.c) take over in the same way. */
#ifndef YIMEN_TESTS_FAULTS_SHIM_H
#define YIMEN_TESTS_FAULTS_SHIM_H

/* The next library's function of that name. */
void *shim_next(const char *name);

/* Each has its own: what becomes of an open, called as `name` ("open", "open64"). */
int shim_open(const char *name, const char *path, int flags, unsigned mode);

#endif
