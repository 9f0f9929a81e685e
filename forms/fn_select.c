/* Functions of a list of choices: names with white space between them. */
#include <math.h>
#include <string.h>

#include "core/base/msg.h"
#include "forms/fn.h"

static const char blanks[] = " \t\r\n";

/* The next name at or after s; *len 0 at the end. */
static const char *next_name(const char *s, size_t *len)
{
	s += strspn(s, blanks);
	*len = strcspn(s, blanks);
	return s;
}

static bool has_name(const char *list, const char *name, size_t name_len)
{
	size_t len;

	for (list = next_name(list, &len); len > 0; list = next_name(list + len, &len))
		if (len == name_len && memcmp(list, name, len) == 0)
			return true;
	return false;
}

enum err fn_select_selected(struct call *c, struct value *out)
{
	struct str list, name;
	const char *bare;
	size_t len;
	enum err err = call_string(c, 0, &list);

	if (err)
		return err;
	err = call_string(c, 1, &name);
	if (!err) {
		bare = next_name(name.s, &len);
		put_boolean(out, len > 0 && bare[len + strspn(bare + len, blanks)] == '\0' &&
					 has_name(list.s, bare, len));
		str_fini(&name);
	}
	str_fini(&list);
	return err;
}

enum err fn_select_at(struct call *c, struct value *out)
{
	struct str list;
	const char *name;
	size_t len;
	double index;
	enum err err = call_number(c, 1, &index);

	if (!err)
		err = call_string(c, 0, &list);
	if (err)
		return err;
	index = isnan(index) ? -1 : trunc(index);
	name = next_name(list.s, &len);
	for (double i = 0; i < index && len > 0; i++)
		name = next_name(name + len, &len);
	put_bytes(out, name, index < 0 ? 0 : len);
	str_fini(&list);
	return OK;
}

enum err fn_select_count(struct call *c, struct value *out)
{
	struct str list;
	const char *name;
	size_t len;
	double count = 0;
	enum err err = call_string(c, 0, &list);

	if (err)
		return err;
	for (name = next_name(list.s, &len); len > 0; name = next_name(name + len, &len))
		count++;
	str_fini(&list);
	return put_number(out, count);
}

void fn_field_name(const char *s, struct buf *out)
{
	const char *slash;

	s += strspn(s, blanks);
	if (strncmp(s, "${", 2) == 0) {
		buf_add(out, s + 2, strcspn(s + 2, "}"));
		return;
	}
	slash = strrchr(s, '/');
	s = slash ? slash + 1 : s;
	buf_add(out, s, strcspn(s, blanks));
}

/* A choice that the list does not have has no label: its name is shown rather than nothing. */
enum err fn_select_choice_name(struct call *c, struct value *out)
{
	const struct expr_env *env = c->run->env;
	struct str value, field;
	struct buf name = {0};
	const char *label = NULL;
	enum err err = call_string(c, 0, &value);

	if (err)
		return err;
	err = call_string(c, 1, &field);
	if (!err) {
		fn_field_name(field.s, &name);
		str_fini(&field);
		if (env->choice_label && value.s[0])
			label = env->choice_label(env->arg, buf_str(&name), value.s);
		put_string(out, label ? label : value.s);
	}
	buf_fini(&name);
	str_fini(&value);
	return err;
}
