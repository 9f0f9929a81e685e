#include "tests/screens/day_fill.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/station/acts.h"
#include "core/station/cases.h"
#include "core/station/changes.h"
#include "core/station/draft.h"
#include "core/station/line.h"
#include "core/station/outbox.h"
#include "core/station/store.h"

enum {
	MINUTE = 60 * 1000,
	VISITORS = 14
};

struct filling {
	int64_t wall_ms;
	struct clock clock;
	struct store *store;
	int told;
};

static int64_t wall(void *arg)
{
	return ((struct filling *)arg)->wall_ms;
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "day_fill: %s\n", what);
	exit(1);
}

static const struct {
	const char *code, *name, *body;
} matters[] = {{"11371323MB27857832137111700400001", "残疾人证新办", "沂水县残疾人联合会"},
	{"11371323004226188J437051200200001", "80周岁以上老年人高龄津贴发放", "沂水县民政局"},
	{"11371323MB2857374R400011713500001", "就业失业登记证申领", "沂水县人力资源和社会保障局"}};

static char *copy(char *at, size_t size, const char *text)
{
	snprintf(at, size, "%s", text);
	return at;
}

static void deliver(struct filling *f, const char *case_id, int i)
{
	struct letter l = {.id = ""};
	char receipt[60];
	struct outbox_outcome o = {.state = LETTER_DELIVERED, .receipt = receipt};

	must(outbox_get(f->store, case_id, &l) == OK, "letter");
	snprintf(receipt, sizeof receipt, "{\"project_no\":\"37132320260%05d\"}", i);
	memcpy(o.id, l.id, sizeof o.id);
	must(outbox_settle(f->store, &o, 1) == OK, "settle");
	letter_fini(&l);
}

static void decide(struct filling *f, const char *case_id)
{
	struct changes_result r;
	struct buf text = {0};
	char iso[CLOCK_ISO_SIZE];

	f->told++;
	buf_printf(&text,
		"{\"cursor\":\"%d\",\"changes\":[{\"type\":\"case\",\"seq\":%d,\"at\":\"%s\","
		"\"case_id\":\"%s\",\"state\":\"completed\"}]}",
		f->told, f->told, clock_iso(f->wall_ms, iso), case_id);
	must(changes_apply(f->store, text.data, text.len, &r) == OK, "changes");
	must(case_seen(f->store, case_id) == OK, "seen");
	buf_fini(&text);
}

static void act(struct filling *f, const char *case_id, int i)
{
	char date[DATE_SIZE], facts[200];
	const int32_t due = clock_day(f->wall_ms) + (i % 5 == 0 ? -1 : 5);
	struct act_order o = {.case_number = case_id,
		.act = i % 6 == 3   ? ACT_REQUEST_CORRECTION
		       : i % 7 == 6 ? ACT_REFUSE
				    : ACT_ACCEPT,
		.station = "test",
		.operator_name = i % 3 ? "0317" : "0318",
		.window = i % 3 ? "03" : "05",
		.facts = facts};

	snprintf(facts, sizeof facts,
		"{\"reason\":\"不属本机关\",\"due_date\":\"%s\",\"last_day\":\"2099-01-01\","
		"\"corrections\":[{\"name\":\"照片\",\"defect\":\"模糊\"}]}",
		date_format(date_from_day(due), date));
	must(act_do(f->store, &o, NULL) == OK, "act");
	deliver(f, case_id, i);
	if (o.act == ACT_ACCEPT && i % 2 == 0)
		decide(f, case_id);
}

static void visit(struct filling *f, int i)
{
	char code[64], name[64], body[64], who[8], window[8], id[ID_UUID_SIZE];
	char receipt[LOCAL_RECEIPT_SIZE];
	const size_t m = i % 5 < 3 ? 0 : i % 5 - 2;
	const struct draft origin = {.task_code = copy(code, sizeof code, matters[m].code),
		.task_name = copy(name, sizeof name, matters[m].name),
		.dept_name = copy(body, sizeof body, matters[m].body),
		.operator_name = copy(who, sizeof who, i % 3 ? "0317" : "0318"),
		.window = copy(window, sizeof window, i % 3 ? "03" : "05")};
	struct application a = {.station = "test",
		.applyer_name = "李样例",
		.applyer_type = "1",
		.answers_json = "{}"};

	must(draft_begin(f->store, &origin, id) == OK, "draft");
	f->wall_ms += (3 + i % 4) * MINUTE + 20000;
	a.draft_id = id;
	must(case_submit(f->store, &a, receipt, NULL) == OK, "submit");
	f->wall_ms += i == 8 ? 12 * MINUTE : 1000;
	if (i < VISITORS - 1)
		deliver(f, id, i);
	if (i < VISITORS - 2)
		act(f, id, i);
}

void day_fill(const char *home)
{
	struct filling f = {.clock = {wall, wall, &f}};

	/* from the first minute of today on, so that it is always the past */
	f.wall_ms = clock_day_begin(clock_day(clock_wall_ms(&clock_system))) + 1000;
	must(store_open(&f.store, home, &f.clock, &entropy_system, NULL) == OK, "store");
	for (int i = 0; i < VISITORS; i++) {
		if (i == 8 || i == 9)
			must(line_note(f.store, i == 9) == OK, "line");
		visit(&f, i);
	}
	store_close(f.store);
}
