#include "core/station/matter.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/matter_keys.h"

/* What a matter allocates beside its document: freed as one list. */
struct chunk {
	struct chunk *next;
	max_align_t data[];
};

static void *keep(struct matter *m, size_t size)
{
	struct chunk *c = mem_alloc(sizeof *c + (size ? size : 1));
	c->next = m->memory;
	m->memory = c;
	return c->data;
}

/* A text, or a number written as the text it would be in a code; "" when it is neither. */
static const char *scalar_text(struct matter *m, const json *v)
{
	const char *s = json_str(v);
	if (s)
		return s;
	if (!v || (json_type(v) != JSON_NUMBER && json_type(v) != JSON_BOOL))
		return "";
	struct buf b = {0};
	json_write(&b, v);
	char *copy = keep(m, b.len + 1);
	memcpy(copy, buf_str(&b), b.len + 1);
	buf_fini(&b);
	return copy;
}

static const char *member_text(struct matter *m, const json *object, const char *key)
{
	return scalar_text(m, json_get(object, key));
}

static int clamp_int(int64_t n)
{
	return n < -1 || n > INT32_MAX ? -1 : (int)n;
}

static int flag(const json *v)
{
	if (!v || json_type(v) == JSON_NULL)
		return -1;
	const char *s = json_str(v);
	if (s && (strcmp(s, "是") == 0 || strcmp(s, "1") == 0 || strcmp(s, "true") == 0))
		return 1;
	if (s && *s == '\0')
		return -1;
	double n;
	if (json_num(v, &n))
		return n != 0;
	if (json_type(v) == JSON_BOOL) {
		struct buf b = {0};
		json_write(&b, v);
		int yes = strcmp(buf_str(&b), "true") == 0;
		buf_fini(&b);
		return yes;
	}
	return 0;
}

/* Elements of an array that are texts or numbers; a lone text is a list of one. */
static size_t list(struct matter *m, const json *v, const char **out)
{
	size_t n = 0;
	if (v && json_type(v) == JSON_ARRAY) {
		for (const json *e = json_first(v); e; e = json_next(e)) {
			const char *s = scalar_text(m, e);
			if (*s)
				out[n++] = s;
		}
	} else if (v && *scalar_text(m, v)) {
		out[n++] = scalar_text(m, v);
	}
	return n;
}

static size_t list_room(const json *v)
{
	return (v && json_type(v) == JSON_ARRAY ? json_count(v) : 0) + 1;
}

static enum matter_need need_of(const char *s)
{
	if (strcmp(s, "非必要") == 0 || strcmp(s, "非必须") == 0)
		return MATTER_NEED_OPTIONAL;
	if (strncmp(s, "容缺", strlen("容缺")) == 0)
		return MATTER_NEED_DEFERRABLE;
	return MATTER_NEED_REQUIRED;
}

static void read_material(struct matter *m, struct matter_material *t, const json *o)
{
	t->doc = o;
	t->name = member_text(m, o, "material_name");
	t->kind = member_text(m, o, "material_type");
	t->format = member_text(m, o, "material_format");
	t->source = member_text(m, o, "source_type");
	t->source_explain = member_text(m, o, "source_explain");
	t->issuer = member_text(m, o, "issuer");
	t->accept_stand = member_text(m, o, "accept_stand");
	t->fill_explain = member_text(m, o, "fill_explain");
	t->by_law = member_text(m, o, "by_law");
	t->certificate = member_text(m, o, "certificate");
	t->relevant = member_text(m, o, "relevant");
	t->need = need_of(member_text(m, o, "is_need"));
	t->exempt = flag(json_get(o, "exempt")) == 1;
	t->originals = clamp_int(json_get_int(o, "originals", -1));
	t->copies = clamp_int(json_get_int(o, "copies", -1));
	t->deferral_days = clamp_int(json_get_int(o, "deferral_days", 0));
	const json *faults = json_get(o, "common_faults");
	t->faults = keep(m, list_room(faults) * sizeof *t->faults);
	t->fault_count = list(m, faults, t->faults);
	const json *uses = json_get(o, "uses");
	t->uses = keep(m, list_room(uses) * sizeof *t->uses);
	t->use_count = list(m, uses, t->uses);
}

static void read_materials(struct matter *m)
{
	const json *a = json_get(m->doc, "materials");
	m->materials = keep(m, json_count(a) * sizeof *m->materials);
	for (const json *o = json_first(a); o; o = json_next(o))
		read_material(m, &m->materials[m->material_count++], o);
}

static void read_fees(struct matter *m)
{
	const json *a = json_get(m->doc, "fees");
	m->fees = keep(m, json_count(a) * sizeof *m->fees);
	for (const json *o = json_first(a); o; o = json_next(o)) {
		struct matter_fee *f = &m->fees[m->fee_count++];
		f->doc = o;
		f->name = member_text(m, o, "fee_name");
		f->stand = member_text(m, o, "fee_stand");
		f->by_law = member_text(m, o, "by_law");
		f->desc_explain = member_text(m, o, "desc_explain");
		f->is_desc = flag(json_get(o, "is_desc")) == 1;
	}
}

static void read_questions(struct matter *m)
{
	const json *a = json_get(m->doc, "questions");
	m->questions = keep(m, json_count(a) * sizeof *m->questions);
	for (const json *o = json_first(a); o; o = json_next(o)) {
		struct matter_question *q = &m->questions[m->question_count++];
		q->question = member_text(m, o, "question");
		q->answer = member_text(m, o, "answer");
	}
}

static void read_situation(struct matter *m)
{
	const json *a = json_get(m->doc, "situation");
	m->situation = keep(m, json_count(a) * sizeof *m->situation);
	for (const json *o = json_first(a); o; o = json_next(o)) {
		struct matter_situation *s = &m->situation[m->situation_count++];
		s->doc = o;
		s->name = member_text(m, o, "name");
		s->type = member_text(m, o, "type");
		s->label = member_text(m, o, "label");
		s->label_en = member_text(m, o, "label_en");
		s->hint = member_text(m, o, "hint");
		s->hint_en = member_text(m, o, "hint_en");
		s->relevant = member_text(m, o, "relevant");
		const json *choices = json_get(o, "choices");
		s->choices = keep(m, json_count(choices) * sizeof *s->choices);
		for (const json *c = json_first(choices); c; c = json_next(c)) {
			struct matter_choice *k = &s->choices[s->choice_count++];
			k->name = member_text(m, c, "name");
			k->label = member_text(m, c, "label");
			k->label_en = member_text(m, c, "label_en");
		}
	}
}

static void read_scalars(struct matter *m)
{
	for (const struct matter_key *k = matter_keys; k->name; k++) {
		const json *v = json_get(m->doc, k->name);
		void *at = k->at == MATTER_KEY_NOWHERE ? NULL : (char *)m + k->at;
		if (!at)
			continue;
		if (k->kind == MATTER_KEY_TEXT)
			*(const char **)at = scalar_text(m, v);
		else if (k->kind == MATTER_KEY_INT)
			*(int *)at = clamp_int(json_get_int(m->doc, k->name, -1));
		else if (k->kind == MATTER_KEY_FLAG)
			*(int *)at = flag(v);
	}
}

static void read_lists(struct matter *m)
{
	const json *v = json_get(m->doc, "aliases");
	m->aliases = keep(m, list_room(v) * sizeof *m->aliases);
	m->alias_count = list(m, v, m->aliases);
	v = json_get(m->doc, "bundle");
	m->bundle = keep(m, list_room(v) * sizeof *m->bundle);
	m->bundle_count = list(m, v, m->bundle);
	const json *person = json_get(m->doc, "user_topic"), *body = json_get(m->doc, "corp_topic");
	m->topics = keep(m, (list_room(person) + list_room(body)) * sizeof *m->topics);
	m->topic_count = list(m, person, m->topics);
	m->topic_count += list(m, body, m->topics + m->topic_count);
	v = json_get(m->doc, "server_type");
	const char **types = keep(m, list_room(v) * sizeof *types);
	size_t n = list(m, v, types);
	for (size_t i = 0; i < n; i++) {
		m->for_person |= strcmp(types[i], "1") == 0;
		m->for_body |= strcmp(types[i], "1") != 0;
	}
}

static bool kind_fits(enum matter_key_kind kind, const json *v)
{
	switch (json_type(v)) {
	case JSON_NULL:
		return true;
	case JSON_OBJECT:
		return false;
	case JSON_ARRAY:
		if (kind == MATTER_KEY_LIST)
			return true;
		if (kind != MATTER_KEY_OBJECTS)
			return false;
		for (const json *e = json_first(v); e; e = json_next(e))
			if (json_type(e) != JSON_OBJECT)
				return false;
		return true;
	default:
		return kind != MATTER_KEY_OBJECTS;
	}
}

static enum err check(const struct matter *m, struct buf *why)
{
	if (json_type(m->doc) != JSON_OBJECT) {
		buf_why(why, tr("这一行不是一个 JSON 对象"));
		return ERR_INVALID;
	}
	for (const struct matter_key *k = matter_keys; k->name; k++) {
		const json *v = json_get(m->doc, k->name);
		if (v && !kind_fits(k->kind, v)) {
			buf_why(why, tr("键 %s (%s) 的类型不对"), k->name, tr(k->label));
			return ERR_INVALID;
		}
	}
	const json *code = json_get(m->doc, "task_code"), *name = json_get(m->doc, "task_name");
	if (!code || (json_str(code) && !*json_str(code)) || json_type(code) == JSON_NULL) {
		buf_why(why, tr("没有事项编码 (键 task_code)"));
		return ERR_INVALID;
	}
	if (!json_str(code)) {
		buf_why(why, tr("事项编码应写成文字, 加引号 (键 task_code)"));
		return ERR_INVALID;
	}
	if (!name || json_type(name) == JSON_NULL || (json_str(name) && !*json_str(name))) {
		buf_why(why, tr("没有事项名称 (键 task_name)"));
		return ERR_INVALID;
	}
	if (!json_str(name)) {
		buf_why(why, tr("事项名称应是文字 (键 task_name)"));
		return ERR_INVALID;
	}
	return OK;
}

enum err matter_parse(struct matter **out, const char *text, size_t len_bytes, struct buf *why)
{
	struct matter *m = mem_alloc(sizeof *m);
	enum err e = json_parse(&m->doc, text, len_bytes, why);
	if (e == OK)
		e = check(m, why);
	if (e != OK) {
		matter_free(m);
		return e;
	}
	m->source = mem_strdup("");
	read_scalars(m);
	read_lists(m);
	read_materials(m);
	read_fees(m);
	read_questions(m);
	read_situation(m);
	*out = m;
	return OK;
}

void matter_free(struct matter *m)
{
	if (!m)
		return;
	for (struct chunk *c = m->memory, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	json_free(m->doc);
	free(m->source);
	free(m);
}

static int compare_members(const void *a, const void *b)
{
	return strcmp(json_key(*(const json *const *)a), json_key(*(const json *const *)b));
}

/* The value with the members of every object in order of their keys. */
static void write_canonical(struct buf *out, const json *v)
{
	enum json_type type = v ? json_type(v) : JSON_NULL;
	if (type != JSON_OBJECT && type != JSON_ARRAY) {
		json_write(out, v);
		return;
	}
	size_t n = json_count(v), i = 0;
	const json **members = mem_array(n + 1, sizeof *members);
	for (const json *e = json_first(v); e && i < n; e = json_next(e))
		members[i++] = e;
	if (type == JSON_OBJECT)
		qsort(members, n, sizeof *members, compare_members);
	buf_addc(out, type == JSON_OBJECT ? '{' : '[');
	for (i = 0; i < n; i++) {
		if (type == JSON_OBJECT)
			json_member(out, json_key(members[i]));
		else
			json_comma(out);
		write_canonical(out, members[i]);
	}
	buf_addc(out, type == JSON_OBJECT ? '}' : ']');
	free(members);
}

void matter_digest(const struct matter *m, char out[65])
{
	struct buf b = {0};
	char hex[CRYPTO_HEX_SIZE];
	write_canonical(&b, m->doc);
	crypto_hex(DIGEST_SHA256, buf_str(&b), b.len, hex);
	memcpy(out, hex, 65);
	buf_fini(&b);
}

bool matter_knows(const char *key)
{
	return matter_key_find(key) != NULL;
}

const json *matter_unknown(const struct matter *m, const json *after)
{
	const json *v = after ? json_next(after) : json_first(m->doc);
	while (v && matter_knows(json_key(v)))
		v = json_next(v);
	return v;
}

void matter_value_text(struct buf *out, const json *v)
{
	const char *s = json_str(v);
	if (!v || json_type(v) == JSON_NULL)
		return;
	if (s) {
		buf_adds(out, s);
	} else if (json_type(v) == JSON_ARRAY) {
		for (const json *e = json_first(v); e; e = json_next(e)) {
			if (e != json_first(v))
				buf_adds(out, "、");
			matter_value_text(out, e);
		}
	} else {
		json_write(out, v);
	}
}

const char *matter_material_source(const struct matter_material *m)
{
	if (strcmp(m->source, "其他") != 0)
		return m->source;
	if (m->issuer[0] != '\0')
		return m->issuer;
	return m->source_explain[0] != '\0' ? m->source_explain : m->source;
}
