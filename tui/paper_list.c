#include "tui/paper_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "tui/widget_pager.h"

enum {
	LABEL_COLS = 10
};

void paper_list_fini(struct paper_list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		free(l->rows[i].material);
		free(l->rows[i].name);
	}
	free(l->rows);
	*l = (struct paper_list){0};
}

static void add_row(void *arg, const struct paper *p)
{
	struct paper_list *l = arg;
	struct paper_row *r;

	l->rows = mem_resize(l->rows, l->count + 1, sizeof(*l->rows));
	r = &l->rows[l->count++];
	snprintf(r->sha256, sizeof(r->sha256), "%s", p->sha256);
	r->material = mem_strdup(p->material);
	r->name = mem_strdup(p->name);
	r->size = p->size;
}

void paper_list_read(struct paper_list *l, struct store *s, const char *case_id)
{
	paper_list_fini(l);
	if (*case_id)
		papers_each(s, case_id, add_row, l);
}

size_t paper_list_count(const struct paper_list *l, const char *material)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += strcmp(l->rows[i].material, material) == 0;
	return n;
}

void paper_list_show(const struct paper_list *l, const char *material, struct pager *p)
{
	struct buf b = {0};

	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->rows[i].material, material) != 0)
			continue;
		buf_clear(&b);
		buf_printf(&b, "%s  %lld KB", l->rows[i].name,
			(long long)((l->rows[i].size + 1023) / 1024));
		pager_pair(p, 2, LABEL_COLS, tr("扫描件"), buf_str(&b));
	}
	buf_fini(&b);
}
