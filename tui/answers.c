#include "tui/answers.h"

#include <stdio.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"
#include "forms/instance.h"
#include "tui/cmd_station.h"
#include "tui/intake.h"

enum err answers_read(const char *name, json **out, struct buf *why)
{
	return cmd_read_object(name, tr("应是一个 JSON 对象: 栏名对应填的内容。"), out, why);
}

/* The members of an answers file that are not fields of the form. */
static bool is_beside(const char *key)
{
	return strcmp(key, "situation") == 0 || strcmp(key, "materials") == 0 ||
	       strcmp(key, "accept") == 0 || strcmp(key, "attachments") == 0;
}

/* The form's fields alone, without what stands beside them; json_free. */
static json *fields_of(const json *answers)
{
	struct buf text = {0};
	json *fields = NULL;
	const json *m;

	buf_addc(&text, '{');
	for (m = json_first(answers); m != NULL; m = json_next(m)) {
		if (is_beside(json_key(m)))
			continue;
		json_member(&text, json_key(m));
		json_write(&text, m);
	}
	buf_addc(&text, '}');
	json_parse(&fields, text.data, text.len, NULL);
	buf_fini(&text);
	return fields;
}

/* {"place": "reason", …}: warnings the clerk accepts. */
static void accept_warnings(struct entry *e, const json *accept)
{
	const json *m;

	for (m = json_first(accept); m != NULL; m = json_next(m)) {
		struct node *n = entry_find(e, json_key(m));
		if (n != NULL && json_str(m) != NULL)
			entry_accept(e, n, json_str(m));
	}
}

/* Names nobody knows, and values without effect, are said, and no reason to stop. */
static void say_notes(struct buf *why)
{
	if (why->len > 0)
		fprintf(stderr, "%s\n", why->data);
	buf_clear(why);
}

enum err answers_fill(struct intake *in, const json *answers, struct buf *why)
{
	const json *situation = json_get(answers, "situation");
	const json *materials = json_get(answers, "materials");
	json *fields;
	enum err e = OK;

	if (situation != NULL && in->situation != NULL)
		e = entry_load_object(in->situation, situation, why);
	if (e != OK)
		return e;
	say_notes(why);
	fields = fields_of(answers);
	e = entry_load_object(in->entry, fields, why);
	intake_follow(in);
	if (situation != NULL && in->situation != NULL)
		entry_given(in->situation, situation, why);
	entry_given(in->entry, fields, why);
	json_free(fields);
	say_notes(why);
	if (e != OK)
		return e;
	accept_warnings(in->entry, json_get(answers, "accept"));
	if (in->situation != NULL)
		accept_warnings(in->situation, json_get(answers, "accept"));
	return materials != NULL ? checklist_read(&in->checklist, materials, why) : OK;
}

enum err answers_put(struct entry *e, const json *answers, struct buf *notes)
{
	json *fields = NULL;
	enum err err = json_type(answers) == JSON_OBJECT ? OK : ERR_INVALID;

	if (err == OK) {
		fields = fields_of(answers);
		err = entry_load_object(e, fields, notes);
	}
	/* what one answer lets in comes after it */
	if (err == OK && entry_load_object(e, fields, NULL) == OK)
		entry_given(e, fields, notes);
	if (err == OK)
		accept_warnings(e, json_get(answers, "accept"));
	json_free(fields);
	return err;
}

/* {"material": ["path", …] or "path", …} */
enum err answers_attach(struct intake *in, const json *answers, struct buf *why)
{
	const json *attachments = json_get(answers, "attachments"), *m, *one;
	enum err e = OK;

	for (m = json_first(attachments); e == OK && m != NULL; m = json_next(m)) {
		if (json_str(m) != NULL)
			e = intake_attach(in, json_key(m), json_str(m), why);
		for (one = json_first(m); e == OK && one != NULL; one = json_next(one))
			if (json_str(one) != NULL)
				e = intake_attach(in, json_key(m), json_str(one), why);
	}
	return e;
}
