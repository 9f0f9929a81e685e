/* Which file a call that a test has put its own before is about. */
#ifndef YIMEN_TESTS_UNIT_FD_NAME_H
#define YIMEN_TESTS_UNIT_FD_NAME_H

#include <stdbool.h>

/* The path of what fd has open ends with this. false also: it has none. */
bool fd_name_ends(int fd, const char *with);

#endif
