#include "tests/unit/letters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "core/base/mem.h"
#include "core/central/intake.h"

const char *letter_case_id(int of_case, char out[ID_UUID_SIZE])
{
	snprintf(out, ID_UUID_SIZE, "018f0000-0000-7000-8000-%012d", of_case);
	return out;
}

struct posting *letter_new(const char *kind, int key, int of_case, const char *extra)
{
	struct posting *p = mem_alloc(sizeof *p);
	struct buf body = {0};
	unsigned char digest[64];
	char case_id[ID_UUID_SIZE];

	buf_printf(&body,
		"{\"kind\":\"%s\",\"case_id\":\"%s\",\"task_code\":\"T%d\",\"task_name\":\"事项\","
		"\"applyer_name\":\"李样例\",\"operator\":\"王示范\"%s}",
		kind, letter_case_id(of_case, case_id), of_case, extra);
	if (json_parse(&p->root, body.data, body.len, NULL) != OK)
		abort();
	intake_fill(p, p->root);
	snprintf(p->key, sizeof p->key, "018f0000-0000-7000-9000-%012d", key);
	p->body_len_bytes = body.len;
	p->body = buf_take(&body);
	crypto_digest(DIGEST_SHA256, p->body, p->body_len_bytes, digest);
	memcpy(p->digest, digest, sizeof p->digest);
	memcpy(p->query_password, "ABCD2345", 9);
	p->region = "371323";
	p->now_ms = clock_wall_ms(&clock_system);
	return p;
}

void letter_free(struct posting *p)
{
	free((char *)(uintptr_t)p->body);
	posting_free(p);
}

enum posting_result letter_take(struct central_store *s, struct posting *p)
{
	enum posting_result result;

	s->ops->take(s, &p, 1);
	result = p->result;
	letter_free(p);
	return result;
}

enum posting_result letter_apply(struct central_store *s, int number, int64_t station)
{
	struct posting *p = letter_new("application", number, number, "");

	p->station = p->of_station = station;
	return letter_take(s, p);
}

static void take_number(void *arg, const struct case_record *c)
{
	snprintf(arg, PROJECT_NO_SIZE, "%s", c->project_no);
}

const char *letter_project_no(struct central_store *s, int of_case, char out[PROJECT_NO_SIZE])
{
	char id[ID_UUID_SIZE];

	out[0] = '\0';
	s->ops->case_get(s, letter_case_id(of_case, id), take_number, out);
	return out;
}
