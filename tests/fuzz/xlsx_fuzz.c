/*
 * The spreadsheet reader fed with anything. An input that begins with "PK" is a file as it comes;
 * any other is cut at lines of "====" into the parts of a workbook (workbook.xml, its relations,
 * shared strings, styles, a sheet), which are packed properly, so that the fuzzer reaches the XML.
 */
#define _GNU_SOURCE /* memmem */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "forms/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const parts[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels",
	"xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void write_raw(const char *path, const uint8_t *data, size_t size)
{
	FILE *f = fopen(path, "wb");

	require(f != NULL && fwrite(data, 1, size, f) == size);
	fclose(f);
}

/* Packs the parts; stored, not compressed: speed. */
static void write_parts(const char *path, const char *text, size_t size)
{
	struct zip *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
	const char *end = text + size;

	require(z != NULL);
	for (size_t i = 0; i < sizeof parts / sizeof *parts && text < end; i++) {
		const char *cut = memmem(text, (size_t)(end - text), "====\n", 5);
		size_t len = cut ? (size_t)(cut - text) : (size_t)(end - text);
		struct zip_source *source = zip_source_buffer(z, text, len, 0);
		zip_int64_t at = source ? zip_file_add(z, parts[i], source, 0) : -1;
		require(at >= 0);
		zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0);
		text = cut ? cut + 5 : end;
	}
	if (zip_close(z) != 0)
		zip_discard(z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char path[64];
	struct workbook w = {.count = 0};
	struct buf faults = {0};
	enum err e;

	if (!path[0])
		snprintf(path, sizeof path, "/dev/shm/yimen-xlsx-fuzz-%d.xlsx", (int)getpid());
	if (size >= 2 && memcmp(data, "PK", 2) == 0)
		write_raw(path, data, size);
	else
		write_parts(path, (const char *)data, size);
	e = workbook_read_xlsx(&w, path, &faults);
	require(e == OK || faults.len > 0 || e == ERR_NOT_FOUND);
	require(text_valid(buf_str(&faults), faults.len));
	for (size_t i = 0; i < w.count; i++)
		for (size_t k = 0; k < w.sheets[i].count; k++)
			for (size_t c = 0; c < w.sheets[i].rows[k].count; c++)
				require(text_valid(w.sheets[i].rows[k].cells[c],
					strlen(w.sheets[i].rows[k].cells[c])));
	workbook_fini(&w);
	buf_fini(&faults);
	unlink(path);
	return 0;
}
