#include "core/domain/finding.h"

void finding_fini(struct finding *f)
{
	buf_fini(&f->normalised);
	buf_fini(&f->message);
	f->verdict = VERDICT_OK;
	f->rule = NULL;
}

void finding_clear(struct finding *f)
{
	buf_clear(&f->normalised);
	buf_clear(&f->message);
	f->verdict = VERDICT_OK;
	f->rule = NULL;
}

const char *verdict_name(enum verdict v)
{
	static const char *const names[] = {"ok", "info", "warning", "error"};

	return names[v];
}
