/* The ground floor: text, clock, ids, digests, buffers, settings, paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "tests/unit/scratch.h"
#include "tests/unit/table.h"

static void buffers_grow_and_format(void **state)
{
	struct buf b = {0};
	char *taken;
	int i;

	(void)state;
	assert_string_equal(buf_str(&b), "");
	for (i = 0; i < 1000; i++)
		buf_printf(&b, "%03d", i);
	assert_int_equal(b.len, 3000);
	assert_memory_equal(b.data + 2997, "999", 4);
	buf_why(&b, "只留 %s", "这句");
	assert_string_equal(b.data, "只留 这句");
	taken = buf_take(&b);
	assert_string_equal(taken, "只留 这句");
	assert_int_equal(b.len, 0);
	free(taken);
	buf_why(NULL, "nobody listens");
}

static void ill_formed_bytes_are_replaced_one_by_one(void **state)
{
	static const char *const bad[] = {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
		"\xF4\x90\x80\x80", "\xE4\xB8", "\xFF"};
	uint32_t cp;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(text_valid(bad[i], strlen(bad[i])));
		assert_int_equal(text_decode(bad[i], strlen(bad[i]), &cp), 1);
		assert_int_equal(cp, 0xFFFD);
	}
	assert_int_equal(text_decode("门", 3, &cp), 3);
	assert_int_equal(cp, 0x95E8);
	assert_true(text_valid("一门\xF0\x9F\x98\x80", 10));
}

static void width_row(const struct table_row *row)
{
	uint32_t cp = (uint32_t)strtoul(row->cell[0] + 2, NULL, 16);

	if (text_cp_cols(cp) != atoi(row->cell[1]))
		fail_msg("%s: %d columns, want %s (%s)", row->cell[0], text_cp_cols(cp),
			row->cell[1], row->cell[2]);
}

static void string_width_row(const struct table_row *row)
{
	if (text_cols(row->cell[0]) != atoi(row->cell[1]))
		fail_msg("%s: %d columns, want %s", row->cell[0], text_cols(row->cell[0]),
			row->cell[1]);
}

static void width_follows_unicode_15(void **state)
{
	(void)state;
	assert_true(table_each("char_width.tsv", width_row) > 200);
	assert_true(table_each("string_width.tsv", string_width_row) > 15);
}

static void padding_is_exact_in_columns(void **state)
{
	static const char *const texts[] = {
		"", "a", "一门", "一门式服务", "abc一", "e\xCC\x81t\xC3\xA9"};
	size_t i;
	int cols;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		for (cols = 0; cols < 14; cols++) {
			struct buf b = {0};
			text_pad(&b, texts[i], cols);
			assert_int_equal(text_cols(buf_str(&b)), cols);
			buf_fini(&b);
		}
	}
}

static void clusters_are_walked_whole(void **state)
{
	const char *s = "e\xCC\x81门\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9x";
	size_t len = strlen(s), a = text_next(s, len, 0), b = text_next(s, len, a),
	       c = text_next(s, len, b);

	(void)state;
	assert_int_equal(a, 3);
	assert_int_equal(b, 6);
	assert_int_equal(c, len - 1);
	assert_int_equal(text_prev(s, len, len - 1), b);
	assert_int_equal(text_prev(s, len, b), a);
	assert_int_equal(text_prev(s, len, 0), 0);
	assert_int_equal(text_next(s, len, len), len);
}

static void cleaning_leaves_nothing_a_terminal_obeys(void **state)
{
	const char raw[] = "a\x1b[2J\tb\nc\x7f\xC2\x9B"
			   "31m\xE2\x80\xAE"
			   "d\xff";
	struct buf b = {0};

	(void)state;
	text_clean(&b, raw, sizeof raw - 1);
	assert_string_equal(b.data, "a b cd\xEF\xBF\xBD");
	buf_clear(&b);
	/* a title, a colour; what has no end is text, without what begins it */
	text_clean(&b, "\x1b]0;x\aa\x1b]2;y\x1b\\b\x1b[1;31mred\x1b[", 27);
	assert_string_equal(b.data, "abred[");
	buf_clear(&b);
	text_clean_some(&b, "号\x1b[2J码", 3 + 4 + 2); /* the last character would be cut */
	text_clean_some(&b, "a", 1);
	assert_string_equal(b.data, "号..a");
	buf_fini(&b);
}

/* Wherever it stands among letters of one byte and of three. */
static void one_bad_sign_is_found_anywhere(void **state)
{
	static const char *const bad[] = {
		"\x01", "\x1f", "\x7f", "\xC2\x85", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xEF\xBB\xBF"};
	static const char *const good[] = {"x", "~", " ", "号", "\xE9\xBF\xBF", "\xE3\x80\x80"};
	size_t i, k, at, j;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		for (k = 0; k < sizeof good / sizeof *good; k++)
			for (at = 0; at < 20; at++) {
				struct buf b = {0}, clean = {0};
				for (j = 0; j < 20; j++)
					buf_adds(&b, good[(k + (j % 3 == 0)) % 6]);
				assert_true(text_is_plain(b.data, false));
				buf_clear(&b);
				for (j = 0; j < 20; j++)
					buf_adds(&b,
						j == at ? bad[i] : good[(k + (j % 3 == 0)) % 6]);
				assert_false(text_is_plain(b.data, false));
				text_clean(&clean, b.data, b.len);
				assert_int_equal(clean.len, b.len - strlen(bad[i]));
				assert_true(text_is_plain(clean.data, false));
				buf_fini(&b);
				buf_fini(&clean);
			}
}

static void masks_and_trims(void **state)
{
	char moment[] = "2026-11-28T04:49:00.000+08:00", day[] = "2026-11-28", code[] = "T2026";
	char padded[] = " \xE3\x80\x80 张三 \xC2\xA0\t";
	char pasted[] = "\xE2\x80\xAD\xE2\x81\xA6 张\xE2\x80\x8B三\xE2\x80\xAC\xC2\xAD\xEF\xBB\xBF";
	char nothing[] = "\xE2\x80\xAD\xE2\x80\xAC";
	struct buf b = {0};

	(void)state;
	text_mask(&b, "371323199001010000", 6, 4);
	assert_string_equal(b.data, "371323********0000");
	buf_clear(&b);
	text_mask(&b, "1234", 2, 2);
	assert_string_equal(b.data, "****");
	text_trim(padded);
	assert_string_equal(padded, "张三");
	text_trim(pasted);
	assert_string_equal(pasted, "张\xE2\x80\x8B三");
	text_trim(nothing);
	assert_string_equal(nothing, "");
	text_moment(moment);
	assert_string_equal(moment, "2026-11-28 04:49:00.000+08:00");
	text_moment(day);
	assert_string_equal(day, "2026-11-28");
	text_moment(code);
	assert_string_equal(code, "T2026");
	buf_clear(&b);
	text_halfwidth(&b, "ＡＢ１２　：");
	assert_string_equal(b.data, "AB12 :");
	buf_fini(&b);
}

static void days_count_both_ways(void **state)
{
	int32_t day;
	struct date d;

	(void)state;
	assert_int_equal(date_to_day((struct date){1970, 1, 1}), 0);
	assert_int_equal(date_to_day((struct date){2000, 2, 29}), 11016);
	for (day = -719162; day < 2932896; day += 97) {
		d = date_from_day(day);
		assert_true(date_valid(d));
		assert_int_equal(date_to_day(d), day);
	}
	assert_false(date_parse("1990-02-30", &d));
	assert_false(date_parse("1990-2-03", &d));
	assert_false(date_parse("2100-02-29", &d));
	assert_true(date_parse("2000-02-29", &d));
}

static void moments_survive_writing(void **state)
{
	static const int64_t moments[] = {0, 1, 999, 1700000000123, -1, -86400001};
	char iso[CLOCK_ISO_SIZE];
	int64_t back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof moments / sizeof moments[0]; i++) {
		assert_true(clock_parse_iso(clock_iso(moments[i], iso), &back));
		assert_int_equal(back, moments[i]);
	}
	assert_true(clock_parse_iso("2026-11-24T14:32:05+08:00", &back));
	assert_int_equal(back, 1795501925000);
	assert_false(clock_parse_iso("2026-11-24 14:32:05", &back));
	assert_false(clock_parse_iso("2026-11-24T25:00:00Z", &back));
}

static void uuids_sort_by_time(void **state)
{
	char a[ID_UUID_SIZE], b[ID_UUID_SIZE], code[9];

	(void)state;
	id_uuid(&entropy_system, 1700000000000, a);
	id_uuid(&entropy_system, 1700000000001, b);
	assert_true(id_is_uuid(a));
	assert_true(strcmp(a, b) < 0);
	assert_int_equal(a[14], '7');
	assert_false(id_is_uuid("018bcfe5-6800-7000-8000-00000000000"));
	assert_false(id_is_uuid("018bcfe5x6800-7000-8000-000000000000"));
	assert_false(id_is_uuid(NULL));
	assert_int_equal(strlen(id_code(&entropy_system, 8, code)), 8);
	assert_null(strpbrk(code, "ILOU"));
}

static void digests_match_the_standards(void **state)
{
	char hex[CRYPTO_HEX_SIZE];

	(void)state;
	/* FIPS 180-4 and GB/T 32905-2016 examples: "abc" */
	assert_string_equal(crypto_hex(DIGEST_SHA256, "abc", 3, hex),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(crypto_hex(DIGEST_SM3, "abc", 3, hex),
		"66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	/* FIPS 180-4 and RFC 1321 */
	assert_string_equal(
		crypto_hex(DIGEST_SHA1, "abc", 3, hex), "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_string_equal(crypto_hex(DIGEST_SHA384, "abc", 3, hex),
		"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
		"8086072ba1e7cc2358baeca134c825a7");
	assert_string_equal(crypto_hex(DIGEST_SHA512, "abc", 3, hex),
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
		"2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
	assert_string_equal(
		crypto_hex(DIGEST_MD5, "abc", 3, hex), "900150983cd24fb0d6963f7d28e17f72");
	/* RFC 4231 case 2 */
	assert_string_equal(crypto_hmac("Jefe", 4, "what do ya want for nothing?", 28, hex),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void pass_phrases_are_checked(void **state)
{
	char *record = crypto_pass_hash(&entropy_system, "正确的口令");

	(void)state;
	assert_true(crypto_pass_check(record, "正确的口令"));
	assert_false(crypto_pass_check(record, "正确的口令 "));
	assert_false(crypto_pass_check("scrypt$16384$8$1$zz$00", "x"));
	/* RFC 7914 as another program computed it */
	assert_true(crypto_pass_check(
		"scrypt$16384$8$1$000102030405060708090a0b0c0d0e0f$"
		"b46bdb83570fb940220238b7db00f1bd3cfc437f15bc36a44fe90685daca711e",
		"正确的口令"));
	/* N is no power of two; r is not ours */
	assert_false(crypto_pass_check(
		"scrypt$16383$8$1$000102030405060708090a0b0c0d0e0f$"
		"b46bdb83570fb940220238b7db00f1bd3cfc437f15bc36a44fe90685daca711e",
		"正确的口令"));
	assert_false(crypto_pass_check(
		"scrypt$16384$1$1$000102030405060708090a0b0c0d0e0f$"
		"b46bdb83570fb940220238b7db00f1bd3cfc437f15bc36a44fe90685daca711e",
		"正确的口令"));
	assert_false(crypto_pass_check("", ""));
	assert_false(crypto_pass_check("scrypt$99999999999$8$1$00$00", "x"));
	free(record);
}

static const struct conf_key keys[] = {
	{"hall.name", "大厅", "help"}, {"centre.url", NULL, "help"}, {NULL, NULL, NULL}};

static void settings_say_where_they_come_from(void **state)
{
	char *folder = scratch_folder();
	char *path = paths_join(folder, "x.conf");
	struct conf *c = conf_new(keys);
	struct buf why = {0};
	const char text[] = "# remark\n\n hall.name = 东门 大厅 \nnonsense\nno.such = 1\n";

	(void)state;
	assert_string_equal(conf_get(c, "hall.name"), "大厅");
	assert_null(conf_get(c, "centre.url"));
	assert_int_equal(conf_read(c, path, &why), OK);
	assert_int_equal(paths_replace(path, text, sizeof text - 1), OK);
	assert_int_equal(conf_read(c, path, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "x.conf:4"));
	assert_non_null(strstr(why.data, "no.such"));
	assert_string_equal(conf_get(c, "hall.name"), "东门 大厅");
	assert_non_null(strstr(conf_source(c, "hall.name"), "x.conf:3"));
	setenv("YIMEN_CENTRE_URL", "http://127.0.0.1:1", 1);
	conf_environment(c);
	assert_string_equal(conf_get(c, "centre.url"), "http://127.0.0.1:1");
	assert_string_equal(conf_source(c, "centre.url"), "YIMEN_CENTRE_URL");
	unsetenv("YIMEN_CENTRE_URL");
	conf_free(c);
	buf_fini(&why);
	free(path);
	scratch_remove(folder);
}

static void an_open_data_folder_is_refused(void **state)
{
	char *folder = scratch_folder();
	char *home = paths_join(folder, "deep/home"), *found = NULL;
	struct buf why = {0};
	struct stat st;

	(void)state;
	setenv("YIMEN_HOME", home, 1);
	assert_int_equal(paths_home(&found, &why), OK);
	assert_int_equal(stat(found, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	free(found);
	chmod(home, 0755);
	assert_int_equal(paths_home(&found, &why), ERR_DENIED);
	assert_non_null(strstr(why.data, "chmod 700"));
	unsetenv("YIMEN_HOME");
	buf_fini(&why);
	free(home);
	scratch_remove(folder);
}

static void files_are_replaced_whole(void **state)
{
	char *folder = scratch_folder();
	char *path = paths_join(folder, "file");
	struct buf b = {0};

	(void)state;
	assert_int_equal(paths_read(&b, path, 10), ERR_NOT_FOUND);
	assert_int_equal(paths_replace(path, "first", 5), OK);
	assert_int_equal(paths_replace(path, "second", 6), OK);
	assert_int_equal(paths_read(&b, path, 6), OK);
	assert_string_equal(b.data, "second");
	buf_clear(&b);
	assert_int_equal(paths_read(&b, path, 5), ERR_INVALID);
	buf_fini(&b);
	free(path);
	scratch_remove(folder);
}

static void leave_half(const char *path, long pid, const char *ending, char **name)
{
	struct buf b = {0};
	FILE *f;

	buf_printf(&b, "%s.%ld%s", path, pid, ending);
	f = fopen(b.data, "w");
	assert_non_null(f);
	fclose(f);
	*name = buf_take(&b);
}

static void halves_of_the_dead_are_removed(void **state)
{
	char *folder = scratch_folder(), *path = paths_join(folder, "file");
	char *other = paths_join(folder, "file.idx"), *dead, *living, *no_half, *others;
	pid_t gone = fork();

	(void)state;
	if (gone == 0)
		_exit(0);
	assert_int_equal(waitpid(gone, NULL, 0), gone);
	leave_half(path, gone, ".tmp", &dead);
	leave_half(path, getpid(), ".tmp", &living);
	leave_half(path, gone, "", &no_half);
	leave_half(other, gone, ".tmp", &others);
	paths_tidy(path);
	assert_int_not_equal(access(dead, F_OK), 0);
	assert_int_equal(access(living, F_OK), 0);
	assert_int_equal(access(no_half, F_OK), 0);
	assert_int_equal(access(others, F_OK), 0);
	free(dead);
	free(living);
	free(no_half);
	free(others);
	free(other);
	free(path);
	scratch_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_grow_and_format),
		cmocka_unit_test(ill_formed_bytes_are_replaced_one_by_one),
		cmocka_unit_test(width_follows_unicode_15),
		cmocka_unit_test(padding_is_exact_in_columns),
		cmocka_unit_test(clusters_are_walked_whole),
		cmocka_unit_test(cleaning_leaves_nothing_a_terminal_obeys),
		cmocka_unit_test(one_bad_sign_is_found_anywhere),
		cmocka_unit_test(masks_and_trims),
		cmocka_unit_test(days_count_both_ways),
		cmocka_unit_test(moments_survive_writing),
		cmocka_unit_test(uuids_sort_by_time),
		cmocka_unit_test(digests_match_the_standards),
		cmocka_unit_test(pass_phrases_are_checked),
		cmocka_unit_test(settings_say_where_they_come_from),
		cmocka_unit_test(an_open_data_folder_is_refused),
		cmocka_unit_test(files_are_replaced_whole),
		cmocka_unit_test(halves_of_the_dead_are_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
