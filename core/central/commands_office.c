#include "core/central/commands_office.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/admin.h"
#include "core/central/commands_call.h"

enum {
	PARTS = 3,
	FACTS_BYTES_MAX = 1 << 20
};

/* ---- lists in one line ---- */

/* The sign at s of either width: its bytes; 0: it is another one. */
static size_t sign_bytes(const char *s, char narrow, const char *wide)
{
	if (*s == narrow)
		return 1;
	return strncmp(s, wide, strlen(wide)) == 0 ? strlen(wide) : 0;
}

/* One element, cut at the colons into at most PARTS; the last keeps what follows. */
static size_t cut(char *one, char *parts[PARTS])
{
	size_t n = 1, len;
	char *at;

	parts[0] = one;
	for (at = one; *at != '\0' && n < PARTS; at++) {
		len = sign_bytes(at, ':', "：");
		if (len == 0)
			continue;
		*at = '\0';
		at += len;
		parts[n++] = at;
		at--;
	}
	for (len = 0; len < n; len++)
		text_trim(parts[len]);
	return n;
}

/* How many of a document: not taken for one because it is no number. */
static bool is_count(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return text[0] != '0' && len > 0 && len <= 2 && text[len] == '\0';
}

static bool put_element(
	struct buf *out, char *one, const char *const names[PARTS], bool wants_second)
{
	char *parts[PARTS];
	size_t n = cut(one, parts), i;

	if (*parts[0] == '\0' || (wants_second && (n < 2 || *parts[1] == '\0')))
		return false;
	if (!wants_second && n == PARTS && *parts[2] != '\0' && !is_count(parts[2]))
		return false;
	json_comma(out);
	buf_addc(out, '{');
	for (i = 0; i < n; i++)
		if (*parts[i] != '\0')
			json_member_str(out, names[i], parts[i]);
	buf_addc(out, '}');
	return true;
}

static bool put_list(
	struct buf *out, const char *text, const char *const names[PARTS], bool wants_second)
{
	while (*text != '\0') {
		const char *end = text;
		char *one;
		bool good, blank;

		while (*end != '\0' && sign_bytes(end, ';', "；") == 0)
			end++;
		one = mem_strndup(text, (size_t)(end - text));
		text_trim(one);
		blank = *one == '\0';
		good = blank || put_element(out, one, names, wants_second);
		free(one);
		if (!good)
			return false;
		text = end + sign_bytes(end, ';', "；");
	}
	return true;
}

bool office_read_defects(struct buf *out, const char *text)
{
	static const char *const names[PARTS] = {"name", "defect", "how"};

	return put_list(out, text, names, true);
}

bool office_read_documents(struct buf *out, const char *text)
{
	static const char *const names[PARTS] = {"name", "number", "count"};

	return put_list(out, text, names, false);
}

/* ---- an act ---- */

struct office_words {
	const char *who, *note;
};

static struct office_words take_common(char **words)
{
	struct office_words w = {
		command_flag_value(words, "--who"), command_flag_note(words, "--note")};

	return w;
}

static void print_decided(const json *root)
{
	printf("%s\t%s\t%s\t", json_get_str(root, "project_no"), json_get_str(root, "state"),
		json_get_str(root, "state_label"));
	command_put(json_get_str(root, "note"));
	putchar('\n');
}

/* facts: a whole object, or NULL. */
static int decide(const char *dir, const char *no, const char *act, const struct office_words *w,
	const char *facts)
{
	struct buf path = {0}, body = {0};
	json *root = NULL;
	int code;

	buf_adds(&path, "/admin/cases/");
	command_escape(&path, no);
	buf_adds(&path, "/acts");
	buf_addc(&body, '{');
	json_member_str(&body, "act", act);
	json_member_str(&body, "handle_user_name", w->who);
	json_member_str(&body, "note", w->note);
	if (facts != NULL) {
		json_member(&body, "facts");
		buf_adds(&body, facts);
	}
	buf_addc(&body, '}');
	code = command_call_with(dir, path.data, &body, &root);
	if (code == EXIT_DONE)
		print_decided(root);
	json_free(root);
	buf_fini(&path);
	buf_fini(&body);
	return code;
}

/* Every value of a flag that may come again, as the elements of one array under `name`. */
static bool take_list(struct buf *facts, char **words, const char *flag, const char *name,
	bool (*read)(struct buf *out, const char *text))
{
	const char *text;
	bool good = true, any = false;

	while (good && (text = command_flag_value(words, flag)) != NULL) {
		if (!any) {
			json_member(facts, name);
			buf_addc(facts, '[');
		}
		any = true;
		good = read(facts, text);
	}
	if (any)
		buf_addc(facts, ']');
	return good;
}

static int case_return(const char *dir, char **words)
{
	const char *expected = tr("case return 编号 --defect \"材料: 哪里不对[: 怎样补正]\"…"
				  " [--last-day 日期] [--who 姓名] [--note 说明]");
	struct office_words w = take_common(words);
	struct buf facts = {0};
	int code;
	bool good;

	buf_addc(&facts, '{');
	json_member_str(&facts, "last_day", command_flag_value(words, "--last-day"));
	good = take_list(&facts, words, "--defect", "corrections", office_read_defects);
	buf_addc(&facts, '}');
	if (!command_words(words, 1, 1) || !good)
		code = command_usage(expected);
	else
		code = decide(dir, words[0], "request-correction", &w, facts.data);
	buf_fini(&facts);
	return code;
}

/* The state says which refusal it is: before the acceptance 不予受理, after it a decision. */
static int refuse(const char *dir, const char *no, const struct office_words *w, const char *facts)
{
	struct buf path = {0};
	struct admin_request r = {.method = "GET"};
	json *root = NULL;
	const char *state;
	int code;

	buf_adds(&path, "/admin/cases/");
	command_escape(&path, no);
	r.path = path.data;
	code = command_call(dir, &r, &root);
	state = json_get_str(root, "state");
	if (code == EXIT_DONE)
		code = decide(dir, no,
			state != NULL && strcmp(state, "received") == 0 ? "refuse" : "decide", w,
			facts);
	json_free(root);
	buf_fini(&path);
	return code;
}

static int case_finish(const char *dir, char **words)
{
	const char *expected = tr("case finish 编号 [--document \"名称[: 编号[: 份数]]\"…]"
				  " | --refuse 理由 [--remedy 救济] [--body 有权机关]"
				  " [--who 姓名] [--note 说明]");
	struct office_words w = take_common(words);
	const char *reason = command_flag_value(words, "--refuse");
	const char *remedy = command_flag_value(words, "--remedy");
	const char *body = command_flag_value(words, "--body");
	struct buf facts = {0};
	int code;
	bool good;

	buf_addc(&facts, '{');
	json_member_str(&facts, "result_type", reason != NULL ? "1" : "0");
	json_member_str(&facts, "reason", reason);
	json_member_str(&facts, "remedy", remedy);
	json_member_str(&facts, "competent_body", body);
	good = take_list(&facts, words, "--document", "documents", office_read_documents);
	buf_addc(&facts, '}');
	if (reason == NULL) /* of a refusal only: whoever forgot it does not mean to grant */
		good = good && remedy == NULL && body == NULL;
	if (!command_words(words, 1, 1) || !good)
		code = command_usage(expected);
	else if (reason != NULL)
		code = refuse(dir, words[0], &w, facts.data);
	else
		code = decide(dir, words[0], "decide", &w, facts.data);
	buf_fini(&facts);
	return code;
}

static int case_extend(const char *dir, char **words)
{
	struct office_words w = take_common(words);
	const char *days = command_flag_value(words, "--days");
	const char *reason = command_flag_value(words, "--reason");
	struct buf facts = {0};
	int code;

	if (!command_words(words, 1, 1) || reason == NULL)
		return command_usage(
			tr("case extend 编号 --reason 理由 [--days 工作日] [--who 姓名]"));
	buf_addc(&facts, '{');
	json_member_str(&facts, "reason", reason);
	json_member_str(&facts, "days", days);
	buf_addc(&facts, '}');
	code = decide(dir, words[0], "extend", &w, facts.data);
	buf_fini(&facts);
	return code;
}

/* Says what is wrong; the exit code. */
static int read_facts(json **facts, struct buf *text, const char *file)
{
	char piece[4096];
	size_t n;
	int code;
	FILE *f = command_open(file, &code);

	if (f == NULL)
		return code;
	while (text->len < FACTS_BYTES_MAX && (n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(text, piece, n);
	if (ferror(f) || json_parse(facts, buf_str(text), text->len, NULL) != OK ||
		json_type(*facts) != JSON_OBJECT) {
		fprintf(stderr, tr("%s 读不出来, 应是一个 JSON 对象\n"),
			f == stdin ? tr("标准输入") : file);
		code = EXIT_REFUSED;
	}
	if (f != stdin)
		fclose(f);
	return code;
}

static int case_act(const char *dir, char **words)
{
	struct office_words w = take_common(words);
	const char *file = command_flag_value(words, "--facts");
	struct buf text = {0};
	json *facts = NULL;
	int code = EXIT_DONE;

	if (!command_words(words, 2, 2))
		return command_usage(
			tr("case act 编号 办理 [--facts 文件|-] [--who 姓名] [--note 说明]"));
	if (file != NULL)
		code = read_facts(&facts, &text, file);
	if (code == EXIT_DONE)
		code = decide(dir, words[0], words[1], &w, facts != NULL ? text.data : NULL);
	json_free(facts);
	buf_fini(&text);
	return code;
}

bool commands_office(const char *dir, char **words, int *code)
{
	static const struct {
		const char *name;
		int (*run)(const char *dir, char **words);
	} table[] = {{"return", case_return}, {"finish", case_finish}, {"extend", case_extend},
		{"act", case_act}};
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++) {
		if (strcmp(table[i].name, words[0]) != 0)
			continue;
		*code = table[i].run(dir, words + 1);
		return true;
	}
	return false;
}
