#include "core/central/commands_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/admin.h"
#include "core/central/commands_call.h"
#include "core/central/commands_office.h"
#include "core/domain/lifecycle.h"

static void print_case(const json *row)
{
	struct buf name = {0};
	const char *applyer = json_get_str(row, "applyer_name");

	text_mask(&name, applyer != NULL ? applyer : "", 1, 0);
	command_put(json_get_str(row, "project_no"));
	printf("\t%s\t", case_state_label_of(json_get_str(row, "state")));
	command_put(buf_str(&name));
	putchar('\t');
	command_put(json_get_str(row, "task_name"));
	putchar('\n');
	buf_fini(&name);
}

static void print_member(const json *root, const char *key, const char *label)
{
	const char *value = json_get_str(root, key);

	if (value == NULL)
		return;
	printf("%s: ", label);
	command_put(value);
	putchar('\n');
}

/* What was done, in words: a letter came or the office acted. */
static const char *done_text(const char *kind)
{
	enum case_act act;

	if (kind != NULL && strcmp(kind, "application") == 0)
		return tr("收下申请");
	if (kind != NULL && strcmp(kind, "evaluation") == 0)
		return tr("办事人已评价");
	if (kind != NULL && strcmp(kind, "advance") == 0) /* the state beside it tells to what */
		return tr("审批部门办理");
	if (kind != NULL && (case_act_of_letter(kind, &act) || case_act_parse(kind, &act)))
		return case_act_told(act);
	return kind;
}

/* 提醒已写明原因: 送达: 代收人电话 (这是境外的号码): 本人在香港 */
static void print_reason(const json *w)
{
	const char *label = json_get_str(w, "label"), *message = json_get_str(w, "message");

	printf("%s: ", tr("提醒已写明原因"));
	if (json_get_str(w, "act") != NULL)
		printf("%s: ", done_text(json_get_str(w, "act")));
	command_put(label != NULL ? label : json_get_str(w, "field"));
	if (message != NULL) {
		fputs(" (", stdout);
		command_put(message);
		fputs(")", stdout);
	}
	fputs(": ", stdout);
	command_put(json_get_str(w, "reason"));
	putchar('\n');
}

static void print_reasons(const json *root)
{
	const json *w = json_first(json_get(root, "accepted_warnings"));

	for (; w != NULL; w = json_next(w))
		print_reason(w);
}

static void print_history(const json *root)
{
	const json *e = json_first(json_get(root, "history"));
	char when[COMMAND_MOMENT_SIZE];

	for (; e != NULL; e = json_next(e)) {
		printf("  %s  %s  ", command_moment(json_get_str(e, "at"), when),
			case_state_label_of(json_get_str(e, "state")));
		command_put(done_text(json_get_str(e, "kind")));
		if (json_get_str(e, "note") != NULL) {
			fputs("  ", stdout);
			command_put(json_get_str(e, "note"));
		}
		if (json_get_str(e, "who") != NULL) {
			fputs("  ", stdout);
			command_put(json_get_str(e, "who"));
		}
		putchar('\n');
	}
}

static void print_whole_case(const json *root)
{
	struct buf name = {0};
	const char *applyer = json_get_str(root, "applyer_name");
	char when[COMMAND_MOMENT_SIZE];

	text_mask(&name, applyer != NULL ? applyer : "", 1, 0);
	print_member(root, "project_no", tr("办件编号"));
	printf("%s: %s\n", tr("状态"), case_state_label_of(json_get_str(root, "state")));
	print_member(root, "task_name", tr("事项"));
	print_member(root, "task_code", tr("事项编码"));
	printf("%s: ", tr("申请人"));
	command_put(buf_str(&name));
	putchar('\n');
	print_member(root, "local_receipt", tr("本地收件号"));
	printf("%s: %s\n", tr("收件时间"), command_moment(json_get_str(root, "received_at"), when));
	print_reasons(root);
	print_history(root);
	buf_fini(&name);
}

static int case_show(const char *dir, char **words)
{
	bool as_json = command_flag(words, "--json");
	struct buf path = {0};
	struct admin_request r = {.method = "GET"};
	json *root = NULL;
	struct buf text = {0};
	int code;

	if (!command_words(words, 1, 1))
		return command_usage(tr("case show 编号 [--json]"));
	buf_adds(&path, "/admin/cases/");
	command_escape(&path, words[0]);
	r.path = path.data;
	code = command_call(dir, &r, &root);
	if (code == EXIT_DONE && as_json) {
		json_write(&text, root);
		puts(buf_str(&text));
	} else if (code == EXIT_DONE) {
		print_whole_case(root);
	}
	json_free(root);
	buf_fini(&text);
	buf_fini(&path);
	return code;
}

static int case_advance(const char *dir, char **words)
{
	const char *note = command_flag_note(words, "--note");
	struct buf path = {0}, body = {0};
	json *root = NULL;
	int code;

	if (!command_words(words, 1, 2))
		return command_usage(tr("case advance 编号 [状态] [--note 说明]"));
	buf_adds(&path, "/admin/cases/");
	command_escape(&path, words[0]);
	buf_adds(&path, "/advance");
	buf_addc(&body, '{');
	json_member_str(&body, "state", words[1]);
	json_member_str(&body, "note", note);
	buf_addc(&body, '}');
	code = command_call_with(dir, path.data, &body, &root);
	if (code == EXIT_DONE)
		printf("%s\t%s\t%s\n", json_get_str(root, "project_no"),
			json_get_str(root, "state"), json_get_str(root, "state_label"));
	json_free(root);
	buf_fini(&path);
	buf_fini(&body);
	return code;
}

int commands_case(const char *dir, char **words)
{
	int code;

	if (words[0] != NULL && strcmp(words[0], "list") == 0) {
		bool as_json = command_flag(words, "--json");
		if (!command_words(words + 1, 0, 0))
			return command_usage(tr("case list [--json]"));
		return command_print_lines(
			dir, "/admin/cases", as_json ? NULL : print_case, tr("还没有办件。"));
	}
	if (words[0] != NULL && strcmp(words[0], "show") == 0)
		return case_show(dir, words + 1);
	if (words[0] != NULL && strcmp(words[0], "advance") == 0)
		return case_advance(dir, words + 1);
	if (words[0] != NULL && commands_office(dir, words, &code))
		return code;
	return command_usage(tr("case list|show|advance|return|finish|extend|act …"));
}
