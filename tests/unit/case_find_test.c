/* A case is found by whatever a visitor has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/station/case_find.h"
#include "core/station/cases.h"
#include "core/station/name_match.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static void put(struct world *w, const char *id, const char *name, const char *person,
	const char *mobile, const char *number, const char *state)
{
	struct stmt *st = db_prepare(store_db(w->store),
		"UPDATE case_ SET applyer_name = ?2, person = ?3, mobile = ?4, project_no = ?5,"
		" state = ?6 WHERE id = ?1");

	db_bind_text(st, 1, id);
	db_bind_text(st, 2, name);
	db_bind_text(st, 3, person);
	db_bind_text(st, 4, mobile);
	db_bind_text(st, 5, number);
	db_bind_text(st, 6, state);
	assert_int_equal(db_run(st), OK);
}

static void add_name(void *arg, const struct case_view *v)
{
	buf_printf(arg, "%s ", v->applyer_name);
}

static void finds(struct world *w, const char *words, const char *state, const char *want)
{
	struct buf b = {0};

	case_find(w->store, &(struct case_wanted){words, state, 50}, add_name, &b);
	if (strcmp(buf_str(&b), want) != 0)
		fail_msg("%s: %s, not %s", words, buf_str(&b), want);
	buf_fini(&b);
}

static void by_whatever_a_visitor_has(void **state)
{
	char receipt[2][LOCAL_RECEIPT_SIZE], id[2][ID_UUID_SIZE], lower[LOCAL_RECEIPT_SIZE];
	struct world w;
	struct buf sql = {0};
	size_t i;

	(void)state;
	world_open(&w, 1);
	for (i = 0; i < 2; i++) {
		world_submit(&w, receipt[i], id[i]);
		world_pass(&w, 60000);
	}
	put(&w, id[0], "曾样例", "37132319900307001X", "13800000001", "3713232026112400001",
		"completed");
	put(&w, id[1], "欧阳示范", "371323199003070002", "13900000002", "3713232026112400002",
		"accepted");
	buf_printf(&sql,
		"INSERT INTO ticket (id, day, number, letter, state, machine, taken_ms, since_ms)"
		" VALUES ('t1', 20781, 'A032', 'A', 'done', 0, 1, 1);"
		"UPDATE case_ SET ticket = 't1' WHERE id = '%s';"
		"INSERT INTO event (case_id, at_ms, who, what, facts) VALUES ('%s', 1, '', 'decide',"
		" '{\"documents\":[{\"name\":\"证\",\"number\":\"沂残证〔2026〕77号\"}]}')",
		id[1], id[0]);
	assert_int_equal(db_exec(store_db(w.store), sql.data), OK);

	finds(&w, "曾", NULL, "曾样例 ");
	finds(&w, "zyl", NULL, "曾样例 "); /* 曾 is zeng as a name */
	finds(&w, "zengyang", NULL, "曾样例 ");
	finds(&w, "cyl", NULL, "曾样例 "); /* and ceng elsewhere */
	finds(&w, "oysf", NULL, "欧阳示范 ");
	finds(&w, "OuYang", NULL, "欧阳示范 ");
	finds(&w, "3713232026112400001", NULL, "曾样例 ");
	finds(&w, "24000", NULL, "欧阳示范 曾样例 ");
	finds(&w, receipt[0], NULL, "曾样例 ");
	for (i = 0; receipt[0][i] != '\0'; i++)
		lower[i] = receipt[0][i] == 'L' ? 'l' : receipt[0][i];
	lower[i] = '\0';
	finds(&w, lower, NULL, "曾样例 ");
	finds(&w, "37132319900307001x", NULL, "曾样例 ");
	finds(&w, "7001X", NULL, "曾样例 ");
	finds(&w, "13900000002", NULL, "欧阳示范 ");
	finds(&w, "a032", NULL, "欧阳示范 ");
	finds(&w, "〔2026〕77", NULL, "曾样例 ");
	finds(&w, "139 oy", NULL, "欧阳示范 "); /* each word narrows */
	finds(&w, "139 zyl", NULL, "");
	finds(&w, "", NULL, "欧阳示范 曾样例 ");
	finds(&w, "", "completed", "曾样例 ");
	finds(&w, "oysf", "completed", "");
	put(&w, id[0], "曾样例", "37132319900307001X", "0539-2251234", "3713232026112400001",
		"completed");
	finds(&w, "05392251234", NULL, "曾样例 "); /* a landline, whatever parts it */
	finds(&w, "0539-225", NULL, "曾样例 ");
	finds(&w, "(0539)2251234", NULL, "曾样例 ");
	finds(&w, "没有这个人", NULL, "");
	finds(&w, "'; DROP TABLE case_; --9", NULL, "");
	finds(&w, "1 1 1 1 1 1 1 1 1 1 1 1", NULL, "欧阳示范 曾样例 ");
	buf_fini(&sql);
	world_close(&w);
}

static void names_by_letters(void **state)
{
	(void)state;
	assert_true(name_sounds_like("陈晓燕", "cxy"));
	assert_true(name_sounds_like("陈晓燕", "chenxiaoyan"));
	assert_true(name_sounds_like("陈晓燕", "chxiaoy"));
	assert_false(name_sounds_like("陈晓燕", "xy"));
	assert_false(name_sounds_like("陈晓燕", "cxyz"));
	assert_true(name_sounds_like("陈晓燕", ""));
	assert_false(name_sounds_like("", "c"));
	assert_false(name_is_letters(""));
	assert_false(name_is_letters("cx1"));
	assert_true(name_is_letters("cx"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_whatever_a_visitor_has),
		cmocka_unit_test(names_by_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
