#include "tui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/station/cases.h"
#include "core/station/notices.h"
#include "core/station/catalogue.h"
#include "core/station/deliver_lock.h"
#include "core/station/search.h"
#include "core/station/shift.h"
#include "core/station/store.h"
#include "tui/app_options.h"
#include "tui/exercise.h"
#include "tui/visitors.h"

enum {
	USED_MAX = 500,	   /* matters whose use at this window orders results */
	CATALOGUE_KB = 256 /* one matter is read at a time: the system keeps the file */
};

static void count_use(void *arg, const char *task_code, double score)
{
	search_use(arg, task_code, score);
}

/* The station's own aliases come after the shipped ones; neither has to be there. */
static void read_aliases(struct session *s, const char *home)
{
	char *shipped = paths_share("data/aliases.tsv"), *own = paths_join(home, "aliases.tsv");

	search_aliases(s->search, shipped, NULL);
	search_aliases(s->search, own, NULL);
	free(shipped);
	free(own);
}

static const double pinned_score = 1e6; /* more than any use */

/* The codes in the order they were pinned, parted by blanks. */
static void use_pinned(struct session *s)
{
	char *pins = store_get(s->store, "pinned"), *rest = pins, *code;

	while (rest && (code = strtok_r(NULL, " ", &rest)) != NULL)
		search_use(s->search, code, pinned_score);
	free(pins);
}

bool session_pin(struct session *s, const char *task_code)
{
	char *pins = store_get(s->store, "pinned"), *rest = pins, *code;
	struct buf now = {0};
	bool was = false;

	while (rest && (code = strtok_r(NULL, " ", &rest)) != NULL) {
		if (strcmp(code, task_code) == 0)
			was = true;
		else
			buf_printf(&now, "%s ", code);
	}
	if (!was)
		buf_adds(&now, task_code);
	store_set(s->store, "pinned", buf_str(&now));
	search_use(s->search, task_code, was ? 0 : pinned_score);
	free(pins);
	buf_fini(&now);
	return !was;
}

static enum err open_catalogue(
	struct session *s, const struct app_options *options, struct buf *why)
{
	char *path = paths_join(options->home, "catalogue.db");
	char *index = paths_join(options->home, "catalogue.idx");
	enum err e;

	e = catalogue_open(&s->catalogue, path, clock_day(clock_wall_ms(s->clock)), why);
	if (e == OK)
		e = search_open(&s->search, s->catalogue, index, why);
	if (e == OK) {
		catalogue_keep_kb(s->catalogue, CATALOGUE_KB);
		read_aliases(s, options->home);
		search_home(s->search, options->region);
		store_each_used(s->store, USED_MAX, count_use, s->search);
		use_pinned(s);
	}
	free(path);
	free(index);
	return e;
}

/* Without waiting for the deliverer to say so; who has none is told nothing. */
static void look_for_centre(struct session *s, const struct app_options *options)
{
	char *kept = store_get(s->store, "centre.url");

	if (options->start_deliverer != NULL && options->centre_url == NULL && kept == NULL) {
		s->link = CENTRE_NONE;
		s->link_reason = mem_strdup(
			tr("本机还没有接入中心。请用 yimen enrol 网址 接入码 接入, 或设置 "
			   "centre.url; 在此之前办件都存在本机。"));
	}
	free(kept);
}

enum err session_open(struct session **out, const struct app_options *options, struct buf *why)
{
	struct session *s = mem_alloc(sizeof(*s));
	const struct entropy *entropy = options->entropy ? options->entropy : &entropy_system;
	enum err e;

	s->link_ms = -1;
	s->clock = options->clock ? options->clock : &clock_system;
	e = store_open(&s->store, options->home, s->clock, entropy, why);
	if (e) {
		free(s);
		return e;
	}
	s->day = clock_day(clock_wall_ms(s->clock));
	s->max_age_days = options->max_age_days;
	s->correction_days = options->correction_days;
	s->yellow_days = options->yellow_days;
	s->evaluation_seconds = options->evaluation_seconds;
	s->complaint_days = options->complaint_days;
	s->late_minutes = options->late_minutes;
	s->hall = mem_strdup(options->hall);
	s->station = mem_strdup(options->station ? options->station : "station-1");
	s->windows = mem_strdup(options->windows);
	s->banner = mem_strdup(options->banner);
	s->visitors = visitors_new(options);
	e = open_catalogue(s, options, why);
	if (e) {
		session_close(s);
		return e;
	}
	look_for_centre(s, options);
	session_refresh(s);
	*out = s;
	return OK;
}

unsigned session_unread(const struct session *s, enum err *why)
{
	enum err of_catalogue;
	unsigned matters = catalogue_unread(s->catalogue, &of_catalogue);
	unsigned others = store_unread(s->store, why);

	if (others == 0)
		*why = of_catalogue;
	return others + matters;
}

void session_close(struct session *s)
{
	if (!s)
		return;
	operator_fini(&s->who);
	store_close(s->store);
	search_close(s->search);
	catalogue_close(s->catalogue);
	visitors_free(s->visitors);
	free(s->hall);
	free(s->station);
	free(s->windows);
	free(s->banner);
	free(s->link_reason);
	free(s);
}

void session_sign_in(struct session *s, struct operator* who, const char *window)
{
	operator_fini(&s->who);
	s->who = *who;
	memset(who, 0, sizeof(*who));
	snprintf(s->window, sizeof(s->window), "%s", window);
	s->signed_in = true;
	visitors_at(s->visitors, s->window);
	store_set(s->store, "last_window", s->window);
	shift_begin(s->store, s->who.name, s->window);
	session_refresh(s);
}

void session_sign_out(struct session *s)
{
	operator_fini(&s->who);
	memset(&s->who, 0, sizeof(s->who));
	s->signed_in = false;
	s->unmasked = false;
	s->visit[0] = '\0';
	s->saved_ms = 0;
}

void session_leave(struct session *s)
{
	struct shift_open_items left = {0};

	if (!s->signed_in)
		return;
	shift_count_open(s->store, s->who.name, &left);
	shift_end(s->store, s->who.name, s->window, SHIFT_LEFT, &left);
}

bool session_refresh(struct session *s)
{
	struct outbox_counts letters = {0};
	size_t today, news;
	bool queue = visitors_refresh(s->visitors, s->store);

	s->version = store_version(s->store);
	if (outbox_counts(s->store, &letters) != OK)
		letters = s->letters;
	today = case_count_day(s->store, clock_day(clock_wall_ms(s->clock)));
	news = case_count_news(s->store) + notice_count_unseen(s->store);
	if (memcmp(&letters, &s->letters, sizeof(letters)) == 0 && today == s->today &&
		news == s->news)
		return queue;
	s->letters = letters;
	s->today = today;
	s->news = news;
	return true;
}

bool session_poll(struct session *s)
{
	int32_t today = clock_day(clock_wall_ms(s->clock));

	if (today != s->day) { /* matters take effect or end, today's count begins anew */
		s->day = today;
		catalogue_advance(s->catalogue, today);
		session_refresh(s);
		return true;
	}
	if (!visitors_read_machine(s->visitors, s->store) && store_version(s->store) == s->version)
		return false;
	session_refresh(s);
	return true;
}

void session_saved(struct session *s, enum err e)
{
	s->unsaved = e != OK;
	if (e == OK)
		s->saved_ms = clock_wall_ms(s->clock);
}

enum {
	EVENT_FIELDS = 5
};

/* Cuts a line at its tabs; what is absent is "". */
static void cut_fields(char *line, const char *fields[EVENT_FIELDS])
{
	for (int i = 0; i < EVENT_FIELDS; i++) {
		char *tab = line ? strchr(line, '\t') : NULL;
		fields[i] = line ? line : "";
		if (tab)
			*tab++ = '\0';
		line = tab;
	}
}

static void take_link(struct session *s, const char *state, const char *ms, const char *reason)
{
	enum centre_link before = s->link;

	s->link = strcmp(state, "up") == 0     ? CENTRE_ONLINE
		  : strcmp(state, "down") == 0 ? CENTRE_OFFLINE
		  : strcmp(state, "none") == 0 ? CENTRE_NONE
					       : CENTRE_UNKNOWN;
	if (s->link != before)
		s->link_since_ms = clock_wall_ms(s->clock);
	if (s->link == CENTRE_ONLINE && atoi(ms) >= 0)
		s->link_ms = atoi(ms);
	free(s->link_reason);
	s->link_reason = *reason ? mem_strdup(reason) : NULL;
	s->pause_until_ms = 0;
}

void session_left_waiting(const struct session *s, struct buf *out)
{
	struct outbox_counts n = {0};

	if (outbox_counts(s->store, &n) != OK || n.waiting == 0)
		return;
	if (deliver_lock_is_watched(store_home(s->store)))
		buf_printf(out, tr("%zu 件待发存在本机, 后台接着报送。"), n.waiting);
	else
		buf_printf(out, tr("%zu 件待发存在本机, 下次打开时送出。"), n.waiting);
}

void session_alone(struct session *s)
{
	take_link(s, "down", "0", tr("报送程序停了, 过几秒自己再开; 待发的都存在本机"));
}

void session_exercise(struct session *s, bool cut)
{
	int link_ms = s->link_ms;

	s->cut = cut;
	take_link(s, cut ? "down" : "up", "0", cut ? exercise_reason() : "");
	s->link_ms = link_ms; /* as long as it took before */
}

bool session_event(struct session *s, char *line)
{
	const char *f[EVENT_FIELDS];

	cut_fields(line, f);
	if (strcmp(f[0], "link") == 0) {
		if (s->cut && strcmp(f[1], "up") == 0)
			return false; /* heard before it was cut */
		take_link(s, f[1], f[2], s->cut ? exercise_reason() : f[3]);
		return true;
	}
	if (strcmp(f[0], "pause") == 0) {
		s->pause_until_ms = clock_wall_ms(s->clock) + strtoll(f[1], NULL, 10);
		return true;
	}
	if (strcmp(f[0], "changed") == 0 || strcmp(f[0], "letter") == 0) {
		session_refresh(s);
		return true;
	}
	return false;
}

void session_status_left(const struct session *s, struct buf *out)
{
	size_t refused = s->letters.held - s->letters.person - s->letters.kept;
	char hm[16];

	switch (s->link) {
	case CENTRE_ONLINE:
		buf_adds(out, tr("联网"));
		break;
	case CENTRE_OFFLINE:
		buf_printf(out, tr("断网 %s起"),
			clock_format(s->link_since_ms, "%H:%M", hm, sizeof(hm)));
		break;
	case CENTRE_NONE:
		buf_adds(out, tr("未接入中心"));
		break;
	case CENTRE_UNKNOWN:
		buf_adds(out, tr("正在连中心"));
		break;
	}
	buf_adds(out, "   ");
	buf_printf(out, tr("待发 %zu"), s->letters.waiting);
	if (refused > 0) {
		buf_adds(out, "   ");
		buf_printf(out, tr("退回 %zu"), refused);
	}
	if (s->letters.person > 0) {
		buf_adds(out, "   ");
		buf_printf(out, tr("待处理 %zu"), s->letters.person);
	}
	if (s->letters.kept > 0) {
		buf_adds(out, "   ");
		buf_printf(out, tr("暂缓 %zu"), s->letters.kept);
	}
	if (s->news > 0) {
		buf_adds(out, "   ");
		buf_printf(out, tr("消息 %zu"), s->news);
	}
	visitors_status(s->visitors, clock_wall_ms(s->clock), out);
	buf_adds(out, "   ");
	buf_printf(out, tr("今日受理 %zu"), s->today);
}

void session_status_right(const struct session *s, struct buf *out)
{
	char hm[16];

	if (s->unsaved)
		buf_adds(out, tr("未存, 磁盘写不进去"));
	else if (s->saved_ms)
		buf_printf(out, tr("已存 %s"), clock_format(s->saved_ms, "%H:%M", hm, sizeof(hm)));
}

void session_whose(const struct session *s, bool brief, struct buf *out)
{
	const char *name = s->who.full_name && *s->who.full_name ? s->who.full_name : s->who.name;
	char now[24];

	if (s->banner && *s->banner)
		buf_printf(out, "%s  ", s->banner);
	if (s->signed_in) {
		buf_printf(out, brief ? "%s" : tr("%s号窗口"), s->window);
		buf_printf(out, " %s  ", name);
	}
	buf_adds(out, clock_format(clock_wall_ms(s->clock), brief ? "%H:%M" : "%m-%d %H:%M", now,
			      sizeof(now)));
}
