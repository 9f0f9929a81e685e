#include "core/station/accepted.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/msg.h"

static bool same(const json *a, const json *b, const char *name)
{
	const char *x = json_get_str(a, name), *y = b != NULL ? json_get_str(b, name) : NULL;

	return x != NULL && y != NULL && strcmp(x, y) == 0;
}

/* 手机号码 (这是境外的号码; 与留过的号码一样): 在香港工作. Returns the last of those that it told.
 */
static const json *tell_field(const json *w, struct buf *out)
{
	const char *label = json_get_str(w, "label"), *message;
	const char *reason = json_get_str(w, "reason");
	const json *first = w, *last = w;
	struct buf told = {0};

	for (; w != NULL && same(first, w, "field") && same(first, w, "reason"); w = json_next(w)) {
		message = json_get_str(w, "message");
		if (message != NULL)
			buf_printf(&told, "%s%s", told.len > 0 ? "; " : "", message);
		last = w;
	}
	buf_adds(out, label != NULL ? label : json_get_str(first, "field"));
	if (told.len > 0)
		buf_printf(out, " (%s)", told.data);
	buf_printf(out, ": %s", reason != NULL ? reason : "");
	buf_fini(&told);
	return last;
}

bool accepted_any(const char *list)
{
	return list != NULL && list[0] != '\0' && strcmp(list, "[]") != 0;
}

void accepted_tell(const char *list, struct buf *out)
{
	json *all = NULL;
	const json *w;
	bool any =
		strstr(buf_str(out), tr("提醒已写明原因")) != NULL; /* another list came before */

	if (!accepted_any(list) || json_parse(&all, list, strlen(list), NULL) != OK)
		return;
	for (w = json_first(all); w != NULL; w = json_next(w)) {
		if (json_get_str(w, "field") == NULL)
			continue;
		buf_adds(out, out->len > 0 ? "; " : "");
		if (!any)
			buf_printf(out, "%s: ", tr("提醒已写明原因"));
		any = true;
		w = tell_field(w, out);
	}
	json_free(all);
}
