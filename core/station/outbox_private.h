/* Reading letters, shared by what a person sees (outbox.c) and what the deliverer does
 * (outbox_deliver.c). */
#ifndef YIMEN_CORE_STATION_OUTBOX_PRIVATE_H
#define YIMEN_CORE_STATION_OUTBOX_PRIVATE_H

struct letter;
struct stmt;

/* "SELECT " OUTBOX_COLUMNS "l.body or NULL" OUTBOX_FROM "WHERE …", read by outbox_take. */
#define OUTBOX_COLUMNS \
	"l.id, l.case_id, l.seq, l.kind, l.path, l.state, l.hold, l.reason, l.problem, l.receipt," \
	" l.tries, l.created_ms, l.next_ms, l.last_ms, l.delivered_ms, c.local_receipt," \
	" c.project_no, c.task_name, c.applyer_name, l.since_ms, l.version, c.origin, c.task_code," \
	" (SELECT sum(p.size) FROM letter_paper lp JOIN paper p ON p.sha256 = lp.sha256" \
	" WHERE lp.letter_id = l.id)," \
	" (SELECT sum(p.sent) FROM letter_paper lp JOIN paper p ON p.sha256 = lp.sha256" \
	" WHERE lp.letter_id = l.id), "
#define OUTBOX_FROM " FROM letter l JOIN case_ c ON c.id = l.case_id "
/* Those that wait, in the order of posting, as many as are wanted and no more. */
#define OUTBOX_FROM_WAITING \
	" FROM letter l INDEXED BY letter_waiting JOIN case_ c ON c.id = l.case_id "

void outbox_take(struct stmt *st, struct letter *l);

#endif
