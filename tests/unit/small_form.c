#include "tests/unit/small_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "forms/entry.h"

struct form *small_form(const char *markdown)
{
	struct buf faults = {0};
	struct form *f = NULL;

	if (form_read_markdown(&f, markdown, strlen(markdown), &faults) != OK)
		fail_msg("refused: %s", buf_str(&faults));
	buf_fini(&faults);
	return f;
}

void small_form_answers(struct entry *e, const char *want)
{
	struct buf b = {0};

	entry_json(e, &b);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}
