/* A backup of a centre that takes letters meanwhile is a centre. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/db.h"
#include "tests/http/centre.h"

enum {
	MATTERS = 4000,
	TEXT_BYTES = 2000,
	BEFORE = 5,
	MOST = 2000
};

static void fill(struct centre *c)
{
	char path[96], words[128], text[TEXT_BYTES + 1];
	FILE *f;
	int i;

	snprintf(path, sizeof path, "%s/matters", c->dir);
	snprintf(words, sizeof words, "import %s", path);
	memset(text, 'x', TEXT_BYTES);
	text[TEXT_BYTES] = '\0';
	f = fopen(path, "w");
	assert_non_null(f);
	for (i = 0; i < MATTERS; i++)
		fprintf(f, "{\"task_code\":\"T%d\",\"task_name\":\"%d\",\"by_law\":\"%s\"}\n", i, i,
			text);
	fclose(f);
	assert_int_equal(centre_command(c, words, NULL), 0);
	unlink(path);
}

static void paper(const struct centre *c, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/papers/%s", c->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static bool has_paper(const struct centre *c, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, "%s/papers/%s", c->dir, name);
	return access(path, F_OK) == 0;
}

static int post(const struct centre *c, int number)
{
	struct answer a = {0};
	int status;

	post_application(c, &a, number, number, "");
	status = a.status;
	answer_fini(&a);
	return status;
}

static int ended(pid_t pid, int fd)
{
	int status;

	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static size_t cases(struct centre *c)
{
	struct buf out = {0};
	const char *at;
	size_t n = 0;

	assert_int_equal(centre_command(c, "case list --json", &out), 0);
	for (at = buf_str(&out); (at = strchr(at, '\n')) != NULL; at++)
		n++;
	buf_fini(&out);
	return n;
}

static void letters_come_while_it_is_made(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	struct pollfd told = {.events = POLLIN};
	char words[128];
	int number, i;
	pid_t pid;

	centre_start(c, "--region 371323 --quiet");
	fill(c);
	paper(c, "aa", "paper");
	paper(c, "bb.part", "half a paper");
	for (number = 1; number <= BEFORE; number++)
		assert_int_equal(post(c, number), 201);
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	pid = centre_begin(c, words, &told.fd);
	for (; poll(&told, 1, 0) == 0 && number < MOST; number++)
		assert_int_equal(post(c, number), 201);
	assert_int_equal(ended(pid, told.fd), 0);
	assert_true(cases(c) == (size_t)number - 1);
	assert_true(has_paper(&copy, "aa"));
	assert_false(has_paper(&copy, "bb.part"));
	/* it is a centre, which knows the letters of before and takes those that it has not */
	centre_start(&copy, "--quiet");
	assert_in_range(cases(&copy), BEFORE, number - 1);
	for (i = 1; i < number; i++)
		assert_in_range(post(&copy, i), 200, 201);
	assert_true(cases(&copy) == (size_t)number - 1);
	assert_int_equal(centre_stop(&copy, SIGTERM), 0);
	centre_fini(&copy);
}

static void it_is_made_again_in_the_same_folder(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	char words[128], lock[96];
	FILE *f;

	centre_start(c, "--region 371323 --quiet");
	fill(c);
	paper(c, "aa", "paper");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(centre_command(c, words, NULL), 0);
	assert_int_equal(post(c, 1), 201);
	paper(c, "cc", "another");
	assert_int_equal(centre_stop(c, SIGTERM), 0);
	assert_int_equal(centre_command(c, words, NULL), 0); /* stopped, too */
	assert_true(has_paper(&copy, "cc"));
	assert_int_equal((int)cases(&copy), 1);
	/* `case list` has run there: it is a centre's folder now, and is not written over */
	snprintf(lock, sizeof lock, "%s/lock", copy.dir);
	assert_int_equal(access(lock, F_OK), 0);
	assert_int_equal(centre_command(c, words, NULL), 1);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(chmod(copy.dir, 0755), 0);
	assert_int_equal(centre_command(c, words, NULL), 3);
	assert_int_equal(chmod(copy.dir, 0700), 0);
	/* what another had left there under its name for a half file is no hindrance */
	snprintf(lock, sizeof lock, "%s/central.db.new", copy.dir);
	f = fopen(lock, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(centre_command(c, words, NULL), 0);
	assert_int_not_equal(access(lock, F_OK), 0);
	snprintf(lock, sizeof lock, "%s/backup.db", c->dir);
	assert_int_not_equal(access(lock, F_OK), 0);
	centre_fini(&copy);
}

static ino_t file_of(const struct centre *c)
{
	char path[96];
	struct stat st;

	snprintf(path, sizeof path, "%s/central.db", c->dir);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static bool has_half(const struct centre *c)
{
	char path[96];

	snprintf(path, sizeof path, "%s/central.db.new", c->dir);
	return access(path, F_OK) == 0;
}

/* Its papers could not be copied: the backup of yesterday stands as it was, with its papers. */
static void one_that_fails_leaves_the_last_one(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	char words[128], hindrance[128];
	ino_t last;

	centre_start(c, "--region 371323 --quiet");
	paper(c, "aa", "paper");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(centre_command(c, words, NULL), 0);
	last = file_of(&copy);
	paper(c, "cc", "another");
	snprintf(hindrance, sizeof hindrance, "%s/papers/cc.new", copy.dir);
	assert_int_equal(mkdir(hindrance, 0700), 0);
	assert_int_equal(centre_command(c, words, NULL), 3);
	assert_true(file_of(&copy) == last);
	snprintf(hindrance, sizeof hindrance, "%s/central.db.new", copy.dir);
	assert_int_not_equal(access(hindrance, F_OK), 0);
	centre_fini(&copy);
}

static void what_an_administrator_made_stays(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	char words[128], inside[96];

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(mkdir(copy.dir, 0755), 0);
	assert_int_equal(centre_command(c, words, NULL), 3); /* not its own alone */
	assert_int_equal(access(copy.dir, F_OK), 0);
	snprintf(inside, sizeof inside, "%.60s/papers", c->dir);
	snprintf(words, sizeof words, "backup %s/", inside);
	assert_int_equal(centre_command(c, words, NULL), 1);
	strcat(inside, "/central.db");
	assert_int_not_equal(access(inside, F_OK), 0);
	snprintf(inside, sizeof inside, "%.60s/copy", c->dir);
	snprintf(words, sizeof words, "backup %s", inside);
	assert_int_equal(centre_command(c, words, NULL), 1);
	assert_int_not_equal(access(inside, F_OK), 0);
	centre_fini(&copy);
}

/* The first stands still where it writes; its copy in the data folder is not taken from it. */
static void two_at_once_take_turns(void **state)
{
	struct centre *c = *state, copy = {.pid = 0}, other = {.pid = 0};
	char words[128], still[96], piece[4096];
	int fd, told;
	pid_t pid;

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(other.dir, sizeof other.dir, "%.50s.other", c->dir);
	assert_int_equal(mkdir(copy.dir, 0700), 0);
	snprintf(still, sizeof still, "%s/central.db.new", copy.dir);
	assert_int_equal(mkfifo(still, 0600), 0);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	pid = centre_begin(c, words, &told);
	fd = open(still, O_RDONLY | O_CLOEXEC); /* it is there */
	assert_true(fd >= 0);
	snprintf(words, sizeof words, "backup %s", other.dir);
	assert_int_equal(centre_command(c, words, NULL), 3);
	assert_int_not_equal(access(other.dir, F_OK), 0);
	while (read(fd, piece, sizeof piece) > 0)
		continue;
	close(fd);
	assert_int_equal(ended(pid, told), 3); /* a pipe cannot be flushed */
	assert_int_equal(centre_command(c, words, NULL), 0);
	centre_fini(&copy);
	centre_fini(&other);
}

/* ---- which centre's it is ---- */

static int query(const struct centre *c, const char *sql)
{
	char path[96];
	struct db *db = NULL;
	enum err e;

	snprintf(path, sizeof path, "%s/central.db", c->dir);
	assert_int_equal(db_open(&db, path, DB_SINGLE, NULL), OK);
	e = db_exec(db, sql);
	db_close(db);
	return (int)e;
}

static void another_centres_backup_is_left_alone(void **state)
{
	struct centre *c = *state, copy = {.pid = 0}, other;
	char words[128], beside[128];
	ino_t last;

	centre_init(&other);
	centre_start(c, "--region 371323 --quiet");
	assert_int_equal(post(c, 1), 201);
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(centre_command(c, words, NULL), 0);
	last = file_of(&copy);
	/* of the other one nothing comes in, whether it runs or not */
	centre_start(&other, "--region 371323 --quiet");
	paper(&other, "aa", "another's paper");
	assert_int_equal(centre_command(&other, words, NULL), 1);
	assert_int_equal(centre_stop(&other, SIGTERM), 0);
	assert_int_equal(centre_command(&other, words, NULL), 1);
	assert_true(file_of(&copy) == last);
	assert_false(has_paper(&copy, "aa"));
	/* its own it takes still, and leaves no files of SQLite beside it */
	assert_int_equal(centre_command(c, words, NULL), 0);
	assert_true(file_of(&copy) != last);
	snprintf(beside, sizeof beside, "%s/central.db-shm", copy.dir);
	assert_int_not_equal(access(beside, F_OK), 0);
	/* one that was made before centres had names is whoever's comes first */
	assert_int_equal(query(&copy, "DELETE FROM meta WHERE key = 'centre.id'"), OK);
	assert_int_equal(centre_command(&other, words, NULL), 0);
	assert_int_equal(centre_command(c, words, NULL), 1);
	centre_fini(&copy);
	centre_fini(&other);
}

/* Who restored it goes on with the same backup. */
static void a_restored_centre_is_the_same(void **state)
{
	struct centre *c = *state, copy = {.pid = 0}, again = {.pid = 0};
	char words[128];

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(again.dir, sizeof again.dir, "%.50s.again", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(centre_command(c, words, NULL), 0);
	snprintf(words, sizeof words, "backup %s", again.dir);
	assert_int_equal(centre_command(c, words, NULL), 0);
	centre_start(&again, "--quiet");
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(centre_command(&again, words, NULL), 0);
	centre_fini(&again);
	centre_fini(&copy);
}

static void what_is_no_backup_is_left_alone(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	char words[128], path[96], text[16] = "";
	FILE *f;

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	assert_int_equal(mkdir(copy.dir, 0700), 0);
	assert_int_equal(query(&copy, "CREATE TABLE recipe (n)"), OK);
	assert_int_equal(centre_command(c, words, NULL), 1);
	assert_int_equal(query(&copy, "INSERT INTO recipe VALUES (1)"), OK);
	/* a backup that nobody can read any more gives its place */
	snprintf(path, sizeof path, "%s/central.db", copy.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("rubbish, and more of it than a header is long: of no database at all, that is, and "
	      "nothing to be read from it",
		f);
	fclose(f);
	assert_int_equal(centre_command(c, words, NULL), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof text, f) == sizeof text);
	fclose(f);
	assert_string_equal(text, "SQLite format 3");
	centre_fini(&copy);
}

/* ---- a backup that knows more than the centre ---- */

static int try_backup(struct centre *c, const struct centre *to, const char *more)
{
	char words[160];

	snprintf(words, sizeof words, "backup %s %s", to->dir, more);
	return centre_command(c, words, NULL);
}

/* The centre was restored from the first of two: what it has taken since is another story, which is
 * longer in the end. Nothing of the second is touched until somebody insists. */
static void a_newer_backup_is_not_replaced(void **state)
{
	struct centre *c = *state, first = {.pid = 0}, second = {.pid = 0};
	ino_t last;
	int i;

	centre_start(c, "--region 371323 --quiet");
	snprintf(first.dir, sizeof first.dir, "%.50s.first", c->dir);
	snprintf(second.dir, sizeof second.dir, "%.50s.second", c->dir);
	assert_int_equal(post(c, 1), 201);
	assert_int_equal(try_backup(c, &first, ""), 0);
	assert_int_equal(post(c, 2), 201);
	assert_int_equal(try_backup(c, &second, ""), 0);
	last = file_of(&second);
	centre_start(&first, "--quiet");
	paper(&first, "aa", "a paper of later");
	for (i = 3; i < 6; i++) {
		assert_int_equal(try_backup(&first, &second, ""), 1);
		assert_true(file_of(&second) == last);
		assert_false(has_paper(&second, "aa"));
		assert_false(has_half(&second));
		assert_int_equal(post(&first, i), 201);
	}
	assert_int_equal(try_backup(&first, &second, "--replace-newer"), 0);
	assert_true(file_of(&second) != last);
	assert_true(has_paper(&second, "aa"));
	/* from now on it is its own, and the other one's is newer than what that one has */
	assert_int_equal(try_backup(&first, &second, ""), 0);
	assert_int_equal(try_backup(c, &second, ""), 1);
	assert_int_equal(centre_stop(&first, SIGTERM), 0);
	centre_fini(&first);
	centre_fini(&second);
}

/* Of two that are one by name, each with a data folder of its own. */
static void two_into_one_folder_take_turns(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	int folder;

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	assert_int_equal(mkdir(copy.dir, 0700), 0);
	folder = open(copy.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(folder, LOCK_EX), 0);
	assert_int_equal(try_backup(c, &copy, ""), 3);
	assert_false(has_half(&copy));
	close(folder);
	assert_int_equal(try_backup(c, &copy, ""), 0);
	centre_fini(&copy);
}

/* ---- papers that the disk has lost ---- */

/* Of the share that is read over in so many days. Replaces text and name. */
static void paper_of_share(int32_t share, char text[24], char name[CRYPTO_HEX_SIZE])
{
	unsigned first = 0;
	int n = 0;

	do {
		snprintf(text, 24, "paper %d", n++);
		crypto_hex(DIGEST_SHA256, text, strlen(text), name);
		assert_int_equal(sscanf(name, "%2x", &first), 1);
	} while ((int32_t)(first % 32) != share % 32);
}

static bool paper_is(const struct centre *c, const char *name, const char *text)
{
	char path[256], held[32] = "";
	FILE *f;

	snprintf(path, sizeof path, "%s/papers/%s", c->dir, name);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	assert_non_null(fgets(held, sizeof held, f));
	fclose(f);
	return strcmp(held, text) == 0;
}

/* As long as it was: the size tells nothing. */
static void spoil(const struct centre *c, const char *name, const char text[24])
{
	char other[24];

	memcpy(other, text, sizeof other);
	other[0] = '?';
	paper(c, name, other);
}

static void a_damaged_paper_is_found_in_its_turn(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	char words[128], text[3][24], name[3][CRYPTO_HEX_SIZE];
	int32_t day =
		clock_day(clock_wall_ms(&clock_system)); /* or the next, when it is midnight */
	int i;

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	for (i = 0; i < 3; i++) {
		paper_of_share(day + (i < 2 ? i : 16), text[i], name[i]);
		paper(c, name[i], text[i]);
	}
	assert_int_equal(centre_command(c, words, NULL), 0);
	for (i = 0; i < 3; i++)
		spoil(&copy, name[i], text[i]);
	assert_int_equal(centre_command(c, words, NULL), 0);
	assert_true(paper_is(&copy, name[0], text[0]) || paper_is(&copy, name[1], text[1]));
	assert_false(paper_is(&copy, name[2], text[2]));
	strcat(words, " --check");
	assert_int_equal(centre_command(c, words, NULL), 0);
	for (i = 0; i < 3; i++)
		assert_true(paper_is(&copy, name[i], text[i]));
	centre_fini(&copy);
}

/* It does not go into the backup under a name that says otherwise, nor in place of a good one; all
 * else does. */
static void what_is_damaged_at_the_centre_is_told(void **state)
{
	struct centre *c = *state, copy = {.pid = 0};
	char words[128], text[2][24], name[2][CRYPTO_HEX_SIZE];
	ino_t last;
	int i;

	centre_start(c, "--region 371323 --quiet");
	snprintf(copy.dir, sizeof copy.dir, "%.50s.copy", c->dir);
	snprintf(words, sizeof words, "backup %s", copy.dir);
	for (i = 0; i < 2; i++)
		paper_of_share(i, text[i], name[i]);
	paper(c, name[0], text[0]);
	assert_int_equal(centre_command(c, words, NULL), 0);
	last = file_of(&copy);
	spoil(c, name[0], text[0]);
	spoil(c, name[1], text[1]);
	paper(c, "aa", "paper");
	assert_int_equal(centre_command(c, words, NULL), 3);
	assert_true(file_of(&copy) != last);
	assert_true(paper_is(&copy, name[0], text[0]));
	assert_false(has_paper(&copy, name[1]));
	assert_true(has_paper(&copy, "aa"));
	/* brought back, all is well */
	paper(c, name[1], text[1]);
	strcat(words, " --check");
	assert_int_equal(centre_command(c, words, NULL), 0);
	assert_true(paper_is(&copy, name[1], text[1]));
	centre_fini(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			letters_come_while_it_is_made, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			it_is_made_again_in_the_same_folder, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			one_that_fails_leaves_the_last_one, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_an_administrator_made_stays, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			two_at_once_take_turns, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			another_centres_backup_is_left_alone, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_restored_centre_is_the_same, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_backup_is_left_alone, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_newer_backup_is_not_replaced, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			two_into_one_folder_take_turns, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			a_damaged_paper_is_found_in_its_turn, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_damaged_at_the_centre_is_told, centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
