#include "tui/cmd.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/db.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/station/audit.h"
#include "core/station/catalogue.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/documents/press.h"
#include "core/station/documents/slip.h"
#include "core/station/operator.h"
#include "core/station/outbox.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "forms/form_library.h"
#include "tui/cmd_station.h"
#include "tui/command_charset.h"
#include "tui/errand.h"
#include "tui/form_asked.h"
#include "tui/theme.h"

enum {
	ROOM_LEAST_MB = 100,
	WHAT_CELLS = 12
};

/* One line of the report; a wrong one counts and says what to do. */
static void say(int *wrong, bool good, const char *what, const char *finding)
{
	int blanks = WHAT_CELLS - text_cols(what);

	printf("%s  %s%*s  %s\n", good ? tr("正常") : tr("注意"), what, blanks > 0 ? blanks : 0, "",
		finding);
	*wrong += !good;
}

static void check_settings(const struct conf *c)
{
	const struct conf_key *k;

	puts(tr("设置 (值, 来自何处)"));
	for (k = settings_keys; k->name != NULL; k++) {
		const char *value = conf_get(c, k->name);
		printf("  %-22s %s  [%s]  %s\n", k->name, value != NULL ? value : "-",
			conf_source(c, k->name), tr(k->help));
	}
}

static void check_files(struct cmd_station *st, int *wrong)
{
	struct buf b = {0}, why = {0};
	struct statvfs fs;
	int64_t rows = 0;
	enum err e;

	say(wrong, true, tr("数据文件夹"), st->home);
	if (statvfs(st->home, &fs) == 0) {
		long long mb = (long long)fs.f_bavail * (long long)fs.f_frsize >> 20;
		bool takes = (fs.f_flag & ST_RDONLY) == 0;

		buf_printf(&b, tr("还能存 %lld MB"), mb);
		say(wrong, takes && mb >= ROOM_LEAST_MB, tr("磁盘"),
			takes ? b.data : err_text(ERR_READ_ONLY));
	}
	e = db_check(store_db(st->store), &why);
	say(wrong, e == OK, tr("本机数据"), e == OK ? tr("完好") : buf_str(&why));
	buf_clear(&why);
	e = audit_verify(st->store, &rows, &why);
	buf_clear(&b);
	buf_printf(&b, tr("%lld 条, 没有改动过"), (long long)rows);
	say(wrong, e == OK, tr("操作记录"), e == OK ? b.data : buf_str(&why));
	buf_fini(&b);
	buf_fini(&why);
}

/* Which of the centre's is here, as the centre calls it: the same at every window, or not. */
static void check_offered(struct cmd_station *st, int *wrong)
{
	char *trouble = catalogue_fetch_trouble(st->store);
	char *taken = catalogue_fetch_version(st->store);
	struct buf b = {0};

	if (trouble != NULL) {
		say(wrong, false, tr("中心的目录"), trouble);
	} else if (taken != NULL) {
		bool due = catalogue_fetch_is_due(st->store);
		buf_printf(&b,
			due ? tr("本机是中心的版本 %s, 中心有更新的: 请用 yimen sync 取")
			    : tr("本机是中心现在的版本 %s"),
			taken);
		say(wrong, !due, tr("中心的目录"), b.data);
	}
	free(trouble);
	free(taken);
	buf_fini(&b);
}

static void check_catalogue(struct cmd_station *st, int *wrong)
{
	struct catalogue_info info = {0};
	const char *none;
	struct buf b = {0};
	int64_t age_days;
	char *taken;

	catalogue_info(st->catalogue, &info); /* what cannot be read is empty */
	none = catalogue_none(&info, store_now_ms(st->store));
	if (none != NULL) {
		say(wrong, false, tr("事项目录"), none);
		return;
	}
	age_days = (store_now_ms(st->store) - info.imported_ms) / 86400000;
	taken = catalogue_fetch_version(st->store);
	if (taken != NULL) /* the next line says which, by the name that the centre gives it */
		buf_printf(&b, tr("%lld 个事项, %lld 天前更新"), (long long)info.in_force,
			(long long)age_days);
	else
		buf_printf(&b, tr("%lld 个事项, 版本 %s, %lld 天前更新"), (long long)info.in_force,
			info.version, (long long)age_days);
	free(taken);
	say(wrong, age_days <= conf_get_long(st->conf, "catalogue.max_age", 90), tr("事项目录"),
		b.data);
	buf_fini(&b);
}

/* Why a letter needs a person, the newest: who asks whether this station is admitted reads it here.
 */
static void add_need(void *arg, const struct letter *l)
{
	struct buf *need = arg;

	if (l->hold == HOLD_PERSON && l->reason != NULL && need->len == 0)
		buf_printf(need, "; %s", l->reason);
}

/* It is asked, now: an address that is set says nothing of what is there. */
static void check_centre(struct cmd_station *st, int *wrong)
{
	char *enrolled = store_get(st->store, "centre.url");
	const char *url = conf_get(st->conf, "centre.url");
	struct buf b = {0}, said = {0};
	int code;

	if (url == NULL)
		url = enrolled;
	if (url == NULL) {
		say(wrong, false, tr("中心"), tr("还没有接入。请用 yimen enrol 网址 接入码"));
		return;
	}
	fflush(stdout);
	code = errand_wait("look", &said);
	said.len = strcspn(buf_str(&said), "\n");
	buf_printf(&b, "%s  %.*s", url, (int)said.len, code >= 0 ? buf_str(&said) : "");
	say(wrong, code == EXIT_DONE, tr("中心"), b.data);
	free(enrolled);
	buf_fini(&b);
	buf_fini(&said);
}

static void check_work(struct cmd_station *st, int *wrong)
{
	const struct outbox_filter held = {.state = LETTER_HELD};
	struct outbox_counts c = {0};
	struct buf b = {0}, need = {0};

	buf_printf(&b, tr("%zu 名"), operator_count(st->store));
	say(wrong, operator_count(st->store) > 0, tr("操作员"),
		operator_count(st->store) > 0 ? b.data
					      : tr("还没有。请用 yimen operator add 工号 添加"));
	check_centre(st, wrong);
	outbox_counts(st->store, &c);
	buf_clear(&b);
	buf_printf(
		&b, tr("待发 %zu, 退回或待处理 %zu, 已收妥 %zu"), c.waiting, c.held, c.delivered);
	outbox_each(st->store, &held, add_need, &need);
	buf_adds(&b, buf_str(&need));
	say(wrong, c.held == 0, tr("发件箱"), b.data);
	buf_fini(&b);
	buf_fini(&need);
}

static void check_terminal(int *wrong)
{
	char charset[CHARSET_SIZE];
	const char *term = getenv("TERM");
	bool good = command_charset_name(charset);

	say(wrong, good, tr("字符集"),
		good ? charset : tr("终端不能显示汉字, 请设置 LANG=zh_CN.UTF-8 或 C.UTF-8"));
	say(wrong, term != NULL && strcmp(term, "dumb") != 0, tr("终端类型"),
		term != NULL ? term : tr("没有设置 TERM"));
}

/* Papers: the wording in force, and whether they can become PDF (text always can). */
static void check_slips(struct cmd_station *st, int *wrong)
{
	struct buf faults = {0}, why = {0};

	if (slip_check(&faults, st->home) > 0)
		faults.data[strcspn(faults.data, "\n")] = '\0'; /* `yimen slip check` tells all */
	say(wrong, faults.len == 0, tr("文书模板"), faults.len == 0 ? tr("没有错") : faults.data);
	say(wrong, true, tr("文书 PDF"), press_ready(&why) == OK ? tr("能出") : why.data);
	buf_fini(&faults);
	buf_fini(&why);
}

/* The form of this file in the station's folder of forms: its id, free() it; NULL: it is none. */
static char *form_id(const char *file)
{
	size_t n = strlen(file);

	if (file[0] == '.')
		return NULL;
	return mem_strndup(file, n > 5 && strcmp(file + n - 5, ".xlsx") == 0 ? n - 5 : n);
}

/* A form that was taken by an earlier version may have what is refused now: told before a clerk
 * stands in front of it. */
static void check_forms(struct cmd_station *st, int *wrong)
{
	char *folder = paths_join(st->home, "forms");
	DIR *d = opendir(folder);
	const struct dirent *one;
	struct buf finding = {0};
	size_t count = 0;
	struct buf doubtful = {0};

	while (d != NULL && finding.len == 0 && (one = readdir(d)) != NULL) {
		char *id = form_id(one->d_name);
		struct buf faults = {0};
		struct form *form = NULL;
		char *path = id != NULL ? form_library_path(st->home, id) : NULL;
		count += id != NULL;
		if (id != NULL && form_read(&form, path, &faults) != OK) {
			const char *first = buf_str(&faults);
			buf_printf(&finding, tr("%s 打不开: %.*s; 全部的错: yimen form check %s"),
				id, (int)strcspn(first, "\n"), first, id);
		}
		if (form != NULL)
			form_check_asked(&form, st->home, path);
		if (form != NULL && form->doubts[0] != '\0')
			buf_printf(&doubtful, tr("; %s 有提醒, 见 yimen form check %s"), id, id);
		form_free(form);
		buf_fini(&faults);
		free(path);
		free(id);
	}
	if (finding.len > 0)
		say(wrong, false, tr("本厅表单"), finding.data);
	else if (count > 0) {
		buf_printf(&finding, tr("%zu 张, 没有错"), count);
		buf_adds(&finding, buf_str(&doubtful));
		say(wrong, true, tr("本厅表单"), finding.data);
	}
	if (d != NULL)
		closedir(d);
	buf_fini(&doubtful);
	buf_fini(&finding);
	free(folder);
}

/* What was chosen in the screens is in force where no setting says another. */
static void take_chosen(struct cmd_station *st)
{
	char *theme =
		conf_is_set(st->conf, "screen.theme") ? NULL : store_get(st->store, THEME_KEPT);

	if (theme != NULL)
		conf_set(st->conf, "screen.theme", theme, tr("在工作台里选的"));
	free(theme);
}

int cmd_doctor(int argc, char **argv)
{
	struct cmd_station st;
	int wrong = 0;
	enum err e;

	(void)argv;
	if (argc != 1)
		return cmd_usage("doctor");
	e = cmd_station_open(&st, true);
	if (e != OK)
		return err_exit(e);
	check_files(&st, &wrong);
	check_catalogue(&st, &wrong);
	check_offered(&st, &wrong);
	check_work(&st, &wrong);
	check_slips(&st, &wrong);
	check_forms(&st, &wrong);
	check_terminal(&wrong);
	take_chosen(&st);
	check_settings(st.conf);
	cmd_station_close(&st);
	return wrong == 0 ? EXIT_DONE : EXIT_REFUSED;
}
