/* Warnings at an answer, and the reason for which they were accepted. */
#include "forms/entry_private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/text.h"

/* ---- what warns ---- */

/* Which of a rule's kind it is, in one line: blanks count once. */
static void add_which(struct buf *key, const char *which)
{
	for (; *which != '\0'; which++) {
		const bool blank = (unsigned char)*which <= ' ';
		if (!blank)
			buf_addc(key, *which);
		else if (key->data[key->len - 1] != ' ')
			buf_addc(key, ' ');
	}
}

void entry_doubt(struct note *note, const char *rule, const char *which, const char *message)
{
	struct buf key = {0};

	buf_adds(&key, rule);
	if (which != NULL) {
		buf_addc(&key, ' ');
		add_which(&key, which);
	}
	note->doubts = mem_resize(note->doubts, note->doubt_count + 1, sizeof *note->doubts);
	note->doubts[note->doubt_count++] =
		(struct doubt){rule, buf_take(&key), mem_strdup(message)};
}

void entry_forget_doubts(struct note *note)
{
	for (size_t i = 0; i < note->doubt_count; i++) {
		free(note->doubts[i].key);
		free(note->doubts[i].message);
	}
	free(note->doubts);
	note->doubts = NULL;
	note->doubt_count = 0;
}

void entry_tell_doubts(struct note *note)
{
	struct finding *f = &note->finding;

	if (f->verdict == VERDICT_ERROR) {
		entry_forget_doubts(note);
		return;
	}
	if (note->doubt_count == 0)
		return;
	f->verdict = VERDICT_WARNING;
	f->rule = note->doubts[0].rule;
	buf_clear(&f->message);
	if (note->doubt_count == 1)
		buf_adds(&f->message, note->doubts[0].message);
	/* numbered: a sentence may have semicolons of its own */
	for (size_t i = 0; note->doubt_count > 1 && i < note->doubt_count; i++)
		buf_printf(&f->message, "%s%zu) %s", i > 0 ? "; " : "", i + 1,
			note->doubts[i].message);
}

size_t entry_doubts(struct entry *e, const struct node *n)
{
	entry_finding(e, n);
	return ((const struct note *)n->extra)->doubt_count;
}

/* ---- why it was accepted ---- */

void entry_put_reason(struct note *note, const char *reason, const char *told)
{
	char *kept = reason != NULL ? mem_strdup(reason) : NULL;
	char *kept_for = reason != NULL && told != NULL ? mem_strdup(told) : NULL;

	free(note->accepted);
	free(note->accepted_for);
	note->accepted = kept;
	note->accepted_for = kept_for;
}

static bool has_line(const char *lines, const char *line)
{
	const size_t len = strlen(line);

	for (; lines != NULL; lines = strchr(lines, '\n')) {
		lines += *lines == '\n';
		if (strncmp(lines, line, len) == 0 && (lines[len] == '\n' || lines[len] == '\0'))
			return true;
	}
	return false;
}

/* Something that a person can read. */
static bool says_something(const char *reason)
{
	struct buf seen = {0};
	bool says;

	text_clean(&seen, reason, strlen(reason));
	if (seen.len > 0)
		text_trim(seen.data);
	says = buf_str(&seen)[0] != '\0';
	buf_fini(&seen);
	return says;
}

enum err entry_accept(struct entry *e, struct node *n, const char *reason)
{
	struct note *note = entry_note(n);
	struct buf told = {0};

	if (entry_doubts(e, n) == 0 || reason == NULL || !says_something(reason))
		return ERR_STATE;
	for (size_t i = 0; i < note->doubt_count; i++)
		buf_printf(&told, "%s%s", i > 0 ? "\n" : "", note->doubts[i].key);
	entry_put_reason(note, reason, told.data);
	buf_fini(&told);
	return OK;
}

const char *entry_reason(struct entry *e, const struct node *n)
{
	const struct note *note = n->extra;

	if (note == NULL || note->accepted == NULL || entry_doubts(e, n) == 0)
		return NULL;
	for (size_t i = 0; i < note->doubt_count; i++)
		if (!has_line(note->accepted_for, note->doubts[i].key))
			return NULL;
	return note->accepted;
}

bool entry_restore_reason(struct entry *e, struct node *n, const char *reason, const char *told)
{
	entry_put_reason(entry_note(n), reason, told);
	if (entry_reason(e, n) != NULL)
		return true;
	entry_put_reason(entry_note(n), NULL, NULL);
	return false;
}

/* ---- out ---- */

static bool is_accepted(struct entry *e, const struct node *n)
{
	return n->relevant && entry_reason(e, n) != NULL;
}

void entry_each_reason(struct entry *e, entry_reason_fn *each, void *arg)
{
	struct buf place = {0};
	struct node *n;

	for (n = e->root; n != NULL; n = entry_next_node(e->root, n)) {
		const struct note *note = n->extra;
		if (!is_accepted(e, n))
			continue;
		buf_clear(&place);
		entry_place(e, n, &place);
		each(arg, buf_str(&place), note->accepted, note->accepted_for);
	}
	buf_fini(&place);
}

typedef void visit_fn(void *arg, const struct node *n, const char *place);

/* What entry_json writes of a holder, by the places that it has there. */
static void visit_sent(
	struct entry *e, const struct node *holder, const char *before, visit_fn *visit, void *arg)
{
	struct buf place = {0};
	const struct node *n;
	int number = 0;

	for (n = holder->first; n != NULL; n = n->next) {
		const struct field *f = entry_field(e, n);
		buf_clear(&place);
		if (n->prev == NULL || n->prev->field != n->field)
			number = 0;
		if (f->type == FIELD_REPEAT ? !entry_is_sent(e, n) : !n->relevant)
			continue;
		if (f->type == FIELD_REPEAT) {
			buf_printf(&place, "%s%s[%d]/", before, n->name, ++number);
			visit_sent(e, n, buf_str(&place), visit, arg);
		} else if (f->type == FIELD_GROUP) {
			visit_sent(e, n, before, visit, arg);
		} else if (is_accepted(e, n)) {
			buf_printf(&place, "%s%s", before, n->name);
			visit(arg, n, buf_str(&place));
		}
	}
	buf_fini(&place);
}

struct telling {
	struct entry *entry;
	entry_reason_fn *each;
	void *arg;
	struct buf *out;
};

static void tell(void *arg, const struct node *n, const char *place)
{
	const struct telling *t = arg;
	const struct note *note = n->extra;

	t->each(t->arg, place, note->accepted, note->accepted_for);
}

void entry_each_reason_sent(struct entry *e, entry_reason_fn *each, void *arg)
{
	visit_sent(e, e->root, "", tell, &(struct telling){.entry = e, .each = each, .arg = arg});
}

/* The words of a form, and of who writes in lines, may have several; a letter with a line end is
 * refused by the centre. */
static void put_line(struct buf *out, const char *name, const char *text)
{
	struct buf line = {0};

	if (text != NULL)
		text_clean(&line, text, strlen(text));
	json_member_str(out, name, text != NULL ? buf_str(&line) : NULL);
	buf_fini(&line);
}

static void put_accepted(void *arg, const struct node *n, const char *place)
{
	const struct telling *t = arg;
	const struct note *note = n->extra;
	const char *label = entry_node_label(t->entry, (struct node *)(uintptr_t)n);
	struct buf *out = t->out;

	for (size_t i = 0; i < note->doubt_count; i++) {
		json_comma(out);
		buf_addc(out, '{');
		json_member_str(out, "field", place);
		put_line(out, "label", label);
		json_member_str(out, "rule", note->doubts[i].rule);
		put_line(out, "reason", note->accepted);
		put_line(out, "message", note->doubts[i].message);
		buf_addc(out, '}');
	}
}

void entry_accepted_sent(struct entry *e, struct buf *out)
{
	buf_addc(out, '[');
	visit_sent(e, e->root, "", put_accepted, &(struct telling){.entry = e, .out = out});
	buf_addc(out, ']');
}

/* ---- in ---- */

void entry_load_accepted(struct entry *e, const json *accepted)
{
	const json *w;

	for (w = json_first(accepted); w != NULL; w = json_next(w)) {
		const char *place = json_get_str(w, "field"), *reason = json_get_str(w, "reason");
		struct node *n = place != NULL ? entry_find(e, place) : NULL;
		if (n != NULL && reason != NULL)
			entry_accept(e, n, reason);
	}
}
