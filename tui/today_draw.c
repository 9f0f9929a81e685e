#include "tui/today_draw.h"

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/notices.h"
#include "tui/app.h"
#include "tui/canvas.h"
#include "tui/glyph.h"
#include "tui/case_lines.h"
#include "tui/letter_view.h"
#include "tui/screen.h"
#include "tui/session.h"
#include "tui/show.h"
#include "tui/visitors.h"
#include "tui/widget_pager.h"

enum {
	PREVIEW_NOTICES = 5
};

void today_draw_heading(struct canvas *c, int row, enum today_group g, size_t count, int cols)
{
	static const char *const names[TODAY__MAX] = {
		[TODAY_ACT] = N_("1 要您处理"),
		[TODAY_NEWS] = N_("2 有消息"),
		[TODAY_DRAFTS] = N_("3 没办完的"),
		[TODAY_WAITING] = N_("4 待发"),
	};
	static const char *const none[TODAY__MAX] = {
		[TODAY_ACT] = N_("没有退回的, 没有新的补正"),
		[TODAY_NEWS] = N_("没有新消息"),
		[TODAY_DRAFTS] = N_("没有草稿"),
		[TODAY_WAITING] = N_("全部已送达中心"),
	};
	struct buf b = {0};
	int end;

	canvas_put(c, row, 1, 40, ROLE_STRONG, tr(names[g]));
	if (count)
		buf_printf(&b, tr("%zu 件"), count);
	else
		buf_adds(&b, tr(none[g]));
	end = cols < 79 ? cols : 79;
	canvas_right(c, row, 24, end, ROLE_TEXT, buf_str(&b));
	buf_fini(&b);
}

/* What it is due by stays whole; the note before it is cut when both are too wide. */
static void draw_note(
	const struct today_row *r, struct canvas *c, int row, int col, int cols, enum role role)
{
	int due = 0, note = cols;

	if (r->due) {
		text_fit(r->due, cols, &due);
		text_fit(r->note, cols, &note);
		if (note + 1 + due > cols)
			note = cols - due - 1;
	}
	if (note > 0)
		canvas_pad(c, row, col, note, role, r->note);
	if (r->due)
		canvas_pad(c, row, col + note + 1, cols - note - 1, role, r->due);
}

int today_draw_row(struct canvas *c, int row, const struct today_row *r, int cols, bool masked)
{
	struct buf who = {0};
	int what = canvas_cols(c) < 80 ? 18 : 28; /* the note is wanted in a narrow window too */

	show_name(&who, r->who, masked);
	canvas_pad(c, row, 4, 11, ROLE_TEXT, r->when);
	canvas_pad(c, row, 16, what, ROLE_TEXT, r->what);
	canvas_pad(c, row, 17 + what, 8, ROLE_TEXT, buf_str(&who));
	draw_note(r, c, row, 26 + what, cols - 26 - what,
		r->group == TODAY_ACT ? ROLE_WARN : ROLE_TEXT);
	buf_fini(&who);
	return 15 + what;
}

void today_draw_greeting(struct app *a, struct canvas *c)
{
	struct session *session = app_session(a);
	struct buf b = {0}, queue = {0};

	buf_printf(&b, tr("今日受理 %zu 件"), session->today);
	visitors_words(session->visitors, app_wall_ms(a), &queue);
	if (session->letters.waiting > 0 && queue.len == 0)
		buf_printf(&b, tr(", %zu 件待发"), session->letters.waiting);
	if (queue.len) { /* who waits comes first */
		int end = canvas_cols(c) < 80 ? canvas_cols(c) - 1 : 79;
		int from = 3 + canvas_put(c, BODY_TOP, 1, end - 1, ROLE_STRONG, buf_str(&queue));
		if (glyph_cols(buf_str(&b)) <= end - from) /* the status row has it too */
			canvas_right(c, BODY_TOP, from, end, ROLE_TEXT, buf_str(&b));
	} else {
		canvas_put(c, BODY_TOP, 1, 78, ROLE_TEXT, buf_str(&b));
	}
	buf_fini(&b);
	buf_fini(&queue);
}

static void add_seen_notice(void *arg, const struct notice *n)
{
	pager_add(arg, 2, ROLE_TEXT, n->text);
}

/* A row without a page of its own kind: the whole of what its columns cut. */
static void row_lines(struct pager *p, const struct today_row *r)
{
	pager_add(p, 0, ROLE_STRONG, r->what);
	pager_gap(p);
	pager_add(p, 2, ROLE_TEXT, r->note);
}

void today_preview(struct pager *p, struct app *a, const struct today_row *r)
{
	const struct session *s = app_session(a);
	int64_t now = app_wall_ms(a);

	switch (r->kind) {
	case TODAY_ROW_LETTER:
		letter_preview(p, s, r->id, now);
		break;
	case TODAY_ROW_HANDED:
		row_lines(p, r);
		pager_gap(p);
		case_preview(p, s, r->id, now);
		break;
	case TODAY_ROW_CASE:
	case TODAY_ROW_DRAFT:
		case_preview(p, s, r->id, now);
		break;
	case TODAY_ROW_NOTICES:
		pager_add(p, 0, ROLE_STRONG, r->what);
		pager_gap(p);
		notice_each(s->store, PREVIEW_NOTICES, add_seen_notice, p);
		break;
	default:
		row_lines(p, r);
	}
}
