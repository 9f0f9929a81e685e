/* Choice files in XML: rows of columns, bounded, and refused where they are something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/paths.h"
#include "forms/entry.h"
#include "forms/form.h"
#include "forms/instance.h"
#include "forms/sheet.h"
#include "tests/unit/scratch.h"

static enum err read_text(struct workbook *w, const char *text, size_t len, struct buf *faults)
{
	return xml_rows_read(workbook_add(w, "towns", "towns.xml"), text, len, faults);
}

static void rows_are(const char *text, const char *want)
{
	struct workbook w = {.count = 0};
	struct buf got = {0};
	struct sheet *s;

	assert_int_equal(read_text(&w, text, strlen(text), &got), OK);
	assert_int_equal(got.len, 0);
	s = &w.sheets[0];
	for (size_t i = 0; i < s->count; i++)
		for (size_t k = 0; k < s->rows[i].count; k++)
			buf_printf(&got, "%s%s", s->rows[i].cells[k],
				k + 1 < s->rows[i].count ? "," : ";");
	assert_string_equal(buf_str(&got), want);
	buf_fini(&got);
	workbook_fini(&w);
}

static void each_element_is_a_row(void **state)
{
	(void)state;
	rows_are("<root><item><name>a</name><label> 甲 </label></item></root>", "name,label;a,甲;");
	rows_are("<?xml version='1.0'?>\n<r>\n <x><name>a</name></x>\n <!-- no --> <x>\n"
		 "<label>B&amp;C</label><name><![CDATA[<b>]]></name></x></r>",
		"name,label;a,;<b>,B&C;");
	rows_are("<o:root xmlns:o='u'><o:item id='1'><o:name>a</o:name></o:item></o:root>",
		"name;a;");
	rows_are("<root/>", "");
	rows_are("<root><item/></root>", "");
	rows_are("<root><item><name/></item><item><name>b</name></item></root>", "name;b;");
}

static void refused(const char *text, size_t len, const char *place, const char *what)
{
	struct workbook w = {.count = 0};
	struct buf faults = {0};

	assert_int_equal(read_text(&w, text, len, &faults), ERR_INVALID);
	if (strncmp(buf_str(&faults), place, strlen(place)) != 0 ||
		strstr(buf_str(&faults), what) == NULL ||
		strchr(buf_str(&faults), '\n') != strrchr(buf_str(&faults), '\n'))
		fail_msg("%s, expected one at %s: %s", buf_str(&faults), place, what);
	buf_fini(&faults);
	workbook_fini(&w);
}

static void what_is_no_table_is_refused(void **state)
{
	static const char *const broken[] = {"", " ", "name,label\na,A\n", "<root>", "<root><item>",
		"<root></item>", "<root/><root/>", "<root>&nbsp;</root>", "<root>\xff</root>"};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		refused(broken[i], strlen(broken[i]), "towns.xml:", "XML");
	refused("<r><i><n>\n<m>a</m></n></i></r>", 31, "towns.xml:2:", "三层");
	refused("<r><i><n>a</n>\n<n>b</n></i></r>", 31, "towns.xml:2:", "两个 n");
	refused("<!DOCTYPE r [<!ENTITY a 'aaaa'>]>\n<r><i><n>&a;</n></i></r>", 58,
		"towns.xml:1:", "DOCTYPE");
}

static void it_is_bounded(void **state)
{
	struct buf text = {0};

	(void)state;
	buf_adds(&text, "<r><i>");
	for (int i = 0; i <= SHEET_COLUMNS_MAX; i++)
		buf_printf(&text, "<c%d/>", i);
	buf_adds(&text, "</i></r>");
	refused(text.data, text.len, "towns.xml:1:", "列");
	buf_clear(&text);
	buf_adds(&text, "<r><i><n>");
	for (int i = 0; i <= SHEET_CELL_MAX_BYTES; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "</n></i></r>");
	refused(text.data, text.len, "towns.xml:1:", "KB");
	buf_fini(&text);
}

static void put(const char *folder, const char *name, const char *text)
{
	char *path = paths_join(folder, name);

	assert_int_equal(paths_replace(path, text, strlen(text)), OK);
	free(path);
}

/* Choices of a question, and rows that a rule looks into. */
static void a_form_reads_them(void **state)
{
	char *folder = scratch_folder();
	struct buf faults = {0};
	struct form *f = NULL;
	struct entry *e;

	(void)state;
	put(folder, "survey.csv",
		"type,name,label,calculation\nselect_one_from_file towns.xml,town,Town,\n"
		"xml-external,fees,,\n"
		"calculate,fee,,instance('fees')/root/item[town = ${town}]/fee\n");
	put(folder, "fees.xml",
		"<root><item><town>a</town><fee>12</fee></item><item><town>b</town><fee>7</fee>"
		"</item></root>");
	assert_int_equal(form_read_folder(&f, folder, &faults), ERR_INVALID);
	assert_string_equal(
		buf_str(&faults), "survey.csv:2:1: 找不到选项文件 towns.xml, 请放进表单的文件夹\n");
	put(folder, "towns.xml",
		"<root><item><name>a</name><label>甲</label></item><item><name>b</name>"
		"<label>乙</label></item></root>");
	buf_clear(&faults);
	assert_int_equal(form_read_folder(&f, folder, &faults), OK);
	assert_int_equal(f->fields[0].list->count, 2);
	assert_string_equal(f->fields[0].list->choices[1].label, "乙");
	e = entry_new(f, &clock_system);
	assert_int_equal(entry_set_place(e, "town", "b"), OK);
	assert_string_equal(entry_find(e, "fee")->value, "7");
	entry_free(e);
	form_free(f);
	put(folder, "survey.csv",
		"type,name,label,calculation\nselect_one_from_file towns.xml,town,Town,\n"
		"calculate,fee,,\"pulldata('towns', 'fee', 'name', ${town})\"\n");
	assert_int_equal(form_read_folder(&f, folder, &faults), ERR_INVALID);
	assert_non_null(strstr(buf_str(&faults), "towns.xml 和 towns.csv"));
	buf_fini(&faults);
	scratch_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_element_is_a_row),
		cmocka_unit_test(what_is_no_table_is_refused),
		cmocka_unit_test(it_is_bounded),
		cmocka_unit_test(a_form_reads_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
