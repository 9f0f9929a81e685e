/* yimen case act: the window's decisions without a screen. */
#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/domain/deadline.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/operator.h"
#include "core/station/papers.h"
#include "tui/act_form.h"
#include "tui/answers.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"

enum {
	PASS_BYTES = 256,
	SCANS_MAX = 20
};

struct request {
	const char *number, *act, *answers, *operator_name, *window, *second;
	const char *scans[SCANS_MAX]; /* "材料=文件" */
	int scan_count;
};

static bool parse(int argc, char **argv, struct request *r)
{
	const struct cmd_value values[] = {{"--answers", &r->answers},
		{"--operator", &r->operator_name}, {"--window", &r->window},
		{"--second", &r->second}};
	bool options = false; /* of an act, and only of one */
	int i;

	for (i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		if (argv[i][0] == '\0')
			return false;
		if (argv[i][0] != '-' && r->number == NULL) {
			r->number = argv[i];
			continue;
		}
		if (argv[i][0] != '-' && r->act == NULL) {
			r->act = argv[i];
			continue;
		}
		options = true;
		if (strcmp(argv[i], "--scan") == 0 && !cmd_is_no_value(next) &&
			r->scan_count < SCANS_MAX)
			r->scans[r->scan_count++] = next;
		else if (!cmd_take_value(values, sizeof values / sizeof *values, argv[i], next))
			return false;
		i++;
	}
	return r->act != NULL || (r->number != NULL && !options);
}

/* Without an act: what is possible now, a name and a label a line. */
static enum err list_acts(struct cmd_station *st, const char *number, struct buf *why)
{
	enum case_act open[CASE_ACT__MAX];
	struct case_view v;
	size_t n, i;
	enum err e = case_get(st->store, number, &v);

	if (e != OK) {
		buf_why(why, tr("本机没有 %s 这一件"), number);
		return e;
	}
	n = acts_open_for(st->store, v.id, v.state, open);
	for (i = 0; i < n; i++)
		printf("%s\t%s\n", case_act_name(open[i]), case_act_label(open[i]));
	case_view_fini(&v);
	return OK;
}

/* Who confirms a void shows that it is really they: the pass phrase is read from standard input. */
static enum err check_second(struct cmd_station *st, const struct request *r, struct buf *why)
{
	char pass[PASS_BYTES];
	struct operator who = {0};
	enum err e;

	if (fgets(pass, sizeof pass, stdin) == NULL)
		pass[0] = '\0';
	pass[strcspn(pass, "\r\n")] = '\0';
	e = operator_sign_in(st->store, r->second, pass, r->window, &who, why);
	explicit_bzero(pass, sizeof pass);
	operator_fini(&who);
	return e == ERR_DENIED ? ERR_INVALID : e; /* what was typed is wrong, not the system */
}

/* Those that can be answered, outside repetitions. */
static void name_fields(struct buf *out, const struct form *form)
{
	for (size_t i = 0; i < form->count; i++) {
		const struct field *f = &form->fields[i];
		if (f->type != FIELD_GROUP && f->type != FIELD_NOTE && f->type != FIELD_CALCULATE)
			buf_printf(out, "%s%s", out->len > 0 ? ", " : "", f->name);
		if (f->type == FIELD_REPEAT)
			i = (size_t)f->end - 1;
	}
}

/* Nothing is decided with a part of what was said: of an application a word too many does no harm,
 * but here what is usual would stand in its place, and stay. */
static enum err check_names(const struct form *form, const json *answers, struct buf *why)
{
	struct buf names = {0};
	const json *m = json_first(answers);

	while (m != NULL &&
		(strcmp(json_key(m), "accept") == 0 || form_find(form, json_key(m)) >= 0))
		m = json_next(m);
	if (m == NULL)
		return OK;
	name_fields(&names, form);
	buf_why(why, tr("这一步没有 %s 这一栏, 没有办。能写的有: %s"), json_key(m),
		buf_str(&names));
	buf_fini(&names);
	return ERR_INVALID;
}

static enum err load_answers(struct act_form *f, const char *file, struct buf *why)
{
	struct buf notes = {0};
	json *answers = NULL;
	enum err e = answers_read(file, &answers, why);

	if (e == OK)
		e = check_names(f->form, answers, why);
	if (e == OK && answers_put(f->entry, answers, &notes) != OK) {
		buf_why(why, tr("%s 里的内容填不进这一步, 请核对栏名。"), file);
		e = ERR_INVALID;
	}
	if (notes.len > 0)
		fprintf(stderr, "%s\n", notes.data);
	json_free(answers);
	buf_fini(&notes);
	return e;
}

/* Scans of what was owed, before the letter that names them. */
static enum err attach_scans(
	struct cmd_station *st, const char *case_id, const struct request *r, struct buf *why)
{
	enum err e = OK;
	int i;

	for (i = 0; i < r->scan_count && e == OK; i++) {
		const char *file = strchr(r->scans[i], '=');
		char *material;
		if (file == NULL) {
			buf_why(why, tr("--scan 应写成 材料=文件, 不是 %s"), r->scans[i]);
			return ERR_INVALID;
		}
		material = mem_strndup(r->scans[i], (size_t)(file - r->scans[i]));
		e = paper_attach(st->store, case_id, material, NULL, file + 1, why);
		free(material);
	}
	return e;
}

static enum err act(struct cmd_station *st, const struct request *r, struct buf *why)
{
	const struct act_by by = {
		conf_get(st->conf, "station.name"), r->operator_name, r->window, r->second};
	struct act_form *f = NULL;
	enum case_act which;
	enum err e;

	if (!case_act_parse(r->act, &which) && !case_act_of_letter(r->act, &which)) {
		buf_why(why, tr("没有 %s 这种办理, 请用 yimen case act 编号 查看现在能办的"),
			r->act);
		return ERR_INVALID;
	}
	e = operator_named(st->store, r->operator_name, why);
	if (e != OK)
		return e;
	e = act_form_open(&f, st->store, st->catalogue, r->number, which,
		(int)conf_get_long(st->conf, "hall.correction_days", SUPPLEMENT_DAYS), why);
	if (e == OK && r->answers != NULL)
		e = load_answers(f, r->answers, why);
	if (e == OK && r->second != NULL)
		e = check_second(st, r, why);
	if (e == OK)
		e = act_form_check(f, why);
	if (e == OK)
		e = attach_scans(st, f->case_id, r, why);
	if (e == OK)
		e = act_form_do(f, &by, why);
	if (e == OK)
		printf("%s\t%s\n", r->number, case_act_label(which));
	act_form_free(f);
	return e;
}

int cmd_act(int argc, char **argv)
{
	struct request r = {.operator_name = "command", .window = "00"};
	struct cmd_station st = {0};
	struct buf why = {0};
	enum err e;
	int code;

	if (!parse(argc, argv, &r))
		return cmd_usage(tr(
			"case act 编号 [办理 [--answers 文件|-] [--operator 工号] [--window 窗口]"
			" [--second 工号 (口令从标准输入读)] [--scan 材料=文件]…]"));
	e = cmd_station_open(&st, true);
	if (e != OK)
		return err_exit(e);
	e = r.act != NULL ? act(&st, &r, &why) : list_acts(&st, r.number, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	cmd_station_close(&st);
	buf_fini(&why);
	return code;
}
