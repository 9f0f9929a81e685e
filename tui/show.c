#include "tui/show.h"

#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/cases.h"
#include "tui/case_text.h"
#include "tui/glyph.h"

enum {
	PERSON_MAX_CPS = 4
};

void show_moment(struct buf *out, int64_t wall_ms, int64_t now_ms)
{
	char text[32];
	int32_t today = clock_day(now_ms), day = clock_day(wall_ms);

	if (wall_ms <= 0) {
		buf_adds(out, "-");
	} else if (day == today) {
		buf_adds(out, clock_format(wall_ms, "%H:%M", text, sizeof(text)));
	} else if (day == today - 1) {
		buf_printf(out, tr("昨天 %s"), clock_format(wall_ms, "%H:%M", text, sizeof(text)));
	} else if (date_from_day(day).year == date_from_day(today).year) {
		buf_adds(out, clock_format(wall_ms, "%m-%d %H:%M", text, sizeof(text)));
	} else {
		buf_adds(out, clock_format(wall_ms, "%Y-%m-%d", text, sizeof(text)));
	}
}

void show_duration(struct buf *out, int64_t ms)
{
	int64_t s = ms < 0 ? 0 : ms / 1000;

	if (s < 60)
		buf_printf(out, tr("%d秒"), (int)s);
	else if (s < 3600)
		buf_printf(out, tr("%d分钟"), (int)(s / 60));
	else if (s < 86400)
		buf_printf(out, tr("%d小时"), (int)(s / 3600));
	else
		buf_printf(out, tr("%d天"), (int)(s / 86400));
}

/* Stands between the parts of a name. */
static bool is_joint(uint32_t cp)
{
	return cp == ' ' || cp == '-' || cp == '.' || cp == ',' || cp == '\'' || cp == 0x2019 ||
	       text_is_name_dot(cp);
}

/* All in Latin letters, or in parts with a dot between them. */
static bool is_in_parts(const char *name)
{
	size_t len = strlen(name), other = 0, dots = 0;

	for (size_t at = 0; at < len;) {
		uint32_t cp;
		at += text_decode(name + at, len - at, &cp);
		if (cp >= '0' && cp <= '9')
			return false;
		dots += text_is_name_dot(cp);
		other += cp > 0x24f && !is_joint(cp);
	}
	return other == 0 || dots > 0;
}

static void mask_parts(struct buf *out, const char *name)
{
	size_t len = strlen(name);
	bool begins = true;

	for (size_t at = 0; at < len;) {
		uint32_t cp;
		size_t n = text_decode(name + at, len - at, &cp);
		if (begins || is_joint(cp))
			buf_add(out, name + at, n);
		else
			buf_addc(out, '*');
		begins = is_joint(cp);
		at += n;
	}
}

void show_name(struct buf *out, const char *name, bool mask)
{
	size_t cps = text_len_cps(name);

	if (mask && cps >= 2 && is_in_parts(name))
		mask_parts(out, name);
	else if (!mask || cps < 2 || cps > PERSON_MAX_CPS)
		buf_adds(out, name);
	else
		text_mask(out, name, 1, cps > 2 ? 1 : 0);
}

const char *show_alone(struct buf *b, const char *words)
{
	buf_clear(b);
	buf_adds(b, words);
	if (b->len > 0 && *b->data >= 'a' && *b->data <= 'z')
		*b->data = (char)(*b->data - 'a' + 'A');
	return buf_str(b);
}

const char *show_material_mark(enum checklist_state state)
{
	static const char *const marks[CHECKLIST_STATE__MAX] = {
		[CHECKLIST_MISSING] = "[ ]",
		[CHECKLIST_RECEIVED] = "[x]",
		[CHECKLIST_EXEMPT] = "[-]",
		[CHECKLIST_DEFERRED] = "[~]",
		[CHECKLIST_NONE] = "[ ]",
	};

	return marks[state];
}

void show_number(struct buf *out, const char *number, int cols)
{
	size_t len = strlen(number), keep = cols > 2 ? (size_t)cols - 2 : 0;

	if (len <= (size_t)cols || glyph_cols(number) != (int)len) /* whole, or not of figures */
		buf_adds(out, number);
	else
		buf_printf(out, "..%s", number + len - keep);
}

const char *show_case_state(const struct case_view *v)
{
	static const struct {
		const char *hold, *says; /* N_() */
	} held[] = {{"refused", N_("退回")}, {"person", N_("待处理")}, {"kept", N_("暂缓")}};

	if (v->letter_state && strcmp(v->letter_state, "waiting") == 0)
		return tr("待发");
	for (size_t i = 0; v->letter_hold && i < sizeof(held) / sizeof(*held); i++)
		if (strcmp(v->letter_hold, held[i].hold) == 0)
			return tr(held[i].says);
	return v->state ? case_state_text(v->state) : "";
}
