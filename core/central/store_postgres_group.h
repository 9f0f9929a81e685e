/*
 * A group of letters on its way into the database, and what is known of their cases, keys and
 * series of numbers: read once for all of them, then kept as each letter leaves it.
 */
#ifndef YIMEN_CORE_CENTRAL_STORE_POSTGRES_GROUP_H
#define YIMEN_CORE_CENTRAL_STORE_POSTGRES_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"
#include "core/central/posting.h"

struct pg;

struct group_case {
	const char *case_id;
	bool found;			   /* there is such a case by now */
	bool is_new, moved;		   /* made, changed by this group */
	const struct posting *application; /* the newest of this group; NULL: none */
	const char *local_receipt;	   /* of a new one */
	char *task_code;		   /* as it was read; group_task_code */
	char project_no[PROJECT_NO_SIZE], key[ID_UUID_SIZE], state[CASE_STATE_SIZE];
	char query_password[QUERY_PASSWORD_CHARS + 1];
	int64_t station, last_seq, received_ms, updated_ms;
};

/* A key, and the letter that was taken under it. */
struct group_key {
	const char *key;
	bool found;
	unsigned char digest[POSTING_DIGEST_BYTES];
	char *answer, project_no[PROJECT_NO_SIZE];
	int64_t seq;
};

/* Numbers of a region and a day. */
struct group_series {
	char name[24];
	int64_t n; /* the last one given */
	bool moved;
};

struct group_letter {
	struct posting *posting;
	struct group_case *of;
	struct group_key *key, *replaced; /* replaced NULL: it replaces none */
	struct group_series *series;
	bool evaluated; /* the service that it evaluates has been */
	int64_t prev;	/* the event of the case before it; 0: none */
};

/* Each array has a place for every letter, keys two. */
struct group {
	struct group_letter *letters;
	struct group_case *cases;
	struct group_key *keys;
	struct group_series *series;
	size_t count, case_count, key_count, series_count;
	int64_t last_seq; /* of all events */
	size_t taken, again;
	bool news; /* others will want to hear of it */
};

void group_init(struct group *g, struct posting **postings, size_t count);
void group_fini(struct group *g);
/* Of a case that was found: what its newest application is about. */
const char *group_task_code(const struct group_case *c);
/* What is known; in the open transaction, under the lock, one round trip. */
enum err group_read(struct group *g, struct pg *pg);
/* Queues what the group leaves behind. */
void group_write(struct group *g, struct pg *pg);

#endif
