/* What the parameters of a range mean together: steps and marks that must lie on the same ladder.
 */
#include "forms/form_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/msg.h"

struct ladder {
	double start, end, step;
	double tick, placeholder; /* NAN: not said */
	const struct choice_list *labels;
};

static double width(const struct ladder *l)
{
	return fabs(l->end - l->start);
}

/* Steps are decimals: 0.3 is three times 0.1. */
static bool is_multiple(double n, double of)
{
	return fabs(n / of - nearbyint(n / of)) < 1e-9;
}

static bool within(const struct ladder *l, double n)
{
	return n >= fmin(l->start, l->end) && n <= fmax(l->start, l->end);
}

static void read_ladder(struct builder *b, const char *cell, struct ladder *l)
{
	struct buf name = {0}, value = {0};

	*l = (struct ladder){1, 10, 1, NAN, NAN, NULL};
	while (parameters_next(&cell, &name, &value)) {
		double number = strtod(buf_str(&value), NULL);
		if (strcasecmp(buf_str(&name), "start") == 0)
			l->start = number;
		else if (strcasecmp(buf_str(&name), "end") == 0)
			l->end = number;
		else if (strcasecmp(buf_str(&name), "step") == 0)
			l->step = number;
		else if (strcasecmp(buf_str(&name), "tick_interval") == 0)
			l->tick = number;
		else if (strcasecmp(buf_str(&name), "placeholder") == 0)
			l->placeholder = number;
		else if (strcasecmp(buf_str(&name), "tick_labelset") == 0)
			l->labels = form_list(b->form, buf_str(&value));
	}
	buf_fini(&name);
	buf_fini(&value);
}

static bool check_step(
	struct builder *b, int at, const struct ladder *l, const char *name, double n)
{
	if (n == 0)
		builder_fault(b, at, tr("range 的 %s 不能是 0"), name);
	else if (n > width(l))
		builder_fault(b, at, tr("range 的 %s 不能大过 start 到 end 的距离"), name);
	else
		return true;
	return false;
}

static void check_marks(struct builder *b, int at, const struct ladder *l)
{
	if (!isnan(l->tick) && check_step(b, at, l, "tick_interval", l->tick) &&
		!is_multiple(l->tick, l->step))
		builder_fault(b, at, tr("range 的 tick_interval 要是 step 的整倍数"));
	if (isnan(l->placeholder))
		return;
	if (!within(l, l->placeholder))
		builder_fault(b, at, tr("range 的 placeholder 要在 start 和 end 之间"));
	else if (!is_multiple(l->placeholder - l->start, l->step))
		builder_fault(
			b, at, tr("range 的 placeholder 要落在从 start 起每次加 step 的数上"));
}

/* The words beside the ladder: each stands at a number of it, at its two ends alone when it is
 * drawn without ticks. */
static void check_labels(struct builder *b, int at, const struct ladder *l, bool ends_only)
{
	bool start = false, end = false;
	double rung = isnan(l->tick) ? l->step : l->tick;

	for (size_t i = 0; i < l->labels->count; i++) {
		const char *name = l->labels->choices[i].name;
		double n = is_decimal(name) ? strtod(name, NULL) : NAN;
		const char *why = NULL;

		start = start || n == l->start;
		end = end || n == l->end;
		if (isnan(n))
			why = tr("要是数");
		else if (!within(l, n))
			why = tr("要在 start 和 end 之间");
		else if (!is_multiple(n - l->start, rung))
			why = tr("不在刻度上");
		else if (ends_only && n != l->start && n != l->end)
			why = tr("要是 start 或 end（no-ticks 只写两头）");
		if (why != NULL) {
			builder_fault(b, at, tr("tick_labelset 的选项 %s %s"), name, why);
			return;
		}
	}
	if (ends_only && !(start && end))
		builder_fault(b, at, tr("no-ticks 的 tick_labelset 要有 start 和 end 两个选项"));
}

static bool shows_marks(const char *appearance)
{
	return appearance[0] == '\0' || strstr(appearance, "vertical") != NULL ||
	       strstr(appearance, "no-ticks") != NULL;
}

void read_range(struct builder *b, struct field *f)
{
	struct ladder l;
	int at = 0;
	const char *cell = builder_cell(b, COL_PARAMETERS, &at);

	read_ladder(b, cell, &l);
	f->range_start = l.start;
	f->range_end = l.end;
	f->range_step = l.step;
	if (!shows_marks(f->appearance) &&
		(!isnan(l.tick) || !isnan(l.placeholder) || l.labels != NULL)) {
		builder_fault(b, at,
			tr("tick_interval、placeholder、tick_labelset 只能配 appearance "
			   "vertical 或 no-ticks"));
		return;
	}
	if (l.start > l.end)
		builder_doubt(b, at,
			tr("%s 的 range 从 start %g 到 end %g 是从大到小: 若写反了, 请把两个数换过来"),
			f->name, l.start, l.end);
	if (!check_step(b, at, &l, "step", l.step))
		return;
	check_marks(b, at, &l);
	if (l.labels != NULL)
		check_labels(b, at, &l, strstr(f->appearance, "no-ticks") != NULL);
}
