#include "core/station/catalogue_fetch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/index.h"
#include "core/station/store.h"

FILE *catalogue_fetch_file(void)
{
	return tmpfile();
}

bool catalogue_fetch_is_due(struct store *s)
{
	char *offered = store_get(s, "catalogue.offered"), *taken = store_get(s, "catalogue.taken");
	bool due = offered != NULL && (taken == NULL || strcmp(offered, taken) != 0);

	free(offered);
	free(taken);
	return due;
}

static bool is_catalogue(const struct transport_answer *a)
{
	static const char *const types[] = {
		"application/jsonl", "application/x-ndjson", "application/ndjson"};
	size_t i;

	for (i = 0; i < sizeof types / sizeof types[0]; i++)
		if (strncasecmp(a->content_type, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

static enum err import(struct store *s, FILE *body, struct buf *why)
{
	const struct catalogue_import how = {
		.source = tr("中心"), .complete = "centre", .now_ms = store_now_ms(s)};
	char *path = paths_join(store_home(s), "catalogue.db");
	char *index = paths_join(store_home(s), "catalogue.idx");
	struct catalogue_result result;
	struct catalogue *c = NULL;
	enum err e = catalogue_open(&c, path, clock_day(store_now_ms(s)), why);

	if (e == OK)
		e = catalogue_import(c, body, &how, &result, why);
	if (e == OK)
		e = index_build(c, index, why);
	if (e == OK)
		log_info("catalogue", "%lld added, %lld changed, %lld withdrawn, %lld bad",
			(long long)result.added, (long long)result.changed,
			(long long)result.withdrawn, (long long)result.bad);
	catalogue_close(c);
	free(index);
	free(path);
	return e;
}

enum err catalogue_fetch_take(
	struct store *s, FILE *body, const struct transport_answer *a, struct buf *why)
{
	char *offered;
	enum err e;

	if (a->status != 200 || !is_catalogue(a)) {
		buf_why(why, tr("中心对 %s 答复 %ld, 请检查接入是否有效"), CATALOGUE_PATH,
			a->status);
		return ERR_BUSY;
	}
	if (fseek(body, 0, SEEK_END) != 0 || ftell(body) == 0)
		return OK; /* an empty catalogue withdraws nothing */
	rewind(body);
	offered = store_get(s, "catalogue.offered");
	e = import(s, body, why);
	if (e == OK && offered != NULL)
		e = store_set(s, "catalogue.taken", offered);
	free(offered);
	return e;
}
