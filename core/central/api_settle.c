/* Letters on their way into the store and back: which are running, what goes when, the answers. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/central/api_internal.h"
#include "core/central/fault.h"

enum {
	WAIT_PART = 4 /* of the last commit's time, to wait for others to join */
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* ---- which are running ---- */

static size_t slot_of(const char *key)
{
	size_t i, hash = 0;

	for (i = 0; key[i] != '\0'; i++)
		hash = hash * 31 + (unsigned char)key[i];
	return hash % RUNNING_SLOTS;
}

bool api_is_running(const struct api *a, const char *key)
{
	const struct posting *p = a->running[slot_of(key)];

	while (p != NULL && strcmp(p->key, key) != 0)
		p = p->next_running;
	return p != NULL;
}

static void note_running(struct api *a, struct posting *p)
{
	struct posting **slot = &a->running[slot_of(p->key)];

	p->next_running = *slot;
	*slot = p;
}

static void note_done(struct api *a, struct posting *p)
{
	struct posting **at = &a->running[slot_of(p->key)];

	while (*at != p)
		at = &(*at)->next_running;
	*at = p->next_running;
}

/* ---- off to the store ---- */

static void join_group(struct api *a, struct posting *p)
{
	if (a->group_count == 0)
		a->group_since_us = now_us();
	if (a->group_count == a->group_cap) {
		a->group_cap = a->group_cap > 0 ? 2 * a->group_cap : 64;
		a->group = mem_resize(a->group, a->group_cap, sizeof *a->group);
	}
	a->group[a->group_count++] = p;
}

static bool leave_to_store(struct api *a, struct posting *p)
{
	const struct central_store_ops *ops = a->store->ops;

	return a->config.posts && ops->post != NULL && ops->post(a->store, p);
}

void api_send_letter(struct api *a, struct posting *p)
{
	note_running(a, p);
	a->last_letter_ms = a->mono_ms;
	if (!leave_to_store(a, p))
		join_group(a, p);
}

/* ---- answering ---- */

static void answer_taken(struct exchange *x, struct posting *p)
{
	char location[64];

	snprintf(location, sizeof location, "/v1/cases/%s", p->project_no);
	exchange_header(x, "Location", location);
	exchange_header(x, "Idempotency-Key", p->key);
	if (p->result == POSTING_AGAIN)
		exchange_header(x, "Idempotency-Replayed", "true");
	x->answer = p->answer;
	p->answer = (struct buf){0};
	api_answer_json(x, 201);
}

/* Whoever reads it at a window cannot mend it, but knows whom to call. */
static const char *why_not_stored(enum err e)
{
	switch (e) {
	case ERR_FULL:
		return tr(
			"中心的磁盘满了, 没有存下来: 请告诉中心的管理员腾出空间; 以后用同样的内容再试");
	case ERR_READ_ONLY:
		return tr(
			"中心的磁盘现在只能读, 没有存下来: 请告诉中心的管理员检查磁盘; 以后用同样的内容再试");
	default:
		return tr("没有存下来, 请稍后用同样的内容再试");
	}
}

/* Why it was not taken, in the language in force; problem has what the intake found. */
static void word_problem(struct problem *problem, const struct posting *p)
{
	switch (p->result) {
	case POSTING_OTHER_BODY:
		problem_fini(problem); /* what else is wrong with the body is not the point */
		problem->type = PROBLEM_KEY_REUSED;
		problem_at_header(problem, "Idempotency-Key", "reused",
			tr("这个 Idempotency-Key 已用于另一份正文: 重发要一字不差, 新的函件请用新的"));
		break;
	case POSTING_CASE_EXISTS:
		problem->type = PROBLEM_CASE_EXISTS;
		problem_member(problem, "current_key", p->current_key);
		problem_member(problem, "project_no", p->project_no);
		problem_at(problem, "/case_id", "exists",
			tr("这个办件已用另一个 Idempotency-Key 收过, 编号 %s"), p->project_no);
		break;
	case POSTING_STALE:
		problem->type = PROBLEM_STALE;
		problem_member(problem, "current_key", p->current_key);
		problem_member(problem, "project_no", p->project_no);
		problem_at(problem, "/replaces", "stale", "%s",
			p->unknown ? tr("所替换的那一版中心没有收到过, 中心现有的是另一版: "
					"请先看办件, 要改就在现有的那一版上再更正")
				   : tr("所替换的申请已被更新的版本替换, 请先取回最新的"));
		break;
	case POSTING_OTHER_MATTER:
		problem->type = PROBLEM_INVALID;
		problem_member(problem, "project_no", p->project_no);
		problem_at(problem, "/task_code", "replaces",
			tr("所替换的申请办的是另一个事项: 更正不能换事项, 要办别的请另收一件"));
		break;
	case POSTING_OTHER_CASE:
		problem->type = PROBLEM_INVALID;
		problem_at(problem, "/replaces", "other-case",
			tr("所替换的是另一个办件的函件: 更正只能替换同一办件的上一版"));
		break;
	case POSTING_NO_CASE:
		problem->type = PROBLEM_UNKNOWN_CASE;
		problem_at(problem, "/case_id", "unknown", tr("中心没有收到过这个办件的申请"));
		break;
	case POSTING_STATE:
		problem->type = PROBLEM_CASE_STATE;
		problem_member(problem, "project_no", p->project_no);
		problem_member(problem, "state", p->current_state);
		problem_at(problem, "/kind", "state", "%s", posting_why(p));
		break;
	case POSTING_NO_PAPER:
		problem->type = PROBLEM_NO_PAPER;
		break;
	case POSTING_INVALID:
		problem->type = PROBLEM_INVALID;
		break;
	default:
		problem->type = PROBLEM_STORE;
		buf_adds(&problem->detail, why_not_stored(p->failed_for));
		break;
	}
}

static void answer_problem(struct exchange *x, struct posting *p)
{
	struct parked *parked = x->parked;
	struct problem problem = parked->problem, other = parked->other;

	parked->problem = parked->other = (struct problem){0};
	exchange_speak(x);
	word_problem(&problem, p);
	if (exchange_speak_other(x)) {
		word_problem(&other, p);
		problem_also(&problem, &other);
	}
	exchange_speak(x);
	problem_answer(x, &problem);
}

static void settle(struct api *a, struct posting *p)
{
	struct exchange *x = p->owner;

	note_done(a, p);
	a->counters.postings[p->result]++;
	if (p->result == POSTING_TAKEN && posting_is_news(p))
		a->changed = true;
	if (x != NULL) {
		((struct parked *)x->parked)->posting = NULL;
		if (a->config.fault != NULL)
			x->drop = fault_strikes(a->config.fault, FAULT_DROP_ANSWER);
		if (p->result == POSTING_TAKEN || p->result == POSTING_AGAIN)
			answer_taken(x, p);
		else
			answer_problem(x, p);
	}
	posting_free(p);
}

static void settle_group(void *arg, struct posting **group, size_t count, int64_t took_us)
{
	struct api *a = arg;
	size_t i;

	a->counters.commit_us += (uint64_t)took_us;
	a->counters.groups++;
	a->counters.group_letters += count;
	for (i = 0; i < count; i++)
		settle(a, group[i]);
}

/* ---- a group taken here ---- */

static void commit(struct api *a)
{
	int64_t start_us = now_us();

	posting_sum(a->group, a->group_count);
	a->store->ops->take(a->store, a->group, a->group_count);
	a->last_commit_us = now_us() - start_us;
	a->last_groups[1] = a->last_groups[0];
	a->last_groups[0] = a->group_count;
	settle_group(a, a->group, a->group_count, a->last_commit_us);
	a->group_count = 0;
}

/*
 * Those who were in the last groups have their answers and are about to ask again: to wait for them
 * a part of the time that one more flush would take makes one group of two.
 */
static int64_t worth_waiting_ms(const struct api *a)
{
	size_t usual =
		a->last_groups[0] > a->last_groups[1] ? a->last_groups[0] : a->last_groups[1];
	int64_t patience_us = a->last_commit_us / WAIT_PART;

	if (a->stopping || a->group_count >= usual || now_us() - a->group_since_us >= patience_us)
		return -1;
	return patience_us / 1000;
}

static int64_t commit_group(struct api *a)
{
	int64_t wait_ms = a->group_count > 0 ? worth_waiting_ms(a) : -1;

	if (a->group_count > 0 && wait_ms < 0)
		commit(a);
	return wait_ms;
}

int64_t api_settle_letters(struct api *a)
{
	if (a->config.posts && a->store->ops->settled != NULL)
		a->store->ops->settled(a->store, a->stopping, settle_group, a);
	return commit_group(a);
}
