#include "core/station/promise.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/base/conf.h"
#include "core/domain/workday.h"
#include "core/station/matter.h"

static struct limit limit_of(int days, const char *type)
{
	return (struct limit){days, *type == 'Z' ? 'Z' : 'G'};
}

/* What the guide says, or, of a licence for which it says nothing, art 42. */
static struct limit legal_limit(const struct matter *m)
{
	struct limit said =
		limit_of(m->anticipate_day > 0 ? m->anticipate_day : -1, m->anticipate_type);

	if (said.days < 0 && strcmp(m->type, "01") == 0)
		return (struct limit){deadline_legal_workdays(false, false), 'G'};
	return said;
}

bool promise_due(const struct matter *m, int64_t from_ms, int closing_minute, struct deadline *out)
{
	const struct calendar *c = calendar_shipped();
	int32_t day = clock_day(from_ms);
	char time_of_day[8];

	if (m->promise_day == 0 || strcmp(m->project_type, "1") == 0) {
		clock_format(from_ms, "%H:%M", time_of_day, sizeof time_of_day);
		*out = deadline_instant(c, day, deadline_minute(time_of_day), closing_minute);
		return true;
	}
	return deadline_decide(
		c, day, limit_of(m->promise_day, m->promise_type), legal_limit(m), 0, out);
}

int promise_closing(const struct conf *c)
{
	return deadline_minute(conf_get(c, "hall.closing"));
}
