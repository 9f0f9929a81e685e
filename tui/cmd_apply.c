#include "tui/cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/station/store.h"
#include "forms/instance.h"
#include "tui/cmd_station.h"
#include "tui/intake.h"

struct request {
	const char *task_code, *answers, *operator_name, *window;
	bool as_json;
};

static bool parse(int argc, char **argv, struct request *r)
{
	int i;

	for (i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : NULL;
		if (strcmp(argv[i], "--json") == 0) {
			r->as_json = true;
			continue;
		}
		if (argv[i][0] != '-' && r->task_code == NULL) {
			r->task_code = argv[i];
			continue;
		}
		if (next == NULL)
			return false;
		if (strcmp(argv[i], "--answers") == 0)
			r->answers = next;
		else if (strcmp(argv[i], "--operator") == 0)
			r->operator_name = next;
		else if (strcmp(argv[i], "--window") == 0)
			r->window = next;
		else
			return false;
		i++;
	}
	return r->task_code != NULL && r->answers != NULL;
}

/* The members of an answers file that are not fields of the form. */
static bool is_beside(const char *key)
{
	return strcmp(key, "situation") == 0 || strcmp(key, "materials") == 0 ||
	       strcmp(key, "accept") == 0;
}

static enum err load_part(struct entry *e, const json *part, struct buf *why)
{
	struct buf text = {0};
	enum err result;

	json_write(&text, part);
	result = entry_load(e, text.data, text.len, why);
	buf_fini(&text);
	return result;
}

static enum err load_fields(struct entry *e, const json *answers, struct buf *why)
{
	struct buf text = {0};
	const json *m;
	enum err result;

	buf_addc(&text, '{');
	for (m = json_first(answers); m != NULL; m = json_next(m)) {
		if (is_beside(json_key(m)))
			continue;
		json_member(&text, json_key(m));
		json_write(&text, m);
	}
	buf_addc(&text, '}');
	result = entry_load(e, text.data, text.len, why);
	buf_fini(&text);
	return result;
}

/* {"place": "reason", …}: warnings the clerk accepts. */
static void accept_warnings(struct entry *e, const json *accept)
{
	const json *m;

	for (m = json_first(accept); m != NULL; m = json_next(m)) {
		struct node *n = entry_find(e, json_key(m));
		if (n != NULL && json_str(m) != NULL)
			entry_accept(e, n, json_str(m));
	}
}

/* Names nobody knows are said, and no reason to stop. */
static void say_unknown(struct buf *why)
{
	if (why->len > 0)
		fprintf(stderr, "%s\n", why->data);
	buf_clear(why);
}

static enum err fill(struct intake *in, const json *answers, struct buf *why)
{
	const json *situation = json_get(answers, "situation");
	const json *materials = json_get(answers, "materials");
	enum err e = OK;

	if (situation != NULL && in->situation != NULL)
		e = load_part(in->situation, situation, why);
	if (e != OK)
		return e;
	say_unknown(why);
	e = load_fields(in->entry, answers, why);
	if (e != OK)
		return e;
	say_unknown(why);
	intake_follow(in);
	accept_warnings(in->entry, json_get(answers, "accept"));
	return materials != NULL ? checklist_read(&in->checklist, materials, why) : OK;
}

static void print_receipt(const struct request *r, const struct intake *in, const char *receipt)
{
	struct buf line = {0};

	if (r->as_json) {
		buf_addc(&line, '{');
		json_member_str(&line, "local_receipt", receipt);
		json_member_str(&line, "case_id", in->draft_id);
		json_member_str(&line, "task_code", in->matter->code);
		buf_addc(&line, '}');
	} else {
		buf_adds(&line, receipt);
	}
	puts(buf_str(&line));
	buf_fini(&line);
}

static enum err apply(
	struct cmd_station *st, const struct request *r, const json *answers, struct buf *why)
{
	struct intake *in = NULL;
	char receipt[LOCAL_RECEIPT_SIZE];
	enum err e = intake_open(
		&in, st->catalogue, st->store, r->task_code, r->operator_name, r->window, why);

	if (e == OK)
		e = fill(in, answers, why);
	if (e == OK)
		e = intake_check(in, why);
	if (e == OK)
		e = intake_submit(in, conf_get(st->conf, "station.name"), receipt, why);
	if (e == OK)
		print_receipt(r, in, receipt);
	intake_free(in);
	return e;
}

int cmd_apply(int argc, char **argv)
{
	struct request r = {.operator_name = "command", .window = "00"};
	struct buf text = {0}, why = {0};
	struct cmd_station st = {0};
	json *answers = NULL;
	enum err e;
	int code;

	if (!parse(argc, argv, &r))
		return cmd_usage(
			tr("apply 事项编码 --answers 文件|- [--operator 工号] [--window 窗口] "
			   "[--json]"));
	e = cmd_read_input(r.answers, &text);
	if (e != OK) {
		buf_fini(&text);
		return err_exit(e) == EXIT_DONE ? EXIT_ENV : err_exit(e);
	}
	e = json_parse(&answers, buf_str(&text), text.len, &why);
	if (e == OK && json_type(answers) != JSON_OBJECT) {
		buf_why(&why, tr("%s 应该是一个 JSON 对象: 栏名对应填的内容"), r.answers);
		e = ERR_INVALID;
	}
	if (e != OK) {
		code = cmd_refuse(e, &why);
		goto out;
	}
	e = cmd_station_open(&st, true);
	if (e != OK) {
		code = err_exit(e);
		goto out;
	}
	e = apply(&st, &r, answers, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
out:
	cmd_station_close(&st);
	json_free(answers);
	buf_fini(&text);
	buf_fini(&why);
	return code;
}
