/* What a request says in its path, its query and its body. */
#include <stdlib.h>
#include <string.h>

#include "core/base/msg.h"
#include "core/central/api_internal.h"

bool api_param(struct exchange *x, struct buf *out)
{
	buf_clear(out);
	if (exchange_decode(x->param, x->param_len_bytes, out) && out->len > 0 && out->len <= 256)
		return true;
	problem_say(x, PROBLEM_NO_PATH, tr("地址里的编号不对"));
	return false;
}

bool api_number(struct exchange *x, const char *name, int64_t least, int64_t most, int64_t *out)
{
	struct buf b = {0};
	enum query_value given = exchange_query(x, name, &b);
	bool good = given == QUERY_ABSENT;

	if (given == QUERY_GIVEN && b.len > 0 && b.len < 19 &&
		strspn(b.data, "0123456789") == b.len) {
		int64_t n = strtoll(b.data, NULL, 10);
		good = n >= least && n <= most;
		if (good)
			*out = n;
	}
	buf_fini(&b);
	if (!good)
		problem_say_at(x, PROBLEM_BAD_REQUEST, "parameter", name, "range",
			tr("参数 %s 应是 %lld 到 %lld 的整数"), name, (long long)least,
			(long long)most);
	return good;
}

json *api_body(struct exchange *x)
{
	struct buf why = {0};
	json *root = NULL;

	if (json_parse(&root, buf_str(&x->body), x->body.len, &why) != OK)
		problem_say_at(x, PROBLEM_JSON, "pointer", "", "json", "%s", buf_str(&why));
	buf_fini(&why);
	return root;
}
