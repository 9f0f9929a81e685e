#include "core/station/centre_look.h"

#include <strings.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/station/changes.h"
#include "core/station/fetch.h"

enum {
	LOOK_MS = 6000 /* of each of the two questions */
};

static enum err ask(
	struct transport t, const char *path, struct transport_answer *out, struct buf *finding)
{
	const struct transport_request r = {.method = "GET", .path = path, .timeout_ms = LOOK_MS};

	return fetch_ask(t, &r, out, finding);
}

static enum err ask_health(struct transport t, struct transport_answer *out, struct buf *finding)
{
	static const char path[] = "/health";
	enum err e = ask(t, path, out, finding);

	if (e != OK)
		return e;
	if (out->status == 429 || out->status >= 500)
		return fetch_failed(path, out, finding);
	if (out->status == 200 && strncasecmp(out->content_type, "application/json", 16) == 0)
		return OK;
	buf_adds(finding, tr("有答复, 但不是中心发的; 请检查网络和中心网址"));
	return ERR_BUSY;
}

/* What has happened since is not taken: that is for who delivers. A centre may have no such list,
 * or not know the place in it. */
static enum err ask_admission(struct store *s, struct transport t, struct buf *finding)
{
	struct transport_answer a = {.status = 0};
	struct buf path = {0};
	enum err e;

	changes_path(s, 0, &path);
	e = ask(t, path.data, &a, finding);
	if (e == OK && (a.status == 401 || a.status == 403)) {
		fetch_failed(path.data, &a, finding);
		e = ERR_DENIED;
	} else if (e == OK && (a.status == 429 || a.status >= 500)) {
		e = fetch_failed(path.data, &a, finding);
	}
	buf_fini(&path);
	return e;
}

enum err centre_look(struct store *s, struct transport t, struct buf *finding)
{
	struct transport_answer a = {.status = 0};
	enum err e = ask_health(t, &a, finding);
	int64_t took_ms = a.elapsed_ms;

	if (e == OK)
		e = ask_admission(s, t, finding);
	if (e == OK)
		buf_printf(finding, tr("连通, 往返 %lld 毫秒"), (long long)took_ms);
	return e;
}
