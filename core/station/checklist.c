#include "core/station/checklist.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/matter.h"

static enum checklist_state first_state(const struct matter_material *m)
{
	if (m->exempt)
		return CHECKLIST_EXEMPT;
	return m->need == MATTER_NEED_OPTIONAL ? CHECKLIST_NONE : CHECKLIST_MISSING;
}

/* What is asked for now, out of all; a note has one owner. */
static void build(struct checklist *c, bool (*holds)(void *arg, const char *expression), void *arg)
{
	const struct matter *matter = c->matter;
	c->items = mem_array(matter->material_count + 1, sizeof *c->items);
	c->count = 0;
	for (size_t i = 0; i < matter->material_count; i++) {
		const struct matter_material *m = &matter->materials[i];
		if (*m->relevant && holds && !holds(arg, m->relevant))
			continue;
		c->items[c->count++] = c->aside[i];
		c->aside[i].note = NULL;
	}
}

void checklist_init(struct checklist *c, const struct matter *matter,
	bool (*holds)(void *arg, const char *expression), void *arg)
{
	*c = (struct checklist){.matter = matter};
	c->aside = mem_array(matter->material_count + 1, sizeof *c->aside);
	for (size_t i = 0; i < matter->material_count; i++) {
		const struct matter_material *m = &matter->materials[i];
		c->aside[i] = (struct checklist_item){
			.material = m,
			.state = first_state(m),
			.why = m->relevant,
			.originals = -1,
			.copies = -1,
		};
	}
	build(c, holds, arg);
}

void checklist_fini(struct checklist *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->items[i].note);
	for (size_t i = 0; c->matter && i < c->matter->material_count; i++)
		free(c->aside[i].note);
	free(c->items);
	free(c->aside);
	*c = (struct checklist){0};
}

void checklist_refresh(
	struct checklist *c, bool (*holds)(void *arg, const char *expression), void *arg)
{
	for (size_t i = 0; i < c->count; i++)
		c->aside[c->items[i].material - c->matter->materials] = c->items[i];
	free(c->items);
	build(c, holds, arg);
}

struct checklist_item *checklist_find(const struct checklist *c, const char *material_name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].material->name, material_name) == 0)
			return &c->items[i];
	return NULL;
}

/* Also one that is not asked for now; NULL: the matter has no such material. */
static struct checklist_item *find_any(const struct checklist *c, const char *material_name)
{
	struct checklist_item *item = checklist_find(c, material_name);
	for (size_t i = 0; !item && i < c->matter->material_count; i++)
		if (strcmp(c->aside[i].material->name, material_name) == 0)
			item = &c->aside[i];
	return item;
}

/* NULL: allowed; otherwise the sentence that refuses it. */
static const char *refusal(const struct matter_material *m, enum checklist_state state)
{
	switch (state) {
	case CHECKLIST_EXEMPT:
		if (!m->exempt && !*m->certificate)
			return N_("材料 %s 不能免交: 没有数据共享, 也没有可替代的电子证照");
		return NULL;
	case CHECKLIST_DEFERRED:
		return m->need == MATTER_NEED_DEFERRABLE ? NULL
							 : N_("材料 %s 不可容缺, 必须现在收");
	case CHECKLIST_NONE:
		return m->need == MATTER_NEED_OPTIONAL ? NULL : N_("材料 %s 是必要材料, 不能不交");
	default:
		return NULL;
	}
}

static enum err set(struct checklist_item *item, enum checklist_state state, struct buf *why)
{
	const char *no = refusal(item->material, state);
	if (no) {
		buf_why(why, tr(no), item->material->name);
		return ERR_STATE;
	}
	item->state = state;
	return OK;
}

enum err checklist_set(
	struct checklist *c, const char *material_name, enum checklist_state state, struct buf *why)
{
	struct checklist_item *item = checklist_find(c, material_name);
	if (!item) {
		buf_why(why, tr("这种情形不要求材料 %s"), material_name);
		return ERR_NOT_FOUND;
	}
	return set(item, state, why);
}

enum err checklist_restore(
	struct checklist *c, const char *material_name, enum checklist_state state)
{
	struct checklist_item *item = find_any(c, material_name);
	return item ? set(item, state, NULL) : ERR_NOT_FOUND;
}

enum err checklist_toggle(struct checklist *c, size_t index)
{
	if (index >= c->count)
		return ERR_NOT_FOUND;
	struct checklist_item *item = &c->items[index];
	item->state = item->state == CHECKLIST_RECEIVED ? first_state(item->material)
							: CHECKLIST_RECEIVED;
	return OK;
}

enum err checklist_note(struct checklist *c, const char *material_name, const char *note)
{
	struct checklist_item *item = find_any(c, material_name);
	if (!item)
		return ERR_NOT_FOUND;
	free(item->note);
	item->note = note && *note ? mem_strdup(note) : NULL;
	return OK;
}

void checklist_sum(const struct checklist *c, struct checklist_summary *out)
{
	*out = (struct checklist_summary){.conclusion = CHECKLIST_COMPLETE};
	for (size_t i = 0; i < c->count; i++) {
		const struct checklist_item *item = &c->items[i];
		const struct matter_material *m = item->material;
		out->by_state[item->state]++;
		/* A clerk's "missing" on an optional material does not stop anything. */
		bool open = item->state == CHECKLIST_DEFERRED ||
			    (item->state == CHECKLIST_MISSING && m->need != MATTER_NEED_OPTIONAL);
		if (!open)
			continue;
		enum checklist_conclusion now = m->need == MATTER_NEED_DEFERRABLE
							? CHECKLIST_DEFERRABLE
							: CHECKLIST_INCOMPLETE;
		if (now > out->conclusion)
			out->conclusion = now;
		if (m->deferral_days > 0 &&
			(out->deferral_days == 0 || m->deferral_days < out->deferral_days))
			out->deferral_days = m->deferral_days;
	}
}

static const char *const state_names[CHECKLIST_STATE__MAX] = {
	[CHECKLIST_MISSING] = "missing",
	[CHECKLIST_RECEIVED] = "received",
	[CHECKLIST_EXEMPT] = "exempt",
	[CHECKLIST_DEFERRED] = "deferred",
	[CHECKLIST_NONE] = "none",
};

const char *checklist_state_name(enum checklist_state s)
{
	return state_names[s];
}

bool checklist_state_parse(const char *name, enum checklist_state *out)
{
	for (int i = 0; i < CHECKLIST_STATE__MAX; i++)
		if (strcmp(state_names[i], name) == 0) {
			*out = (enum checklist_state)i;
			return true;
		}
	return false;
}

const char *checklist_state_label(enum checklist_state s)
{
	static const char *const labels[CHECKLIST_STATE__MAX] = {
		[CHECKLIST_MISSING] = N_("缺"),
		[CHECKLIST_RECEIVED] = N_("已收"),
		[CHECKLIST_EXEMPT] = N_("免交"),
		[CHECKLIST_DEFERRED] = N_("容缺"),
		[CHECKLIST_NONE] = N_("未交"),
	};
	return tr(labels[s]);
}

void checklist_conclusion_text(struct buf *out, const struct checklist_summary *s)
{
	if (s->conclusion == CHECKLIST_COMPLETE)
		buf_adds(out, tr("材料齐全"));
	else if (s->conclusion == CHECKLIST_INCOMPLETE)
		buf_adds(out, tr("材料不齐, 不能受理"));
	else if (s->deferral_days > 0)
		buf_printf(out, tr("材料不齐, 可以容缺受理 (%d个工作日内补)"), s->deferral_days);
	else
		buf_adds(out, tr("材料不齐, 可以容缺受理"));
}

static int received(int entered, int required, bool kind_has)
{
	if (entered >= 0)
		return entered;
	return required >= 0 ? required : kind_has;
}

static void write_item(struct buf *out, const struct checklist_item *item)
{
	const struct matter_material *m = item->material;
	bool copy = strstr(m->kind, "复印件") != NULL;
	bool original = strstr(m->kind, "原件") != NULL || !copy;
	bool here = item->state == CHECKLIST_RECEIVED;
	int originals = here ? received(item->originals, m->originals, original) : 0;
	int copies = here ? received(item->copies, m->copies, copy) : 0;
	json_comma(out);
	buf_addc(out, '{');
	json_member_str(out, "material_name", m->name);
	json_member_str(out, "get_type", m->kind);
	json_member_int(out, "get_num", originals + copies);
	json_member_int(out, "originals", originals);
	json_member_int(out, "copies", copies);
	json_member_str(out, "state", state_names[item->state]);
	if (*item->why)
		json_member_str(out, "relevant", item->why);
	if (item->state == CHECKLIST_DEFERRED && m->deferral_days > 0)
		json_member_int(out, "deferral_days", m->deferral_days);
	if (item->state == CHECKLIST_EXEMPT && *m->certificate)
		json_member_str(out, "certificate", m->certificate);
	json_member_str(out, "note", item->note);
	buf_addc(out, '}');
}

void checklist_write(struct buf *out, const struct checklist *c)
{
	buf_addc(out, '[');
	for (size_t i = 0; i < c->count; i++)
		write_item(out, &c->items[i]);
	buf_addc(out, ']');
}

static bool state_of(const json *v, enum checklist_state *out)
{
	const char *s = json_str(v);
	if (s)
		return checklist_state_parse(s, out);
	if (!v || json_type(v) != JSON_BOOL)
		return false;
	struct buf b = {0};
	json_write(&b, v);
	*out = strcmp(buf_str(&b), "true") == 0 ? CHECKLIST_RECEIVED : CHECKLIST_MISSING;
	buf_fini(&b);
	return true;
}

/* Adds one sentence to why. */
static void complain(struct buf *why, const char *sentence)
{
	if (!why)
		return;
	if (why->len > 0)
		buf_adds(why, "; ");
	buf_adds(why, sentence);
}

static enum err read_one(struct checklist *c, const char *name, const json *state,
	const json *whole, struct buf *why)
{
	struct buf reason = {0};
	struct checklist_item *item = checklist_find(c, name);
	enum checklist_state s;
	enum err e = OK;
	if (!item) {
		buf_why(&reason, tr("这种情形不要求材料 %s"), name);
		e = ERR_INVALID;
	} else if (!state_of(state, &s)) {
		buf_why(&reason,
			tr("材料 %s 的状态看不懂 (应为 received, missing, exempt, deferred 或 none)"),
			name);
		e = ERR_INVALID;
	} else if (set(item, s, &reason) != OK) {
		e = ERR_INVALID;
	} else if (whole) {
		item->originals = (int)json_get_int(whole, "originals", -1);
		item->copies = (int)json_get_int(whole, "copies", -1);
		checklist_note(c, name, json_get_str(whole, "note"));
	}
	if (e != OK)
		complain(why, buf_str(&reason));
	buf_fini(&reason);
	return e;
}

enum err checklist_read(struct checklist *c, const json *materials, struct buf *why)
{
	enum err result = OK;
	enum json_type type = materials ? json_type(materials) : JSON_NULL;
	if (type != JSON_ARRAY && type != JSON_OBJECT) {
		complain(why, tr("materials 应是对象 (材料名称: 状态) 或数组"));
		return ERR_INVALID;
	}
	for (const json *v = json_first(materials); v; v = json_next(v)) {
		const char *name =
			type == JSON_OBJECT ? json_key(v) : json_get_str(v, "material_name");
		enum err e = ERR_INVALID;
		if (!name)
			complain(why, tr("materials 里有一项没有材料名称 (键 material_name)"));
		else if (type == JSON_OBJECT)
			e = read_one(c, name, v, NULL, why);
		else
			e = read_one(c, name, json_get(v, "state"), v, why);
		if (e != OK)
			result = e;
	}
	return result;
}
