#include "core/central/recent.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/mem.h"

/* FNV-1a: the texts are short, and who chooses them gains no more than a place. */
static size_t place_of(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash % RECENT_PLACES;
}

bool recent_get(const struct recent *r, const char *name, int64_t now_ms, int64_t *value)
{
	const struct recent_place *p = &r->places[place_of(name)];

	if (p->name == NULL || strcmp(p->name, name) != 0 || now_ms >= p->until_ms)
		return false;
	*value = p->value;
	return true;
}

void recent_put(struct recent *r, const char *name, int64_t until_ms, int64_t value)
{
	struct recent_place *p = &r->places[place_of(name)];

	if (strlen(name) > RECENT_BYTES_MAX)
		return;
	free(p->name);
	*p = (struct recent_place){mem_strdup(name), value, until_ms};
}

void recent_forget(struct recent *r)
{
	size_t i;

	for (i = 0; i < RECENT_PLACES; i++) {
		free(r->places[i].name);
		r->places[i].name = NULL;
	}
}
