/*
 * yimen draft: what is open at this station, and what a newer form or guide does to it: which
 * fields and materials each draft gains or loses.
 */
#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/draft.h"
#include "forms/form.h"
#include "tui/cmd_station.h"
#include "tui/intake.h"

struct listing {
	struct cmd_station *st;
	bool changed_only, as_json;
	size_t shown;
};

static void put_names(struct buf *b, const char *key, char *const *names, size_t count)
{
	json_member(b, key);
	buf_addc(b, '[');
	for (size_t i = 0; i < count; i++) {
		json_comma(b);
		json_put_str(b, names[i]);
	}
	buf_addc(b, ']');
}

static void put_fields(
	struct buf *b, const char *key, const struct carried_field *list, size_t count)
{
	json_member(b, key);
	buf_addc(b, '[');
	for (size_t i = 0; i < count; i++) {
		json_comma(b);
		json_put_str(b, list[i].label);
	}
	buf_addc(b, ']');
}

/* in NULL: its matter or form cannot be opened. */
static void print_json(const struct draft *d, const struct intake *in)
{
	struct buf b = {0};
	char iso[CLOCK_ISO_SIZE];

	buf_addc(&b, '{');
	json_member_str(&b, "case_id", d->id);
	json_member_str(&b, "task_code", d->task_code);
	json_member_str(&b, "task_name", d->task_name);
	json_member_str(&b, "operator", d->operator_name);
	json_member_str(&b, "window", d->window);
	json_member_str(&b, "parked", d->parked_note);
	json_member_str(&b, "form_version", d->form_version);
	json_member_str(&b, "updated_at", clock_iso(d->updated_ms, iso));
	if (in) {
		const struct intake_carry *c = &in->carry;
		json_member_str(&b, "form_version_now", in->form->version);
		put_fields(&b, "fields_lost", c->lost, c->lost_count);
		put_fields(&b, "fields_gained", c->gained, c->gained_count);
		put_fields(&b, "fields_refused", c->refused, c->refused_count);
		put_fields(&b, "reasons_lost", c->unreasoned, c->unreasoned_count);
		put_names(&b, "materials_lost", c->papers_lost, c->papers_lost_count);
		put_names(&b, "materials_gained", c->papers_gained, c->papers_gained_count);
	}
	buf_addc(&b, '}');
	puts(b.data);
	buf_fini(&b);
}

static void print_names(const char *sign, const char *what, char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("  %s %s: %s\n", sign, what, names[i]);
}

static void print_plain(const struct draft *d, const struct intake *in, const struct buf *why)
{
	struct buf name = {0};
	char when[32];

	text_mask(&name, d->applyer_name ? d->applyer_name : "", 1, 0);
	printf("%s\t%s\t%s\t%s\t%s\n",
		clock_format(d->updated_ms, "%Y-%m-%d %H:%M", when, sizeof when), d->operator_name,
		buf_str(&name), d->task_name, d->parked_note ? d->parked_note : "");
	buf_fini(&name);
	if (!in) {
		printf("  ! %s\n", buf_str(why));
		return;
	}
	if (in->carry.form_version)
		printf(tr("  表单 %s 版 -> %s 版\n"), in->carry.form_version, in->form->version);
	for (size_t i = 0; i < in->carry.lost_count; i++)
		printf("  - %s: %s\n", tr("栏"), in->carry.lost[i].label);
	for (size_t i = 0; i < in->carry.gained_count; i++)
		printf("  + %s: %s\n", tr("栏"), in->carry.gained[i].label);
	for (size_t i = 0; i < in->carry.refused_count; i++)
		printf("  ! %s: %s: %s\n", tr("栏"), in->carry.refused[i].label,
			in->carry.refused[i].why);
	for (size_t i = 0; i < in->carry.unreasoned_count; i++)
		printf("  - %s: %s: %s\n", tr("提醒已写明原因"), in->carry.unreasoned[i].label,
			in->carry.unreasoned[i].value);
	print_names("-", tr("材料"), in->carry.papers_lost, in->carry.papers_lost_count);
	print_names("+", tr("材料"), in->carry.papers_gained, in->carry.papers_gained_count);
}

static void show_draft(void *arg, const struct draft *d)
{
	struct listing *l = arg;
	struct intake *in = NULL;
	struct buf why = {0};
	enum err e = intake_resume(&in, l->st->catalogue, l->st->store, d->id, &why);

	if (e != OK)
		in = NULL;
	if (!l->changed_only || !in || intake_carried(in)) {
		l->shown++;
		if (l->as_json)
			print_json(d, in);
		else
			print_plain(d, in, &why);
	}
	intake_free(in);
	buf_fini(&why);
}

void cmd_draft_tell(void)
{
	struct cmd_station st = {0};
	struct listing l = {.st = &st, .changed_only = true};

	if (cmd_station_open(&st, true) == OK) {
		draft_each(st.store, NULL, show_draft, &l);
		if (l.shown > 0)
			printf(tr("以上 %zu 份草稿受新版影响, 打开时逐栏带过去并说明。\n"),
				l.shown);
	}
	cmd_station_close(&st);
}

int cmd_draft(int argc, char **argv)
{
	struct cmd_station st = {0};
	struct listing l = {.st = &st};
	enum err e;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--changed") == 0)
			l.changed_only = true;
		else if (strcmp(argv[i], "--json") == 0)
			l.as_json = true;
		else if (i > 1 || strcmp(argv[i], "list") != 0)
			return cmd_usage(tr("draft [list] [--changed] [--json]"));
	}
	e = cmd_station_open(&st, true);
	if (e == OK) {
		draft_each(st.store, NULL, show_draft, &l);
		cmd_say_none(l.shown, l.as_json,
			l.changed_only ? tr("没有受新版影响的草稿。") : tr("没有草稿。"));
	}
	cmd_station_close(&st);
	return err_exit(e);
}
