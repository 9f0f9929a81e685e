#include "core/station/refusal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/domain/lifecycle.h"
#include "core/domain/refusal_size.h"

enum {
	PLACES_MAX = 50,	 /* more nobody corrects at once, and no centre need name */
	SAYING_MAX_BYTES = 900,	 /* of one sentence of the centre's */
	REASON_MAX_BYTES = 4000, /* of all its sentences */
	COUNT_MAX = 1000 * 1000	 /* of wrong places that are only counted: a letter has not more */
};

/* ---- in the language in force ---- */

/* The document, or the part of it that words the same in the other language. */
static const json *worded(const json *problem)
{
	const json *other = json_get(problem, "other_language");
	const char *language = json_get_str(other, "language");

	return language != NULL && strcmp(language, msg_tag()) == 0 &&
			       json_get_str(other, "title") != NULL
		       ? other
		       : problem;
}

/* A centre that does not heed which language is asked for speaks its own: what of it has no figures
 * is known here in ours too. */
static void add_clean(struct buf *out, const char *text)
{
	text_clean_some(out, tr(text), SAYING_MAX_BYTES);
}

/* How many wrong places are not named: of those from e on, and those that the centre counted only.
 */
static int64_t left_out(const json *problem, const json *e)
{
	int64_t count = json_get_int(problem, "errors_left_out", 0);

	count = count < 0 || count > COUNT_MAX ? 0 : count;
	for (; e != NULL; e = json_next(e))
		count++;
	return count;
}

/* Its own sentence; borrowed. NULL: it has none. */
static const char *lead_of(const json *words)
{
	const char *detail = json_get_str(words, "detail");

	return detail != NULL ? detail : json_get_str(words, "title");
}

/* What is said of one place after another is said once. */
void refusal_sentence(const json *problem, struct buf *out)
{
	const json *words = worded(problem), *e;
	const char *detail = lead_of(words), *said;
	int64_t left;

	if (detail != NULL)
		add_clean(out, detail);
	said = detail;
	for (e = json_first(json_get(words, "errors")); e != NULL; e = json_next(e)) {
		const char *what = json_get_str(e, "detail");
		if (what == NULL || (detail != NULL && strcmp(what, detail) == 0) ||
			(said != NULL && strcmp(what, said) == 0))
			continue;
		if (out->len > REASON_MAX_BYTES)
			break;
		buf_adds(out, out->len > 0 ? "; " : "");
		add_clean(out, what);
		said = what;
	}
	left = left_out(problem, e);
	if (left > 0)
		buf_printf(out, tr("; 另有 %lld 处没有列出"), (long long)left);
}

/* Why the step is not possible there: the case is in another state than here. */
static void add_state(const json *problem, struct buf *out)
{
	const char *name = json_get_str(problem, "state");
	enum case_state state;

	if (case_state_parse(name, &state))
		buf_printf(out, tr("; 中心那里现在是“%s”"), case_state_label(state));
}

bool refusal_reason(const char *problem_json, struct buf *out)
{
	size_t before = out->len;
	json *problem = NULL;

	if (json_parse(&problem, problem_json, strlen(problem_json), NULL) != OK)
		return false;
	refusal_sentence(problem, out);
	if (out->len > before)
		add_state(problem, out);
	json_free(problem);
	return out->len > before;
}

bool refusal_lead(const char *problem_json, struct buf *out)
{
	size_t before = out->len;
	json *problem = NULL;
	const char *lead;

	if (json_parse(&problem, problem_json, strlen(problem_json), NULL) != OK)
		return false;
	lead = lead_of(worded(problem));
	if (lead != NULL)
		add_clean(out, lead);
	if (out->len > before)
		add_state(problem, out);
	json_free(problem);
	return out->len > before;
}

const char refusal_unread[] = "{\"type\":\"urn:yimen:station:unread\"}";

bool refusal_is_unread(const char *problem_json)
{
	return problem_json != NULL && strcmp(problem_json, refusal_unread) == 0;
}

const char *refusal_unread_reason(void)
{
	_Static_assert(REFUSAL_BYTES_MAX == 256 << 10, "the sentence names it");
	return tr("中心看来退回了这一封, 但它的话超过 256 KB, 读不了, 不算答复");
}

/* ---- held against the form ---- */

/* Appends one reference token of a JSON pointer (RFC 6901 §4): ~1 is '/', ~0 is '~'. */
static void add_token(struct buf *out, const char *token, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (token[i] == '~' && i + 1 < len && (token[i + 1] == '0' || token[i + 1] == '1'))
			buf_addc(out, token[++i] == '0' ? '~' : '/');
		else
			buf_addc(out, token[i]);
	}
}

static bool is_index(const char *token, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isdigit((unsigned char)token[i]))
			return false;
	return len > 0 && len < 6;
}

/* "/answers/members/0/id" -> "members[1]/id"; what is not below the answers gives "". */
static void place_of(const char *pointer, struct buf *out)
{
	static const char root[] = "/answers/";
	const char *at;

	if (pointer == NULL || strncmp(pointer, root, sizeof root - 1) != 0)
		return;
	for (at = pointer + sizeof root - 1;; at++) {
		size_t len = strcspn(at, "/");
		if (is_index(at, len) && out->len > 0) {
			buf_printf(out, "[%d]", atoi(at) + 1);
		} else {
			buf_adds(out, out->len > 0 ? "/" : "");
			add_token(out, at, len);
		}
		at += len;
		if (*at == '\0')
			return;
	}
}

static void clean(struct buf *out, const char *text)
{
	buf_clear(out);
	if (text != NULL)
		add_clean(out, text);
}

static bool has_type(const char *problem_json, const char *const *types, size_t count)
{
	json *problem = NULL;
	const char *type;
	bool has = false;
	size_t i;

	if (problem_json == NULL ||
		json_parse(&problem, problem_json, strlen(problem_json), NULL) != OK)
		return false;
	type = json_get_str(problem, "type");
	for (i = 0; type != NULL && i < count; i++)
		has |= strcmp(type, types[i]) == 0;
	json_free(problem);
	return has;
}

bool refusal_is_final(const char *problem_json)
{
	static const char *const types[] = {"urn:yimen:problem:stale-version",
		"urn:yimen:problem:case-exists", "urn:yimen:problem:case-state",
		"urn:yimen:problem:idempotency-key-reused"};

	return has_type(problem_json, types, sizeof types / sizeof types[0]);
}

bool refusal_is_too_late(const char *problem_json)
{
	static const char *const types[] = {"urn:yimen:problem:case-state"};

	return has_type(problem_json, types, 1);
}

bool refusal_is_unknown_case(const char *problem_json)
{
	static const char *const types[] = {
		"urn:yimen:problem:unknown-case", "urn:yimen:problem:case-not-found"};

	return has_type(problem_json, types, sizeof types / sizeof types[0]);
}

void refusal_each(const char *problem_json,
	void (*each)(void *arg, const char *place, const char *message), void *arg)
{
	struct buf place = {0}, message = {0};
	json *problem = NULL;
	const json *words, *one;
	int64_t left;
	int count;

	if (problem_json == NULL ||
		json_parse(&problem, problem_json, strlen(problem_json), NULL) != OK)
		return;
	words = worded(problem);
	one = json_first(json_get(words, "errors"));
	if (one == NULL) {
		const char *detail = json_get_str(words, "detail");
		clean(&message, detail != NULL ? detail : json_get_str(words, "title"));
		if (message.len > 0)
			each(arg, "", message.data);
	}
	for (count = 0; one != NULL && count < PLACES_MAX; one = json_next(one), count++) {
		buf_clear(&place);
		place_of(json_get_str(one, "pointer"), &place);
		clean(&message, json_get_str(one, "detail"));
		if (message.len > 0)
			each(arg, buf_str(&place), message.data);
	}
	left = left_out(problem, one);
	buf_clear(&message);
	buf_printf(
		&message, tr("另有 %lld 处没有列出: 改好这些重报, 中心会接着说"), (long long)left);
	if (left > 0)
		each(arg, "", message.data);
	buf_fini(&place);
	buf_fini(&message);
	json_free(problem);
}
