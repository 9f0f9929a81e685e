#include "core/station/papers.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/station/papers_private.h"
#include "core/station/store.h"

static char *folder_of(struct store *s)
{
	return paths_join(store_home(s), "papers");
}

char *paper_path(struct store *s, const char *sha256)
{
	char *folder = folder_of(s), *path = paths_join(folder, sha256);

	free(folder);
	return path;
}

/* ---- taking one in ---- */

/* By its first bytes: what a scanner, a camera or an office program writes. */
static const char *media_type_of(const char *data, size_t len)
{
	static const struct {
		const char *magic, *type;
		size_t len;
	} known[] = {
		{"%PDF-", "application/pdf", 5}, {"\xFF\xD8\xFF", "image/jpeg", 3},
		{"\x89PNG\r\n\x1A\n", "image/png", 8}, {"II*\0", "image/tiff", 4},
		{"MM\0*", "image/tiff", 4}, {"GIF8", "image/gif", 4}, {"BM", "image/bmp", 2},
		{"PK\3\4", "application/zip", 4}, /* OFD, DOCX, XLSX are such */
	};
	size_t i;

	for (i = 0; i < sizeof known / sizeof known[0]; i++)
		if (len >= known[i].len && memcmp(data, known[i].magic, known[i].len) == 0)
			return known[i].type;
	return "application/octet-stream";
}

static enum err read_paper(struct buf *out, const char *path, struct buf *why)
{
	struct stat st;
	enum err e;

	if (stat(path, &st) != 0) {
		buf_why(why, tr("找不到文件 %s (%s), 请检查路径"), path, err_cause(errno));
		return errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_DENIED;
	}
	if (!S_ISREG(st.st_mode) || st.st_size == 0) {
		buf_why(why, tr("%s 是空的或不是文件, 请重新扫描"), path);
		return ERR_INVALID;
	}
	e = st.st_size > PAPER_MAX_BYTES ? ERR_INVALID : paths_read(out, path, PAPER_MAX_BYTES);
	if (e == ERR_INVALID)
		buf_why(why, tr("%s 超过 %d MB, 请降低扫描精度或分成几份"), path,
			PAPER_MAX_BYTES >> 20);
	else if (e != OK)
		buf_why(why, tr("读不了 %s: %s"), path, err_text(e));
	return e;
}

/* The bytes before the row that names them. A copy that is there already must be a good one, and
 * its name on the disk: who wrote it may have been killed in between. */
static enum err keep_bytes(struct store *s, const char *sha256, const struct buf *bytes)
{
	char *folder = folder_of(s), *path = paper_path(s, sha256), hex[CRYPTO_HEX_SIZE];
	enum err e = OK;

	if (mkdir(folder, 0700) == 0)
		e = paths_sync_folder(folder);
	else if (errno != EEXIST)
		e = errno == ENOSPC ? ERR_FULL : ERR_IO;
	if (e != OK)
		rmdir(folder); /* one that is there is not flushed again */
	else if (crypto_file(DIGEST_SHA256, path, hex) != OK || strcmp(hex, sha256) != 0)
		e = paths_replace(path, bytes->data, bytes->len);
	else
		e = paths_sync_folder(path);
	free(folder);
	free(path);
	return e;
}

enum err paper_keep(struct store *s, const struct buf *bytes, const char *media_type,
	char sha256[PAPER_HEX_SIZE])
{
	char hex[CRYPTO_HEX_SIZE];
	struct stmt *st;
	enum err e;

	crypto_hex(DIGEST_SHA256, bytes->data, bytes->len, hex);
	memcpy(sha256, hex, PAPER_HEX_SIZE);
	e = keep_bytes(s, sha256, bytes);
	if (e != OK)
		return e;
	st = db_prepare(store_db(s),
		"INSERT INTO paper (sha256, sm3, size, media_type, created_ms)"
		" VALUES (?1, ?2, ?3, ?4, ?5)"
		" ON CONFLICT DO UPDATE SET state = iif(state = 2, 0, state), next_ms = 0");
	db_bind_text(st, 1, sha256);
	db_bind_text(st, 2, crypto_hex(DIGEST_SM3, bytes->data, bytes->len, hex));
	db_bind_int(st, 3, (int64_t)bytes->len);
	db_bind_text(
		st, 4, media_type != NULL ? media_type : media_type_of(bytes->data, bytes->len));
	db_bind_int(st, 5, store_now_ms(s));
	return db_run(st);
}

bool paper_is(const struct buf *bytes, const char *sha256)
{
	char hex[CRYPTO_HEX_SIZE];

	return strcmp(crypto_hex(DIGEST_SHA256, buf_str(bytes), bytes->len, hex), sha256) == 0;
}

/* ---- a case's papers ---- */

enum err paper_link(struct store *s, const char *case_id, const char *sha256, const char *material,
	const char *field, const char *name)
{
	struct stmt *st = db_prepare(store_db(s),
		"INSERT OR IGNORE INTO case_paper (case_id, sha256, material, field, name)"
		" VALUES (?1, ?2, ?3, ?4, ?5)");

	db_bind_text(st, 1, case_id);
	db_bind_text(st, 2, sha256);
	db_bind_text(st, 3, material != NULL ? material : "");
	db_bind_text(st, 4, field != NULL ? field : "");
	db_bind_text(st, 5, name);
	return db_run(st);
}

/* ERR_STATE: it cannot be filled in (any more). Of a case only what is still owed can come. */
static enum err touch(struct store *s, const char *draft_id, const char *material)
{
	struct stmt *st = db_prepare(store_db(s), "UPDATE case_ SET updated_ms = ?2 WHERE id = ?1"
						  " AND (state = 'draft' OR revising = 1 OR EXISTS"
						  " (SELECT 1 FROM owed WHERE case_id = ?1"
						  " AND material = ?3 AND supplied_ms = 0))");
	enum err e;

	db_bind_text(st, 1, draft_id);
	db_bind_int(st, 2, store_now_ms(s));
	db_bind_text(st, 3, material);
	e = db_run(st);
	return e == OK && db_changes(store_db(s)) == 0 ? ERR_STATE : e;
}

static void name_of(const char *path, struct buf *out)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	text_clean(out, name, strlen(name));
}

/* A new scan of the same thing takes the place of those that are not to be had: with them the
 * letter would be held once more. */
static enum err drop_given_up(struct store *s, const char *draft_id, const char *material,
	const char *field, const char *but_sha256)
{
	struct stmt *st = db_prepare(store_db(s),
		"DELETE FROM case_paper WHERE case_id = ?1 AND material = ?2 AND field = ?3"
		" AND sha256 <> ?4 AND sha256 IN (SELECT sha256 FROM paper WHERE state = 2)");

	db_bind_text(st, 1, draft_id);
	db_bind_text(st, 2, material != NULL ? material : "");
	db_bind_text(st, 3, field != NULL ? field : "");
	db_bind_text(st, 4, but_sha256);
	return db_run(st);
}

enum err paper_attach(struct store *s, const char *draft_id, const char *material,
	const char *field, const char *path, struct buf *why)
{
	struct buf bytes = {0}, name = {0};
	char sha256[PAPER_HEX_SIZE];
	enum err e = read_paper(&bytes, path, why);

	if (e != OK)
		goto out;
	name_of(path, &name);
	e = db_begin(store_db(s));
	if (e == OK) {
		e = touch(s, draft_id, material);
		if (e == OK)
			e = paper_keep(s, &bytes, NULL, sha256);
		if (e == OK)
			e = paper_link(s, draft_id, sha256, material, field, buf_str(&name));
		if (e == OK)
			e = drop_given_up(s, draft_id, material, field, sha256);
		e = db_finish(store_db(s), e);
	}
	if (e != OK)
		buf_why(why, tr("%s 没有存进本机: %s"), path, err_text(e));
out:
	buf_fini(&bytes);
	buf_fini(&name);
	return e;
}

enum err paper_detach(struct store *s, const char *draft_id, const char *material,
	const char *field, const char *sha256)
{
	struct stmt *st;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = touch(s, draft_id, material);
	if (e == OK) {
		st = db_prepare(store_db(s), "DELETE FROM case_paper WHERE case_id = ?1"
					     " AND material = ?2 AND field = ?3 AND sha256 = ?4");
		db_bind_text(st, 1, draft_id);
		db_bind_text(st, 2, material != NULL ? material : "");
		db_bind_text(st, 3, field != NULL ? field : "");
		db_bind_text(st, 4, sha256);
		e = db_run(st);
		if (e == OK && db_changes(store_db(s)) == 0)
			e = ERR_NOT_FOUND;
	}
	e = db_finish(store_db(s), e);
	return e == OK ? paper_tidy(s, NULL) : e;
}

/* Hands out the rows after the statement ended, so that the callback may use the store. */
static void each_row(struct stmt *st, void (*each)(void *arg, const struct paper *p), void *arg)
{
	struct kept {
		char *text[7];
		int64_t size, sent;
		enum paper_state state;
	} *all = NULL;
	size_t count = 0, i, k;

	while (db_row(st)) {
		all = mem_resize(all, count + 1, sizeof *all);
		for (k = 0; k < 7; k++) {
			const char *text = db_text(st, (int)k);
			all[count].text[k] = mem_strdup(text != NULL ? text : "");
		}
		all[count].size = db_int(st, 7);
		all[count].sent = db_int(st, 8);
		all[count++].state = (enum paper_state)db_int(st, 9);
	}
	db_done(st);
	for (i = 0; i < count; i++) {
		char **t = all[i].text;
		each(arg, &(struct paper){t[0], t[1], t[2], t[3], t[4], t[5], all[i].size,
				  all[i].sent, all[i].state, t[6]});
		for (k = 0; k < 7; k++)
			free(t[k]);
	}
	free(all);
}

void papers_each(struct store *s, const char *case_id,
	void (*each)(void *arg, const struct paper *p), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT p.sha256, p.sm3, p.media_type, c.material, c.field, c.name, p.reason, p.size,"
		" p.sent, p.state FROM case_paper c JOIN paper p ON p.sha256 = c.sha256"
		" WHERE c.case_id = ?1 ORDER BY c.material, c.field, c.name, c.sha256");

	db_bind_text(st, 1, case_id);
	each_row(st, each, arg);
}

void papers_each_of_letter(struct store *s, const char *letter_id,
	void (*each)(void *arg, const struct paper *p), void *arg)
{
	struct stmt *st = db_prepare(store_db(s),
		"SELECT p.sha256, p.sm3, p.media_type, '', '', '', p.reason, p.size, p.sent, p.state"
		" FROM letter_paper l JOIN paper p ON p.sha256 = l.sha256 WHERE l.letter_id = ?1"
		" ORDER BY p.seq");

	db_bind_text(st, 1, letter_id);
	each_row(st, each, arg);
}

/* ---- removing ---- */

/* A case that can still be corrected keeps its papers; so does a letter that is not at its end. */
#define UNNEEDED \
	"SELECT sha256 FROM paper p WHERE NOT EXISTS (SELECT 1 FROM case_paper cp" \
	" JOIN case_ c ON c.id = cp.case_id WHERE cp.sha256 = p.sha256 AND (c.revising = 1" \
	" OR c.state IN ('draft', 'received', 'correcting') OR EXISTS (SELECT 1 FROM owed o" \
	" WHERE o.case_id = c.id AND o.material = cp.material AND o.supplied_ms = 0)))" \
	" AND NOT EXISTS" \
	" (SELECT 1 FROM letter_paper lp JOIN letter l ON l.id = lp.letter_id" \
	" WHERE lp.sha256 = p.sha256 AND l.state IN (0, 1))"

static enum err remove_rows(struct store *s)
{
	enum err e = db_exec(store_db(s), "CREATE TEMP TABLE IF NOT EXISTS gone (sha256 TEXT);"
					  "DELETE FROM gone; INSERT INTO gone " UNNEEDED ";"
					  "DELETE FROM case_paper WHERE sha256 IN gone;"
					  "DELETE FROM letter_paper WHERE sha256 IN gone;");

	return e == OK ? db_exec(store_db(s), "DELETE FROM paper WHERE sha256 IN gone") : e;
}

bool paper_is_kept(struct store *s, const char *sha256)
{
	struct stmt *st = db_prepare(store_db(s), "SELECT 1 FROM paper WHERE sha256 = ?1");
	bool known;

	db_bind_text(st, 1, sha256);
	known = db_row(st);
	db_done(st);
	return known;
}

/* Under the write lock, so that nobody takes in the same paper meanwhile; a file whose row did not
 * become durable goes as well. */
static size_t remove_files(struct store *s)
{
	char *folder = folder_of(s);
	DIR *d = opendir(folder);
	struct dirent *entry;
	size_t removed = 0;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char *path;
		if (entry->d_name[0] == '.' || paper_is_kept(s, entry->d_name))
			continue;
		path = paths_join(folder, entry->d_name);
		removed += unlink(path) == 0;
		free(path);
	}
	if (d != NULL)
		closedir(d);
	free(folder);
	return removed;
}

enum err paper_tidy(struct store *s, size_t *removed)
{
	size_t count = 0;
	enum err e = db_begin(store_db(s));

	if (e != OK)
		return e;
	e = remove_rows(s);
	if (e == OK)
		count = remove_files(s);
	e = db_finish(store_db(s), e);
	if (e == OK && count > 0)
		log_info("papers", "%zu files no case needs any more removed", count);
	if (e == OK && removed != NULL)
		*removed = count;
	return e;
}
