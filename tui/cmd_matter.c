#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"
#include "tui/cmd_catalogue.h"
#include "tui/guide_text.h"

enum {
	GUIDE_COLS = 78
};

/* The same guide as on the screen, line by line. */
static void print_guide(const struct matter *m)
{
	struct buf line = {0};
	struct pager p;
	size_t i;

	pager_init(&p, GUIDE_COLS);
	guide_fill(&p, m);
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

int cmd_matter(int argc, char **argv)
{
	bool as_json = argc == 3 && strcmp(argv[2], "--json") == 0;
	struct command_catalogue cc;
	struct matter *m = NULL;
	struct buf text = {0};
	enum err e;
	int code;

	if (argc != 2 && !as_json)
		return cmd_usage(tr("matter 事项编码 [--json]"));
	code = command_catalogue_open(&cc, false);
	if (code != EXIT_DONE)
		return code;
	e = catalogue_get(cc.catalogue, argv[1], &m);
	if (e == ERR_NOT_FOUND)
		fprintf(stderr, tr("事项目录里没有编码 %s, 请用 yimen search 查找\n"), argv[1]);
	else if (e != OK)
		fprintf(stderr, "%s\n", err_text(e));
	if (e == OK && as_json) {
		json_write(&text, m->doc);
		puts(buf_str(&text));
	} else if (e == OK) {
		print_guide(m);
	}
	matter_free(m);
	buf_fini(&text);
	command_catalogue_close(&cc);
	return err_exit(e);
}
