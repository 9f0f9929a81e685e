#include "core/central/form_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/central/problem.h"
#include "forms/entry.h"
#include "forms/form_library.h"
#include "forms/instance.h"

enum {
	FORMS_MAX = 512,
	ID_BYTES_MAX = 64
};

struct known_form {
	struct known_form *next;
	struct form *form;
};

struct form_rules {
	struct known_form *first; /* last used first */
	int count;
};

struct form_rules *form_rules_new(void)
{
	return mem_alloc(sizeof(struct form_rules));
}

void form_rules_free(struct form_rules *r)
{
	struct known_form *k;

	if (r == NULL)
		return;
	while ((k = r->first) != NULL) {
		r->first = k->next;
		form_free(k->form);
		free(k);
	}
	free(r);
}

/* ---- which form ---- */

/* A name of a folder and nothing else. */
static bool is_id(const char *id)
{
	size_t len = id != NULL ? strlen(id) : 0;

	return len > 0 && len <= ID_BYTES_MAX &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

static const struct form *read_form(struct form_rules *r, const char *id)
{
	struct known_form *k;
	struct form *form;
	struct buf faults = {0};
	enum err e = r->count < FORMS_MAX ? form_library_read(&form, NULL, id, &faults) : ERR_FULL;

	if (e == ERR_INVALID)
		log_error("forms", "the shipped form %s has faults: %s", id, buf_str(&faults));
	buf_fini(&faults);
	if (e != OK)
		return NULL;
	k = mem_alloc(sizeof *k);
	k->form = form;
	k->next = r->first;
	r->first = k;
	r->count++;
	return form;
}

static const struct form *find_form(struct form_rules *r, const char *id)
{
	struct known_form **at, *k;

	for (at = &r->first; (k = *at) != NULL; at = &k->next) {
		if (strcmp(k->form->id, id) != 0)
			continue;
		*at = k->next;
		k->next = r->first;
		r->first = k;
		return k->form;
	}
	return read_form(r, id);
}

static const struct form *form_of(struct form_rules *r, const json *letter)
{
	const char *id = json_get_str(letter, "form_id");
	const char *version = json_get_str(letter, "form_version");
	const struct form *f;

	if (!is_id(id) || version == NULL)
		return NULL;
	f = find_form(r, id);
	return f != NULL && strcmp(f->id, id) == 0 && strcmp(f->version, version) == 0 ? f : NULL;
}

/* ---- at what time ---- */

/* Seconds east of UTC that an RFC 3339 time names at its end. */
static long zone_of(const char *iso)
{
	size_t len = strlen(iso);
	int h, m;
	char sign;

	if (len < 6 || sscanf(iso + len - 6, "%c%2d:%2d", &sign, &h, &m) != 3 ||
		(sign != '+' && sign != '-'))
		return 0;
	return (sign == '-' ? -1 : 1) * (h * 3600l + m * 60l);
}

/* The moment at which the rules' "today" is the day that the window had on its calendar, wherever
 * the centre stands. */
static int64_t moment_of(const json *letter, int64_t received_ms)
{
	const char *iso = json_get_str(letter, "submitted_at");
	int64_t ms;
	time_t seconds;
	struct tm here;

	if (iso == NULL || !clock_parse_iso(iso, &ms))
		return received_ms;
	seconds = (time_t)(ms / 1000);
	localtime_r(&seconds, &here);
	return ms + (zone_of(iso) - here.tm_gmtoff) * 1000;
}

static int64_t fixed_ms(void *arg)
{
	return *(int64_t *)arg;
}

/* ---- places ---- */

/* "members[2]/member_id" as "/answers/members/1/member_id". */
static void put_pointer(struct buf *out, const char *place)
{
	struct buf name = {0};
	char *end;

	buf_adds(out, "/answers");
	while (*place != '\0') {
		size_t len = strcspn(place, "[/");
		buf_clear(&name);
		buf_add(&name, place, len);
		problem_pointer(out, buf_str(&name));
		place += len;
		if (*place == '[') {
			buf_printf(out, "/%lu", strtoul(place + 1, &end, 10) - 1);
			place = end + 1;
		}
		place += *place == '/';
	}
	buf_fini(&name);
}

/* The answer at a place, in the letter as it came; NULL: left out. */
static const json *answer_at(const json *answers, const char *place)
{
	struct buf name = {0};
	const json *v = answers;
	char *end;

	while (v != NULL && *place != '\0') {
		size_t len = strcspn(place, "[/");
		buf_clear(&name);
		buf_add(&name, place, len);
		v = json_get(v, buf_str(&name));
		place += len;
		if (*place == '[') {
			unsigned long i = strtoul(place + 1, &end, 10);
			for (v = json_first(v); v != NULL && i > 1; i--)
				v = json_next(v);
			place = end + 1;
		}
		place += *place == '/';
	}
	buf_fini(&name);
	return v;
}

/* ---- the check ---- */

/* An answer that was taken out at the window is left out of the letter; it does not come back as
 * the form's default. */
static void empty_defaults(struct entry *e, const json *answers)
{
	const struct entry_line *lines;
	struct buf place = {0};
	size_t count = entry_lines(e, &lines), i;

	for (i = 0; i < count; i++) {
		const struct field *f = lines[i].field;
		if (!form_asks(f) || lines[i].value == NULL || lines[i].value[0] == '\0' ||
			(f->default_text == NULL && f->dynamic_default == NULL))
			continue;
		buf_clear(&place);
		entry_place(e, lines[i].node, &place);
		if (answer_at(answers, buf_str(&place)) != NULL)
			continue;
		entry_set(e, lines[i].node, "");
		count = entry_lines(e, &lines); /* what depends on it may have gone */
	}
	buf_fini(&place);
}

static void tell(struct entry *e, struct problem *p)
{
	const struct entry_fault *faults;
	struct buf place = {0}, pointer = {0};
	size_t count = entry_check(e, &faults), i;

	for (i = 0; i < count; i++) {
		buf_clear(&place);
		buf_clear(&pointer);
		entry_place(e, faults[i].node, &place);
		put_pointer(&pointer, buf_str(&place));
		problem_at(p, pointer.data, faults[i].rule != NULL ? faults[i].rule : "required",
			"%s", faults[i].message);
	}
	buf_fini(&place);
	buf_fini(&pointer);
}

void form_rules_check(
	struct form_rules *r, const json *letter, int64_t received_ms, struct problem *p)
{
	int64_t moment_ms = moment_of(letter, received_ms);
	const struct clock clock = {fixed_ms, fixed_ms, &moment_ms};
	const struct form *form = form_of(r, letter);
	const json *answers = json_get(letter, "answers");
	struct entry *e;

	if (form == NULL || json_type(answers) != JSON_OBJECT)
		return;
	e = entry_new(form, &clock);
	if (json_get_str(letter, "case_id") != NULL)
		entry_identify(e, json_get_str(letter, "case_id"));
	entry_load_object(e, answers, NULL);
	empty_defaults(e, answers);
	entry_load_accepted(e, json_get(letter, "accepted_warnings"));
	tell(e, p);
	entry_free(e);
}

const char *form_rules_label(struct form_rules *r, const json *letter, const char *place)
{
	const struct form *form = form_of(r, letter);
	const char *slash = place != NULL ? strrchr(place, '/') : NULL;
	const char *name = slash != NULL ? slash + 1 : place;

	for (size_t i = 0; form != NULL && name != NULL && i < form->count; i++)
		if (strcmp(form->fields[i].name, name) == 0)
			return field_label(&form->fields[i]);
	return NULL;
}
