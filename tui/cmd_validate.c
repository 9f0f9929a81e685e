#include "tui/cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/identifier.h"

/* One line: ok|warning|error TAB normalised TAB message. Info is ok with something to tell. */
static bool print_verdict(enum identifier_kind kind, const char *value)
{
	int32_t today = clock_day(clock_wall_ms(&clock_system));
	struct finding f = {0};
	struct buf line = {0};
	enum verdict v = identifier_check(kind, value, today, &f);

	buf_printf(&line, "%s\t", verdict_name(v == VERDICT_INFO ? VERDICT_OK : v));
	text_clean(&line, buf_str(&f.normalised), f.normalised.len);
	buf_addc(&line, '\t');
	text_clean(&line, buf_str(&f.message), f.message.len);
	puts(line.data);
	buf_fini(&line);
	finding_fini(&f);
	return v != VERDICT_ERROR;
}

static bool validate_stdin(enum identifier_kind kind)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool good = true;

	while ((n = getline(&line, &cap, stdin)) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		good = print_verdict(kind, line) && good;
	}
	free(line);
	return good;
}

static int usage(void)
{
	struct buf kinds = {0}, text = {0};
	int code;

	for (int k = 0; k < IDENTIFIER__MAX; k++)
		buf_printf(&kinds, "%s%s", k > 0 ? " " : "",
			identifier_kind_name((enum identifier_kind)k));
	buf_printf(&text, tr("validate 种类 [值…|-]   种类: %s"), buf_str(&kinds));
	code = cmd_usage(buf_str(&text));
	buf_fini(&text);
	buf_fini(&kinds);
	return code;
}

int cmd_validate(int argc, char **argv)
{
	enum identifier_kind kind;
	bool good = true;
	int i;

	if (argc < 2 || !identifier_kind_by_name(argv[1], &kind))
		return usage();
	if (argc == 2 || (argc == 3 && strcmp(argv[2], "-") == 0))
		return validate_stdin(kind) ? 0 : 1;
	for (i = 2; i < argc; i++)
		good = print_verdict(kind, argv[i]) && good;
	return good ? 0 : 1;
}
