/*
 * A catalogue that is being taken, at the window (from the centre, from a file) and at the centre,
 * when the disk is full or cannot be written, or when whoever takes it is killed. It ends honestly;
 * what was in force is in force, or the new one is, whole either way; letters go on being
 * delivered; and the next try, with room, takes it and leaves nothing behind.
 *
 * ROOMS: how many different amounts of room; N: kills. CASE: one row alone, "sync: read-only".
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/db.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/fetch.h"
#include "core/station/http.h"
#include "tests/faults/chance.h"
#include "tests/faults/count.h"
#include "tests/faults/report.h"
#include "tests/faults/small_disk.h"
#include "tests/faults/stage.h"

enum {
	MATTERS = 1500,
	TEXT_BYTES = 3000,
	SPARE_BYTES = 64 << 20, /* a catalogue leaves so much to letters */
	ROOM_STEP = 1 << 20,
	TRIES = 5,
	PEACE_ROUNDS = 20
};

/* Who takes it: a command, and what is in force afterwards by whoever looks. */
struct taker {
	const char *name;
	int (*take)(struct stage *s, struct program *p, char letter);
	void (*start)(struct stage *s, struct program *p, char letter);
	char (*in_force)(struct stage *s); /* 'a' or 'b': all of it is; '?': neither */
};

/* ---- two catalogues of the same matters ---- */

static const char *file_of(const struct stage *s, char letter)
{
	static char path[96];

	snprintf(path, sizeof path, "%s/%c.jsonl", s->folder, letter);
	return path;
}

static void write_catalogue(const struct stage *s, char letter)
{
	FILE *f = fopen(file_of(s, letter), "w");
	char text[TEXT_BYTES + 1];
	int i;

	memset(text, letter, TEXT_BYTES);
	text[TEXT_BYTES] = '\0';
	for (i = 0; f != NULL && i < MATTERS; i++)
		fprintf(f, "{\"task_code\":\"T%05d\",\"task_name\":\"%c%05d\",\"by_law\":\"%s\"}\n",
			i, letter, i, text);
	if (f == NULL || fclose(f) != 0)
		exit(3);
}

static int import_there(struct stage *s, struct program *p, char letter)
{
	const char *const words[] = {"import", file_of(s, letter), NULL};

	return stage_central(s, p, words);
}

static void start_there(struct stage *s, struct program *p, char letter)
{
	const char *const words[] = {
		"yimen-central", "--data", s->data, "import", file_of(s, letter), NULL};

	program_start(p, words, NULL);
}

static int import_here(struct stage *s, struct program *p, char letter)
{
	const char *const words[] = {"yimen", "catalogue", "import", file_of(s, letter), NULL};

	return stage_station(s, p, words);
}

static void start_here(struct stage *s, struct program *p, char letter)
{
	const char *const words[] = {"yimen", "catalogue", "import", file_of(s, letter), NULL};

	program_start(p, words, s->env);
}

/* The centre offers it; then the window fetches what is offered. */
static int sync_now(struct stage *s, struct program *p, char letter)
{
	const char *const words[] = {"yimen", "sync", NULL};

	(void)letter;
	return stage_station(s, p, words);
}

static void start_sync(struct stage *s, struct program *p, char letter)
{
	const char *const words[] = {"yimen", "sync", NULL};

	(void)letter;
	program_start(p, words, s->env);
}

/* ---- what is in force ---- */

static char letter_of(struct stage *s, int matter)
{
	char code[8], name[16];
	const char *const words[] = {"yimen", "matter", code, "--json", NULL};
	struct program p = {0};
	char letter = '?';

	snprintf(code, sizeof code, "T%05d", matter);
	if (stage_station(s, &p, words) == 0) {
		snprintf(name, sizeof name, "\"a%05d\"", matter);
		if (strstr(buf_str(&p.said), name) != NULL)
			letter = 'a';
		name[1] = 'b';
		if (strstr(buf_str(&p.said), name) != NULL)
			letter = letter == 'a' ? '?' : 'b';
	}
	program_fini(&p);
	return letter;
}

static char in_force_here(struct stage *s)
{
	const char *const find[] = {"yimen", "search", "--limit", "1", "居住证申领", NULL};
	char first = letter_of(s, 0);
	struct program p = {0};

	if (letter_of(s, MATTERS / 2) != first || letter_of(s, MATTERS - 1) != first)
		first = '?';
	if (stage_station(s, &p, find) != 0 || strstr(buf_str(&p.said), s->matter) == NULL)
		first = '?';
	program_fini(&p);
	return first;
}

static int lines_with(FILE *f, const char *text)
{
	static char line[TEXT_BYTES + 65536];
	int n = 0;

	rewind(f);
	while (fgets(line, sizeof line, f) != NULL)
		n += strstr(line, text) != NULL;
	return n;
}

/* As a window gets it. */
static char in_force_there(struct stage *s)
{
	const struct http_options options = {.url = s->url};
	struct transport_answer a = {.status = 0};
	struct transport_request r;
	FILE *body = NULL;
	struct http *h;
	int as, bs, tries;

	if (http_open(&h, &options, NULL) != OK)
		exit(3);
	/* cut when another one comes into force meanwhile: never two in one answer */
	for (tries = 0; tries < TRIES && (body == NULL || a.fault != LINE_OK); tries++) {
		if (body != NULL)
			fclose(body);
		body = tmpfile();
		if (body == NULL)
			exit(3);
		r = catalogue_fetch_request(body);
		r.into_spare_bytes = 0;
		fetch_ask(http_transport(h), &r, &a, NULL);
	}
	http_close(h);
	as = lines_with(body, "\"task_name\":\"a0");
	bs = lines_with(body, "\"task_name\":\"b0");
	fclose(body);
	if (as + bs != MATTERS)
		report_note("the centre has %d and %d of %d", as, bs, MATTERS);
	return as == MATTERS && bs == 0 ? 'a' : bs == MATTERS && as == 0 ? 'b' : '?';
}

static const struct taker takers[] = {
	{"sync", sync_now, start_sync, in_force_here},
	{"import", import_here, start_here, in_force_here},
	{"centre", import_there, start_there, in_force_there},
};

/* ---- nothing is left behind ---- */

static int entries(const char *folder)
{
	DIR *d = opendir(folder);
	int n = 0;

	if (d == NULL)
		exit(3);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static int64_t leftovers(const struct stage *s)
{
	static const char sql[] = "SELECT count(*) FROM version v JOIN matter m ON m.id = v.matter"
				  " WHERE v.seq > m.last OR m.last = 0";
	char path[320];
	struct stmt *st;
	struct db *db;
	int64_t n;

	snprintf(path, sizeof path, "%s/catalogue.db", s->home);
	if (db_open(&db, path, DB_READ, NULL) != OK)
		exit(3);
	st = db_prepare(db, sql);
	n = db_row(st) ? db_int(st, 0) : -1;
	db_done(st);
	db_close(db);
	return n;
}

/* ---- one story ---- */

struct story {
	const struct taker *taker;
	struct stage stage;
	struct row row;
	char now; /* in force */
	int here, there;
};

static void wrong(struct story *t, const char *what, const struct program *p)
{
	t->row.other++;
	report_note("%s: %s: %.300s%.300s", t->taker->name, what,
		p != NULL ? buf_str(&p->said) : "", p != NULL ? buf_str(&p->sighed) : "");
}

static char other(const struct story *t)
{
	return t->now == 'a' ? 'b' : 'a';
}

/* With room, and everything as it should be: it must succeed. */
static void take_well(struct story *t, char letter)
{
	struct program p = {0};

	if (t->taker->take == sync_now && import_there(&t->stage, &p, letter) != 0)
		wrong(t, "the centre does not import", &p);
	if (t->taker->take(&t->stage, &p, letter) != 0)
		wrong(t, "it does not take it", &p);
	if (t->taker->in_force(&t->stage) != letter)
		wrong(t, "it is not in force", NULL);
	t->now = letter;
	program_fini(&p);
}

static void open_story(struct story *t)
{
	write_catalogue(&t->stage, 'a');
	write_catalogue(&t->stage, 'b');
	if (!stage_centre_start(&t->stage, NULL, NULL))
		exit(3);
	take_well(t, 'a');
	stage_apply_now(&t->stage);
	t->row.other += !stage_peace(&t->stage, PEACE_ROUNDS);
	t->here = entries(t->stage.home);
	t->there = entries(t->stage.data);
}

static void offer(struct story *t)
{
	struct program p = {0};

	if (t->taker->take == sync_now && import_there(&t->stage, &p, other(t)) != 0)
		wrong(t, "the centre does not import", &p);
	program_fini(&p);
}

static void look(struct story *t)
{
	char is = t->taker->in_force(&t->stage);

	if (is == '?')
		wrong(t, "neither catalogue is in force", NULL);
	else
		t->now = is;
}

static void end_honestly(struct story *t, struct program *p, int code)
{
	t->row.count++;
	if (p->late || (code != 0 && (code > 4 || p->sighed.len == 0)))
		wrong(t, "no honest end", p);
}

static void deliver_one(struct story *t)
{
	stage_apply_now(&t->stage);
	t->row.other += !stage_peace(&t->stage, 3);
}

static bool close_story(struct story *t)
{
	struct count c;

	take_well(t, other(t));
	take_well(t, other(t));
	if (t->taker->in_force == in_force_here && leftovers(&t->stage) != 0)
		wrong(t, "rows are left behind", NULL);
	if (entries(t->stage.home) != t->here || entries(t->stage.data) != t->there)
		wrong(t, "files are left behind", NULL);
	t->row.other += !stage_peace(&t->stage, PEACE_ROUNDS);
	t->row.other += stage_centre_stop(&t->stage) != 0;
	count_both(&t->stage, &c);
	count_into(&c, &t->row);
	return report_row(&t->row);
}

/* ---- the disk ---- */

/* base: letters can be delivered when at least so much is free. */
static void with_rooms(struct story *t, size_t base)
{
	size_t rooms = report_length("ROOMS", 3, 24), i;
	struct program p = {0};

	for (i = 0; i < rooms; i++) {
		offer(t);
		small_disk_leave(&t->stage, base + i * (24 / rooms) * ROOM_STEP);
		end_honestly(t, &p, t->taker->take(&t->stage, &p, other(t)));
		look(t);
		if (base > 0)
			deliver_one(t);
		small_disk_clear(&t->stage);
		look(t);
		deliver_one(t);
		take_well(t, other(t));
	}
	program_fini(&p);
}

static void little_room(struct story *t)
{
	with_rooms(t, 0);
}

static void room_for_letters(struct story *t)
{
	with_rooms(t, SPARE_BYTES - 2 * ROOM_STEP);
}

/* The folder of whoever takes it. The centre cannot begin in one that is read-only: it is stopped.
 */
static void read_only(struct story *t)
{
	bool there = t->taker->in_force == in_force_there;
	const char *folder = there ? t->stage.data : t->stage.home;
	struct program p = {0};
	char before = t->now;
	int code;

	offer(t);
	if (there)
		stage_centre_stop(&t->stage);
	small_disk_lock(folder);
	code = t->taker->take(&t->stage, &p, other(t));
	end_honestly(t, &p, code);
	if (code == 0)
		wrong(t, "it says that it was taken", &p);
	if (!there && t->taker->in_force(&t->stage) != before)
		wrong(t, "what was in force is not", NULL);
	small_disk_unlock(folder);
	if (there && !stage_centre_start(&t->stage, NULL, NULL))
		wrong(t, "the centre does not come back", &t->stage.centre);
	look(t);
	deliver_one(t);
	program_fini(&p);
}

static bool is_asked_for(const char *name)
{
	const char *only = getenv("CASE");

	return only == NULL || strcmp(only, name) == 0;
}

static bool on_small_disk(
	const struct taker *taker, const char *what, void (*tell)(struct story *t))
{
	char name[64];
	struct story t = {.taker = taker, .row = {.part = "catalogue", .what = name}};
	bool good;

	snprintf(name, sizeof name, "%s: %s", taker->name, what);
	if (!is_asked_for(name))
		return true;
	stage_open(&t.stage);
	if (!small_disk_mount(&t.stage)) {
		report_skipped("catalogue", name, strerror(errno));
		stage_close(&t.stage);
		return true;
	}
	open_story(&t);
	tell(&t);
	good = close_story(&t);
	small_disk_unmount(&t.stage);
	stage_close(&t.stage);
	return good;
}

/* ---- kill -9 ---- */

static bool killed(const struct taker *taker, bool centre, const char *name)
{
	struct story t = {.taker = taker, .row = {.part = "catalogue", .what = name}};
	size_t kills = report_length("N", 4, 100), i;
	struct chance chance = {report_length("SEED", 1, 1)};
	struct program p = {0};
	int64_t took;
	bool good;

	if (!is_asked_for(name))
		return true;
	stage_open(&t.stage);
	open_story(&t);
	took = program_now_us();
	take_well(&t, other(&t));
	took = program_now_us() - took;
	for (i = 0; i < kills; i++) {
		offer(&t);
		taker->start(&t.stage, &p, other(&t));
		if (centre) {
			program_end(&t.stage.centre, (int64_t)chance_below(&chance, (uint64_t)took),
				SIGKILL);
			end_honestly(&t, &p, program_end(&p, PROGRAM_PATIENCE_US, SIGKILL));
			if (!stage_centre_start(&t.stage, NULL, NULL))
				wrong(&t, "the centre does not come back", &t.stage.centre);
		} else {
			program_end(&p, (int64_t)chance_below(&chance, (uint64_t)took), SIGKILL);
			t.row.count++;
		}
		look(&t);
		deliver_one(&t);
	}
	program_fini(&p);
	good = close_story(&t);
	stage_close(&t.stage);
	return good;
}

int main(void)
{
	bool good = true;
	size_t i;

	for (i = 0; i < sizeof takers / sizeof *takers; i++) {
		good &= on_small_disk(&takers[i], "little room", little_room);
		good &= on_small_disk(&takers[i], "room for letters alone", room_for_letters);
		good &= on_small_disk(&takers[i], "read-only", read_only);
		good &= killed(&takers[i], false, takers[i].name);
	}
	good &= killed(&takers[2], true, "centre: the centre is killed");
	return good ? 0 : 1;
}
