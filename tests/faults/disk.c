/*
 * A disk that is full or cannot be written: the real programs on a small file system of their own,
 * with less and less room, and read-only. Each run ends honestly (done, or a sentence and an exit
 * code); when there is room again nothing was lost and nothing is twice. Where no file system may
 * be mounted a limit on the size of files does for the full disk.
 *
 * ROOMS: how many different amounts of room.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/buf.h"
#include "core/station/fetch.h"
#include "core/station/http.h"
#include "tests/faults/count.h"
#include "tests/faults/report.h"
#include "tests/faults/small_disk.h"
#include "tests/faults/stage.h"

enum {
	PEACE_ROUNDS = 20,
	ROOM_STEP = 8 * 1024,
	FULL_BYTES = 1 << 20, /* with less the centre is not well */
	SLACK = 64 * 1024,    /* what it may write itself meanwhile */
	LONG_BYTES = 200 * 1024
};

/* ---- what is done in each state of the disk ---- */

static void end_honestly(struct row *row, struct program *p, const char *name, size_t figure)
{
	int code = program_end(p, PROGRAM_PATIENCE_US, SIGKILL);

	row->count++;
	if (!p->late && (code == 0 || (code <= 4 && p->sighed.len > 0)))
		return;
	row->other++;
	report_note("%s (%zu): exit %d, said \"%.60s\", sighed \"%.200s\"", name, figure, code,
		buf_str(&p->said), buf_str(&p->sighed));
}

static void try_all(struct stage *s, struct row *row, size_t figure)
{
	struct program p = {0};

	stage_apply(s, &p, NULL);
	end_honestly(row, &p, "apply", figure);
	stage_promise(s, &p);
	stage_deliver(s, &p, "--once", NULL);
	end_honestly(row, &p, "deliver", figure);
	program_fini(&p);
}

static bool close_disk(struct stage *s, struct row *row)
{
	struct count c;

	if (!stage_centre_runs(s) && !stage_centre_start(s, NULL, NULL)) {
		row->other++;
		report_note("the centre does not come back: %s", buf_str(&s->centre.sighed));
	}
	row->other += !stage_peace(s, PEACE_ROUNDS);
	row->other += stage_centre_stop(s) != 0;
	count_both(s, &c);
	count_into(&c, row);
	return report_row(row);
}

/* ---- a file system of its own ---- */

static bool on_small_disk(const char *what, void (*story)(struct stage *, struct row *))
{
	struct row row = {.part = "disk", .what = what};
	struct stage s;
	bool good;

	stage_open(&s);
	if (!small_disk_mount(&s)) {
		report_skipped("disk", what, strerror(errno));
		stage_close(&s);
		return true;
	}
	if (!stage_centre_start(&s, NULL, NULL))
		exit(3);
	story(&s, &row);
	good = close_disk(&s, &row);
	small_disk_unmount(&s);
	stage_close(&s);
	return good;
}

static void grows_full(struct stage *s, struct row *row)
{
	size_t rooms = report_length("ROOMS", 2, 24), i;

	for (i = 0; i < rooms; i++) {
		small_disk_leave(s, i * ROOM_STEP);
		try_all(s, row, i * ROOM_STEP);
		small_disk_clear(s);
		row->other += !stage_peace(s, 3);
	}
}

static void starts_full(struct stage *s, struct row *row)
{
	struct program p = {0};

	stage_centre_stop(s);
	small_disk_leave(s, 0);
	if (!stage_centre_start(s, NULL, NULL) && s->centre.sighed.len == 0) {
		row->other++;
		report_note("the centre does not start on a full disk, and says nothing");
	}
	try_all(s, row, 0);
	stage_centre_kill(s);
	small_disk_clear(s);
	program_fini(&p);
}

/* The body of its answer replaces said; the status, 0: none. */
static long send_to_centre(struct stage *s, const struct transport_request *r, struct buf *said)
{
	const struct http_options options = {.url = s->url};
	struct transport_answer a = {.status = 0};
	struct http *h;
	long status = 0;

	buf_clear(said);
	if (http_open(&h, &options, NULL) != OK)
		return 0;
	if (fetch_ask(http_transport(h), r, &a, NULL) == OK) {
		status = a.status;
		buf_add(said, a.body, a.body_len);
	}
	http_close(h);
	return status;
}

static long ask_centre(struct stage *s, const char *path, struct buf *said)
{
	const struct transport_request r = {.method = "GET", .path = path};

	return send_to_centre(s, &r, said);
}

static long long figure(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at != NULL ? atoll(at + strlen(name)) : -1;
}

/* With so much room it is well (200) or full (503, and says it), and tells how much there is. */
static void tells_health(struct stage *s, struct row *row, size_t bytes, long expected)
{
	struct buf said = {0};
	long long before, told, after;
	long status;

	small_disk_leave(s, bytes);
	status = ask_centre(s, "/health", &said);
	row->count++;
	if (status != expected || (status == 503 && strstr(buf_str(&said), "磁盘满了") == NULL)) {
		row->other++;
		report_note("health with %zu bytes of room: %ld %s", bytes, status, buf_str(&said));
	}
	before = (long long)small_disk_room(s);
	ask_centre(s, "/metrics", &said);
	after = (long long)small_disk_room(s);
	told = figure(buf_str(&said), "\nyimen_disk_free_bytes ");
	if (told > before + SLACK || told < after - SLACK) {
		row->other++;
		report_note("free: %lld are told, %lld were there before and %lld after", told,
			before, after);
	}
	buf_fini(&said);
}

/* One that is longer than what the log of the centre's file may have left over. */
static long send_letter(struct stage *s, struct buf *said)
{
	struct buf body = {0};
	struct transport_request r = {.method = "POST",
		.path = "/v1/applications",
		.key = "018f0000-0000-7000-9000-00000000d15c"};
	size_t i;
	long status;

	buf_printf(&body,
		"{\"kind\":\"application\",\"case_id\":\"018f0000-0000-7000-8000-00000000d15c\","
		"\"task_code\":\"%s\",\"applyer_name\":\"王老例\",\"answers\":{\"long\":\"",
		s->matter);
	for (i = 0; i < LONG_BYTES; i++)
		buf_addc(&body, 'x');
	buf_adds(&body, "\"}}");
	r.body = body.data;
	r.body_len = body.len;
	status = send_to_centre(s, &r, said);
	buf_fini(&body);
	return status;
}

/* What the station shows of its letter is this sentence. */
static void tells_sender(struct stage *s, struct row *row)
{
	struct buf said = {0};
	long status;

	small_disk_leave(s, 0);
	status = send_letter(s, &said);
	row->count++;
	if (status != 503 || strstr(buf_str(&said), "磁盘满了") == NULL) {
		row->other++;
		report_note("a letter without room: %ld %s", status, buf_str(&said));
	}
	small_disk_clear(s);
	status = send_letter(s, &said);
	row->count++;
	if (status != 201) {
		row->other++;
		report_note("the letter when there is room: %ld %s", status, buf_str(&said));
	}
	buf_fini(&said);
}

static void tells_that_it_is_full(struct stage *s, struct row *row)
{
	tells_health(s, row, 4 * FULL_BYTES, 200);
	tells_health(s, row, FULL_BYTES + SLACK, 200);
	tells_health(s, row, FULL_BYTES - SLACK, 503);
	tells_health(s, row, 0, 503);
	small_disk_clear(s);
	tells_health(s, row, FULL_BYTES * 2, 200); /* by itself, when there is room again */
	small_disk_clear(s);
	tells_sender(
		s, row); /* last: its long letter goes on into the centre's file when it likes */
}

static void read_only(struct stage *s, struct row *row)
{
	const char *const find[] = {"yimen", "search", "--limit", "1", "居住证申领", NULL};
	struct program p = {0};
	int code;

	stage_apply_now(s); /* waits while the disk is as it is */
	stage_centre_stop(s);
	small_disk_read_only(s);
	if (stage_centre_start(s, NULL, NULL)) {
		row->other++;
		report_note("the centre starts where it can keep nothing");
	} else if (s->centre.sighed.len == 0) {
		row->other++;
		report_note("the centre does not start, and says nothing");
	}
	stage_apply(s, &p, NULL);
	code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	if (code == 0 || code > 4 || p.sighed.len == 0 || stage_promise(s, &p)) {
		row->other++;
		report_note("apply on a read-only disk: exit %d, %s%s", code, buf_str(&p.said),
			buf_str(&p.sighed));
	}
	stage_deliver(s, &p, "--once", NULL);
	end_honestly(row, &p, "deliver", 0);
	if (stage_station(s, &p, find) != 0) {
		row->other++;
		report_note("search on a read-only disk: %s", buf_str(&p.sighed));
	}
	small_disk_clear(s);
	program_fini(&p);
}

/* ---- a limit on files ---- */

/* Of the programs started from now on. */
static void limit_files(rlim_t bytes)
{
	struct rlimit r;

	getrlimit(RLIMIT_FSIZE, &r);
	r.rlim_cur = bytes;
	setrlimit(RLIMIT_FSIZE, &r);
}

static bool files_limited(void)
{
	struct row row = {.part = "disk", .what = "files may not grow further"};
	size_t rooms = report_length("ROOMS", 2, 24), i;
	struct stage s;
	bool good;

	stage_open(&s);
	if (!stage_centre_start(&s, NULL, NULL))
		exit(3);
	for (i = 0; i < rooms; i++) {
		limit_files((rlim_t)(i * i * ROOM_STEP / 4));
		try_all(&s, &row, i * i * ROOM_STEP / 4);
		limit_files(RLIM_INFINITY);
		row.other += !stage_peace(&s, 3);
	}
	good = close_disk(&s, &row);
	stage_close(&s);
	return good;
}

int main(void)
{
	bool good = true;

	signal(SIGXFSZ, SIG_IGN);
	good &= files_limited();
	good &= on_small_disk("full, with a little more room each time", grows_full);
	good &= on_small_disk("full when the centre starts", starts_full);
	good &= on_small_disk("full, and the centre tells", tells_that_it_is_full);
	good &= on_small_disk("read-only", read_only);
	return good ? 0 : 1;
}
