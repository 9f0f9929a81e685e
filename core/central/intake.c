#include "core/central/intake.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/form_rules.h"
#include "core/central/intake_text.h"
#include "core/central/papers.h"
#include "core/central/posting.h"
#include "core/central/problem.h"
#include "core/domain/lifecycle.h"

enum field_type {
	FIELD_TEXT,
	FIELD_UUID,
	FIELD_MOMENT,
	FIELD_OBJECT,
	FIELD_ARRAY
};

/* max: code points of a text, members of an object, elements of an array. */
struct field {
	const char *pointer; /* "/" and its name */
	enum field_type type;
	bool required;
	size_t max;
};

static const struct field application_fields[] = {
	{"/case_id", FIELD_UUID, true, 0},
	{"/local_receipt", FIELD_TEXT, false, 64},
	{"/station", FIELD_TEXT, false, 100},
	{"/operator", FIELD_TEXT, false, 100},
	{"/window", FIELD_TEXT, false, 100},
	{"/task_code", FIELD_TEXT, true, 256},
	{"/task_name", FIELD_TEXT, false, 500},
	{"/task_version", FIELD_TEXT, false, 64},
	{"/form_id", FIELD_TEXT, false, 200},
	{"/form_version", FIELD_TEXT, false, 64},
	{"/applyer_name", FIELD_TEXT, true, 200},
	{"/applyer_type", FIELD_TEXT, false, 8},
	{"/applyer_page_type", FIELD_TEXT, false, 16},
	{"/applyer_page_code", FIELD_TEXT, false, 64},
	{"/contact_mobile", FIELD_TEXT, false, 64},
	{"/situation", FIELD_OBJECT, false, 100},
	{"/materials", FIELD_ARRAY, false, 300},
	{"/answers", FIELD_OBJECT, true, 5000},
	{"/accepted_warnings", FIELD_ARRAY, false, 1000},
	{"/situation_warnings", FIELD_ARRAY, false, 1000},
	{"/submitted_at", FIELD_MOMENT, false, 0},
	{"/attachments", FIELD_ARRAY, false, 200},
	{"/bundle_no", FIELD_TEXT, false, 64},
	{"/replaces", FIELD_UUID, false, 0},
	{NULL, FIELD_TEXT, false, 0},
};

static const struct field act_fields[] = {
	{"/case_id", FIELD_UUID, true, 0},
	{"/station", FIELD_TEXT, false, 100},
	{"/operator", FIELD_TEXT, false, 100},
	{"/window", FIELD_TEXT, false, 100},
	{"/confirmed_by", FIELD_TEXT, false, 100},
	{"/note", FIELD_TEXT, false, 2000},
	{"/reason", FIELD_TEXT, false, 2000},
	{"/materials", FIELD_ARRAY, false, 300},
	{"/answers", FIELD_OBJECT, false, 5000},
	{"/accepted_warnings", FIELD_ARRAY, false, 1000},
	{"/submitted_at", FIELD_MOMENT, false, 0},
	{"/attachments", FIELD_ARRAY, false, 200},
	{"/service", FIELD_TEXT, false, 64},
	{"/cause", FIELD_TEXT, false, 32},
	{"/source", FIELD_TEXT, false, 32},
	{NULL, FIELD_TEXT, false, 0},
};

/* Letters that leave the state of their case as it is. Those that move it are named by the life of
 * a case (core/domain/lifecycle.h). */
static bool is_remark(const char *kind)
{
	return strcmp(kind, "evaluation") == 0 || strcmp(kind, "note") == 0;
}

static bool is_letter(const char *kind)
{
	enum case_act act;

	return is_remark(kind) || case_act_of_letter(kind, &act);
}

/* ---- form ---- */

static const char *name_of(const struct field *f)
{
	return f->pointer + 1;
}

static void check_text(const struct field *f, const char *s, struct problem *p)
{
	int64_t ms;

	if (f->required && s[strspn(s, " \t\r\n")] == '\0')
		problem_at(p, f->pointer, "required", tr("%s 不能为空"), name_of(f));
	else if (f->type == FIELD_UUID && !id_is_uuid(s))
		problem_at(p, f->pointer, "uuid", tr("%s 应是 UUID (8-4-4-4-12 位十六进制)"),
			name_of(f));
	else if (f->type == FIELD_MOMENT && !clock_parse_iso(s, &ms))
		problem_at(p, f->pointer, "date-time",
			tr("%s 应是带时区的时间, 例如 2026-11-24T14:32:05+08:00"), name_of(f));
	else if (f->max > 0 && text_len_cps(s) > f->max)
		problem_at(p, f->pointer, "too-long", tr("%s 超过 %zu 个字"), name_of(f), f->max);
}

static void check_field(const json *letter, const struct field *f, struct problem *p)
{
	static const enum json_type wanted[] = {
		[FIELD_TEXT] = JSON_STRING,
		[FIELD_UUID] = JSON_STRING,
		[FIELD_MOMENT] = JSON_STRING,
		[FIELD_OBJECT] = JSON_OBJECT,
		[FIELD_ARRAY] = JSON_ARRAY,
	};
	static const char *const words[] = {
		[JSON_STRING] = N_("文字"),
		[JSON_OBJECT] = N_(" JSON 对象"),
		[JSON_ARRAY] = N_("数组"),
	};
	const json *v = json_get(letter, name_of(f));

	if (v == NULL || json_type(v) == JSON_NULL) {
		if (f->required)
			problem_at(p, f->pointer, "required", tr("缺少 %s"), name_of(f));
		return;
	}
	if (json_type(v) != wanted[f->type])
		problem_at(p, f->pointer, "type", tr("%s 应是%s"), name_of(f),
			tr(words[wanted[f->type]]));
	else if (json_str(v) != NULL)
		check_text(f, json_str(v), p);
	else if (json_count(v) > f->max)
		problem_at(p, f->pointer, "too-many", tr("%s 超过 %zu 项"), name_of(f), f->max);
}

static void check_fields(const json *letter, const struct field *f, struct problem *p)
{
	for (; f->pointer != NULL; f++)
		check_field(letter, f, p);
}

static bool is_material_state(const char *s)
{
	static const char *const states[] = {"received", "exempt", "deferred", "missing", "none"};
	size_t i;

	for (i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(states[i], s) == 0)
			return true;
	return false;
}

static void check_materials(const json *materials, struct problem *p)
{
	const json *m;
	char pointer[64];
	size_t i = 0;

	if (json_type(materials) != JSON_ARRAY)
		return;
	for (m = json_first(materials); m != NULL; m = json_next(m), i++) {
		const char *name = json_get_str(m, "material_name");
		const char *state = json_get_str(m, "status");
		if (name == NULL || *name == '\0') {
			snprintf(pointer, sizeof pointer, "/materials/%zu/material_name", i);
			problem_at(p, pointer, "required", tr("第 %zu 份材料没有名称"), i + 1);
		}
		if (state == NULL)
			state = json_get_str(m, "state");
		if (state != NULL && !is_material_state(state)) {
			snprintf(pointer, sizeof pointer, "/materials/%zu/status", i);
			problem_at(p, pointer, "code",
				tr("材料状态应是 received、exempt、deferred、missing 或 none"));
		}
	}
}

static void check_warnings(const json *letter, const char *member, struct problem *p)
{
	const json *warnings = json_get(letter, member), *w;
	char pointer[64];
	size_t i = 0;

	if (json_type(warnings) != JSON_ARRAY)
		return;
	for (w = json_first(warnings); w != NULL; w = json_next(w), i++) {
		const char *reason = json_get_str(w, "reason");
		if (json_get_str(w, "field") == NULL) {
			snprintf(pointer, sizeof pointer, "/%s/%zu/field", member, i);
			problem_at(p, pointer, "required", tr("没有说明接受的是哪一项的提醒"));
		}
		if (reason == NULL || *reason == '\0') {
			snprintf(pointer, sizeof pointer, "/%s/%zu/reason", member, i);
			problem_at(p, pointer, "required", tr("接受提醒要写明理由"));
		}
	}
}

static void check_kind(const json *letter, const char *kind_wanted, struct problem *p)
{
	const char *kind = json_get_str(letter, "kind");

	if (kind == NULL)
		problem_at(p, "/kind", "required", tr("缺少 kind"));
	else if (kind_wanted != NULL && strcmp(kind, kind_wanted) != 0)
		problem_at(p, "/kind", "code", tr("这里只收 kind 为 %s 的函件"), kind_wanted);
	else if (kind_wanted == NULL && strcmp(kind, "application") == 0)
		problem_at(p, "/kind", "code", tr("申请请交到 /v1/applications"));
	else if (kind_wanted == NULL && !is_letter(kind))
		problem_at(p, "/kind", "code", tr("不认识的函件种类, 请升级工作站或联系管理员"));
}

static void check_evaluation(const json *letter, struct problem *p)
{
	const char *mark = json_get_str(letter, "satisfaction");

	if (mark == NULL || strlen(mark) != 1 || *mark < '1' || *mark > '5')
		problem_at(p, "/satisfaction", "code",
			tr("满意度应是 1 (非常满意) 到 5 (非常不满意)"));
}

/* What was owed and came is named. */
static void check_supply(const json *letter, struct problem *p)
{
	const json *list = json_get(json_get(letter, "answers"), "supplied");

	if (json_type(list) != JSON_ARRAY || json_count(list) == 0)
		problem_at(p, "/answers/supplied", "required", tr("要写明补交了哪些材料"));
}

/* To void a case takes two: whoever confirms is another person than the one who asks. */
static bool is_confirmed(const json *letter)
{
	const char *by = json_get_str(letter, "confirmed_by"),
		   *who = json_get_str(letter, "operator");

	return by != NULL && *by != '\0' && (who == NULL || strcmp(by, who) != 0);
}

static void check_void(const json *letter, struct problem *p)
{
	const char *reason = json_get_str(letter, "reason");

	if (reason == NULL || *reason == '\0')
		problem_at(p, "/reason", "required", tr("作废要写明原因"));
	if (!is_confirmed(letter))
		problem_at(p, "/confirmed_by", "required", tr("作废要由另一位工作人员确认"));
}

/* ---- papers ---- */

/* The papers that a letter names: what is wrong with their naming, and which are not here yet. */
struct paper_check {
	const struct intake_context *context;
	struct problem *wrong;
	struct problem missing;
	bool unread; /* of some nobody can tell whether they are here */
};

static const char *const paper_texts[] = {"media_type", "name", "material_name", "field"};

static void wrong_paper(
	struct paper_check *c, size_t i, const char *member, const char *rule, const char *sentence)
{
	char pointer[64];

	snprintf(pointer, sizeof pointer, "/attachments/%zu/%s", i, member);
	problem_at(c->wrong, pointer, rule, sentence, i + 1);
}

static void check_paper_texts(struct paper_check *c, const json *paper, size_t i)
{
	size_t k;

	for (k = 0; k < sizeof paper_texts / sizeof *paper_texts; k++) {
		const json *v = json_get(paper, paper_texts[k]);
		const char *s = json_str(v);
		if (v != NULL && json_type(v) != JSON_NULL && (s == NULL || text_len_cps(s) > 255))
			wrong_paper(c, i, paper_texts[k], "type",
				tr("第 %zu 份附件的这一项应是不超过 255 字的文字"));
	}
}

static void check_paper(struct paper_check *c, const json *paper, size_t i)
{
	const char *sha256 = json_get_str(paper, "sha256"), *sm3 = json_get_str(paper, "sm3");
	char pointer[64], sm3_here[PAPER_DIGEST_SIZE];
	int64_t size_here;
	enum err e;

	if (!paper_is_digest(sha256)) {
		wrong_paper(c, i, "sha256", "digest",
			tr("第 %zu 份附件的 sha256 应是 64 位小写十六进制"));
		return;
	}
	check_paper_texts(c, paper, i);
	e = c->context->paper(c->context->arg, sha256, &size_here, sm3_here);
	snprintf(pointer, sizeof pointer, "/attachments/%zu", i);
	if (e != OK && e != ERR_NOT_FOUND)
		c->unread = true;
	else if (e != OK)
		problem_at(
			&c->missing, pointer, "missing", tr("第 %zu 份附件还没有传到中心"), i + 1);
	else if (sm3 != NULL && strcmp(sm3, sm3_here) != 0)
		wrong_paper(c, i, "sm3", "mismatch", tr("第 %zu 份附件的 sm3 与收到的内容不符"));
	else if (json_get_int(paper, "size", size_here) != size_here)
		wrong_paper(c, i, "size", "mismatch", tr("第 %zu 份附件的长度与收到的不符"));
}

/* Whether papers are missing is only said of a letter that is right otherwise. */
static enum intake_verdict check_papers(
	const json *papers, const struct intake_context *context, struct problem *p)
{
	struct paper_check c = {.context = context, .wrong = p};
	const json *paper;
	size_t i = 0;
	bool missing;

	if (json_type(papers) == JSON_ARRAY)
		for (paper = json_first(papers); paper != NULL; paper = json_next(paper))
			check_paper(&c, paper, i++);
	missing = p->error_count == 0 && !c.unread && c.missing.error_count > 0;
	if (missing) {
		problem_fini(p);
		*p = c.missing;
	} else {
		problem_fini(&c.missing);
	}
	if (p->error_count == 0 && c.unread)
		return INTAKE_UNREAD;
	return missing ? INTAKE_NO_PAPER : p->error_count == 0 ? INTAKE_GOOD : INTAKE_INVALID;
}

enum intake_verdict intake_examine(const json *letter, const char *kind_wanted,
	const struct intake_context *context, struct problem *p)
{
	const char *task_code = json_get_str(letter, "task_code");
	const char *kind = json_get_str(letter, "kind");

	if (json_type(letter) != JSON_OBJECT) {
		problem_at(p, "", "type", tr("正文应是一个 JSON 对象"));
		return INTAKE_INVALID;
	}
	check_kind(letter, kind_wanted, p);
	check_fields(letter, kind_wanted != NULL ? application_fields : act_fields, p);
	if (!context->plain)
		intake_check_texts(letter, p);
	check_materials(json_get(letter, "materials"), p);
	check_warnings(letter, "accepted_warnings", p);
	if (kind_wanted != NULL) {
		check_warnings(letter, "situation_warnings", p);
		form_rules_check(context->forms, letter, context->now_ms, p);
	}
	if (kind_wanted != NULL && task_code != NULL && *task_code != '\0' &&
		!context->matter_known(context->arg, task_code))
		problem_at(p, "/task_code", "unknown",
			tr("目录里没有这个事项, 请先同步目录, 再核对事项编码"));
	if (kind != NULL && strcmp(kind, "evaluation") == 0)
		check_evaluation(letter, p);
	if (kind != NULL && strcmp(kind, "supply") == 0)
		check_supply(letter, p);
	if (kind != NULL && strcmp(kind, "void") == 0)
		check_void(letter, p);
	return check_papers(json_get(letter, "attachments"), context, p);
}

static void fill_act(struct posting *p)
{
	p->acts = !is_remark(p->kind);
	p->act = ACT_SUBMIT; /* an application */
	case_act_of_letter(p->kind, &p->act);
	p->actor = p->act == ACT_VOID ? ACTOR_SECOND : ACTOR_WINDOW;
}

/* What the history shows of it. An application has no such field: what stands under that name is as
 * unchecked as any other that nobody knows, and is kept in the body alone. */
static const char *remark_of(const json *letter)
{
	const char *note = json_get_str(letter, "note");

	return note != NULL ? note : json_get_str(letter, "reason");
}

/* In either case it is the same one; NULL leaves out as it is. */
static void copy_uuid(char out[ID_UUID_SIZE], const char *id)
{
	size_t i;

	for (i = 0; id != NULL && i < ID_UUID_SIZE - 1; i++)
		out[i] = (char)tolower((unsigned char)id[i]);
}

void intake_fill(struct posting *posting, const json *letter)
{
	posting->kind = json_get_str(letter, "kind");
	copy_uuid(posting->case_id, json_get_str(letter, "case_id"));
	posting->task_code = json_get_str(letter, "task_code");
	posting->task_name = json_get_str(letter, "task_name");
	posting->applyer_name = json_get_str(letter, "applyer_name");
	posting->local_receipt = json_get_str(letter, "local_receipt");
	if (strcmp(posting->kind, "application") == 0)
		copy_uuid(posting->replaces, json_get_str(letter, "replaces"));
	else
		posting->note = remark_of(letter);
	if (strcmp(posting->kind, "evaluation") == 0) {
		posting->service = json_get_str(letter, "service");
		if (posting->service == NULL)
			posting->service = "";
	}
	fill_act(posting);
}
