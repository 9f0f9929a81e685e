/*
 * A hostile centre, a row a manner: the watcher goes on and does not grow, one round ends by itself
 * with a sentence, nothing that it says is believed, the workstation's keys answer meanwhile; and
 * when the real centre is back every letter ends well.
 *
 * WATCH_MS: how long the watcher is exposed to each.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/db.h"
#include "core/base/id.h"
#include "core/base/text.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/fetch.h"
#include "core/station/http.h"
#include "core/station/store.h"
#include "tests/faults/count.h"
#include "tests/faults/hostile_centre.h"
#include "tests/faults/report.h"
#include "tests/faults/stage.h"
#include "tests/screens/hall.h"

enum {
	LETTERS = 2,
	PEACE_ROUNDS = 20,
	PEAK_KIB_MAX = 96 * 1024, /* libcurl, SQLite and an answer of the largest size twice */
	ASKED_MAX_A_SECOND = 50,
	KEY_MS_MAX = 1000,
	SENTENCE_MAX_BYTES = 1200,
	BRIEF_MANNERS = 2
};

/* A sanitizer keeps what was freed: its programs are several times as large. */
static long peak_kib_max(void)
{
	const char *build = getenv("BUILD");

	return build != NULL && strstr(build, "san") != NULL ? 16L * PEAK_KIB_MAX : PEAK_KIB_MAX;
}

static const char *const patience[] = {"YIMEN_CENTRE_TIMEOUT=1", NULL};

static void note_fault(struct row *row, const char *what, long long figure, const struct program *p)
{
	row->other++;
	report_note("%s: %s (%lld) %.80s%.200s", row->what, what, figure, buf_str(&p->said),
		buf_str(&p->sighed));
}

static void watch(struct stage *s, struct row *row, const struct hostile *h, size_t exposure_ms)
{
	uint64_t before = *h->asked, asked;
	struct program p = {0};
	int code;

	stage_deliver(s, &p, "--watch", patience);
	code = program_end(&p, (int64_t)exposure_ms * 1000, SIGTERM);
	asked = *h->asked - before;
	if (code != 0)
		note_fault(row, "the watcher does not end well", code, &p);
	if (p.peak_kib > peak_kib_max())
		note_fault(row, "the watcher grew, KiB", p.peak_kib, &p);
	if (asked > 20 + ASKED_MAX_A_SECOND * exposure_ms / 1000)
		note_fault(row, "the watcher asks too often", (long long)asked, &p);
	if (strstr(buf_str(&p.said), "EVIL") != NULL)
		note_fault(row, "the watcher believed it", 0, &p);
	program_fini(&p);
}

static void once(struct stage *s, struct row *row)
{
	struct program p = {0};
	int code;

	stage_deliver(s, &p, "--once", patience);
	code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	if (p.late || code != 3 || p.sighed.len == 0)
		note_fault(row, "a round does not end with a sentence", code, &p);
	if (p.peak_kib > peak_kib_max())
		note_fault(row, "a round grew, KiB", p.peak_kib, &p);
	program_fini(&p);
}

static void sync_now(struct stage *s, struct row *row)
{
	const char *const find[] = {"yimen", "search", "--limit", "1", "居住证申领", NULL};
	struct program p = {0};
	int code;

	stage_deliver(s, &p, "sync", patience);
	code = program_end(&p, PROGRAM_PATIENCE_US, SIGKILL);
	if (p.late || code > 4 || (code != 0 && p.sighed.len == 0))
		note_fault(row, "sync does not end with a sentence", code, &p);
	if (stage_station(s, &p, find) != 0 || strstr(buf_str(&p.said), s->matter) == NULL)
		note_fault(row, "the catalogue is spoilt", 0, &p);
	program_fini(&p);
}

static void use(struct stage *s, struct hostile *h, const struct manner *m)
{
	char url[64];

	hostile_start(h, m);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", h->port);
	stage_url(s, url);
}

static bool suffer(const struct manner *m, size_t exposure_ms)
{
	struct row row = {.part = "hostile", .what = m->name, .count = LETTERS};
	struct hostile h;
	struct stage s;
	struct count c;
	int i;

	stage_open(&s);
	for (i = 0; i < LETTERS; i++)
		stage_apply_now(&s);
	use(&s, &h, m);
	watch(&s, &row, &h, exposure_ms);
	once(&s, &row);
	sync_now(&s, &row);
	hostile_stop(&h);
	if (!stage_centre_start(&s, NULL, NULL))
		exit(3);
	row.other += !stage_peace(&s, PEACE_ROUNDS);
	stage_centre_stop(&s);
	count_both(&s, &c);
	count_into(&c, &row);
	stage_close(&s);
	return report_row(&row);
}

/* Signs in and finds a matter, key by key; the slowest answer in ms. */
static double type(struct hall *h)
{
	static const char *const keys[] = {"c", "j", "r", "z", "<Esc>", "<Down>", "<Up>"};
	struct term *t = hall_today(h);
	struct term_frame frame;
	double slowest = 0;
	size_t i;

	term_rest(t, 100);
	for (i = 0; i < sizeof keys / sizeof *keys; i++) {
		term_keys(t, keys[i]);
		term_frame(t, 100, &frame);
		if (frame.bytes > 0 && frame.first_ms > slowest)
			slowest = frame.first_ms;
	}
	term_stop(t);
	return slowest;
}

static bool keys_answer(size_t count)
{
	struct row row = {.part = "hostile", .what = "the workstation's keys meanwhile"};
	struct hostile h;
	struct stage s;
	struct hall hall;
	double slowest = 0, ms;
	size_t i;

	stage_open(&s);
	hall_make(&hall);
	hall.env[3] = s.env_url;
	hall.env[4] = NULL;
	for (i = 0; i < count; i++) {
		use(&s, &h, &manners[i]);
		ms = type(&hall);
		hostile_stop(&h);
		if (ms > KEY_MS_MAX) {
			row.other++;
			report_note("%s: a key took %.0f ms", manners[i].name, ms);
		}
		slowest = ms > slowest ? ms : slowest;
		row.count++;
	}
	report_note("the slowest key: %.1f ms", slowest);
	hall_drop(&hall);
	stage_close(&s);
	return report_row(&row);
}

/* ---- a catalogue that is too much ---- */

/* Asks for it with these bounds; what the line says of it, and how much of it was kept. */
static enum line_fault fetch_bounded(
	const struct hostile *h, int64_t max_bytes, int64_t spare_bytes, int64_t *kept)
{
	struct transport_request r;
	struct transport_answer a = {.fault = LINE_OTHER};
	struct buf why = {0};
	struct http *http;
	FILE *file = tmpfile();
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d", h->port);
	if (file == NULL || http_open(&http, &(struct http_options){.url = url}, &why) != OK)
		exit(3);
	r = catalogue_fetch_request(file);
	r.into_max_bytes = max_bytes > 0 ? max_bytes : r.into_max_bytes;
	r.into_spare_bytes = spare_bytes > 0 ? spare_bytes : r.into_spare_bytes;
	fetch_ask(http_transport(http), &r, &a, &why);
	fseek(file, 0, SEEK_END);
	*kept = ftell(file);
	http_close(http);
	fclose(file);
	buf_fini(&why);
	return a.fault;
}

/* What never ends is cut where it is too much, and where the disk would not have enough left. */
static bool bounds_hold(void)
{
	struct row row = {.part = "hostile", .what = catalogue_without_end.name, .count = 2};
	const int64_t max = 5 << 20, no_disk_has = INT64_C(1) << 60;
	int64_t much, little;
	struct hostile h;

	hostile_start(&h, &catalogue_without_end);
	row.other += fetch_bounded(&h, max, 0, &much) != LINE_OVERSIZE;
	row.other += fetch_bounded(&h, max, no_disk_has, &little) != LINE_NO_ROOM;
	row.other += much > max || much < max / 2 || little > max / 2;
	if (row.other > 0)
		report_note("kept %lld and %lld bytes", (long long)much, (long long)little);
	hostile_stop(&h);
	return report_row(&row);
}

/* Of an answer that is cut where it is too much one knows still what its head said. */
static bool head_is_told(void)
{
	const struct transport_request r = {.method = "GET", .path = "/"};
	struct row row = {.part = "hostile", .what = "the head of what is too much", .count = 1};
	struct transport_answer a = {.fault = LINE_OTHER};
	struct http_options o = {.answer_max_bytes = 1000};
	struct buf why = {0};
	struct hostile h;
	struct http *http;
	char url[64];

	hostile_start(&h, &refusal_at_length);
	snprintf(url, sizeof url, "http://127.0.0.1:%d", h.port);
	o.url = url;
	if (http_open(&http, &o, &why) != OK)
		exit(3);
	fetch_ask(http_transport(http), &r, &a, &why);
	row.other += a.fault != LINE_OVERSIZE || a.status != 422 ||
		     strcmp(a.content_type, "application/problem+json") != 0;
	http_close(http);
	hostile_stop(&h);
	buf_fini(&why);
	return report_row(&row);
}

/* The catalogue that is here stays, and it is said why, to who asked for another and to who asks
 * what is wrong. */
static bool is_told(const struct manner *m, const char *sentence)
{
	const char *const doctor[] = {"yimen", "doctor", NULL};
	struct row row = {.part = "hostile", .what = m->name, .count = 1};
	struct program p = {0};
	struct hostile h;
	struct stage s;

	stage_open(&s);
	use(&s, &h, m);
	sync_now(&s, &row);
	stage_deliver(&s, &p, "sync", NULL);
	if (program_end(&p, PROGRAM_PATIENCE_US, SIGKILL) == 0 ||
		strstr(buf_str(&p.sighed), sentence) == NULL)
		note_fault(&row, "sync does not say why", 0, &p);
	if (p.peak_kib > peak_kib_max())
		note_fault(&row, "sync grew, KiB", p.peak_kib, &p);
	stage_station(&s, &p, doctor);
	if (strstr(buf_str(&p.said), sentence) == NULL)
		note_fault(&row, "the doctor does not say why", 0, &p);
	hostile_stop(&h);
	program_fini(&p);
	stage_close(&s);
	return report_row(&row);
}

/* ---- what it says when a station enrols ---- */

/* What the program has printed: a line, and nothing in it that a terminal obeys. */
static bool is_harmless(const struct buf *said)
{
	size_t len = said->len;

	if (len > 0 && said->data[len - 1] == '\n')
		len--;
	return strlen(buf_str(said)) == said->len && len <= SENTENCE_MAX_BYTES &&
	       memchr(buf_str(said), '\n', len) == NULL && text_is_plain(buf_str(said), true);
}

static char *fact(const struct stage *s, const char *name)
{
	struct store *store;
	char *value;

	if (store_open(&store, s->home, &clock_system, &entropy_system, NULL) != OK)
		exit(3);
	value = store_get(store, name);
	store_close(store);
	return value;
}

/* kept: the name it has from now on; NULL: it was not admitted. words: what is said still. */
static bool enrols(const struct manner *m, const char *kept, const char *words)
{
	struct row row = {.part = "hostile", .what = m->name, .count = 1};
	const char *program[] = {"yimen", "enrol", NULL, "AAAA-BBBB-CCCC", NULL};
	struct program p = {0};
	struct hostile h;
	struct stage s;
	char *name, *token;
	int code;

	stage_open(&s);
	use(&s, &h, m);
	program[2] = s.url;
	code = stage_station(&s, &p, program);
	name = fact(&s, "centre.station");
	token = fact(&s, "centre.token");
	if ((code == 0) != (kept != NULL) || (token != NULL) != (kept != NULL))
		note_fault(&row, "admitted, or not", code, &p);
	if (!is_harmless(&p.sighed) || !is_harmless(&p.said) ||
		strstr(buf_str(&p.sighed), words) == NULL)
		note_fault(&row, "says", code, &p);
	if (strcmp(name != NULL ? name : "", kept != NULL ? kept : "") != 0)
		note_fault(&row, "the name that is kept", (long long)strlen(name ? name : ""), &p);
	free(name);
	free(token);
	hostile_stop(&h);
	program_fini(&p);
	stage_close(&s);
	return report_row(&row);
}

/* The station's file takes the address and then not the token: it keeps neither, or its old token
 * would go to the new address. */
static bool is_kept_whole(void)
{
	struct row row = {.part = "hostile", .what = "enrolled, and the disk is full", .count = 1};
	const char *program[] = {"yimen", "enrol", NULL, "AAAA-BBBB-CCCC", NULL};
	struct program p = {0};
	struct hostile h;
	struct stage s;
	struct store *store;
	char *url, *before;

	stage_open(&s);
	use(&s, &h, &admission_with_commands);
	before = fact(&s, "centre.url");
	if (store_open(&store, s.home, &clock_system, &entropy_system, NULL) != OK)
		exit(3);
	if (db_exec(store_db(store),
		    "CREATE TRIGGER full BEFORE INSERT ON setting WHEN new.key ="
		    " 'centre.token' BEGIN SELECT RAISE(ABORT, 'full'); END") != OK)
		exit(3);
	store_close(store);
	program[2] = s.url;
	row.other += stage_station(&s, &p, program) == 0;
	url = fact(&s, "centre.url");
	if (strcmp(url != NULL ? url : "", before != NULL ? before : "") != 0)
		note_fault(&row, "an address without its token", 0, &p);
	free(url);
	free(before);
	hostile_stop(&h);
	program_fini(&p);
	stage_close(&s);
	return report_row(&row);
}

int main(void)
{
	size_t exposure_ms = report_length("WATCH_MS", 200, 800), count = 0, i;
	bool good = true;

	signal(SIGPIPE, SIG_IGN);
	while (manners[count].name != NULL)
		count++;
	if (getenv("SHORT") != NULL)
		count = BRIEF_MANNERS;
	for (i = 0; i < count; i++)
		good &= suffer(&manners[i], exposure_ms);
	good &= bounds_hold();
	good &= head_is_told();
	good &= is_told(&catalogue_of_3_gb, "太大");
	good &= is_told(&catalogue_unreadable, "看不懂");
	good &= enrols(&admission_with_commands, "示范 三号窗", "示范 三号窗");
	good &= enrols(&refusal_with_commands, NULL, "示范 三号窗");
	good &= enrols(&admission_with_a_header, NULL, "不是中心");
	good &= is_kept_whole();
	good &= keys_answer(count);
	return good ? 0 : 1;
}
