/* What a form computes in Chinese is shown in the language of the screen, and kept as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "forms/entry.h"
#include "forms/instance.h"

static const char form[] =
	"| survey |\n| | type | name | label::中文 (zh) | label::English (en) | calculation | appearance |\n"
	"| | text | applicant_id | 证件号码 | Number | | |\n"
	"| | select_one kinds | kind | 类别 | Kind | | |\n"
	"| | calculate | sex | 性别 | Sex | if(id-card-sex(${applicant_id}) = '1', '男', '女') | |\n"
	"| | calculate | kind_told | 类别 | Kind | if(${kind} = 'a', '甲类', '别的') | same-as:kind |\n"
	"| choices |\n| | list_name | name | label::中文 (zh) | label::English (en) |\n"
	"| | kinds | a | 甲类 | First kind |\n| | kinds | b | 乙类 | Second kind |\n";

static void shows(struct entry *e, const char *field, const char *kept, const char *shown)
{
	struct node *n = entry_find(e, field);
	struct buf out = {0};

	assert_non_null(n);
	assert_string_equal(n->value, kept);
	entry_text(e, n, true, &out);
	assert_string_equal(buf_str(&out), shown);
	buf_fini(&out);
}

static void computed_words_are_in_english(void **state)
{
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;

	(void)state;
	if (form_read_markdown(&f, form, strlen(form), &faults) != OK)
		fail_msg("refused: %s", buf_str(&faults));
	e = entry_new(f, &clock_system);
	entry_set(e, entry_find(e, "applicant_id"), "110101199003070011");
	shows(e, "sex", "男", "Male");
	entry_set(e, entry_find(e, "applicant_id"), "371323199205129964");
	shows(e, "sex", "女", "Female");
	entry_set(e, entry_find(e, "kind"), "a");
	shows(e, "kind", "a", "First kind");
	shows(e, "kind_told", "甲类", "First kind");
	entry_set(e, entry_find(e, "kind"), "b");
	shows(e, "kind_told", "别的", "别的"); /* none of its words */
	entry_free(e);
	form_free(f);
	buf_fini(&faults);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computed_words_are_in_english),
	};

	setenv("LANGUAGE", "en", 1);
	msg_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
