/* Shared by what a person sees (outbox.c), what the deliverer does (outbox_deliver.c) and what
 * becomes of versions (outbox_version.c, outbox_anew.c) and of lost cases (outbox_again.c). */
#ifndef YIMEN_CORE_STATION_OUTBOX_PRIVATE_H
#define YIMEN_CORE_STATION_OUTBOX_PRIVATE_H

#include "core/base/err.h"
#include "core/station/outbox.h"

struct letter;
struct stmt;
struct store;

/* A carried letter is the first for the centre (1), or a correction, numbered as its window counts
 * them: it names a version, and not only one that was refused here with nothing of the case at the
 * centre before. */
#define OUTBOX_NAMED "json_extract(CAST(l.body AS TEXT), '$.replaces')"
#define OUTBOX_NAMES_REFUSED \
	"EXISTS (SELECT 1 FROM letter r WHERE r.id = " OUTBOX_NAMED \
	" AND (r.state = 3 OR (r.state = 1 AND r.hold = 1)))"
#define OUTBOX_CENTRE_HAS_ONE \
	"(EXISTS (SELECT 1 FROM letter d WHERE d.case_id = l.case_id AND d.seq < l.seq" \
	" AND d.kind = 'application' AND d.state = 2) OR (c.current_key IS NOT NULL" \
	" AND c.current_key NOT IN (SELECT id FROM letter k WHERE k.case_id = l.case_id)))"
#define OUTBOX_VERSION \
	"iif(c.origin IS NULL, l.version, iif(l.kind = 'application' AND " OUTBOX_NAMED \
	" IS NOT NULL AND (NOT " OUTBOX_NAMES_REFUSED " OR " OUTBOX_CENTRE_HAS_ONE \
	"), max(l.version, 2), 1))"
/* "SELECT " OUTBOX_COLUMNS "l.body or NULL" OUTBOX_FROM "WHERE …", read by outbox_take. BRIEF: what
 * was said of it is not read, which may be long, and takes a while to be worded. */
#define OUTBOX_COLUMNS	     OUTBOX_FIRST OUTBOX_REASON ", l.problem, l.receipt," OUTBOX_OTHERS
#define OUTBOX_COLUMNS_BRIEF OUTBOX_FIRST "NULL, NULL, NULL," OUTBOX_OTHERS
#define OUTBOX_FIRST	     "l.id, l.case_id, l.seq, l.kind, l.path, l.state, l.hold, "
/* Of a paper that a waiting letter waits for: what was said last, while it does not go. */
#define OUTBOX_OF_PAPER \
	" FROM letter_paper lp JOIN paper p ON p.sha256 = lp.sha256" \
	" WHERE lp.letter_id = l.id AND l.state = 0 AND p.state = 0 AND p.tries > 0" \
	" ORDER BY p.next_ms LIMIT 1)"
#define OUTBOX_REASON "coalesce((SELECT p.reason" OUTBOX_OF_PAPER ", l.reason)"
#define OUTBOX_OTHERS \
	" l.tries, l.created_ms, l.next_ms, l.last_ms, l.delivered_ms, c.local_receipt," \
	" c.project_no, c.task_name, c.applyer_name, l.since_ms, " OUTBOX_VERSION \
	", c.origin, c.task_code," \
	" (SELECT sum(p.size) FROM letter_paper lp JOIN paper p ON p.sha256 = lp.sha256" \
	" WHERE lp.letter_id = l.id)," \
	" (SELECT sum(p.sent) FROM letter_paper lp JOIN paper p ON p.sha256 = lp.sha256" \
	" WHERE lp.letter_id = l.id), (SELECT p.tries" OUTBOX_OF_PAPER \
	", (SELECT p.next_ms" OUTBOX_OF_PAPER ", "
#define OUTBOX_FROM " FROM letter l JOIN case_ c ON c.id = l.case_id "
/* Those that wait, in the order of posting, as many as are wanted and no more. */
#define OUTBOX_FROM_WAITING \
	" FROM letter l INDEXED BY letter_waiting JOIN case_ c ON c.id = l.case_id "

void outbox_take(struct stmt *st, struct letter *l);

/* Inside the caller's transaction: in the trail, that a letter came back or cannot go. */
enum err outbox_audit_held(
	struct store *s, const char *letter_id, const char *case_id, enum hold_reason hold);
/* Likewise: behind all others. */
enum err outbox_move_to_end(struct store *s, const char *letter_id);
/*
 * Likewise, after a version was refused of a case of which an older one is at the centre or waits:
 * a version that waits and names the refused one would be refused for that alone. Each such version
 * gives way to a new letter of the same content, under a key of its own, that names what the
 * refused one named, past others that are refused; what was posted behind it stays behind it.
 * Nothing where the centre goes by another version than that.
 */
enum err outbox_anew(struct store *s, const char *case_id);
/* Likewise, when the centre has the case or is to have it anew: what it refused for want of the
 * case, steps and evaluations, waits again in its place. */
enum err outbox_free_early(struct store *s, const char *case_id, const char *operator_name);
/* Inside the caller's transaction: the refused of a case that would be refused again as long as the
 * centre has what it has (refusal_is_final) wait again. */
enum err outbox_retry_final(struct store *s, const char *case_id, const char *operator_name);

#endif
