/*
 * Several programs with one database need one folder of papers: a program with another folder would
 * find papers missing that are there, and ask for them again. The folder's file "centre" and the
 * database keep the same word.
 */
#include "core/central/papers.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/id.h"
#include "core/base/msg.h"
#include "core/base/paths.h"

enum {
	WORD_BYTES_MAX = 100
};

#define META_WORD "papers.folder"

static enum err read_word(const char *path, struct buf *out)
{
	enum err e = paths_read(out, path, WORD_BYTES_MAX);

	while (e == OK && out->len > 0 && strchr(" \r\n", out->data[out->len - 1]) != NULL)
		out->data[--out->len] = '\0';
	return e;
}

static enum err make_word(const char *path, struct buf *out)
{
	char word[17];
	struct buf line = {0};
	enum err e;

	id_code(&entropy_system, sizeof word - 1, word);
	buf_printf(&line, "%s\n", word);
	e = paths_replace(path, line.data, line.len);
	if (e == OK)
		buf_adds(out, word);
	buf_fini(&line);
	return e;
}

enum err papers_claim(const char *folder, struct central_store *store, struct buf *why)
{
	char *path = paths_join(folder, "centre");
	struct buf known = {0}, here = {0};
	enum err e = store->ops->meta_get(store, META_WORD, &known), read = read_word(path, &here);

	if (e == ERR_NOT_FOUND) {
		e = read == ERR_NOT_FOUND ? make_word(path, &here) : read;
		if (e == OK)
			e = store->ops->meta_add(store, META_WORD, here.data);
		if (e == OK || e == ERR_EXISTS) /* another program may have been first */
			e = store->ops->meta_get(store, META_WORD, &known);
	}
	if (e != OK) {
		buf_why(why, tr("附件目录 %s 用不了: %s"), folder, err_text(e));
	} else if (read != OK && read != ERR_NOT_FOUND) {
		buf_why(why, tr("读不到 %s: %s"), path, err_text(read));
		e = read;
	} else if (strcmp(buf_str(&known), buf_str(&here)) != 0) {
		buf_why(why,
			tr("附件目录 %s 不是这个数据库的那一个。用同一个数据库的各个中心要共用一个附件目录: "
			   "请把它挂载或链接到这里。确要换成这个目录的, 在其中写一个文件 centre, 内容是 %s"),
			folder, buf_str(&known));
		e = ERR_STATE;
	}
	buf_fini(&known);
	buf_fini(&here);
	free(path);
	return e;
}
