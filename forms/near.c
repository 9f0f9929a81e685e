#include "forms/near.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/base/text.h"

enum {
	NAME_MAX_CPS = 40,
	SHORT_NAME = 5,
	TINY_NAME = 2
};

/* A name as its letters, Latin ones in lower case. */
struct letters {
	uint32_t cps[NAME_MAX_CPS];
	size_t count;
	bool latin, digits;
};

/* false: too long to be looked at. */
static bool read_letters(const char *s, struct letters *out)
{
	size_t left = strlen(s);

	*out = (struct letters){.latin = true};
	while (left > 0) {
		uint32_t cp;
		size_t n = text_decode(s, left, &cp);
		if (out->count == NAME_MAX_CPS)
			return false;
		out->latin = out->latin && cp < 0x80;
		out->digits = out->digits || (cp >= '0' && cp <= '9');
		out->cps[out->count++] = cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
		s += n;
		left -= n;
	}
	return true;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t slips_between(const struct letters *a, const struct letters *b)
{
	size_t rows[NAME_MAX_CPS + 1][NAME_MAX_CPS + 1];
	const uint32_t *x = a->cps, *y = b->cps;

	for (size_t i = 0; i <= a->count; i++)
		for (size_t k = 0; k <= b->count; k++) {
			if (i == 0 || k == 0) {
				rows[i][k] = i + k;
				continue;
			}
			rows[i][k] = least(rows[i - 1][k - 1] + (x[i - 1] != y[k - 1]),
				least(rows[i - 1][k], rows[i][k - 1]) + 1);
			if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
				rows[i][k] = least(rows[i][k], rows[i - 2][k - 2] + 1);
		}
	return rows[a->count][b->count];
}

static size_t slips_allowed(const struct letters *a, const struct letters *b)
{
	size_t count = b->count;

	if (a->digits || b->digits || count < TINY_NAME || (b->latin && count == TINY_NAME))
		return 0;
	return count <= SHORT_NAME ? 1 : 2;
}

void near_try(struct near *n, const char *known)
{
	struct letters a, b;
	size_t slips;

	if (!read_letters(n->written, &a) || !read_letters(known, &b) || a.count > b.count + 2 ||
		b.count > a.count + 2)
		return;
	slips = slips_between(&a, &b);
	if (slips > slips_allowed(&a, &b) || (n->best != NULL && slips >= n->fewest))
		return;
	n->best = known;
	n->fewest = slips;
}

const char *near_of(const char *written, const char *const *known)
{
	struct near n = {written, NULL, 0};

	for (; *known != NULL; known++)
		near_try(&n, *known);
	return n.best;
}
