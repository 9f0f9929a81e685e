/* Values that need not be typed: what this person answered before, a person served before. */
#include "tui/plain/fill_private.h"

#include <stdlib.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/people.h"
#include "forms/entry_history.h"
#include "tui/intake.h"
#include "tui/show.h"

void fill_take_all(struct fill *f)
{
	size_t taken = offers_take_all(&f->offers, f->entry);

	history_note(f->history);
	fill_store(f);
	talk_say(f->talk, tr("取用了 %zu 栏, 请逐栏核对有没有变。"), taken);
}

void fill_meet(struct fill *f)
{
	struct buf ask = {0};

	if (f->step != DRAFT_AT_FORM || !offers_update(&f->offers, f->intake))
		return;
	buf_printf(&ask, tr("这个人在本机办过事, %zu 栏有上次填的, 全部取用?"),
		offers_open(&f->offers, f->entry));
	if (menu_yes(f->talk, buf_str(&ask)))
		fill_take_all(f);
	else
		talk_say(f->talk, "%s", tr("到那一栏时打加号, 也可以逐栏取用。"));
	buf_fini(&ask);
}

struct people {
	struct fill *fill;
	struct menu menu;
	struct found {
		char *number, *name, *mobile;
	} * list;
};

static void add_person(void *arg, const struct person *x)
{
	struct people *p = arg;
	struct buf text = {0};

	p->list = mem_resize(p->list, p->menu.count + 1, sizeof(*p->list));
	p->list[p->menu.count] =
		(struct found){mem_strdup(x->number), mem_strdup(x->name), mem_strdup(x->mobile)};
	show_name(&text, x->name, !p->fill->desk->session->unmasked);
	buf_adds(&text, ", ");
	text_mask(&text, x->number, 6, 4);
	buf_printf(&text, tr(", 上次办 %s"), x->task_name);
	menu_add(&p->menu, buf_str(&text));
	buf_fini(&text);
}

enum fill_next fill_person(struct fill *f)
{
	struct people p = {.fill = f};
	struct buf words = {0};
	long picked = 0;

	if (menu_line(f->talk, tr("查办事人: 姓名、拼音首字母、证件号或手机号"), NULL, &words)) {
		people_find(
			f->intake->store, buf_str(&words), f->intake->draft_id, 20, add_person, &p);
		if (p.menu.count == 0)
			talk_say(f->talk, "%s", tr("没有找到。"));
		else
			picked = menu_ask(f->talk, &p.menu, NULL);
	}
	if (picked > 0) {
		struct found *x = &p.list[picked - 1];
		offers_take_person(f->intake,
			&(struct person){
				.number = x->number, .name = x->name, .mobile = x->mobile});
		history_note(f->history);
		fill_store(f);
		talk_say(f->talk, "%s", tr("姓名、证件号、电话已填上, 请核对。"));
		fill_meet(f);
	}
	for (size_t i = 0; i < p.menu.count; i++) {
		free(p.list[i].number);
		free(p.list[i].name);
		free(p.list[i].mobile);
	}
	free(p.list);
	menu_fini(&p.menu);
	buf_fini(&words);
	return fill_stay(f);
}
