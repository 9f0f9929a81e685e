#include "core/station/letter_text.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/text.h"

bool letter_text_is_clean(const json *v)
{
	const json *one;

	if (json_str(v) != NULL)
		return text_is_plain(json_str(v), false);
	if (json_type(v) == JSON_OBJECT || json_type(v) == JSON_ARRAY)
		for (one = json_first(v); one != NULL; one = json_next(one))
			if (!letter_text_is_clean(one))
				return false;
	return true;
}

static void write_text(struct buf *out, const char *s)
{
	struct buf clean = {0};

	text_clean(&clean, s, strlen(s));
	json_put_str(out, buf_str(&clean));
	buf_fini(&clean);
}

static void write_clean(struct buf *out, const json *v)
{
	bool object = json_type(v) == JSON_OBJECT;
	const json *one;

	if (json_str(v) != NULL) {
		write_text(out, json_str(v));
		return;
	}
	if (!object && json_type(v) != JSON_ARRAY) {
		json_write(out, v);
		return;
	}
	buf_addc(out, object ? '{' : '[');
	for (one = json_first(v); one != NULL; one = json_next(one)) {
		if (object)
			json_member(out, json_key(one));
		else
			json_comma(out);
		write_clean(out, one);
	}
	buf_addc(out, object ? '}' : ']');
}

void letter_text_clean(struct buf *body)
{
	struct buf clean = {0};
	json *root = NULL;

	if (json_parse(&root, buf_str(body), body->len, NULL) != OK)
		return;
	if (!letter_text_is_clean(root)) {
		write_clean(&clean, root);
		buf_fini(body);
		*body = clean;
	}
	json_free(root);
}
