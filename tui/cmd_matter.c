#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/documents/slip_facts.h"
#include "core/station/matter.h"
#include "tui/cmd_catalogue.h"
#include "tui/cmd_station.h"
#include "tui/guide_text.h"
#include "tui/notice.h"

enum {
	GUIDE_COLS = 78
};

/* The same guide as on the screen, line by line. */
static void print_guide(const struct matter *m, const char *origin)
{
	struct buf line = {0};
	struct pager p;
	size_t i;

	pager_init(&p, GUIDE_COLS);
	guide_fill(&p, m, origin, false);
	printf("%s\n%s\n\n", m->name, m->code);
	for (i = 0; i < p.count; i++) {
		const struct pager_line *l = &p.lines[i];
		buf_clear(&line);
		buf_printf(&line, "%*s", l->indent, "");
		if (l->label != NULL)
			text_pad(&line, l->label, l->label_cols);
		text_clean(&line, l->text, strlen(l->text));
		puts(buf_str(&line));
	}
	pager_fini(&p);
	buf_fini(&line);
}

static int print_notice(const char *code)
{
	struct cmd_station st;
	struct buf text = {0}, why = {0};
	int result = EXIT_DONE;
	enum err e = cmd_station_open(&st, true);

	if (e != OK)
		return err_exit(e);
	const struct slip_source source = {st.store, st.catalogue, st.conf, NULL, NULL, NULL};
	e = notice_text(&text, &source, code, &why);
	if (e == OK)
		fputs(buf_str(&text), stdout);
	else
		result = cmd_refuse(e, &why);
	cmd_station_close(&st);
	buf_fini(&text);
	buf_fini(&why);
	return result;
}

int cmd_matter(int argc, char **argv)
{
	bool as_json = argc == 3 && strcmp(argv[2], "--json") == 0;
	bool as_notice = argc == 3 && strcmp(argv[2], "--notice") == 0;
	struct command_catalogue cc;
	struct matter *m = NULL;
	struct buf text = {0};
	enum err e;
	int code;

	if ((argc != 2 && !as_json && !as_notice) || argv[1][0] == '-' || argv[1][0] == '\0')
		return cmd_usage(tr("matter 事项编码 [--json | --notice]"));
	if (as_notice)
		return print_notice(argv[1]);
	code = command_catalogue_open(&cc, false);
	if (code != EXIT_DONE)
		return code;
	e = catalogue_get(cc.catalogue, argv[1], &m);
	if (e == ERR_NOT_FOUND)
		catalogue_say_missing(cc.catalogue, argv[1], clock_wall_ms(&clock_system), &text);
	if (e != OK)
		fprintf(stderr, "%s\n", text.len > 0 ? text.data : err_text(e));
	if (e == OK && as_json) {
		json_write(&text, m->doc);
		puts(buf_str(&text));
	} else if (e == OK) {
		struct buf origin = {0};
		notice_origin(&origin, cc.catalogue, m);
		print_guide(m, buf_str(&origin));
		buf_fini(&origin);
	}
	matter_free(m);
	buf_fini(&text);
	command_catalogue_close(&cc);
	return err_exit(e);
}
