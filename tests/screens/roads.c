#include "tests/screens/roads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	REST_MS = 1000 /* longer than any pause before something more is drawn */
};

#define GUIDE	  "残疾人证新<Enter>"
#define CHECKLIST GUIDE "<Enter>"
#define FORM	  CHECKLIST "12<Enter>"
#define FILLED \
	FORM "陈晓燕<Enter>1<Enter>" HALL_PERSON "<Enter>" HALL_MOBILE \
	     "<Enter><Down>示范村18号<Enter>"
#define CORRECTION "<M-3><Enter><C-e>"
#define CHANGED	   CORRECTION "<Up><C-u>13900139000<Enter>"

/* A name with a family, a flag and an accent that are several characters each. */
#define CLUSTERS \
	"陈\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7" \
	"\xf0\x9f\x87\xa8\xf0\x9f\x87\xb3" \
	"e\xcc\x81"
#define TICKETS "<M-8><C-e>1<C-e>2<C-e>3"
/* Keys that count for nothing until the screen is turned. */
#define TURNING	   "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define EVALUATION "<M-3><Enter><C-w>" TURNING

const struct road roads[] = {
	{"today", "", ROAD_LIST},
	{"find", "残疾", ROAD_LIST},
	{"find-in-list", "残疾<Down>", ROAD_LIST},
	{"find-nothing", "没有这样的事", 0},
	{"find-all", "<M-2>", ROAD_LIST},
	{"browse", "<C-b>", ROAD_LIST},
	{"guide", GUIDE, 0},
	{"guide-materials", GUIDE "2", 0},
	{"large-guide", GUIDE "<C-\\>", ROAD_TURNED},
	{"large-material", GUIDE "<C-\\>1", ROAD_TURNED},
	{"slip-notice", GUIDE "<C-p>", 0},
	{"consult", GUIDE "<C-k>", ROAD_LIST},
	{"consult-notice", GUIDE "<C-k>1<Enter>", 0},
	{"checklist", CHECKLIST "1", ROAD_LIST},
	{"large-checklist", CHECKLIST "1<C-\\> <Space>", ROAD_TURNED},
	{"checklist-remark", CHECKLIST "<C-t>", 0},
	{"form", FORM "陈晓燕<Enter>1<Enter>" HALL_PERSON "<Enter>13800138<Enter>3月7日<Enter>", 0},
	{"form-new", FORM, 0},
	{"form-clusters", FORM CLUSTERS "x", 0},
	{"today-clusters", FORM CLUSTERS "<Enter><M-1>", ROAD_LIST},
	{"form-faults", FORM "<C-g>", 0},
	{"form-why", FORM "<Down><C-_>", 0},
	{"form-long-question", FORM "<Tab><Tab><Down><Down>", 0},
	{"choice", FORM "<Down><C-t>", ROAD_LIST},
	{"choice-words", FORM "<Down>护", ROAD_LIST},
	{"person", FORM "<C-a>陈", ROAD_LIST},
	{"recall", FORM "<C-p>", ROAD_LIST},
	{"compare", FILLED "<C-g>", 0},
	{"review", FILLED "<C-g><Enter>", 0},
	{"large-answers", FILLED "<C-g><Enter><C-\\> ", ROAD_TURNED},
	{"review-same", CORRECTION "<C-g>1<Enter>", ROAD_ONCE},
	{"review-changed", CHANGED "<C-g>", ROAD_ONCE},
	{"receipt", FILLED "<C-g><Enter>y<Enter>", 0},
	{"large-receipt", FILLED "<C-g><Enter>y<Enter><C-\\>", ROAD_TURNED},
	{"cases", "<M-3>", ROAD_LIST},
	{"case", "<M-3><Enter>", 0},
	{"large-case", "<M-3><Enter><C-\\>", ROAD_TURNED},
	{"acts", "<M-3><Enter><Enter>", ROAD_LIST},
	{"act", "<M-3><Enter><Enter>2", 0},
	{"slip-receipt", "<M-3><Enter><C-p>", 0},
	{"slip-kinds", "<M-3><Enter><C-p><Tab>", ROAD_LIST},
	{"outbox", "<M-4>", ROAD_LIST},
	{"letter", "<M-4><Enter>", 0},
	{"hold", "<M-4><C-t>", 0},
	{"counts", "<M-5>", 0},
	{"counts-matters", "<M-5>2", 0},
	{"counts-month", "<M-5><C-t>5", 0},
	{"day-end", "<M-5><Enter>", 0},
	{"day-close", "<M-5><Enter><C-g>", 0},
	{"hand", "<M-3><Enter><C-t>", 0},
	{"changes", "<M-6>", ROAD_LIST},
	{"notices", "<M-7>", 0},
	{"queue-none", "<M-8>", 0},
	{"queue-draw", "<M-8><C-e>", ROAD_LIST},
	{"queue", TICKETS "<Home><Enter><C-r>", ROAD_LIST | ROAD_ONCE},
	{"queue-away", TICKETS "<Home><Enter><Enter><C-w>", ROAD_ONCE},
	{"queue-outcome", TICKETS "<Home><Enter><Enter><Enter>", ROAD_LIST | ROAD_ONCE},
	{"queue-send", TICKETS "<Home><C-t>", ROAD_LIST},
	{"queue-cancel", TICKETS "<Home><C-d>", 0},
	{"today-queue", TICKETS "<M-9>", ROAD_ONCE},
	{"today-not-come", TICKETS "<M-9><M-9>", ROAD_ONCE},
	{"evaluation-turn", "<M-3><Enter><C-w>", ROAD_ONCE | ROAD_TIMED},
	{"evaluation", EVALUATION, ROAD_ONCE | ROAD_TIMED},
	{"evaluation-chosen", EVALUATION "4", ROAD_ONCE | ROAD_TIMED},
	{"evaluation-not", EVALUATION "0", ROAD_ONCE | ROAD_TIMED},
	{"evaluation-cause", EVALUATION "4<Enter>2", ROAD_ONCE | ROAD_TIMED},
	{"evaluation-thanks", EVALUATION "1<Enter>", ROAD_ONCE | ROAD_TIMED},
	{"ledger", ":cptz<Enter>", 0},
	{"help", GUIDE "?", ROAD_LIST},
	{"palette", "<M-4>:", ROAD_LIST},
	{"palette-words", "<M-4>:cs", ROAD_LIST},
	{"quit", "<C-c>", 0},
	{"shift", ":jjb<Enter>", 0},
	{"sign-in", ":jjb<Enter><C-g>", ROAD_TELLS},
};
const size_t roads_count = sizeof(roads) / sizeof(*roads);

static void settle(struct inside *in, int ms)
{
	for (int passed = 0; passed < ms; passed += 50)
		inside_pass(in, 50);
}

size_t roads_key(const char *keys, char *out, size_t size)
{
	size_t n = *keys == '<' ? strcspn(keys, ">") + 1 : 1;

	while ((keys[n] & 0xc0) == 0x80)
		n++;
	snprintf(out, size, "%.*s", (int)n, keys);
	return n;
}

void roads_go(struct inside *in, const struct road *r)
{
	const char *p = r->keys;

	settle(in, 50);
	while (*p) { /* one key a time: a burst is a scanner's */
		char key[16];
		p += roads_key(p, key, sizeof(key));
		term_keys(inside_term(in), key);
		settle(in, 50);
	}
	settle(in, REST_MS);
}

void roads_submit(struct inside *in, const char *name)
{
	char keys[512];

	snprintf(keys, sizeof(keys),
		"<M-1>" FORM "%s<Enter>1<Enter>" HALL_PERSON "<Enter>" HALL_MOBILE
		"<Enter><Down>示范村18号<Enter><C-g><Enter>y<Enter>",
		name);
	roads_go(in, &(struct road){"submit", keys, 0});
}

void roads_hall(struct hall *h)
{
	static const struct road submit = {"submit", FILLED "<C-g>y<Enter>", 0};
	struct inside_options o = {
		"xterm-256color", "C.UTF-8", "", 24, 80, THEME_DEFAULT, false, false, .chance = 1};
	struct inside *in;

	hall_make_at(h, &inside_clock);
	in = inside_open(h, &o);
	roads_go(in, &submit);
	term_wait(inside_term(in), "今日受理 1");
	inside_close(in);
}

struct hall roads_home;

int roads_setup(void **state)
{
	roads_hall(&roads_home);
	*state = &roads_home;
	return 0;
}

int roads_teardown(void **state)
{
	hall_drop(*state);
	return 0;
}

/* The station's own file is copied; the catalogue is only read. */
void roads_copy(const struct hall *h, struct hall *copy)
{
	const char *home = strchr(h->home_env, '=') + 1;
	char command[1400];

	*copy = *h;
	snprintf(copy->folder, sizeof(copy->folder), "%.200s/copy", h->folder);
	snprintf(copy->home_env, sizeof(copy->home_env), "YIMEN_HOME=%s", copy->folder);
	copy->env[0] = copy->home_env;
	copy->env[1] = copy->share_env;
	copy->env[2] = copy->locale_env;
	snprintf(command, sizeof(command),
		"rm -rf '%s' && mkdir -m 700 '%s' && cp '%s'/station.db '%s'/ && "
		"ln '%s'/catalogue.db '%s'/catalogue.idx '%s'/",
		copy->folder, copy->folder, home, copy->folder, home, home, copy->folder);
	if (system(command) != 0) {
		fprintf(stderr, "roads: no copy of %s\n", home);
		exit(1);
	}
}
