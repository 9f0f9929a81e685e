/*
 * Refusals on the wire: problem documents (RFC 9457). `type` is stable and what programs look at;
 * title and detail are sentences for people; errors[] names each wrong place: "pointer", a JSON
 * pointer (RFC 6901) into the request's body, "parameter" of the query, or "header". However large
 * and wrong a letter is, the document stays below REFUSAL_BYTES_MAX: of places beyond 50 only their
 * number is told ("errors_left_out"), long sentences are cut, and what is in a thing whose name is
 * too long to tell is told of what holds that.
 */
#ifndef YIMEN_CORE_CENTRAL_PROBLEM_H
#define YIMEN_CORE_CENTRAL_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/buf.h"

struct exchange;

/* NAME, status, stable name, title */
#define PROBLEMS(X) \
	X(BAD_REQUEST, 400, "bad-request", N_("请求的写法不对")) \
	X(KEY_MISSING, 400, "idempotency-key-missing", N_("缺少 Idempotency-Key")) \
	X(KEY_MALFORMED, 400, "idempotency-key-malformed", N_("Idempotency-Key 不对")) \
	X(JSON, 400, "not-json", N_("正文不是 JSON")) \
	X(TOKEN, 401, "unauthorized", N_("没有有效的令牌")) \
	X(FORBIDDEN, 403, "forbidden", N_("不允许")) \
	X(NO_PATH, 404, "not-found", N_("没有这个地址")) \
	X(NO_CASE, 404, "case-not-found", N_("没有这个办件")) \
	X(METHOD, 405, "method-not-allowed", N_("这个地址不支持这种方法")) \
	X(TIMEOUT, 408, "request-timeout", N_("请求没有按时收完")) \
	X(RUNNING, 409, "in-progress", N_("同一个请求正在处理")) \
	X(CASE_EXISTS, 409, "case-exists", N_("这个办件已经收过")) \
	X(STALE, 409, "stale-version", N_("所替换的不是最新版本")) \
	X(CASE_STATE, 409, "case-state", N_("办件当前状态不能这样做")) \
	X(NO_PAPER, 409, "attachment-missing", N_("还缺附件")) \
	X(OFFSET, 409, "offset", N_("附件不是从这里接着传")) \
	X(TOO_LARGE, 413, "body-too-large", N_("正文太大")) \
	X(MEDIA_TYPE, 415, "unsupported-media-type", N_("正文类型不对")) \
	X(INVALID, 422, "invalid", N_("内容没有通过检查")) \
	X(KEY_REUSED, 422, "idempotency-key-reused", N_("同一个 Idempotency-Key 带了不同的正文")) \
	X(UNKNOWN_CASE, 422, "unknown-case", N_("没有这个办件")) \
	X(DIGEST, 422, "digest", N_("附件传来的和它的摘要对不上")) \
	X(TOO_MANY, 429, "too-many-attempts", N_("试得太多")) \
	X(STORE, 503, "store-unavailable", N_("暂时存不下来")) \
	X(BUSY, 503, "busy", N_("暂时忙不过来"))

enum problem_type {
#define X(name, status, text, title) PROBLEM_##name,
	PROBLEMS(X)
#undef X
	PROBLEM__MAX
};

struct problem {
	enum problem_type type;
	struct buf detail;  /* a sentence; empty: none */
	struct buf errors;  /* the elements of errors[]; empty: none */
	struct buf members; /* further members, as json_member writes them */
	size_t error_count;
	const char *retry_after; /* seconds; NULL: those of the type, if it has any */
};
void problem_fini(struct problem *p);

/* Adds one wrong place. pointer "" is the whole body; rule is a stable word ("required"). After 50
 * places the rest is only counted. */
void problem_at(struct problem *p, const char *pointer, const char *rule, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same of a header of the request. */
void problem_at_header(struct problem *p, const char *header, const char *rule, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));

/* Adds a further member; value NULL: left out. */
void problem_member(struct problem *p, const char *name, const char *value);
void problem_member_int(struct problem *p, const char *name, int64_t value);

/* Adds what `other`, the same refusal worded in the language in force now, says: the member
 * "other_language". Frees other. Left out when the two do not name as many places. */
void problem_also(struct problem *p, struct problem *other);

/* Answers x with p and frees p. */
void problem_answer(struct exchange *x, struct problem *p);
/* The same for one sentence. */
void problem_say(struct exchange *x, enum problem_type type, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* One sentence about one place: what errors[] says is the detail as well. place: "pointer",
 * "parameter" or "header". */
void problem_say_at(struct exchange *x, enum problem_type type, const char *place, const char *name,
	const char *rule, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The type that speaks for a bare status (of the server itself). */
enum problem_type problem_for_status(int status);

/* Appends a JSON pointer's part: "/" and the name with ~ and / escaped. */
void problem_pointer(struct buf *out, const char *name);

#endif
