#include "core/station/reconcile_kept.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/base/mem.h"

void reconcile_keep(struct reconcile_kept *k, const struct reconcile_line *l)
{
	k->lines = mem_resize(k->lines, k->count + 1, sizeof *k->lines);
	k->lines[k->count++] = (struct reconcile_line){.kind = l->kind,
		.case_id = mem_strdup(l->case_id),
		.local_receipt = mem_strdup(l->local_receipt),
		.here = mem_strdup(l->here),
		.there = mem_strdup(l->there),
		.version_here = "",
		.version_there = ""};
}

void reconcile_kept_fini(struct reconcile_kept *k)
{
	while (k->count-- > 0) {
		const struct reconcile_line *l = &k->lines[k->count];
		free((char *)(uintptr_t)l->case_id);
		free((char *)(uintptr_t)l->local_receipt);
		free((char *)(uintptr_t)l->here);
		free((char *)(uintptr_t)l->there);
	}
	free(k->lines);
	*k = (struct reconcile_kept){NULL, 0};
}
