/* What a card reader types. Numbers are invented; their check characters are right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/clock.h"
#include "core/domain/card.h"

#define NUMBER "371323199205129964"

static int32_t today(void)
{
	return clock_day(clock_wall_ms(&clock_system));
}

static void reads(const char *text, const char *name, const char *address, const char *nation)
{
	struct card c = {0};

	if (!card_parse(text, today(), &c))
		fail_msg("no card: %s", text);
	assert_string_equal(buf_str(&c.number), NUMBER);
	assert_string_equal(buf_str(&c.name), name);
	assert_string_equal(buf_str(&c.address), address);
	assert_string_equal(buf_str(&c.nation), nation);
	card_fini(&c);
}

static void not_a_card(const char *text)
{
	struct card c = {0};

	if (card_parse(text, today(), &c))
		fail_msg("a card: %s", text);
	card_fini(&c);
}

static void the_ways_readers_write(void **state)
{
	(void)state;
	reads(NUMBER, "", "", "");
	reads("陈试例|女|汉|19920512|山东省沂水县示范镇人民路18号|" NUMBER "|示范县公安局|20200101",
		"陈试例", "山东省沂水县示范镇人民路18号", "");
	reads("陈试例,女,汉族,1992-05-12,示范镇人民路18号,３７１３２３１９９２０５１２９９６４",
		"陈试例", "示范镇人民路18号", "汉族");
	reads("姓名:陈试例;性别:女;民族:回族;住址:示范村;公民身份号码:" NUMBER, "陈试例", "示范村",
		"回族");
	reads("{\"Name\":\"陈试例\",\"IDNum\":\"" NUMBER "\",\"address\":\"示范村\"}", "陈试例",
		"示范村", "");
	reads("阿卜杜拉·买买提|男|" NUMBER, "阿卜杜拉·买买提", "", "");
}

static void what_is_none(void **state)
{
	char long_text[4000];

	(void)state;
	not_a_card("");
	not_a_card("陈试例");
	not_a_card("陈试例|女|371323199205129965"); /* wrong check character */
	not_a_card("{\"Name\":");
	not_a_card("||||||");
	memset(long_text, 'x', sizeof long_text);
	long_text[sizeof long_text - 1] = '\0';
	not_a_card(long_text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ways_readers_write),
		cmocka_unit_test(what_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
