/*
 * Who delivers what waits, as a command finds it: nobody, a workstation that is open, a program in
 * the background; or there is no centre to deliver to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/conf.h"
#include "core/station/deliver_lock.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "tests/unit/world.h"
#include "tui/cmd_station.h"
#include "tui/letter_sender.h"

static void as_a_command_finds_it(void **state)
{
	struct world w;
	struct cmd_station st = {0};
	struct deliver_lock one, other;

	(void)state;
	world_open(&w, 1);
	st.home = w.folder;
	st.store = w.store;
	assert_int_equal(settings_load(&st.conf, w.folder, NULL), OK);
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_NO_CENTRE);
	assert_int_equal(store_set(w.store, "centre.url", "http://127.0.0.1:9"), OK);
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_NOBODY);
	assert_int_equal(deliver_lock_open(&one, w.folder), OK);
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_NOBODY); /* not by its files */
	assert_true(deliver_lock_wish(&one));
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_WORKSTATION);
	assert_int_equal(deliver_lock_open(&other, w.folder), OK);
	assert_true(deliver_lock_watch(&other));
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_BACKGROUND);
	deliver_lock_close(&one);
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_BACKGROUND);
	deliver_lock_close(&other);
	assert_int_equal(letter_sender_found(&st), LETTER_SENDER_NOBODY);
	conf_free(st.conf);
	world_close(&w);
}

/* Whoever is told not to watch has somebody who does. */
static void only_the_background_needs_no_watching(void **state)
{
	int by;

	(void)state;
	for (by = LETTER_SENDER_BACKGROUND; by <= LETTER_SENDER_NO_CENTRE; by++)
		assert_int_equal(
			strstr(letter_sender_words((enum letter_sender)by), "不用守着") != NULL,
			by == LETTER_SENDER_BACKGROUND);
	assert_non_null(strstr(letter_sender_words(LETTER_SENDER_NOBODY), "yimen deliver --once"));
	assert_non_null(strstr(letter_sender_words(LETTER_SENDER_NO_CENTRE), "yimen enrol"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_a_command_finds_it),
		cmocka_unit_test(only_the_background_needs_no_watching),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
