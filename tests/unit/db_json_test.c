/* The homes of SQLite and cJSON. */
#define _GNU_SOURCE /* unshare, syscall */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/base/paths.h"
#include "tests/unit/scratch.h"

static const char *const steps[] = {
	"CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER)", "ALTER TABLE t ADD COLUMN w BLOB"};

static struct db *open_new(const char *folder, enum db_mode mode)
{
	char *path = paths_join(folder, "x.db");
	struct db *db;

	assert_int_equal(db_open(&db, path, mode, NULL), OK);
	free(path);
	return db;
}

static enum err insert(struct db *db, const char *k, int64_t v)
{
	struct stmt *s = db_prepare(db, "INSERT INTO t (k, v) VALUES (?1, ?2)");

	db_bind_text(s, 1, k);
	db_bind_int(s, 2, v);
	return db_run(s);
}

static int64_t count(struct db *db)
{
	struct stmt *s = db_prepare(db, "SELECT count(*) FROM t");
	int64_t n = db_row(s) ? db_int(s, 0) : -1;

	db_done(s);
	return n;
}

static void migrations_run_once(void **state)
{
	char *folder = scratch_folder();
	struct db *db = open_new(folder, DB_SHARED);
	struct buf why = {0};

	(void)state;
	assert_int_equal(db_migrate(db, steps, 1, &why), OK);
	assert_int_equal(insert(db, "a", 1), OK);
	assert_int_equal(db_migrate(db, steps, 2, &why), OK);
	assert_int_equal(db_migrate(db, steps, 2, &why), OK);
	assert_int_equal(count(db), 1);
	assert_int_equal(db_migrate(db, steps, 1, &why), ERR_STATE);
	assert_true(why.len > 0);
	db_close(db);
	buf_fini(&why);
	scratch_remove(folder);
}

static void a_failed_step_leaves_the_file_as_it_was(void **state)
{
	static const char *const bad[] = {
		"CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER)", "CREATE TABLE u (a); nonsense"};
	char *folder = scratch_folder();
	struct db *db = open_new(folder, DB_SHARED);

	(void)state;
	assert_int_not_equal(db_migrate(db, bad, 2, NULL), OK);
	assert_int_equal(insert(db, "a", 1), OK);
	assert_int_not_equal(db_exec(db, "INSERT INTO u VALUES (1)"), OK);
	db_close(db);
	scratch_remove(folder);
}

static void results_are_sorted_by_what_to_do(void **state)
{
	char *folder = scratch_folder(), *path = paths_join(folder, "not.db");
	struct db *db = open_new(folder, DB_SHARED), *other = NULL;
	struct buf why = {0};

	(void)state;
	assert_int_equal(db_migrate(db, steps, 2, NULL), OK);
	assert_int_equal(insert(db, "a", 1), OK);
	assert_int_equal(insert(db, "a", 2), ERR_EXISTS);
	assert_int_equal(db_open(&other, path, DB_READ, &why), ERR_NOT_FOUND);
	assert_int_equal(paths_replace(path, "this is no database, is it? not at all.", 39), OK);
	assert_int_equal(db_open(&other, path, DB_SHARED, &why), ERR_DAMAGED);
	assert_non_null(strstr(why.data, path));
	db_close(db);
	buf_fini(&why);
	free(path);
	scratch_remove(folder);
}

static void transactions_remember_that_they_are_open(void **state)
{
	char *folder = scratch_folder();
	struct db *db = open_new(folder, DB_SHARED);

	(void)state;
	assert_int_equal(db_migrate(db, steps, 2, NULL), OK);
	assert_int_equal(db_begin(db), OK);
	assert_int_equal(db_begin(db), ERR_STATE);
	assert_int_equal(insert(db, "a", 1), OK);
	db_rollback(db);
	assert_int_equal(count(db), 0);
	assert_int_equal(db_begin(db), OK);
	assert_int_equal(insert(db, "a", 1), OK);
	assert_int_equal(db_savepoint(db), OK);
	assert_int_equal(insert(db, "b", 1), OK);
	db_rollback_to(db);
	assert_int_equal(db_commit(db), OK);
	assert_int_equal(count(db), 1);
	db_close(db);
	scratch_remove(folder);
}

static void another_writer_is_seen(void **state)
{
	char *folder = scratch_folder(), *path = paths_join(folder, "x.db");
	struct db *a = open_new(folder, DB_SHARED), *b = open_new(folder, DB_SHARED);
	int64_t before;
	struct stat st;

	(void)state;
	assert_int_equal(db_migrate(a, steps, 2, NULL), OK);
	before = db_data_version(a);
	assert_int_equal(insert(a, "own", 1), OK);
	assert_int_equal(db_data_version(a), before);
	assert_int_equal(insert(b, "other", 1), OK);
	assert_int_not_equal(db_data_version(a), before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	db_close(a);
	db_close(b);
	free(path);
	scratch_remove(folder);
}

/* A text is known by where it stands, but only as long as it is the same text. */
static void statements_are_told_apart_by_their_text(void **state)
{
	char *folder = scratch_folder();
	struct db *db = open_new(folder, DB_SINGLE);
	char sql[16] = "SELECT 1", lent[8] = "lent";
	struct stmt *s;

	(void)state;
	assert_int_equal(db_migrate(db, steps, 1, NULL), OK);
	s = db_prepare(db, sql);
	assert_true(db_row(s));
	assert_int_equal(db_int(s, 0), 1);
	assert_int_equal(db_done(s), OK);
	strcpy(sql, "SELECT 2");
	s = db_prepare(db, sql);
	assert_true(db_row(s));
	assert_int_equal(db_int(s, 0), 2);
	assert_int_equal(db_done(s), OK);

	s = db_prepare(db, "INSERT INTO t (k, v) VALUES (?1, 7)");
	db_lend_text(s, 1, lent);
	assert_int_equal(db_run(s), OK);
	assert_int_equal(db_last_id(db), 1);
	strcpy(lent, "gone"); /* what was lent is not looked at any more */
	s = db_prepare(db, "SELECT k FROM t");
	assert_true(db_row(s));
	assert_string_equal(db_text(s, 0), "lent");
	assert_int_equal(db_done(s), OK);
	db_close(db);
	scratch_remove(folder);
}

static void a_statement_that_does_not_compile_gives_its_error(void **state)
{
	char *folder = scratch_folder();
	struct db *db = open_new(folder, DB_SHARED);
	struct stmt *s = db_prepare(db, "SELECT * FROM nowhere");

	(void)state;
	assert_false(db_row(s));
	assert_int_not_equal(db_done(s), OK);
	db_close(db);
	scratch_remove(folder);
}

static void a_damaged_file_is_found(void **state)
{
	char *folder = scratch_folder(), *path = paths_join(folder, "x.db");
	struct db *db = open_new(folder, DB_SHARED);
	struct buf why = {0}, bytes = {0};
	int i;

	(void)state;
	assert_int_equal(db_migrate(db, steps, 2, NULL), OK);
	for (i = 0; i < 500; i++) {
		char key[64];
		snprintf(key, sizeof key, "%060d", i);
		assert_int_equal(insert(db, key, i), OK);
	}
	assert_int_equal(db_check(db, &why), OK);
	db_close(db);
	assert_int_equal(paths_read(&bytes, path, 1 << 20), OK);
	memset(bytes.data + bytes.len / 2, 0x5A, 3000);
	assert_int_equal(paths_replace(path, bytes.data, bytes.len), OK);
	db = open_new(folder, DB_SHARED);
	assert_int_equal(db_check(db, &why), ERR_DAMAGED);
	db_close(db);
	buf_fini(&why);
	buf_fini(&bytes);
	free(path);
	scratch_remove(folder);
}

static void refuse(const char *text, size_t len)
{
	struct buf why = {0};
	json *v = NULL;

	if (json_parse(&v, text, len, &why) != ERR_INVALID)
		fail_msg("taken: %.60s", text);
	assert_true(why.len > 0);
	buf_fini(&why);
}

static void ambiguous_json_is_refused(void **state)
{
	static const char *const bad[] = {"", "{", "{\"a\":1,\"a\":2}",
		"[{\"b\":{\"x\":1,\"x\":1}}]", "1 2", "{}x", "\"\\u12\"", "\"\\u12g4\"", "\"\\u\"",
		"[1,\x01 2]", "{\f}", "\"\\u0000\"", "\"\xff\"", "1e999", "01", "-01", "[1.]",
		"{\"a\":-.5}", "-", "1e", "1e+", "00", "[0x1]", "[1,]", "{\"a\"}", "nul", "'a'",
		"\"a\nb\"", "[1e400]"};
	struct buf deep = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refuse(bad[i], strlen(bad[i]));
	refuse("\"a\0b\"", 5);
	for (i = 0; i < 100000; i++)
		buf_addc(&deep, '[');
	refuse(deep.data, deep.len);
	buf_fini(&deep);
}

static void json_survives_writing(void **state)
{
	static const char text[] =
		"{\"名\":\"一\\\"门\\\\\\n\",\"n\":[0,-1.5,1e+21,0.1,12345678901234],"
		"\"t\":true,\"z\":null,\"o\":{}}";
	struct buf first = {0}, second = {0};
	json *v = NULL;

	(void)state;
	assert_int_equal(json_parse(&v, text, strlen(text), NULL), OK);
	json_write(&first, v);
	assert_string_equal(first.data, text);
	json_free(v);
	assert_int_equal(json_parse(&v, first.data, first.len, NULL), OK);
	json_write(&second, v);
	assert_string_equal(second.data, first.data);
	json_free(v);
	buf_fini(&first);
	buf_fini(&second);
}

/* Strings are looked at eight bytes at a time: whatever is special is seen at each of them. */
static void special_bytes_are_seen_wherever_they_stand(void **state)
{
	static const char odd[] = {'\0', '\n', '\x1f', '\x7f', '"', '\\', '\x80'};
	char text[64];
	size_t at, i;
	json *root;

	(void)state;
	for (at = 0; at < 24; at++)
		for (i = 0; i < sizeof odd; i++) {
			int n = snprintf(text, sizeof text, "[\"%024d\"]", 0);
			text[2 + at] = odd[i];
			if (odd[i] == '\x7f') {
				assert_int_equal(json_parse(&root, text, (size_t)n, NULL), OK);
				assert_int_equal(json_str(json_first(root))[at], '\x7f');
				json_free(root);
			} else {
				refuse(text, (size_t)n);
			}
		}
	for (at = 0; at < 19; at++) {
		int n = snprintf(text, sizeof text, "[\"%024d\"]", 0);
		memcpy(text + 2 + at, "\\u0000", 6);
		refuse(text, (size_t)n);
		memcpy(text + 2 + at, "\\u0041", 6);
		assert_int_equal(json_parse(&root, text, (size_t)n, NULL), OK);
		assert_int_equal(json_str(json_first(root))[at], 'A');
		json_free(root);
	}
}

/* Few keys are compared in another way than many. */
static void a_key_twice_is_found_among_any_number(void **state)
{
	static const int counts[] = {2, 31, 32, 33, 200};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct buf text = {0};
		json *root;
		int k;
		buf_addc(&text, '{');
		for (k = 0; k < counts[i]; k++)
			buf_printf(&text, "%s\"k%d\":1", k > 0 ? "," : "", k);
		buf_adds(&text, "}");
		assert_int_equal(json_parse(&root, text.data, text.len, NULL), OK);
		json_free(root);
		text.len--;
		buf_adds(&text, ",\"k0\":2}");
		refuse(text.data, text.len);
		buf_fini(&text);
	}
}

/* Short elements need many times the memory of their text: the tree's pieces grow with it. */
static void a_tree_may_be_much_larger_than_its_text(void **state)
{
	struct buf text = {0}, again = {0};
	json *root, *other;
	int i;

	(void)state;
	buf_adds(&text, "[0");
	for (i = 1; i < 30000; i++)
		buf_printf(&text, ",%d", i % 10);
	buf_adds(&text, "]");
	assert_int_equal(json_parse(&root, text.data, text.len, NULL), OK);
	assert_int_equal(json_parse(&other, "{\"a\":[1]}", 9, NULL), OK);
	assert_int_equal(json_count(root), 30000);
	json_write(&again, root);
	assert_string_equal(again.data, text.data);
	json_free(root);
	assert_int_equal(json_count(json_get(other, "a")), 1);
	json_free(other);
	buf_fini(&text);
	buf_fini(&again);
}

static void absent_members_are_no_trouble(void **state)
{
	static const char text[] = "{\"day\":\"20\",\"n\":7,\"yes\":\"1\",\"no\":0,\"s\":\"x\"}";
	json *v = NULL;

	(void)state;
	assert_int_equal(json_parse(&v, text, strlen(text), NULL), OK);
	assert_int_equal(json_get_int(v, "day", -1), 20);
	assert_int_equal(json_get_int(v, "n", -1), 7);
	assert_int_equal(json_get_int(v, "s", -1), -1);
	assert_int_equal(json_get_int(NULL, "n", -1), -1);
	assert_true(json_get_bool(v, "yes", false));
	assert_false(json_get_bool(v, "no", true));
	assert_true(json_get_bool(v, "absent", true));
	assert_null(json_get_str(v, "n"));
	assert_null(json_first(json_get(v, "absent")));
	assert_int_equal(json_count(NULL), 0);
	json_free(v);
}

static void members_are_separated(void **state)
{
	struct buf b = {0};

	(void)state;
	buf_addc(&b, '{');
	json_member_str(&b, "a", "\x01\x7f");
	json_member_str(&b, "absent", NULL);
	json_member_int(&b, "b", -3);
	json_member(&b, "c");
	buf_addc(&b, '[');
	json_comma(&b);
	json_put_str(&b, NULL);
	json_comma(&b);
	json_put_num(&b, 2.50);
	buf_adds(&b, "]}");
	assert_string_equal(b.data, "{\"a\":\"\\u0001\\u007f\",\"b\":-3,\"c\":[null,2.5]}");
	buf_fini(&b);
}

/* In a world of its own, so that nothing stays mounted. Exit codes: what db_run and paths_replace
 * said; 99: not possible here. */
static void write_on_a_read_only_disk(const char *folder)
{
	struct db *db;
	char *file = paths_join(folder, "f");
	enum err e;

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", folder, "tmpfs", 0, "size=4m,mode=700") != 0)
		_exit(99);
	db = open_new(folder, DB_SHARED);
	e = db_migrate(db, steps, 2, NULL);
	db_close(db);
	if (e != OK || mount("tmpfs", folder, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL) != 0)
		_exit(99);
	if (paths_replace(file, "x", 1) != ERR_READ_ONLY)
		_exit(1);
	free(file);
	file = paths_join(folder, "x.db");
	e = db_open(&db, file, DB_SHARED, NULL);
	if (e == OK)
		e = db_exec(db, "INSERT INTO t VALUES ('a', 1, NULL)");
	_exit(e == ERR_READ_ONLY ? 0 : 2);
}

static void a_read_only_disk_is_named(void **state)
{
	char *folder = scratch_folder();
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0)
		write_on_a_read_only_disk(folder);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	scratch_remove(folder);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
		skip(); /* who is not root cannot mount */
	assert_int_equal(status, 0);
}

/* Flushes of folders, by whichever library: a journal whose name is lost at a power cut is no
 * journal. */
static int folders_flushed;

int fsync(int fd)
{
	struct stat s;

	if (fstat(fd, &s) == 0 && S_ISDIR(s.st_mode))
		folders_flushed++;
	return (int)syscall(SYS_fsync, fd);
}

/* An administrator's tool removes the journal, a copy brings another: what is written next is
 * written where whoever opens the file after a power cut looks for it, and its name is flushed
 * once. */
static void a_journal_has_its_name_flushed_once(void **state)
{
	char *folder = scratch_folder(), *name = paths_join(folder, "x.db-journal");
	struct db *db = open_new(folder, DB_SHARED);
	struct stat s;

	(void)state;
	folders_flushed = 0;
	assert_int_equal(db_migrate(db, steps, 2, NULL), OK);
	assert_int_equal(folders_flushed, 1);
	for (int i = 0; i < 3; i++) {
		const char key[] = {(char)('a' + i), '\0'};
		assert_int_equal(insert(db, key, 1), OK);
		assert_int_equal(insert(db, key, 1), ERR_EXISTS);
		assert_int_equal(folders_flushed, 1);
		assert_int_equal(stat(name, &s), 0);
		assert_true(s.st_size > 0);
		if (i == 0)
			assert_int_equal(unlink(name), 0);
		else
			assert_int_equal(paths_replace(name, "", 0), OK);
		folders_flushed = 0;
	}
	assert_int_equal(insert(db, "last", 1), OK);
	assert_int_equal(folders_flushed, 1);
	assert_int_equal(count(db), 4);
	db_close(db);
	free(name);
	scratch_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_read_only_disk_is_named),
		cmocka_unit_test(migrations_run_once),
		cmocka_unit_test(a_journal_has_its_name_flushed_once),
		cmocka_unit_test(a_failed_step_leaves_the_file_as_it_was),
		cmocka_unit_test(results_are_sorted_by_what_to_do),
		cmocka_unit_test(transactions_remember_that_they_are_open),
		cmocka_unit_test(another_writer_is_seen),
		cmocka_unit_test(statements_are_told_apart_by_their_text),
		cmocka_unit_test(a_statement_that_does_not_compile_gives_its_error),
		cmocka_unit_test(a_damaged_file_is_found),
		cmocka_unit_test(ambiguous_json_is_refused),
		cmocka_unit_test(json_survives_writing),
		cmocka_unit_test(special_bytes_are_seen_wherever_they_stand),
		cmocka_unit_test(a_key_twice_is_found_among_any_number),
		cmocka_unit_test(a_tree_may_be_much_larger_than_its_text),
		cmocka_unit_test(absent_members_are_no_trouble),
		cmocka_unit_test(members_are_separated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
