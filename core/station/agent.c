#include "core/station/agent.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/base/json.h"
#include "core/base/log.h"
#include "core/base/mem.h"
#include "core/base/msg.h"
#include "core/base/paths.h"
#include "core/base/text.h"
#include "core/station/catalogue_fetch.h"
#include "core/station/centre_look.h"
#include "core/station/day_end.h"
#include "core/station/deliver_lock.h"
#include "core/station/delivery.h"
#include "core/station/enrol.h"
#include "core/station/http.h"
#include "core/station/line.h"
#include "core/station/papers.h"
#include "core/station/receipt.h"
#include "core/station/reconcile_kept.h"
#include "core/station/recover.h"
#include "core/station/round.h"
#include "core/station/settings.h"
#include "core/station/store.h"
#include "core/station/watch.h"

enum {
	LOCK_WAIT_MS = 30 * 1000,
	LOCK_LOOK_MS = 100,
	LOOK_MS = 1000 /* how often a watcher looks for letters of other programs */
};

struct agent {
	const struct agent_options *options;
	struct store *store;
	struct conf *conf;
	struct http *http;
	char *admission; /* what http was opened with */
	int64_t looked;	 /* version of the station's file when that was compared last */
	bool anew;	 /* it is another now: an enrolment beside us */
	struct delivery *delivery;
	struct watch *watch; /* NULL unless listening to the change feed */
	struct deliver_lock lock;
	size_t sent_again;	    /* cases that wait again */
	struct reconcile_kept kept; /* the differences so far */
	size_t held_now;	    /* letters that came back in this round, or cannot go */
	char *trouble;		    /* of the line in this round; NULL: none */
	bool stopping;
};

/* ---- what is said ---- */

static void say_field(struct buf *line, const char *text)
{
	buf_addc(line, '\t');
	text_clean(line, text, strlen(text));
}

static void say_line(struct buf *line)
{
	buf_addc(line, '\n');
	/* A reader that is gone shows as end of file on its other pipe. */
	if (write(STDOUT_FILENO, line->data, line->len) < 0)
		log_debug("agent", "nobody reads: %s", strerror(errno));
	buf_fini(line);
}

static void say_changed(const struct agent *a)
{
	struct buf line = {0};

	if (a->options->mode != AGENT_EVENTS)
		return;
	buf_adds(&line, "changed");
	say_line(&line);
}

static void on_link(void *arg, enum link_state state, int64_t round_trip_ms, const char *reason)
{
	static const char *const names[] = {"unknown", "up", "down"};
	struct agent *a = arg;
	struct buf line = {0};

	if (state != LINK_UNKNOWN && line_note(a->store, state == LINK_UP) != OK)
		log_warn("agent", "the state of the line could not be noted");
	free(a->trouble);
	a->trouble = state == LINK_DOWN && reason != NULL ? mem_strdup(reason) : NULL;
	if (a->options->mode != AGENT_EVENTS)
		return;
	buf_printf(&line, "link\t%s\t%lld", names[state], (long long)round_trip_ms);
	say_field(&line, reason);
	say_line(&line);
	buf_printf(&line, "pause\t%lld", (long long)delivery_line_pause_ms(a->delivery));
	say_line(&line);
}

static void on_letter(void *arg, const struct letter *l, enum letter_state state,
	const char *project_no, const char *reason)
{
	struct agent *a = arg;
	struct buf line = {0};

	if (a->options->mode == AGENT_EVENTS) {
		say_changed(a);
		return;
	}
	if (a->options->mode == AGENT_ONCE && state == LETTER_HELD)
		return; /* with all others at the end */
	buf_printf(&line, "%s\t%s", l->local_receipt != NULL ? l->local_receipt : l->id,
		letter_state_name(state));
	/* In the background that goes into the system's journal: no sentence that may name a
	 * person. */
	if (state == LETTER_DELIVERED || a->options->mode == AGENT_ONCE)
		say_field(&line, state == LETTER_DELIVERED ? project_no : reason);
	say_line(&line);
}

static void on_papers(void *arg)
{
	say_changed(arg);
}

static void on_other(void *arg, const struct transport_answer *answer)
{
	struct agent *a = arg;

	if (a->watch != NULL && watch_answer(a->watch, answer))
		say_changed(a);
}

/* ---- what it is told ---- */

static void read_wishes(struct agent *a)
{
	char text[256];
	ssize_t n = read(STDIN_FILENO, text, sizeof text - 1);

	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		a->stopping = true;
	if (n <= 0)
		return;
	text[n] = '\0';
	if (strstr(text, "retry") != NULL && a->delivery != NULL)
		delivery_hurry(a->delivery);
}

/* Waits up to timeout_ms for the stop signal or the workstation, and heeds them. */
static void look_at(struct agent *a, const int *fds, size_t count, int timeout_ms)
{
	struct pollfd ready[2];
	size_t i;

	for (i = 0; i < count; i++)
		ready[i] = (struct pollfd){fds[i], POLLIN, 0};
	if (poll(ready, (nfds_t)count, timeout_ms) <= 0)
		return;
	if (ready[0].revents != 0)
		a->stopping = true;
	if (count > 1 && ready[1].revents != 0)
		read_wishes(a);
}

/* ---- opening ---- */

static bool keeps_running(const struct agent *a)
{
	return a->options->mode == AGENT_EVENTS || a->options->mode == AGENT_WATCH;
}

static bool is_my_turn(struct agent *a)
{
	if (a->options->mode == AGENT_EVENTS && !deliver_lock_wish(&a->lock))
		return false;
	if (a->options->mode == AGENT_WATCH && !deliver_lock_watch(&a->lock))
		return false; /* somebody looks whether anyone does */
	if (a->options->mode == AGENT_WATCH && deliver_lock_is_wished(&a->lock))
		return false;
	return deliver_lock_take(&a->lock);
}

/* Those that a better line would help, and those that wait for a person to see to another letter.
 */
static enum err count_waiting(struct agent *a, size_t *out, size_t *behind)
{
	struct outbox_counts c;
	enum err e = outbox_counts(a->store, &c);

	*behind = 0;
	if (e == OK && c.held > 0)
		e = outbox_count_behind(a->store, behind);
	if (e == OK)
		*out = c.waiting > *behind ? c.waiting - *behind : 0; /* one may be posted now */
	return e;
}

/* What was waited for is done by another deliverer. */
static bool is_done(struct agent *a)
{
	size_t waiting, behind;

	return count_waiting(a, &waiting, &behind) == OK && waiting == 0;
}

/* What a workstation that waits has told of the line and the file, which another one serves. */
struct followed {
	int up; /* -1: nothing */
	int64_t version;
};

static void say_followed_line(int up)
{
	struct buf line = {0};

	buf_printf(&line, "link\t%s\t0", up != 0 ? "up" : "down");
	say_field(&line,
		up != 0 ? tr("本机另一个程序在报送") : tr("本机另一个程序在报送, 它连不上中心"));
	say_line(&line);
}

/* Another program of this station delivers: how the line is, and what changes, is seen here too. */
static void follow(struct agent *a, struct followed *f)
{
	int64_t version = store_version(a->store);
	int up;

	if (a->options->mode != AGENT_EVENTS || version == f->version)
		return;
	f->version = version;
	if (line_last(a->store, &up) == OK && up != f->up && up >= 0) {
		f->up = up;
		say_followed_line(up);
	}
	say_changed(a);
}

/*
 * ERR_BUSY: another deliverer is at work and stayed so, or it has done what was to be done.
 * ERR_STATE: told to stop meanwhile.
 */
static enum err wait_for_turn(struct agent *a)
{
	const int fds[2] = {a->options->stop_fd, STDIN_FILENO};
	size_t count = a->options->mode == AGENT_EVENTS ? 2 : 1;
	struct followed followed = {-1, -1};
	int waited;

	for (waited = 0; !is_my_turn(a); waited += waited < LOCK_WAIT_MS ? LOCK_LOOK_MS : 0) {
		if (waited >= LOOK_MS) /* not one that only gives way */
			follow(a, &followed);
		if (waited == LOOK_MS && a->options->mode == AGENT_ONCE)
			fprintf(stderr,
				tr("另一个报送程序正在运行, 待发的由它报送; 等它, 最多 %d 秒 …\n"),
				LOCK_WAIT_MS / 1000);
		if (!keeps_running(a) && (waited >= LOCK_WAIT_MS || is_done(a)))
			return ERR_BUSY;
		look_at(a, fds, count, LOCK_LOOK_MS);
		if (a->stopping)
			return ERR_STATE;
	}
	return OK;
}

/* Where the line leads and what admits us there. */
static char *admission_of(const char *url, const char *token)
{
	struct buf b = {0};

	buf_printf(&b, "%s %s", url != NULL ? url : "", token != NULL ? token : "");
	return b.data;
}

static bool is_admitted_anew(struct agent *a)
{
	int64_t version = store_version(a->store);
	char *url, *token, *now;

	if (version == a->looked)
		return a->anew;
	a->looked = version;
	url = store_get(a->store, "centre.url");
	token = store_get(a->store, "centre.token");
	now = admission_of(url, token);
	a->anew = strcmp(now, a->admission) != 0;
	free(url);
	free(token);
	free(now);
	return a->anew;
}

static enum err open_line(struct agent *a, struct buf *why)
{
	char *url = store_get(a->store, "centre.url");
	char *token = store_get(a->store, "centre.token");
	const char *set = conf_get(a->conf, "centre.url");
	struct http_options o = {.url = set != NULL ? set : url,
		.token = token,
		.ca_file = conf_get(a->conf, "centre.ca"),
		.proxy = conf_get(a->conf, "centre.proxy"),
		.user_agent = "yimen/0.1",
		.timeout_ms = (int)conf_get_long(a->conf, "centre.timeout", 30) * 1000};
	enum err e;

	http_close(a->http);
	a->http = NULL;
	free(a->admission);
	a->admission = admission_of(url, token);
	a->anew = false;
	if (o.url == NULL) {
		buf_why(why, tr("本机还没有接入中心。请用 yimen enrol 网址 接入码 接入, 或设置 "
				"centre.url; 在此之前办件都存在本机。"));
		e = ERR_NOT_FOUND;
	} else {
		e = http_open(&a->http, &o, why);
	}
	free(url);
	free(token);
	return e;
}

static void say_no_line(enum err e, const char *reason)
{
	struct buf line = {0};

	buf_printf(&line, "link\t%s\t0", e == ERR_NOT_FOUND ? "none" : "down");
	say_field(&line, reason);
	say_line(&line);
}

/* A workstation may be there before its station is enrolled, and stays when it is. ERR_STATE: told
 * to stop meanwhile. */
static enum err wait_for_line(struct agent *a)
{
	const int fds[2] = {a->options->stop_fd, STDIN_FILENO};
	struct buf why = {0}, said = {0};
	enum err e;

	while ((e = open_line(a, &why)) != OK && !a->stopping) {
		if (said.len == 0 || strcmp(said.data, buf_str(&why)) != 0)
			say_no_line(e, buf_str(&why));
		buf_fini(&said);
		said = why;
		why = (struct buf){0};
		look_at(a, fds, 2, LOOK_MS);
		conf_free(a->conf);
		a->conf = NULL;
		settings_load(&a->conf, a->options->home, NULL);
	}
	buf_fini(&why);
	buf_fini(&said);
	return e == OK ? OK : ERR_STATE;
}

/* ---- at work ---- */

/* A workstation has opened: it delivers from now on. A catalogue that has come is taken in first,
 * and letters go on meanwhile; else it would be fetched a second time. */
static bool gives_way(const struct agent *a)
{
	return a->options->mode == AGENT_WATCH && !watch_is_working(a->watch) &&
	       deliver_lock_is_wished(&a->lock);
}

static void run_watch(struct agent *a)
{
	const int fds[2] = {a->options->stop_fd, STDIN_FILENO};
	size_t count = a->options->mode == AGENT_EVENTS ? 2 : 1;

	a->watch = watch_new(a->store, a->delivery);
	while (!a->stopping && !is_admitted_anew(a) && !gives_way(a)) {
		watch_turn(a->watch);
		delivery_turn(a->delivery, watch_is_working(a->watch) ? 0 : LOOK_MS, fds, count);
		look_at(a, fds, count, 0);
		if (watch_work(a->watch))
			say_changed(a);
	}
	watch_free(a->watch);
	a->watch = NULL;
}

/* The line's trouble, or where it is well what keeps a letter, as its scan that the centre does not
 * take now. Free() it; NULL: nobody said. */
static char *why_waiting(struct agent *a)
{
	return a->trouble != NULL ? mem_strdup(a->trouble) : outbox_why_waiting(a->store);
}

static void say_waiting(struct agent *a, size_t waiting, struct buf *why)
{
	char *reason = why_waiting(a);

	buf_why(why, tr("还有 %zu 件待发, 都留着; 线路和中心好了会再报送"), waiting);
	if (reason != NULL)
		buf_printf(why, " (%s)", reason);
	if (a->held_now > 0)
		buf_printf(why, tr("; 另有 %zu 件被退回或待处理, 请用 yimen outbox list 查看"),
			a->held_now);
	free(reason);
}

/* How it stands when a single round is over. */
static enum exit_code verdict(struct agent *a, enum err e, struct buf *why)
{
	size_t waiting = 0, behind = 0;

	if (e == OK)
		e = count_waiting(a, &waiting, &behind);
	if (e != OK) {
		buf_why(why, tr("本机数据文件写不进去: %s。待发的都还在, 处理后再报送即可。"),
			err_text(e));
		return EXIT_ENV;
	}
	if (waiting > 0) {
		say_waiting(a, waiting, why);
		return EXIT_ENV;
	}
	if (a->held_now > 0) {
		buf_why(why, tr("这一轮有 %zu 件被退回或待处理, 请用 yimen outbox list 查看"),
			a->held_now);
		return EXIT_REFUSED;
	}
	if (behind > 0)
		buf_why(why, tr("%zu 件排在退回、待处理或暂缓的后面, 请用 yimen outbox list 查看"),
			behind);
	return EXIT_DONE;
}

static void say_held(void *arg, const struct letter *l)
{
	struct buf line = {0};

	(void)arg;
	buf_printf(&line, "%s\t%s", l->local_receipt != NULL ? l->local_receipt : l->id,
		letter_state_name(LETTER_HELD));
	say_field(&line, l->reason != NULL ? l->reason : "");
	say_line(&line);
}

static enum exit_code run_once(struct agent *a, struct buf *why)
{
	int64_t begun = round_begin(a->store);
	enum err e = OK;

	delivery_sweep(a->delivery);
	while (!delivery_idle(a->delivery) && !a->stopping && e == OK) {
		e = delivery_turn(a->delivery, LOOK_MS, &a->options->stop_fd, 1);
		look_at(a, &a->options->stop_fd, 1, 0);
	}
	a->held_now = round_each_held(a->store, begun, say_held, a);
	return verdict(a, e, why);
}

/* Of more than one: most often there is nothing to wait for. */
static void show_batch(void *arg, int batches, size_t applied)
{
	bool *shown = arg;

	if (batches < 2)
		return;
	*shown = true;
	fputc('\r', stderr);
	fprintf(stderr, tr("已取 %d 批, 新消息 %zu 条"), batches, applied);
}

static enum exit_code run_sync(struct agent *a, struct buf *why)
{
	bool shown = false;
	const struct watch_sync_show on_terminal = {show_batch, &shown},
				     *show = isatty(STDERR_FILENO) == 1 ? &on_terminal : NULL;
	size_t applied = 0;
	struct recover_result back = {0};
	struct transport t = http_transport(a->http);
	enum err e = a->options->restored ? recover(a->store, t, show, &back, why) : OK;
	char *version = NULL;

	if (e == OK && (e = watch_sync(a->store, t, show, &applied, why)) == OK)
		version = catalogue_fetch_version(a->store);
	if (shown) /* a strange terminal cannot take the line back */
		fputc('\n', stderr);
	if (e != OK && why->len == 0)
		buf_why(why, tr("没有取全: %s"), err_text(e));
	if (e == OK)
		buf_why(why, tr("新消息 %zu 条; 事项目录是中心现在的版本 %s"), applied + back.steps,
			version != NULL ? version : "");
	if (e == OK && a->options->restored)
		recover_say(&back, why);
	free(version);
	return err_exit(e);
}

static enum exit_code run_look(struct agent *a, struct buf *why)
{
	enum err e = centre_look(a->store, http_transport(a->http), why);

	return e == ERR_DENIED ? EXIT_REFUSED : err_exit(e);
}

/* ---- the day's end ---- */

static bool is_lost_there(enum reconcile_kind k)
{
	return k == RECONCILE_MISSING || k == RECONCILE_BEHIND || k == RECONCILE_STEPS;
}

static void say_difference(void *arg, const struct reconcile_line *l)
{
	struct agent *a = arg;
	struct buf line = {0};

	reconcile_keep(&a->kept, l);
	if (a->options->as_json) {
		buf_addc(&line, '{');
		json_member_str(&line, "local_receipt", l->local_receipt);
		json_member_str(&line, "difference", reconcile_name(l->kind));
		json_member_str(&line, "here", l->here);
		json_member_str(&line, "there", l->there);
		if (l->version_there[0] != '\0') {
			json_member_str(&line, "version_here", l->version_here);
			json_member_str(&line, "version_there", l->version_there);
		}
		buf_addc(&line, '}');
	} else {
		buf_printf(&line, "%s\t%s\t%s\t%s", l->local_receipt, l->here, l->there,
			reconcile_text(l->kind));
	}
	say_line(&line);
	if (l->kind == RECONCILE_UNKNOWN && receipt_unknown_here(a->store, l->local_receipt) != OK)
		log_warn("agent", "another mark for receipts could not be kept");
	if (a->options->send_again && is_lost_there(l->kind))
		a->sent_again += outbox_send_again(a->store, l->case_id, "command") == OK;
}

static enum exit_code run_reconcile(struct agent *a, struct buf *why)
{
	struct reconcile_sum sum = {0, 0, 0};
	const char *remark;
	struct date d;
	int32_t day = clock_day(store_now_ms(a->store));
	enum err e;

	if (a->options->date != NULL) {
		if (!date_parse(a->options->date, &d)) {
			buf_why(why, tr("日期 %s 看不懂, 应像 2026-11-24"), a->options->date);
			return EXIT_USAGE;
		}
		day = date_to_day(d);
	}
	e = reconcile_day(a->store, http_transport(a->http), day, say_difference, a, &sum, why);
	if (day_check_put(a->store, day, &sum, a->kept.lines, a->kept.count,
		    e == OK ? NULL : buf_str(why)) != OK)
		log_warn("agent", "the reconciliation could not be kept");
	reconcile_kept_fini(&a->kept);
	if (e != OK)
		return EXIT_ENV;
	if (!a->options->as_json) {
		buf_why(why, tr("本机提交 %zu 件, 中心收到 %zu 件, 对不上的 %zu 件"), sum.here,
			sum.there, sum.differences);
		remark = reconcile_remark(sum.here, sum.there, sum.differences);
		buf_printf(why, "%s%s", remark[0] != '\0' ? "; " : "", remark);
	}
	if (a->sent_again > 0 && !a->options->as_json)
		buf_printf(why, tr("; %zu 件已排到待发, 报送后会补上"), a->sent_again);
	return sum.differences == 0 ? EXIT_DONE : EXIT_REFUSED;
}

/*
 * Whoever reads what the centre said sits at a screen: the workstation notes which language that
 * has, and who delivers in the background asks and speaks in it, however it was started.
 */
static void agree_on_language(struct agent *a)
{
	static const char key[] = "screen.language";
	char *noted = store_get(a->store, key);

	if (a->options->mode == AGENT_WATCH && noted != NULL)
		msg_speak(strcmp(noted, "en") == 0 ? MSG_ENGLISH : MSG_CHINESE);
	if (a->options->mode == AGENT_EVENTS && (noted == NULL || strcmp(noted, msg_tag()) != 0) &&
		store_set(a->store, key, msg_tag()) != OK)
		log_warn("agent", "the language of the screen could not be noted");
	free(noted);
}

/* Delivers as long as it is its turn. */
static enum exit_code deliver(struct agent *a, struct buf *why)
{
	struct delivery_events events = {on_link, on_letter, on_papers, on_other, a};
	enum exit_code code = EXIT_DONE;

	agree_on_language(a);
	if (paper_tidy(a->store, NULL) != OK)
		log_warn("agent", "papers that nobody needs could not be removed");
	a->delivery = delivery_new(a->store, http_transport(a->http), &events);
	if (a->options->mode == AGENT_ONCE)
		code = run_once(a, why);
	else
		run_watch(a);
	delivery_free(a->delivery);
	a->delivery = NULL;
	deliver_lock_give(&a->lock);
	return code;
}

static enum err get_line(struct agent *a, struct buf *why)
{
	return a->options->mode == AGENT_EVENTS ? wait_for_line(a) : open_line(a, why);
}

static enum exit_code take_turns(struct agent *a, struct buf *why)
{
	enum exit_code code = EXIT_DONE;
	enum err e = deliver_lock_open(&a->lock, a->options->home);

	if (e != OK) {
		buf_why(why,
			tr("打不开数据文件夹里的 deliver.lock (%s)。待发的都还在, 处理后再报送即可。"),
			err_cause(errno));
		return EXIT_ENV;
	}
	do {
		e = wait_for_turn(a);
		if (e == OK && is_admitted_anew(a))
			e = get_line(a, why);
		if (e == OK)
			code = deliver(a, why);
	} while (e == OK && keeps_running(a) && !a->stopping);
	if (e == ERR_BUSY && !is_done(a)) {
		buf_why(why, tr("另一个报送程序正在运行, 待发的由它报送"));
		return EXIT_ENV;
	}
	if (e != OK && e != ERR_BUSY && e != ERR_STATE)
		return EXIT_ENV;
	return e == ERR_BUSY ? verdict(a, OK, why) : code;
}

static enum exit_code run(struct agent *a, struct buf *why)
{
	enum err e = get_line(a, why);

	if (a->stopping)
		return EXIT_DONE;
	if (e != OK)
		return err_exit(e) == EXIT_REFUSED ? EXIT_ENV : err_exit(e);
	switch (a->options->mode) { /* whoever only asks needs no turn */
	case AGENT_SYNC:
		return run_sync(a, why);
	case AGENT_RECONCILE:
		return run_reconcile(a, why);
	case AGENT_LOOK:
		return run_look(a, why);
	default:
		return take_turns(a, why);
	}
}

enum exit_code agent_run(const struct agent_options *o, struct buf *why)
{
	struct agent a = {.options = o, .lock = {-1, -1, -1}};
	enum exit_code code = EXIT_ENV;
	enum err e = store_open(&a.store, o->home, &clock_system, &entropy_system, why);

	if (e == OK && settings_load(&a.conf, o->home, why) != ERR_IO) {
		code = o->mode == AGENT_ENROL
			       ? err_exit(enrol(a.store, a.conf, o->url, o->code, why))
			       : run(&a, why);
	}
	http_close(a.http);
	free(a.admission);
	free(a.trouble);
	conf_free(a.conf);
	store_close(a.store);
	deliver_lock_close(&a.lock);
	return code;
}
