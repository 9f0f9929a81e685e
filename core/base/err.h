/*
 * Results. Every function that can fail for a reason the caller must act on returns one of
 * these; its out-parameters are written only on OK. The values are sorted by what the caller
 * does next, not by where the failure came from. A wrong field in a form is not an error but a
 * finding (core/domain/finding.h).
 *
 * Functions that refuse something a person gave take a `struct buf *why`: on failure a sentence
 * for that person is appended (what, where, what to do now). NULL means it is not wanted.
 */
#ifndef YIMEN_CORE_BASE_ERR_H
#define YIMEN_CORE_BASE_ERR_H

enum err {
	OK = 0,
	ERR_INVALID,   /* what was given breaks a rule: tell the person, change nothing */
	ERR_NOT_FOUND, /* there is no such thing: go on without it, or say so */
	ERR_EXISTS,    /* it is there already, or another one is: look at that one */
	ERR_STATE,     /* not allowed in the state it is in: say why, offer what is allowed */
	ERR_BUSY,      /* another program holds it: wait a moment and try again */
	ERR_UNSURE, /* a commit neither surely done nor surely undone: reopen, look it up by id */
	ERR_FULL,   /* no room on the disk: nothing was changed, make room */
	ERR_READ_ONLY, /* the disk takes no writes: nothing was changed, have it mounted again */
	ERR_DENIED,    /* not permitted by the system or to this operator */
	ERR_DAMAGED,   /* the file is not what we wrote: set it aside, rebuild or restore */
	ERR_IO,	       /* the environment failed otherwise: see the log */
	ERR__MAX
};

/* Exit codes of the commands: scripts rely on them. */
enum exit_code {
	EXIT_DONE = 0,	  /* done as asked */
	EXIT_REFUSED = 1, /* refused or invalid: the input must change */
	EXIT_USAGE = 2,	  /* called wrongly */
	EXIT_ENV = 3	  /* the environment failed: disk, network, permission */
};

/* A short sentence in the language in force; borrowed, constant. */
const char *err_text(enum err e);

/* Likewise, why the system refused: for a value of errno. What is rare is in the system's words. */
const char *err_cause(int cause);

/* The exit code that tells a script the same. */
enum exit_code err_exit(enum err e);

#endif
