/* yimen day, yimen month: a day or a month in figures, as text, table, JSON or PDF. */
#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/base/msg.h"
#include "core/station/documents/paper.h"
#include "core/station/documents/press.h"
#include "core/station/documents/summary_paper.h"
#include "core/station/store.h"
#include "core/station/summary.h"
#include "tui/cmd_station.h"
#include "tui/cmd_values.h"
#include "tui/paper_text.h"

enum form {
	FORM_TEXT,
	FORM_CSV,
	FORM_JSON,
	FORM_PDF
};

struct request {
	bool month;
	const char *when; /* NULL: now */
	enum form form;
	bool chosen, mixed; /* the form was said; two of them were */
	const char *pdf;
};

static int usage(void)
{
	return cmd_usage(tr("day [日期] [--text|--csv|--json|--pdf 文件]\n"
			    "      yimen month [年-月] [--text|--csv|--json|--pdf 文件]"));
}

static bool take_form(struct request *r, const char *arg)
{
	static const char *const names[] = {"--text", "--csv", "--json", "--pdf"};

	for (int i = 0; i < 4; i++)
		if (strcmp(arg, names[i]) == 0) {
			r->mixed |= r->chosen && r->form != (enum form)i;
			r->chosen = true;
			r->form = (enum form)i;
			return true;
		}
	return false;
}

static bool parse(int argc, char **argv, struct request *r)
{
	if (argc > 1 && strcmp(argv[0], "report") == 0) {
		argc--;
		argv++;
	}
	r->month = strcmp(argv[0], "month") == 0;
	if (!r->month && strcmp(argv[0], "day") != 0)
		return false;
	for (int i = 1; i < argc; i++) {
		if (take_form(r, argv[i])) {
			if (r->form == FORM_PDF && cmd_is_no_value(r->pdf = argv[++i]))
				return false;
		} else if (argv[i][0] == '-' || r->when != NULL) {
			return false;
		} else {
			r->when = argv[i];
		}
	}
	return !r->mixed;
}

/* YYYY-MM-DD, or YYYY-MM for a month. false: neither. */
static bool period(const struct request *r, int32_t today, int32_t *from, int32_t *to)
{
	char text[DATE_SIZE] = "";
	struct date d;

	*from = today;
	if (r->when != NULL) {
		if (strlen(r->when) > 10)
			return false;
		snprintf(text, sizeof text, "%s%s", r->when,
			r->month && strlen(r->when) == 7 ? "-01" : "");
		if (!date_parse(text, &d))
			return false;
		*from = date_to_day(d);
	}
	*to = *from + 1;
	if (r->month)
		summary_month(*from, from, to);
	return true;
}

static enum err put_paper(
	const struct request *r, struct cmd_station *st, const struct summary *s, struct buf *why)
{
	struct paper p = {0};
	struct buf text = {0};
	enum err e = OK;

	summary_paper(&p, s, st->store, conf_get(st->conf, "hall.name"));
	if (r->form == FORM_PDF) {
		e = press_pdf(&p, r->pdf, why);
	} else {
		paper_text(&text, &p);
		fputs(buf_str(&text), stdout);
	}
	buf_fini(&text);
	paper_fini(&p);
	return e;
}

static enum err put_table(const struct request *r, const struct summary *s)
{
	struct buf b = {0};

	if (r->form == FORM_CSV)
		summary_csv(&b, s);
	else
		summary_json(&b, s);
	fputs(buf_str(&b), stdout);
	buf_fini(&b);
	return OK;
}

int cmd_day(int argc, char **argv)
{
	struct request r = {.form = FORM_TEXT};
	struct cmd_station st;
	struct summary s = {0};
	struct buf why = {0};
	int32_t from, to;
	enum err e;
	int code = EXIT_DONE;

	if (!parse(argc, argv, &r))
		return usage();
	e = cmd_station_open(&st, false);
	if (e != OK)
		return err_exit(e);
	if (!period(&r, clock_day(store_now_ms(st.store)), &from, &to)) {
		fprintf(stderr,
			r.month ? tr("月份 %s 看不懂, 应像 2026-11\n")
				: tr("日期 %s 看不懂, 应像 2026-11-24\n"),
			r.when);
		cmd_station_close(&st);
		return EXIT_USAGE;
	}
	e = summary_make(&s, st.store, from, to, (int)conf_get_long(st.conf, "report.late", 10));
	if (e == OK)
		e = r.form == FORM_TEXT || r.form == FORM_PDF ? put_paper(&r, &st, &s, &why)
							      : put_table(&r, &s);
	if (e != OK)
		code = cmd_refuse(e, &why);
	summary_fini(&s);
	buf_fini(&why);
	cmd_station_close(&st);
	return code;
}
