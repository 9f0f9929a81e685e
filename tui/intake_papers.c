/* Scanned papers of an application: those of its materials, and the files that answer fields. */
#include "tui/intake_private.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/papers.h"

static enum err need_draft(struct intake *in, struct buf *why)
{
	enum err e = intake_save(in);

	if (e == OK && in->draft_id[0] == '\0')
		e = intake_begin_draft(in);
	if (e != OK)
		buf_why(why, tr("没有存进本机: %s"), err_text(e));
	return e;
}

enum err intake_attach(struct intake *in, const char *material, const char *path, struct buf *why)
{
	enum err e;

	if (checklist_find(&in->checklist, material) == NULL) {
		buf_why(why, tr("这种情形不要求材料 %s"), material);
		return ERR_INVALID;
	}
	e = need_draft(in, why);
	return e == OK ? paper_attach(in->store, in->draft_id, material, NULL, path, why) : e;
}

/* ---- files that answer fields ---- */

/* What is linked to one field. */
struct linked {
	const char *place, *name;
	char others[8][PAPER_HEX_SIZE]; /* of other names: answers that were changed */
	size_t other_count;
	bool found;
};

static void see_paper(void *arg, const struct paper *p)
{
	struct linked *l = arg;

	if (strcmp(p->field, l->place) != 0)
		return;
	if (strcmp(p->name, l->name) == 0)
		l->found = true;
	else if (l->other_count < sizeof l->others / sizeof l->others[0])
		memcpy(l->others[l->other_count++], p->sha256, PAPER_HEX_SIZE);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The answer is a path: its bytes are taken in, and the answer is the file's name from then on. */
static enum err take_file(struct intake *in, const char *place, const char *value, struct buf *why)
{
	struct linked l = {.place = place, .name = base_name(value)};
	enum err e = OK;
	size_t i;

	if (strchr(value, '/') == NULL)
		papers_each(in->store, in->draft_id, see_paper, &l);
	if (l.found)
		return OK;
	papers_each(in->store, in->draft_id, see_paper, &l);
	e = paper_attach(in->store, in->draft_id, NULL, place, value, why);
	for (i = 0; e == OK && i < l.other_count; i++)
		e = paper_detach(in->store, in->draft_id, NULL, place, l.others[i]);
	return e == OK ? entry_set_place(in->entry, place, l.name) : e;
}

enum err intake_take_files(struct intake *in, struct buf *why)
{
	const struct entry_line *lines;
	struct buf place = {0};
	size_t i;
	enum err e = OK;

	/* An answer changes, the lines do not: each step looks at them anew. */
	for (i = 0; e == OK && i < entry_lines(in->entry, &lines); i++) {
		char *value;
		if (lines[i].field->type != FIELD_FILE || lines[i].value[0] == '\0')
			continue;
		buf_clear(&place);
		entry_place(in->entry, lines[i].node, &place);
		value = mem_strdup(lines[i].value);
		e = take_file(in, place.data, value, why);
		free(value);
	}
	buf_fini(&place);
	return e == OK ? intake_save(in) : e;
}
