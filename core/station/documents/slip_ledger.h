/*
 * The ledger of slips: each has a number of its kind and year, without gaps, given in the same
 * transaction that records it; what it says is kept, so that a reprint is the same paper even after
 * the case has moved on or the hall has changed the template. Every printing is counted and stands
 * in the audit trail.
 */
#ifndef YIMEN_CORE_STATION_DOCUMENTS_SLIP_LEDGER_H
#define YIMEN_CORE_STATION_DOCUMENTS_SLIP_LEDGER_H

#include "core/base/err.h"
#include "core/base/id.h"
#include "core/station/documents/slip.h"

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct conf;
struct paper;
struct store;

/* Each slip is two papers: one for the visitor, one for the window's files. */
enum slip_copy {
	SLIP_ORIGINAL, /* 正本 */
	SLIP_STUB,     /* 存根 */
	SLIP_COPY__MAX
};
/* "original" or 正本, "stub" or 存根. */
bool slip_copy_parse(const char *name, enum slip_copy *out);

struct slip_record {
	char id[ID_UUID_SIZE];
	enum slip kind;
	char *number; /* "沂政服受理字〔2026〕03-0001号" */
	char *subject, *operator_name;
	char *facts, *paper, *paper_en;
	int64_t issued_ms;
	int printed[SLIP_COPY__MAX]; /* how often */
};
void slip_record_fini(struct slip_record *r);

struct slip_order {
	enum slip kind;
	const char *case_id; /* NULL: no case */
	const char *subject; /* number of the case, code of the matter */
	const char *facts;   /* JSON object, without a number */
	const char *operator_name;
};
/*
 * Numbers, composes and records it: durable when it returns OK. ERR_INVALID: facts that it must not
 * lack are lacking, or its template has faults; why says which, and no number is used up.
 */
enum err slip_issue(struct store *s, const struct conf *c, const struct slip_order *order,
	struct slip_record *out, struct buf *why);

struct slip_source;
/* The same with the facts of a case or matter (slip_facts.h), and their preview without a number:
 * refused in the same words when it could not be issued. */
enum err slip_issue_from(const struct slip_source *s, enum slip k, const char *number,
	struct slip_record *out, struct buf *why);
enum err slip_preview_from(const struct slip_source *s, enum slip k, const char *number,
	bool english, struct paper *out, struct buf *why);

/* By its number, or the newest of this kind for a number of a case or a code of a matter.
 * ERR_NOT_FOUND. kind SLIP__MAX: any. */
enum err slip_find(struct store *s, enum slip kind, const char *number, struct slip_record *out);
/* Newest first; of one case, or NULL for all. Papers and facts are left out. */
void slip_each(struct store *s, const char *case_id,
	void (*each)(void *arg, const struct slip_record *r), void *arg);

/*
 * Counts one printing of these copies and writes it to the trail, before paper comes out: r's
 * counters are then up to date. Appends what is to be printed, each copy with its mark ("正本",
 * "存根 补打 第 2 次") and on a sheet of its own.
 */
enum err slip_print(struct store *s, struct slip_record *r, const enum slip_copy *copies,
	size_t count, bool english, const char *operator_name, struct paper *out, struct buf *why);
/* The paper of a slip that has no number yet: to look at. facts: as of slip_order. */
enum err slip_preview(struct paper *out, const char *home, enum slip kind, bool english,
	const char *facts, struct buf *why);

#endif
