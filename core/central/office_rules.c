#include "core/central/office_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/central/commands_office.h"
#include "forms/sheet.h"

enum {
	FILE_BYTES_MAX = 1 << 20,
	SECONDS_MAX = 366 * 86400
};

enum column {
	COL_STATE,
	COL_MATTER,
	COL_WEIGHT,
	COL_AFTER,
	COL_SPREAD,
	COL_ACT,
	COL_CORRECTIONS,
	COL_DOCUMENTS,
	COL_REASON,
	COL_DAYS,
	COL_WHO,
	COL_NOTE,
	COL__MAX
};

static const char *const column_names[COL__MAX] = {"state", "matter", "weight", "after", "spread",
	"act", "corrections", "documents", "reason", "days", "who", "note"};

struct office_rules {
	struct office_rule *list;
	size_t count;
};

/* One row being read. */
struct reading {
	const char *file;
	const struct sheet_row *row;
	int where[COL__MAX]; /* of each column in the file; -1: it has none */
	struct buf *why;
	bool wrong;
};

static const char *cell(const struct reading *r, enum column c)
{
	int at = r->where[c];

	return at >= 0 && (size_t)at < r->row->count ? r->row->cells[at] : "";
}

static void fault(struct reading *r, enum column c, const char *sentence)
{
	r->wrong = true;
	if (r->why != NULL)
		buf_printf(r->why, "%s%s:%d:%d: %s", r->why->len > 0 ? "\n" : "", r->file,
			r->row->number, r->where[c] + 1, sentence);
}

static int number(struct reading *r, enum column c, int usual, int max)
{
	const char *text = cell(r, c);
	char *end;
	long n = strtol(text, &end, 10);

	if (*text == '\0')
		return usual;
	if (*end == '\0' && n >= 0 && n <= max)
		return (int)n;
	fault(r, c, tr("应是一个不小于 0 的数"));
	return usual;
}

/* "40", "2d", "limit", "limit-1d". */
static void read_after(struct reading *r, struct office_rule *rule)
{
	const char *text = cell(r, COL_AFTER);
	char *end;
	long n;

	rule->unit = WAIT_SECONDS;
	if (strncmp(text, "limit", 5) == 0) {
		rule->unit = WAIT_LIMIT;
		text += 5;
	}
	n = strtol(text, &end, 10);
	if (rule->unit == WAIT_LIMIT ? *text == '\0' || strcmp(end, "d") == 0
				     : end != text && n >= 0 && strcmp(end, "d") == 0) {
		if (rule->unit == WAIT_SECONDS)
			rule->unit = WAIT_DAYS;
	} else if (rule->unit == WAIT_LIMIT || *end != '\0' || n < 0) {
		fault(r, COL_AFTER, tr("应写成 40 (秒)、2d (演示工作日) 或 limit+1d (期限之后)"));
	}
	if (n > SECONDS_MAX || n < -SECONDS_MAX)
		fault(r, COL_AFTER, tr("时间太长了"));
	else
		rule->after = (int)n;
}

static void read_act(struct reading *r, struct office_rule *rule)
{
	const char *name = cell(r, COL_ACT), *why = "";
	enum case_state to;

	if (strcmp(name, "wait") == 0)
		return;
	rule->acts = true;
	rule->denies = strcmp(name, "deny") == 0;
	if (rule->denies)
		rule->act = ACT_DECIDE;
	else if (!case_act_parse(name, &rule->act))
		fault(r, COL_ACT, tr("没有这种办理"));
	if (!r->wrong && !lifecycle_next(rule->state, rule->act, ACTOR_OFFICE, &to, &why))
		fault(r, COL_ACT, why);
}

/* What an act must say is said by its rule, so that it fails here and not at a case. */
static void check_said(struct reading *r, const struct office_rule *rule)
{
	struct buf list = {0};

	if (rule->acts && rule->act == ACT_REQUEST_CORRECTION &&
		(!office_read_defects(&list, rule->corrections) || list.len == 0))
		fault(r, COL_CORRECTIONS, tr("应写成 材料: 问题: 怎样补正; 材料: 问题…"));
	buf_clear(&list);
	if (!office_read_documents(&list, rule->documents))
		fault(r, COL_DOCUMENTS, tr("应写成 名称: 编号; 名称…"));
	buf_fini(&list);
	if (rule->acts && *rule->reason == '\0' &&
		(rule->denies || rule->act == ACT_REFUSE || rule->act == ACT_RETURN ||
			rule->act == ACT_SUSPEND || rule->act == ACT_EXTEND))
		fault(r, COL_REASON, tr("这种办理要写明理由"));
}

static void read_row(struct office_rules *all, struct reading *r)
{
	struct office_rule *rule;

	all->list = mem_resize(all->list, all->count + 1, sizeof *all->list);
	rule = &all->list[all->count++];
	*rule = (struct office_rule){.matter = mem_strdup(cell(r, COL_MATTER)),
		.corrections = mem_strdup(cell(r, COL_CORRECTIONS)),
		.documents = mem_strdup(cell(r, COL_DOCUMENTS)),
		.reason = mem_strdup(cell(r, COL_REASON)),
		.who = mem_strdup(cell(r, COL_WHO)),
		.note = mem_strdup(cell(r, COL_NOTE))};
	if (!case_state_parse(cell(r, COL_STATE), &rule->state))
		fault(r, COL_STATE, tr("没有这种状态"));
	rule->weight = number(r, COL_WEIGHT, 1, 1000000);
	rule->spread_s = number(r, COL_SPREAD, 0, SECONDS_MAX);
	rule->days = number(r, COL_DAYS, 0, 1000);
	read_after(r, rule);
	read_act(r, rule);
	check_said(r, rule);
}

static bool find_columns(struct reading *r, const struct sheet_row *header)
{
	int c;
	size_t i;

	for (c = 0; c < COL__MAX; c++) {
		r->where[c] = -1;
		for (i = 0; i < header->count; i++)
			if (strcmp(header->cells[i], column_names[c]) == 0)
				r->where[c] = (int)i;
	}
	return r->where[COL_STATE] >= 0 && r->where[COL_ACT] >= 0;
}

static enum err read_sheet(struct office_rules *all, const struct sheet *s, struct buf *why)
{
	struct reading r = {.file = s->file, .why = why};
	size_t i;

	if (s->count < 2 || !find_columns(&r, &s->rows[0])) {
		buf_why(why, tr("%s 第一行应是栏名 (至少 state 和 act), 后面每行一条规则"),
			s->file);
		return ERR_INVALID;
	}
	for (i = 1; i < s->count; i++) {
		r.row = &s->rows[i];
		if (r.row->count > 0 && r.row->cells[0][0] != '#')
			read_row(all, &r);
	}
	return r.wrong ? ERR_INVALID : OK;
}

enum err office_rules_read(struct office_rules **out, const char *path, struct buf *why)
{
	struct workbook book = {0};
	struct sheet *sheet = workbook_add(&book, "rules", path);
	struct office_rules *all = mem_alloc(sizeof *all);
	struct buf text = {0};
	enum err e = paths_read(&text, path, FILE_BYTES_MAX);

	if (e != OK)
		buf_why(why, tr("打不开规则文件 %s"), path);
	if (e == OK)
		e = csv_read(sheet, buf_str(&text), text.len, why);
	if (e == OK)
		e = read_sheet(all, sheet, why);
	if (e == OK)
		*out = all;
	else
		office_rules_free(all);
	workbook_fini(&book);
	buf_fini(&text);
	return e;
}

void office_rules_free(struct office_rules *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; i < r->count; i++) {
		struct office_rule *rule = &r->list[i];
		free(rule->matter);
		free(rule->corrections);
		free(rule->documents);
		free(rule->reason);
		free(rule->who);
		free(rule->note);
	}
	free(r->list);
	free(r);
}

size_t office_rules_count(const struct office_rules *r)
{
	return r->count;
}

/* ---- drawing ---- */

/* splitmix64: every bit of the state counts. */
static uint64_t mix(uint64_t x)
{
	x += 0x9E3779B97F4A7C15u;
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

unsigned office_rules_draw(const struct office_look *l, unsigned question, unsigned n)
{
	uint64_t x = mix(l->seed);

	x = mix(x ^ l->running);
	x = mix(x ^ l->events);
	x = mix(x ^ question);
	return n > 0 ? (unsigned)(x % n) : 0;
}

static bool comes_once(enum case_act act)
{
	return act == ACT_REQUEST_CORRECTION || act == ACT_EXTEND || act == ACT_SUSPEND;
}

static bool fits(const struct office_rule *r, const struct office_look *l)
{
	if (r->state != l->state || (r->acts && comes_once(r->act) && l->done & 1u << r->act))
		return false;
	return *r->matter == '\0' ||
	       (l->task_code != NULL && strcmp(r->matter, l->task_code) == 0) ||
	       (l->task_name != NULL && strstr(l->task_name, r->matter) != NULL);
}

/* Rules that name the matter stand before those for any. */
static bool counts(const struct office_rule *r, const struct office_look *l, bool named)
{
	return fits(r, l) && (!named || *r->matter != '\0');
}

const struct office_rule *office_rules_pick(
	const struct office_rules *r, const struct office_look *l, int *spread_s)
{
	unsigned total = 0, drawn;
	bool named = false;
	size_t i;

	for (i = 0; i < r->count; i++)
		named |= fits(&r->list[i], l) && *r->list[i].matter != '\0';
	for (i = 0; i < r->count; i++)
		total += counts(&r->list[i], l, named) ? (unsigned)r->list[i].weight : 0;
	drawn = office_rules_draw(l, 0, total);
	for (i = 0; i < r->count && total > 0; i++) {
		if (!counts(&r->list[i], l, named))
			continue;
		if (drawn < (unsigned)r->list[i].weight) {
			*spread_s = (int)office_rules_draw(l, 1, (unsigned)r->list[i].spread_s + 1);
			return &r->list[i];
		}
		drawn -= (unsigned)r->list[i].weight;
	}
	return NULL;
}
