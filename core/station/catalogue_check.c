#include "core/station/catalogue_check.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/station/intern.h"
#include "core/station/matter.h"

static const struct {
	const char *name, *text;
} rules[QUALITY_RULE__MAX] = {
	[QUALITY_LINE] = {"line", N_("每行是一个事项, 有编码和名称")},
	[QUALITY_PROMISE] = {"promise", N_("承诺时限不长于法定时限")},
	[QUALITY_INSTANT] = {"instant", N_("即办件当场或当日办结, 反之亦然")},
	[QUALITY_LIMIT] = {"limit", N_("法定和承诺时限都写明, 带单位")},
	[QUALITY_RESULT] = {"result", N_("结果是证照的, 以证照办结; 结果有名称")},
	[QUALITY_FEE] = {"fee", N_("收费的写明依据和标准")},
	[QUALITY_MATERIAL] = {"material", N_("每份材料写明受理标准和来源")},
	[QUALITY_PHONE] = {"phone", N_("咨询和监督电话有效")},
	[QUALITY_CODE] = {"code", N_("编码与部门、层级、基本编码一致")},
	[QUALITY_SITUATION] = {"situation", N_("情形问题有选项, 且有材料用到")},
	[QUALITY_RELEVANT] = {"relevant", N_("材料和问题的条件, 都有人答得出")},
	[QUALITY_DATE] = {"date", N_("日期存在, 取消不早于生效")},
	[QUALITY_NAME] = {"name", N_("同一部门同一名称只有一个基本编码")},
	[QUALITY_VERSION] = {"version", N_("同一编码不重复, 版本不倒退")},
};

const char *quality_rule_text(enum quality_rule r)
{
	return tr(rules[r].text);
}

const char *quality_rule_name(enum quality_rule r)
{
	return rules[r].name;
}

struct check {
	const struct matter *m;
	int64_t line;
	quality_fault *each;
	void *arg;
};

static void __attribute__((format(printf, 3, 4)))
fault(const struct check *c, enum quality_rule rule, const char *fmt, ...)
{
	struct buf b = {0};
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	c->each(c->arg, c->line, rule, c->m->dept_name, c->m->code, c->m->name, buf_str(&b));
	buf_fini(&b);
}

/* Days as working days: a calendar day is about five sevenths of one. */
static double in_working_days(int days, const char *type)
{
	return strcmp(type, "Z") == 0 ? days * 5.0 / 7.0 : days;
}

static void check_limits(const struct check *c)
{
	const struct matter *m = c->m;
	bool instant = strcmp(m->project_type, "1") == 0;
	if (m->promise_day < 0)
		fault(c, QUALITY_LIMIT, "%s", tr("没有承诺时限"));
	if (m->anticipate_day < 0 && !*m->anticipate_explain)
		fault(c, QUALITY_LIMIT, "%s", tr("没有法定时限, 也没有说明"));
	if (m->promise_day > 0 && !*m->promise_type)
		fault(c, QUALITY_LIMIT, "%s", tr("承诺时限没有单位 (G 工作日 或 Z 自然日)"));
	if (m->promise_day >= 0 && m->anticipate_day > 0 &&
		in_working_days(m->promise_day, m->promise_type) >
			in_working_days(m->anticipate_day, m->anticipate_type) + 1e-9)
		fault(c, QUALITY_PROMISE, tr("承诺 %d 天, 法定只有 %d 天"), m->promise_day,
			m->anticipate_day);
	if (instant && m->promise_day > 1)
		fault(c, QUALITY_INSTANT, tr("即办件却承诺 %d 天"), m->promise_day);
	if (!instant && *m->project_type && m->promise_day == 0)
		fault(c, QUALITY_INSTANT, "%s", tr("承诺当场办结, 却不是即办件"));
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && strcmp(s + n - m, end) == 0;
}

/* A 凭证 only says that something was done. */
static bool sounds_like_a_certificate(const char *name)
{
	return (ends_with(name, "证") && !ends_with(name, "凭证")) || ends_with(name, "证书") ||
	       ends_with(name, "执照");
}

static void check_result(const struct check *c)
{
	const struct matter *m = c->m;
	bool named = *m->result_name != '\0', certificate = strcmp(m->result_type, "10") == 0;
	if (*m->result_type && !certificate && sounds_like_a_certificate(m->result_name))
		fault(c, QUALITY_RESULT, tr("结果是 %s, 结果类型却不是证照"), m->result_name);
	if (certificate && !named)
		fault(c, QUALITY_RESULT, "%s", tr("结果是证照, 没有写是什么证照"));
}

static void check_fees(const struct check *c)
{
	const struct matter *m = c->m;
	if (m->is_fee == 1 && m->fee_count == 0)
		fault(c, QUALITY_FEE, "%s", tr("收费, 没有收费项目和标准"));
	if (m->is_fee == 0 && m->fee_count > 0)
		fault(c, QUALITY_FEE, "%s", tr("写的不收费, 却列了收费项目"));
	for (size_t i = 0; i < m->fee_count; i++) {
		const struct matter_fee *f = &m->fees[i];
		if (!*f->stand)
			fault(c, QUALITY_FEE, tr("收费项目 %s 没有标准"), f->name);
		if (!*f->by_law && !*m->fee_basis)
			fault(c, QUALITY_FEE, tr("收费项目 %s 没有依据"), f->name);
	}
}

static void check_materials(const struct check *c)
{
	for (size_t i = 0; i < c->m->material_count; i++) {
		const struct matter_material *t = &c->m->materials[i];
		if (!*t->name)
			fault(c, QUALITY_MATERIAL, tr("第 %zu 份材料没有名称"), i + 1);
		if (!*t->accept_stand && !t->exempt)
			fault(c, QUALITY_MATERIAL, tr("材料 %s 没有受理标准"), t->name);
		if (!*t->source)
			fault(c, QUALITY_MATERIAL, tr("材料 %s 没有来源"), t->name);
	}
}

/* 110, 12345, mobile, (area-) landline with extension; several may be named in one text. */
static bool has_phone(const char *s)
{
	for (; *s; s++) {
		size_t digits = 0;
		if (*s < '0' || *s > '9')
			continue;
		bool hyphens = true;
		size_t run = 0;
		const char *p = s;
		for (; (*p >= '0' && *p <= '9') || (hyphens && (*p == '-' || *p == ' ')); p++) {
			bool digit = *p >= '0' && *p <= '9';
			digits += digit;
			run = digit ? run + 1 : 0;
		}
		if ((digits >= 7 && digits <= 17) || digits == 5 || (digits == 3 && *s == '1'))
			return true;
		s = p - 1;
	}
	return false;
}

static void check_phones(const struct check *c)
{
	const struct matter *m = c->m;
	const struct {
		const char *what, *value;
	} phones[] = {{N_("咨询电话"), m->link_way}, {N_("监督电话"), m->supervise_way}};
	for (size_t i = 0; i < 2; i++) {
		if (!*phones[i].value)
			fault(c, QUALITY_PHONE, tr("没有%s"), tr(phones[i].what));
		else if (!has_phone(phones[i].value))
			fault(c, QUALITY_PHONE, tr("%s里没有能拨通的号码: %s"), tr(phones[i].what),
				phones[i].value);
	}
}

/* Only the national form is checked; dialects are opaque. */
static void check_code(const struct check *c)
{
	const struct matter *m = c->m;
	size_t n = strlen(m->code);
	if ((n != 31 && n != 33) || strchr(m->code, '-'))
		return;
	if (strlen(m->dept_code) == 18 && strncmp(m->code, m->dept_code, 18) != 0)
		fault(c, QUALITY_CODE, tr("编码的前 18 位不是部门代码 %s"), m->dept_code);
	if (strlen(m->dept_code) == 9 && strncmp(m->code + 8, m->dept_code, 9) != 0)
		fault(c, QUALITY_CODE, tr("编码里的组织机构代码不是 %s"), m->dept_code);
	if (*m->level && m->code[18] != m->level[0])
		fault(c, QUALITY_CODE, tr("编码第 19 位是 %c, 行使层级是 %s"), m->code[18],
			m->level);
	if (strlen(m->catalog_code) == 12 && strncmp(m->code + 19, m->catalog_code, 12) != 0)
		fault(c, QUALITY_CODE, tr("编码里没有基本编码 %s"), m->catalog_code);
	if (strlen(m->type) == 2 && strlen(m->catalog_code) == 12 &&
		strncmp(m->catalog_code + 2, m->type, 2) != 0)
		fault(c, QUALITY_CODE, tr("基本编码里的类型是 %.2s, 事项类型是 %s"),
			m->catalog_code + 2, m->type);
}

static bool asks(const struct matter *m, const char *name)
{
	struct buf variable = {0};
	bool found = false;
	buf_printf(&variable, "${%s}", name);
	for (size_t i = 0; i < m->material_count && !found; i++)
		found = strstr(m->materials[i].relevant, buf_str(&variable)) != NULL;
	for (size_t i = 0; i < m->situation_count && !found; i++)
		found = strstr(m->situation[i].relevant, buf_str(&variable)) != NULL;
	buf_fini(&variable);
	return found;
}

static void check_situation(const struct check *c)
{
	const struct matter *m = c->m;
	if (m->bundle_count > 0) /* its members' questions, where there is one answer to them */
		return;
	for (size_t i = 0; i < m->situation_count; i++) {
		const struct matter_situation *s = &m->situation[i];
		if (strncmp(s->type, "select", 6) == 0 && s->choice_count < 2)
			fault(c, QUALITY_SITUATION, tr("情形 %s 的选项不到两个"), s->label);
		/* The form reads it when there is one of its own. */
		if (!asks(m, s->name) && !*m->form)
			fault(c, QUALITY_SITUATION, tr("情形 %s 的回答没有用处"), s->label);
	}
}

static void check_dates(const struct check *c)
{
	const struct matter *m = c->m;
	struct date from, to;
	bool has_from = *m->effective_date && date_parse(m->effective_date, &from);
	bool has_to = *m->cancel_date && date_parse(m->cancel_date, &to);
	if (*m->effective_date && !has_from)
		fault(c, QUALITY_DATE, tr("生效日期 %s 不是日期 (应为 2026-01-31 这样)"),
			m->effective_date);
	if (*m->cancel_date && !has_to)
		fault(c, QUALITY_DATE, tr("取消日期 %s 不是日期 (应为 2026-01-31 这样)"),
			m->cancel_date);
	if (has_from && has_to && date_to_day(to) <= date_to_day(from))
		fault(c, QUALITY_DATE, tr("取消日期 %s 不晚于生效日期 %s"), m->cancel_date,
			m->effective_date);
}

void quality_of_matter(const struct matter *m, int64_t line, quality_fault *each, void *arg)
{
	const struct check c = {m, line, each, arg};
	check_limits(&c);
	check_result(&c);
	check_fees(&c);
	check_materials(&c);
	check_phones(&c);
	check_code(&c);
	check_situation(&c);
	check_dates(&c);
}

/* ---- a whole set ---- */

struct report {
	const struct quality_more *more;
	quality_fault *each;
	void *arg;
	struct intern bodies, names, codes;
	struct quality_body *of_body;
	char **catalog_of_name, **version_of_code;
	bool faulty; /* the matter in hand */
	int64_t matters, faulty_count;
};

static struct quality_body *body_of(struct report *r, const char *body)
{
	size_t before = r->bodies.count;
	uint32_t i = intern(&r->bodies, body, strlen(body));
	if (r->bodies.count > before) {
		r->of_body = mem_resize(r->of_body, r->bodies.count, sizeof *r->of_body);
		r->of_body[i] = (struct quality_body){0};
	}
	return &r->of_body[i];
}

static void count_fault(void *arg, int64_t line, enum quality_rule rule, const char *body,
	const char *code, const char *name, const char *sentence)
{
	struct report *r = arg;
	r->faulty = true;
	if (rule != QUALITY_LINE)
		body_of(r, body)->faults[rule]++;
	r->each(r->arg, line, rule, body, code, name, sentence);
}

/* Remembers value under key, first come; returns what is remembered. */
static const char *remember(struct intern *in, char ***values, const char *key, const char *value)
{
	size_t before = in->count;
	uint32_t i = intern(in, key, strlen(key));
	if (in->count > before) {
		*values = mem_resize(*values, in->count, sizeof **values);
		(*values)[i] = mem_strdup(value);
		return NULL;
	}
	return (*values)[i];
}

static void check_against_others(struct report *r, const struct matter *m, int64_t line)
{
	const struct check c = {m, line, count_fault, r};
	struct buf key = {0};
	buf_printf(&key, "%s\n%s", m->dept_name, m->name);
	if (*m->catalog_code) {
		const char *other =
			remember(&r->names, &r->catalog_of_name, buf_str(&key), m->catalog_code);
		if (other && strcmp(other, m->catalog_code) != 0)
			fault(&c, QUALITY_NAME, tr("同名事项的基本编码有 %s 和 %s"), other,
				m->catalog_code);
	}
	const char *version = remember(&r->codes, &r->version_of_code, m->code, m->version);
	if (version && strcmp(version, m->version) == 0)
		fault(&c, QUALITY_VERSION, "%s", tr("同一编码出现两次"));
	else if (version && strtod(version, NULL) > strtod(m->version, NULL))
		fault(&c, QUALITY_VERSION, tr("版本从 %s 倒退到 %s"), version, m->version);
	buf_fini(&key);
}

static void say_condition(void *to, const char *sentence)
{
	fault(to, QUALITY_RELEVANT, "%s", sentence);
}

static void check_more(struct report *r, const struct matter *m, int64_t line)
{
	struct check c = {m, line, count_fault, r};

	if (r->more != NULL)
		r->more->check(r->more->arg, m, say_condition, &c);
}

static void check_line(struct report *r, const char *text, size_t len, int64_t line)
{
	struct matter *m = NULL;
	struct buf why = {0};
	r->faulty = false;
	if (matter_parse(&m, text, len, &why) != OK) {
		count_fault(r, line, QUALITY_LINE, "", "", "", buf_str(&why));
	} else {
		r->matters++;
		body_of(r, m->dept_name)->matters++;
		quality_of_matter(m, line, count_fault, r);
		check_more(r, m, line);
		check_against_others(r, m, line);
		body_of(r, m->dept_name)->faulty += r->faulty;
	}
	r->faulty_count += r->faulty;
	matter_free(m);
	buf_fini(&why);
}

static int64_t total(const struct quality_body *b)
{
	int64_t n = 0;
	for (int i = 0; i < QUALITY_RULE__MAX; i++)
		n += b->faults[i];
	return n;
}

static int compare_bodies(const void *a, const void *b)
{
	int64_t x = total(a), y = total(b);
	return x != y ? (x < y) - (x > y)
		      : strcmp(((const struct quality_body *)a)->body,
				((const struct quality_body *)b)->body);
}

static void free_values(char **values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(values[i]);
	free(values);
}

enum err quality_check(FILE *in, const struct quality_more *more, quality_fault *each,
	void (*each_body)(void *arg, const struct quality_body *b), void *arg, int64_t *matters,
	int64_t *faulty)
{
	struct report r = {.more = more, .each = each, .arg = arg};
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	for (int64_t number = 1; (n = getline(&line, &room, in)) >= 0; number++) {
		char *text = line;
		if (number == 1 && n >= 3 && strncmp(text, "\xEF\xBB\xBF", 3) == 0) {
			text += 3;
			n -= 3;
		}
		if (text[strspn(text, " \t\r\n")] != '\0' || (size_t)n != strlen(text))
			check_line(&r, text, (size_t)n, number);
	}
	free(line);
	for (size_t i = 0; i < r.bodies.count; i++)
		r.of_body[i].body = intern_text(&r.bodies, (uint32_t)i);
	if (r.bodies.count > 0)
		qsort(r.of_body, r.bodies.count, sizeof *r.of_body, compare_bodies);
	for (size_t i = 0; i < r.bodies.count; i++)
		each_body(arg, &r.of_body[i]);
	*matters = r.matters;
	*faulty = r.faulty_count;
	free_values(r.catalog_of_name, r.names.count);
	free_values(r.version_of_code, r.codes.count);
	free(r.of_body);
	intern_fini(&r.bodies);
	intern_fini(&r.names);
	intern_fini(&r.codes);
	return ferror(in) ? ERR_IO : OK;
}
