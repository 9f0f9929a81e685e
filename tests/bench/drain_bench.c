/*
 * Prepares a drain: one real application of a station, copied as often as wanted, each copy with a
 * key, a case and a receipt of its own; the same as requests for curl; a certificate for loopback.
 *
 *	drain_bench fill HOME COUNT		COUNT letters wait in HOME, copies of its first
 *	drain_bench curl HOME FOLDER URL CA	FOLDER/curl.conf posts them one after the other
 *	drain_bench certificate CERT KEY
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/outbox.h"
#include "core/station/receipt.h"
#include "core/station/store.h"
#include "tests/faults/certificate.h"

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "drain_bench: %s\n", what);
	exit(3);
}

static struct store *open_station(const char *home)
{
	struct store *s;

	must(store_open(&s, home, &clock_system, &entropy_system, NULL) == OK, home);
	return s;
}

/* Every place of a text; one of another length leaves it as it was. */
static void replace(char *body, const char *was, const char *now)
{
	char *at;

	if (strlen(was) != strlen(now))
		return;
	for (at = strstr(body, was); at != NULL; at = strstr(at, was))
		memcpy(at, now, strlen(now));
}

static void copy_letter(struct store *s, const struct letter *l)
{
	char key[ID_UUID_SIZE], case_id[ID_UUID_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	char *body = mem_strndup(l->body, l->body_len);
	struct stmt *st;

	id_uuid(store_entropy(s), store_now_ms(s), key);
	id_uuid(store_entropy(s), store_now_ms(s), case_id);
	must(receipt_make(s, "00", receipt) == OK, "receipt");
	replace(body, l->id, key);
	replace(body, l->case_id, case_id);
	replace(body, l->local_receipt, receipt);
	st = db_prepare(store_db(s),
		"INSERT INTO case_ (id, letter_key, state, task_code, task_name, operator_name, window,"
		" applyer_name, local_receipt, created_ms, updated_ms, submitted_ms)"
		" SELECT ?2, ?3, state, task_code, task_name, operator_name, window, applyer_name, ?4,"
		" created_ms, updated_ms, submitted_ms FROM case_ WHERE id = ?1");
	db_bind_text(st, 1, l->case_id);
	db_bind_text(st, 2, case_id);
	db_bind_text(st, 3, key);
	db_bind_text(st, 4, receipt);
	must(db_run(st) == OK, "case");
	st = db_prepare(store_db(s),
		"INSERT INTO letter (id, case_id, kind, path, body, created_ms,"
		" since_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)");
	db_bind_text(st, 1, key);
	db_bind_text(st, 2, case_id);
	db_bind_text(st, 3, l->kind);
	db_bind_text(st, 4, l->path);
	db_bind_blob(st, 5, body, l->body_len);
	db_bind_int(st, 6, l->created_ms);
	must(db_run(st) == OK, "letter");
	free(body);
}

static void first_letter(void *arg, const struct letter *l)
{
	memcpy(arg, l->id, ID_UUID_SIZE);
}

static void fill(const char *home, long count)
{
	struct store *s = open_station(home);
	char id[ID_UUID_SIZE] = "";
	struct letter l;

	outbox_each(s, NULL, first_letter, id);
	must(outbox_get(s, id, &l) == OK, "a first letter: yimen apply");
	must(db_begin(store_db(s)) == OK, "begin");
	while (--count > 0)
		copy_letter(s, &l);
	must(db_commit(store_db(s)) == OK, "commit");
	printf("%zu\n", l.body_len);
	letter_fini(&l);
	store_close(s);
}

/* ---- for curl ---- */

struct requests {
	struct store *store;
	const char *folder, *url, *ca;
	FILE *conf;
	size_t count;
};

static void write_request(void *arg, const struct letter *head)
{
	struct requests *r = arg;
	struct buf path = {0};
	struct letter l;

	must(outbox_get(r->store, head->id, &l) == OK, head->id);
	buf_printf(&path, "%s/%zu.json", r->folder, ++r->count);
	must(paths_replace(path.data, l.body, l.body_len) == OK, path.data);
	fprintf(r->conf,
		"%surl = \"%s%s\"\nheader = \"Idempotency-Key: %s\"\nheader = \"Content-Type: "
		"application/json\"\nheader = \"Expect:\"\ndata-binary = \"@%s\"\n"
		"cacert = \"%s\"\nnoproxy = \"*\"\nsilent\noutput = \"/dev/null\"\nwrite-out = \"%%{http_code}\\n\"\n",
		r->count > 1 ? "next\n" : "", r->url, l.path, l.id, path.data, r->ca);
	letter_fini(&l);
	buf_fini(&path);
}

static void write_requests(const char *home, const char *folder, const char *url, const char *ca)
{
	struct requests r = {.store = open_station(home), .folder = folder, .url = url, .ca = ca};
	char *path = paths_join(folder, "curl.conf");

	r.conf = fopen(path, "w");
	must(r.conf != NULL, path);
	outbox_each(r.store, NULL, write_request, &r);
	fclose(r.conf);
	free(path);
	store_close(r.store);
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "fill") == 0)
		fill(argv[2], atol(argv[3]));
	else if (argc == 6 && strcmp(argv[1], "curl") == 0)
		write_requests(argv[2], argv[3], argv[4], argv[5]);
	else if (argc == 4 && strcmp(argv[1], "certificate") == 0)
		certificate_write(argv[2], argv[3], "127.0.0.1", -1, 30);
	else
		return 2;
	return 0;
}
