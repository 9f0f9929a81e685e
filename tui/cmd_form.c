#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "forms/entry.h"
#include "forms/form_examples.h"
#include "forms/form_library.h"
#include "forms/instance.h"
#include "tui/answers.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/form_asked.h"

/* Neither a path nor an id: what was probably meant, and what can be written. */
static void tell_no_form(const char *home, const char *form)
{
	char *near = form_library_near(home, form);

	if (near != NULL)
		fprintf(stderr, tr("没有表单 %s, 是不是 %s?\n"), form, near);
	else
		fprintf(stderr,
			tr("没有表单 %s。请写自带或导入的表单的名称 (如 elder-card), 或它所在的文件夹、"
			   ".xlsx 文件。\n"),
			form);
	free(near);
}

/* A form id (the station's own forms first, then the shipped ones) or a path; NULL: it is neither,
 * which is told. free() it. */
static char *find_form(const char *form)
{
	char *home = NULL, *path;

	if (*form != '\0' && (strchr(form, '/') != NULL || access(form, F_OK) == 0))
		return form[0] == '/' ? mem_strdup(form) : paths_join(".", form);
	if (strchr(form, '.') != NULL)
		return mem_strdup(form); /* no id: what is not right with the file is told */
	if (paths_home(&home, NULL) != OK)
		home = NULL;
	path = form_library_path(home, form);
	if (*form == '\0' || access(path, F_OK) != 0) {
		tell_no_form(home, form);
		free(path);
		path = NULL;
	}
	free(home);
	return path;
}

/* ---- check ---- */

/* What the guides of this station say of a right form. */
static void check_asked(struct form **form, const char *path)
{
	char *home = NULL;

	if (paths_home(&home, NULL) == OK)
		form_check_asked(form, home, path);
	free(home);
}

/* On stderr: stdout has only what is wrong or doubtful. */
static void say_right(const struct form *form)
{
	fprintf(stderr,
		form->doubts != NULL && form->doubts[0] != '\0'
			? tr("没有错 (%zu 栏), 只有上面的提醒。\n")
			: tr("没有错 (%zu 栏)。\n"),
		form->count);
}

static int check_form(const char *name)
{
	char *path = find_form(name);
	struct buf faults = {0};
	struct form *form = NULL;
	enum err e = path != NULL ? form_read(&form, path, &faults) : ERR_NOT_FOUND;
	int code = err_exit(e);

	if (e == OK)
		check_asked(&form, path);
	if (e == OK)
		code = form_examples_hold(form, path, &faults) ? EXIT_DONE : EXIT_REFUSED;
	fputs(buf_str(&faults), stdout);
	fputs(form != NULL ? form->doubts : "", stdout);
	if (code == EXIT_DONE)
		say_right(form);
	form_free(form);
	buf_fini(&faults);
	free(path);
	return code;
}

static int check_markdown(const char *input)
{
	struct buf text = {0}, faults = {0};
	struct form *form = NULL;
	enum err e = cmd_read_input(input, &text, &faults);

	if (e != OK) {
		cmd_refuse(e, &faults);
		goto out;
	}
	e = form_read_markdown(&form, buf_str(&text), text.len, &faults);
	fputs(buf_str(&faults), stdout);
	fputs(form != NULL ? form->doubts : "", stdout);
	if (e == OK)
		say_right(form);
out:
	form_free(form);
	buf_fini(&text);
	buf_fini(&faults);
	return err_exit(e);
}

/* ---- fill ---- */

static void put_finding(struct buf *body, const char *place, const struct entry_fault *f)
{
	json_comma(body);
	buf_addc(body, '{');
	json_member_str(body, "field", place);
	json_member_str(body, "verdict", verdict_name(f->verdict));
	json_member_str(body, "message", f->message);
	buf_addc(body, '}');
}

/* What was found and the answers: as one JSON object, or the findings on stderr. Returns how many
 * were found. */
static size_t show_entry(struct entry *e, bool as_json)
{
	const struct entry_fault *found;
	struct buf body = {0}, place = {0};
	size_t count = entry_check(e, &found), i;

	if (as_json)
		buf_adds(&body, "{\"findings\":[");
	for (i = 0; i < count; i++) {
		buf_clear(&place);
		entry_place(e, found[i].node, &place);
		if (as_json)
			put_finding(&body, buf_str(&place), &found[i]);
		else
			fprintf(stderr, "%s\t%s\t%s\n", verdict_name(found[i].verdict),
				buf_str(&place), found[i].message);
	}
	if (as_json)
		buf_adds(&body, "],\"answers\":");
	entry_json(e, &body);
	if (as_json)
		buf_addc(&body, '}');
	puts(buf_str(&body));
	buf_fini(&body);
	buf_fini(&place);
	return count;
}

/* Situation and materials of an answers file are no fields: only the form's are taken, and why
 * warnings are accepted, so that the same file does for apply. */
static int fill(const char *name, const char *answers_name, bool as_json)
{
	char *path = find_form(name);
	struct buf faults = {0};
	struct form *form = NULL;
	struct entry *e = NULL;
	json *given = NULL;
	size_t count = 0;
	enum err result =
		path != NULL ? answers_read(answers_name, &given, &faults) : ERR_NOT_FOUND;

	if (result == OK)
		result = form_read(&form, path, &faults);
	if (result == OK) {
		e = entry_new(form, &clock_system);
		result = answers_put(e, given, &faults);
	}
	if (faults.len > 0) /* faults of a form are whole lines */
		fprintf(stderr, faults.data[faults.len - 1] == '\n' ? "%s" : "%s\n", faults.data);
	if (result == OK)
		count = show_entry(e, as_json);
	json_free(given);
	entry_free(e);
	form_free(form);
	buf_fini(&faults);
	free(path);
	return result != OK ? err_exit(result) : count > 0 ? EXIT_REFUSED : EXIT_DONE;
}

/* ---- import ---- */

/* The form in force is a later one: all windows would go back without anybody having meant it. */
static bool is_older(const struct form *form, const char *home, struct buf *why)
{
	struct form *now = NULL;
	bool older = form_library_read(&now, home, form->id, NULL) == OK &&
		     form_version_compare(form->version, now->version) < 0;

	if (older)
		buf_printf(why,
			tr("%s 现在用的是 %s 版, 这份是 %s 版, 更旧, 没有导入。确实要换回旧版, 请加 "
			   "--older\n"),
			form->id, now->version,
			form->version[0] != '\0' ? form->version : tr("(没有写 version 的)"));
	form_free(now);
	return older;
}

static int import(const char *file, bool may_be_older)
{
	struct buf faults = {0};
	struct form *form = NULL;
	char *home = NULL, *target = NULL;
	enum err e = form_read_xlsx(&form, file, &faults);

	if (e == OK)
		check_asked(&form, file);
	if (e == OK && form->id[0] == '\0') {
		buf_printf(&faults, tr("%s: settings 表没有 form_id, 请补上\n"), file);
		e = ERR_INVALID;
	}
	if (e == OK && !form_examples_hold(form, file, &faults))
		e = ERR_INVALID;
	if (e == OK)
		e = paths_home(&home, &faults);
	if (e == OK && !may_be_older && is_older(form, home, &faults))
		e = ERR_INVALID;
	if (e == OK)
		e = form_library_keep(&target, home, form, file);
	fputs(form != NULL ? form->doubts : "", stderr);
	if (e == OK) {
		printf(tr("已导入 %s (%zu 栏): %s\n"), form->id, form->count, target);
		cmd_draft_tell();
	} else {
		fputs(faults.len > 0 ? faults.data : err_text(e), stderr);
		if (faults.len == 0 || faults.data[faults.len - 1] != '\n')
			fputc('\n', stderr); /* faults of a form are whole lines */
	}
	form_free(form);
	buf_fini(&faults);
	free(home);
	free(target);
	return err_exit(e);
}

int cmd_form(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	bool as_json = argc > 1 && strcmp(argv[argc - 1], "--json") == 0;
	int count = argc - as_json;

	if (strcmp(verb, "eval") == 0)
		return cmd_form_eval(argc - 1, argv + 1);
	if (count == 3 && strcmp(verb, "eval") != 0 && cmd_is_no_value(argv[2]))
		count = 0; /* an option where the form should be */
	if (strcmp(verb, "check") == 0 && count == 4 && strcmp(argv[2], "--markdown") == 0)
		return check_markdown(argv[3]);
	if (strcmp(verb, "check") == 0 && count == 3)
		return check_form(argv[2]);
	if (strcmp(verb, "fill") == 0 && count == 5 && strcmp(argv[3], "--answers") == 0)
		return fill(argv[2], argv[4], as_json);
	if (strcmp(verb, "import") == 0 && count == 3)
		return import(argv[2], false);
	for (int i = 2; strcmp(verb, "import") == 0 && count == 4 && i < 4; i++)
		if (strcmp(argv[i], "--older") == 0)
			return import(argv[5 - i], true);
	return cmd_usage(
		tr("form check 表单|--markdown - | fill 表单 --answers 文件|- [--json] | eval "
		   "[--tz 时区] 表达式|- | import 文件.xlsx [--older]"));
}
