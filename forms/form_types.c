#include "forms/form_types.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"
#include "forms/form_check.h"

enum {
	TYPE_WORD_SIZE = 40
};

struct type_entry {
	const char *word;
	enum type_word what;
	enum field_type type;
};

/* pyxform's words and aliases, blanks and underscores alike. What Yimen leaves out is refused by
 * name. */
static const struct type_entry types[] = {
	{"text", WHAT_FIELD, FIELD_TEXT},
	{"string", WHAT_FIELD, FIELD_TEXT},
	{"integer", WHAT_FIELD, FIELD_INTEGER},
	{"int", WHAT_FIELD, FIELD_INTEGER},
	{"decimal", WHAT_FIELD, FIELD_DECIMAL},
	{"date", WHAT_FIELD, FIELD_DATE},
	{"time", WHAT_FIELD, FIELD_TIME},
	{"datetime", WHAT_FIELD, FIELD_DATETIME},
	{"note", WHAT_FIELD, FIELD_NOTE},
	{"calculate", WHAT_FIELD, FIELD_CALCULATE},
	{"hidden", WHAT_FIELD, FIELD_HIDDEN},
	{"acknowledge", WHAT_FIELD, FIELD_ACKNOWLEDGE},
	{"trigger", WHAT_FIELD, FIELD_ACKNOWLEDGE},
	{"range", WHAT_FIELD, FIELD_RANGE},
	{"file", WHAT_FIELD, FIELD_FILE},
	{"image", WHAT_FIELD, FIELD_FILE},
	{"photo", WHAT_FIELD, FIELD_FILE},
	{"picture", WHAT_FIELD, FIELD_FILE},
	{"date_time", WHAT_FIELD, FIELD_DATETIME},
	{"start", WHAT_FIELD, FIELD_HIDDEN},
	{"end", WHAT_FIELD, FIELD_HIDDEN},
	{"today", WHAT_FIELD, FIELD_HIDDEN},
	{"deviceid", WHAT_FIELD, FIELD_HIDDEN},
	{"imei", WHAT_FIELD, FIELD_HIDDEN},
	{"username", WHAT_FIELD, FIELD_HIDDEN},
	{"email", WHAT_FIELD, FIELD_HIDDEN},
	{"phonenumber", WHAT_FIELD, FIELD_HIDDEN},
	{"subscriberid", WHAT_FIELD, FIELD_HIDDEN},
	{"simserial", WHAT_FIELD, FIELD_HIDDEN},
	{"start_time", WHAT_FIELD, FIELD_HIDDEN},
	{"end_time", WHAT_FIELD, FIELD_HIDDEN},
	{"device_id", WHAT_FIELD, FIELD_HIDDEN},
	{"phone_number", WHAT_FIELD, FIELD_TEXT},
	{"sim_id", WHAT_FIELD, FIELD_HIDDEN},
	{"subscriber_id", WHAT_FIELD, FIELD_HIDDEN},
	{"audit", WHAT_FIELD, FIELD_HIDDEN},
	{"begin_group", WHAT_BEGIN, FIELD_GROUP},
	{"begin_repeat", WHAT_BEGIN, FIELD_REPEAT},
	{"begin_lgroup", WHAT_BEGIN, FIELD_REPEAT},
	{"begin_looped_group", WHAT_BEGIN, FIELD_REPEAT},
	{"end_lgroup", WHAT_END, FIELD_REPEAT},
	{"end_looped_group", WHAT_END, FIELD_REPEAT},
	{"end_loop", WHAT_END_LOOP, FIELD__MAX},
	{"csv_external", WHAT_FILE, FIELD__MAX},
	{"xml_external", WHAT_FILE, FIELD__MAX},
	{"end_group", WHAT_END, FIELD_GROUP},
	{"end_repeat", WHAT_END, FIELD_REPEAT},
	{"geopoint", WHAT_LEFT_OUT, FIELD__MAX},
	{"gps", WHAT_LEFT_OUT, FIELD__MAX},
	{"location", WHAT_LEFT_OUT, FIELD__MAX},
	{"geotrace", WHAT_LEFT_OUT, FIELD__MAX},
	{"geoshape", WHAT_LEFT_OUT, FIELD__MAX},
	{"start_geopoint", WHAT_LEFT_OUT, FIELD__MAX},
	{"audio", WHAT_LEFT_OUT, FIELD__MAX},
	{"background_audio", WHAT_LEFT_OUT, FIELD__MAX},
	{"video", WHAT_LEFT_OUT, FIELD__MAX},
	{"barcode", WHAT_LEFT_OUT, FIELD__MAX},
	{"osm", WHAT_LEFT_OUT, FIELD__MAX},
	{"background_geopoint", WHAT_LEFT_OUT, FIELD__MAX},
};

/* Where the choices stand. */
enum where {
	IN_CHOICES,
	IN_EXTERNAL, /* the sheet external_choices */
	IN_FILE
};

struct select_entry {
	const char *prefix;
	enum field_type type;
	enum where where;
};

/* Longer ones before those they begin with. */
static const struct select_entry selects[] = {
	{"select_one_from_file ", FIELD_SELECT_ONE, IN_FILE},
	{"select_multiple_from_file ", FIELD_SELECT_MULTIPLE, IN_FILE},
	{"select one from file ", FIELD_SELECT_ONE, IN_FILE},
	{"select multiple from file ", FIELD_SELECT_MULTIPLE, IN_FILE},
	{"add select one prompt using ", FIELD_SELECT_ONE, IN_CHOICES},
	{"add select multiple prompt using ", FIELD_SELECT_MULTIPLE, IN_CHOICES},
	{"select_one_external ", FIELD_SELECT_ONE, IN_EXTERNAL},
	{"select one from ", FIELD_SELECT_ONE, IN_CHOICES},
	{"select_one ", FIELD_SELECT_ONE, IN_CHOICES},
	{"select one ", FIELD_SELECT_ONE, IN_CHOICES},
	{"select1 ", FIELD_SELECT_ONE, IN_CHOICES},
	{"select all that apply from ", FIELD_SELECT_MULTIPLE, IN_CHOICES},
	{"select all that apply ", FIELD_SELECT_MULTIPLE, IN_CHOICES},
	{"select_multiple ", FIELD_SELECT_MULTIPLE, IN_CHOICES},
	{"select multiple ", FIELD_SELECT_MULTIPLE, IN_CHOICES},
	{"rank ", FIELD_RANK, IN_CHOICES},
};

/* blanks and hyphens as underscores, lower case */
static void plain_word(const char *cell, char word[TYPE_WORD_SIZE])
{
	size_t n = 0;

	for (size_t i = 0; cell[i] != '\0' && n + 1 < TYPE_WORD_SIZE; i++)
		if (cell[i] != ' ' || (n > 0 && word[n - 1] != '_'))
			word[n++] = cell[i] == ' ' || cell[i] == '-'
					    ? '_'
					    : (char)tolower((unsigned char)cell[i]);
	word[n] = '\0';
}

/* What a device would know of itself, in elder spellings: "get device id", "uri:deviceid". */
static bool of_device(char word[TYPE_WORD_SIZE])
{
	size_t from = strncmp(word, "get_", 4) == 0 || strncmp(word, "uri:", 4) == 0 ? 4 : 0;

	memmove(word, word + from, strlen(word + from) + 1);
	return from > 0;
}

/* Elder spellings: "q date", "add date prompt". */
static void old_word(char word[TYPE_WORD_SIZE])
{
	size_t n = strlen(word), from = 0;

	if (strncmp(word, "q_", 2) == 0)
		from = 2;
	if (strncmp(word, "add_", 4) == 0 && n > 11 && strcmp(word + n - 7, "_prompt") == 0) {
		from = 4;
		word[n - 7] = '\0';
	}
	if (from > 0)
		memmove(word, word + from, strlen(word + from) + 1);
}

const char *type_left_out(const char *cell)
{
	static const struct {
		const char *part, *why;
	} reasons[] = {
		{"audio", N_("窗口不录音像")},
		{"video", N_("窗口不录音像")},
		{"osm", N_("窗口不画地图")},
		{"barcode", N_("扫码枪直接输入文本，请用 text")},
	};
	char word[TYPE_WORD_SIZE];

	plain_word(cell, word);
	for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
		if (strstr(word, reasons[i].part) != NULL)
			return tr(reasons[i].why);
	return tr("窗口不采集位置");
}

enum type_word type_word_of(const char *cell, enum field_type *type)
{
	char word[TYPE_WORD_SIZE];
	bool device;
	size_t i;

	plain_word(cell, word);
	old_word(word);
	device = of_device(word);
	for (i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (strcmp(types[i].word, word) == 0) {
			*type = device ? FIELD_HIDDEN : types[i].type;
			return types[i].what;
		}
	}
	return WHAT_UNKNOWN;
}

const char *type_other(const char *cell)
{
	static const char *const words[] = {" or_other", " or other", " or specify other"};
	size_t n = strlen(cell);

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		size_t len = strlen(words[i]);
		if (n > len && strcasecmp(cell + n - len, words[i]) == 0)
			return cell + n - len;
	}
	return NULL;
}

static const struct choice_list *external_list(struct builder *b, const char *name, int at)
{
	const struct choice_list *l = builder_external_list(b, name);

	if (l == NULL)
		builder_fault(
			b, at, tr("external_choices 表里没有选项列表 %s, 请补上或改名"), name);
	return l;
}

static void bind_list(
	struct builder *b, struct field *f, const char *name, enum where where, int at)
{
	struct buf list = {0};
	const char *other = type_other(name);

	buf_add(&list, name, other != NULL ? (size_t)(other - name) : strlen(name));
	while (list.len > 0 && list.data[list.len - 1] == ' ')
		list.data[--list.len] = '\0';
	if (where == IN_FILE)
		f->list = build_file_list(b, buf_str(&list), at);
	else if (where == IN_EXTERNAL)
		f->list = external_list(b, buf_str(&list), at);
	else if (strncmp(buf_str(&list), "${", 2) != 0) {
		f->list = form_list(b->form, buf_str(&list));
		if (f->list == NULL)
			say_unknown_list(b, buf_str(&list), at);
	}
	buf_fini(&list);
}

const char *type_loop_list(const char *cell)
{
	if (strncasecmp(cell, "begin", 5) != 0 || cell[5] == '\0' ||
		strncasecmp(cell + 6, "loop over ", 10) != 0)
		return NULL;
	return cell + 16 + strspn(cell + 16, " ");
}

enum type_word type_read(struct builder *b, struct field *f, const char *cell, int at)
{
	size_t i;
	enum type_word what = type_word_of(cell, &f->type);

	if (what != WHAT_UNKNOWN)
		return what;
	if (strncasecmp(cell, "osm ", 4) == 0)
		return WHAT_LEFT_OUT;
	if (type_loop_list(cell) != NULL)
		return WHAT_BEGIN_LOOP;
	for (i = 0; i < sizeof selects / sizeof selects[0]; i++) {
		size_t n = strlen(selects[i].prefix);
		if (strncasecmp(cell, selects[i].prefix, n) != 0)
			continue;
		f->type = selects[i].type;
		bind_list(b, f, cell + n + strspn(cell + n, " "), selects[i].where, at);
		return WHAT_FIELD;
	}
	return WHAT_UNKNOWN;
}
