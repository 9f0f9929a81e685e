/* Names that are nearly known: a heading or a sheet misspelt would be passed over in silence. */
#include "forms/form_build.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"

enum {
	NAME_MAX_BYTES = 32,
	SHORT_NAME = 5 /* up to so many letters one slip is allowed for, in longer ones two */
};

static const char *const survey_headings[] = {"type", "name", "label", "hint", "required",
	"required_message", "relevant", "constraint", "constraint_message", "calculation",
	"default", "readonly", "appearance", "choice_filter", "repeat_count", "trigger",
	"parameters", NULL};
/* Columns of choices are the form's own for the most part: only what each list needs. */
static const char *const choices_headings[] = {"list_name", "label", NULL};
/* Not settings: a form does without it, and pyxform takes one whose settings are misspelt. */
static const char *const sheets[] = {"survey", "choices", "examples", NULL};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters put in, left out, changed, or changed about with the next one. */
static size_t slips_between(const char *a, const char *b)
{
	size_t rows[NAME_MAX_BYTES + 1][NAME_MAX_BYTES + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > NAME_MAX_BYTES || m > NAME_MAX_BYTES)
		return NAME_MAX_BYTES;
	for (size_t i = 0; i <= n; i++)
		for (size_t k = 0; k <= m; k++) {
			if (i == 0 || k == 0) {
				rows[i][k] = i + k;
				continue;
			}
			rows[i][k] = least(rows[i - 1][k - 1] + (a[i - 1] != b[k - 1]),
				least(rows[i - 1][k], rows[i][k - 1]) + 1);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				rows[i][k] = least(rows[i][k], rows[i - 2][k - 2] + 1);
		}
	return rows[n][m];
}

/* The known name that this one, not known, was meant to be; NULL: it is one of its own. */
static const char *meant(const char *written, const char *const *known)
{
	const char *best = NULL;
	size_t fewest = NAME_MAX_BYTES;

	if (strpbrk(written, "0123456789") != NULL) /* label2 is one more on purpose */
		return NULL;
	for (; *known != NULL; known++) {
		size_t slips = slips_between(written, *known);
		if (slips <= (strlen(*known) <= SHORT_NAME ? 1u : 2u) && slips < fewest) {
			best = *known;
			fewest = slips;
		}
	}
	return best;
}

/* The heading less its language, in lower case; blanks and dashes as underscores. */
static void bare_heading(const char *header, struct buf *out)
{
	for (; *header != '\0' && *header != ':'; header++)
		buf_addc(out, *header == ' ' || *header == '-'
				      ? '_'
				      : (char)tolower((unsigned char)*header));
}

void check_heading(struct builder *b, size_t column)
{
	const char *header = b->sheet->rows[0].cells[column], *name;
	const bool survey = strcasecmp(b->sheet->name, "survey") == 0;
	struct buf bare = {0};

	if (!survey && strcasecmp(b->sheet->name, "choices") != 0)
		return;
	bare_heading(header, &bare);
	name = meant(buf_str(&bare), survey ? survey_headings : choices_headings);
	if (name != NULL)
		builder_fault(b, (int)column + 1, tr("没有 %s 这一列, 是不是 %s?"), header, name);
	buf_fini(&bare);
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

void check_sheet_names(struct builder *b, const struct workbook *w)
{
	for (size_t i = 0; i < w->count; i++) {
		const char *name = w->sheets[i].name, *known = meant(name, sheets);
		if (known == NULL || workbook_sheet(w, known) != NULL || is_data(w, name))
			continue;
		buf_printf(b->faults, "%s:1:1: ", w->sheets[i].file);
		buf_printf(b->faults, tr("没有 %s 这张表, 是不是 %s?"), name, known);
		buf_addc(b->faults, '\n');
	}
}

void say_no_survey(struct builder *b, const struct workbook *w)
{
	buf_printf(b->faults, "survey:1:1: %s", tr("没有 survey 表"));
	for (size_t i = 0; i < w->count; i++)
		buf_printf(
			b->faults, "%s%s", i == 0 ? tr("; 找到的表: ") : ", ", w->sheets[i].name);
	buf_addc(b->faults, '\n');
}
