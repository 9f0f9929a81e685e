/*
 * Operators: who may sign in at this station. Pass phrases are kept as scrypt records. After five
 * wrong ones in a row an operator waits a minute, and longer each time; nobody is locked out for
 * good by typing.
 */
#ifndef YIMEN_CORE_STATION_OPERATOR_H
#define YIMEN_CORE_STATION_OPERATOR_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct store;

struct operator
{
	char *name;	 /* 工号, what is typed at sign-in */
	char *full_name; /* 姓名 */
	bool locked;
	int64_t last_sign_in_ms; /* 0: never */
	char *last_window;	 /* NULL: never */
};
void operator_fini(struct operator* o);

/* ERR_EXISTS; ERR_INVALID: name empty or with blanks, pass phrase shorter than 6. */
/* The same before a pass phrase is asked for: OK, one of this name can be added. */
enum err operator_free(struct store *s, const char *name, struct buf *why);
enum err operator_add(struct store *s, const char *name, const char *full_name, const char *pass,
	struct buf *why);
/* Likewise: OK, there is one. ERR_NOT_FOUND. */
enum err operator_there(struct store *s, const char *name, struct buf *why);
enum err operator_passwd(struct store *s, const char *name, const char *pass, struct buf *why);
enum err operator_lock(struct store *s, const char *name, bool locked, struct buf *why);
void operator_each(struct store *s, void (*each)(void *arg, const struct operator* o), void *arg);
size_t operator_count(struct store *s);
enum err operator_get(struct store *s, const char *name, struct operator* out);

/*
 * Whether an act may be done in this name from a command, which nobody has signed in for: one of
 * this station's operators, not locked, or, at a station that has none yet, any. "command": always.
 * ERR_NOT_FOUND, ERR_INVALID: why says what to do.
 */
enum err operator_named(struct store *s, const char *name, struct buf *why);

/* Who acted, as it is told to people: an act of a command line without --operator is of no person,
 * and the trail names it "command". Borrowed; name may be NULL. */
const char *operator_shown(const char *name);

/*
 * ERR_DENIED: why says only that number or pass phrase is wrong, or how long to wait. The same time
 * is spent on an unknown number. OK is written to the audit trail with the window.
 */
enum err operator_sign_in(struct store *s, const char *name, const char *pass, const char *window,
	struct operator* out, struct buf *why);

#endif
