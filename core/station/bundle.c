#include "core/station/bundle.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/station/matter.h"

/* A question or a material of one name, with the rules under which the members ask for it. */
struct part {
	const json *doc;
	const char *name;
	struct buf relevant;
	bool always; /* one of them asks for it in any case */
	enum matter_need need;
	const char *uses[32]; /* names of the matters */
	size_t use_count;
};

struct parts {
	struct part *list;
	size_t count;
};

void bundle_when(struct buf *out, const char *code)
{
	buf_printf(out, "selected(${" BUNDLE_ITEMS "}, '%s')", code);
}

static struct part *part_of(struct parts *p, const char *name, const json *doc)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (strcmp(p->list[i].name, name) == 0)
			return &p->list[i];
	p->list = mem_resize(p->list, p->count + 1, sizeof *p->list);
	p->list[p->count] = (struct part){.doc = doc, .name = name, .need = MATTER_NEED_OPTIONAL};
	return &p->list[p->count++];
}

/* One member more asks for it, under its own rule; code NULL: the bundle itself does. */
static void ask(struct part *p, const struct matter *m, const char *code, const char *rule)
{
	if (p->use_count < sizeof p->uses / sizeof p->uses[0])
		p->uses[p->use_count++] = m->name;
	if (code == NULL && rule[0] == '\0') {
		p->always = true;
		return;
	}
	buf_adds(&p->relevant, p->relevant.len > 0 ? " or (" : "(");
	/* its own reason first: it is the one that is told first */
	if (rule[0] != '\0')
		buf_printf(&p->relevant, "(%s)%s", rule, code != NULL ? " and " : "");
	if (code != NULL)
		bundle_when(&p->relevant, code);
	buf_addc(&p->relevant, ')');
}

static void add_matter(
	struct parts *questions, struct parts *materials, const struct matter *m, const char *code)
{
	size_t i;

	for (i = 0; i < m->situation_count; i++) {
		const struct matter_situation *s = &m->situation[i];
		ask(part_of(questions, s->name, s->doc), m, code, s->relevant);
	}
	for (i = 0; i < m->material_count; i++) {
		const struct matter_material *x = &m->materials[i];
		struct part *p = part_of(materials, x->name, x->doc);
		ask(p, m, code, x->relevant);
		if (x->exempt && json_get(p->doc, "exempt") == NULL)
			p->doc = x->doc; /* what is obtained for one serves all */
		if (p->need == MATTER_NEED_OPTIONAL ||
			(p->need == MATTER_NEED_DEFERRABLE && x->need == MATTER_NEED_REQUIRED))
			p->need = x->need;
	}
}

/* ---- writing ---- */

static void put_value(struct buf *b, const char *key, const json *v)
{
	json_member(b, key);
	json_write(b, v);
}

static bool is_one_of(const char *key, const char *const *keys)
{
	for (; *keys != NULL; keys++)
		if (strcmp(key, *keys) == 0)
			return true;
	return false;
}

static void put_part(struct buf *b, const struct part *p, bool material)
{
	static const char *const needs[MATTER_NEED__MAX] = {"必要", "非必要", "容缺后补"};
	static const char *const own[] = {"relevant", "is_need", "order_num", NULL};
	const json *m;
	size_t i;

	json_comma(b);
	buf_addc(b, '{');
	for (m = json_first(p->doc); m != NULL; m = json_next(m))
		if (!is_one_of(json_key(m), own))
			put_value(b, json_key(m), m);
	if (!p->always)
		json_member_str(b, "relevant", buf_str(&p->relevant));
	if (material) {
		json_member_str(b, "is_need", needs[p->need]);
		json_member(b, "uses");
		buf_addc(b, '[');
		for (i = 0; i < p->use_count; i++) {
			json_comma(b);
			json_put_str(b, p->uses[i]);
		}
		buf_addc(b, ']');
	}
	buf_addc(b, '}');
}

static void put_parts(struct buf *b, const struct parts *p, bool material)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		put_part(b, &p->list[i], material);
}

/* Which of them: all, until the clerk takes one out. */
static void put_first_question(struct buf *b, struct matter *const *members, size_t count)
{
	struct buf all = {0};
	size_t i;

	json_comma(b);
	buf_addc(b, '{');
	json_member_str(b, "name", BUNDLE_ITEMS);
	json_member_str(b, "type", "select_multiple");
	json_member_str(b, "label", "一并办理的事项");
	json_member_str(b, "label_en", "Matters handled together");
	json_member_str(b, "hint", "空格勾选或去掉; 默认全部办理");
	json_member_str(b, "picked", "办");
	json_member_str(b, "picked_en", "for");
	json_member(b, "choices");
	buf_addc(b, '[');
	for (i = 0; i < count; i++) {
		buf_printf(&all, "%s%s", i > 0 ? " " : "", members[i]->code);
		json_comma(b);
		buf_addc(b, '{');
		json_member_str(b, "name", members[i]->code);
		json_member_str(b, "label", members[i]->name);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	json_member_str(b, "default", buf_str(&all));
	buf_addc(b, '}');
	buf_fini(&all);
}

static void free_parts(struct parts *p)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		buf_fini(&p->list[i].relevant);
	free(p->list);
}

enum err bundle_compose(struct matter **out, const struct matter *bundle,
	struct matter *const *members, size_t count, struct buf *why)
{
	static const char *const own[] = {"situation", "materials", NULL};
	struct parts questions = {0}, materials = {0};
	struct buf text = {0};
	const json *m;
	enum err e;
	size_t i;

	add_matter(&questions, &materials, bundle, NULL);
	for (i = 0; i < count; i++)
		add_matter(&questions, &materials, members[i], members[i]->code);
	buf_addc(&text, '{');
	for (m = json_first(bundle->doc); m != NULL; m = json_next(m))
		if (!is_one_of(json_key(m), own))
			put_value(&text, json_key(m), m);
	json_member(&text, "situation");
	buf_addc(&text, '[');
	put_first_question(&text, members, count);
	put_parts(&text, &questions, false);
	buf_adds(&text, "]");
	json_member(&text, "materials");
	buf_addc(&text, '[');
	put_parts(&text, &materials, true);
	buf_adds(&text, "]}");
	e = matter_parse(out, buf_str(&text), text.len, why);
	free_parts(&questions);
	free_parts(&materials);
	buf_fini(&text);
	return e;
}
