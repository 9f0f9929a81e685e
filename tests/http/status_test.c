/* What the centre tells of itself: figures in Prometheus' text format, and a log in which nobody is
 * named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ctype.h>
#include <signal.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/paths.h"
#include "tests/http/centre.h"

#define JSON_TYPE "Content-Type: application/json\r\n"

/* ---- text format 0.0.4 ---- */

enum {
	FAMILIES_MAX = 64,
	SERIES_MAX = 512
};

struct family {
	char name[80], type[16];
	bool helped;
};

struct reading {
	struct family families[FAMILIES_MAX];
	size_t family_count;
	char *series[SERIES_MAX]; /* name and labels as written */
	double values[SERIES_MAX];
	size_t series_count;
};

static size_t name_length(const char *s)
{
	size_t n = 0;

	if (!isalpha((unsigned char)s[0]) && s[0] != '_' && s[0] != ':')
		return 0;
	while (isalnum((unsigned char)s[n]) || s[n] == '_' || s[n] == ':')
		n++;
	return n;
}

static struct family *family_of(struct reading *r, const char *name, size_t len)
{
	static const char *const endings[] = {"", "_bucket", "_sum", "_count"};
	size_t i, k;

	for (k = 0; k < sizeof endings / sizeof *endings; k++) {
		size_t tail = strlen(endings[k]);
		for (i = 0; i < r->family_count; i++) {
			const char *own = r->families[i].name;
			if (len > tail && strlen(own) == len - tail &&
				memcmp(own, name, len - tail) == 0 &&
				memcmp(name + len - tail, endings[k], tail) == 0 &&
				(k == 0 || strcmp(r->families[i].type, "histogram") == 0))
				return &r->families[i];
		}
	}
	return NULL;
}

/* {label="value",…}: returns what follows; values may be escaped. */
static const char *skip_labels(const char *at)
{
	size_t n;

	if (*at != '{')
		return at;
	at++;
	while (*at != '}') {
		n = name_length(at);
		assert_true(n > 0);
		at += n;
		assert_true(at[0] == '=' && at[1] == '"');
		for (at += 2; *at != '"'; at++) {
			assert_true(*at != '\0' && *at != '\n');
			if (*at == '\\') {
				at++;
				assert_true(*at == '\\' || *at == '"' || *at == 'n');
			}
		}
		at++;
		if (*at == ',')
			at++;
		else
			assert_int_equal(*at, '}');
	}
	return at + 1;
}

static void read_comment(struct reading *r, const char *line)
{
	bool is_type = strncmp(line, "# TYPE ", 7) == 0;
	size_t n = name_length(line + 7);
	struct family *f = NULL;

	assert_true(is_type || strncmp(line, "# HELP ", 7) == 0);
	assert_true(n > 0 && n < sizeof f->name && line[7 + n] == ' ');
	if (r->family_count > 0 &&
		strncmp(r->families[r->family_count - 1].name, line + 7, n) == 0 &&
		r->families[r->family_count - 1].name[n] == '\0') {
		f = &r->families[r->family_count - 1];
	} else {
		assert_null(family_of(r, line + 7, n)); /* one block a family */
		assert_true(r->family_count < FAMILIES_MAX);
		f = &r->families[r->family_count++];
		memcpy(f->name, line + 7, n);
	}
	if (is_type) {
		assert_string_equal(f->type, "");
		snprintf(f->type, sizeof f->type, "%s", line + 7 + n + 1);
		assert_true(strcmp(f->type, "counter") == 0 || strcmp(f->type, "gauge") == 0 ||
			    strcmp(f->type, "histogram") == 0);
	} else {
		f->helped = true;
	}
}

static void read_sample(struct reading *r, char *line)
{
	size_t n = name_length(line), i;
	struct family *f = family_of(r, line, n);
	const char *after = skip_labels(line + n);
	char *end;

	assert_true(n > 0);
	assert_non_null(f);
	assert_true(f->helped && f->type[0] != '\0');
	if (strcmp(f->type, "counter") == 0)
		assert_true(n > 6 && memcmp(line + n - 6, "_total", 6) == 0);
	assert_int_equal(*after, ' ');
	assert_true(r->series_count < SERIES_MAX);
	r->values[r->series_count] = strtod(after + 1, &end);
	assert_true(end > after + 1 && *end == '\0');
	line[after - line] = '\0';
	for (i = 0; i < r->series_count; i++)
		assert_string_not_equal(r->series[i], line);
	r->series[r->series_count++] = line;
}

static double value_of(const struct reading *r, const char *series)
{
	size_t i;

	for (i = 0; i < r->series_count; i++)
		if (strcmp(r->series[i], series) == 0)
			return r->values[i];
	print_message("there is no %s\n", series);
	fail();
	return 0;
}

/* Reads the whole text, in place. */
static void read_metrics(struct reading *r, struct buf *text)
{
	char *line = text->data, *next;
	double last = 0;
	size_t i;

	*r = (struct reading){.family_count = 0};
	assert_true(text->len > 0 && text->data[text->len - 1] == '\n');
	for (; *line != '\0'; line = next) {
		next = strchr(line, '\n') + 1;
		next[-1] = '\0';
		if (*line == '#')
			read_comment(r, line);
		else
			read_sample(r, line);
	}
	for (i = 0; i < r->series_count; i++) {
		if (strncmp(r->series[i], "yimen_request_seconds_bucket", 28) != 0)
			continue;
		assert_true(r->values[i] >= last); /* each holds those before it */
		last = r->values[i];
	}
	assert_true(last == value_of(r, "yimen_request_seconds_bucket{le=\"+Inf\"}"));
	assert_true(last == value_of(r, "yimen_request_seconds_count"));
}

static void send_paper(struct centre *c, struct answer *a, const char *sha256, const char *headers)
{
	char path[160], all[256];

	snprintf(path, sizeof path, "/v1/attachments/%s", sha256);
	snprintf(all, sizeof all,
		"Content-Type: application/offset+octet-stream\r\nUpload-Offset: 0\r\n"
		"Upload-Length: 5\r\n%s",
		headers);
	centre_ask(c, a, "PATCH", path, all, "hello");
}

static void figures_can_be_read(void **state)
{
	struct centre *c = *state;
	struct answer a = {0};
	struct reading *r = calloc(1, sizeof *r);
	char sha256[CRYPTO_HEX_SIZE], request[160];
	int waiting;

	centre_start(c, "");
	post_application(c, &a, 1, 1, "");
	post_application(c, &a, 1, 1, "");
	post_application(c, &a, 2, 2, ",\"operator\":1");
	centre_ask(c, &a, "GET", "/nowhere/at/all", "", NULL);
	crypto_hex(DIGEST_SHA256, "hello", 5, sha256);
	send_paper(c, &a, sha256, "");
	assert_int_equal(a.status, 200);
	centre_ask(c, &a, "GET", "/v1/changes", "", NULL);
	snprintf(request, sizeof request,
		"GET /health HTTP/1.1\r\nHost: t\r\n\r\n"
		"GET /v1/changes?cursor=%s&wait=60 HTTP/1.1\r\nHost: t\r\n\r\n",
		member(&a, "cursor"));
	waiting = centre_dial(c);
	line_sends(waiting, request);
	line_answer(waiting, &a);
	do {
		centre_ask(c, &a, "GET", "/metrics", "", NULL);
	} while (!answer_has(&a, "yimen_waiting 1\n"));
	assert_string_equal(
		answer_header(&a, "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
	read_metrics(r, &a.body);
	assert_true(value_of(r, "yimen_letters_total{result=\"taken\"}") == 1);
	assert_true(value_of(r, "yimen_letters_total{result=\"again\"}") == 1);
	assert_true(value_of(r, "yimen_letters_total{result=\"invalid\"}") == 1);
	assert_true(value_of(r, "yimen_paper_pieces_total{result=\"complete\"}") == 1);
	assert_true(value_of(r, "yimen_paper_bytes_total") == 5);
	assert_true(value_of(r, "yimen_papers_unfinished") == 0);
	assert_true(value_of(r, "yimen_disk_free_bytes") > 0);
	assert_true(value_of(r, "yimen_connections") == 2);
	assert_true(
		value_of(r, "yimen_requests_total{method=\"\",route=\"none\",status=\"4xx\"}") ==
		1);
	close(waiting);
	free(r);
	answer_fini(&a);
}

static void health_is_short(void **state)
{
	struct answer a = {0};

	centre_start(*state, "");
	centre_ask(*state, &a, "GET", "/health", "", NULL);
	assert_int_equal(a.status, 200);
	assert_string_equal(member(&a, "status"), "ok");
	centre_ask(*state, &a, "HEAD", "/health", "", NULL);
	assert_int_equal(a.body.len, 0);
	answer_fini(&a);
}

/* ---- the log ---- */

#define NAME   "李样例"
#define PERSON "371323199003070001"
#define MOBILE "13800000001"

/* Says it in every way that a request can. */
static void say_it_everywhere(struct centre *c, const char *header, struct buf *secrets)
{
	static const char *const paths[] = {"/v1/cases/" PERSON,
		"/v1/cases?after=" PERSON "&day=2026-11-24", "/v1/changes?cursor=" MOBILE,
		"/" PERSON "/" MOBILE, "/v1/cases/%E6%9D%8E%E6%A0%B7%E4%BE%8B",
		"/v1/attachments/" PERSON, "/health?name=%E6%9D%8E%E6%A0%B7%E4%BE%8B&id=" PERSON,
		"/v1/catalogue?" PERSON};
	static const char *const bodies[] = {
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-000000000001\","
		"\"task_code\":\"T\",\"applyer_name\":\"" NAME "\",\"contact_mobile\":\"" MOBILE
		"\",\"applyer_page_code\":\"" PERSON "\",\"form_id\":\"residence-permit\","
		"\"form_version\":\"2026.2\",\"answers\":{\"applicant_id\":\"" PERSON
		"\",\"applicant_mobile\":\"" MOBILE "\"}}",
		"{\"applyer_name\":\"" NAME "\",\"" PERSON "\":", "[\"" PERSON "\"]"};
	struct answer a = {0};
	struct buf headers = {0};
	size_t i;

	for (i = 0; i < sizeof paths / sizeof *paths; i++)
		centre_ask(c, &a, "GET", paths[i], header, NULL);
	for (i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		buf_clear(&headers);
		buf_printf(&headers,
			"%s" JSON_TYPE "Idempotency-Key: 018f0000-0000-7000-9000-%012zu\r\n"
			"X-Person: " PERSON "\r\n",
			header, i);
		centre_ask(c, &a, "POST", "/v1/applications", headers.data, bodies[i]);
	}
	buf_clear(&headers);
	buf_printf(&headers, "%s" JSON_TYPE "Idempotency-Key: 018f0000-0000-7000-9000-%012d\r\n",
		header, 77);
	centre_ask(c, &a, "POST", "/v1/applications", headers.data,
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-000000000007\","
		"\"task_code\":\"T\",\"applyer_name\":\"" NAME "\",\"contact_mobile\":\"" MOBILE
		"\",\"answers\":{\"applicant_id\":\"" PERSON "\"},\"note\":\"" NAME "\"}");
	assert_int_equal(a.status, 201);
	buf_printf(secrets, "%s\n", member(&a, "query_password"));
	buf_clear(&headers);
	buf_printf(&headers, "Query-Password: %s\r\n", member(&a, "query_password"));
	centre_ask(c, &a, "GET", answer_header(&a, "Location"), headers.data, NULL);
	centre_ask(c, &a, "GET", "/v1/cases", "Authorization: Bearer " PERSON "\r\n", NULL);
	centre_ask(c, &a, "POST", "/v1/enrolments", JSON_TYPE, "{\"code\":\"" MOBILE "\"}");
	answer_fini(&a);
	buf_fini(&headers);
}

static void nobody_is_named_in_the_log(void **state)
{
	struct centre *c = *state;
	struct buf log = {0}, secrets = {0}, code = {0}, body = {0};
	struct answer a = {0};
	char path[96], options[160], header[128], *line, *next;
	int lines = 0;

	snprintf(path, sizeof path, "%s/centre.log", c->dir);
	snprintf(options, sizeof options, "--log %s", path);
	centre_start(c, options);
	assert_int_equal(centre_command(c, "station add 一号窗", &code), 0);
	code.data[strcspn(code.data, "\n")] = '\0';
	buf_printf(&body, "{\"code\":\"%s\"}", code.data);
	centre_ask(c, &a, "POST", "/v1/enrolments", JSON_TYPE, body.data);
	snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", member(&a, "token"));
	buf_printf(&secrets, "%s\n%s\n%s\n", code.data, member(&a, "token"),
		member(&a, "receipt_key"));
	say_it_everywhere(c, header, &secrets);
	assert_int_equal(centre_stop(c, SIGTERM), 0);

	assert_int_equal(paths_read(&log, path, 1 << 20), OK);
	buf_printf(&secrets, "%s\n%s\n%s\n%s\n%s\n%s\n", NAME, PERSON, MOBILE,
		"%E6%9D%8E%E6%A0%B7%E4%BE%8B", "李", "199003070001");
	for (line = secrets.data; *line != '\0'; line = next) {
		next = strchr(line, '\n') + 1;
		next[-1] = '\0';
		assert_true(strlen(line) >= 3);
		if (strstr(log.data, line) != NULL)
			print_message("in the log: %s\n%s", line, log.data);
		assert_null(strstr(log.data, line));
	}
	/* Each request is there all the same, by its route. */
	for (line = log.data; (line = strstr(line, " http: ")) != NULL; line++)
		lines++;
	assert_true(lines >= 14);
	assert_non_null(strstr(log.data, "GET /v1/cases/{project_no} "));
	assert_non_null(strstr(log.data, "POST /v1/applications 201 "));
	answer_fini(&a);
	buf_fini(&log);
	buf_fini(&secrets);
	buf_fini(&code);
	buf_fini(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			figures_can_be_read, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(health_is_short, centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(
			nobody_is_named_in_the_log, centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
