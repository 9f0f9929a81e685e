#include "core/station/fetch.h"

#include <ctype.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/answer.h"

enum {
	TIMEOUT_MS = 120 * 1000
};

void fetch_escape(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) || strchr("-._~", *text) != NULL)
			buf_addc(out, *text);
		else
			buf_printf(out, "%%%02X", (unsigned char)*text);
	}
}

enum err fetch_ask(struct transport t, const struct transport_request *r,
	struct transport_answer *out, struct buf *why)
{
	enum err e = t.send(t.arg, r);

	if (e != OK)
		return e;
	while (t.poll(t.arg, TIMEOUT_MS, NULL, 0, out, 1) == 0)
		continue; /* the transport's own time limit ends it */
	if (out->fault == LINE_OK)
		return OK;
	buf_why(why, "%s", line_fault_text(out->fault));
	return ERR_BUSY;
}

enum err fetch(struct transport t, const char *path, struct transport_answer *out, struct buf *why)
{
	const struct transport_request r = {.method = "GET", .path = path};

	return fetch_ask(t, &r, out, why);
}

enum err fetch_failed(const char *path, const struct transport_answer *a, struct buf *why)
{
	struct answer_reading r = {0};

	if (a->status == 401 || a->status == 403)
		answer_read(a, "", 0, &r);
	if (a->status == 429 || a->status >= 500)
		answer_say_busy(a, &r.reason);
	if (r.reason.len > 0)
		buf_why(why, "%s", buf_str(&r.reason)); /* the centre's own words say what to do */
	else
		buf_why(why, tr("中心对 %s 答复 %ld, 请检查接入是否有效"), path, a->status);
	answer_reading_fini(&r);
	return ERR_BUSY;
}

enum err fetch_good(
	struct transport t, const char *path, struct transport_answer *out, struct buf *why)
{
	enum err e = fetch(t, path, out, why);

	return e != OK || out->status == 200 ? e : fetch_failed(path, out, why);
}
