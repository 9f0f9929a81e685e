/* One validator: what the engine takes at the window the centre takes, what it finds wrong there
 * the centre finds wrong, at the same place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/paths.h"
#include "forms/entry.h"
#include "forms/form_library.h"
#include "tests/http/centre.h"

struct world {
	struct centre centre;
	int number; /* of the next case */
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	centre_init(&w->centre);
	setenv("TZ", "UTC", 1);
	centre_start(&w->centre, "");
	setenv("TZ", "Asia/Shanghai", 1);
	tzset();
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	centre_fini(&w->centre);
	free(w);
	return 0;
}

/* Posts a new case with these answers; extra: further members. */
static void post(struct world *w, struct answer *a, const char *form_id, const char *version,
	const char *submitted_at, const char *answers, const char *extra)
{
	struct buf body = {0}, headers = {0};
	int n = ++w->number;

	buf_printf(&headers,
		"Content-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-9000-%012d\r\n",
		n);
	buf_printf(&body,
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-%012d\","
		"\"task_code\":\"T\",\"applyer_name\":\"李样例\",\"form_id\":\"%s\","
		"\"form_version\":\"%s\",\"submitted_at\":\"%s\",\"answers\":%s%s}",
		n, form_id, version, submitted_at, answers, extra);
	centre_ask(&w->centre, a, "POST", "/v1/applications", headers.data, body.data);
	buf_fini(&body);
	buf_fini(&headers);
}

/* ---- every example of every shipped form ---- */

/* A place of the engine as the pointer that the centre should give. */
static void pointer_of(struct buf *out, const char *place)
{
	buf_clear(out);
	buf_adds(out, "\"pointer\":\"/answers/");
	for (; *place != '\0'; place++) {
		if (*place == '[') {
			buf_printf(out, "/%lu", strtoul(place + 1, NULL, 10) - 1);
			place = strchr(place, ']');
		} else {
			buf_addc(out, *place);
		}
	}
	buf_addc(out, '"');
}

/* What the station would send, and what the engine says of it there. */
static void example(struct world *w, const struct form *form, const char *line, int *passed)
{
	struct entry *e = entry_new(form, &clock_system);
	const struct entry_fault *faults;
	struct buf raw = {0}, sent = {0}, place = {0}, pointer = {0};
	struct answer a = {0};
	json *root = NULL;
	char now[CLOCK_ISO_SIZE];
	size_t count, i;

	assert_int_equal(json_parse(&root, line, strlen(line), NULL), OK);
	json_write(&raw, json_get(root, "answers"));
	entry_load(e, raw.data, raw.len, NULL);
	entry_json(e, &sent);
	count = entry_check(e, &faults);
	post(w, &a, form->id, form->version, clock_iso(clock_wall_ms(&clock_system), now),
		sent.data, "");
	if (a.status != (count == 0 ? 201 : 422))
		print_message("%s: %s\n%d %s\n", form->id, line, a.status, buf_str(&a.body));
	assert_int_equal(a.status, count == 0 ? 201 : 422);
	*passed += count == 0;
	for (i = 0; i < count; i++) {
		buf_clear(&place);
		entry_place(e, faults[i].node, &place);
		pointer_of(&pointer, place.data);
		assert_true(answer_has(&a, pointer.data));
	}
	entry_free(e);
	json_free(root);
	buf_fini(&raw);
	buf_fini(&sent);
	buf_fini(&place);
	buf_fini(&pointer);
	answer_fini(&a);
}

static void examples_of(struct world *w, const char *id, int *count, int *passed)
{
	struct form *form;
	struct buf faults = {0}, text = {0};
	char *folder = form_library_path(NULL, id), *file = paths_join(folder, "examples.jsonl");
	char *line, *next;

	assert_int_equal(form_read(&form, folder, &faults), OK);
	assert_int_equal(paths_read(&text, file, 1 << 20), OK);
	for (line = text.data; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (line[0] == '\0')
			continue;
		example(w, form, line, passed);
		(*count)++;
	}
	form_free(form);
	free(folder);
	free(file);
	buf_fini(&faults);
	buf_fini(&text);
}

static void every_example_of_every_form(void **state)
{
	char *library = paths_share("forms/library");
	DIR *dir = opendir(library);
	struct dirent *d;
	int count = 0, passed = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL)
		if (d->d_name[0] != '.')
			examples_of(*state, d->d_name, &count, &passed);
	closedir(dir);
	free(library);
	assert_true(count >= 150);
	assert_true(passed >= 58 && passed < count);
}

/* ---- one by one ---- */

#define PERSON \
	"\"applicant_name\":\"李样例\",\"applicant_id\":\"371323199003070001\"," \
	"\"applicant_town\":\"371323103\",\"applicant_address\":\"示范村人民路18号\"," \
	"\"confirmed\":\"OK\""
#define ILL \
	"\"illness\":[\"diabetes\"],\"ill_hospital\":\"示范县人民医院\",\"clinic\":\"示范镇卫生院\""
#define AT_NOON "2026-11-24T12:00:00+08:00"

static void other_versions_are_not_judged(void **state)
{
	const struct {
		const char *id, *version;
		int status;
	} rows[] = {
		{"chronic-disease", shipped_version("chronic-disease"), 422},
		{"chronic-disease", "2025.9", 201},
		{"chronic-disease", "", 201},
		{"no-such-form", "2026.1", 201},
		{"../library/chronic-disease", "2026.1", 201},
		{"chronic-disease/", "2026.1", 201},
		{"", "2026.1", 201},
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		post(*state, &a, rows[i].id, rows[i].version, AT_NOON, "{}", "");
		if (a.status != rows[i].status)
			print_message("row %zu: %d %s\n", i, a.status, buf_str(&a.body));
		assert_int_equal(a.status, rows[i].status);
	}
	answer_fini(&a);
}

static void a_warning_needs_its_reason(void **state)
{
	const char *answers = "{" PERSON "," ILL ",\"applicant_mobile\":\"+85261234567\","
			      "\"ill_on\":\"2026-05-06\"}";
	struct answer a = {0};

	post(*state, &a, "chronic-disease", shipped_version("chronic-disease"), AT_NOON, answers,
		"");
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/answers/applicant_mobile\""));
	assert_true(answer_has(&a, "\"rule\":\"mobile.abroad\""));
	post(*state, &a, "chronic-disease", shipped_version("chronic-disease"), AT_NOON, answers,
		",\"accepted_warnings\":[{\"field\":\"applicant_mobile\",\"rule\":\"mobile.abroad\","
		"\"reason\":\"本人在香港工作\"}]");
	assert_int_equal(a.status, 201);
	/* An error is not a warning, whatever is accepted. */
	post(*state, &a, "chronic-disease", shipped_version("chronic-disease"), AT_NOON,
		"{" PERSON "," ILL ",\"applicant_mobile\":\"12\",\"ill_on\":\"2026-05-06\"}",
		",\"accepted_warnings\":[{\"field\":\"applicant_mobile\",\"reason\":\"x\"}]");
	assert_int_equal(a.status, 422);
	assert_true(answer_has(&a, "\"pointer\":\"/answers/applicant_mobile\""));
	answer_fini(&a);
}

/* Whoever decides reads the reason, and what was done, in words. */
static void the_reason_is_shown_to_who_decides(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct buf out = {0};
	char words[96];

	post(w, &a, "chronic-disease", shipped_version("chronic-disease"), AT_NOON,
		"{" PERSON "," ILL
		",\"applicant_mobile\":\"+85261234567\",\"ill_on\":\"2026-05-06\"}",
		",\"accepted_warnings\":[{\"field\":\"applicant_mobile\",\"rule\":\"mobile.abroad\","
		"\"reason\":\"本人在香港工作\"},{\"field\":\"of_another_form\",\"reason\":\"不知\"}]");
	assert_int_equal(a.status, 201);
	snprintf(words, sizeof words, "case show %s", member(&a, "project_no"));
	assert_int_equal(centre_command(&w->centre, words, &out), 0);
	assert_non_null(strstr(out.data, "提醒已写明原因: 手机号码: 本人在香港工作\n"));
	assert_non_null(strstr(out.data, "提醒已写明原因: of_another_form: 不知\n"));
	assert_non_null(strstr(out.data, "  收件  收下申请"));
	assert_non_null(strstr(out.data, "状态: 收件\n"));
	setenv("LANGUAGE", "en", 1);
	assert_int_equal(centre_command(&w->centre, words, &out), 0);
	unsetenv("LANGUAGE");
	assert_non_null(strstr(out.data, "State: received\n"));
	assert_non_null(strstr(out.data, "  received  application taken"));
	strcat(words, " --json");
	assert_int_equal(centre_command(&w->centre, words, &out), 0);
	assert_non_null(strstr(out.data,
		"\"accepted_warnings\":[{\"field\":\"applicant_mobile\",\"label\":\"手机号码\","
		"\"rule\":\"mobile.abroad\",\"reason\":\"本人在香港工作\"},"
		"{\"field\":\"of_another_form\",\"reason\":\"不知\"}]"));
	buf_fini(&out);
	answer_fini(&a);
}

/* So are those of the situation and of what was done later, with what was told. */
static void other_reasons_are_shown_too(void **state)
{
	struct world *w = *state;
	struct answer a = {0};
	struct buf out = {0}, body = {0};
	char words[96], headers[160];

	post(w, &a, "chronic-disease", shipped_version("chronic-disease"), AT_NOON,
		"{" PERSON "," ILL
		",\"applicant_mobile\":\"13800000000\",\"ill_on\":\"2026-05-06\"}",
		",\"situation_warnings\":[{\"field\":\"rooms\",\"label\":\"房间数\","
		"\"rule\":\"form.soft_constraint\",\"reason\":\"大院\",\"message\":\"少见\"}]");
	assert_int_equal(a.status, 201);
	snprintf(words, sizeof words, "case show %s", member(&a, "project_no"));
	snprintf(headers, sizeof headers,
		"Content-Type: application/json\r\n"
		"Idempotency-Key: 018f0000-0000-7000-b000-%012d\r\n",
		w->number);
	buf_printf(&body,
		"{\"kind\":\"withdraw\",\"case_id\":\"018f0000-0000-7000-8000-%012d\","
		"\"reason\":\"改在别处办\",\"accepted_warnings\":[{\"field\":\"phone\","
		"\"label\":\"电话\",\"rule\":\"mobile.abroad\",\"reason\":\"在香港工作\"}]}",
		w->number);
	centre_ask(&w->centre, &a, "POST", "/v1/letters", headers, body.data);
	assert_int_equal(a.status, 201);
	assert_int_equal(centre_command(&w->centre, words, &out), 0);
	assert_non_null(strstr(out.data, "提醒已写明原因: 房间数 (少见): 大院\n"));
	assert_non_null(strstr(out.data, "提醒已写明原因: 撤回: 电话: 在香港工作\n"));
	strcat(words, " --json");
	assert_int_equal(centre_command(&w->centre, words, &out), 0);
	assert_non_null(
		strstr(out.data, "{\"act\":\"withdraw\",\"field\":\"phone\",\"label\":\"电话\","
				 "\"rule\":\"mobile.abroad\",\"reason\":\"在香港工作\"}"));
	buf_fini(&out);
	buf_fini(&body);
	answer_fini(&a);
}

/* The centre stands in another zone: the day that counts is the window's. */
static void the_windows_day_counts(void **state)
{
	static const struct {
		const char *submitted_at;
		int status;
	} rows[] = {
		{"2026-11-24T00:30:00+08:00", 201}, /* still the 23rd at the centre */
		{"2026-11-23T23:30:00+08:00", 422},
		{"2026-11-23T23:30:00-08:00", 422}, /* already the 24th at the centre */
		{"2026-11-24T00:30:00-08:00", 201},
		{"2026-11-24T00:30:00Z", 201},
		{"1999-01-01T00:00:00+08:00", 422}, /* a clock that is wrong by years */
		{"2070-01-01T00:00:00+08:00", 201},
	};
	struct answer a = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		post(*state, &a, "chronic-disease", shipped_version("chronic-disease"),
			rows[i].submitted_at,
			"{" PERSON "," ILL
			",\"applicant_mobile\":\"13800000001\",\"ill_on\":\"2026-11-24\"}",
			"");
		if (a.status != rows[i].status)
			print_message("row %zu: %d %s\n", i, a.status, buf_str(&a.body));
		assert_int_equal(a.status, rows[i].status);
	}
	answer_fini(&a);
}

static void repetitions_count_from_nought(void **state)
{
	struct answer a = {0};

	post(*state, &a, "minimum-living", shipped_version("minimum-living"), AT_NOON,
		"{\"family_member\":[{\"member_name\":\"李小样\",\"member_id\":\"371323201506010000\","
		"\"member_relation\":\"child\",\"member_income\":0},"
		"{\"member_name\":\"李二样\",\"member_id\":\"1\",\"member_relation\":\"child\"}]}",
		"");
	assert_int_equal(a.status, 422);
	assert_false(answer_has(&a, "/answers/family_member/0/member_id"));
	assert_true(answer_has(&a, "\"pointer\":\"/answers/family_member/1/member_id\""));
	assert_true(answer_has(&a, "\"pointer\":\"/answers/family_member/1/member_income\""));
	answer_fini(&a);
}

/* A letter that asks for a great deal of work is answered like any other. */
static void thousands_of_repetitions(void **state)
{
	struct answer a = {0};
	struct buf b = {0};
	int i;

	buf_adds(&b, "{\"family_member\":[");
	for (i = 0; i < 3000; i++)
		buf_printf(&b, "%s{\"member_name\":\"李%d\",\"member_id\":\"1\"}", i > 0 ? "," : "",
			i);
	buf_adds(&b, "]}");
	post(*state, &a, "minimum-living", shipped_version("minimum-living"), AT_NOON, b.data, "");
	assert_int_equal(a.status, 422);
	answer_fini(&a);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_example_of_every_form, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_versions_are_not_judged, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_warning_needs_its_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_reason_is_shown_to_who_decides, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_reasons_are_shown_too, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_windows_day_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(repetitions_count_from_nought, set_up, tear_down),
		cmocka_unit_test_setup_teardown(thousands_of_repetitions, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
