#include "tui/cmd_catalogue.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/catalogue_check.h"
#include "core/station/index.h"
#include "core/station/search.h"
#include "tui/cmd.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/guide_check.h"

/* ---- what the commands about matters share ---- */

static char *in_home(const struct command_catalogue *cc, const char *name)
{
	return paths_join(cc->home, name);
}

static void open_search(struct command_catalogue *cc)
{
	char *index = in_home(cc, "catalogue.idx"), *own = in_home(cc, "aliases.tsv");
	char *shipped = paths_share("data/aliases.tsv");

	if (search_open(&cc->search, cc->catalogue, index, NULL) == OK) {
		if (search_stale(cc->search) && index_build(cc->catalogue, index, NULL) == OK)
			search_refresh(cc->search);
		search_aliases(cc->search, shipped, NULL);
		search_aliases(cc->search, own, NULL);
	}
	free(index);
	free(own);
	free(shipped);
}

int command_catalogue_open(struct command_catalogue *cc, bool with_search)
{
	struct buf why = {0};
	char *path = NULL;
	enum err e;
	int code = EXIT_DONE;

	*cc = (struct command_catalogue){0};
	e = paths_home(&cc->home, &why);
	if (e == OK) {
		path = in_home(cc, "catalogue.db");
		e = catalogue_open(
			&cc->catalogue, path, clock_day(clock_wall_ms(&clock_system)), &why);
	}
	free(path);
	if (e == OK && with_search)
		open_search(cc);
	if (e == OK && with_search && cc->search == NULL)
		e = ERR_IO;
	if (e != OK) {
		code = cmd_refuse(e, &why);
		command_catalogue_close(cc);
	}
	buf_fini(&why);
	return code;
}

void command_catalogue_close(struct command_catalogue *cc)
{
	enum err why = OK;

	search_close(cc->search);
	if (cc->catalogue != NULL)
		cmd_tell_unread(catalogue_unread(cc->catalogue, &why), &why);
	catalogue_close(cc->catalogue);
	free(cc->home);
	*cc = (struct command_catalogue){0};
}

/* ---- import ---- */

struct importing {
	const char *file;
	struct guide_check *check;
	int64_t line;
};

static void say_bad(void *arg, int64_t line, const char *reason)
{
	const struct importing *im = arg;

	fprintf(stderr, tr("%s:%lld: %s\n"), im->file, (long long)line, reason);
}

static void say_note(void *arg, const char *fault)
{
	const struct importing *im = arg;

	fprintf(stderr, tr("%s:%lld: 提醒: %s\n"), im->file, (long long)im->line, fault);
}

/* A note only: the guide is taken all the same. */
static void check_taken(void *arg, int64_t line, const struct matter *m)
{
	struct importing *im = arg;

	im->line = line;
	guide_check_matter(im->check, m, say_note, im);
}

static bool say_progress(void *arg, int64_t lines, int64_t bytes)
{
	(void)arg;
	if (isatty(STDERR_FILENO) == 1) {
		fputc('\r', stderr);
		fprintf(stderr, tr("已读 %lld 行, %lld KB "), (long long)lines,
			(long long)bytes / 1024);
	}
	return true;
}

static void say_result(const struct catalogue_result *r)
{
	if (isatty(STDERR_FILENO) == 1)
		fputc('\n', stderr);
	printf(tr("读 %lld 行: 新增 %lld, 变更 %lld, 相同 %lld, 不合格 %lld\n"),
		(long long)r->lines, (long long)r->added, (long long)r->changed, (long long)r->same,
		(long long)r->bad);
}

/* Says why not. */
static enum err open_input(FILE **in, const char *file)
{
	struct buf why = {0};
	enum err e = OK;

	*in = stdin;
	if (strcmp(file, "-") != 0) {
		e = paths_look_file(file, &why);
		*in = e == OK ? fopen(file, "re") : NULL;
	}
	if (e == OK && *in == NULL) {
		e = ERR_DENIED;
		buf_why(&why, tr("读不了 %s: %s"), file, err_cause(errno));
	}
	if (e != OK)
		cmd_refuse(e, &why);
	buf_fini(&why);
	return e;
}

static int import(const char *file)
{
	struct command_catalogue cc;
	struct importing im = {.file = file};
	struct catalogue_import how = {.source = file,
		.bad = say_bad,
		.taken = check_taken,
		.progress = say_progress,
		.arg = &im};
	struct catalogue_result r = {0};
	struct buf why = {0};
	char *index;
	FILE *in;
	enum err e = open_input(&in, file);
	int code;

	if (e != OK)
		return err_exit(e);
	code = command_catalogue_open(&cc, false);
	if (code != EXIT_DONE) {
		fclose(in);
		return code;
	}
	how.now_ms = clock_wall_ms(&clock_system);
	im.check = guide_check_new(cc.home);
	e = catalogue_import(cc.catalogue, in, &how, &r, &why);
	index = in_home(&cc, "catalogue.idx");
	if (e == OK) {
		say_result(&r);
		e = index_build(cc.catalogue, index, &why);
	}
	code = e != OK ? cmd_refuse(e, &why) : r.bad > 0 ? EXIT_REFUSED : EXIT_DONE;
	free(index);
	fclose(in);
	guide_check_free(im.check);
	command_catalogue_close(&cc);
	if (e == OK)
		cmd_draft_tell();
	buf_fini(&why);
	return code;
}

/* ---- check ---- */

static void print_fault(void *arg, int64_t line, enum quality_rule rule, const char *body,
	const char *code, const char *name, const char *fault)
{
	struct buf out = {0};

	(void)arg;
	buf_printf(&out, "%lld\t%s\t", (long long)line, quality_rule_name(rule));
	text_clean(&out, code, strlen(code));
	buf_addc(&out, '\t');
	text_clean(&out, name, strlen(name));
	buf_addc(&out, '\t');
	text_clean(&out, body, strlen(body));
	buf_addc(&out, '\t');
	text_clean(&out, fault, strlen(fault));
	puts(out.data);
	buf_fini(&out);
}

static void print_body(void *arg, const struct quality_body *b)
{
	int rule;

	(void)arg;
	printf(tr("# %s: %lld 个事项, %lld 个有问题"), b->body, (long long)b->matters,
		(long long)b->faulty);
	for (rule = 0; rule < QUALITY_RULE__MAX; rule++)
		if (b->faults[rule] > 0)
			printf("  %s %lld", quality_rule_name((enum quality_rule)rule),
				(long long)b->faults[rule]);
	putchar('\n');
}

static void check_conditions(
	void *arg, const struct matter *m, void (*say)(void *to, const char *fault), void *to)
{
	guide_check_matter(arg, m, say, to);
}

static int check(const char *file)
{
	FILE *in;
	struct quality_more more = {check_conditions, NULL};
	char *home = NULL;
	int64_t matters = 0, faulty = 0;
	enum err e = open_input(&in, file);

	if (e != OK)
		return err_exit(e);
	if (paths_home(&home, NULL) != OK)
		home = NULL; /* the shipped forms are looked at */
	more.arg = guide_check_new(home);
	e = quality_check(in, &more, print_fault, print_body, NULL, &matters, &faulty);
	guide_check_free(more.arg);
	free(home);
	fclose(in);
	if (e != OK)
		return cmd_refuse(e, NULL);
	printf(tr("# 共 %lld 个事项, %lld 个有问题\n"), (long long)matters, (long long)faulty);
	return faulty > 0 ? EXIT_REFUSED : EXIT_DONE;
}

/* ---- diff ---- */

static void print_field(void *arg, const struct catalogue_field *f)
{
	struct buf line = {0};

	(void)arg;
	buf_printf(&line, "    %s: ", f->label[0] != '\0' ? f->label : f->path);
	text_clean(&line, f->before, strlen(f->before));
	buf_adds(&line, " -> ");
	text_clean(&line, f->after, strlen(f->after));
	puts(line.data);
	buf_fini(&line);
}

struct differing {
	struct catalogue *catalogue;
	size_t shown;
};

static void print_change(void *arg, const struct catalogue_change *c)
{
	static const char *const words[CATALOGUE_CHANGE__MAX] = {
		N_("新增"), N_("变更"), N_("撤销")};
	struct differing *d = arg;

	d->shown++;
	printf("%s\t%s\t%s\t%s\n", tr(words[c->kind]), c->code, c->name, c->dept_name);
	if (c->kind == CATALOGUE_CHANGED)
		catalogue_diff(
			d->catalogue, c->code, c->seq_before, c->seq_after, print_field, NULL);
}

/* What the last import changed. */
static int diff(void)
{
	struct command_catalogue cc;
	struct catalogue_info info;
	struct differing d = {NULL, 0};
	int code = command_catalogue_open(&cc, false);
	enum err e;

	if (code != EXIT_DONE)
		return code;
	d.catalogue = cc.catalogue;
	e = catalogue_info(cc.catalogue, &info);
	if (e == OK && info.imported_ms > 0)
		e = catalogue_changes(cc.catalogue, info.imported_ms, 0, print_change, &d);
	if (e == OK)
		cmd_say_none(d.shown, false,
			info.imported_ms > 0 ? tr("上一次导入没有改动什么。")
					     : tr("还没有导入过事项目录。"));
	command_catalogue_close(&cc);
	return err_exit(e);
}

int cmd_catalogue(int argc, char **argv)
{
	if (argc == 3 && cmd_is_no_value(argv[2]))
		argc = 0; /* an option where the file should be */
	if (argc == 3 && strcmp(argv[1], "import") == 0)
		return import(argv[2]);
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv[2]);
	if (argc == 2 && strcmp(argv[1], "diff") == 0)
		return diff();
	return cmd_usage(tr("catalogue import 文件|- | check 文件|- | diff"));
}
