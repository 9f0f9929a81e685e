/*
 * What a letter must be before it is taken: its form here, its place in the life of a case by the
 * one state machine. One function decides, intake_examine; whatever else must be true of a letter
 * (the form's own rules) is to be asked there.
 */
#ifndef YIMEN_CORE_CENTRAL_INTAKE_H
#define YIMEN_CORE_CENTRAL_INTAKE_H

#include <stdbool.h>

#include <stdint.h>

#include "core/base/err.h"
#include "core/base/json.h"

struct form_rules;
struct posting;
struct problem;

struct intake_context {
	struct form_rules *forms;
	int64_t now_ms;
	bool plain; /* all texts and names in it are known to be plain (text_is_plain) */
	/* The matter is in the catalogue (or there is no catalogue to look into). */
	bool (*matter_known)(void *arg, const char *task_code);
	/* The paper of this SHA-256 is whole; its size and SM3. ERR_NOT_FOUND: it is not (all)
	 * here. Any other failure: nobody can tell. */
	enum err (*paper)(void *arg, const char *sha256, int64_t *size, char sm3[65]);
	void *arg;
};

enum intake_verdict {
	INTAKE_GOOD,
	INTAKE_INVALID,	 /* something in it is wrong */
	INTAKE_NO_PAPER, /* nothing is wrong, but papers that it names are not here yet */
	INTAKE_UNREAD	 /* nothing is wrong, but whether they are here nobody can tell now */
};

/*
 * Checks a whole letter; every wrong place goes into p by its JSON pointer. kind_wanted: NULL for
 * any kind but "application".
 */
enum intake_verdict intake_examine(const json *letter, const char *kind_wanted,
	const struct intake_context *context, struct problem *p);

/* Fills the posting's borrowed texts and its judge from a letter that passed. */
void intake_fill(struct posting *posting, const json *letter);

#endif
