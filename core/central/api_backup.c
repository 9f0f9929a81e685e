/* A copy of the centre's file while it goes on taking letters: a slice at a time, as the
 * administrator's line asks for more. It stands in the data folder, where the centre may write;
 * whoever asked takes it from there (commands_backup.c). */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/api_internal.h"

struct copying {
	struct api *api;
	struct db_copy *copy;
	struct language_wish languages; /* of whoever asked */
	bool failed;
};

/* The answer has begun with 200: that it came to nothing is its last line. */
static void say_failure(struct copying *c, enum err e, struct buf *out)
{
	struct buf why = {0};

	c->failed = true;
	msg_speak(language_wish_best(&c->languages));
	buf_why(&why, tr("数据目录 %s 里的副本没有写成: %s"), c->api->config.data, err_text(e));
	buf_addc(out, '{');
	json_member_str(out, "failed", why.data);
	buf_adds(out, "}\n");
	buf_fini(&why);
}

static bool fill(void *arg, struct buf *out)
{
	struct copying *c = arg;
	int64_t left = 0, all = 0;
	enum err e;

	if (c->failed || db_copy_is_whole(c->copy))
		return true;
	e = store_sqlite_copy_step(c->api->store, c->copy, &left, &all);
	if (e != OK) {
		say_failure(c, e, out);
		return true;
	}
	buf_addc(out, '{');
	json_member_int(out, "left", left);
	json_member_int(out, "all", all);
	json_member(out, "whole");
	buf_printf(out, "%s}\n", db_copy_is_whole(c->copy) ? "true" : "false");
	return true;
}

static void forget(void *arg)
{
	struct copying *c = arg;

	c->api->copying = false;
	store_sqlite_copy_end(c->api->store, c->copy);
	free(c);
}

static int64_t bytes_of(const char *dir, const char *name)
{
	char *path = paths_join(dir, name);
	struct stat st;
	int64_t n = stat(path, &st) == 0 ? (int64_t)st.st_size : 0;

	free(path);
	return n;
}

static void begin(struct api *a, struct exchange *x)
{
	struct copying *c = mem_alloc(sizeof *c);
	char *path = paths_join(a->config.data, API_BACKUP_NAME);
	struct buf why = {0};

	c->api = a;
	c->languages = x->languages;
	if (store_sqlite_copy(&c->copy, a->store, path, &why) == OK) {
		a->copying = true;
		api_answer_slices(x, &(struct slices){fill, forget, c});
	} else {
		problem_say(x, PROBLEM_STORE, "%s", buf_str(&why));
		free(c);
	}
	buf_fini(&why);
	free(path);
}

/* By lot, when it is first asked for; every copy has it. */
static enum err identify(struct api *a, struct buf *id)
{
	const struct central_store_ops *ops = a->store->ops;
	enum err e = ops->meta_get(a->store, API_META_CENTRE, id);
	char made[ID_UUID_SIZE];

	if (e != ERR_NOT_FOUND)
		return e;
	id_uuid(a->config.entropy, api_now_ms(a), made);
	e = ops->meta_add(a->store, API_META_CENTRE, made);
	if (e == OK)
		buf_adds(id, made);
	return e;
}

/* holds: whose backup stands where this one is to go; NULL: nobody's, or one that does not say. */
static bool is_ours(struct api *a, struct exchange *x, const char *holds)
{
	struct buf id = {0};
	enum err e = identify(a, &id);
	bool ours = e == OK && (holds == NULL || strcmp(holds, buf_str(&id)) == 0);

	if (e != OK)
		api_store_failed(x);
	else if (!ours)
		problem_say(x, PROBLEM_INVALID,
			tr("那个目录里是另一个中心的备份, 没有动它: 每个中心要备份到自己的目录, 请换一个; "
			   "那一份确实不要了的, 先把它挪走"));
	buf_fini(&id);
	return ours;
}

static void back_up(struct api *a, struct exchange *x, const char *holds)
{
	int64_t needed =
		bytes_of(a->config.data, "central.db") + bytes_of(a->config.data, "central.db-wal");

	if (a->store->ops->shared)
		problem_say(x, PROBLEM_INVALID,
			tr("数据在 PostgreSQL 里: 请用 pg_dump 一类它自己的办法备份, 再备份附件目录 papers"));
	else if (a->copying)
		problem_say(x, PROBLEM_BUSY, tr("另一次备份还没有结束"));
	else if (!api_has_room(a, needed))
		problem_say(x, PROBLEM_STORE,
			tr("磁盘的地方不够备份: 先要在数据目录里放一份副本, 还要给信件留 64 MB; 请腾出空间"));
	else if (is_ours(a, x, holds))
		begin(a, x);
}

void api_admin_backup(struct api *a, struct exchange *x)
{
	back_up(a, x, NULL);
}

void api_admin_backup_again(struct api *a, struct exchange *x)
{
	struct buf holds = {0};

	if (api_param(x, &holds))
		back_up(a, x, holds.data);
	buf_fini(&holds);
}
