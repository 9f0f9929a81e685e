#include "core/central/backup_papers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/backup_files.h"
#include "core/central/papers.h"

enum {
	SHARES = 32, /* odd weeks, too: a backup each week comes to all of them */
	SHOW_EACH = 64
};

/* They never change once they are whole; what is still arriving is asked for again. */
static bool is_paper(const char *name)
{
	return name[0] != '.' && strchr(name, '.') == NULL;
}

/* Digests are spread evenly: so are their first bytes. */
static bool is_due(const struct backup_papers *p, const char *name)
{
	char first[3] = {name[0], name[1], '\0'};

	return paper_is_digest(name) &&
	       (p->read_all || strtol(first, NULL, 16) % SHARES == p->day % SHARES);
}

static bool is_whole(const char *path, const char *name)
{
	char sum[CRYPTO_HEX_SIZE];

	return crypto_file(DIGEST_SHA256, path, sum) == OK && strcmp(sum, name) == 0;
}

static void tell(const char *text, const char *name, const char *folder)
{
	struct buf b = {0};

	buf_printf(&b, text, name, folder);
	fprintf(stderr, "%s\n", buf_str(&b));
	buf_fini(&b);
}

/* Under another name first: a backup that was cut has no half file. ERR_DAMAGED: what was copied is
 * not what its name says. */
static enum err copy_checked(const char *from, const char *to, const char *name, struct buf *why)
{
	char sum[CRYPTO_HEX_SIZE];
	struct buf half = {0};
	enum err e;

	buf_printf(&half, "%s.new", to);
	e = backup_copy(from, half.data, sum, why);
	if (e == OK && paper_is_digest(name) && strcmp(sum, name) != 0) {
		unlink(half.data);
		e = ERR_DAMAGED;
	}
	if (e == OK)
		e = backup_name(half.data, to, why);
	buf_fini(&half);
	return e;
}

struct folders {
	char *from, *to;
};

static enum err copy_one(
	struct backup_papers *p, const struct folders *f, const char *name, struct buf *why)
{
	char *source = paths_join(f->from, name), *target = paths_join(f->to, name);
	struct stat st;
	bool there, spoilt = false;
	enum err e = OK;

	if (stat(source, &st) != 0 || !S_ISREG(st.st_mode))
		goto out; /* it is gone meanwhile */
	p->all++;
	there = backup_has(f->to, name, st.st_size);
	if (there && is_due(p, name)) {
		p->read++;
		spoilt = !is_whole(target, name);
	}
	if (!there || spoilt)
		e = copy_checked(source, target, name, why);
	else
		goto out;
	if (e == OK && spoilt) {
		p->mended++;
		tell(tr("备份里的附件 %s 坏了, 已照中心的重抄; 请检查备份的那块磁盘: %s"), name,
			f->to);
	} else if (e == OK) {
		p->copied++;
	} else if (e == ERR_DAMAGED) {
		p->broken++;
		tell(tr("附件 %s 在中心自己那里已经坏了 (内容与名称不符), 没有抄; 请从以前的备份里找回, "
			"放到 %s, 并检查中心的磁盘"),
			name, f->from);
		e = OK;
	}
out:
	free(source);
	free(target);
	return e;
}

static void show(const struct backup_papers *p)
{
	if (p->show && p->all % SHOW_EACH == 0)
		fprintf(stderr, "\r%lld", p->all);
}

static enum err copy_each(struct backup_papers *p, const struct folders *f, struct buf *why)
{
	DIR *folder = opendir(f->from);
	struct dirent *entry;
	enum err e = OK;

	if (folder == NULL) {
		buf_why(why, tr("打不开附件目录 %s: %s; 请检查 --data"), f->from, err_cause(errno));
		return ERR_IO;
	}
	while (e == OK && (entry = readdir(folder)) != NULL) {
		if (is_paper(entry->d_name))
			e = copy_one(p, f, entry->d_name, why);
		show(p);
	}
	closedir(folder);
	if (p->show)
		fputs("\r\033[K", stderr);
	return e;
}

enum err backup_papers(
	struct backup_papers *p, const char *dir, const char *folder, struct buf *why)
{
	struct folders f = {paths_join(dir, "papers"), paths_join(folder, "papers")};
	bool made;
	enum err e = backup_folder(f.to, &made, why);

	if (e == OK)
		e = copy_each(p, &f, why);
	if (e == OK)
		e = backup_sync(f.to, why);
	free(f.from);
	free(f.to);
	return e;
}
