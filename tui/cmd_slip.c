/* yimen slip: the papers of a case, as text or PDF. */
#include "tui/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/cases.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/press.h"
#include "core/station/documents/slip.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/documents/slip_ledger.h"
#include "core/station/operator.h"
#include "core/station/store.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/paper_text.h"

struct request {
	enum slip kind;
	const char *id, *pdf, *to, *facts, *operator_name, *window;
	enum slip_copy copies[SLIP_COPY__MAX];
	size_t copy_count;
	bool reprint, fresh, preview, lp;
};

static int usage(void)
{
	return cmd_usage(tr(
		"slip 文书 号码 [--pdf 文件] [--to 文件] [--lp] [--copy 正本|存根] [--reprint] [--new] "
		"[--preview] [--facts 文件|-] [--operator 工号] [--window 窗口]\n"
		"      yimen slip list [号码] [--json]; yimen slip check; yimen slip names"));
}

/* ---- list, check, names ---- */

static void list_plain(const struct slip_record *r)
{
	char when[32];

	printf("%s\t%s\t%s\t%s\t%s\t%d\t%d\n", r->number, slip_title(r->kind), r->subject,
		clock_format(r->issued_ms, "%Y-%m-%d %H:%M", when, sizeof when), r->operator_name,
		r->printed[SLIP_ORIGINAL], r->printed[SLIP_STUB]);
}

static void list_json(const struct slip_record *r)
{
	struct buf line = {0};
	char iso[CLOCK_ISO_SIZE];

	buf_addc(&line, '{');
	json_member_str(&line, "number", r->number);
	json_member_str(&line, "kind", slip_name(r->kind));
	json_member_str(&line, "subject", r->subject);
	json_member_str(&line, "issued_at", clock_iso(r->issued_ms, iso));
	json_member_str(&line, "operator", r->operator_name);
	json_member_int(&line, "originals", r->printed[SLIP_ORIGINAL]);
	json_member_int(&line, "stubs", r->printed[SLIP_STUB]);
	buf_addc(&line, '}');
	puts(line.data);
	buf_fini(&line);
}

struct listing {
	bool as_json;
	size_t shown;
};

static void list_one(void *arg, const struct slip_record *r)
{
	struct listing *l = arg;

	l->shown++;
	(l->as_json ? list_json : list_plain)(r);
}

static int list(const char *number, bool as_json)
{
	struct listing l = {as_json, 0};
	struct cmd_station st;
	struct case_view c = {0};
	enum err e = cmd_station_open(&st, false);

	if (e != OK)
		return err_exit(e);
	if (number != NULL)
		e = case_get(st.store, number, &c);
	if (e == ERR_NOT_FOUND)
		fprintf(stderr, tr("本机没有办件 %s, 请用 yimen case list 查看\n"), number);
	if (e == OK) {
		slip_each(st.store, number != NULL ? c.id : NULL, list_one, &l);
		cmd_say_none(l.shown, as_json, tr("还没有开过文书。"));
	}
	case_view_fini(&c);
	cmd_station_close(&st);
	return err_exit(e);
}

static void print_name(void *arg, const char *list_name, const char *name, const char *help)
{
	(void)arg;
	printf("%s%s%s\t%s\n", list_name, *list_name ? "." : "", name, tr(help));
}

/* What is wrong with the templates in force, as file:line: what. */
static int check(void)
{
	struct buf faults = {0}, why = {0};
	char *home = NULL;
	enum err e = paths_home(&home, &why);
	int code = EXIT_DONE;

	if (e != OK) {
		code = cmd_refuse(e, &why);
	} else if (slip_check(&faults, home) > 0) {
		fputs(faults.data, stdout);
		code = EXIT_REFUSED;
	} else {
		fprintf(stderr, "%s\n", tr("文书模板没有错。"));
	}
	free(home);
	buf_fini(&faults);
	buf_fini(&why);
	return code;
}

/* ---- one slip ---- */

/* Who did it, for the ledger and the trail. */
static const char *who(const struct request *r)
{
	return r->operator_name != NULL ? r->operator_name : "command";
}

static struct slip_source source_of(
	const struct cmd_station *st, const struct request *r, const json *given)
{
	return (struct slip_source){
		st->store, st->catalogue, st->conf, r->operator_name, r->window, given};
}

static enum err read_given(const struct request *r, json **out, struct buf *why)
{
	const char *expected =
		tr("应是一个 JSON 对象: 项目名对应内容 (yimen slip names 列出全部)。");

	return r->facts != NULL ? cmd_read_object(r->facts, expected, out, why) : OK;
}

/*
 * A slip that was issued is printed again under its number; a new one is made when there is none,
 * when it is asked for, and for each visitor without a case.
 */
static enum err find_or_issue(struct cmd_station *st, const struct request *r, const json *given,
	struct slip_record *record, struct buf *why)
{
	const struct slip_source source = source_of(st, r, given);
	enum err e = r->fresh ? ERR_NOT_FOUND : slip_find(st->store, r->kind, r->id, record);

	if (e == OK && given != NULL) {
		buf_why(why,
			tr("%s 已经开过, 编号 %s。内容不同的用 --new 另开一份; 原样再打不要带 --facts。"),
			slip_title(r->kind), record->number);
		slip_record_fini(record);
		return ERR_EXISTS;
	}
	if (e == OK && !r->reprint && r->kind == SLIP_NOTICE &&
		strcmp(record->number, r->id) != 0) {
		slip_record_fini(record);
		e = ERR_NOT_FOUND;
	}
	if (e != ERR_NOT_FOUND)
		return e;
	if (!r->reprint)
		return slip_issue_from(&source, r->kind, r->id, record, why);
	buf_why(why, tr("%s 的%s还没有开过, 不能补打; 去掉 --reprint 就是开一份。"), r->id,
		slip_title(r->kind));
	return ERR_NOT_FOUND;
}

/* For what is printed; the caller says it when the paper is out. */
static enum err print(struct cmd_station *st, const struct request *r, const json *given,
	struct slip_record *record, struct paper *out, struct buf *why)
{
	enum err e = find_or_issue(st, r, given, record, why);

	if (e == OK)
		e = slip_print(st->store, record, r->copies, r->copy_count, msg_english(), who(r),
			out, why);
	return e;
}

/* ---- where it goes ---- */

static enum err put_out(
	struct cmd_station *st, const struct request *r, const struct paper *p, struct buf *why)
{
	struct buf text = {0};
	enum err e = OK;

	if (r->pdf != NULL)
		e = press_pdf(p, r->pdf, why);
	if (e == OK && r->lp)
		e = press_printer(p, conf_get(st->conf, "print.command"), why);
	if (e != OK || ((r->pdf != NULL || r->lp) && r->to == NULL))
		return e;
	paper_text(&text, p);
	if (r->to == NULL)
		fputs(buf_str(&text), stdout);
	else
		e = paths_replace(r->to, buf_str(&text), text.len);
	if (e != OK)
		buf_why(why, tr("写不了 %s: %s"), r->to, err_text(e));
	buf_fini(&text);
	return e;
}

/* Found out before a number is used up. */
static enum err ready(const struct request *r, struct buf *why)
{
	enum err e = r->pdf != NULL || r->lp ? press_ready(why) : OK;

	if (e == OK && r->pdf != NULL)
		e = paths_writable(r->pdf, why);
	if (e == OK && r->to != NULL)
		e = paths_writable(r->to, why);
	return e;
}

/* What was done, now that the paper is out; or that it is not, though it is in the ledger. */
static void tell(const struct request *r, const struct slip_record *record, bool out)
{
	if (record->number == NULL)
		return;
	if (!out)
		fprintf(stderr,
			tr("%s 已经记入台账, 纸没有出来: 原因消除后照样再执行一次 (会标 补打)。\n"),
			record->number);
	else
		fprintf(stderr,
			record->printed[r->copies[0]] > 1 ? tr("补打 %s\n") : tr("已开具 %s\n"),
			record->number);
}

static int run(const struct request *r)
{
	struct cmd_station st = {0};
	struct slip_record record = {0};
	struct paper p = {0};
	struct buf why = {0};
	json *given = NULL;
	enum err e = read_given(r, &given, &why);
	int code;

	if (e == OK)
		e = ready(r, &why);
	if (e == OK && cmd_station_open(&st, true) != OK) {
		code = EXIT_ENV;
		goto out;
	}
	if (e == OK)
		e = operator_named(st.store, who(r), &why);
	if (e == OK && r->preview) {
		const struct slip_source source = source_of(&st, r, given);
		e = slip_preview_from(&source, r->kind, r->id, msg_english(), &p, &why);
	} else if (e == OK) {
		e = print(&st, r, given, &record, &p, &why);
	}
	if (e == OK)
		e = put_out(&st, r, &p, &why);
	code = e == OK ? EXIT_DONE : cmd_refuse(e, &why);
	tell(r, &record, e == OK && (fflush(stdout) == 0 || errno == EPIPE));
out:
	cmd_station_close(&st);
	slip_record_fini(&record);
	paper_fini(&p);
	json_free(given);
	buf_fini(&why);
	return code;
}

/* ---- arguments ---- */

static bool take_flag(struct request *r, const char *arg)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {{"--reprint", &r->reprint}, {"--new", &r->fresh}, {"--preview", &r->preview},
		{"--lp", &r->lp}};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (strcmp(arg, flags[i].name) == 0) {
			*flags[i].flag = true;
			return true;
		}
	return false;
}

static bool take_value(struct request *r, const char *arg, const char *value)
{
	const struct cmd_value values[] = {{"--pdf", &r->pdf}, {"--to", &r->to},
		{"--facts", &r->facts}, {"--operator", &r->operator_name},
		{"--window", &r->window}};

	if (cmd_take_value(values, sizeof values / sizeof values[0], arg, value))
		return true;
	if (value == NULL || strcmp(arg, "--copy") != 0 || r->copy_count == SLIP_COPY__MAX)
		return false;
	return slip_copy_parse(value, &r->copies[r->copy_count++]);
}

static bool parse(int argc, char **argv, struct request *r)
{
	if (argc < 3 || argv[2][0] == '\0' || argv[2][0] == '-' || !slip_parse(argv[1], &r->kind))
		return false;
	r->id = argv[2];
	for (int i = 3; i < argc; i++) {
		if (take_flag(r, argv[i]))
			continue;
		if (!take_value(r, argv[i], argv[i + 1]))
			return false;
		i++;
	}
	if (r->copy_count == 0) {
		r->copies[r->copy_count++] = SLIP_ORIGINAL;
		r->copies[r->copy_count++] = SLIP_STUB;
	}
	return !(r->reprint && r->fresh);
}

/* Of all that can be wrong with a line what nobody can guess. */
static void tell_kinds(const char *name)
{
	fprintf(stderr, tr("没有 %s 这种文书。能开的有:"), name);
	for (int k = 0; k < SLIP__MAX; k++)
		fprintf(stderr, "%s %s (%s)", k > 0 ? "," : "", slip_name((enum slip)k),
			slip_title((enum slip)k));
	fputc('\n', stderr);
}

static bool is_listing(const char *word)
{
	return strcmp(word, "list") == 0 || strcmp(word, "check") == 0 ||
	       strcmp(word, "names") == 0;
}

int cmd_slip(int argc, char **argv)
{
	struct request r = {0};
	bool as_json = argc > 2 && strcmp(argv[argc - 1], "--json") == 0;
	int count = argc - as_json;

	if (argc >= 2 && argc <= 3 + as_json && strcmp(argv[1], "list") == 0 &&
		(count < 3 || (argv[2][0] != '-' && argv[2][0] != '\0')))
		return list(count == 3 ? argv[2] : NULL, as_json);
	if (argc == 2 && strcmp(argv[1], "check") == 0)
		return check();
	if (argc == 2 && strcmp(argv[1], "names") == 0) {
		slip_each_name(print_name, NULL);
		return EXIT_DONE;
	}
	if (argc > 2 && !is_listing(argv[1]) && !slip_parse(argv[1], &r.kind)) {
		tell_kinds(argv[1]);
		return EXIT_USAGE;
	}
	return parse(argc, argv, &r) ? run(&r) : usage();
}
