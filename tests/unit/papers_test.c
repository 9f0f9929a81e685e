/* Papers in the station's file: taken in, linked, named by letters, given up, removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/base/json.h"
#include "core/station/draft.h"
#include "core/station/outbox.h"
#include "core/station/papers.h"
#include "core/station/store.h"
#include "tests/unit/world.h"

static void list_paper(void *arg, const struct paper *p)
{
	buf_printf(arg, "%s|%s|%s|%lld ", p->material, p->field, p->name, (long long)p->size);
}

static void papers_are(struct world *w, const char *id, const char *want)
{
	struct buf b = {0};

	papers_each(w->store, id, list_paper, &b);
	assert_string_equal(buf_str(&b), want);
	buf_fini(&b);
}

static size_t files(struct world *w)
{
	struct buf cmd = {0};
	size_t n = 0;
	FILE *f;

	buf_printf(&cmd, "ls %s/papers 2>/dev/null | wc -l", w->folder);
	f = popen(cmd.data, "r");
	assert_int_equal(fscanf(f, "%zu", &n), 1);
	pclose(f);
	buf_fini(&cmd);
	return n;
}

static void submit(struct world *w, const char *id, const char *materials, const char *answers)
{
	struct application a = world_application(id);
	char receipt[LOCAL_RECEIPT_SIZE];

	a.materials_json = materials;
	if (answers != NULL)
		a.answers_json = answers;
	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
}

static void a_paper_is_kept_once_and_safely(void **state)
{
	char a[ID_UUID_SIZE], b[ID_UUID_SIZE], *path;
	struct buf cmd = {0};
	struct stat st;
	struct world w;

	(void)state;
	world_open(&w, 1);
	world_draft(&w, a);
	world_draft(&w, b);
	path = world_attach(&w, a, 1, 3000);
	free(world_attach(&w, a, 1, 3000)); /* the same again changes nothing */
	free(world_attach(&w, b, 1, 3000));
	free(world_attach(&w, b, 2, 10));
	papers_are(&w, a, "材料1||scan-1.pdf|3000 ");
	papers_are(&w, b, "材料1||scan-1.pdf|3000 材料2||scan-2.pdf|10 ");
	assert_int_equal(files(&w), 2);
	buf_printf(&cmd, "%s/papers", w.folder);
	assert_int_equal(stat(cmd.data, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	unlink(path);
	world_restart(&w);
	papers_are(&w, a, "材料1||scan-1.pdf|3000 ");
	free(path);
	buf_fini(&cmd);
	world_close(&w);
}

static void what_is_no_paper_is_refused(void **state)
{
	char id[ID_UUID_SIZE], *path;
	struct buf why = {0}, big = {0};
	struct world w;
	FILE *f;

	(void)state;
	world_open(&w, 2);
	world_draft(&w, id);
	assert_int_equal(
		paper_attach(w.store, id, "m", NULL, "/no/such/file", &why), ERR_NOT_FOUND);
	assert_non_null(strstr(why.data, "/no/such/file"));
	assert_int_equal(paper_attach(w.store, id, "m", NULL, w.folder, &why), ERR_INVALID);
	assert_int_equal(paper_attach(w.store, id, "m", NULL, "/dev/zero", &why), ERR_INVALID);
	buf_printf(&big, "%s/big", w.folder);
	f = fopen(big.data, "w");
	assert_int_equal(ftruncate(fileno(f), PAPER_MAX_BYTES + 1), 0);
	assert_int_equal(paper_attach(w.store, id, "m", NULL, big.data, &why), ERR_INVALID);
	assert_non_null(strstr(why.data, "20"));
	assert_int_equal(ftruncate(fileno(f), 0), 0);
	assert_int_equal(paper_attach(w.store, id, "m", NULL, big.data, &why), ERR_INVALID);
	fclose(f);
	path = world_attach(&w, id, 1, 10);
	submit(&w, id, NULL, NULL);
	assert_int_equal(paper_attach(w.store, id, "m", NULL, path, &why), ERR_STATE);
	free(path);
	buf_fini(&big);
	buf_fini(&why);
	world_close(&w);
}

/* Only what belongs to a listed material or an answered field goes along. */
static void a_letter_names_its_papers(void **state)
{
	static const char answers[] =
		"{\"photo\":\"x.png\",\"members\":[{\"a\":1},{\"photo\":\"y\"}]}";
	char id[ID_UUID_SIZE], *path;
	struct letter l;
	struct world w;
	const json *list, *one;
	json *body;
	size_t n = 0;

	(void)state;
	world_open(&w, 3);
	world_draft(&w, id);
	path = world_attach(&w, id, 1, 100);
	free(world_attach(&w, id, 2, 100)); /* no longer asked for */
	assert_int_equal(paper_attach(w.store, id, NULL, "photo", path, NULL), OK);
	assert_int_equal(paper_attach(w.store, id, NULL, "members[2]/photo", path, NULL), OK);
	assert_int_equal(paper_attach(w.store, id, NULL, "members[3]/photo", path, NULL), OK);
	assert_int_equal(paper_attach(w.store, id, NULL, "gone", path, NULL), OK);
	submit(&w, id, "[{\"material_name\":\"材料1\",\"state\":\"received\"}]", answers);
	assert_int_equal(outbox_get(w.store, id, &l), OK);
	assert_int_equal(l.papers_bytes, 100);
	assert_int_equal(json_parse(&body, l.body, l.body_len, NULL), OK);
	list = json_get(body, "attachments");
	for (one = json_first(list); one != NULL; one = json_next(one), n++) {
		const char *field = json_get_str(one, "field");
		assert_int_equal(strlen(json_get_str(one, "sha256")), 64);
		assert_int_equal(strlen(json_get_str(one, "sm3")), 64);
		assert_string_equal(json_get_str(one, "media_type"), "application/pdf");
		assert_string_equal(json_get_str(one, "name"), "scan-1.pdf");
		if (field != NULL)
			assert_true(strcmp(field, "photo") == 0 ||
				    strcmp(field, "members[2]/photo") == 0);
		else
			assert_string_equal(json_get_str(one, "material_name"), "材料1");
	}
	assert_int_equal(n, 3);
	assert_int_equal(outbox_due(w.store, w.wall_ms, NULL, 0, &(struct letter){0}, 1), 0);
	json_free(body);
	letter_fini(&l);
	free(path);
	world_close(&w);
}

static void giving_a_correction_up_gives_its_papers_up(void **state)
{
	char id[ID_UUID_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 4);
	world_draft(&w, id);
	free(world_attach(&w, id, 1, 100));
	submit(&w, id, NULL, NULL);
	assert_int_equal(case_revise(w.store, id, "0317", NULL), OK);
	free(world_attach(&w, id, 2, 100));
	papers_are(&w, id, "材料1||scan-1.pdf|100 材料2||scan-2.pdf|100 ");
	assert_int_equal(case_revise_drop(w.store, id, "0317"), OK);
	papers_are(&w, id, "材料1||scan-1.pdf|100 ");
	assert_int_equal(paper_tidy(w.store, NULL), OK);
	assert_int_equal(files(&w), 1);
	world_close(&w);
}

static void what_nobody_needs_is_removed(void **state)
{
	char kept[ID_UUID_SIZE], dropped[ID_UUID_SIZE], ended[ID_UUID_SIZE], sql[200];
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = "{\"project_no\":\"N1\"}"};
	struct buf orphan = {0};
	struct world w;
	size_t removed;

	(void)state;
	world_open(&w, 5);
	world_draft(&w, kept);
	world_draft(&w, dropped);
	world_draft(&w, ended);
	free(world_attach(&w, kept, 1, 100));
	free(world_attach(&w, dropped, 1, 100)); /* shared with the kept one */
	free(world_attach(&w, dropped, 2, 100));
	free(world_attach(&w, ended, 3, 100));
	submit(&w, ended, NULL, NULL);
	assert_int_equal(draft_drop(w.store, dropped, "0317"), OK);
	buf_printf(&orphan, "%s/papers/%064d", w.folder, 7);
	fclose(fopen(orphan.data, "w")); /* its row did not become durable */
	assert_int_equal(paper_tidy(w.store, &removed), OK);
	assert_int_equal(files(&w), 2);
	/* the letter has arrived and the case has ended: its paper goes */
	snprintf(sql, sizeof sql, "UPDATE case_ SET state = 'completed' WHERE id = '%s'", ended);
	assert_int_equal(db_exec(store_db(w.store), sql), OK);
	assert_int_equal(paper_tidy(w.store, &removed), OK);
	assert_int_equal(removed, 0); /* not before it has arrived */
	world_settle(&w, ended, &o);
	assert_int_equal(paper_tidy(w.store, &removed), OK);
	assert_int_equal(removed, 1);
	papers_are(&w, kept, "材料1||scan-1.pdf|100 ");
	papers_are(&w, ended, "");
	buf_fini(&orphan);
	world_close(&w);
}

static void first_sha(void *arg, const struct paper *p)
{
	snprintf(arg, PAPER_HEX_SIZE, "%s", p->sha256);
}

static void a_paper_can_be_taken_away_again(void **state)
{
	char id[ID_UUID_SIZE], sha256[PAPER_HEX_SIZE];
	struct world w;

	(void)state;
	world_open(&w, 6);
	world_draft(&w, id);
	free(world_attach(&w, id, 1, 100));
	papers_each(w.store, id, first_sha, sha256);
	assert_int_equal(paper_detach(w.store, id, "材料2", NULL, sha256), ERR_NOT_FOUND);
	assert_int_equal(paper_detach(w.store, id, "材料1", NULL, sha256), OK);
	papers_are(&w, id, "");
	assert_int_equal(files(&w), 0);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_paper_is_kept_once_and_safely),
		cmocka_unit_test(what_is_no_paper_is_refused),
		cmocka_unit_test(a_letter_names_its_papers),
		cmocka_unit_test(giving_a_correction_up_gives_its_papers_up),
		cmocka_unit_test(what_nobody_needs_is_removed),
		cmocka_unit_test(a_paper_can_be_taken_away_again),
	};

	setenv("TZ", "Asia/Shanghai", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
