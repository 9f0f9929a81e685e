/* Names that are nearly known: a heading or a sheet misspelt would be passed over in silence. */
#include "forms/form_build.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"
#include "forms/near.h"

static const char *const survey_headings[] = {"type", "name", "label", "hint", "required",
	"required_message", "relevant", "constraint", "constraint_message", "soft_constraint",
	"soft_constraint_message", "calculation", "default", "readonly", "appearance",
	"choice_filter", "repeat_count", "trigger", "parameters", NULL};
/* Columns of choices are the form's own for the most part: only what each list needs. */
static const char *const choices_headings[] = {"list_name", "label", NULL};
static const char *const sheets[] = {"survey", "choices", "examples", "settings", NULL};

/* The heading less its language, in lower case; blanks and dashes as underscores. */
static void bare_heading(const char *header, struct buf *out)
{
	for (; *header != '\0' && *header != ':'; header++)
		buf_addc(out, *header == ' ' || *header == '-'
				      ? '_'
				      : (char)tolower((unsigned char)*header));
}

static const char *in_chinese(const char *header)
{
	static const char *const words[][2] = {{"类型", "type"}, {"题型", "type"}, {"代号", "name"},
		{"名称", "name"}, {"栏名", "name"}, {"标签", "label"}, {"问题", "label"},
		{"题目", "label"}, {"必填", "required"}, {"是否必填", "required"},
		{"显示条件", "relevant"}, {"条件", "relevant"}, {"约束", "constraint"},
		{"校验", "constraint"}, {"软约束", "soft_constraint"}, {"提醒", "soft_constraint"},
		{"提示", "hint"}, {"计算", "calculation"}, {"公式", "calculation"},
		{"默认", "default"}, {"默认值", "default"}, {"只读", "readonly"},
		{"外观", "appearance"}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i][0], header) == 0)
			return words[i][1];
	return NULL;
}

void check_heading(struct builder *b, size_t column)
{
	const char *header = b->sheet->rows[0].cells[column], *name;
	const bool survey = strcasecmp(b->sheet->name, "survey") == 0;
	struct buf bare = {0};

	if (!survey && strcasecmp(b->sheet->name, "choices") != 0)
		return;
	bare_heading(header, &bare);
	name = near_of(buf_str(&bare), survey ? survey_headings : choices_headings);
	if (name != NULL)
		builder_fault(b, (int)column + 1, tr("没有 %s 这一列, 是不是 %s?"), header, name);
	else if (strstr(header, "：") != NULL)
		builder_fault(b, (int)column + 1,
			tr("列名 %s 里有全角冒号, 请改成英文的两个冒号, 如 label::中文 (zh)"),
			header);
	else if (survey && in_chinese(header) != NULL)
		builder_doubt(b, (int)column + 1, tr("没有 %s 这一列, 它不起作用, 是不是 %s?"),
			header, in_chinese(header));
	buf_fini(&bare);
}

/* A whole row in one cell: parted by what is no comma, as programs of some countries save it. */
static bool is_parted_otherwise(const struct sheet *s)
{
	const struct sheet_row *row = &s->rows[0];

	return row->count == 1 &&
	       (strchr(row->cells[0], ';') != NULL || strchr(row->cells[0], '\t') != NULL);
}

void say_no_type(struct builder *b)
{
	const struct sheet *s = b->sheet;

	if (is_parted_otherwise(s)) {
		builder_fault(b, 1,
			tr("各列不是用逗号隔开的, 整行成了一列: 请另存为“CSV UTF-8 (逗号分隔)”, 或者存成 "
			   ".xlsx 再用"));
		return;
	}

	for (size_t r = 1; r < s->count && r < 5; r++)
		for (size_t c = 0; c < s->rows[r].count; c++)
			if (strcasecmp(s->rows[r].cells[c], "type") == 0) {
				builder_fault(b, 1,
					tr("第一行要是列名, 列名却在第 %d 行: 请删去它上面的行, 表的名字写在 "
					   "settings 的 form_title"),
					s->rows[r].number);
				return;
			}
	builder_fault(
		b, 1, tr("survey 表没有 type 列: 第一行写英文的列名, 至少有 type、name、label"));
}

/* A cell of the survey speaks of a data file by this name. */
static bool is_data(const struct workbook *w, const char *name)
{
	const struct sheet *survey = workbook_sheet(w, "survey");
	struct buf file = {0}, quoted = {0};
	bool found = false;

	buf_printf(&file, "%s.csv", name);
	buf_printf(&quoted, "'%s'", name);
	for (size_t r = 0; survey != NULL && r < survey->count; r++)
		for (size_t c = 0; c < survey->rows[r].count; c++)
			found = found || strstr(survey->rows[r].cells[c], buf_str(&file)) != NULL ||
				strstr(survey->rows[r].cells[c], buf_str(&quoted)) != NULL;
	buf_fini(&quoted);
	buf_fini(&file);
	return found;
}

/* A form does without settings, and what pyxform takes is taken: of them only a doubt is told. */
void check_sheet_names(struct builder *b, const struct workbook *w)
{
	for (size_t i = 0; i < w->count; i++) {
		const char *name = w->sheets[i].name, *known = near_of(name, sheets);
		if (known == NULL || workbook_sheet(w, known) != NULL || is_data(w, name))
			continue;
		b->sheet = &w->sheets[i];
		if (strcmp(known, "settings") == 0)
			builder_doubt(
				b, 1, tr("没有 %s 这张表, 它不起作用, 是不是 %s?"), name, known);
		else
			builder_fault(b, 1, tr("没有 %s 这张表, 是不是 %s?"), name, known);
	}
	b->sheet = NULL;
}

void say_no_survey(struct builder *b, const struct workbook *w)
{
	buf_printf(b->faults, "survey:1:1: %s", tr("没有 survey 表"));
	for (size_t i = 0; i < w->count; i++)
		buf_printf(
			b->faults, "%s%s", i == 0 ? tr("; 找到的表: ") : ", ", w->sheets[i].name);
	buf_adds(b->faults, tr("; 请把写问题的那张改名为 survey"));
	buf_addc(b->faults, '\n');
}
