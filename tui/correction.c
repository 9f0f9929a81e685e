#include "tui/correction.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "forms/instance.h"
#include "tui/form_line.h"
#include "tui/intake.h"

struct correction {
	const struct intake *in;
	json *body;			/* of the letter */
	struct entry *situation, *form; /* as they were submitted; by the guide and form of today */
};

/* ---- the version before ---- */

/* What the letter has at a place ("members[2]/member_id"); NULL: nothing. */
static const json *sent_at(const json *answers, const char *place)
{
	struct buf name = {0};
	size_t number;

	while (*place != '\0' && answers != NULL) {
		size_t len = strcspn(place, "[/");
		buf_clear(&name);
		buf_add(&name, place, len);
		answers = json_get(answers, buf_str(&name));
		place += len;
		if (*place == '[') {
			number = strtoul(place + 1, NULL, 10);
			for (answers = json_first(answers); number > 1 && answers != NULL; number--)
				answers = json_next(answers);
			place += strcspn(place, "]") + 1;
		}
		place += *place == '/';
	}
	buf_fini(&name);
	return answers;
}

/* The first of what the form gave of its own and the letter does not have; NULL: there is none. */
static struct node *find_unsent(struct entry *e, const json *answers)
{
	const struct entry_line *lines;
	size_t count = entry_lines(e, &lines);
	struct buf place = {0};
	struct node *found = NULL;

	for (size_t i = 0; i < count && found == NULL; i++) {
		if (lines[i].value[0] == '\0' || lines[i].readonly ||
			form_line_is_heading(&lines[i]))
			continue;
		buf_clear(&place);
		entry_place(e, lines[i].node, &place);
		if (sent_at(answers, buf_str(&place)) == NULL)
			found = lines[i].node;
	}
	buf_fini(&place);
	return found;
}

static struct entry *read_sent(
	const struct intake *in, const struct form *form, const json *answers, const json *accepted)
{
	struct entry *e = entry_new(form, store_clock(in->store));
	struct node *n;

	entry_identify(e, in->draft_id);
	entry_load_object(e, answers, NULL);
	entry_load_object(e, answers, NULL); /* what one answer lets in comes after it */
	while ((n = find_unsent(e, answers)) != NULL)
		if (entry_set(e, n, "") != OK || n->value[0] != '\0')
			break;
	entry_load_accepted(e, accepted);
	return e;
}

struct correction *correction_open(const struct intake *in)
{
	struct correction *c = NULL;
	struct letter l;
	json *body = NULL;

	if (!in->revising || outbox_get_application(in->store, in->draft_id, &l) != OK)
		return NULL;
	if (l.body != NULL && json_parse(&body, l.body, l.body_len, NULL) == OK) {
		c = mem_alloc(sizeof *c);
		c->in = in;
		c->body = body;
		c->form = read_sent(in, in->form, json_get(body, "answers"),
			json_get(body, "accepted_warnings"));
		if (in->situation != NULL)
			c->situation = read_sent(in, in->situation_form,
				json_get(body, "situation"), json_get(body, "situation_warnings"));
	}
	letter_fini(&l);
	return c;
}

void correction_free(struct correction *c)
{
	if (c == NULL)
		return;
	entry_free(c->form);
	entry_free(c->situation);
	json_free(c->body);
	free(c);
}

/* Where an answer stood; NULL: it was not asked for. */
static struct node *node_before(
	struct correction *c, struct entry *e, struct node *n, struct entry **before)
{
	struct buf place = {0};
	struct node *found = NULL;

	*before = e == c->in->situation ? c->situation : c->form;
	if (entry_place_sent(e, n, &place))
		found = entry_find(*before, buf_str(&place));
	buf_fini(&place);
	return found != NULL && found->value != NULL ? found : NULL;
}

/* ---- scans ---- */

struct scans {
	const json *sent;	/* the letter's attachments */
	const char *key, *name; /* "material_name" or "field", and which */
	size_t count, unknown;	/* now, and of them such as were not sent */
};

static bool is_of(const struct scans *s, const json *paper)
{
	const char *name = json_get_str(paper, s->key);

	return name != NULL && strcmp(name, s->name) == 0;
}

static void see_scan(void *arg, const struct paper *p)
{
	struct scans *s = arg;
	const json *one = json_first(s->sent);

	if (strcmp(strcmp(s->key, "field") == 0 ? p->field : p->material, s->name) != 0)
		return;
	s->count++;
	while (one != NULL &&
		!(is_of(s, one) && strcmp(json_get_str(one, "sha256"), p->sha256) == 0))
		one = json_next(one);
	s->unknown += one == NULL;
}

static bool scans_differ(struct correction *c, const char *key, const char *name)
{
	struct scans s = {json_get(c->body, "attachments"), key, name, 0, 0};
	size_t sent = 0;

	for (const json *one = json_first(s.sent); one != NULL; one = json_next(one))
		sent += is_of(&s, one);
	papers_each(c->in->store, c->in->draft_id, see_scan, &s);
	return s.unknown > 0 || s.count != sent;
}

/* ---- answers ---- */

static void tell_before(struct buf *text, const char *before)
{
	if (*before == '\0')
		buf_adds(text, tr(" (新填)"));
	else if (text->len == 0)
		buf_printf(text, tr("没有填 (原为 %s)"), before);
	else if (strcmp(buf_str(text), before) == 0) /* masked alike */
		buf_printf(text, tr(" (原为 %s, 遮住的几位不同)"), before);
	else
		buf_printf(text, tr(" (原为 %s)"), before);
}

/* A letter has 12.50 as 12.5. */
static bool is_same(const struct field *f, const char *a, const char *b)
{
	bool number =
		f->type == FIELD_INTEGER || f->type == FIELD_DECIMAL || f->type == FIELD_RANGE;

	return strcmp(a, b) == 0 ||
	       (number && *a != '\0' && *b != '\0' && strtod(a, NULL) == strtod(b, NULL));
}

bool correction_answer(
	struct correction *c, struct entry *e, struct node *n, bool mask, struct buf *text)
{
	const struct field *f = &entry_form(e)->fields[n->field];
	struct entry *before;
	struct buf was = {0};
	struct node *there = c != NULL ? node_before(c, e, n, &before) : NULL;
	bool differs = c != NULL && !is_same(f, there != NULL ? there->value : "", n->value);

	if (differs) {
		if (there != NULL)
			entry_text(before, there, mask, &was);
		tell_before(text, buf_str(&was));
	} else if (there != NULL && f->type == FIELD_FILE && scans_differ(c, "field", n->name)) {
		buf_adds(text, tr(" (换了文件)"));
		differs = true;
	}
	buf_fini(&was);
	return differs;
}

bool correction_reason(struct correction *c, struct entry *e, struct node *n, struct buf *text)
{
	struct entry *before;
	struct node *there = c != NULL ? node_before(c, e, n, &before) : NULL;
	const char *was = there != NULL ? entry_reason(before, there) : NULL;

	if (c == NULL || strcmp(was != NULL ? was : "", buf_str(text)) == 0)
		return false;
	tell_before(text, was != NULL ? was : "");
	return true;
}

/* ---- materials ---- */

static const json *material_before(const struct correction *c, const char *name)
{
	const json *m = json_first(json_get(c->body, "materials"));

	while (m != NULL && strcmp(json_get_str(m, "material_name"), name) != 0)
		m = json_next(m);
	return m;
}

static const char *state_before(const json *m)
{
	enum checklist_state state;
	const char *name = json_get_str(m, "state");

	return name != NULL && checklist_state_parse(name, &state) ? checklist_state_label(state)
								   : "";
}

/* As many as entered; -1: as required, which is what the letter then has. */
static bool numbers_differ(const json *m, const struct checklist_item *item)
{
	return (item->originals >= 0 && json_get_int(m, "originals", -1) != item->originals) ||
	       (item->copies >= 0 && json_get_int(m, "copies", -1) != item->copies);
}

bool correction_material(struct correction *c, const struct checklist_item *item, struct buf *text)
{
	const char *name = item->material->name, *note = item->note != NULL ? item->note : "", *was;
	const json *m = c != NULL ? material_before(c, name) : NULL;
	size_t len = text->len;

	if (c == NULL)
		return false;
	if (m == NULL) {
		buf_adds(text, tr(" (原来不要)"));
		return true;
	}
	was = json_get_str(m, "note");
	if (strcmp(state_before(m), checklist_state_label(item->state)) != 0)
		buf_printf(text, tr(" (原为 %s)"), state_before(m));
	else if (item->state == CHECKLIST_RECEIVED && numbers_differ(m, item))
		buf_adds(text, tr(" (份数改了)"));
	if (strcmp(was != NULL ? was : "", note) != 0)
		buf_printf(text, tr(" (备注原为 %s)"), was != NULL && *was ? was : tr("空"));
	if (scans_differ(c, "material_name", name))
		buf_adds(text, tr(" (换了扫描件)"));
	return text->len > len;
}

/* ---- what has no place any more ---- */

static void each_answer_gone(struct entry *before, struct entry *now, bool mask,
	void (*each)(void *arg, const char *label, const char *text), void *arg)
{
	const struct entry_line *lines;
	size_t count = before != NULL ? entry_lines(before, &lines) : 0;
	struct buf text = {0};

	for (size_t i = 0; i < count; i++) {
		const struct entry_line *l = &lines[i];
		struct node *n;
		if (!form_line_is_reviewed(l) || *l->value == '\0')
			continue;
		buf_clear(&text);
		entry_place(before, l->node, &text);
		n = entry_find_sent(now, buf_str(&text));
		if (n != NULL && n->relevant)
			continue;
		buf_clear(&text);
		entry_text(before, l->node, mask, &text);
		each(arg, entry_label(l), buf_str(&text));
	}
	buf_fini(&text);
}

void correction_each_gone(struct correction *c, bool mask,
	void (*each)(void *arg, const char *label, const char *text), void *arg)
{
	const json *m;

	if (c == NULL)
		return;
	each_answer_gone(c->situation, c->in->situation, mask, each, arg);
	each_answer_gone(c->form, c->in->entry, mask, each, arg);
	for (m = json_first(json_get(c->body, "materials")); m != NULL; m = json_next(m)) {
		const char *name = json_get_str(m, "material_name");
		if (name != NULL && checklist_find(&c->in->checklist, name) == NULL)
			each(arg, name, state_before(m));
	}
}
