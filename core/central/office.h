/*
 * What the back office decides on a case (审批部门): each act by the one state machine, with what
 * it must say - every defect with its reason, a result with a document to hand over, a refusal with
 * its remedy. Sources: 行政许可法 arts 32, 38, 42, 44, 45; 行政复议法 art 20, 行政诉讼法 art 46.
 */
#ifndef YIMEN_CORE_CENTRAL_OFFICE_H
#define YIMEN_CORE_CENTRAL_OFFICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/base/json.h"
#include "core/domain/lifecycle.h"

struct buf;
struct dossier;
struct problem;

struct office_case {
	const char *project_no;
	const struct dossier *dossier;
	const json *matter; /* of the catalogue; NULL: not there any more */
	int64_t now_ms;
};

/*
 * Appends the facts of an act as they are kept, a JSON object: those that were given, what can be
 * known put in where it lacks (the day by the promised time, the result of the matter and its
 * number, the remedy by law). What is wrong or lacking goes into p by its place under /facts.
 * given: NULL: nothing. who: of the office, NULL.
 */
enum err office_facts(const struct office_case *c, enum case_act act, const json *given,
	const char *who, struct buf *out, struct problem *p);

/* Appends what the history says of it in one line. */
void office_note(enum case_act act, const json *facts, struct buf *out);

/* Something beside the state forbids it; appends the sentence. */
bool office_forbids(const struct office_case *c, enum case_act act, struct buf *why);

#endif
