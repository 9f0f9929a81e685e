/* Whole definitions, as markdown tables: what pyxform takes must be taken, what it refuses refused.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "forms/form.h"
#include "tests/forms/suite.h"

enum column {
	COLUMN_TEST,
	COLUMN_ACCEPT,
	COLUMN_MARKDOWN
};

/* The case by its name, or by what it uses that we leave out. */
static bool excluded(struct suite *s, char *cell[SUITE_CELLS_MAX])
{
	static const char *const features[] = {"entities", "geopoint", "geotrace", "geoshape",
		"| audio", "background-audio", "osm ", "barcode", "last-saved#"};

	if (suite_excluded(s, cell[COLUMN_TEST]))
		return true;
	for (size_t i = 0; i < sizeof features / sizeof *features; i++)
		if (strstr(cell[COLUMN_MARKDOWN], features[i]) != NULL &&
			suite_excluded(s, features[i]))
			return true;
	return false;
}

static void one(struct suite *s, char *cell[SUITE_CELLS_MAX], int line)
{
	const char *text = cell[COLUMN_MARKDOWN];
	bool wanted = strcmp(cell[COLUMN_ACCEPT], "yes") == 0;
	struct buf faults = {0};
	struct form *f = NULL;
	bool taken = form_read_markdown(&f, text, strlen(text), &faults) == OK;

	if (taken == wanted)
		suite_passed(s);
	else if (!excluded(s, cell))
		suite_failed(s, "line %d: %s: %s, expected the contrary%s%s", line,
			cell[COLUMN_TEST], taken ? "taken" : "refused", taken ? "" : ": ",
			buf_str(&faults));
	form_free(f);
	buf_fini(&faults);
}

int main(void)
{
	struct suite *s = suite_open("xlsform");

	suite_rows(s, one);
	return suite_close(s) ? 1 : 0;
}
