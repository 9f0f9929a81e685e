/*
 * Spreadsheets: what Excel, WPS and LibreOffice write is read as it is shown; what is no
 * spreadsheet, too large or sly is refused. The files are packed here, part by part.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <zip.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "forms/form.h"
#include "forms/form_examples.h"
#include "forms/form_library.h"
#include "forms/sheet.h"
#include "tests/unit/scratch.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define REL  "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct part {
	const char *name, *text;
};

static char *pack(const char *folder, const struct part *parts, size_t count)
{
	char *path = paths_join(folder, "form.xlsx");
	int code;
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);

	assert_non_null(z);
	for (size_t i = 0; i < count; i++) {
		zip_source_t *s = zip_source_buffer(z, parts[i].text, strlen(parts[i].text), 0);
		assert_non_null(s);
		assert_true(zip_file_add(z, parts[i].name, s, ZIP_FL_ENC_UTF_8) >= 0);
	}
	assert_int_equal(zip_close(z), 0);
	return path;
}

static const char workbook[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?><workbook xmlns=\"" MAIN "\" xmlns:r=\"" REL
	"\">"
	"<sheets><sheet name=\"survey\" sheetId=\"3\" r:id=\"rId7\"/>"
	"<sheet name=\"choices\" sheetId=\"1\" r:id=\"rId2\"/></sheets></workbook>";
/* The sheets were moved: the parts' numbers are not their order. */
static const char relations[] =
	"<Relationships><Relationship Id=\"rId2\" Target=\"worksheets/sheet1.xml\"/>"
	"<Relationship Id=\"rId7\" Target=\"/xl/worksheets/sheet9.xml\"/></Relationships>";
static const char strings[] =
	"<sst xmlns=\"" MAIN "\"><si><t>type</t></si><si><t>name</t></si>"
	"<si><r><t>sel</t></r><r><t>ect_one kin</t></r></si>"
	"<si><t>家庭</t><rPh sb=\"0\" eb=\"2\"><t>jiating</t></rPh></si></sst>";
static const char styles[] =
	"<styleSheet xmlns=\"" MAIN "\"><numFmts><numFmt numFmtId=\"164\" "
	"formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/><numFmt numFmtId=\"165\" "
	"formatCode=\"[Red]0.00&quot;day&quot;\"/><numFmt numFmtId=\"166\" "
	"formatCode=\"GENERAL\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/>"
	"</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"22\"/>"
	"<xf numFmtId=\"20\"/><xf numFmtId=\"165\"/><xf numFmtId=\"166\"/></cellXfs></styleSheet>";
static const char survey[] =
	"<x:worksheet xmlns:x=\"" MAIN "\"><x:sheetData>"
	"<x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c><x:c r=\"B1\" t=\"s\"><x:v>1</x:v></x:c>"
	"<x:c r=\"C1\" t=\"inlineStr\"><x:is><x:t>label</x:t></x:is></x:c>"
	"<x:c r=\"D1\" t=\"str\"><x:v>default</x:v></x:c></x:row>"
	"<x:row r=\"3\"><x:c r=\"A3\" t=\"s\"><x:v>2</x:v></x:c><x:c r=\"B3\" t=\"str\"><x:v> who </x:v></x:c>"
	"<x:c r=\"C3\" t=\"s\"><x:v>3</x:v></x:c></x:row>"
	"<x:row r=\"4\"><x:c r=\"A4\" t=\"str\"><x:v>date</x:v></x:c><x:c r=\"B4\" t=\"str\"><x:v>born</x:v></x:c>"
	"<x:c r=\"C4\" t=\"str\"><x:v>Born</x:v></x:c>"
	"<x:c r=\"D4\" s=\"1\"><x:v>46350</x:v></x:c><x:c r=\"E4\" s=\"2\"><x:v>46350.75</x:v></x:c>"
	"<x:c r=\"F4\" s=\"3\"><x:v>0.604166666666667</x:v></x:c><x:c r=\"G4\" s=\"4\"><x:v>12.5</x:v></x:c>"
	"<x:c r=\"H4\" t=\"b\"><x:v>1</x:v></x:c><x:c r=\"I4\"><x:v>4.0999999999999996</x:v></x:c>"
	"<x:c r=\"J4\"><x:v>1.1000000000000001</x:v></x:c><x:c r=\"K4\"><x:v>1.0E-3</x:v></x:c>"
	"<x:c r=\"L4\" t=\"str\"><x:v>4.0999999999999996</x:v></x:c>"
	"<x:c r=\"M4\" s=\"5\" t=\"n\"><x:v>1</x:v></x:c>"
	"<x:c r=\"N4\" s=\"2\"><x:v>46350.99999</x:v></x:c><x:c r=\"O4\" s=\"2\"><x:v>1e400</x:v></x:c>"
	"<x:c r=\"P4\" s=\"2\"><x:v>2958465.99999</x:v></x:c></x:row>"
	"</x:sheetData></x:worksheet>";
static const char choices[] =
	"<worksheet xmlns=\"" MAIN "\"><sheetData><row><c t=\"str\"><v>list_name</v></c>"
	"<c t=\"str\"><v>name</v></c><c t=\"str\"><v>label</v></c></row>"
	"<row><c t=\"str\"><v>kin</v></c><c><v>1</v></c><c t=\"str\"><v>父亲</v></c></row>"
	"</sheetData></worksheet>";

static const char *at(const struct workbook *w, const char *sheet, int row, size_t column)
{
	const struct sheet *s = workbook_sheet(w, sheet);

	assert_non_null(s);
	for (size_t i = 0; i < s->count; i++)
		if (s->rows[i].number == row)
			return column < s->rows[i].count ? s->rows[i].cells[column] : "";
	return "(no such row)";
}

static void cells_as_they_are_shown(void **state)
{
	const struct part parts[] = {{"xl/workbook.xml", workbook},
		{"xl/_rels/workbook.xml.rels", relations}, {"xl/sharedStrings.xml", strings},
		{"xl/styles.xml", styles}, {"xl/worksheets/sheet9.xml", survey},
		{"xl/worksheets/sheet1.xml", choices}};
	char *folder = scratch_folder(), *path = pack(folder, parts, 6);
	struct workbook w = {.count = 0};
	struct buf faults = {0};
	struct form *f = NULL;

	(void)state;
	assert_int_equal(workbook_read_xlsx(&w, path, &faults), OK);
	assert_string_equal(at(&w, "survey", 3, 0), "select_one kin"); /* joined runs */
	assert_string_equal(at(&w, "survey", 3, 1), "who");	       /* trimmed */
	assert_string_equal(at(&w, "survey", 3, 2), "家庭"); /* not how it is read aloud */
	assert_string_equal(at(&w, "survey", 4, 3), "2026-11-24");
	assert_string_equal(at(&w, "survey", 4, 4), "2026-11-24T18:00");
	assert_string_equal(at(&w, "survey", 4, 5), "14:30");
	assert_string_equal(at(&w, "survey", 4, 6), "12.5");
	assert_string_equal(at(&w, "survey", 4, 7), "true");
	assert_string_equal(at(&w, "survey", 4, 8), "4.1"); /* a double, in the file's 17 digits */
	assert_string_equal(at(&w, "survey", 4, 9), "1.1");
	assert_string_equal(at(&w, "survey", 4, 10), "0.001");
	assert_string_equal(at(&w, "survey", 4, 11), "4.0999999999999996"); /* a text */
	assert_string_equal(at(&w, "survey", 4, 12), "1");		    /* GENERAL is no day */
	assert_string_equal(at(&w, "survey", 4, 13), "2026-11-25");	    /* to the minute */
	assert_string_equal(at(&w, "survey", 4, 14), "1e400");		    /* no day, no minutes */
	assert_string_equal(at(&w, "survey", 4, 15), "2958465.99999");
	assert_string_equal(at(&w, "choices", 2, 2), "父亲");
	workbook_fini(&w);
	if (form_read_xlsx(&f, path, &faults) != OK)
		fail_msg("%s", buf_str(&faults));
	assert_int_equal(f->count, 2);
	assert_string_equal(f->fields[1].default_text, "2026-11-24");
	form_free(f);
	buf_fini(&faults);
	free(path);
	scratch_remove(folder);
}

static void refuse(const struct part *parts, size_t count, const char *word)
{
	char *folder = scratch_folder(), *path = pack(folder, parts, count);
	struct workbook w = {.count = 0};
	struct buf faults = {0};

	assert_int_equal(workbook_read_xlsx(&w, path, &faults), ERR_INVALID);
	if (strstr(buf_str(&faults), word) == NULL)
		fail_msg("%s", buf_str(&faults));
	workbook_fini(&w);
	buf_fini(&faults);
	free(path);
	scratch_remove(folder);
}

static void what_is_sly_is_refused(void **state)
{
	static const char entities[] =
		"<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
		"<sst><si><t>&b;&b;&b;</t></si></sst>";
	char *large = mem_alloc(33 << 20);
	const struct part doctype[] = {
		{"xl/workbook.xml", workbook}, {"xl/sharedStrings.xml", entities}};
	const struct part none[] = {{"word/document.xml", "<w/>"}};
	const struct part broken[] = {{"xl/workbook.xml", workbook},
		{"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>"}};
	struct part bomb[] = {{"xl/workbook.xml", workbook}, {"xl/worksheets/sheet1.xml", large}};

	(void)state;
	memset(large, ' ', (33 << 20) - 1);
	refuse(doctype, 2, "读不懂");
	refuse(none, 1, "读不懂");
	refuse(broken, 2, "读不懂");
	refuse(bomb, 2, "读不懂"); /* 33 MB of blanks in a file of 32 KB */
	free(large);
}

/* A spreadsheet's own examples: one that passes, one that is wrong where it says. */
static void it_carries_examples(void **state)
{
	static const char book[] =
		"<workbook><sheets><sheet name=\"survey\"/><sheet name=\"examples\"/></sheets></workbook>";
	static const char form_rows[] =
		"<worksheet><sheetData><row><c t=\"str\"><v>type</v></c><c t=\"str\"><v>name</v></c>"
		"<c t=\"str\"><v>constraint</v></c><c t=\"str\"><v>label</v></c></row>"
		"<row><c t=\"str\"><v>integer</v></c><c t=\"str\"><v>age</v></c>"
		"<c t=\"str\"><v>. &gt; 17</v></c><c t=\"str\"><v>Age</v></c></row>"
		"</sheetData></worksheet>";
	static const char examples[] =
		"<worksheet><sheetData><row><c t=\"str\"><v>pass</v></c><c t=\"str\"><v>at</v></c>"
		"<c t=\"str\"><v>age</v></c></row><row><c t=\"str\"><v>yes</v></c><c/><c><v>20</v></c></row>"
		"<row><c t=\"str\"><v>否</v></c><c t=\"str\"><v>age</v></c><c><v>%s</v></c></row>"
		"</sheetData></worksheet>";
	struct buf right = {0}, wrong = {0}, faults = {0};
	struct form *f = NULL;
	char *folder = scratch_folder(), *path;

	(void)state;
	buf_printf(&right, examples, "12");
	buf_printf(&wrong, examples, "19");
	const struct part good[] = {{"xl/workbook.xml", book},
		{"xl/worksheets/sheet1.xml", form_rows}, {"xl/worksheets/sheet2.xml", right.data}};
	const struct part bad[] = {{"xl/workbook.xml", book},
		{"xl/worksheets/sheet1.xml", form_rows}, {"xl/worksheets/sheet2.xml", wrong.data}};
	path = pack(folder, good, 3);
	assert_int_equal(form_read_xlsx(&f, path, &faults), OK);
	assert_true(form_examples_hold(f, path, &faults));
	free(path);
	path = pack(folder, bad, 3);
	assert_false(form_examples_hold(f, path, &faults));
	assert_non_null(strstr(buf_str(&faults), "examples:3:1: "));
	free(path);
	form_free(f);
	buf_fini(&right);
	buf_fini(&wrong);
	buf_fini(&faults);
	scratch_remove(folder);
}

/* examples with these rows, for a form of an integer and a repeat: what is said of them. */
static void examples_say(const char *rows, const char *want, const char *never)
{
	static const char book[] =
		"<workbook><sheets><sheet name=\"survey\"/><sheet name=\"examples\"/></sheets></workbook>";
	static const char form_rows[] =
		"<worksheet><sheetData><row><c t=\"str\"><v>type</v></c><c t=\"str\"><v>name</v></c>"
		"<c t=\"str\"><v>label</v></c></row>"
		"<row><c t=\"str\"><v>integer</v></c><c t=\"str\"><v>age</v></c><c><v>1</v></c></row>"
		"<row><c t=\"str\"><v>begin_repeat</v></c><c t=\"str\"><v>kid</v></c><c><v>2</v></c></row>"
		"<row><c t=\"str\"><v>text</v></c><c t=\"str\"><v>call</v></c><c><v>3</v></c></row>"
		"<row><c t=\"str\"><v>end_repeat</v></c></row></sheetData></worksheet>";
	struct buf sheet = {0}, faults = {0};
	struct form *f = NULL;
	char *folder = scratch_folder(), *path;

	buf_adds(&sheet, "<worksheet><sheetData><row>");
	for (const char *p = rows; *p != '\0'; p += strcspn(p, "|\n")) {
		if (*p == '\n')
			buf_adds(&sheet, "</row><row>");
		p += *p == '\n' || *p == '|';
		buf_printf(&sheet, "<c t=\"str\"><v>%.*s</v></c>", (int)strcspn(p, "|\n"), p);
	}
	buf_adds(&sheet, "</row></sheetData></worksheet>");
	const struct part parts[] = {{"xl/workbook.xml", book},
		{"xl/worksheets/sheet1.xml", form_rows}, {"xl/worksheets/sheet2.xml", sheet.data}};
	path = pack(folder, parts, 3);
	assert_int_equal(form_read_xlsx(&f, path, &faults), OK);
	assert_int_equal(form_examples_hold(f, path, &faults), want == NULL);
	if (want != NULL && strstr(buf_str(&faults), want) == NULL)
		fail_msg("%s not in: %s", want, buf_str(&faults));
	if (never != NULL && strstr(buf_str(&faults), never) != NULL)
		fail_msg("%s in: %s", never, buf_str(&faults));
	free(path);
	form_free(f);
	buf_fini(&sheet);
	buf_fini(&faults);
	scratch_remove(folder);
}

static void examples_say_once_what_is_wrong_with_their_columns(void **state)
{
	(void)state;
	examples_say("pass|note|age|kid[2]/call|备注\n是|any text|3|Wu|more\n|a|4||\n", NULL, NULL);
	examples_say("pass|agee|age\nyes|3|4\nno|5|6", "examples:1:2: ", "examples:2:");
	examples_say("pass|age|kid\nyes|3|4", "examples:1:3: ", NULL);
	examples_say("pass|at|age\nno|aeg|x", "examples:2:2: ", NULL);
	examples_say("pass|at|age\nno|age|x\nno||x", NULL, NULL);
	examples_say("pass|age|call\nyes|3|Wu", "kid[1]/call", "examples:2:");
	examples_say("pass|age|\nyes|3|a remark", "examples:2:3: ", NULL);
	examples_say("pass|age\nperhaps|3", "examples:2:1: ", NULL);
	examples_say("pass|at|age\nfail|age|x\n通过||7", NULL, NULL);
}

static void versions_follow_each_other(void **state)
{
	static const char *const order[] = {
		"", "2025-12", "2026.1", "2026.2", "2026.02.1", "2026.10", "20261201"};

	(void)state;
	for (int i = 0; i < 7; i++)
		for (int k = 0; k < 7; k++) {
			int said = form_version_compare(order[i], order[k]);
			if ((said > 0) - (said < 0) != (i > k) - (i < k))
				fail_msg("%s and %s: %d", order[i], order[k], said);
		}
	assert_int_equal(form_version_compare("2026.2", "2026-02"), 0);
	assert_true(form_version_compare("2.1b", "2.1c") < 0);
	assert_true(form_version_compare("第2版", "第10版") < 0);
}

static void what_is_no_file(void **state)
{
	char *folder = scratch_folder(), *path = paths_join(folder, "x.xlsx");
	struct workbook w = {.count = 0};
	struct buf faults = {0};

	(void)state;
	assert_int_equal(workbook_read_xlsx(&w, path, &faults), ERR_NOT_FOUND);
	assert_int_equal(paths_replace(path, "type,name\n", 10), OK);
	assert_int_equal(workbook_read_xlsx(&w, path, &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "另存为 .xlsx"));
	buf_fini(&faults);
	free(path);
	scratch_remove(folder);
}

/* What is given instead of a spreadsheet is told by what it is. */
static void what_is_given_instead(void **state)
{
	char *folder = scratch_folder(), *locked = paths_join(folder, "a.xlsx"),
	     *single = paths_join(folder, "survey.csv");
	struct workbook w = {.count = 0};
	struct form *f = NULL;
	struct buf faults = {0};

	(void)state;
	assert_int_equal(paths_replace(locked, "\xD0\xCF\x11\xE0\xA1\xB1", 6), OK);
	assert_int_not_equal(workbook_read_xlsx(&w, locked, &faults), OK);
	assert_non_null(strstr(buf_str(&faults), "有密码"));
	buf_clear(&faults);
	assert_int_not_equal(workbook_read_xlsx(&w, folder, &faults), OK);
	assert_non_null(strstr(buf_str(&faults), "是文件夹"));
	buf_clear(&faults);
	assert_int_equal(paths_replace(single, "type,name,label\n", 16), OK);
	assert_int_not_equal(form_read(&f, single, &faults), OK);
	assert_non_null(strstr(buf_str(&faults), "请写它所在的文件夹"));
	buf_fini(&faults);
	free(single);
	free(locked);
	scratch_remove(folder);
}

/* Kept among the station's own: with the files beside it in a folder, else as it is; the last one
 * kept is the one in force. */
static void it_is_kept_with_its_files(void **state)
{
	char *folder = scratch_folder(), *home = scratch_folder(), *target = NULL, *found;
	struct part parts[] = {{"xl/workbook.xml", "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" REL
						   "\"><sheets><sheet name=\"Sheet1\" r:id=\"a\"/>"
						   "</sheets></workbook>"},
		{"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"a\" "
					       "Target=\"worksheets/s.xml\"/></Relationships>"},
		{"xl/worksheets/s.xml",
			"<worksheet xmlns=\"" MAIN "\"><sheetData><row r=\"1\">"
			"<c r=\"A1\" t=\"str\"><v>type</v></c><c r=\"B1\" t=\"str\"><v>name</v></c>"
			"<c r=\"C1\" t=\"str\"><v>label</v></c></row>"
			"<row r=\"2\"><c r=\"A2\" t=\"str\"><v>select_one_from_file kin.csv</v></c>"
			"<c r=\"B2\" t=\"str\"><v>who</v></c>"
			"<c r=\"C2\" t=\"str\"><v>Who</v></c></row></sheetData></worksheet>"}};
	char *path = pack(folder, parts, 3), *beside = paths_join(folder, "kin.csv");
	struct form *f = NULL;

	(void)state;
	assert_int_equal(paths_replace(beside, "name,label\na,A\n", 15), OK);
	assert_int_equal(form_read_xlsx(&f, path, NULL), OK);
	f->id = "kept";
	assert_int_equal(form_library_keep(&target, home, f, path), OK);
	form_free(f);
	found = form_library_path(home, "kept");
	assert_string_equal(found, target);
	assert_int_equal(form_library_read(&f, home, "kept", NULL), OK);
	assert_int_equal(f->fields[0].list->count, 1);
	free(target);
	f->id = "../out";
	assert_int_equal(form_library_keep(&target, home, f, path), ERR_INVALID);
	form_free(f);
	free(found);
	free(path);
	free(beside);
	scratch_remove(folder);
	scratch_remove(home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_as_they_are_shown),
		cmocka_unit_test(what_is_sly_is_refused),
		cmocka_unit_test(it_carries_examples),
		cmocka_unit_test(examples_say_once_what_is_wrong_with_their_columns),
		cmocka_unit_test(versions_follow_each_other),
		cmocka_unit_test(what_is_no_file),
		cmocka_unit_test(what_is_given_instead),
		cmocka_unit_test(it_is_kept_with_its_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
