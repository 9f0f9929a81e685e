#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/station/catalogue.h"
#include "core/station/search.h"
#include "tui/cmd_catalogue.h"
#include "tui/cmd.h"

enum {
	LIMIT_DEFAULT = 20,
	LIMIT_MAX = 10000
};

static void put_field(struct buf *line, const char *s, char end)
{
	text_clean(line, s, strlen(s));
	buf_addc(line, end);
}

static void put_plain(struct buf *line, const struct search_hit *h)
{
	put_field(line, h->code, '\t');
	put_field(line, h->name, '\t');
	put_field(line, h->dept, '\t');
	put_field(line, h->region, '\n');
}

static void put_json(struct buf *line, const struct search_hit *h)
{
	static const char *const tiers[SEARCH_TIER__MAX] = {
		"exact", "prefix", "substring", "alias", "words", "gap", "sound", "slip", "loose"};
	buf_addc(line, '{');
	json_member_str(line, "task_code", h->code);
	json_member_str(line, "task_name", h->name);
	json_member_str(line, "dept_name", h->dept);
	json_member_str(line, "region_name", h->region);
	json_member_str(line, "region_code", h->region_code);
	json_member_str(line, "tier", tiers[h->tier]);
	json_member_str(line, "via", *h->via ? h->via : NULL);
	json_member_int(line, "places", h->places);
	json_member(line, "marks");
	buf_addc(line, '[');
	for (int i = 0; i < h->mark_count; i++) {
		json_comma(line);
		buf_printf(line, "[%d,%d]", h->marks[i].at_bytes, h->marks[i].len_bytes);
	}
	buf_adds(line, "]}\n");
}

struct options {
	size_t limit;
	struct search_filter filter;
	bool json;
};

static bool take_filter(struct search_filter *f, int option, const char *value)
{
	switch (option) {
	case 'r':
		f->region = value;
		return true;
	case 'd':
		f->dept = value;
		return true;
	case 't':
		f->type = value;
		return true;
	case 'v':
		f->level = value;
		return true;
	case 'm':
		f->theme = value;
		return true;
	case 'p':
		f->person = true;
		return true;
	case 'b':
		f->body = true;
		return true;
	case 'i':
		f->instant = true;
		return true;
	case 'o':
		f->online = true;
		return true;
	default:
		return false;
	}
}

/* Nothing is asked for: a script's variable was not set. What is only filtered is looked through.
 */
static bool is_empty(int argc, char **argv, const struct search_filter *f)
{
	for (int i = optind; i < argc; i++)
		if (argv[i][strspn(argv[i], " \t")] != '\0')
			return false;
	return f->region == NULL && f->dept == NULL && f->type == NULL && f->level == NULL &&
	       f->theme == NULL && !f->person && !f->body && !f->instant && !f->online;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option options[] = {{"limit", required_argument, NULL, 'l'},
		{"region", required_argument, NULL, 'r'}, {"dept", required_argument, NULL, 'd'},
		{"type", required_argument, NULL, 't'}, {"level", required_argument, NULL, 'v'},
		{"theme", required_argument, NULL, 'm'}, {"person", no_argument, NULL, 'p'},
		{"body", no_argument, NULL, 'b'}, {"instant", no_argument, NULL, 'i'},
		{"online", no_argument, NULL, 'o'}, {"json", no_argument, NULL, 'j'}, {0}};
	int c;
	char *end;
	optind = 1;
	opterr = 0; /* its sentences are in English only */
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'l') {
			long n = strtol(optarg, &end, 10);
			if (*end || n < 1 || n > LIMIT_MAX)
				return false;
			o->limit = (size_t)n;
		} else if (take_filter(&o->filter, c, optarg)) {
			continue;
		} else if (c == 'j') {
			o->json = true;
		} else {
			return false;
		}
	}
	return optind < argc && !is_empty(argc, argv, &o->filter);
}

/* An empty list does not say why it is empty. */
static void tell_none(struct catalogue *c, const char *text)
{
	const char *none = NULL;
	struct catalogue_info info;

	if (catalogue_info(c, &info) == OK)
		none = catalogue_none(&info, clock_wall_ms(&clock_system));
	if (none != NULL)
		fputs(none, stderr);
	else
		fprintf(stderr, tr("没有找到 %s。换个说法, 或打事项编码。"), text);
	fputc('\n', stderr);
}

int cmd_search(int argc, char **argv)
{
	struct options o = {.limit = LIMIT_DEFAULT};
	struct command_catalogue cc;
	struct buf text = {0}, line = {0};
	struct search_result r;
	if (!read_options(argc, argv, &o))
		return cmd_usage(
			tr("search [--limit 条数] [--region 区划] [--dept 部门] [--theme 主题] "
			   "[--level 层级] [--type 类型] [--person|--body] [--instant] "
			   "[--online] [--json] 词…"));
	for (int i = optind; i < argc; i++)
		buf_printf(&text, "%s%s", i > optind ? " " : "", argv[i]);
	int status = command_catalogue_open(&cc, true);
	if (status != EXIT_DONE) {
		buf_fini(&text);
		return status;
	}
	search_home(cc.search, o.filter.region);
	search_fuzzy(cc.search, buf_str(&text), &o.filter, o.limit, &r);
	for (size_t i = 0; i < r.count; i++) {
		if (o.json)
			put_json(&line, &r.hits[i]);
		else
			put_plain(&line, &r.hits[i]);
	}
	fwrite(buf_str(&line), 1, line.len, stdout);
	status = r.count > 0 ? EXIT_DONE : EXIT_REFUSED;
	if (r.count == 0)
		tell_none(cc.catalogue, buf_str(&text));
	if (fflush(stdout) != 0)
		status = EXIT_ENV;
	command_catalogue_close(&cc);
	buf_fini(&text);
	buf_fini(&line);
	return status;
}
