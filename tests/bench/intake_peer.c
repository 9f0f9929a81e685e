/*
 * What the centre's intake is measured beside: as little as a service can do that makes a JSON body
 * durable before it answers. libmicrohttpd's own thread reads and parses; a second one inserts all
 * that have come meanwhile in one transaction, flushes, and lets them be answered. No rules, no
 * cases, no numbers, no repeats answered, no bounds, no log.
 *
 * usage: intake_peer FOLDER; prints its port, ends with its standard input
 */
#include <arpa/inet.h>
#include <cjson/cJSON.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct letter {
	struct letter *next;
	struct MHD_Connection *connection;
	char *body;
	size_t len;
	const char *key;
	bool stored;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static struct letter *waiting;

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, const char *text)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result = MHD_queue_response(c, status, r);

	MHD_destroy_response(r);
	return result;
}

static bool is_json(const struct letter *l)
{
	cJSON *root = cJSON_ParseWithLength(l->body, l->len);
	bool good = cJSON_GetObjectItem(root, "case_id") != NULL;

	cJSON_Delete(root);
	return good;
}

static void hand_over(struct letter *l)
{
	MHD_suspend_connection(l->connection);
	pthread_mutex_lock(&lock);
	l->next = waiting;
	waiting = l;
	pthread_cond_signal(&came);
	pthread_mutex_unlock(&lock);
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
	const char *method, const char *version, const char *data, size_t *len, void **context)
{
	struct letter *l = *context;

	(void)arg;
	(void)path;
	(void)method;
	(void)version;
	if (l == NULL) {
		*context = l = calloc(1, sizeof *l);
		l->connection = c;
		l->key = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Idempotency-Key");
		return MHD_YES;
	}
	if (*len > 0) {
		l->body = realloc(l->body, l->len + *len);
		memcpy(l->body + l->len, data, *len);
		l->len += *len;
		*len = 0;
		return MHD_YES;
	}
	if (l->stored)
		return answer(c, 201, l->key);
	if (l->key == NULL || !is_json(l))
		return answer(c, 400, "{}");
	hand_over(l);
	return MHD_YES;
}

static void on_completed(
	void *arg, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode why)
{
	struct letter *l = *context;

	(void)arg;
	(void)c;
	(void)why;
	if (l != NULL)
		free(l->body);
	free(l);
	*context = NULL;
}

static struct letter *take_all(void)
{
	struct letter *all;

	pthread_mutex_lock(&lock);
	while (waiting == NULL)
		pthread_cond_wait(&came, &lock);
	all = waiting;
	waiting = NULL;
	pthread_mutex_unlock(&lock);
	return all;
}

static void *store(void *arg)
{
	sqlite3 *db = arg;
	sqlite3_stmt *put;

	sqlite3_prepare_v2(db, "INSERT INTO letter (key, body) VALUES (?1, ?2)", -1, &put, NULL);
	for (;;) {
		struct letter *all = take_all(), *l, *next;
		sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
		for (l = all; l != NULL; l = l->next) {
			sqlite3_bind_text(put, 1, l->key, -1, SQLITE_STATIC);
			sqlite3_bind_blob(put, 2, l->body, (int)l->len, SQLITE_STATIC);
			sqlite3_step(put);
			sqlite3_reset(put);
		}
		if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
			abort();
		for (l = all; l != NULL; l = next) {
			next = l->next;
			l->stored = true;
			MHD_resume_connection(l->connection);
		}
	}
	return NULL;
}

static sqlite3 *open_store(const char *folder)
{
	char path[256];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/peer.db", folder);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db,
			"PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;"
			"PRAGMA synchronous = FULL;"
			"CREATE TABLE letter (key TEXT UNIQUE, body BLOB)",
			NULL, NULL, NULL) != SQLITE_OK)
		abort();
	return db;
}

int main(int argc, char **argv)
{
	struct sockaddr_in any = {.sin_family = AF_INET};
	struct MHD_Daemon *d;
	pthread_t thread;
	char end;

	if (argc < 2)
		return 2;
	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	pthread_create(&thread, NULL, store, open_store(argv[1]));
	d = MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC,
		0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR, &any,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
	if (d == NULL)
		return 3;
	printf("%u\n", MHD_get_daemon_info(d, MHD_DAEMON_INFO_BIND_PORT)->port);
	fflush(stdout);
	while (read(STDIN_FILENO, &end, 1) > 0)
		continue;
	_exit(0);
}
