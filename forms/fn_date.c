/* Functions of dates and times. A text that is no date is refused: it never reaches a form. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/msg.h"
#include "forms/expr_time.h"
#include "forms/fn.h"

/* What a date function is given, as a moment; or nothing (''), which stays nothing. */
struct moment {
	bool given;
	int64_t utc_ms;
};

static enum err out_of_range(struct call *c)
{
	return run_refuse(c->run, tr("日期超出范围（公元 1 年到 9999 年）；请检查计算"));
}

static enum err from_days(struct call *c, double days, struct moment *out)
{
	out->given = !isnan(days);
	if (!out->given)
		return OK;
	if (fabs(days) > 4e6)
		return out_of_range(c);
	out->utc_ms = (int64_t)floor(days * TIME_DAY_MS + 0.5);
	return OK;
}

/* 1970-1-2 as 1970-01-02. */
static bool read_unpadded(const struct expr_env *env, const char *s, int64_t *utc_ms)
{
	char padded[64];
	int year, month, day, used = 0;

	if (sscanf(s, "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used == 0 || year < 0 ||
		month < 0 || day < 0 || strlen(s) > 40 || strspn(s, "0123456789") != 4)
		return false;
	if (s[used] && s[used] != 'T')
		return false;
	snprintf(padded, sizeof padded, "%04d-%02d-%02d%s", year, month, day, s + used);
	return time_read(env, padded, utc_ms);
}

static enum err from_text(struct call *c, const char *s, struct moment *out)
{
	out->given = s[0] != '\0';
	if (!out->given || time_read(c->run->env, s, &out->utc_ms) ||
		read_unpadded(c->run->env, s, &out->utc_ms))
		return OK;
	return run_refuse(c->run, tr("“%.*s”不是日期；请写成 2026-01-31，或 2026-01-31T09:30:00"),
		shown_bytes(s), s);
}

static enum err moment_from(struct call *c, const struct value *v, struct moment *out)
{
	struct str s;
	enum err err = OK;

	out->given = false;
	switch (v->type) {
	case VALUE_NUMBER:
		return from_days(c, v->as.number, out);
	case VALUE_BOOLEAN:
		break;
	case VALUE_STRING:
		return from_text(c, v->as.string, out);
	case VALUE_NODES:
		if (v->as.set.count == 0)
			break;
		node_str(v->as.set.nodes[0], &s);
		err = from_text(c, s.s, out);
		str_fini(&s);
		break;
	}
	return err;
}

static enum err moment_of(struct call *c, int i, struct moment *out)
{
	struct value v;
	enum err err = call_value(c, i, &v);

	if (err)
		return err;
	err = moment_from(c, &v, out);
	value_fini(&v);
	return err;
}

static enum err put_moment(struct call *c, int64_t utc_ms, bool short_day, struct value *out)
{
	struct local_time t;
	struct buf b = {0};

	if (!time_local(c->run->env, utc_ms, &t))
		return out_of_range(c);
	time_write(&t, short_day, &b);
	return put_buf(out, &b);
}

enum err fn_date_today(struct call *c, struct value *out)
{
	struct local_time t;
	struct buf b = {0};

	if (!time_local(c->run->env, clock_wall_ms(c->run->env->clock), &t))
		return out_of_range(c);
	t.hour = t.minute = t.second = t.ms = 0;
	time_write(&t, true, &b);
	return put_buf(out, &b);
}

enum err fn_date_now(struct call *c, struct value *out)
{
	return put_moment(c, clock_wall_ms(c->run->env->clock), false, out);
}

enum err fn_date_of(struct call *c, const struct value *v, struct value *out)
{
	struct moment m;
	enum err err = moment_from(c, v, &m);

	if (err)
		return err;
	return m.given ? put_moment(c, m.utc_ms, true, out) : put_string(out, "");
}

enum err fn_date_date(struct call *c, struct value *out)
{
	struct value v;
	enum err err = call_value(c, 0, &v);

	if (err)
		return err;
	err = fn_date_of(c, &v, out);
	value_fini(&v);
	return err;
}

enum err fn_date_decimal(struct call *c, struct value *out)
{
	struct moment m;
	enum err err = moment_of(c, 0, &m);

	if (err)
		return err;
	return put_number(out, m.given ? (double)m.utc_ms / TIME_DAY_MS : NAN);
}

/* A time alone, or the time of a date with one. */
enum err fn_date_decimal_time(struct call *c, struct value *out)
{
	struct str s;
	struct local_time t;
	int64_t utc_ms;
	double fraction = NAN;
	enum err err = call_string(c, 0, &s);

	if (err)
		return err;
	if (!time_read_clock(c->run->env, s.s, &fraction) && time_read(c->run->env, s.s, &utc_ms) &&
		time_local(c->run->env, utc_ms, &t))
		fraction =
			(((t.hour * 60 + t.minute) * 60 + t.second) * 1000.0 + t.ms) / TIME_DAY_MS;
	str_fini(&s);
	return put_number(out, fraction);
}

/* %b and %a are English, as the ODK suites have them; Chinese forms write %n and %e. */
static void format_one(const struct local_time *t, char what, struct buf *out)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

	switch (what) {
	case 'Y':
		buf_printf(out, "%04d", t->year);
		break;
	case 'y':
		buf_printf(out, "%02d", t->year % 100);
		break;
	case 'm':
		buf_printf(out, "%02d", t->month);
		break;
	case 'n':
		buf_printf(out, "%d", t->month);
		break;
	case 'b':
		buf_adds(out, months[t->month - 1]);
		break;
	case 'd':
		buf_printf(out, "%02d", t->day);
		break;
	case 'e':
		buf_printf(out, "%d", t->day);
		break;
	case 'a':
		buf_adds(out, days[t->weekday]);
		break;
	case 'H':
		buf_printf(out, "%02d", t->hour);
		break;
	case 'h':
		buf_printf(out, "%d", t->hour);
		break;
	case 'M':
		buf_printf(out, "%02d", t->minute);
		break;
	case 'S':
		buf_printf(out, "%02d", t->second);
		break;
	case '3':
		buf_printf(out, "%03d", t->ms);
		break;
	default:
		buf_addc(out, '%');
		buf_addc(out, what);
	}
}

static void format(const struct local_time *t, const char *pattern, struct buf *out)
{
	for (const char *p = pattern; *p; p++) {
		if (*p == '%' && p[1])
			format_one(t, *++p, out);
		else
			buf_addc(out, *p);
	}
}

/* What is no date is formatted as nothing. */
static enum err moment_or_nothing(struct call *c, struct moment *out)
{
	struct str s;
	enum err err = call_string(c, 0, &s);
	struct value v;

	if (err)
		return err;
	out->given = time_read(c->run->env, s.s, &out->utc_ms) ||
		     read_unpadded(c->run->env, s.s, &out->utc_ms);
	str_fini(&s);
	if (out->given)
		return OK;
	err = call_value(c, 0, &v);
	if (err)
		return err;
	if (v.type == VALUE_NUMBER)
		err = from_days(c, v.as.number, out);
	value_fini(&v);
	return err;
}

enum err fn_date_format(struct call *c, struct value *out)
{
	struct moment m;
	struct local_time t;
	struct str pattern;
	struct buf b = {0};
	enum err err = moment_or_nothing(c, &m);

	if (err || !m.given)
		return err ? err : put_string(out, "");
	if (!time_local(c->run->env, m.utc_ms, &t))
		return out_of_range(c);
	err = call_string(c, 1, &pattern);
	if (err)
		return err;
	format(&t, pattern.s, &b);
	str_fini(&pattern);
	return put_buf(out, &b);
}
