#include "core/central/intake_text.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/problem.h"

static bool is_remark(const char *pointer)
{
	return strcmp(pointer, "/note") == 0 || strcmp(pointer, "/reason") == 0;
}

static void check(const char *text, const char *pointer, struct problem *p)
{
	bool lines = is_remark(pointer);

	if (text_is_plain(text, lines))
		return;
	problem_at(p, pointer, "control-character",
		lines ? tr("这一项里有看不见的控制字符, 请重打这一项")
		      : tr("这一项里有换行或看不见的控制字符, 请重打这一项"));
}

/* As nearly every letter is: nothing to say, no pointer to write. */
static bool is_plain(const json *v)
{
	bool object = json_type(v) == JSON_OBJECT;
	const json *one;

	if (json_str(v) != NULL)
		return text_is_plain(json_str(v), false);
	if (!object && json_type(v) != JSON_ARRAY)
		return true;
	for (one = json_first(v); one != NULL; one = json_next(one))
		if ((object && !text_is_plain(json_key(one), false)) || !is_plain(one))
			return false;
	return true;
}

static void walk(const json *v, struct buf *pointer, struct problem *p)
{
	bool object = json_type(v) == JSON_OBJECT;
	const json *one;
	size_t i = 0, len = pointer->len;

	if (json_str(v) != NULL)
		check(json_str(v), buf_str(pointer), p);
	if (!object && json_type(v) != JSON_ARRAY)
		return;
	for (one = json_first(v); one != NULL; one = json_next(one)) {
		if (object)
			problem_pointer(pointer, json_key(one));
		else
			buf_printf(pointer, "/%zu", i++);
		if (object)
			check(json_key(one), buf_str(pointer), p);
		walk(one, pointer, p);
		pointer->len = len;
		pointer->data[len] = '\0';
	}
}

void intake_check_texts(const json *letter, struct problem *p)
{
	struct buf pointer = {0};

	if (!is_plain(letter))
		walk(letter, &pointer, p);
	buf_fini(&pointer);
}
