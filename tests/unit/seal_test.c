/* Sealed files and parcels: test vectors of others, every cut, every changed byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/seal.h"
#include "core/domain/parcel.h"

enum {
	START = 15 + 16 + 16,
	CHUNK = 64 << 10
};

static size_t from_hex(const char *hex, unsigned char *out)
{
	size_t n = strlen(hex) / 2, i;

	for (i = 0; i < n; i++) {
		unsigned v;
		assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
		out[i] = (unsigned char)v;
	}
	return n;
}

/* RFC 5869, appendix A: cases 1, 2 and 3. */
static void keys_are_derived_as_the_rfc_does(void **state)
{
	static const struct {
		const char *secret, *salt, *info, *okm;
	} rows[] = {
		{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
			"f0f1f2f3f4f5f6f7f8f9",
			"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728"
		 "292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
			"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283848586"
			"8788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabac"
			"adaeaf",
			"b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6"
			"d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfd"
			"feff",
			"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac782"
			"7271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3"
			"434f1d87"},
		{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
			"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b6"
			"1a96c8"},
	};
	unsigned char secret[100], salt[100], info[100], want[100], have[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t a = from_hex(rows[i].secret, secret), b = from_hex(rows[i].salt, salt),
		       c = from_hex(rows[i].info, info), d = from_hex(rows[i].okm, want);
		crypto_hkdf(secret, a, salt, b, info, c, have, d);
		assert_memory_equal(have, want, d);
	}
}

/* The GCM specification (McGrew, Viega), test cases 13, 14, 15, 16. */
static void text_is_sealed_as_nist_does(void **state)
{
	static const struct {
		const char *key, *nonce, *bound, *plain, *sealed;
	} rows[] = {
		{"0000000000000000000000000000000000000000000000000000000000000000",
			"000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
		{"0000000000000000000000000000000000000000000000000000000000000000",
			"000000000000000000000000", "", "00000000000000000000000000000000",
			"cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
		{"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
			"cafebabefacedbaddecaf888", "",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
			"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
			"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
			"b094dac5d93471bdec1a502270e3cc6c"},
		{"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
			"cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
			"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
			"8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
			"76fc6ece0f4e1768cddf8853bb2d551b"},
	};
	unsigned char bound[64], plain[100], want[100], have[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct crypto_box box = {
			.bound = bound, .bound_len = from_hex(rows[i].bound, bound)};
		size_t n = from_hex(rows[i].plain, plain), m = from_hex(rows[i].sealed, want);
		from_hex(rows[i].key, box.key);
		from_hex(rows[i].nonce, box.nonce);
		crypto_seal(&box, plain, n, have);
		assert_memory_equal(have, want, m);
		assert_true(crypto_open(&box, want, m, have));
		assert_memory_equal(have, plain, n);
		want[m - 1] ^= 1;
		assert_false(crypto_open(&box, want, m, have));
		assert_false(crypto_open(&box, want, 15, have));
	}
}

static void base64_goes_both_ways(void **state)
{
	struct buf out = {0};
	size_t n;

	(void)state;
	for (n = 0; n < 200; n++) {
		unsigned char bytes[200] = {0};
		char *text;
		size_t i;
		for (i = 0; i < n; i++)
			bytes[i] = (unsigned char)(i * 37 + n);
		text = crypto_base64(bytes, n);
		buf_clear(&out);
		assert_true(crypto_unbase64(text, strlen(text), &out));
		assert_int_equal(out.len, n);
		if (n > 0)
			assert_memory_equal(out.data, bytes, n);
		free(text);
	}
	/* RFC 4648 §10 */
	char *text = crypto_base64("foobar", 5);
	assert_string_equal(text, "Zm9vYmE=");
	free(text);
	text = crypto_base64("foobar", 4);
	assert_string_equal(text, "Zm9vYg==");
	free(text);
	buf_clear(&out);
	buf_adds(&out, "kept");
	assert_true(crypto_unbase64("Zm9vYg==", 8, &out));
	assert_string_equal(buf_str(&out), "keptfoob");
	static const char *const wrong[] = {
		"=AAA", "A===", "AA=A", "====", "AAAA====", "AA==AAAA", " AAA", "AAA ", "AA\0A"};
	for (n = 0; n < sizeof wrong / sizeof *wrong; n++) {
		assert_false(crypto_unbase64(wrong[n], n == 4 || n == 5 ? 8 : 4, &out));
		assert_string_equal(buf_str(&out), "keptfoob"); /* what was there stays */
	}
	assert_false(crypto_unbase64("abc", 3, &out));
	assert_false(crypto_unbase64("ab!d", 4, &out));
	assert_false(crypto_unbase64("ab\nd", 4, &out));
	buf_fini(&out);
}

/* ---- sealed files ---- */

static void seal_lines(struct buf *out, const char *key, size_t lines, size_t line_len)
{
	char *data = NULL, *line = malloc(line_len + 1);
	size_t len = 0, i;
	FILE *f = open_memstream(&data, &len);
	struct seal *s;

	assert_int_equal(seal_begin(&s, f, key, &entropy_system), OK);
	for (i = 0; i < lines; i++) {
		memset(line, 'a' + (int)(i % 26), line_len);
		line[line_len] = '\n';
		assert_int_equal(seal_add(s, line, line_len + 1), OK);
	}
	assert_int_equal(seal_end(s), OK);
	fclose(f);
	buf_clear(out);
	buf_add(out, data, len);
	free(data);
	free(line);
}

/* How many lines come out before the end or the fault. */
static enum err unseal_all(const struct buf *file, const char *key, size_t *lines, struct buf *why)
{
	FILE *f = fmemopen(file->data, file->len, "r");
	struct unseal *u = NULL;
	struct buf line = {0};
	enum err e = unseal_begin(&u, f, key, why);

	*lines = 0;
	while (e == OK) {
		e = unseal_line(u, &line, why);
		*lines += e == OK;
	}
	unseal_end(u);
	buf_fini(&line);
	fclose(f);
	return e;
}

static void what_is_sealed_comes_out(void **state)
{
	static const size_t sizes[][2] = {{0, 0}, {1, 10}, {1, CHUNK - 2}, {1, CHUNK - 1},
		{1, CHUNK}, {2, CHUNK - 1}, {4, CHUNK / 2 - 1}, {1000, 300}, {3, 200000}};
	struct buf file = {0};
	size_t i, lines;

	(void)state;
	for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		seal_lines(&file, "hall", sizes[i][0], sizes[i][1]);
		assert_int_equal(unseal_all(&file, "hall", &lines, NULL), ERR_NOT_FOUND);
		assert_int_equal(lines, sizes[i][0]);
	}
	buf_fini(&file);
}

static void another_hall_is_told_from_rubbish(void **state)
{
	struct buf file = {0}, why = {0};
	size_t lines;

	(void)state;
	seal_lines(&file, "hall", 3, 100);
	assert_int_equal(unseal_all(&file, "other hall", &lines, &why), ERR_DENIED);
	assert_non_null(strstr(why.data, "大厅"));
	file.data[0] = 'Y';
	assert_int_equal(unseal_all(&file, "hall", &lines, &why), ERR_INVALID);
	buf_fini(&file);
	buf_fini(&why);
}

static void every_cut_and_every_change_is_seen(void **state)
{
	struct buf file = {0}, other = {0}, why = {0};
	size_t lines, i;

	(void)state;
	seal_lines(&file, "hall", 900, 300); /* four chunks and a bit */
	for (i = 0; i < file.len; i += i < 200 ? 1 : 997) {
		struct buf cut = {file.data, i > 0 ? i : 1, 0};
		enum err e = unseal_all(&cut, "hall", &lines, &why);
		assert_true(e == (i < START ? ERR_INVALID : ERR_DAMAGED));
		assert_true(why.len > 0);
	}
	{ /* at the end of a chunk */
		struct buf cut = {file.data, START + 2 * (CHUNK + 16), 0};
		assert_int_equal(unseal_all(&cut, "hall", &lines, &why), ERR_DAMAGED);
		assert_non_null(strstr(why.data, "不完整"));
	}
	for (i = 0; i < file.len; i += i < 200 ? 1 : 991) {
		enum err e;
		file.data[i] ^= 0x40;
		e = unseal_all(&file, "hall", &lines, &why);
		assert_true(e == ERR_DAMAGED || e == ERR_DENIED || e == ERR_INVALID);
		file.data[i] ^= 0x40;
	}
	buf_add(&other, file.data, file.len); /* one byte more */
	buf_addc(&other, 'x');
	assert_int_equal(unseal_all(&other, "hall", &lines, &why), ERR_DAMAGED);
	buf_clear(&other); /* the first two chunks change places */
	buf_add(&other, file.data, file.len);
	memcpy(other.data + START, file.data + START + CHUNK + 16, CHUNK + 16);
	memcpy(other.data + START + CHUNK + 16, file.data + START, CHUNK + 16);
	assert_int_equal(unseal_all(&other, "hall", &lines, &why), ERR_DAMAGED);
	assert_int_equal(lines, 0);
	assert_int_equal(unseal_all(&file, "hall", &lines, &why), ERR_NOT_FOUND);
	buf_fini(&file);
	buf_fini(&other);
	buf_fini(&why);
}

/* ---- parcels ---- */

#define SHA_HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static const struct parcel_letter hello = {"018bcfe5-6800-7000-8000-000000000001",
	"018bcfe5-6800-7000-8000-000000000002", "application", "/v1/applications",
	"2026-11-24T10:00:00.000+08:00", "{\"a\":\"\\u4e00\\n\\\"引号\\\"\"}", 26,
	"L261124-03-K7Q18-7F3", NULL, "居住证申领", NULL, 3};

static enum err read_lines(const char *text, struct parcel_state *s, struct buf *why)
{
	enum err e = OK;

	memset(s, 0, sizeof *s);
	while (e == OK && *text != '\0') {
		size_t n = strcspn(text, "\n");
		struct parcel_line l;
		e = parcel_read(s, text, n, &l, why);
		if (e == OK && l.kind == PARCEL_LETTER) {
			assert_string_equal(l.letter.id, hello.id);
			assert_int_equal(l.letter.body_len, hello.body_len);
			assert_memory_equal(l.letter.body, hello.body, hello.body_len);
			assert_string_equal(l.letter.local_receipt, hello.local_receipt);
			assert_string_equal(l.letter.task_name, hello.task_name);
			assert_null(l.letter.applyer_name);
			assert_int_equal(l.letter.version, 3);
		}
		if (e == OK && l.kind == PARCEL_PIECE)
			assert_memory_equal(l.piece, "hello", 5);
		if (e == OK)
			parcel_line_fini(&l);
		text += n + (text[n] == '\n');
	}
	return e;
}

static void a_parcel_is_read_as_it_was_written(void **state)
{
	struct parcel_state s;
	struct buf b = {0}, why = {0};

	(void)state;
	assert_int_equal(strlen(hello.body), hello.body_len);
	parcel_write_head(&b, "03号窗口", "2026-11-24T10:00:00.000+08:00");
	parcel_write_paper(&b, SHA_HELLO, 5, "image/png");
	parcel_write_piece(&b, "hello", 5);
	parcel_write_letter(&b, &hello);
	parcel_write_end(&b, 1, 1);
	assert_int_equal(read_lines(b.data, &s, &why), OK);
	assert_true(s.ended);
	buf_fini(&b);
	buf_fini(&why);
}

static void a_parcel_out_of_order_is_refused(void **state)
{
#define HEAD  "{\"yimen\":\"outbox\",\"version\":1,\"station\":\"a\",\"exported_at\":\"t\"}\n"
#define PAPER "{\"paper\":{\"sha256\":\"" SHA_HELLO "\",\"size\":5,\"media_type\":\"image/png\"}}\n"
	static const char *const wrong[] = {
		"x",
		"[]",
		"{}",
		"{\"end\":{\"letters\":0,\"papers\":0}}",
		HEAD HEAD,
		"{\"yimen\":\"outbox\",\"version\":2,\"station\":\"a\"}",
		"{\"yimen\":\"inbox\",\"version\":1,\"station\":\"a\"}",
		HEAD "{\"end\":{\"letters\":1,\"papers\":0}}",
		HEAD "{\"piece\":\"aGVsbG8=\"}",
		HEAD PAPER "{\"end\":{\"letters\":0,\"papers\":1}}",
		HEAD PAPER "{\"piece\":\"aGVsbG9vb29v\"}",
		HEAD PAPER "{\"piece\":\"\"}",
		HEAD PAPER "{\"piece\":\"a\"}",
		HEAD "{\"paper\":{\"sha256\":\"" SHA_HELLO "\",\"size\":0,\"media_type\":\"x\"}}",
		HEAD "{\"paper\":{\"sha256\":\"" SHA_HELLO
		     "\",\"size\":99999999,\"media_type\":\"x\"}}",
		HEAD
		"{\"paper\":{\"sha256\":\"../../etc/passwd\",\"size\":5,\"media_type\":\"x\"}}",
		HEAD "{\"end\":{\"letters\":0,\"papers\":0}}\n"
		     "{\"end\":{\"letters\":0,\"papers\":0}}",
		HEAD "{\"letter\":{\"id\":\"018bcfe5-6800-7000-8000-000000000001\",\"case_id\":"
		     "\"018bcfe5-6800-7000-8000-000000000002\",\"kind\":\"application\",\"path\":"
		     "\"/v1/applications\",\"created_at\":\"t\",\"sha256\":\"" SHA_HELLO
		     "\",\"body\":\"hellO\"}}",
		HEAD "{\"letter\":{\"id\":\"018bcfe5-6800-7000-8000-000000000001\",\"case_id\":"
		     "\"018bcfe5-6800-7000-8000-000000000002\",\"kind\":\"application\",\"path\":"
		     "\"http://elsewhere/\",\"created_at\":\"t\",\"sha256\":\"" SHA_HELLO
		     "\",\"body\":\"hello\"}}",
	};
	struct buf why = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		struct parcel_state s;
		buf_clear(&why);
		if (read_lines(wrong[i], &s, &why) != ERR_INVALID)
			fail_msg("taken: %s", wrong[i]);
		assert_true(why.len > 0);
	}
	buf_fini(&why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_derived_as_the_rfc_does),
		cmocka_unit_test(text_is_sealed_as_nist_does),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(what_is_sealed_comes_out),
		cmocka_unit_test(another_hall_is_told_from_rubbish),
		cmocka_unit_test(every_cut_and_every_change_is_seen),
		cmocka_unit_test(a_parcel_is_read_as_it_was_written),
		cmocka_unit_test(a_parcel_out_of_order_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
