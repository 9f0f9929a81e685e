#include "tui/form_asked.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/mem.h"
#include "core/base/paths.h"
#include "core/station/catalogue.h"
#include "core/station/matter.h"

struct gathering {
	const struct form **forms;
	size_t count;
};

static void gather(void *arg, const struct matter *m)
{
	struct gathering *g = arg;
	const json *questions = json_get(m->doc, "situation");
	struct buf text = {0};
	struct form *f = NULL;

	json_write(&text, questions);
	if (json_count(questions) > 0 &&
		form_read_situation(&f, buf_str(&text), text.len, NULL) == OK) {
		g->forms = mem_resize(g->forms, g->count + 1, sizeof *g->forms);
		g->forms[g->count++] = f;
	}
	buf_fini(&text);
}

struct form_questions form_asked(const char *home, const char *form_id)
{
	char *path = paths_join(home, "catalogue.db");
	struct gathering g = {NULL, 0};
	struct catalogue *c = NULL;

	if (access(path, F_OK) == 0 &&
		catalogue_open(&c, path, clock_day(clock_wall_ms(&clock_system)), NULL) == OK) {
		catalogue_each_of_form(c, form_id, gather, &g);
		catalogue_close(c);
	}
	free(path);
	return (struct form_questions){g.forms, g.count};
}

void form_asked_free(struct form_questions *asked)
{
	for (size_t i = 0; i < asked->count; i++)
		form_free((struct form *)(uintptr_t)asked->forms[i]);
	free((void *)(uintptr_t)asked->forms);
	*asked = (struct form_questions){0};
}

void form_check_asked(struct form **form, const char *home, const char *path)
{
	struct form_questions asked = form_asked(home, (*form)->id);
	struct form *again = NULL;

	if (asked.count > 0 && form_read_asked(&again, path, &asked, NULL) == OK) {
		form_free(*form);
		*form = again;
	}
	form_asked_free(&asked);
}
