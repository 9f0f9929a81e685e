/* The clerk's own functions: documents, working days, money in words. An empty answer gives ''. */
#include <math.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/msg.h"
#include "core/domain/identifier.h"
#include "core/domain/money.h"
#include "core/domain/workday.h"
#include "forms/expr_number.h"
#include "forms/expr_time.h"
#include "forms/fn.h"

#define WORKDAYS_MAX 5000 /* twenty years: a longer term is a slip of the pen */

static enum err today(struct call *c, int32_t *day)
{
	struct local_time t;

	if (!time_local(c->run->env, clock_wall_ms(c->run->env->clock), &t))
		return run_refuse(c->run, tr("电脑的日期不对；请先校准时间"));
	*day = date_to_day((struct date){t.year, t.month, t.day});
	return OK;
}

/* Argument i as a local calendar day; *given false for ''. */
static enum err day_of(struct call *c, int i, bool *given, int32_t *day)
{
	struct value v, as_date;
	struct date d;
	enum err err = call_value(c, i, &v);

	if (err)
		return err;
	err = fn_date_of(c, &v, &as_date);
	value_fini(&v);
	if (err)
		return err;
	*given = as_date.as.string[0] != '\0';
	if (strlen(as_date.as.string) > 10)
		as_date.as.string[10] = '\0';
	if (*given && date_parse(as_date.as.string, &d))
		*day = date_to_day(d);
	value_fini(&as_date);
	return OK;
}

/* Checks the first argument as kind: a warning may be accepted, so it is no error here. */
static enum err check(
	struct call *c, enum identifier_kind kind, struct finding *f, enum verdict *verdict)
{
	struct str s;
	int32_t day;
	enum err err = today(c, &day);

	if (!err)
		err = call_string(c, 0, &s);
	if (err)
		return err;
	*verdict = s.s[0] ? identifier_check(kind, s.s, day, f) : VERDICT_ERROR;
	str_fini(&s);
	return OK;
}

/* KIND-valid(s) for every kind of identifier. */
enum err fn_clerk_valid(struct call *c, struct value *out)
{
	const char *name = c->run->e->nodes[c->at].fn->name;
	struct buf kind_name = {0};
	enum identifier_kind kind;
	struct finding f = {0};
	enum verdict verdict = VERDICT_ERROR;
	enum err err;

	buf_add(&kind_name, name, strlen(name) - strlen("-valid"));
	if (identifier_kind_by_name(kind_name.data, &kind))
		err = check(c, kind, &f, &verdict);
	else
		err = run_refuse(c->run, tr("没有 %s() 这个函数"), name);
	finding_fini(&f);
	buf_fini(&kind_name);
	return err ? err : put_boolean(out, verdict != VERDICT_ERROR);
}

/* The kind of a person's certificate, by the shape of its number: see identifier_person_type. */
enum err fn_clerk_person_type(struct call *c, struct value *out)
{
	struct str s;
	int32_t day;
	enum err err = today(c, &day);

	if (!err)
		err = call_string(c, 0, &s);
	if (err)
		return err;
	err = put_string(out, identifier_person_type(s.s, day));
	str_fini(&s);
	return err;
}

/* What the citizen's number in the first argument tells; *known false when it cannot be one. */
static enum err facts(struct call *c, bool *known, struct id_card_facts *out)
{
	struct finding f = {0};
	enum verdict verdict;
	enum err err = check(c, IDENTIFIER_ID_CARD, &f, &verdict);

	*known = !err && verdict != VERDICT_ERROR && id_card_facts(buf_str(&f.normalised), out);
	finding_fini(&f);
	return err;
}

enum err fn_clerk_birth(struct call *c, struct value *out)
{
	struct id_card_facts known;
	char text[DATE_SIZE];
	bool is;
	enum err err = facts(c, &is, &known);

	return err ? err : put_string(out, is ? date_format(known.birth, text) : "");
}

/* 1 male, 2 female (GB/T 2261.1). */
enum err fn_clerk_sex(struct call *c, struct value *out)
{
	struct id_card_facts known;
	bool is;
	enum err err = facts(c, &is, &known);

	return err ? err : put_string(out, !is ? "" : known.male ? "1" : "2");
}

enum err fn_clerk_region(struct call *c, struct value *out)
{
	struct id_card_facts known;
	bool is;
	enum err err = facts(c, &is, &known);

	return err ? err : put_string(out, is ? known.region : "");
}

/* age(birth) today; age(birth, day) on that day. Whole years. */
enum err fn_clerk_age(struct call *c, struct value *out)
{
	bool born = false, asked = true;
	int32_t birth = 0, day = 0;
	enum err err = day_of(c, 0, &born, &birth);

	if (!err)
		err = c->count > 1 ? day_of(c, 1, &asked, &day) : today(c, &day);
	if (err)
		return err;
	return put_number(
		out, born && asked ? (double)id_card_age(date_from_day(birth), day) : NAN);
}

/* rmb-words(yuan): rounded to fen. */
enum err fn_clerk_rmb_words(struct call *c, struct value *out)
{
	struct buf words = {0};
	double yuan;
	int64_t fen;
	enum err err = call_number(c, 0, &yuan);

	if (err || isnan(yuan))
		return err ? err : put_string(out, "");
	yuan = number_round(yuan, 2);
	/* from 10^13 yuan on, what a double is sure of has few digits behind the point or none */
	fen = fabs(yuan) >= 1e16  ? INT64_MAX
	      : fabs(yuan) > 1e13 ? (int64_t)nearbyint(yuan) * 100 +
					    (int64_t)llround((yuan - nearbyint(yuan)) * 100)
				  : (int64_t)llround(yuan * 100);
	if (number_unsure(yuan) || !money_words(fen, &words)) {
		buf_fini(&words);
		return run_refuse(c->run, tr("金额太大，写不成人民币大写；请检查是否多打了零"));
	}
	return put_buf(out, &words);
}

/* number-words(n): as it is said, 一百零一. */
enum err fn_clerk_number_words(struct call *c, struct value *out)
{
	struct buf words = {0}, decimal = {0};
	double n;
	enum err err = call_number(c, 0, &n);

	if (err || isnan(n))
		return err ? err : put_string(out, "");
	number_write(&decimal, n);
	if (!number_words(buf_str(&decimal), &words))
		err = run_refuse(c->run, tr("数太大，写不成中文；请检查是否多打了零"));
	buf_fini(&decimal);
	return err ? err : put_buf(out, &words);
}

static enum err put_day(struct call *c, int32_t day, struct value *out)
{
	struct date d = date_from_day(day);
	char text[DATE_SIZE];

	if (!date_valid(d))
		return run_refuse(c->run, tr("日期超出范围（公元 1 年到 9999 年）；请检查计算"));
	return put_string(out, date_format(d, text));
}

/* workday-add(day, n): the n-th working day strictly after it, before it when n is negative. */
enum err fn_clerk_workday_add(struct call *c, struct value *out)
{
	bool given = false;
	int32_t day = 0;
	double n;
	enum err err = day_of(c, 0, &given, &day);

	if (!err)
		err = call_number(c, 1, &n);
	if (err)
		return err;
	if (!given || isnan(n))
		return put_string(out, "");
	if (fabs(n) > WORKDAYS_MAX)
		return run_refuse(
			c->run, tr("workday-add() 的天数不能超过 %d；请检查"), WORKDAYS_MAX);
	return put_day(c, calendar_add(calendar_shipped(), day, (int)trunc(n)), out);
}

/* workday-count(from, to): working days between, both ends in. */
enum err fn_clerk_workday_count(struct call *c, struct value *out)
{
	bool from_given = false, to_given = false;
	int32_t from = 0, to = 0;
	enum err err = day_of(c, 0, &from_given, &from);

	if (!err)
		err = day_of(c, 1, &to_given, &to);
	if (err)
		return err;
	if (!from_given || !to_given)
		return put_number(out, NAN);
	if (from - to > WORKDAYS_MAX * 2 || to - from > WORKDAYS_MAX * 2)
		return run_refuse(c->run, tr("workday-count() 的两个日期相隔太远；请检查年份"));
	return put_number(out, calendar_count(calendar_shipped(), from, to));
}
