#include "core/central/problem.h"

#include <string.h>

#include "core/base/json.h"
#include "core/base/msg.h"
#include "core/base/text.h"
#include "core/central/exchange.h"
#include "core/domain/refusal_size.h"

/* Both languages of a letter's refusal name as many places: what one place may take, written as
 * JSON, is what keeps the whole document readable for a station. */
enum {
	ERRORS_MAX = 50,
	POINTER_MAX_BYTES = 512, /* as it is written */
	NAME_MAX_BYTES = 200,	 /* of a header or parameter */
	SAYING_MAX_BYTES = 600,	 /* of a sentence; quotes in it are written with two */
	RULE_MAX_BYTES = 64,
	PLACE_MAX_BYTES = POINTER_MAX_BYTES + 2 * (SAYING_MAX_BYTES + 2) + RULE_MAX_BYTES + 64,
	REST_MAX_BYTES = 4096 /* title, detail, members */
};
_Static_assert(2 * (ERRORS_MAX * PLACE_MAX_BYTES + REST_MAX_BYTES) < REFUSAL_BYTES_MAX,
	"a station reads every refusal");

static const struct {
	int status;
	const char *name, *title;
} types[PROBLEM__MAX] = {
#define X(name, status, text, title) [PROBLEM_##name] = {status, text, title},
	PROBLEMS(X)
#undef X
};

void problem_fini(struct problem *p)
{
	buf_fini(&p->detail);
	buf_fini(&p->errors);
	buf_fini(&p->members);
	*p = (struct problem){0};
}

/* How a byte of a text is written in JSON at most. */
static size_t written_bytes(char c)
{
	return (unsigned char)c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : 1;
}

/* The pointer, or that of the innermost thing around the place that is not too long to tell. */
static void put_pointer(struct buf *out, const char *pointer)
{
	size_t len = 0, whole = 0, written = 0;

	for (; pointer[len] != '\0' && written <= POINTER_MAX_BYTES; len++) {
		if (pointer[len] == '/')
			whole = len;
		written += written_bytes(pointer[len]);
	}
	buf_add(out, pointer, written <= POINTER_MAX_BYTES ? len : whole);
}

static void put_sentence(struct buf *out, const char *fmt, va_list ap)
{
	struct buf whole = {0};

	buf_vprintf(&whole, fmt, ap);
	text_clean_some(out, buf_str(&whole), SAYING_MAX_BYTES);
	buf_fini(&whole);
}

static void add_place(struct problem *p, const char *place, const char *name, const char *rule,
	const char *fmt, va_list ap)
{
	struct buf sentence = {0}, where = {0};

	if (p->error_count++ >= ERRORS_MAX)
		return;
	put_sentence(&sentence, fmt, ap);
	if (strcmp(place, "pointer") == 0)
		put_pointer(&where, name);
	else
		text_clean_some(&where, name, NAME_MAX_BYTES);
	json_comma(&p->errors);
	buf_addc(&p->errors, '{');
	json_member_str(&p->errors, place, buf_str(&where));
	json_member_str(&p->errors, "rule", rule);
	json_member_str(&p->errors, "detail", buf_str(&sentence));
	buf_addc(&p->errors, '}');
	buf_fini(&sentence);
	buf_fini(&where);
}

void problem_at(struct problem *p, const char *pointer, const char *rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_place(p, "pointer", pointer, rule, fmt, ap);
	va_end(ap);
}

void problem_at_header(
	struct problem *p, const char *header, const char *rule, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_place(p, "header", header, rule, fmt, ap);
	va_end(ap);
}

void problem_member(struct problem *p, const char *name, const char *value)
{
	if (value != NULL)
		buf_addc(&p->members, ',');
	json_member_str(&p->members, name, value);
}

void problem_member_int(struct problem *p, const char *name, int64_t value)
{
	buf_addc(&p->members, ',');
	json_member_int(&p->members, name, value);
}

/* Each with a comma before it. */
static void put_errors(struct buf *b, const struct problem *p)
{
	if (p->errors.len == 0)
		return;
	json_member(b, "errors");
	buf_printf(b, "[%s]", p->errors.data);
}

void problem_also(struct problem *p, struct problem *other)
{
	struct buf *b = &p->members;

	if (other->error_count == p->error_count) {
		buf_addc(b, ',');
		json_member(b, "other_language");
		buf_addc(b, '{');
		json_member_str(b, "language", msg_tag());
		json_member_str(b, "title", tr(types[p->type].title));
		if (other->detail.len > 0)
			json_member_str(b, "detail", other->detail.data);
		put_errors(b, other);
		buf_addc(b, '}');
	}
	problem_fini(other);
}

void problem_answer(struct exchange *x, struct problem *p)
{
	struct buf *b = &x->answer;

	buf_clear(b);
	buf_addc(b, '{');
	json_member(b, "type");
	buf_printf(b, "\"urn:yimen:problem:%s\"", types[p->type].name);
	json_member_str(b, "title", tr(types[p->type].title));
	json_member_int(b, "status", types[p->type].status);
	if (p->detail.len > 0)
		json_member_str(b, "detail", p->detail.data);
	buf_adds(b, buf_str(&p->members));
	put_errors(b, p);
	if (p->error_count > ERRORS_MAX)
		json_member_int(b, "errors_left_out", (int64_t)(p->error_count - ERRORS_MAX));
	buf_adds(b, "}\n");
	exchange_worded(x);
	if (p->retry_after != NULL)
		exchange_header(x, "Retry-After", p->retry_after);
	else if (types[p->type].status == 503 || p->type == PROBLEM_RUNNING ||
		 p->type == PROBLEM_TOO_MANY)
		exchange_header(x, "Retry-After", "1");
	if (types[p->type].status == 401)
		exchange_header(x, "WWW-Authenticate", "Bearer realm=\"yimen\"");
	exchange_answer(x, types[p->type].status, "application/problem+json");
	problem_fini(p);
}

void problem_say(struct exchange *x, enum problem_type type, const char *fmt, ...)
{
	struct problem p = {.type = type};
	va_list ap;

	va_start(ap, fmt);
	put_sentence(&p.detail, fmt, ap);
	va_end(ap);
	problem_answer(x, &p);
}

void problem_say_at(struct exchange *x, enum problem_type type, const char *place, const char *name,
	const char *rule, const char *fmt, ...)
{
	struct problem p = {.type = type};
	va_list ap;

	va_start(ap, fmt);
	put_sentence(&p.detail, fmt, ap);
	va_end(ap);
	va_start(ap, fmt);
	add_place(&p, place, name, rule, fmt, ap);
	va_end(ap);
	problem_answer(x, &p);
}

enum problem_type problem_for_status(int status)
{
	switch (status) {
	case 408:
		return PROBLEM_TIMEOUT;
	case 413:
		return PROBLEM_TOO_LARGE;
	case 503:
		return PROBLEM_BUSY;
	default:
		return PROBLEM_BAD_REQUEST;
	}
}

void problem_pointer(struct buf *out, const char *name)
{
	buf_addc(out, '/');
	for (; *name != '\0'; name++) {
		if (*name == '~')
			buf_adds(out, "~0");
		else if (*name == '/')
			buf_adds(out, "~1");
		else
			buf_addc(out, *name);
	}
}
