/* Which store belongs to a data folder: its file "store" says, or it is central.db. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/store.h"

enum {
	CONNINFO_BYTES_MAX = 4096
};

#define NOTE_NAME "store"

static bool is_postgres(const char *conninfo)
{
	return strncmp(conninfo, "postgresql://", 13) == 0 ||
	       strncmp(conninfo, "postgres://", 11) == 0 || strchr(conninfo, '=') != NULL;
}

static bool has_password(const char *conninfo)
{
	const char *scheme = strstr(conninfo, "://"), *at;

	if (strstr(conninfo, "password=") != NULL || strstr(conninfo, "password =") != NULL)
		return true;
	if (scheme == NULL)
		return false;
	at = scheme + 3 + strcspn(scheme + 3, "/?@");
	return *at == '@' && memchr(scheme + 3, ':', (size_t)(at - scheme - 3)) != NULL;
}

static bool has_file(const char *dir, const char *name)
{
	char *path = paths_join(dir, name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

bool central_store_exists(const char *dir)
{
	return has_file(dir, "central.db") || has_file(dir, NOTE_NAME);
}

/* Replaces out; "" when the folder says nothing. */
static enum err read_note(const char *dir, struct buf *out, struct buf *why)
{
	char *path = paths_join(dir, NOTE_NAME);
	enum err e;

	buf_clear(out);
	e = paths_read(out, path, CONNINFO_BYTES_MAX);
	while (e == OK && out->len > 0 && strchr(" \t\r\n", out->data[out->len - 1]) != NULL)
		out->data[--out->len] = '\0';
	if (e == ERR_NOT_FOUND)
		e = OK;
	else if (e != OK)
		buf_why(why, tr("读不到 %s: %s"), path, err_text(e));
	free(path);
	return e;
}

static enum err write_note(const char *dir, const char *conninfo, struct buf *why)
{
	char *path = paths_join(dir, NOTE_NAME);
	struct buf text = {0};
	enum err e;

	buf_printf(&text, "%s\n", conninfo);
	e = paths_replace(path, text.data, text.len);
	if (e != OK)
		buf_why(why, tr("写不了 %s: %s"), path, err_text(e));
	else if (has_password(conninfo))
		log_warn("main",
			"the password in --store can be seen by others with ps; it is noted in %s now, start "
			"without --store from now on",
			path);
	buf_fini(&text);
	free(path);
	return e;
}

enum err central_store_note(const char *dir, const char *conninfo, struct buf *why)
{
	struct buf noted = {0};
	enum err e;

	if (!is_postgres(conninfo)) {
		buf_why(why,
			tr("--store 后面应是 PostgreSQL 的连接串 (postgresql://… 或 host=… dbname=…), 不是 %s; "
			   "用本地数据文件时不写 --store"),
			conninfo);
		return ERR_INVALID;
	}
	e = read_note(dir, &noted, why);
	if (e == OK && noted.len == 0 && has_file(dir, "central.db")) {
		buf_why(why,
			tr("目录 %s 里已有数据文件 central.db: 用 PostgreSQL 的中心请另用一个目录, "
			   "免得一个中心有两份数据"),
			dir);
		e = ERR_INVALID;
	}
	if (e == OK && strcmp(buf_str(&noted), conninfo) != 0)
		e = write_note(dir, conninfo, why);
	buf_fini(&noted);
	return e;
}

enum err central_store_may_move(const char *dir, const char *conninfo, struct buf *why)
{
	struct buf noted = {0};
	enum err e = read_note(dir, &noted, why);

	if (e == OK && !is_postgres(conninfo)) {
		buf_why(why,
			tr("要搬到的应是 PostgreSQL 的连接串 (postgresql://… 或 host=… dbname=…), 不是 %s"),
			conninfo);
		e = ERR_INVALID;
	} else if (e == OK && !has_file(dir, "central.db")) {
		buf_why(why, tr("目录 %s 里没有数据文件 central.db, 没有可搬的"), dir);
		e = ERR_INVALID;
	} else if (e == OK && noted.len > 0 && strcmp(noted.data, conninfo) != 0) {
		buf_why(why, tr("目录 %s 已记着另一个库, 请核对连接串"), dir);
		e = ERR_INVALID;
	}
	buf_fini(&noted);
	return e;
}

enum err central_store_moved(const char *dir, const char *conninfo, struct buf *why)
{
	char *from = paths_join(dir, "central.db"), *to = paths_join(dir, "central.db.moved");
	enum err e = write_note(dir, conninfo, why);

	if (e == OK && rename(from, to) == 0) {
		e = paths_sync_folder(to);
	} else if (e == OK) {
		buf_why(why, tr("数据已在库里, 但 %s 改不了名: %s"), from, err_cause(errno));
		e = ERR_IO;
	}
	free(from);
	free(to);
	return e;
}

enum err central_store_open(struct central_store **out, const char *dir, struct buf *why)
{
	struct buf conninfo = {0};
	enum err e = read_note(dir, &conninfo, why);

	if (e == OK)
		e = conninfo.len > 0 ? store_postgres_open(out, conninfo.data, why)
				     : store_sqlite_open(out, dir, why);
	buf_fini(&conninfo);
	return e;
}
