/*
 * The CSV reader, or that of rows in XML when they begin like such, fed with anything: whatever the
 * bytes are, they become rows or a refusal with a place and a sentence in UTF-8; and a definition
 * made of the rows is read or refused likewise.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "forms/form_build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void see_cells(const struct sheet *s)
{
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->rows[i].count; k++) {
			const char *cell = s->rows[i].cells[k];
			require(text_valid(cell, strlen(cell)));
			require(strlen(cell) <= SHEET_CELL_MAX_BYTES);
		}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct workbook w = {.count = 0};
	struct buf faults = {0};
	struct sheet *survey = workbook_add(&w, "survey", "survey.csv");
	struct form *form = NULL;
	bool xml = size > 0 && data[0] == '<';
	enum err e = (xml ? xml_rows_read : csv_read)(survey, (const char *)data, size, &faults);

	require(e == OK || (e == ERR_INVALID && faults.len > 0));
	see_cells(survey);
	if (e == OK) {
		e = form_build(&form, &w, NULL, NULL, &faults);
		require(e == OK || (e == ERR_INVALID && faults.len > 0));
	}
	require(text_valid(buf_str(&faults), faults.len));
	form_free(form);
	workbook_fini(&w);
	buf_fini(&faults);
	return 0;
}
