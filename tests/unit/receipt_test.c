/* Receipts that prove themselves: of this hall or not, one number for each, none given twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/crypto.h"
#include "core/base/db.h"
#include "core/station/receipt.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static void any_station_of_the_hall_can_check_a_receipt(void **state)
{
	char receipt[LOCAL_RECEIPT_SIZE], normal[LOCAL_RECEIPT_SIZE], id[ID_UUID_SIZE], text[80];
	struct world here, there, elsewhere;
	size_t i, len;

	(void)state;
	world_open(&here, 5);
	world_open(&there, 6);
	world_open(&elsewhere, 7);
	assert_int_equal(store_set(here.store, "receipt.key", "the hall's"), OK);
	assert_int_equal(store_set(there.store, "receipt.key", "the hall's"), OK);
	world_submit(&here, receipt, id);
	assert_int_equal(receipt_check(here.store, receipt, normal), RECEIPT_GENUINE);
	assert_int_equal(receipt_check(there.store, receipt, normal), RECEIPT_GENUINE);
	assert_string_equal(normal, receipt);
	assert_int_equal(receipt_check(elsewhere.store, receipt, NULL), RECEIPT_FALSE);
	/* written before this station was admitted */
	world_submit(&elsewhere, text, id);
	assert_int_equal(receipt_key_set(elsewhere.store, "the hall's"), OK);
	assert_int_equal(receipt_check(elsewhere.store, text, NULL), RECEIPT_GENUINE);
	assert_int_equal(receipt_check(elsewhere.store, receipt, NULL), RECEIPT_GENUINE);
	assert_int_equal(receipt_check(there.store, text, NULL), RECEIPT_FALSE);
	/* as it is typed */
	snprintf(text, sizeof text, " %s \n", receipt);
	for (i = 0; text[i] != '\0'; i++)
		text[i] = text[i] == '0' ? 'o' : text[i];
	text[1] = 'l';
	assert_int_equal(receipt_check(there.store, text, normal), RECEIPT_GENUINE);
	assert_string_equal(normal, receipt);
	/* every digit altered */
	len = strlen(receipt);
	for (i = 1; i < len; i++) {
		snprintf(text, sizeof text, "%s", receipt);
		if (text[i] == '-')
			continue;
		text[i] = text[i] == '7' ? '3' : '7';
		if (receipt_check(here.store, text, NULL) != RECEIPT_FALSE)
			fail_msg("taken for genuine: %s", text);
	}
	assert_int_equal(receipt_check(here.store, "", NULL), RECEIPT_MALFORMED);
	assert_int_equal(receipt_check(here.store, "L", NULL), RECEIPT_MALFORMED);
	assert_int_equal(receipt_check(here.store, "371323-2026-0001", NULL), RECEIPT_MALFORMED);
	snprintf(text, sizeof text, "%sA", receipt);
	assert_int_equal(receipt_check(here.store, text, NULL), RECEIPT_MALFORMED);
	text[len - 1] = '\0';
	assert_int_equal(receipt_check(here.store, text, NULL), RECEIPT_MALFORMED);
	world_close(&here);
	world_close(&there);
	world_close(&elsewhere);
}

static void a_number_names_one_receipt_of_the_hall(void **state)
{
	static const struct {
		const char *window, *part;
	} windows[] = {{"03", "03"}, {"3", "03"}, {"A1", "A1"}, {"b12", "B1"}, {"O2", "02"},
		{"", "00"}, {"综合", "00"}};
	char ours[LOCAL_RECEIPT_SIZE], theirs[LOCAL_RECEIPT_SIZE];
	struct world here, there;
	size_t i;

	(void)state;
	world_open(&here, 5);
	world_open(&there, 6);
	assert_int_equal(receipt_key_set(here.store, "the hall's"), OK);
	assert_int_equal(receipt_key_set(there.store, "the hall's"), OK);
	for (i = 0; i < sizeof windows / sizeof windows[0]; i++) {
		assert_int_equal(receipt_make(here.store, windows[i].window, ours), OK);
		assert_int_equal(receipt_make(there.store, windows[i].window, theirs), OK);
		assert_string_not_equal(ours, theirs);
		assert_int_not_equal(strncmp(ours, theirs, 14), 0);
		assert_int_equal(strncmp(ours + 8, windows[i].part, 2), 0);
		assert_int_equal(receipt_check(there.store, ours, NULL), RECEIPT_GENUINE);
		assert_int_equal(receipt_check(here.store, theirs, NULL), RECEIPT_GENUINE);
		assert_true(receipt_names_station(ours));
		assert_int_equal(strlen(ours), 20); /* as wide as the large letters have room */
	}
	/* a PC that took another's place, or a folder that was copied */
	assert_int_equal(receipt_make(here.store, "03", ours), OK);
	assert_int_equal(receipt_mark_set(here.store, "no mark"), OK);
	assert_int_equal(receipt_make(here.store, "03", theirs), OK);
	assert_int_not_equal(strncmp(ours, theirs, 14), 0);
	assert_int_equal(strncmp(theirs + 14, "01-", 3), 0);
	/* as the centre gives it */
	assert_int_equal(receipt_mark_set(here.store, "K7Q"), OK);
	assert_int_equal(receipt_make(here.store, "03", ours), OK);
	assert_int_equal(strncmp(ours + 11, "K7Q01-", 6), 0);
	world_close(&here);
	world_close(&there);
}

/* The check code of a number as it was made before, with four characters. */
static void make_old(const char *key, const char *head, char out[LOCAL_RECEIPT_SIZE])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char hmac[CRYPTO_HEX_SIZE], code[5] = "";
	int i;

	crypto_hmac(key, strlen(key), head, strlen(head), hmac);
	for (i = 0; i < 4; i++) {
		char pair[3] = {hmac[2 * i], hmac[2 * i + 1], '\0'};
		code[i] = alphabet[strtoul(pair, NULL, 16) & 31];
	}
	snprintf(out, LOCAL_RECEIPT_SIZE, "%s-%s", head, code);
}

static void receipts_of_before_stay_genuine(void **state)
{
	char old[LOCAL_RECEIPT_SIZE], normal[LOCAL_RECEIPT_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 5);
	assert_int_equal(receipt_key_set(w.store, "the hall's"), OK);
	make_old("the hall's", "L261123-03-0018", old);
	assert_int_equal(receipt_check(w.store, old, normal), RECEIPT_GENUINE);
	assert_string_equal(normal, old);
	assert_false(receipt_names_station(normal));
	old[14] = '9';
	assert_int_equal(receipt_check(w.store, old, NULL), RECEIPT_FALSE);
	make_old("the hall's", "L261123-03-018", old);
	assert_int_equal(receipt_check(w.store, old, NULL), RECEIPT_MALFORMED);
	make_old("the hall's", "L261123-03-K7Q18", old);
	assert_int_equal(receipt_check(w.store, old, NULL), RECEIPT_MALFORMED);
	world_close(&w);
}

/* A carried case may have brought a number that would be the next here. */
static void a_number_that_is_here_already_is_left_out(void **state)
{
	char next[LOCAL_RECEIPT_SIZE], after[LOCAL_RECEIPT_SIZE], receipt[LOCAL_RECEIPT_SIZE];
	char id[ID_UUID_SIZE];
	struct world w;
	struct stmt *st;

	(void)state;
	world_open(&w, 5);
	world_submit(&w, receipt, id);
	assert_int_equal(db_begin(store_db(w.store)), OK);
	assert_int_equal(receipt_make(w.store, "03", next), OK);
	assert_int_equal(receipt_make(w.store, "03", after), OK);
	db_rollback(store_db(w.store));
	st = db_prepare(store_db(w.store),
		"INSERT INTO case_ (id, letter_key, state, task_code, task_name, operator_name, window,"
		" local_receipt, origin, created_ms, updated_ms)"
		" VALUES ('x', 'x', 'carried', 't', 't', '', '', ?1, 'b', 1, 1)");
	db_bind_text(st, 1, next);
	assert_int_equal(db_run(st), OK);
	world_submit(&w, receipt, id);
	assert_string_equal(receipt, after);
	world_close(&w);
}

/* Two copies of one folder, or an old one: the centre tells of receipts that are not here. */
static void a_copy_that_learns_of_another_counts_apart(void **state)
{
	char ours[LOCAL_RECEIPT_SIZE], again[LOCAL_RECEIPT_SIZE], other[LOCAL_RECEIPT_SIZE];
	struct world here;

	(void)state;
	world_open(&here, 23);
	assert_int_equal(receipt_mark_set(here.store, "K7Q"), OK);
	assert_int_equal(receipt_make(here.store, "03", ours), OK);
	/* what is none, is not the hall's or is another station's says nothing of this one */
	assert_int_equal(receipt_mark_set(here.store, "K7R"), OK);
	assert_int_equal(receipt_unknown_here(here.store, ours), OK);
	assert_int_equal(receipt_unknown_here(here.store, ""), OK);
	assert_int_equal(receipt_unknown_here(here.store, "L261124-03-K7R18-000"), OK);
	assert_int_equal(receipt_make(here.store, "03", again), OK);
	assert_memory_equal(again + 11, "K7R", 3);
	/* ours, and we have not written it */
	assert_int_equal(receipt_unknown_here(here.store, again), OK);
	assert_int_equal(receipt_make(here.store, "03", other), OK);
	assert_memory_not_equal(other + 11, "K7R", 3);
	/* once is enough */
	assert_int_equal(receipt_unknown_here(here.store, again), OK);
	assert_int_equal(receipt_make(here.store, "03", again), OK);
	assert_memory_equal(again, other, 14);
	world_close(&here);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_station_of_the_hall_can_check_a_receipt),
		cmocka_unit_test(a_number_names_one_receipt_of_the_hall),
		cmocka_unit_test(receipts_of_before_stay_genuine),
		cmocka_unit_test(a_number_that_is_here_already_is_left_out),
		cmocka_unit_test(a_copy_that_learns_of_another_counts_apart),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
