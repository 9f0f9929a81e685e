/* Results to hand over: who comes says a name. */
#include "tui/plain/desk.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/lifecycle.h"
#include "core/station/case_find.h"
#include "core/station/cases.h"
#include "core/station/store.h"
#include "tui/case_story.h"
#include "tui/show.h"

enum {
	ROWS_MAX = 200
};

struct results {
	struct desk *desk;
	struct menu menu;
	char (*ids)[ID_UUID_SIZE];
};

static void add_result(void *arg, const struct case_view *v)
{
	struct results *g = arg;
	struct buf text = {0}, result = {0};

	g->ids = mem_resize(g->ids, g->menu.count + 1, sizeof(*g->ids));
	memcpy(g->ids[g->menu.count], v->id, ID_UUID_SIZE);
	show_name(&text, v->applyer_name ? v->applyer_name : "", !g->desk->session->unmasked);
	buf_printf(&text, ", %s", v->task_name ? v->task_name : "");
	case_result(g->desk->session->store, v->id, &result);
	if (result.len > 0)
		buf_printf(&text, ", %s", result.data);
	menu_add(&g->menu, buf_str(&text));
	buf_fini(&text);
	buf_fini(&result);
}

enum way desk_pickup(struct desk *d)
{
	struct buf words = {0};
	enum way w = WAY_BACK;

	while (w == WAY_BACK || w == WAY_ON) {
		struct results g = {.desk = d,
			.menu = {.ask = tr("打数字送达"), .words = tr("查姓名、拼音或号码")}};
		struct buf title = {0};
		long picked;
		case_find(d->session->store,
			&(struct case_wanted){
				buf_str(&words), case_state_name(CASE_DECIDED), ROWS_MAX},
			add_result, &g);
		buf_printf(&title, tr("待取的结果 %zu 件"), g.menu.count);
		g.menu.title = buf_str(&title);
		picked = menu_ask(d->talk, &g.menu, &words);
		if (picked > 0)
			w = desk_act(d, g.ids[picked - 1], ACT_DELIVER);
		else if (picked == MENU_BACK && words.len > 0)
			buf_clear(&words);
		else if (picked != MENU_WORDS)
			w = picked == MENU_BACK ? WAY_HOME : WAY_END;
		free(g.ids);
		menu_fini(&g.menu);
		buf_fini(&title);
	}
	buf_fini(&words);
	return w;
}
