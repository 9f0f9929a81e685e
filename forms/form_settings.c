/* The sheet settings: what the form is called, how it is read, and what a case is called. */
#include "forms/form_build.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "forms/expr.h"
#include "forms/near.h"

/* XLSForm's, whether Yimen has a use for them or not. */
static const char *const known[] = {"form_id", "id_string", "form_title", "title", "version",
	"name", "default_language", "instance_name", "instance_xmlns", "namespaces", "style",
	"public_key", "submission_url", "auto_send", "auto_delete", "allow_choice_duplicates",
	"omit_instanceid", "clean_text_values", "client_editable", "sms_keyword", "sms_separator",
	"sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_response", "prefix",
	"delimiter", "attribute", NULL};

static int plain(char c)
{
	return c == ' ' || c == '-' ? '_' : tolower((unsigned char)c);
}

/* Blanks and dashes are underscores, in any case: "Form ID" is form_id. */
static bool same_heading(const char *heading, const char *name)
{
	while (*heading != '\0' && plain(*heading) == plain(*name)) {
		heading++;
		name++;
	}
	return *heading == *name;
}

static const char *setting(const struct sheet *s, const char *name)
{
	for (size_t i = 0;
		s != NULL && s->count > 1 && i < s->rows[0].count && i < s->rows[1].count; i++)
		if (same_heading(s->rows[0].cells[i], name))
			return s->rows[1].cells[i];
	return "";
}

/* A heading that is none passes for a remark: a form without its number or version. */
static void check_setting_name(struct builder *b, const char *heading, int column)
{
	const char *meant;

	if (heading[0] == '\0' || strchr(heading, ':') != NULL) /* in a language, an attribute */
		return;
	for (const char *const *name = known; *name != NULL; name++)
		if (same_heading(heading, *name))
			return;
	meant = near_of(heading, known);
	if (meant != NULL)
		builder_doubt(b, column, tr("settings 没有 %s 这一项, 这一列不起作用, 是不是 %s?"),
			heading, meant);
}

/* Settings that must be names, or refer to some: said where they stand. */
static void check_settings(struct builder *b, const struct sheet *s)
{
	b->sheet = s;
	for (size_t i = 0; s != NULL && s->count > 0 && i < s->rows[0].count; i++) {
		b->row = &s->rows[0];
		check_setting_name(b, s->rows[0].cells[i], (int)i + 1);
	}
	for (size_t i = 0;
		s != NULL && s->count > 1 && i < s->rows[0].count && i < s->rows[1].count; i++) {
		const char *heading = s->rows[0].cells[i], *cell = s->rows[1].cells[i];
		b->row = &s->rows[1];
		if (same_heading(heading, "name") && cell[0] != '\0' && !good_name(cell))
			builder_fault(b, (int)i + 1,
				tr("name %s 不能用: 以字母或下划线开头, 只有字母、数字、_ - ."),
				cell);
	}
	b->row = NULL;
}

void build_settings(struct builder *b, const struct workbook *w)
{
	const struct sheet *s = workbook_sheet(w, "settings");
	struct form *f = b->form;

	f->id = form_keep(f, setting(s, "form_id"));
	if (f->id[0] == '\0')
		f->id = form_keep(f, setting(s, "id_string"));
	b->root_named = setting(s, "name")[0] != '\0';
	if (b->root_named)
		f->root = form_keep(f, setting(s, "name"));
	f->version = form_keep(f, setting(s, "version"));
	f->title = form_keep(f, setting(s, "form_title"));
	if (f->title[0] == '\0')
		f->title = form_keep(f, setting(s, "title"));
	f->title_en = form_keep(f, setting(s, "form_title::English (en)"));
	b->instance_id = setting(s, "omit_instanceID")[0] == '\0';
	check_settings(b, s);
	b->names_cases = setting(s, "instance_name")[0] != '\0';
	b->allow_choice_duplicates = strcasecmp(setting(s, "allow_choice_duplicates"), "yes") == 0;
}

/* ---- the name of a case ---- */

static struct field *add_field(struct builder *b, enum field_type type, const char *name)
{
	struct form *f = b->form;

	f->fields = mem_resize(f->fields, f->count + 1, sizeof *f->fields);
	b->field_rows = mem_resize(b->field_rows, f->count + 1, sizeof *b->field_rows);
	b->field_rows[f->count] = b->row->number;
	f->fields[f->count] = (struct field){.type = type,
		.name = name,
		.label = "",
		.label_en = "",
		.hint = "",
		.hint_en = "",
		.required_message = "",
		.required_message_en = "",
		.constraint_message = "",
		.constraint_message_en = "",
		.appearance = "",
		.parent = -1,
		.end = (int)f->count + 1};
	return &f->fields[f->count++];
}

static bool has_field(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return true;
	return false;
}

static void note_reference(void *arg, const char *name, bool path)
{
	bool *any = arg;

	/* a lone word is a path to nothing: text that stands without quotes */
	*any = *any || !path || strchr(name, '/') != NULL;
}

/* The same for every case, so that it names none. */
static void check_naming(struct builder *b, const struct expr *rule, const char *cell)
{
	bool any = expr_volatile(rule);

	expr_references(rule, note_reference, &any);
	b->naming_vain = !any;
	if (!any)
		builder_doubt(b, b->naming_column,
			tr("instance_name %s 不看任何一栏, 每一件的名字都一样: 请写 ${栏名}, "
			   "几栏连起来写 concat(${栏名}, ' ', ${另一栏})"),
			cell);
}

static void compile_naming(struct builder *b, const char *cell)
{
	struct buf why = {0};
	struct expr *rule = NULL;
	struct field *f;

	if (expr_compile(&rule, cell, NULL, &why) != OK) {
		builder_fault(b, b->naming_column,
			tr("instance_name 要写成算式, 如 concat(${栏名}, ' ', ${另一栏}): %s"),
			buf_str(&why));
	} else {
		check_naming(b, rule, cell);
		add_field(b, FIELD_GROUP, "meta");
		f = add_field(b, FIELD_CALCULATE, "instanceName");
		f->calculation = rule;
		f->parent = (int)b->form->count - 2;
		b->form->fields[f->parent].end = (int)b->form->count;
		b->naming = (int)b->form->count - 1;
	}
	buf_fini(&why);
}

void build_naming(struct builder *b, const struct workbook *w)
{
	const struct sheet *was = b->sheet, *s = workbook_sheet(w, "settings");

	/* a field of this name is what its rules mean, and tells the name itself */
	if (!b->names_cases || has_field(b->form, "instanceName") || has_field(b->form, "meta"))
		return;
	b->naming_sheet = b->sheet = s;
	b->row = &s->rows[1];
	for (size_t i = 0; i < s->rows[0].count && i < s->rows[1].count; i++)
		if (same_heading(s->rows[0].cells[i], "instance_name"))
			b->naming_column = (int)i + 1;
	compile_naming(b, setting(s, "instance_name"));
	b->sheet = was;
	b->row = NULL;
}
