#include "tests/unit/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "forms/instance.h"
#include "tui/intake.h"

static void import_file(struct desk *d, const char *path)
{
	struct buf why = {0};
	FILE *in = fopen(path, "r");
	struct catalogue_result result;
	const struct catalogue_import how = {.source = path, .now_ms = d->w.wall_ms};

	assert_non_null(in);
	if (catalogue_import(d->catalogue, in, &how, &result, &why) != OK)
		fail_msg("%s", buf_str(&why));
	fclose(in);
	buf_fini(&why);
}

void desk_add_matter(struct desk *d, const char *line)
{
	char *path = paths_join(d->w.folder, "more.jsonl");

	if (paths_replace(path, line, strlen(line)) != OK)
		fail_msg("%s", path);
	import_file(d, path);
	free(path);
}

int desk_make(void **state)
{
	struct desk *d = calloc(1, sizeof *d);
	char *path;

	world_open(&d->w, 4);
	path = paths_join(d->w.folder, "catalogue.db");
	if (catalogue_open(&d->catalogue, path, clock_day(d->w.wall_ms), NULL) != OK)
		return 1;
	free(path);
	import_file(d, "data/demo/matters.jsonl");
	*state = d;
	return 0;
}

int desk_drop(void **state)
{
	struct desk *d = *state;

	catalogue_close(d->catalogue);
	world_close(&d->w);
	free(d);
	return 0;
}

struct wanted {
	const char *name;
	char code[64];
};

static bool see_matter(void *arg, const struct catalogue_row *m)
{
	struct wanted *w = arg;

	if (strcmp(m->name, w->name) == 0)
		snprintf(w->code, sizeof w->code, "%s", m->code);
	return true;
}

const char *desk_code_of(struct desk *d, const char *name)
{
	static struct wanted w;

	w = (struct wanted){name, ""};
	catalogue_each(d->catalogue, see_matter, &w);
	if (!w.code[0])
		fail_msg("no matter %s", name);
	return w.code;
}

struct intake *desk_begin(struct desk *d, const char *name)
{
	struct buf why = {0};
	struct intake *in = NULL;

	if (intake_open(&in, d->catalogue, d->w.store, desk_code_of(d, name), "0317", "03", &why) !=
		OK)
		fail_msg("%s: %s", name, buf_str(&why));
	buf_fini(&why);
	return in;
}

struct intake *desk_resume(struct desk *d, const char *draft_id)
{
	struct buf why = {0};
	struct intake *in = NULL;

	if (intake_resume(&in, d->catalogue, d->w.store, draft_id, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&why);
	return in;
}

void desk_submit(struct intake *in, char receipt[LOCAL_RECEIPT_SIZE])
{
	struct buf why = {0};
	char own[LOCAL_RECEIPT_SIZE] = "";

	if (intake_submit(in, "station-1", receipt != NULL ? receipt : own, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&why);
}

struct intake *desk_correct(struct desk *d, const char *any_number)
{
	struct buf why = {0};
	char id[ID_UUID_SIZE];

	if (intake_begin_correction(d->w.store, any_number, "0317", id, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&why);
	return desk_resume(d, id);
}

void desk_answer(struct entry *e, const char *place, const char *value)
{
	if (entry_set_place(e, place, value) != OK)
		fail_msg("%s takes nothing", place);
}

const char *desk_value(struct intake *in, const char *place)
{
	const struct node *n = entry_find(in->entry, place);

	return n && n->value ? n->value : "(none)";
}
