/*
 * The entry engine fed with anything: a definition (markdown) and, after a line of "----", acts:
 *   place=value   an answer            +place   a repetition more      -place   one less
 *   #7=value      in line 7 of what stands there, so that a changed byte meets another field
 *   <             undo                 >        redo                    !        accept warnings
 * Whatever they are, nothing is touched that is not there, what comes out is JSON, the JSON can be
 * read back, and all that was done can be taken back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/text.h"
#include "forms/entry.h"
#include "forms/entry_history.h"
#include "forms/instance.h"

enum {
	ACTS_MAX = 40
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t wall(void *arg)
{
	(void)arg;
	return 1795500000123;
}

static const struct clock fixed = {wall, wall, NULL};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void look(struct entry *e)
{
	const struct entry_line *lines;
	const struct entry_fault *faults;
	const struct choice *const *choices;
	struct buf text = {0}, why = {0};
	json *root = NULL;
	size_t n = entry_lines(e, &lines);

	for (size_t i = 0; i < n; i++) {
		require(lines[i].node != NULL && lines[i].field != NULL);
		if (lines[i].field->type == FIELD_SELECT_ONE)
			entry_choices(e, lines[i].node, &choices);
		if (lines[i].field->type != FIELD_GROUP && lines[i].field->type != FIELD_REPEAT)
			entry_text(e, lines[i].node, true, &text);
		entry_why(e, lines[i].field->name, &why);
	}
	require(text_valid(buf_str(&why), why.len));
	n = entry_check(e, &faults);
	for (size_t i = 0; i < n; i++)
		require(faults[i].message[0] != '\0');
	buf_clear(&text);
	entry_json(e, &text);
	require(json_parse(&root, buf_str(&text), text.len, NULL) == OK);
	json_free(root);
	buf_clear(&text);
	entry_accepted_sent(e, &text);
	require(json_parse(&root, buf_str(&text), text.len, NULL) == OK);
	json_free(root);
	buf_fini(&text);
	buf_fini(&why);
}

/* By its place, or by the number of its line ("#7"; numbers beyond the last begin again). */
static struct node *node_at(struct entry *e, const char *place)
{
	const struct entry_line *lines;
	size_t n;

	if (place[0] != '#')
		return entry_find(e, place);
	n = entry_lines(e, &lines);
	return n > 0 ? lines[strtoul(place + 1, NULL, 10) % n].node : NULL;
}

static struct node *repeat_at(struct entry *e, const char *place)
{
	struct node *n = node_at(e, place);
	int field = n ? n->field : -1;

	return field >= 0 && entry_form(e)->fields[field].type == FIELD_REPEAT ? n : NULL;
}

static void accept_all(struct entry *e)
{
	const struct entry_fault *faults;
	size_t n = entry_check(e, &faults);

	for (size_t i = 0; i < n; i++)
		if (faults[i].verdict == VERDICT_WARNING)
			entry_accept(e, faults[i].node, "核过");
}

static void answer(struct entry *e, const char *place, const char *value)
{
	struct node *n = place[0] == '#' ? node_at(e, place) : NULL;

	if (n)
		entry_set(e, n, value);
	else
		entry_set_place(e, place, value);
}

static void act(struct entry *e, struct history *h, char *line)
{
	struct buf place = {0};
	char *equals = strchr(line, '=');
	struct node *n, *first;

	if (line[0] == '<') {
		history_undo(h, &place);
	} else if (line[0] == '>') {
		history_redo(h, &place);
	} else if (line[0] == '!') {
		accept_all(e);
		history_note(h);
	} else if (line[0] == '+' || line[0] == '-') {
		n = repeat_at(e, line + 1);
		if (n && line[0] == '+')
			entry_repeat_add(e, n, &first);
		else if (n)
			entry_repeat_remove(e, n);
		history_note(h);
	} else if (equals) {
		*equals = '\0';
		answer(e, line, equals + 1);
		history_note(h);
	}
	buf_fini(&place);
}

/* What was written down can be read into an empty form. */
static void read_back(struct entry *e)
{
	struct entry *other = entry_new(entry_form(e), &fixed);
	struct buf text = {0}, why = {0};

	entry_json(e, &text);
	require(entry_load(other, buf_str(&text), text.len, &why) == OK);
	look(other);
	entry_free(other);
	buf_fini(&text);
	buf_fini(&why);
}

static void run(const struct form *form, char *acts)
{
	struct entry *e = entry_new(form, &fixed);
	struct history *h = history_new(e);
	struct buf place = {0};
	char *line, *rest = acts;
	int count = 0;

	look(e);
	while (count++ < ACTS_MAX && (line = strtok_r(rest, "\n", &rest)) != NULL) {
		act(e, h, line);
		look(e);
	}
	read_back(e);
	while (history_can_undo(h))
		require(history_undo(h, &place) == OK);
	look(e);
	while (history_can_redo(h))
		require(history_redo(h, &place) == OK);
	look(e);
	buf_fini(&place);
	history_free(h);
	entry_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = mem_strndup((const char *)data, size);
	char *acts = strstr(text, "\n----\n");
	struct buf faults = {0};
	struct form *form = NULL;
	size_t len = acts ? (size_t)(acts - text) : strlen(text);
	enum err e = form_read_markdown(&form, text, len, &faults);

	require(e == OK || faults.len > 0);
	require(text_valid(buf_str(&faults), faults.len));
	if (e == OK && text_valid(text, strlen(text)))
		run(form, acts ? acts + 6 : text + len);
	form_free(form);
	buf_fini(&faults);
	free(text);
	return 0;
}
