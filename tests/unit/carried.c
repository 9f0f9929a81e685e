#include "tests/unit/carried.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/station/delivery.h"
#include "core/station/outbox.h"
#include "core/station/store.h"
#include "tests/unit/fake_centre.h"

void road_open(struct road *r)
{
	memset(r, 0, sizeof *r);
	world_open(&r->here, 11);
	world_open(&r->courier, 12);
	assert_int_equal(store_set(r->here.store, "receipt.key", "the hall's"), OK);
	assert_int_equal(store_set(r->courier.store, "receipt.key", "the hall's"), OK);
	assert_int_equal(store_set(r->here.store, "centre.station", "乡镇01"), OK);
	buf_printf(&r->file, "%s/letters.yimen", r->here.folder);
}

void road_close(struct road *r)
{
	world_close(&r->here);
	world_close(&r->courier);
	buf_fini(&r->file);
	buf_fini(&r->told);
}

static void note_left(void *arg, const struct letter *l, const char *why)
{
	buf_printf(arg, "%s: %s\n", l->kind, why);
}

enum err road_export(
	struct road *r, const char *number, struct outbox_file_result *result, struct buf *why)
{
	const struct outbox_order order = {.path = r->file.data,
		.ids = &number,
		.count = number != NULL,
		.operator_name = "0317",
		.left = note_left,
		.arg = &r->told};

	buf_clear(&r->told);
	return outbox_export(r->here.store, &order, result, why);
}

struct outbox_file_result road_export_all(struct road *r)
{
	struct outbox_file_result result = {0};
	struct buf why = {0};

	if (road_export(r, NULL, &result, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&why);
	return result;
}

struct outbox_file_result road_import_all(struct road *r)
{
	struct outbox_file_result result = {0};
	struct buf why = {0};

	if (outbox_import(r->courier.store, r->file.data, "0318", &result, &why) != OK)
		fail_msg("%s", buf_str(&why));
	buf_fini(&why);
	return result;
}

void road_submit_with_paper(struct world *w, char id[ID_UUID_SIZE], unsigned number)
{
	char receipt[LOCAL_RECEIPT_SIZE];
	struct application a;

	world_draft(w, id);
	free(world_attach(w, id, number, 150000));
	a = world_application(id);
	assert_int_equal(case_submit(w->store, &a, receipt, NULL), OK);
}

void road_deliver(struct world *w, struct fake_centre *f)
{
	struct delivery *d;
	int i;

	f->world = w;
	d = delivery_new(w->store, fake_centre_transport(f), NULL);
	for (i = 0; i < 200; i++)
		assert_int_equal(delivery_turn(d, 1000, NULL, 0), OK);
	delivery_free(d);
}
