#include "tui/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"
#include "forms/entry.h"

void reasons_fini(struct kept_reasons *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->list[i].place);
		free(r->list[i].given);
		free(r->list[i].told);
	}
	free(r->list);
	*r = (struct kept_reasons){0};
}

static struct kept_reason *at(const struct kept_reasons *r, const char *place)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->list[i].place, place) == 0)
			return &r->list[i];
	return NULL;
}

static void put(char **out, const char *text)
{
	if (text == NULL)
		return;
	free(*out);
	*out = mem_strdup(text);
}

void reasons_put(struct kept_reasons *r, const char *place, const char *given, const char *told)
{
	struct kept_reason *one = at(r, place);

	if (one == NULL) {
		r->list = mem_resize(r->list, r->count + 1, sizeof *r->list);
		one = &r->list[r->count++];
		*one = (struct kept_reason){.place = mem_strdup(place)};
	}
	put(&one->given, given);
	put(&one->told, told);
}

static void take(void *arg, const char *place, const char *given, const char *told)
{
	reasons_put(arg, place, given, told);
}

void reasons_take(struct kept_reasons *r, struct entry *e)
{
	if (e != NULL)
		entry_each_reason(e, take, r);
}

static int differs(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0;
}

void reasons_changed(const struct kept_reasons *was, const struct kept_reasons *is,
	void (*each)(void *arg, const struct kept_reason *now), void *arg)
{
	for (size_t i = 0; i < is->count; i++) {
		const struct kept_reason *now = &is->list[i], *before = at(was, now->place);
		if (before == NULL || differs(before->given, now->given) ||
			differs(before->told, now->told))
			each(arg, now);
	}
	for (size_t i = 0; i < was->count; i++)
		if (at(is, was->list[i].place) == NULL)
			each(arg, &(struct kept_reason){.place = was->list[i].place});
}
