#include "core/central/fault.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/msg.h"

static const char *const names[FAULT__MAX] = {
	[FAULT_DROP_ANSWER] = "drop-answer",
	[FAULT_DROP_REQUEST] = "drop-request",
	[FAULT_REFUSE] = "refuse",
};

static bool take_word(struct fault *f, const char *word, size_t len)
{
	char *end;
	int i;

	if (strncmp(word, "seed=", 5) == 0) {
		f->seed = strtoull(word + 5, &end, 10);
		return end == word + len;
	}
	for (i = 0; i < FAULT__MAX; i++) {
		size_t n = strlen(names[i]);
		if (len <= n + 1 || strncmp(word, names[i], n) != 0 || word[n] != '=')
			continue;
		f->percent[i] = (unsigned)strtoul(word + n + 1, &end, 10);
		if (*end == '%')
			end++;
		return end == word + len && f->percent[i] <= 100;
	}
	return false;
}

enum err fault_parse(struct fault *f, const char *spec, struct buf *why)
{
	while (*spec != '\0') {
		size_t len = strcspn(spec, ",");
		if (!take_word(f, spec, len)) {
			buf_why(why,
				tr("--fault 应写成 drop-answer=百分比,drop-request=百分比,"
				   "refuse=百分比,seed=数字; 看不懂 %s"),
				spec);
			return ERR_INVALID;
		}
		spec += len + (spec[len] == ',');
	}
	return OK;
}

/* splitmix64 */
static uint64_t draw(struct fault *f)
{
	uint64_t z = f->seed += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

bool fault_strikes(struct fault *f, enum fault_kind kind)
{
	return f->percent[kind] > 0 && draw(f) % 100 < f->percent[kind];
}
