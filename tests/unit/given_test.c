/* Answers that are given whole: what has no effect, or replaces a read-only value, is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "forms/entry.h"

static const char form[] =
	"| survey |\n| | type | name | label | readonly | default | calculation | relevant | trigger |\n"
	"| | integer | a | 甲 | | | | | |\n"
	"| | integer | fee | 费用 | yes | 50 | | | |\n"
	"| | text | from | 来源 | yes | | | | |\n"
	"| | text | late | 后来 | ${a} > 5 | x | | | |\n"
	"| | calculate | twice | 两倍 | | | ${a} * 2 | | |\n"
	"| | text | more | 另外 | | | | ${a} > 1 | |\n"
	"| | text | at | 当时 | | | ${a} + 1 | | ${a} |\n"
	"| | note | told | 说明 | | | | | |\n"
	"| | begin_repeat | r | 组 | | | | | |\n"
	"| | integer | n | 数 | | | | | |\n| | calculate | m | 数二 | | | ${n} + 1 | | |\n"
	"| | end_repeat | | | | | | | |\n";

/* The answers that then stand, and what is said of those that were given. */
static void gives(const char *answers, const char *stands, const char *said)
{
	struct buf faults = {0}, out = {0}, why = {0};
	struct form *f = NULL;
	struct entry *e;
	json *given = NULL;

	if (form_read_markdown(&f, form, strlen(form), &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	e = entry_new(f, &clock_system);
	assert_int_equal(json_parse(&given, answers, strlen(answers), NULL), OK);
	assert_int_equal(entry_load_object(e, given, &why), OK);
	assert_string_equal(buf_str(&why), "");
	entry_given(e, given, &why);
	entry_json(e, &out);
	assert_string_equal(buf_str(&out), stands);
	assert_string_equal(buf_str(&why), said);
	json_free(given);
	entry_free(e);
	form_free(f);
	buf_fini(&faults);
	buf_fini(&out);
	buf_fini(&why);
}

static void computed_values_stand(void **state)
{
	(void)state;
	gives("{\"a\":1,\"twice\":3}",
		"{\"a\":1,\"fee\":50,\"late\":\"x\",\"twice\":\"2\",\"at\":\"2\"}",
		"twice 由表算出, 是 2; 给的 3 没有用");
	gives("{\"twice\":3}", "{\"fee\":50,\"late\":\"x\"}",
		"twice 由表算出, 现在算出来是空的, 给的没有用");
	gives("{\"r\":[{\"n\":1,\"m\":2},{\"n\":2,\"m\":9}]}",
		"{\"fee\":50,\"late\":\"x\",\"r\":[{\"n\":1,\"m\":\"2\"},{\"n\":2,\"m\":\"3\"}]}",
		"r[2]/m 由表算出, 是 3; 给的 9 没有用");
}

/* XForms: read-only is what cannot be changed on the form; data may bring another value. */
static void read_only_values_are_taken_and_said(void **state)
{
	(void)state;
	gives("{\"fee\":5}", "{\"fee\":5,\"late\":\"x\"}",
		"fee 是只读的, 表里写的是 50; 按给的 5 收下");
	gives("{\"fee\":50,\"from\":\"别处\"}", "{\"fee\":50,\"from\":\"别处\",\"late\":\"x\"}",
		"");
	gives("{\"late\":\"y\"}", "{\"fee\":50,\"late\":\"y\"}", ""); /* it is not, yet */
	gives("{\"a\":9,\"late\":\"y\"}",
		"{\"a\":9,\"fee\":50,\"late\":\"y\",\"twice\":\"18\",\"at\":\"10\"}",
		"late 是只读的, 表里写的是 x; 按给的 y 收下");
}

static void what_is_not_asked_has_no_effect(void **state)
{
	(void)state;
	gives("{\"more\":\"z\"}", "{\"fee\":50,\"late\":\"x\"}",
		"more 在这种情况下不填, 给的没有用");
	gives("{\"more\":\"z\",\"a\":2}",
		"{\"a\":2,\"fee\":50,\"late\":\"x\",\"twice\":\"4\",\"more\":\"z\",\"at\":\"3\"}",
		"");
	gives("{\"told\":\"z\"}", "{\"fee\":50,\"late\":\"x\"}",
		"told 在这种情况下不填, 给的没有用");
}

/* What was exported goes back without a word. */
static void its_own_answers_go_back(void **state)
{
	static const char answers[] =
		"{\"a\":2,\"fee\":50,\"late\":\"x\",\"twice\":\"4\",\"more\":\"z\",\"at\":\"3\","
		"\"r\":[{\"n\":1,\"m\":\"2\"}]}";

	(void)state;
	gives(answers, answers, "");
	gives("{}", "{\"fee\":50,\"late\":\"x\"}", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computed_values_stand),
		cmocka_unit_test(read_only_values_are_taken_and_said),
		cmocka_unit_test(what_is_not_asked_has_no_effect),
		cmocka_unit_test(its_own_answers_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
