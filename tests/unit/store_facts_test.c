/* What store.h promises of the rest: the catalogue, stations, papers, small facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/buf.h"
#include "core/central/store.h"
#include "tests/unit/store_bench.h"

/* ---- the catalogue ---- */

static void see_matter(void *arg, const char *code, const char *body)
{
	buf_printf(arg, "%s=%s;", code, body);
}

static void matters_are(struct central_store *s, const char *wanted)
{
	struct buf b = {0};

	assert_int_equal(s->ops->matter_each(s, "", 100, see_matter, &b), OK);
	assert_string_equal(buf_str(&b), wanted);
	buf_fini(&b);
}

static void import(struct central_store *s, const struct matter_row *rows, size_t count)
{
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, rows, count), OK);
	assert_int_equal(s->ops->import_end(s, 9), OK);
}

static void an_import_is_unseen_until_its_end(void **state)
{
	static const struct matter_row first[] = {{"B", "乙", "{1}"}, {"A", "甲", "{2}"},
		{"B", "乙", "{3}"}},
				       second[] = {{"A", "甲", "{4}"}, {"C", "丙", "{5}"}};
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct catalogue_state before, now;
	struct buf body = {0};
	int64_t seq;

	assert_int_equal(s->ops->catalogue(s, false, &now), OK);
	assert_string_equal(now.version, "");
	import(s, first, 3);
	matters_are(s, "A={2};B={3};");
	assert_int_equal(s->ops->catalogue(s, false, &before), OK);
	assert_int_equal(before.matters, 2);
	assert_string_equal(before.version, "1cb94a1f0ce41b4b");
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_begin(s), ERR_BUSY);
	assert_int_equal(s->ops->import_put(s, second, 2), OK);
	matters_are(s, "A={2};B={3};");
	assert_false(s->ops->matter_known(s, "C"));
	assert_true(s->ops->matter_known(s, "A"));
	assert_int_equal(s->ops->matter_get(s, "C", &body), ERR_NOT_FOUND);
	assert_int_equal(s->ops->matter_get(s, "A", &body), OK);
	assert_string_equal(body.data, "{2}");
	assert_int_equal(s->ops->import_end(s, 10), OK);
	matters_are(s, "A={4};B={3};C={5};");
	assert_int_equal(s->ops->catalogue(s, false, &now), OK);
	assert_int_equal(now.matters, 3);
	assert_string_not_equal(now.version, before.version);
	store_bench_reopen(*state);
	s = ((struct store_bench *)*state)->s;
	assert_int_equal(s->ops->catalogue(s, false, &before), OK);
	assert_string_equal(before.version, now.version);
	assert_true(s->ops->matter_known(s, "C"));
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 2);
	import(s, second, 2); /* the same again: nobody is told */
	assert_int_equal(s->ops->last_seq(s, &seq), OK);
	assert_int_equal(seq, 2);
	buf_fini(&body);
}

static void an_import_that_is_dropped_has_never_been(void **state)
{
	static const struct matter_row first[] = {{"A", "甲", "{1}"}},
				       second[] = {{"A", "甲", "{2}"}, {"B", "乙", "{3}"}};
	struct central_store *s = ((struct store_bench *)*state)->s;

	import(s, first, 1);
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, second, 2), OK);
	s->ops->import_drop(s);
	matters_are(s, "A={1};");
	/* As after a kill: nothing of it is in the next one. */
	assert_int_equal(s->ops->import_begin(s), OK);
	assert_int_equal(s->ops->import_put(s, second, 2), OK);
	store_bench_reopen(*state);
	s = ((struct store_bench *)*state)->s;
	matters_are(s, "A={1};");
	import(s, first, 1);
	matters_are(s, "A={1};");
}

static void matters_in_slices(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct matter_row rows[3] = {{"a", "1", "{}"}, {"Z", "2", "{}"}, {"中", "3", "{}"}};
	struct buf b = {0};

	import(s, rows, 3);
	assert_int_equal(s->ops->matter_each(s, "", 2, see_matter, &b), OK);
	assert_int_equal(s->ops->matter_each(s, "a", 2, see_matter, &b), OK);
	assert_string_equal(b.data, "Z={};a={};中={};"); /* by their bytes */
	buf_fini(&b);
}

/* ---- stations, papers, small facts ---- */

static void see_station(void *arg, const struct station_record *r)
{
	buf_printf(
		arg, "%s %lld %lld;", r->name, (long long)r->added_ms, (long long)r->enrolled_ms);
}

static void stations(void **state)
{
	static const unsigned char code[32] = "code", other[32] = "other", token[32] = "token",
				   token_2[32] = "token 2";
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct buf b = {0};
	int64_t id = 0, same = 0;

	assert_int_equal(s->ops->station_add(s, "二号", false, code, 1000, 10), OK);
	assert_int_equal(s->ops->station_add(s, "二号", false, code, 1000, 11), OK);
	assert_int_equal(s->ops->station_add(s, "一号", false, other, 1000, 12), OK);
	assert_int_equal(s->ops->station_of(s, token, &id), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_enrol(s, code, token, 1001, &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_enrol(s, code, token, 1000, &b), OK);
	assert_string_equal(b.data, "二号");
	assert_int_equal(s->ops->station_enrol(s, code, token_2, 20, &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_of(s, token, &id), OK);
	assert_int_equal(s->ops->station_by_name(s, "二号", &same), OK);
	assert_true(id > 0 && id == same);
	assert_int_equal(s->ops->station_by_name(s, "三号", &same), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_add(s, "二号", false, code, 1000, 30), ERR_EXISTS);
	assert_int_equal(s->ops->station_add(s, "二号", true, code, 1000, 30), OK);
	assert_int_equal(s->ops->station_of(s, token, &same), OK); /* until the code is used */
	buf_clear(&b);
	assert_int_equal(s->ops->station_enrol(s, code, token_2, 40, &b), OK);
	assert_int_equal(s->ops->station_of(s, token, &same), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_of(s, token_2, &same), OK);
	assert_int_equal(same, id);
	buf_clear(&b);
	assert_int_equal(s->ops->station_each(s, see_station, &b), OK);
	assert_string_equal(b.data, "一号 12 0;二号 10 40;");
	assert_int_equal(s->ops->station_revoke(s, "三号"), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_revoke(s, "二号"), OK);
	assert_int_equal(s->ops->station_of(s, token_2, &same), ERR_NOT_FOUND);
	assert_int_equal(s->ops->station_by_name(s, "二号", &same), OK);
	buf_fini(&b);
}

static void see_part(void *arg, const struct paper_row *row)
{
	buf_printf(arg, "%.1s %lld;", row->sha256, (long long)row->size);
}

static void papers(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct paper_row row = {.size = 5, .station = 1, .at_ms = 2}, found;
	struct buf b = {0};

	memset(row.sha256, 'a', PAPER_DIGEST_SIZE - 1);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), ERR_NOT_FOUND);
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	memset(row.sha256, 'b', PAPER_DIGEST_SIZE - 1);
	row.station = 2;
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	assert_int_equal(s->ops->paper_each_part(s, 2, see_part, &b), OK);
	assert_int_equal(s->ops->paper_each_part(s, 9, see_part, &b), OK);
	assert_string_equal(b.data, "b 5;");
	memset(row.sm3, 'c', PAPER_DIGEST_SIZE - 1);
	row.size = 6;
	assert_int_equal(s->ops->paper_put(s, &row), OK);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), OK);
	assert_string_equal(found.sm3, row.sm3);
	assert_true(found.size == 6 && found.station == 2 && found.at_ms == 2);
	buf_clear(&b);
	assert_int_equal(s->ops->paper_each_part(s, -1, see_part, &b), OK);
	assert_string_equal(b.data, "a 5;");
	assert_int_equal(s->ops->paper_drop(s, row.sha256), OK);
	assert_int_equal(s->ops->paper_drop(s, row.sha256), OK);
	assert_int_equal(s->ops->paper_get(s, row.sha256, &found), ERR_NOT_FOUND);
	buf_fini(&b);
}

static void small_facts(void **state)
{
	struct central_store *s = ((struct store_bench *)*state)->s;
	struct buf b = {0};

	assert_int_equal(s->ops->meta_get(s, "k", &b), ERR_NOT_FOUND);
	assert_int_equal(s->ops->meta_add(s, "k", "一"), OK);
	assert_int_equal(s->ops->meta_add(s, "k", "二"), ERR_EXISTS);
	assert_int_equal(s->ops->meta_get(s, "k", &b), OK);
	assert_int_equal(s->ops->meta_set(s, "k", "三"), OK);
	assert_int_equal(s->ops->meta_get(s, "k", &b), OK);
	assert_string_equal(b.data, "一三"); /* appended */
	assert_int_equal(s->ops->ready(s), OK);
	buf_fini(&b);
}

static const struct store_promise promises[] = {
	{"an import is unseen until its end", an_import_is_unseen_until_its_end},
	{"an import that is dropped has never been", an_import_that_is_dropped_has_never_been},
	{"matters in slices", matters_in_slices},
	{"stations", stations},
	{"papers", papers},
	{"small facts", small_facts},
};

int main(void)
{
	return stores_keep(promises, sizeof promises / sizeof *promises);
}
